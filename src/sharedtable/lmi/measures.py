"""The figures of the ten data points, for any region and many industries at once.

Takes the levels of `cube`, sums them over the areas of a region, and never turns "withheld" into a number: a sum in
which a cell is withheld is the sum of the published ones and says so, a change compares only areas that are published
in both years, and what cannot be known is NaN here and null outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import naics
from sharedtable.lmi.cube import (
    AT_MOST_JOBS,
    JOBS,
    OWNER_CODES,
    UNKNOWN,
    WITHHELD_CELLS,
    Array,
    Axis,
    Cube,
    DepthAxis,
    Level,
    Ownership,
    cube_of,
)
from sharedtable.lmi.definitions import Region
from sharedtable.lmi.frames import Base, frame_of
from sharedtable.lmi.places import areas as area_names

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

_JOBS_AND_GAPS = np.array([JOBS, WITHHELD_CELLS])


def half_up(values: Array, digits: int) -> Array:
    """Round half up, as BLS does; numpy and Python round half to even.

    The nudge undoes binary fractions such as 0.285 that lie a hair under the half they stand for.
    """
    scale = 10.0**digits
    return np.floor(values * scale + (0.5 + 1e-9)) / scale


def location_quotient(jobs: Array, all_jobs: Array, base_jobs: Array, base_all_jobs: Array) -> Array:
    """BLS's location quotient: area share over base share, of total covered jobs, half-up to two decimals.

    Takes jobs of the industry and of all covered employment (ownership 0) in the area and in the base, also for
    rows of one ownership. NaN where a share is NaN or the base has no such jobs.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (np.asarray(jobs) / all_jobs) / (np.asarray(base_jobs) / base_all_jobs)
    return half_up(np.where(np.isfinite(ratio), ratio, np.nan), 2)


@dataclass(frozen=True)
class Change:
    """Change of jobs since `years` (one per column, 0 where there is none), over areas published in both years."""

    since_years: Array
    jobs: Array
    pct: Array
    is_complete: Array  # every cell of the region is published in both years
    lq_then_ratio: Array


@dataclass(frozen=True)
class Measures:
    """One array per figure, one entry per column of `axis`; NaN means not known, `is_cut` that a series was cut."""

    region: Region
    year: int
    years: tuple[int, ...]
    ownership: Ownership
    base: Base
    axis: Axis
    base_method: str | None
    jobs: Array
    establishments: Array
    withheld_cells: Array
    at_most_jobs: Array
    withheld_establishments: Array
    is_withheld: Array  # nothing of it is published
    pay_usd: Array
    jobs_per_establishment: Array
    lq_ratio: Array
    lq_low_ratio: Array
    lq_high_ratio: Array
    short: Change | None
    long: Change | None
    covered_jobs: float
    owned_jobs: float

    @property
    def is_present(self) -> Array:
        """Whether the region has anything in the industry."""
        return np.asarray((self.establishments > 0) | (self.withheld_cells > 0) | (self.jobs > 0))


def years_for(store: Store, region: Region) -> tuple[int, ...]:
    """The years in which every area of the region is loaded, ascending."""
    return cube_of(store).years_of(region.areas)


def choose_year(cube: Cube, region: Region, year: int | None) -> int:
    """`year`, or the newest year that holds the whole region; Missing says which areas a year lacks."""
    years = cube.years_of(region.areas)
    if year is None and years:
        return years[-1]
    if year in years:
        return int(year or 0)
    if not cube.years:
        raise Missing(
            "There are no QCEW figures in this store yet. Fetch or load some: sharedtable facts fetch --help."
        )
    asked = cube.years[-1] if year is None else year
    if asked not in cube.years:
        held = ", ".join(str(y) for y in cube.years)
        raise Missing(f"The year {asked} is not loaded. This store holds {held}.")
    lacking = [a for a in region.areas if a not in cube.store.areas(asked)]
    names = "; ".join(f"{a} ({area_names.area_title(a)})" for a in lacking[:6])
    more = f" and {len(lacking) - 6} more" if len(lacking) > 6 else ""
    raise Missing(f"For {asked} these areas of {region.name} are not loaded: {names}{more}. Load their files first.")


