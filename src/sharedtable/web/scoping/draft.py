"""What a workshop tries stands in the address of its pages, as on the page Region: nothing is kept yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import company_rules
from sharedtable.partnerships.models import Partnership, Scope
from sharedtable.partnerships.scope_tests import SAID
from sharedtable.partnerships.workshop import MOST_PLANNED
from sharedtable.partnerships.workshop_queries import Trial, start
from sharedtable.studies import region_queries, sector_queries
from sharedtable.studies.questions import Sector

# What is tried, and what a page shows besides.
KEYS = ("base", "areas", "name", "include", "exclude", "sector", "said", "launch", "members", "rules", "least")
VIEW = ("state", "q", "open")
LONGEST = {"areas": 24_000, "include": 4_000, "exclude": 4_000}
LONGEST_OTHER = 120


@dataclass(frozen=True)
class Draft:
    """What is tried, and the address that says so. `base`: the version it was begun from; `problem`: what is wrong."""

    partnership: Partnership
    newest: Scope | None
    trial: Trial
    given: Mapping[str, str]
    base: int
    problem: str = ""

    @property
    def version(self) -> int:
        """The newest version, 0 without any."""
        return self.newest.version if self.newest else 0

    @property
    def is_behind(self) -> bool:
        """Whether somebody made a newer version since the trial began."""
        return self.base != self.version

    @property
    def is_changed(self) -> bool:
        """Whether anything is tried that the newest version does not say."""
        return bool({"areas", "name", "include", "exclude", "sector", "rules"} & self.given.keys())

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What is tried, as hidden fields of a form."""
        return [("base", str(self.base)), *((key, value) for key, value in self.given.items() if key in KEYS[1:])]

    def others(self, *keys: str) -> list[tuple[str, str]]:
        """The hidden fields of a form that gives these keys itself."""
        return [(key, value) for key, value in self.fields if key not in keys]

    def address(self, route: str, **changes: str) -> str:
        """The address of a page of the workshop with what is tried, and some of it changed."""
        kept = {"base": str(self.base), **{key: value for key, value in self.given.items() if key in KEYS}, **changes}
        if not (set(kept) - {"base"}):
            kept = {}
        space = self.partnership.space.slug
        path = reverse(route, args=[space, self.partnership.slug])
        return path + (f"?{urlencode(kept, safe=',')}" if kept else "")


def read(partnership: Partnership, query: QueryDict) -> Draft:
    """What an address or a form tries; what cannot be read becomes the `problem`, and the newest version stands."""
    newest, begun = start(partnership)
    version = newest.version if newest else 0
    try:
        given = _given(query)
        base = int(given.pop("base", "") or version)
        return Draft(partnership, newest, _trial(begun, newest, given), given, base)
    except (Refused, Missing) as problem:
        return Draft(partnership, newest, begun, {}, version, str(problem))


def _given(query: QueryDict) -> dict[str, str]:
    given = {}
    for key in (*KEYS, *VIEW):
        if key not in query:
            continue
        value = ",".join(part.strip() for part in query.getlist(key) if part.strip())
        if len(value) > LONGEST.get(key, LONGEST_OTHER) or "\0" in value:
            raise Refused(_("“%(field)s” is too long, or holds signs that cannot be read.") % {"field": key})
        given[key] = value
    for key in ("base", "launch", "members"):
        _whole(given.get(key, ""))
    return given


def _whole(text: str) -> int | None:
    """A whole number, None for nothing. Fails with Refused for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 9) or int(text) >= MOST_PLANNED:
        raise Refused(
            _("“%(value)s” is no number of companies. Type a whole number such as 25.") % {"value": text[:20]}
        )
    return int(text)


def _trial(begun: Trial, newest: Scope | None, given: Mapping[str, str]) -> Trial:
    changed: dict[str, Any] = {}
    if {"areas", "name"} & given.keys():
        areas = given.get("areas", ",".join(begun.region.areas) if begun.region else "")
        name = given.get("name", "") or (newest.region_name if newest else "")
        changed["region"] = region_queries.region_from([areas], name)
    if {"include", "exclude", "sector"} & given.keys():
        changed["sector"] = _sector(begun, newest, given)
    if given.get("said") in SAID:
        changed["said"] = given["said"]
    if {"rules", "least"} & given.keys():
        changed["rules"] = company_rules.rules_from(given.get("rules", "").split(","), given.get("least", ""))
    for key in ("launch", "members"):
        if key in given:
            changed[key] = _whole(given[key])
    return replace(begun, **changed)


def _sector(begun: Trial, newest: Scope | None, given: Mapping[str, str]) -> Sector | None:
    before = begun.sector
    include = given.get("include", ",".join(before.include) if before else "")
    exclude = given.get("exclude", ",".join(before.exclude) if before else "")
    name = given.get("sector", "") or (newest.sector_name if newest else "")
    return sector_queries.sector_from(include, exclude, before.rules if before else (), name)
