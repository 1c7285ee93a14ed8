"""Levels: all figures of one year, ownership and depth of NAICS as dense arrays, and how they are read from the store.

Meaning of the numbers, per area and industry: `jobs` and `wages_usd` are sums of published cells, so a
withheld cell adds nothing to them and one to `withheld_cells`; `at_most_jobs` is the most that the withheld cells can
hold, from the nearest published parent less its published parts (-1 where no parent is published). An industry that
an area does not have is a real zero.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sharedtable.lmi import naics

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

Ownership = Literal["private", "total"]
Array = NDArray[Any]

# QCEW gives industries by owner only: "total" is the sum of the three governments and private.
OWNER_CODES: dict[Ownership, tuple[int, ...]] = {"private": (5,), "total": (1, 2, 3, 5)}
UNKNOWN = -1

# Rows of `Level.cells` along its second axis: one gather and one sum answer all five.
JOBS, WITHHELD_CELLS, ESTABLISHMENTS, WITHHELD_ESTABLISHMENTS, AT_MOST_JOBS = range(5)


@dataclass(frozen=True)
class Level:
    """Cells of one year, ownership and depth on one axis of codes; see the module for what the numbers mean.

    `cells` has the shape (areas, 5, industries), int32: the nation's jobs, the largest sum there is, fit 14 times.
    """

    cells: Array
    wages_usd: Array
    # Only for one ownership: what BLS itself printed, 0 and NaN where it printed nothing.
    pay_usd: Array | None = None
    lq_ratio: Array | None = None

    def of(self, rows: Array) -> Level:
        """The level of some of its areas."""
        pay, quotients = self.pay_usd, self.lq_ratio
        return Level(
            self.cells.take(rows, axis=0),
            self.wages_usd.take(rows, axis=0),
            None if pay is None else pay.take(rows, axis=0),
            None if quotients is None else quotients.take(rows, axis=0),
        )

    @cached_property
    def has_unknown(self) -> bool:
        """Whether any withheld cell has no published parent above it."""
        return bool((self.cells[:, AT_MOST_JOBS] == UNKNOWN).any())

    @property
    def jobs(self) -> Array:
        return np.asarray(self.cells[:, JOBS])

    @property
    def withheld_cells(self) -> Array:
        return np.asarray(self.cells[:, WITHHELD_CELLS])

    @property
    def at_most_jobs(self) -> Array:
        return np.asarray(self.cells[:, AT_MOST_JOBS])


class Axis:
    """The columns of a level: for each, the codes that hold its activity in a year, or None where the series is cut."""

    vintage: int

    def codes_in(self, year: int) -> tuple[tuple[str, ...] | None, ...]:
        """One entry a column."""
        raise TypeError(f"{type(self).__name__} does not say which codes it has in {year}")

    def cut_in(self, year: int) -> Array:
        """Which columns have no comparable figure in `year`."""
        return _cut(self, naics.vintage_of_year(year), year)


@dataclass(frozen=True)
class DepthAxis(Axis):
    """All industries of one depth of one NAICS vintage."""

    digits: int
    vintage: int

    @property
    def codes(self) -> tuple[str, ...]:
        return naics.codes(self.vintage, self.digits)

    def codes_in(self, year: int) -> tuple[tuple[str, ...] | None, ...]:
        return _depth_codes(self, naics.vintage_of_year(year))


@dataclass(frozen=True)
class SectorAxis(Axis):
    """Sectors that somebody defined, each given as the set of its six-digit codes."""

    sectors: tuple[frozenset[str], ...]
    vintage: int

    def codes_in(self, year: int) -> tuple[tuple[str, ...] | None, ...]:
        return _sector_codes(self, naics.vintage_of_year(year))


def place_of(axis: DepthAxis, code: str) -> int:
    """The column of a code."""
    return _places(axis)[code]


@lru_cache(maxsize=64)
def _places(axis: DepthAxis) -> dict[str, int]:
    return {code: place for place, code in enumerate(axis.codes)}


@lru_cache(maxsize=64)
def _depth_codes(axis: DepthAxis, vintage: int) -> tuple[tuple[str, ...] | None, ...]:
    if vintage == axis.vintage:
        return tuple((code,) for code in axis.codes)
    found = naics.series_map(axis.digits, axis.vintage, vintage)
    return tuple(found[code] for code in axis.codes)


@lru_cache(maxsize=256)
def _sector_codes(axis: SectorAxis, vintage: int) -> tuple[tuple[str, ...] | None, ...]:
    found: list[tuple[str, ...] | None] = []
    for leaves in axis.sectors:
        carried = naics.translate(leaves, axis.vintage, vintage)
        found.append(naics.cover(carried.leaves, vintage) if carried.is_comparable else None)
    return tuple(found)


@lru_cache(maxsize=256)
def _cut(axis: Axis, _vintage: int, year: int) -> Array:
    return np.array([codes is None for codes in axis.codes_in(year)])


_CELLS_SQL = """
with axis as (select unnest($codes) as industry_code, unnest($columns) as col),
     place as (select unnest($areas) as area_code, unnest(range(len($areas))) as row)
