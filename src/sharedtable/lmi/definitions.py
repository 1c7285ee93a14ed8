"""Regions and sectors are definitions: a name, a version, and what belongs to it, in a text that people can read.

A region is a set of areas, a sector a set of industries (with exclusions, and rules that an industry has to meet).
Both are values: they never change, `next_version` makes a new one. `to_text` and `parse` are exact opposites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import definition_text as text_form
from sharedtable.lmi import naics
from sharedtable.lmi.places import areas as places
from sharedtable.lmi.rules import Rule, Verdict, judge

__all__ = ["Crossing", "Region", "Rule", "Sector", "Verdict"]


@dataclass(frozen=True)
class Crossing:
    """The jurisdictions that a region touches: titles by code, and how many of the region's counties lie in each.

    `outside_metros`: the region's counties in no metropolitan or micropolitan area. `partly`: codes of metropolitan
    areas and zones that have other counties too, so the region cuts through them.
    """

    states: dict[str, str]
    metros: dict[str, str]
    zones: dict[str, str]
    counties_in: dict[str, int]
    outside_metros: tuple[str, ...]
    partly: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """A set of QCEW areas with a name. `areas`: codes, sorted; none twice, none inside another."""

    name: str
    areas: tuple[str, ...]
    version: int = 1
    note: str = ""

    def __post_init__(self) -> None:
        text_form.check_head("region", self.name, self.version, self.note)
        text_form.check_unique("region", self.name, "area", self.areas)
        for code in self.areas:
            if not places.is_known(code):
                places.area_title(code)  # raises the sentence for an unknown code
                raise Refused(
                    f"{code} is a commuting zone, which is a set of counties. Use Region.named, or list its counties."
                )
        object.__setattr__(self, "areas", tuple(sorted(self.areas)))
        self._check_no_overlap()

    def _check_no_overlap(self) -> None:
        holder: dict[str, str] = {}
        for code in self.areas:
            inside = places.counties_of(code)
            if code.endswith("000") and code != "US000":  # a state's total also holds former counties and xx999
                whole = [other for other in self.areas if other != code and other[:2] == code[:2]]
                if whole:
                    raise Refused(_overlap(whole[0], code))
            for county in inside:
                if county in holder:
                    raise Refused(
                        _overlap(*sorted((holder[county], code), key=lambda item: len(places.counties_of(item))))
                    )
                holder[county] = code

    @classmethod
    def of(cls, areas: Iterable[str] | str, name: str | None = None) -> Self:
        """A region from area codes: a list, or text with commas or spaces between. Named by its areas if not named."""
        codes = tuple(re.split(r"[,;\s]+", areas.strip(" ,;\t\n"))) if isinstance(areas, str) else tuple(areas)
        codes = tuple(code.strip().upper() for code in codes if code.strip())
        if name is None and codes:
            titles = [places.area_title(code) for code in sorted(codes)]
            name = titles[0] if len(titles) == 1 else f"{titles[0]} and {len(titles) - 1} more"
        return cls(name or "Region", codes)

    @classmethod
    def named(cls, name: str, definitions_dir: Path | None = None) -> Self:
        """The region of that name: a county, state, metropolitan area, commuting zone or a definition in the folder.

        Fails with Missing, naming what it could be, when no area or more than one fits.
        """
        from sharedtable.lmi.places import finder  # finder reads definition files, so it imports this module

        found = finder.find_one(name, definitions_dir)
        return cls(found.title, found.areas)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the plain-text form. Fails with Refused, naming the line or the key that is wrong."""
        data = text_form.read(text, "region", {"name", "version", "note", "areas"})
        return cls(data.text("name"), data.texts("areas"), data.number("version", 1), data.text("note", ""))

    def to_text(self) -> str:
        """The plain-text form; each area with its title behind it."""
        head = text_form.head("region", self.name, self.version, self.note)
        return head + text_form.listing("areas", [(code, places.area_title(code)) for code in self.areas])

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """The counties in the region, sorted (a metropolitan area as of July 2023; a state without its xx999)."""
        return tuple(sorted(county for code in self.areas for county in places.counties_of(code)))

    @property
    def states(self) -> tuple[str, ...]:
        """Two-digit codes of the states that the region lies in, sorted."""
        return tuple(sorted({state for code in self.areas for state in places.states_of(code)}))

    @property
    def title(self) -> str:
        """The name, with the number of areas where that says more."""
        count = len(self.areas)
        return self.name if count == 1 or "more" in self.name else f"{self.name} ({count} areas)"

    def crosses(self) -> Crossing:
        """The states, metropolitan areas and commuting zones that the region touches."""
        inside = set(self.counties)
        metros: dict[str, str] = {}
        zones: dict[str, str] = {}
        counted: dict[str, int] = {}
        outside = []
        for code in self.counties:
            county = places.county(code)
            counted[county.state_code] = counted.get(county.state_code, 0) + 1
            for key in (county.metro_code, county.zone_code):
                if key is not None:
                    counted[key] = counted.get(key, 0) + 1
                    (zones if key == county.zone_code else metros)[key] = places.area_title(key)
            if county.metro_code is None and county.is_current:
                outside.append(code)
        cut = [key for key in (*metros, *zones) if not set(places.counties_of(key)) <= inside]
        titles = {code: places.state(code).name for code in self.states}
        return Crossing(
            titles, dict(sorted(metros.items())), dict(sorted(zones.items())), counted, tuple(outside), tuple(cut)
        )

    def problems(self, year: int) -> tuple[str, ...]:
        """Sentences on areas that the QCEW of a year does not have (Connecticut changed in 2024); else empty."""
        early, late = [], []
        named = [code for code in self.areas if code in self.counties]  # a state or metro total has no such break
        for code in named:
            county = places.county(code)
            if county.first_year is not None and year < county.first_year:
                early.append(code)
            if county.last_year is not None and year > county.last_year:
                late.append(code)
        # A definition may hold both the counties and the planning regions: then each year finds its own.
        connecticut = {code for code in named if code.startswith("09")}
        if (late and connecticut - set(late)) or (early and connecticut - set(early)):
            return ()
        if late:
            return (
                f"{_listed(late)} {'is' if len(late) == 1 else 'are'} in the QCEW up to 2023 only. From 2024 on "
                "it counts Connecticut by nine planning regions with other borders: "
                f"for {year} choose among 09110 to 09190.",
            )
        if early:
            return (
                f"{_listed(early)} {'is' if len(early) == 1 else 'are'} in the QCEW from 2024 on only. For {year} "
                "choose among the eight counties of Connecticut, 09001 to 09015, whose borders differ.",
            )
        return ()

    def next_version(self, note: str, *, areas: Iterable[str] | None = None, name: str | None = None) -> Self:
        """The same region one version on, with what changed and a note that says why."""
        text_form.check_note(note)
        return replace(
            self,
            version=self.version + 1,
            note=note,
            name=self.name if name is None else name,
            areas=self.areas if areas is None else tuple(areas),
        )


