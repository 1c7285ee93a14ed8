"""The hot copy of the store: dense numpy arrays, one set per year, ownership and depth of NAICS.

A `Level` answers "all industries of one depth, in any areas, in one year" without a query. Its columns (the *axis*)
are the codes of one NAICS vintage; a year of another vintage is carried over by the concordance when the level is
built, and an industry that was split meanwhile is marked as cut. Levels of two to four digits are kept as
memory-mapped files beside the store (safe to delete, rebuilt when their year changes), and sectors are put together
from them; deeper levels are read for the asked areas alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from sharedtable.lmi import levels, naics
from sharedtable.lmi.levels import (
    AT_MOST_JOBS,
    ESTABLISHMENTS,
    JOBS,
    OWNER_CODES,
    UNKNOWN,
    WITHHELD_CELLS,
    WITHHELD_ESTABLISHMENTS,
    Array,
    Axis,
    DepthAxis,
    Level,
    Ownership,
    SectorAxis,
)

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

# The cube is the door to its levels: whoever asks it names their parts from here.
__all__ = [
    "AT_MOST_JOBS",
    "DEEPEST_KEPT_DIGITS",
    "ESTABLISHMENTS",
    "JOBS",
    "OWNER_CODES",
    "UNKNOWN",
    "WITHHELD_CELLS",
    "WITHHELD_ESTABLISHMENTS",
    "Array",
    "Axis",
    "Cube",
    "DepthAxis",
    "Level",
    "Ownership",
    "SectorAxis",
    "Totals",
    "cube_of",
]

T = TypeVar("T")

DEEPEST_KEPT_DIGITS = 4
# Changes with the meaning of the kept files, so that files of another release are never read.
FORMAT = "levels-6"


@dataclass(frozen=True)
class Totals:
    """All industries together, one number per area of the axis; NaN where not published or not loaded."""

    covered_jobs: Array  # ownership 0
    owned_jobs: Array  # the asked ownership (equal to covered_jobs for "total")


class Cube:
    """One state of a store, asked for levels. Get it from `cube_of`; it never changes, a new load makes a new one."""

    def __init__(self, store: Store):
        self.store = store
        self.revision = store.revision
        self.years = store.years("qcew")
        self._loaded = {year: store.areas(year) for year in self.years}
        self.areas = tuple(sorted(frozenset().union(*self._loaded.values())))
        self._in_all_years = frozenset(self.areas).intersection(*self._loaded.values())
        place = hashlib.sha256(" ".join(self.areas).encode()).hexdigest()[:12]
        stamps = {year: store.path("qcew", year).stat() for year in self.years}
        self._stamps = {year: f"{stamp.st_size}-{stamp.st_mtime_ns}-{place}" for year, stamp in stamps.items()}
        self.position = {code: i for i, code in enumerate(self.areas)}
        self._kept: dict[tuple[int, DepthAxis, Ownership], Level] = {}
        self._totals: dict[tuple[int, Ownership], Totals] = {}
        self._remembered: dict[Hashable, Any] = {}
        self.level_of = lru_cache(maxsize=128)(self._level_of)
        self.years_of = lru_cache(maxsize=4096)(self._years_of)
        self.positions = lru_cache(maxsize=4096)(self._positions)

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this state of the store."""
        if key not in self._remembered:
            self._remembered[key] = make()
        return cast(T, self._remembered[key])

    def _years_of(self, areas: tuple[str, ...]) -> tuple[int, ...]:
        """The years in which every one of `areas` is loaded."""
        if self._in_all_years.issuperset(areas):
            return self.years
        return tuple(year for year in self.years if self._loaded[year].issuperset(areas))

    def _positions(self, areas: tuple[str, ...]) -> Array:
        """Row numbers of `areas`, all of which the store holds in some year."""
        return np.array([self.position[a] for a in areas], dtype=np.intp)

    def level(self, year: int, axis: DepthAxis, ownership: Ownership) -> Level:
        """All areas; rows follow `self.areas`, columns `axis.codes`."""
        found = self._kept.get((year, axis, ownership))
        if found is None:
            found = self._kept[year, axis, ownership] = self._open_or_read(year, axis, ownership)
        return found

    def _open_or_read(self, year: int, axis: DepthAxis, ownership: Ownership) -> Level:
        try:
            return levels.open_kept(self._folder(year, axis, ownership))
        except OSError:
            made = levels.read_depths(self.store, year, axis, ownership, self.areas)
        try:
            for depth, level in made.items():
                folder = self._folder(year, depth, ownership)
                levels.write(folder, level)
                _forget_old(folder)
            return levels.open_kept(self._folder(year, axis, ownership))
        except OSError:  # no room, no right to write, or swept away by a process with a newer state: keep in memory
            return made[axis]

    def _folder(self, year: int, axis: DepthAxis, ownership: Ownership) -> Path:
        # Named by the year's own file and the areas, so that a load of one year leaves the levels of the others.
        name = f"{year}-{ownership}-{axis.digits}-{axis.vintage}-{self._stamps[year]}"
        return self.store.cache_dir / FORMAT / name

    def _level_of(self, areas: tuple[str, ...], year: int, axis: Axis, ownership: Ownership) -> Level:
        """The asked areas alone, in the asked order; any axis."""
        if isinstance(axis, SectorAxis):
            return self._composed(areas, year, axis, ownership)
        if isinstance(axis, DepthAxis) and axis.digits <= DEEPEST_KEPT_DIGITS:
            return self.level(year, axis, ownership).of(self.positions(areas))
        return self._read(areas, year, axis, ownership)

    def _read(self, areas: tuple[str, ...], year: int, axis: Axis, ownership: Ownership) -> Level:
        """From the store itself, with the kept depths for the bounds."""
        known: levels.Made = {}
        if ownership == "private" and axis.vintage == naics.vintage_of_year(year):
            own, rows = OWNER_CODES[ownership][0], self.positions(areas)
            for digits in range(2, DEEPEST_KEPT_DIGITS + 1):
                known[own, digits] = self.level(year, DepthAxis(digits, axis.vintage), ownership).of(rows)
        return levels.read(self.store, year, axis, ownership, areas, known)

    def _composed(self, areas: tuple[str, ...], year: int, axis: SectorAxis, ownership: Ownership) -> Level:
        """Sectors put together from kept levels, which costs no query; only deeper codes are read for the areas."""
        vintage, rows = naics.vintage_of_year(year), self.positions(areas)
        columns = axis.codes_in(year)
        shape = (len(areas), len(columns))
        cells = np.zeros((len(areas), AT_MOST_JOBS + 1, len(columns)), dtype=np.int32)
        wages, unknown = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
        pay, quotients = np.zeros(shape, dtype=np.int32), np.full(shape, np.nan)
        has_own_figures = len(OWNER_CODES[ownership]) == 1
        parts = [(code, column) for column, codes in enumerate(columns) for code in codes or ()]
        deep = [code for code, _ in parts if naics.digits_of(code) > DEEPEST_KEPT_DIGITS]
        if deep:
            below = SectorAxis(tuple(naics.leaves(code, vintage) for code in deep), vintage)
            read = self._read(areas, year, below, ownership)
        lines: Array | slice
        for code, column in parts:
            if code in deep:
                level, lines, place = read, slice(None), deep.index(code)
            else:
                depth = DepthAxis(naics.digits_of(code), vintage)
                level, lines, place = self.level(year, depth, ownership), rows, levels.place_of(depth, code)
            cells[:, :, column] += level.cells[lines, :, place]
            wages[:, column] += level.wages_usd[lines, place]
            unknown[:, column] |= level.cells[lines, AT_MOST_JOBS, place] == UNKNOWN
            # What BLS printed is of one code, so it holds for a sector of one code only.
            if len(columns[column] or ()) == 1 and level.pay_usd is not None and level.lq_ratio is not None:
                pay[:, column], quotients[:, column] = level.pay_usd[lines, place], level.lq_ratio[lines, place]
        if vintage != axis.vintage:  # the room that a parent leaves is only told in the codes of the question
            unknown = cells[:, WITHHELD_CELLS] > 0
            cells[:, AT_MOST_JOBS] = 0
        cells[:, AT_MOST_JOBS][unknown] = UNKNOWN
        return Level(cells, wages, pay, quotients) if has_own_figures else Level(cells, wages)

    def totals(self, year: int, ownership: Ownership) -> Totals:
        """Totals of every area in one year."""
        found = self._totals.get((year, ownership))
        if found is None:
            found = self._totals[(year, ownership)] = self._read_totals(year, ownership)
        return found

    def _read_totals(self, year: int, ownership: Ownership) -> Totals:
        covered, owned = np.full(len(self.areas), np.nan), np.full(len(self.areas), np.nan)
        rows = levels.rows(
            self.store,
            year,
            "select area_code, own_code, employment_jobs from {qcew} "
            "where industry_code = '10' and own_code in (0, 5) and level_code < 80",
        )
        for area, own, jobs in rows:
            if jobs is not None:
                (covered if own == 0 else owned)[self.position[area]] = jobs
        return Totals(covered, owned if ownership == "private" else covered)


def cube_of(store: Store) -> Cube:
    """The cube of the store as it is now. Looks at the revision file's stamp only: this is on every question's way."""
    root = str(store.root)
    try:
        status = os.stat(root + "/facts/revision")
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        stamp = None
    kept = _cubes.get(root)
    if kept is None or kept[0] != stamp or stamp is None:
        kept = _cubes[root] = (stamp, Cube(store))
    return kept[1]


_cubes: dict[str, tuple[tuple[int, int, int] | None, Cube]] = {}


def _forget_old(kept: Path) -> None:
    """Sweep away what other states of the year, and other releases, kept of the same level."""
    same = kept.name.rsplit("-", 3)[0] + "-"
    for other in (*kept.parent.iterdir(), *kept.parent.parent.glob("levels-*")):
        if other not in (kept, kept.parent) and other.name.startswith((same, "levels-")):
            shutil.rmtree(other, ignore_errors=True)
