"""What the page Sectors shows: industries to choose from; what a definition takes in, leaves out and cannot tell."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import naics
from sharedtable.lmi.definitions import Rule, Sector
from sharedtable.lmi.ranking import rank
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import Region, open_store

NEWEST = naics.VINTAGES[-1]
MOST_FOUND = 40
VERDICTS = ("in", "undecided", "out")
# The rules that have a field of their own; any other stands as text.
FIELDS = {
    "jobs_per_establishment": "min_size",
    "average_annual_pay_usd": "min_pay",
    "employment_jobs": "min_jobs",
    "location_quotient_ratio": "min_quotient",
    "employment_change_10y_pct": "min_growth",
}
WORDS = {
    "employment_jobs": gettext_lazy("Jobs"),
    "establishments": gettext_lazy("Establishments"),
    "jobs_per_establishment": gettext_lazy("Jobs per establishment"),
    "average_annual_pay_usd": gettext_lazy("Average annual pay"),
    "employment_change_2y_jobs": gettext_lazy("Change over 2 years, jobs"),
    "employment_change_2y_pct": gettext_lazy("Change over 2 years, percent"),
    "employment_change_10y_jobs": gettext_lazy("Long change, jobs"),
    "employment_change_10y_pct": gettext_lazy("Long change, percent"),
    "location_quotient_ratio": gettext_lazy("Location quotient"),
    "projected_change_pct": gettext_lazy("Projected change"),
}


@dataclass(frozen=True)
class Industry:
    """A NAICS code to choose. `is_in`: the definition takes it in whole, `is_partly`: a part of it only."""

    code: str
    title: str
    is_in: bool
    is_partly: bool
    has_parts: bool


@dataclass(frozen=True)
class Judged:
    """An industry held against the rules. `verdict`: in, out or undecided; `reasons`: sentences."""

    code: str
    title: str
    jobs: int | None
    pay_usd: int | None
    size: float | None
    verdict: str
    reasons: Sequence[str]


@dataclass(frozen=True)
class Preview:
    """What a definition means in a region. `problem`: why it cannot be shown, else ''."""

    region: Region
    year: int | None
    rows: Sequence[Judged]
    problem: str = ""

    def count(self, verdict: str) -> int:
        """How many industries got that verdict."""
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def taken(self) -> int:
        """Industries that are in."""
        return self.count("in")

    @property
    def left(self) -> int:
        """Industries that are out."""
        return self.count("out")

    @property
    def undecided(self) -> int:
        """Industries of which a deciding figure is not known."""
        return self.count("undecided")

    @property
    def groups(self) -> list[tuple[str, list[Judged]]]:
        """The industries by verdict, those that are in first; verdicts that none has are left out."""
        found = [(verdict, [row for row in self.rows if row.verdict == verdict]) for verdict in VERDICTS]
        return [(verdict, rows) for verdict, rows in found if rows]

    @property
    def jobs(self) -> int:
        """Published jobs of the industries that are in."""
        return sum(row.jobs or 0 for row in self.rows if row.verdict == "in")


def sector_from(include: str, exclude: str, rules: Sequence[Rule], name: str) -> Sector | None:
    """The sector of typed codes; None without any. Fails with Refused when a code is not known or nothing is left."""
    if not include.strip():
        return None
    left_out = " ".join("-" + code.lstrip("-") for code in exclude.replace(",", " ").replace(";", " ").split())
    found = Sector.of(f"{include} {left_out}".strip(), name.strip() or None)
    return Sector(found.name, found.include, found.exclude, tuple(rules))


def rules_from(given: Mapping[str, str]) -> list[Rule]:
    """The rules of the fields and of the text. Fails with Refused for one that is no number or no rule."""
    found = []
    for measure, field in FIELDS.items():
        text = given.get(field, "").replace(",", "").replace("$", "").replace("%", "").strip()
        if not text:
            continue
        try:
            found.append(Rule.minimum(measure, float(text)))
        except ValueError:
            raise Refused(
                _("“%(value)s” is no number for “%(rule)s”.") % {"value": text[:40], "rule": WORDS[measure]}
            ) from None
    return [*found, *(Rule.parse(part) for part in given.get("rules", "").split(";") if part.strip())]


def fields_of(sector: Sector) -> dict[str, str]:
    """The state of the page that shows a sector."""
    given = {"include": ",".join(sector.include), "exclude": ",".join(sector.exclude), "name": sector.name}
    others = []
    for rule in sector.rules:
        field = FIELDS.get(rule.measure)
        if field and rule.side == ">=" and field not in given:
            given[field] = f"{rule.value:g}" if abs(rule.value) < 1e6 else f"{rule.value:.0f}"
        else:
            others.append(rule.to_text())
    return {**given, "rules": "; ".join(others)}


def parts(code: str, sector: Sector | None) -> tuple[list[tuple[str, str]], list[Industry]]:
    """The way down to a code, and what it is made of; with '' the sectors of the economy."""
    if not code:
        return [], [_industry(item, sector) for item in naics.codes(NEWEST, 2)]
    if not naics.is_known(code, NEWEST):
        raise Missing(_("There is no industry %(code)s. Choose one from the list.") % {"code": code[:12]})
    way, at = [], code
    while at and at != naics.TOTAL:
        way.append((at, naics.title(at, NEWEST)))
        at = naics.parent(at, NEWEST) or ""
    return way[::-1], [_industry(item, sector) for item in naics.children(code, NEWEST)]


def _industry(code: str, sector: Sector | None) -> Industry:
    taken: frozenset[str] = frozenset()
    if sector is not None:
        with contextlib.suppress(Missing):  # a sector of an older vintage without a counterpart: nothing is marked
            taken = sector.leaves(NEWEST)
    leaves = naics.leaves(code, NEWEST)
    inside = leaves <= taken
    return Industry(
        code, naics.title(code, NEWEST), inside, not inside and bool(leaves & taken), bool(naics.children(code, NEWEST))
    )


def search(text: str, sector: Sector | None) -> list[Industry]:
    """Industries whose title holds every word, or whose code begins so; wider ones first."""
    words = text.casefold().split()[:8]
    found = []
    for digits in range(2, 7):
        for code in naics.codes(NEWEST, digits):
            title = naics.title(code, NEWEST).casefold()
            if all(word in title or code.startswith(word) for word in words):
                # One child with the same title says nothing new.
                above = naics.parent(code, NEWEST)
                if above and above != naics.TOTAL and naics.title(above, NEWEST).casefold() == title:
                    continue
                found.append(code)
    return [_industry(code, sector) for code in found[:MOST_FOUND]]


def titled(patterns: Sequence[str]) -> list[tuple[str, str]]:
    """Codes and beginnings with the title that each stands for."""
    made = []
    for pattern in patterns:
        code = pattern.rstrip("*")
        known = next((vintage for vintage in reversed(naics.VINTAGES) if naics.is_known(code, vintage)), None)
        title = naics.title(code, known) if known else _("all that begins with %(code)s") % {"code": code}
        made.append((pattern, title))
    return made


def preview(sector: Sector, region: Region, digits: int, language: str) -> Preview:
    """The industries of a sector in a region, each held against the rules. A refusal becomes its `problem`."""
    try:
        ranking = rank(open_store(), region, sector=sector, digits=digits, language=language)
    except Refused as refusal:
        return Preview(region, None, (), str(refusal))
    rows = []
    for row in ranking.rows:
        verdict, reasons = judged(sector.rules, row)
        rows.append(
            Judged(
                row["industry_code"],
                row["industry_title"],
                row["employment_jobs"],
                row["average_annual_pay_usd"],
                row["jobs_per_establishment"],
                verdict,
                reasons,
            )
        )
    rows.sort(key=lambda one: (VERDICTS.index(one.verdict), -(one.jobs or 0), one.code))
    return Preview(region, ranking.year, rows)


def judged(rules: Sequence[Rule], row: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The verdict of `Sector.judge`, with its reasons in the language of the page."""
    failed, unknown, met = [], [], []
    for rule in rules:
        words = {"what": WORDS[rule.measure], "limit": rule.shown(rule.value)}
        value = row[rule.measure]
        if value is None:
            unknown.append(str(words["what"]))
            continue
        words["value"] = rule.shown(float(value))
        if rule.is_met(float(value)):
            met.append(_("%(what)s: %(value)s, meets the limit of %(limit)s.") % words)
        elif rule.side == ">=":
            failed.append(_("%(what)s: %(value)s, below the least of %(limit)s.") % words)
        else:
            failed.append(_("%(what)s: %(value)s, above the most of %(limit)s.") % words)
    open_ = [_("Not published: %(what)s.") % {"what": ", ".join(unknown)}] if unknown else []
    if failed:
        return "out", [*failed, *open_]
    return ("undecided", open_) if open_ else ("in", met)


def rule_words(rules: Sequence[Rule]) -> list[str]:
    """Each rule as a short phrase."""
    least, most = _("%(what)s at least %(limit)s"), _("%(what)s at most %(limit)s")
    return [
        (least if rule.side == ">=" else most) % {"what": WORDS[rule.measure], "limit": rule.shown(rule.value)}
        for rule in rules
    ]


def as_sector(definition: Definition) -> Sector:
    """The sector of a kept definition."""
    return Sector.parse(definition.text)


def parse_sector(text: str) -> Sector:
    """A sector from its plain-text form. Fails with Refused, naming the line or key that is wrong."""
    return Sector.parse(text)
