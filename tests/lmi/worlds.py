"""Small random stores with a hidden truth: every cell's real jobs are known here, and some are withheld in the store.

Jobs are made in twelfths (the months of a year) at the six-digit leaves, added up the tree and only then rounded, as
BLS does; so a parent is not always the sum of its printed parts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import duckdb
from hypothesis import strategies as st

from sharedtable.lmi import Store, base, naics
from tests.lmi.twin import half_up

COUNTIES = ("39041", "39045", "39049", "39083")
STATE, US = "39000", "US000"
YEARS = (2012, 2016, 2020, 2021, 2022)
# 335139 and 315250 were merged and 455110, 513110 split off on the way to 2022; 315120 is all of 3151 before;
# 238xxx are the QCEW's own codes; the rest did not change.
POOL_2022 = (
    *("238111", "238112", "238121", "311811", "311812", "315120", "315250", "326111"),
    *("335131", "335139", "455110", "459110", "513110", "522180", "921110", "999999"),
)
COLUMNS = {
    "area_code": "VARCHAR",
    "own_code": "TINYINT",
    "industry_code": "VARCHAR",
    "level_code": "TINYINT",
    "is_withheld": "BOOLEAN",
    "establishments": "INTEGER",
    "employment_jobs": "INTEGER",
    "wages_usd": "BIGINT",
    "annual_pay_usd": "INTEGER",
    "employment_lq_ratio": "DOUBLE",
    "origin": "VARCHAR",
}


class World:
    """The rows of a store, and the truth behind its withheld cells: jobs by (year, area, ownership, industry)."""

    # No dataclass: Hypothesis would print every row of one.
    def __init__(self, rows: list[dict[str, Any]], truth: dict[tuple[int, str, int, str], int], description: str):
        self.rows, self.truth, self.description = rows, truth, description

    def __repr__(self) -> str:
        return f"World({self.description})"


def pool(vintage: int) -> tuple[str, ...]:
    """The leaves of a vintage that hold any part of POOL_2022."""
    found = frozenset().union(*(naics.translate([leaf], 2022, vintage).leaves for leaf in POOL_2022))
    return tuple(sorted(found))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Random stores: which areas have which years, how much is withheld, whether the nation and the state are there."""
    loaded = {
        year: draw(st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=3, unique=True))
        for year in draw(st.lists(st.sampled_from(YEARS), min_size=1, max_size=4, unique=True))
    }
    with_us = draw(st.booleans())
    with_state = draw(st.booleans())
    withheld = draw(st.sampled_from([0.0, 0.15, 0.4, 0.7]))
    seed = draw(st.integers(0, 10**6))
    extra = ([US] if with_us else []) + ([STATE] if with_state else [])
    return make({year: [*areas, *extra] for year, areas in loaded.items()}, withheld, seed)


def make(loaded: dict[int, list[str]], withheld: float, seed: int) -> World:
    """A world with these areas per year, a share of cells withheld, and everything else from the seed."""
    rows: list[dict[str, Any]] = []
    truth: dict[tuple[int, str, int, str], int] = {}
    random = Random(seed)
    for year, areas in loaded.items():
        nation = _tree(random, year, US)
        for area in areas:
            tree = nation if area == US else _tree(random, year, area)
            covered = _shown(tree[0, "10"][1])
            origin = "annual" if random.random() < 0.75 else "quarters"
            hidden: dict[tuple[int, frozenset[str]], bool] = {}
            for (own, code), (firms, twelfths, wages) in tree.items():
                jobs = _shown(twelfths)
                truth[year, area, own, code] = jobs
                chance = withheld if code != "10" else withheld / 6 if area != US else 0.0
                # An industry with one child is that child (33511 and 335110): BLS withholds both or none.
                same = own, frozenset([code]) if code == "10" else naics.leaves(code, naics.vintage_of_year(year))
                is_withheld = hidden.setdefault(same, random.random() < (chance / 6 if area == US else chance))
                row = {
                    "year": year,
                    "area_code": area,
                    "own_code": own,
                    "industry_code": code,
                    "level_code": _level(area, own, code),
                    "is_withheld": is_withheld,
                    "establishments": firms,
                    "employment_jobs": None if is_withheld else jobs,
                    "wages_usd": None if is_withheld else wages,
                    "annual_pay_usd": None,
                    "employment_lq_ratio": None,
                    "origin": origin,
                }
                if origin == "annual" and not is_withheld:
                    row["annual_pay_usd"] = round(12 * wages / twelfths) if twelfths else 0
                    national = nation.get((own, code))
                    if covered and national and national[1] and random.random() < 0.8 and area != US:
                        share = Fraction(national[1], nation[0, "10"][1])
                        row["employment_lq_ratio"] = half_up(Fraction(jobs, covered) / share, 2)
                rows.append(row)
    return World(rows, truth, f"{loaded}, withheld={withheld}, seed={seed}")


