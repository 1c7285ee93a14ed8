"""What an address asks: one reading of it for every page, and the way back to an address.

A page takes its whole state from its address, so a link is all that a group needs to look at the same thing. Nothing
that stands there is trusted: what cannot be read is refused in a sentence, and the form keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import VISITOR, Actor
from sharedtable.errors import Refused
from sharedtable.studies.questions import CRITERIA, Base, Ownership, Question, Region, region_of, sector_of

DIGITS = (2, 3, 4, 5, 6)
MOST_WEIGHT = 5
USUAL_WEIGHT = 3  # in the middle, so that a group can move each one up and down
# The order of an address, so that the same state always has the same one.
KEYS = (
    "areas", "region", "name", "industries", "exclude", "sector", "digits", "year", "ownership", "base",
    "w_size", "w_wages", "w_concentration", "w_growth", "threshold", "sort", "show", "lang",
)  # fmt: skip
DEFAULTS = {"digits": "4", "ownership": "private", "base": "us", **{f"w_{c}": str(USUAL_WEIGHT) for c in CRITERIA}}
SORTS = ("rank", "industry", "jobs", "short", "long", "quotient", "pay", "establishments", "size", "projected")
LONGEST = {"areas": 24_000, "industries": 4_000, "exclude": 4_000}
LONGEST_OTHER = 160


@dataclass(frozen=True)
class Asked:
    """A checked question and the address that asks it. `given`: the keys as typed, without empty ones."""

    question: Question
    given: Mapping[str, str]
    sort: str = "rank"
    is_descending: bool = False
    shows_all: bool = False
    language: Literal["en", "es"] = "en"

    @property
    def region(self) -> Region:
        """The region asked about."""
        return self.question.region

    @property
    def weights(self) -> dict[str, int]:
        """Steps from 0 to 5 for each criterion."""
        return {name: int(self.given.get(f"w_{name}", USUAL_WEIGHT)) for name in CRITERIA}

    def to_query(self, **changes: object) -> str:
        """The query of an address that asks the same with some keys changed; None drops a key."""
        return to_query(self.given, **changes)


def to_query(given: Mapping[str, str], **changes: object) -> str:
    """See `Asked.to_query`; for keys that may be wrong, as a page that refuses them needs it."""
    wanted = {**given, **{key: None if value is None else str(value) for key, value in changes.items()}}
    kept = {key: wanted[key] for key in KEYS if wanted.get(key) and wanted[key] != DEFAULTS.get(key)}
    return urlencode(kept, safe=",")


def typed(query: QueryDict) -> dict[str, str]:
    """The known keys of an address as they were typed; `areas` may come repeated, as a list of boxes sends it."""
    found = {key: ",".join(query.getlist(key)) if key == "areas" else query.get(key, "") for key in KEYS}
    return {key: value.strip() for key, value in found.items() if value.strip()}


def read(given: Mapping[str, str], language: str, by: Actor = VISITOR) -> Asked:
    """What an address asks, checked; `by` is who asks. Fails with Refused, naming the field that cannot be read."""
    for key, value in given.items():
        if len(value) > LONGEST.get(key, LONGEST_OTHER) or "\0" in value:
            raise Refused(_("“%(field)s” is too long, or holds signs that cannot be read.") % {"field": key})
    speaks = _one_of(given, "lang", ("en", "es"), language if language in ("en", "es") else "en")
    steps = {name: _whole(given, f"w_{name}", 0, MOST_WEIGHT, USUAL_WEIGHT) for name in CRITERIA}
    if not any(steps.values()):
        raise Refused(_("All four weights are zero, so nothing can be put in order. Give at least one some weight."))
    sort = given.get("sort", "rank")
    if sort.removeprefix("-") not in SORTS:
        raise Refused(_("The table cannot be sorted by “%(sort)s”.") % {"sort": sort})
    name, industries = given.get("name", ""), given.get("industries", "")
    question = Question(
        region=region_of(given.get("areas", ""), given.get("region", ""), name, by=by),
        sector=sector_of(industries, given.get("exclude", ""), given.get("sector", ""), by=by),
        digits=_whole(given, "digits", DIGITS[0], DIGITS[-1], int(DEFAULTS["digits"])),
        year=_whole(given, "year", 1990, 2100, 0) or None,
        ownership=cast(Ownership, _one_of(given, "ownership", ("private", "total"), "private")),
        base=cast(Base, _one_of(given, "base", ("us", "state"), "us")),
        weights={name: float(step) for name, step in steps.items()},
        pay_threshold_usd=_dollars(given, "threshold"),
        language=speaks,
        by=by,
    )
    return Asked(
        question=question,
        given=given,
        sort=sort.removeprefix("-"),
        is_descending=sort.startswith("-"),
        shows_all=given.get("show") == "all",
        language=cast(Literal["en", "es"], speaks),
    )


def _one_of(given: Mapping[str, str], key: str, allowed: tuple[str, ...], usual: str) -> str:
    value = given.get(key, usual)
    if value not in allowed:
        raise Refused(
            _("“%(value)s” is not possible for “%(field)s”. Choose one of: %(allowed)s.")
            % {"value": value, "field": key, "allowed": ", ".join(allowed)}
        )
    return value


def _whole(given: Mapping[str, str], key: str, least: int, most: int, usual: int) -> int:
    value = given.get(key)
    if value is None:
        return usual
    if not (value.isascii() and value.isdigit() and len(value) < 6 and least <= int(value) <= most):
        raise Refused(
            _("“%(value)s” does not work for “%(field)s”. Give a whole number from %(least)d to %(most)d.")
            % {"value": value, "field": key, "least": least, "most": most}
        )
    return int(value)


def _dollars(given: Mapping[str, str], key: str) -> float | None:
    value = given.get(key)
    if value is None:
        return None
    plain = value.replace("$", "").replace(",", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and 1_000 <= int(plain) <= 1_000_000):
        raise Refused(
            _("“%(value)s” is no yearly pay. Give whole dollars a year, from 1,000 to 1,000,000.") % {"value": value}
        )
    return float(plain)