@dataclass(frozen=True)
class Sector:
    """A set of industries with a name.

    `include`, `exclude`: NAICS codes of any depth ('3261', '31-33') or beginnings ('333*'). `rules`: what an industry
    inside has to meet, see `judge`. A code counts as it is in the vintage that is asked for; one that only another
    vintage has is carried over by the concordance, if that can be done without a cut.
    """

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    version: int = 1
    note: str = ""

    def __post_init__(self) -> None:
        text_form.check_head("sector", self.name, self.version, self.note)
        text_form.check_unique("sector", self.name, "industry", self.include)
        if self.exclude:
            text_form.check_unique("sector", self.name, "exclusion", self.exclude)
        for pattern in (*self.include, *self.exclude):
            if not any(_leaves_of(pattern, vintage) for vintage in naics.VINTAGES):
                raise _unknown_pattern(pattern)
        for pattern in self.exclude:
            if not any(_leaves_of(pattern, vintage) & self._included(vintage) for vintage in naics.VINTAGES):
                raise Refused(f"{pattern} is excluded from sector “{self.name}” but was never in it. Leave it out.")
        if not any(self._included(vintage) - self._excluded(vintage) for vintage in naics.VINTAGES):
            raise Refused(f"Sector “{self.name}” is empty: everything in it is excluded again. Exclude less.")

    def _included(self, vintage: int) -> frozenset[str]:
        return frozenset().union(*(_leaves_of(pattern, vintage) for pattern in self.include))

    def _excluded(self, vintage: int) -> frozenset[str]:
        return frozenset().union(*(_leaves_of(pattern, vintage) for pattern in self.exclude))

    @classmethod
    def of(cls, patterns: str | Iterable[str], name: str | None = None) -> Self:
        """A sector from text such as '3261, 333*, -3339' (a minus before what is left out)."""
        parts = re.split(r"[,;\s]+", patterns) if isinstance(patterns, str) else list(patterns)
        parts = [part.strip() for part in parts if part.strip()]
        include = tuple(part for part in parts if not part.startswith("-"))
        exclude = tuple(part[1:] for part in parts if part.startswith("-"))
        if name is None:
            name = (
                _named_by(include[0])
                if len(include) == 1 and not exclude
                else f"Industries {', '.join(parts) or 'not named'}"[:120].strip()
            )
        return cls(name, include, exclude)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the plain-text form. Fails with Refused, naming the line or the key that is wrong."""
        data = text_form.read(text, "sector", {"name", "version", "note", "include", "exclude", "rules"})
        rules = tuple(Rule.parse(rule) for rule in data.texts("rules", ()))
        head = data.number("version", 1), data.text("note", "")
        return cls(data.text("name"), data.texts("include"), data.texts("exclude", ()), rules, *head)

    def to_text(self) -> str:
        """The plain-text form; each code with its title behind it."""
        parts = [text_form.head("sector", self.name, self.version, self.note)]
        parts.append(text_form.listing("include", [(pattern, _named_by(pattern)) for pattern in self.include]))
        if self.exclude:
            parts.append(text_form.listing("exclude", [(pattern, _named_by(pattern)) for pattern in self.exclude]))
        if self.rules:
            parts.append(text_form.listing("rules", [(rule.to_text(), "") for rule in self.rules]))
        return "".join(parts)

    def leaves(self, vintage: int) -> frozenset[str]:
        """The six-digit QCEW codes of the sector in a vintage, rules aside.

        Fails with Missing when a code has no exact counterpart in that vintage, with the reason.
        """
        found = frozenset().union(*(_carried(pattern, vintage) for pattern in self.include))
        found -= frozenset().union(*(_carried(pattern, vintage) for pattern in self.exclude))
        if not found:
            raise Missing(f"Sector “{self.name}” holds no industry in NAICS {vintage}. Choose other codes.")
        return found

    def judge(self, row: dict[str, object]) -> Verdict:
        """Whether an industry inside the sector meets the rules, from its row of measures (see rules.judge)."""
        return judge(self.rules, row)

    def describe(self) -> str:
        """The definition in one paragraph of plain words."""
        parts = [f"{self.name}, version {self.version}: " + "; ".join(map(_in_words, self.include))]
        if self.exclude:
            parts.append("without " + "; ".join(map(_in_words, self.exclude)))
        if self.rules:
            parts.append("only industries with " + " and ".join(rule.describe() for rule in self.rules))
        return ", ".join(parts) + "."

    def next_version(
        self,
        note: str,
        *,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
        rules: Iterable[Rule] | None = None,
        name: str | None = None,
    ) -> Self:
        """The same sector one version on, with what changed and a note that says why."""
        text_form.check_note(note)
        return replace(
            self,
            version=self.version + 1,
            note=note,
            name=self.name if name is None else name,
            include=self.include if include is None else tuple(include),
            exclude=self.exclude if exclude is None else tuple(exclude),
            rules=self.rules if rules is None else tuple(rules),
        )


def _overlap(inner: str, outer: str) -> str:
    return (
        f"{places.area_title(inner)} ({inner}) lies in {places.area_title(outer)} ({outer}), so its jobs would count "
        "twice. Keep one of the two."
    )


def _listed(codes: list[str]) -> str:
    titles = [f"{places.area_title(code)} ({code})" for code in codes]
    return titles[0] if len(titles) == 1 else ", ".join(titles[:-1]) + " and " + titles[-1]


def _leaves_of(pattern: str, vintage: int) -> frozenset[str]:
    """The leaves of a code or a beginning in one vintage; empty when that vintage has none."""
    if re.fullmatch(r"\d{1,5}\*", pattern):
        return naics.leaves_with_prefix(pattern[:-1], vintage)
    return naics.leaves(pattern, vintage) if naics.is_known(pattern, vintage) else frozenset()


def _carried(pattern: str, vintage: int) -> frozenset[str]:
    found = _leaves_of(pattern, vintage)
    if found:
        return found
    near = sorted(naics.VINTAGES, key=lambda other: abs(other - vintage))
    home = next(other for other in near if _leaves_of(pattern, other))
    there = naics.translate(_leaves_of(pattern, home), home, vintage)
    if not there.is_comparable:
        raise Missing(f"NAICS {vintage} has no exact counterpart of {pattern} of NAICS {home}. {there.reason}")
    return there.leaves


def _newest(pattern: str) -> int:
    for vintage in reversed(naics.VINTAGES):
        if _leaves_of(pattern, vintage):
            return vintage
    raise _unknown_pattern(pattern)


def _named_by(pattern: str) -> str:
    """A title for a comment or a name; for '333*' that of 333 where there is one."""
    vintage = _newest(pattern)
    code = pattern.rstrip("*")
    if naics.is_known(code, vintage):
        return naics.title(code, vintage)
    return f"all that begins with {code}"


def _in_words(pattern: str) -> str:
    code = pattern.rstrip("*")
    return f"all of {code} ({_named_by(pattern)})" if pattern.endswith("*") else f"{code} {_named_by(pattern)}"


def _unknown_pattern(pattern: str) -> Refused:
    if re.fullmatch(r"\d{1,5}\*", pattern):
        return Missing(f"No NAICS industry begins with {pattern[:-1]}. Check the digits.")
    if re.fullmatch(r"\d{2,6}|\d\d-\d\d", pattern):
        try:
            naics.title(pattern, naics.VINTAGES[-1])
        except Missing as why:
            return why
    return Refused(
        f"“{pattern}” is no industry code. Write 2 to 6 digits (3261), a range (31-33) or a beginning (333*)."
    )