def _tree(random: Random, year: int, area: str) -> dict[tuple[int, str], tuple[int, int, int]]:
    """Establishments, twelfths of jobs and wages per ownership and industry, totals included."""
    vintage = naics.vintage_of_year(year)
    size = 40_000 if area == US else 2_000 if area == STATE else 400
    found: dict[tuple[int, str], tuple[int, int, int]] = {(0, "10"): (0, 0, 0)}
    for own in (1, 2, 3, 5):
        for leaf in pool(vintage):
            if random.random() > (0.95 if area == US else 0.6 if own == 5 else 0.15):
                continue
            twelfths = 0 if random.random() < 0.15 and area != US else random.randint(1, size)
            firms = random.randint(0, 1) if twelfths == 0 else random.randint(1, 9)
            cell = (firms, twelfths, twelfths * random.randint(1500, 9000) + random.randint(0, 11))
            code: str | None = leaf
            while code is not None:
                _add(found, (own, code), cell)
                code = naics.parent(code, vintage)
            _add(found, (own, "10"), cell)
            _add(found, (0, "10"), cell)
    return found


def _add(found: dict[tuple[int, str], tuple[int, int, int]], key: tuple[int, str], cell: tuple[int, int, int]) -> None:
    old = found.get(key, (0, 0, 0))
    found[key] = (old[0] + cell[0], old[1] + cell[1], old[2] + cell[2])


def _shown(twelfths: int) -> int:
    return (2 * twelfths + 12) // 24


def _level(area: str, own: int, code: str) -> int:
    kind = 10 if area == US else 50 if area.endswith("000") else 70
    if code == "10":
        return kind + (0 if own == 0 else 1)
    return kind + naics.digits_of(code) + 2


def write(store: Store, rows: list[dict[str, Any]]) -> None:
    """Put rows into the table `qcew`, by year, and rebuild the national shares."""
    years = sorted({row["year"] for row in rows})
    with duckdb.connect() as connection:
        for year in years:
            mine = [row for row in rows if row["year"] == year]
            select = ", ".join(f"unnest(?::{kind}[]) as {name}" for name, kind in COLUMNS.items())
            values = [[row[name] for row in mine] for name in COLUMNS]
            connection.execute(f"create or replace temp table made as select {select}", values)
            store.replace("qcew", year, "select * from made", cursor=connection)
    base.rebuild(store, years)


def read(store: Store) -> list[dict[str, Any]]:
    """All rows of the table `qcew` of a store, as the twin takes them."""
    found = []
    for year in store.years("qcew"):
        cursor = store.cursor().execute("select * from read_parquet(?)", [str(store.path("qcew", year))])
        names = [column[0] for column in cursor.description or ()]
        found += [{"year": year, **dict(zip(names, values, strict=True))} for values in cursor.fetchall()]
    return found


@contextmanager
def stored(world: World) -> Iterator[Store]:
    """A store on disk with the rows of a world."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), create=True)
        write(store, world.rows)
        yield store
