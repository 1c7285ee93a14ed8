"""Which wage areas of OEWS a region touches, and how much of each.

OEWS publishes wages for metropolitan areas (July 2023 list, whole counties), for nonmetropolitan areas and for states.
The county lists of the nonmetropolitan areas are not part of the release. A county outside all metropolitan areas
therefore gets the nonmetropolitan area of its state where the state has only one, and the whole state's wages where
it has several; each part says which it is.

Source of the wage areas: BLS, Occupational Employment and Wage Statistics; of the counties: the areas table here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from sharedtable.lmi.places import areas as areas_table

Basis = Literal["metro", "nonmetro", "state", "nation"]
NATION = "0000000"


@dataclass(frozen=True)
class WagePart:
    """One OEWS area and the part of the region that takes its wages from there.

    `areas` are the region's own area codes; `jobs` the covered jobs in them (None when not known); `area_share_ratio`
    how much of the OEWS area they are (1.0 = all of it; None when not known).
    """

    oews_code: str
    basis: Basis
    areas: tuple[str, ...]
    title: str = ""
    jobs: int | None = None
    area_share_ratio: float | None = None

    @property
    def label(self) -> str:
        """The name to print beside a wage: the area, and that a state stands in where it does."""
        names = {"state": f"{self.title} (whole state)", "nation": "United States"}
        return names.get(self.basis, self.title)


@cache
def _metro_of_county() -> dict[str, str]:
    """County code → OEWS code of its metropolitan area (July 2023); micropolitan areas are not in OEWS."""
    current = [metro for metro in areas_table.metros() if metro.is_current and metro.kind == "metro"]
    return {county: f"00{metro.cbsa_code}" for metro in current for county in metro.counties}


def wage_areas(region_areas: Iterable[str], known: Mapping[str, str]) -> tuple[tuple[WagePart, ...], tuple[str, ...]]:
    """Finds the OEWS areas whose wages stand for a region.

    Takes: the region's QCEW area codes (counties, `39000` states, `C1814` metropolitan areas, `US000`) and the OEWS
    areas that are loaded (code → title). Gives: the parts, and sentences about what was replaced or left out. A county
    outside the metropolitan areas takes its state's only nonmetropolitan area, else the whole state, and is named.
    """
    found: dict[tuple[str, Basis], list[str]] = {}
    lost: list[str] = []
    for code in region_areas:
        match = _oews_area(code, known)
        if match is None:
            lost.append(code)
        else:
            found.setdefault(match, []).append(code)
    parts = tuple(
        WagePart(code, basis, tuple(sorted(own)), known[code]) for (code, basis), own in sorted(found.items())
    )
    notes = [
        f"{_names(p.areas)}: in no metropolitan wage area, so the wages of {p.title} as a whole state are used "
        "(OEWS does not say which counties its nonmetropolitan areas hold)."
        for p in parts
        if p.basis == "state" and any(not a.endswith("000") for a in p.areas)
    ]
    if lost:
        notes.append(f"No OEWS wage area was found for {_names(lost)}; its wages are not in the figures.")
    return parts, tuple(notes)


def _oews_area(code: str, known: Mapping[str, str]) -> tuple[str, Basis] | None:
    if code == "US000":
        return (NATION, "nation") if NATION in known else None
    if code.startswith("C"):
        own = f"00{code[1:]}0"  # QCEW writes C1814 for the metropolitan area 18140
        return (own, "metro") if own in known else None
    metro = _metro_of_county().get(code)
    if metro is not None and metro in known:
        return metro, "metro"
    state = f"{code[:2]}00000"
    # A county that no longer exists (Connecticut before 2024) is in no list of today: only its state is certain.
    if metro is None and code in _current_counties():
        rest = [area for area in known if area[:2] == code[:2] and area != state]
        if len(rest) == 1:
            return rest[0], "nonmetro"
    return (state, "state") if state in known else None


@cache
def _current_counties() -> frozenset[str]:
    return frozenset(county.code for county in areas_table.counties() if county.is_current)


def _names(codes: Collection[str], most: int = 5) -> str:
    titles = [areas_table.area_title(code) if areas_table.is_known(code) else code for code in codes]
    if len(titles) > most:
        titles = [*titles[: most - 1], f"{len(titles) - most + 1} more areas"]
    return titles[0] if len(titles) == 1 else ", ".join(titles[:-1]) + " and " + titles[-1]


def weigh(
    parts: Sequence[WagePart], jobs: Mapping[str, int | None], oews_jobs: Mapping[str, int | None]
) -> tuple[tuple[WagePart, ...], str | None]:
    """Says how much of each OEWS area lies in the region.

    Takes: the parts, total covered jobs by QCEW area code (QCEW), all jobs by OEWS area (occupation 00-0000). Gives:
    the parts with `jobs` and `area_share_ratio`, and a sentence when it had to count counties instead of jobs. The
    share is covered jobs of the region's counties in it ÷ OEWS jobs of the area, at most 1.
    """
    whole = all(jobs.get(a) is not None for p in parts for a in p.areas) and all(
        oews_jobs.get(p.oews_code) for p in parts
    )
    if whole:
        out = []
        for part in parts:
            own = sum(jobs[a] or 0 for a in part.areas)
            out.append(replace(part, jobs=own, area_share_ratio=min(1.0, own / (oews_jobs[part.oews_code] or 1))))
        return tuple(out), None
    counties = _counties_by_oews_area()
    shares = [
        replace(p, area_share_ratio=min(1.0, len(p.areas) / max(1, counties.get(p.oews_code, len(p.areas)))))
        for p in parts
    ]
    text = "The region's total jobs by county are not all known, so wage areas are weighted by number of counties."
    return tuple(shares), text if len(parts) > 1 else None


@cache
def _counties_by_oews_area() -> dict[str, int]:
    metros = _metro_of_county()
    codes = [metros[county] for county in _current_counties() if county in metros]
    return Counter(codes + [f"{county[:2]}00000" for county in _current_counties()])