def measure(
    store: Store,
    region: Region,
    axis: Axis | None = None,
    *,
    digits: int = 4,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
) -> Measures:
    """All figures of a region for the columns of `axis` (by default all industries of `digits` digits)."""
    if ownership not in OWNER_CODES:
        raise Refused(f"Ownership “{ownership}” is not known here. Use private or total.")
    if base not in ("us", "state"):
        raise Refused(f"The base “{base}” is not known here. Use us or state.")
    cube = cube_of(store)
    now = choose_year(cube, region, year)
    if axis is None:
        if digits not in (2, 3, 4, 5, 6):
            raise Refused(f"Industries have 2 to 6 digits, not {digits}.")
        axis = axis_of(digits, now)
    # NaN stands for "not known" in every array, so a division by it or by nothing is an answer and no mistake.
    with np.errstate(divide="ignore", invalid="ignore"):
        return _Asked(cube, region, axis, now, ownership, base).answer()


def axis_of(digits: int, year: int) -> DepthAxis:
    """All industries of a depth, in the codes that QCEW used in `year`."""
    return DepthAxis(digits, naics.vintage_of_year(year))


class _Asked:
    """One question; holds what its steps share."""

    def __init__(self, cube: Cube, region: Region, axis: Axis, year: int, ownership: Ownership, base: Base):
        self.cube, self.region, self.axis, self.year = cube, region, axis, year
        self.ownership, self.base = ownership, base
        self.years = cube.years_of(region.areas)
        self.rows = cube.positions(region.areas)
        # One area: BLS printed its pay and quotients itself, and they are the ones to show.
        self.is_single = len(region.areas) == 1
        self.frame = frame_of(cube, region, axis, year, ownership, base)

    def answer(self) -> Measures:
        frame, rows = self.frame, self.rows if self.frame.levels else np.arange(len(self.region.areas))
        levels = frame.levels or [
            self.cube.level_of(self.region.areas, year, self.axis, self.ownership)
            for year in (self.year, *frame.starts.years)
        ]
        # Jobs of all kinds, now and in the starting years; a cell's share of them against the base's is its quotient.
        covered = frame.covered_jobs.take(self.rows, axis=1).sum(axis=1)
        cells, wages = levels[0].cells.take(rows, axis=0), levels[0].wages_usd.take(rows, axis=0).sum(axis=0)
        summed = np.add.reduce(cells, axis=0, dtype=np.int32)
        jobs, withheld, establishments, withheld_establishments = summed[:AT_MOST_JOBS]
        at_most = summed[AT_MOST_JOBS].astype(np.float64)
        if levels[0].has_unknown:
            at_most[(cells[:, AT_MOST_JOBS] == UNKNOWN).any(axis=0)] = np.nan
        published_establishments = establishments - withheld_establishments
        # A published zero beside a withheld cell is no figure of the whole: null, as in a starting year.
        hidden = (withheld > 0) & (jobs == 0)
        known_jobs = np.where(hidden, np.nan, jobs)
        pay = half_up(wages / np.where(jobs > 0, jobs, np.nan), 0)
        size = known_jobs / np.where(published_establishments > 0, published_establishments, np.nan)
        top = np.empty((3, len(jobs)))
        top[:2] = known_jobs
        np.add(known_jobs, at_most, out=top[2])
        quotient, low, high = half_up(top / (covered[0] * frame.shares.stacked), 2)
        short, long = self._changes(cells, covered[1:], levels[1:], rows)
        if self.is_single:
            pay, quotient, low, high = self._as_published(levels[0], pay, quotient, low, high)
        return Measures(
            region=self.region,
            year=self.year,
            years=self.years,
            ownership=self.ownership,
            base=self.base,
            axis=self.axis,
            base_method=frame.shares.method,
            jobs=jobs,
            establishments=establishments,
            withheld_cells=withheld,
            at_most_jobs=at_most,
            withheld_establishments=withheld_establishments,
            is_withheld=hidden,
            pay_usd=pay,
            jobs_per_establishment=size,
            lq_ratio=quotient,
            lq_low_ratio=low,
            lq_high_ratio=high,
            short=short,
            long=long,
            covered_jobs=float(covered[0]),
            owned_jobs=float(frame.owned_jobs.take(self.rows).sum()),
        )

    def _as_published(
        self, level: Level, pay: Array, quotient: Array, low: Array, high: Array
    ) -> tuple[Array, Array, Array, Array]:
        if level.pay_usd is not None:
            pay = np.where(level.pay_usd[0] > 0, level.pay_usd[0], pay)
        if level.lq_ratio is not None and self.base == "us":
            printed = ~np.isnan(level.lq_ratio[0])
            quotient = np.where(printed, level.lq_ratio[0], quotient)
            low, high = np.where(printed, quotient, low), np.where(printed, quotient, high)
        return pay, quotient, low, high

    def _changes(
        self, now: Array, covered: Array, levels: Sequence[Level], rows: Array
    ) -> tuple[Change | None, Change | None]:
        """The change over the short and over the long span; all starting years are worked out in one pass."""
        starts = self.frame.starts
        if not levels:  # no year to start from, or none before the codes cut every series
            if starts.long is None:
                return None, None
            nothing = starts.long.nothing
            return None, Change(starts.long.since, nothing, nothing, np.zeros(len(nothing), dtype=bool), nothing)
        then = np.empty((len(levels), len(rows), len(_JOBS_AND_GAPS), now.shape[-1]), dtype=np.int32)
        lines = rows[:, None] * now.shape[1] + _JOBS_AND_GAPS
        for place, level in enumerate(levels):
            # Five lines for each area; the default mode of `take` would copy twice.
            level.cells.reshape(-1, now.shape[-1]).take(lines, axis=0, out=then[place], mode="clip")
        jobs_then, withheld_then = then[:, :, JOBS], then[:, :, WITHHELD_CELLS]
        both = (now[:, WITHHELD_CELLS] | withheld_then) == 0
        start = np.add.reduce(jobs_then * both, axis=1, dtype=np.int32)
        end = np.add.reduce(now[:, JOBS] * both, axis=1, dtype=np.int32)
        complete = both.all(axis=1)
        # Nothing to compare: all that there is, is withheld in one of the two years.
        change = np.where(complete | (start + end > 0), end - start, np.nan)
        # Half to even: so BLS prints percent changes, though its quotients are half up (tested on all of them).
        pct = (100 * change / np.where(start > 0, start, np.nan)).round(1)
        quotient = self._quotients(then, covered, levels)
        found: list[Change | None] = []
        for pick in (starts.short, starts.long):
            if pick is None:
                found.append(None)
                continue
            # Adding `nothing` (0, or NaN where the codes cut the series) drops what cannot be compared.
            jobs, percent, ratio = (figures.take(pick.places) + pick.nothing for figures in (change, pct, quotient))
            found.append(Change(pick.since, jobs, percent, complete.take(pick.places), ratio))
        return found[0], found[1]

    def _quotients(self, cells: Array, covered: Array, levels: Sequence[Level]) -> Array:
        summed = np.add.reduce(cells, axis=1, dtype=np.int32)
        jobs = summed[:, JOBS]
        hidden = (summed[:, WITHHELD_CELLS] > 0) & (jobs == 0)
        quotient = half_up(np.where(hidden, np.nan, jobs) / (covered[:, None] * self.frame.shares_then), 2)
        if self.is_single and self.base == "us":
            printed = [level.lq_ratio[0] for level in levels if level.lq_ratio is not None]
            if printed:  # none is, for all ownerships together
                quotient = np.where(np.isnan(np.stack(printed)), quotient, np.stack(printed))
        return quotient


def withheld_share_pct(measures: Measures) -> float | None:
    """Which share of the region's jobs (of the ownership) is missing from the sum of all columns of a depth.

    Exact, since the total is published: what the published industries do not add up to is withheld.
    None when the total is withheld itself.
    """
    if not np.isfinite(measures.owned_jobs) or measures.owned_jobs <= 0:
        return None
    return float(half_up(np.array(100 * (1 - measures.jobs.sum() / measures.owned_jobs)), 1))
