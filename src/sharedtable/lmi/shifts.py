"""Classic shift-share: how much of a change in jobs the nation, the industry and the region itself explain.

For an industry with `e` jobs in the region and `E` in the base, and `T` total covered jobs in the base:
national growth = e₀ (T₁/T₀ - 1), industry mix = e₀ (E₁/E₀ - T₁/T₀), regional shift = e₀ (e₁/e₀ - E₁/E₀).
The three add up to the change e₁ - e₀ exactly. Source: Dunn 1960; checked against the published tables of Santa
Barbara County 2009-2019 and of Krumme. A region that is part of the base is left in the base, as both tables do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sharedtable.lmi import naics, sentences
from sharedtable.lmi.base import US
from sharedtable.lmi.cube import Axis, Cube, DepthAxis, Ownership, SectorAxis, cube_of
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.frames import LONG_SPAN_YEARS, Base, state_areas
from sharedtable.lmi.measures import axis_of, choose_year
from sharedtable.lmi.tables import Tabular

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store


@dataclass(frozen=True)
class Shift:
    """The parts of a change in jobs; `national_jobs + mix_jobs + regional_jobs == change_jobs`."""

    change_jobs: float
    national_jobs: float
    mix_jobs: float
    regional_jobs: float


def decompose(
    jobs_then: float,
    jobs_now: float,
    base_jobs_then: float,
    base_jobs_now: float,
    base_total_then: float,
    base_total_now: float,
) -> Shift:
    """Split one industry's change. All arguments are jobs; the base's must be above zero at the start.

    >>> decompose(500, 1000, 10, 11, 100, 129)
    Shift(change_jobs=500, national_jobs=145.0, mix_jobs=-95.0, regional_jobs=450.0)
    """
    total_growth, industry_growth = base_total_now / base_total_then, base_jobs_now / base_jobs_then
    national = round(jobs_then * (total_growth - 1), 9)
    mix = round(jobs_then * (industry_growth - total_growth), 9)
    change = jobs_now - jobs_then
    return Shift(change, national, mix, change - national - mix)


@dataclass(frozen=True)
class ShiftShare(Tabular):
    """Shift-share rows of a region, and a sentence where the answer has a gap."""

    year: int
    since_year: int | None
    base: Base
    rows: list[dict[str, Any]]
    missing: str | None = None


def shift_share(
    store: Store,
    region: Region,
    sectors: tuple[Sector, ...] = (),
    *,
    digits: int = 2,
    year: int | None = None,
    since: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
    language: str = "en",
) -> ShiftShare:
    """Shift-share of `sectors`, or of all industries of `digits` digits, since the start of the long span.

    Needs the base's own figures (area US000, or the states) in both years; without them `rows` is empty and
    `missing` says what to load. An industry that is withheld in the region or the base, or that a change of codes
    cut, has a row with null parts.
    """
    cube = cube_of(store)
    now = choose_year(cube, region, year)
    areas = (US,) if base == "us" else state_areas(region)
    years = sorted(set(cube.years_of(region.areas)) & set(cube.years_of(areas)))
    span = [y for y in years if now - LONG_SPAN_YEARS <= y < now]
    then = since if since in span else (span[0] if span and since is None else None)
    if now not in years or then is None:
        return ShiftShare(now, None, base, [], sentences.say(f"shift_missing_{base}", language, year=now))
    axis: Axis = axis_of(digits, now)
    labels = [(code, naics.title(code, axis.vintage)) for code in axis.codes] if isinstance(axis, DepthAxis) else []
    if sectors:
        axis = SectorAxis(tuple(s.leaves(axis.vintage) for s in sectors), axis.vintage)
        labels = [(", ".join(s.include), s.name) for s in sectors]
    mine = [_jobs(cube, region.areas, y, axis, ownership) for y in (then, now)]
    bases = [_jobs(cube, areas, y, axis, ownership) for y in (then, now)]
    totals = [float(cube.totals(y, ownership).covered_jobs[cube.positions(areas)].sum()) for y in (then, now)]
    found = []
    for column, (code, title) in enumerate(labels):
        parts = (mine[0][column], mine[1][column], bases[0][column], bases[1][column])
        if not sectors and parts[0] == 0 and parts[1] == 0:
            continue
        shift = decompose(*parts, *totals) if not any(map(np.isnan, parts)) and parts[2] > 0 else None
        found.append(
            {
                "industry_code": code,
                "industry_title": title,
                "employment_change_jobs": round(shift.change_jobs) if shift else None,
                "national_growth_jobs": round(shift.national_jobs, 1) if shift else None,
                "industry_mix_jobs": round(shift.mix_jobs, 1) if shift else None,
                "regional_shift_jobs": round(shift.regional_jobs, 1) if shift else None,
            }
        )
    return ShiftShare(now, then, base, found)


def _jobs(cube: Cube, areas: tuple[str, ...], year: int, axis: Axis, ownership: Ownership) -> list[float]:
    """Jobs per column, NaN where a cell is withheld or the series is cut."""
    level = cube.level_of(areas, year, axis, ownership)
    known = (level.withheld_cells == 0).all(axis=0) & ~axis.cut_in(year)
    return [float(j) for j in np.where(known, level.jobs.sum(axis=0, dtype=np.float64), np.nan)]
