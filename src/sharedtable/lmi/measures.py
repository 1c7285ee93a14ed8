"""The figures of the ten data points, for any region and many industries at once.

Takes the levels of `cube`, sums them over the areas of a region, and never turns "withheld" into a number: a sum in
which a cell is withheld is the sum of the published ones and says so, a change compares only areas that are published
in both years, and what cannot be known is NaN here and null outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import areas as area_names
from sharedtable.lmi import naics
from sharedtable.lmi.base import us_shares
from sharedtable.lmi.cube import (
    AT_MOST_JOBS,
    DEEPEST_KEPT_DIGITS,
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

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

Base = Literal["us", "state"]

SHORT_SPAN_YEARS = 2
LONG_SPAN_YEARS = 10


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
class BaseShares:
    """The base's share of jobs per column, its interval, and how it was found."""

    ratio: Array
    low_ratio: Array
    high_ratio: Array
    method: str | None

    @cached_property
    def stacked(self) -> Array:
        """What divides the region's share for the quotient, its lowest and its highest value."""
        return np.stack([self.ratio, self.high_ratio, self.low_ratio])


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
        """Whether the region has, or had at the start of the long span, anything in the industry."""
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

    def cells(self, year: int) -> tuple[Level, Array | slice]:
        """The level that holds the region in `year`, and which of its rows are the region's."""
        if isinstance(self.axis, DepthAxis) and self.axis.digits <= DEEPEST_KEPT_DIGITS and not self.is_single:
            return self.cube.level(year, self.axis, self.ownership), self.rows
        return self.cube.level_of(self.region.areas, year, self.axis, self.ownership), slice(None)

    def answer(self) -> Measures:
        level, rows = self.cells(self.year)
        cells, wages = level.cells[rows], level.wages_usd[rows].sum(axis=0)
        summed = np.add.reduce(cells, axis=0, dtype=np.int32)
        jobs, withheld, establishments, withheld_establishments = summed[:AT_MOST_JOBS]
        at_most = summed[AT_MOST_JOBS].astype(np.float64)
        if level.has_unknown:
            at_most[(cells[:, AT_MOST_JOBS] == UNKNOWN).any(axis=0)] = np.nan
        totals = self.cube.totals(self.year, self.ownership)
        covered = float(totals.covered_jobs[self.rows].sum())
        shares = base_shares(self.cube, self.region, self.axis, self.year, self.ownership, self.base)
        published_establishments = establishments - withheld_establishments
        # A published zero beside a withheld cell is no figure of the whole: null, as in a starting year.
        hidden = (withheld > 0) & (jobs == 0)
        known_jobs = np.where(hidden, np.nan, jobs)
        pay = half_up(wages / np.where(jobs > 0, jobs, np.nan), 0)
        size = known_jobs / np.where(published_establishments > 0, published_establishments, np.nan)
        quotient, low, high = half_up(
            np.stack([known_jobs, known_jobs, known_jobs + at_most]) / (covered * shares.stacked), 2
        )
        short, long = self._changes(cells)
        if self.is_single:
            pay, quotient, low, high = self._as_published(level, pay, quotient, low, high)
        return Measures(
            region=self.region,
            year=self.year,
            years=self.years,
            ownership=self.ownership,
            base=self.base,
            axis=self.axis,
            base_method=shares.method,
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
            covered_jobs=covered,
            owned_jobs=float(totals.owned_jobs[self.rows].sum()),
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

    def _changes(self, now: Array) -> tuple[Change | None, Change | None]:
        """The change over the short and over the long span; all starting years are worked out in one pass."""
        starts = self.cube.remember(("starts", self.axis, self.years, self.year), self._starts)
        if not starts.years:
            return None, None
        levels = [self.cells(year) for year in starts.years]
        then = np.stack([level.cells[rows, : WITHHELD_CELLS + 1] for level, rows in levels])
        jobs_then, withheld_then = then[:, :, JOBS], then[:, :, WITHHELD_CELLS]
        both = (now[:, WITHHELD_CELLS] == 0) & (withheld_then == 0)
        start = np.add.reduce(jobs_then * both, axis=1, dtype=np.int32)
        end = np.add.reduce(now[:, JOBS] * both, axis=1, dtype=np.int32)
        complete = both.all(axis=1)
        # Nothing to compare: all that there is, is withheld in one of the two years.
        change = np.where(complete | (start > 0) | (end > 0), end - start, np.nan)
        # Half to even: so BLS prints percent changes, though its quotients are half up (tested on all of them).
        pct = np.round(100 * change / np.where(start > 0, start, np.nan), 1)
        quotient = self._quotients(starts.years, then, levels)
        found: list[Change | None] = []
        for pick in (starts.short, starts.long):
            if pick is None:
                found.append(None)
                continue
            # Adding `nothing` (0, or NaN where the codes cut the series) drops what cannot be compared.
            chosen = pick.row if pick.row is not None else (pick.index, np.arange(len(pick.index)))
            figures = (change[chosen] + pick.nothing, pct[chosen] + pick.nothing, complete[chosen])
            found.append(Change(pick.since, *figures, quotient[chosen] + pick.nothing))
        return found[0], found[1]

    def _quotients(self, years: tuple[int, ...], cells: Array, levels: list[tuple[Level, Array | slice]]) -> Array:
        totals = [self.cube.totals(year, self.ownership).covered_jobs[self.rows].sum() for year in years]
        shares = [
            base_shares(self.cube, self.region, self.axis, year, self.ownership, self.base).ratio for year in years
        ]
        summed = np.add.reduce(cells, axis=1, dtype=np.int32)
        hidden = (summed[:, WITHHELD_CELLS] > 0) & (summed[:, JOBS] == 0)
        base_jobs = np.array(totals)[:, None] * np.stack(shares)
        quotient = half_up(np.where(hidden, np.nan, summed[:, JOBS]) / base_jobs, 2)
        if self.is_single and self.base == "us":
            printed = [level.lq_ratio[0] for level, _ in levels if level.lq_ratio is not None]
            if printed:  # none is, for all ownerships together
                quotient = np.where(np.isnan(np.stack(printed)), quotient, np.stack(printed))
        return quotient

    def _starts(self) -> _Starts:
        """Which years the changes start in: the short span's, and per column the earliest comparable of the long's."""
        short = self.year - SHORT_SPAN_YEARS
        span = [y for y in self.years if self.year - LONG_SPAN_YEARS <= y < self.year]
        years = tuple(sorted({*span, *({short} & set(self.years))}))
        if not years:
            return _Starts((), None, None)
        count = len(self.axis.cut_in(self.year))
        long = np.zeros(count, dtype=np.int64)
        for year in reversed(span):
            long = np.where(self.axis.cut_in(year), long, year)
        short_since = np.where(self.axis.cut_in(short), 0, short) if short in years else None
        used = tuple(y for y in years if y == short or (long == y).any())
        return _Starts(
            used,
            None if short_since is None else _pick(short_since, used),
            _pick(long, used) if span else None,
        )


@dataclass(frozen=True)
class _Pick:
    """From which of several years each column takes its start: `row` when it is one year for all."""

    since: Array  # 0 where there is none
    index: Array
    row: int | None
    nothing: Array  # NaN where there is none, else 0


@dataclass(frozen=True)
class _Starts:
    years: tuple[int, ...]
    short: _Pick | None
    long: _Pick | None


def _pick(since: Array, years: tuple[int, ...]) -> _Pick:
    found = np.unique(since[since > 0])
    index = np.searchsorted(np.array(years), since).clip(0, len(years) - 1)
    row = years.index(int(found[0])) if len(found) == 1 else None
    return _Pick(since, index, row, np.where(since > 0, 0.0, np.nan))


def base_shares(cube: Cube, region: Region, axis: Axis, year: int, ownership: Ownership, base: Base) -> BaseShares:
    """The base's shares for the columns of an axis, in one year; NaN where the base does not publish them."""
    states = state_areas(region) if base == "state" else ()
    return cube.remember(
        ("shares", axis, year, ownership, states), lambda: _base_shares(cube, states, axis, year, ownership)
    )


def state_areas(region: Region) -> tuple[str, ...]:
    """The QCEW areas of the states that the region lies in."""
    return tuple(sorted({state + "000" for area in region.areas for state in area_names.states_of(area)}))


def _base_shares(cube: Cube, states: tuple[str, ...], axis: Axis, year: int, ownership: Ownership) -> BaseShares:
    if states:
        return _state_shares(cube, states, axis, year, ownership)
    shares, vintage = us_shares(cube.store, year), naics.vintage_of_year(year)
    found = [
        None if codes is None else shares.of(OWNER_CODES[ownership], codes, vintage) for codes in axis.codes_in(year)
    ]
    return BaseShares(
        np.array([s.ratio if s and s.ratio > 0 else np.nan for s in found]),
        np.array([s.low_ratio if s and s.low_ratio > 0 else np.nan for s in found]),
        np.array([s.high_ratio if s and s.high_ratio > 0 else np.nan for s in found]),
        shares.method,
    )


def _state_shares(cube: Cube, states: tuple[str, ...], axis: Axis, year: int, ownership: Ownership) -> BaseShares:
    if year not in cube.years_of(states):
        nothing = np.full(len(axis.codes_in(year)), np.nan)
        return BaseShares(nothing, nothing, nothing, None)
    level = cube.level_of(states, year, axis, ownership)
    total = cube.totals(year, ownership).covered_jobs[cube.positions(states)].sum()
    known = (level.withheld_cells == 0).all(axis=0) & (level.jobs.sum(axis=0) > 0)
    ratio = np.where(known, level.jobs.sum(axis=0) / total, np.nan)
    return BaseShares(ratio, ratio, ratio, "published")


def withheld_share_pct(measures: Measures) -> float | None:
    """Which share of the region's jobs (of the ownership) is missing from the sum of all columns of a depth.

    Exact, since the total is published: what the published industries do not add up to is withheld.
    None when the total is withheld itself.
    """
    if not np.isfinite(measures.owned_jobs) or measures.owned_jobs <= 0:
        return None
    return float(half_up(np.array(100 * (1 - measures.jobs.sum() / measures.owned_jobs)), 1))
