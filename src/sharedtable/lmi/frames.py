"""What all questions with the same year, ownership, base and depth have in common, worked out once for a store.

A `Frame` holds the years that the changes start in, the base's shares, the totals of the areas and the kept levels, so
that a question only gathers the rows of its region and adds them up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from sharedtable.lmi import naics
from sharedtable.lmi.base import us_shares
from sharedtable.lmi.cube import DEEPEST_KEPT_DIGITS, OWNER_CODES, Array, Axis, Cube, DepthAxis, Level, Ownership
from sharedtable.lmi.definitions import Region
from sharedtable.lmi.places import areas as area_names

Base = Literal["us", "state"]

SHORT_SPAN_YEARS = 2
LONG_SPAN_YEARS = 10


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
class Pick:
    """From which of several years each column takes its start."""

    since: Array  # 0 where there is none
    places: Array  # in a flattened table of years by columns
    nothing: Array  # NaN where there is none, else 0


@dataclass(frozen=True)
class Starts:
    """The years that the changes start in, and from which of them each column takes its short and its long span."""

    years: tuple[int, ...]
    short: Pick | None
    long: Pick | None


@dataclass(frozen=True)
class Frame:
    """What all questions of the same axis, years, ownership and base share, so that it is worked out once."""

    starts: Starts
    shares: BaseShares
    shares_then: Array  # starting years by columns
    covered_jobs: Array  # the year and the starting years by all areas of the cube
    owned_jobs: Array
    levels: list[Level]  # of the same years; empty when they are read for the asked areas alone


def frame_of(cube: Cube, region: Region, axis: Axis, year: int, ownership: Ownership, base: Base) -> Frame:
    """The frame of a question; regions with the same years share it."""
    states = state_areas(region) if base == "state" else ()
    loaded = cube.years_of(region.areas)
    # One area is read with what BLS printed for it, which no kept level holds.
    is_kept = len(region.areas) > 1 and isinstance(axis, DepthAxis) and axis.digits <= DEEPEST_KEPT_DIGITS

    def make() -> Frame:
        starts = _starts(axis, year, loaded)
        years = (year, *starts.years)
        shares = [base_shares(cube, region, axis, y, ownership, base) for y in years]
        return Frame(
            starts,
            shares[0],
            np.array([one.ratio for one in shares[1:]]),
            cube.remember(
                ("covered", years), lambda: np.stack([cube.totals(y, ownership).covered_jobs for y in years])
            ),
            cube.totals(year, ownership).owned_jobs,
            [cube.level(y, axis, ownership) for y in years] if is_kept and isinstance(axis, DepthAxis) else [],
        )

    return cube.remember(("frame", axis, loaded, year, ownership, states, is_kept), make)


def _starts(axis: Axis, year: int, loaded: tuple[int, ...]) -> Starts:
    """The short span starts two years back, the long one in each column's earliest comparable year."""
    short = year - SHORT_SPAN_YEARS
    span = [y for y in loaded if year - LONG_SPAN_YEARS <= y < year]
    years = tuple(sorted({*span, *({short} & set(loaded))}))
    if not years:
        return Starts((), None, None)
    long = np.zeros(len(axis.cut_in(year)), dtype=np.int64)
    for y in reversed(span):
        long = np.where(axis.cut_in(y), long, y)
    short_since = np.where(axis.cut_in(short), 0, short) if short in years else None
    used = tuple(y for y in years if y == short or (long == y).any())
    return Starts(
        used,
        None if short_since is None else _pick(short_since, used),
        _pick(long, used) if span else None,
    )


def _pick(since: Array, years: tuple[int, ...]) -> Pick:
    index = np.searchsorted(np.array(years), since).clip(0, len(years) - 1)
    places = index * len(since) + np.arange(len(since))
    return Pick(since, places, np.where(since > 0, 0.0, np.nan))


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