select row, col, coalesce(sum(employment_jobs), 0)::bigint as jobs, coalesce(sum(wages_usd), 0)::bigint as wages_usd,
       sum(establishments)::bigint as establishments, sum(is_withheld::int)::bigint as withheld_cells,
       coalesce(sum(establishments) filter (is_withheld), 0)::bigint as withheld_establishments,
       case when count(*) = 1 then coalesce(any_value(annual_pay_usd), 0) else 0 end::bigint as pay_usd,
       case when count(*) = 1 then coalesce(any_value(employment_lq_ratio), 'nan') else 'nan' end::double as lq_ratio
from read_parquet($path) join axis using (industry_code) join place using (area_code)
where own_code = $own and level_code % 10 between 4 and 8 and level_code < 80 {only}
group by row, col
"""


# Depths that one reading made on the way, by ownership and digits: a depth needs the one above it for its bounds.
Made = dict[tuple[int, int], Level]


def read(
    store: Store, year: int, axis: Axis, ownership: Ownership, areas: tuple[str, ...], known: Made | None = None
) -> Level:
    """The asked areas alone, in the asked order; any depth. `known`: levels of the same areas that need no reading."""
    made: Made = dict(known or {})
    return _together([_read_owner(store, year, axis, own, areas, made) for own in OWNER_CODES[ownership]])


def read_depths(
    store: Store, year: int, axis: DepthAxis, ownership: Ownership, areas: tuple[str, ...]
) -> dict[DepthAxis, Level]:
    """The level of a depth, and those of the depths above it that were read for it."""
    made: Made = {}
    owners = OWNER_CODES[ownership]
    wanted = _together([_read_owner(store, year, axis, own, areas, made) for own in owners])
    found = {axis: wanted}
    for digits in range(2, axis.digits):
        parts = [made[own, digits] for own in owners if (own, digits) in made]
        if len(parts) == len(owners):  # an ownership without a withheld cell needs no depth above
            found[DepthAxis(digits, axis.vintage)] = _together(parts)
    return found


def _together(levels: list[Level]) -> Level:
    if len(levels) == 1:
        return levels[0]
    cells = np.add.reduce([one.cells for one in levels])
    unknown = np.logical_or.reduce([one.at_most_jobs == UNKNOWN for one in levels])
    cells[:, AT_MOST_JOBS][unknown] = UNKNOWN
    return Level(cells, np.add.reduce([one.wages_usd for one in levels]))


def _read_owner(store: Store, year: int, axis: Axis, own: int, areas: tuple[str, ...], made: Made) -> Level:
    if isinstance(axis, DepthAxis) and (own, axis.digits) in made:
        return made[own, axis.digits]
    columns = axis.codes_in(year)
    pairs = [(code, column) for column, codes in enumerate(columns) for code in codes or ()]
    # A literal list lets DuckDB skip the row groups of other areas; for many areas the join alone is cheaper.
    only = "and area_code in (select unnest($areas))" if len(areas) > 64 else ""
    if len(areas) <= 64:
        only = "and area_code in (" + ", ".join("'" + a.replace("'", "''") + "'" for a in areas) + ")"
    found = (
        store.cursor()
        .execute(
            _CELLS_SQL.format(only=only),
            {
                "codes": [code for code, _ in pairs],
                "columns": [column for _, column in pairs],
                "areas": list(areas),
                "path": str(store.path("qcew", year)),
                "own": own,
            },
        )
        .fetchnumpy()
    )
    shape = (len(areas), len(columns))
    where = (np.asarray(found["row"], dtype=np.intp), np.asarray(found["col"], dtype=np.intp))

    def dense(name: str, dtype: Any, empty: float = 0) -> Array:
        values = np.full(shape, empty, dtype=dtype)
        values[where] = np.asarray(found[name])
        return values

    jobs, withheld = dense("jobs", np.int32), dense("withheld_cells", np.int32)
    at_most = _at_most(store, year, axis, own, areas, jobs, withheld, made)
    establishments = dense("establishments", np.int32)
    withheld_establishments = dense("withheld_establishments", np.int32)
    cells = np.stack([jobs, withheld, establishments, withheld_establishments, at_most], axis=1)
    # What BLS printed is of one code: for a column of several it is not the column's, even where only one is present.
    is_one_code = np.array([codes is not None and len(codes) == 1 for codes in columns])
    quotients = np.where(is_one_code, dense("lq_ratio", np.float64, np.nan), np.nan)
    pay = dense("pay_usd", np.int32) * is_one_code
    level = Level(cells, dense("wages_usd", np.int64), pay, quotients)
    if isinstance(axis, DepthAxis):
        made[own, axis.digits] = level
    return level


def _at_most(
    store: Store, year: int, axis: Axis, own: int, areas: tuple[str, ...], jobs: Array, withheld: Array, made: Made
) -> Array:
    """The most jobs that each withheld cell can hold; only for a year on its own vintage, where parents are exact."""
    if naics.vintage_of_year(year) != axis.vintage or not withheld.any():
        return np.where(withheld > 0, UNKNOWN, 0).astype(np.int32)
    if isinstance(axis, DepthAxis):
        return _at_most_at_depth(store, year, axis, own, areas, jobs, withheld, made)
    most = np.zeros(jobs.shape, dtype=np.int32)
    depths: dict[int, Level] = {}
    for column, codes in enumerate(axis.codes_in(year)):
        for code in codes or ():
            depth = DepthAxis(naics.digits_of(code), axis.vintage)
            if depth.digits not in depths:
                depths[depth.digits] = _read_owner(store, year, depth, own, areas, made)
            part = depths[depth.digits].at_most_jobs[:, depth.codes.index(code)]
            unknown = (part == UNKNOWN) | (most[:, column] == UNKNOWN)
            most[:, column] = np.where(unknown, UNKNOWN, most[:, column] + part)
    return most


def _at_most_at_depth(
    store: Store, year: int, axis: DepthAxis, own: int, areas: tuple[str, ...], jobs: Array, withheld: Array, made: Made
) -> Array:
    if axis.digits == 2:
        room_above = _owner_totals(store, year, own, areas)[:, None]
        parent = np.zeros(jobs.shape[1], dtype=np.intp)
    else:
        above = _read_owner(store, year, DepthAxis(axis.digits - 1, axis.vintage), own, areas, made)
        room_above = np.where(above.withheld_cells > 0, above.at_most_jobs, above.jobs).astype(np.int64)
        parent = _parents(axis.digits, axis.vintage)
    published = np.zeros((jobs.shape[0], room_above.shape[1]), dtype=np.int64)
    # An annual average is rounded: parent and parts may each be half a job off, so room for that is left.
    rounding = np.zeros_like(published)
    starts = np.flatnonzero(np.diff(parent, prepend=-1))
    published[:, parent[starts]] = np.add.reduceat(jobs.astype(np.int64), starts, axis=1)
    rounding[:, parent[starts]] = (np.add.reduceat((jobs > 0).astype(np.int64), starts, axis=1) + 1) // 2
    room = np.where(room_above == UNKNOWN, UNKNOWN, np.maximum(room_above - published + rounding, 0))
    return np.where(withheld > 0, room[:, parent], 0).astype(np.int32)


@lru_cache(maxsize=16)
def _parents(digits: int, vintage: int) -> Array:
    """Column of the parent, for each code of a depth; codes are sorted, so parts of one parent stand together."""
    above = {code: i for i, code in enumerate(naics.codes(vintage, digits - 1))}
    return np.array([above[str(naics.parent(code, vintage))] for code in naics.codes(vintage, digits)], dtype=np.intp)


def _owner_totals(store: Store, year: int, own: int, areas: tuple[str, ...]) -> Array:
    printed = rows(
        store,
        year,
        "select area_code, own_code, employment_jobs from {qcew} "
        "where industry_code = '10' and level_code < 80 and employment_jobs is not null",
    )
    found = {area: jobs for area, own_code, jobs in printed if own_code == own}
    return np.array([found.get(area, UNKNOWN) for area in areas], dtype=np.int64)


def rows(store: Store, year: int, sql: str) -> list[tuple[Any, ...]]:
    path = str(store.path("qcew", year)).replace("'", "''")
    return store.cursor().execute(sql.format(qcew=f"read_parquet('{path}')")).fetchall()


def write(folder: Path, level: Level) -> None:
    """Keep a level: written beside, then renamed, so that a reader sees all of it or none. Fails with OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        for field in fields(level):
            values = getattr(level, field.name)
            if values is not None:
                np.save(beside / f"{field.name}.npy", values)
        os.rename(beside, folder)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        if not folder.is_dir():  # another process may have finished the same level first
            raise


def open_kept(folder: Path) -> Level:
    """A kept level over its mapped files. Fails with OSError when it is not there."""
    # Plain arrays over the mapped pages: numpy's memmap subclass costs microseconds at each indexing.
    paths = {field.name: folder / f"{field.name}.npy" for field in fields(Level)}
    return Level(
        **{
            name: np.asarray(np.load(path, mmap_mode="r"))
            for name, path in paths.items()
            if name in ("cells", "wages_usd") or path.is_file()
        }
    )
