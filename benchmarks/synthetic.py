"""A made-up nation in the layout of the QCEW: real codes, invented figures, the same ones from the same seed.

Every area adds up: a parent is the sum of its parts, a state the sum of its counties, the nation the sum of its
states. Cells are withheld roughly as BLS withholds them (one or two establishments always; never exactly one part of
a published parent). Location quotients follow the rule of BLS. The over-the-year columns of the CSV are filler: no
reader here looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from sharedtable.lmi import Store, base, naics
from sharedtable.lmi.intake.layouts import LAYOUTS
from sharedtable.lmi.places import areas
from sharedtable.lmi.store.sql import quote

YEARS = tuple(range(2013, 2024))
ALL_COUNTIES = 10_000
_SEED = 20260
_PRIVATE = 5
# Sectors in which the federal, a state's and the local governments have establishments here.
_GOVERNMENT = {
    1: ("48-49", "54", "62", "92"),
    2: ("48-49", "54", "56", "61", "62", "71", "92"),
    3: ("22", "48-49", "51", "61", "62", "71", "92"),
}
_DEPTHS = (2, 3, 4, 5, 6)
# How often a cell is withheld by its number of establishments: 1–2, 3–4, 5–9, 10–19, 20–49, more.
_WITHHELD = np.array([1.0, 0.57, 0.35, 0.2, 0.1, 0.04])
_SIZES = np.array([3, 5, 10, 20, 50])
ESTABLISHMENTS, JOBS, WAGES = range(3)


@dataclass(frozen=True)
class Nation:
    """How many counties (spread over the country) the nation has; all of them by default."""

    counties: int = ALL_COUNTIES

    def codes(self, year: int) -> tuple[str, ...]:
        """County codes of a year, each state's 'unknown county' among them."""
        return tuple(code for code in _pool(self.counties) if _exists(code, year))


@cache
def _pool(count: int) -> tuple[str, ...]:
    every = [item.code for item in areas.counties() if _exists(item.code, YEARS[-1]) or _exists(item.code, YEARS[0])]
    chosen = sorted(np.random.default_rng(_SEED).permutation(every)[:count].tolist())
    return tuple(sorted([*chosen, *(state + "999" for state in sorted({code[:2] for code in chosen}))]))


def _exists(code: str, year: int) -> bool:
    if code.endswith("999"):
        return True
    item = areas.county(code)
    return (
        (item.first_year or 0) <= year
        and (item.last_year or 9999) >= year
        and (not item.replaced_by or bool(item.last_year))
    )


def figures(nation: Nation, year: int) -> Iterator[dict[str, np.ndarray]]:
    """The rows of a year in pieces: position of area, ownership, kind of level, code, figures, withheld or not."""
    places = _Places(nation, year)
    all_owners = np.zeros((3, len(places.codes)), dtype=np.int64)
    for own in (1, 2, 3, _PRIVATE):
        columns, leaves = _leaves(nation, year, own)
        depths = {6: places.sums(leaves)}
        vintage = naics.vintage_of_year(year)
        for digits in (5, 4, 3, 2):
            depths[digits] = _added_up(depths[digits + 1], digits + 1, vintage, columns if digits == 5 else None)
        total = depths[2].sum(axis=2)
        all_owners += total
        yield _piece(places, own, 1, np.array([naics.TOTAL]), total[:, :, None], None)
        sectors = list(naics.codes(vintage, 2))
        supers = list(naics.SUPERSECTORS)
        grouped = np.stack(
            [depths[2][:, :, [sectors.index(s) for s in naics.SUPERSECTORS[code]]].sum(axis=2) for code in supers],
            axis=2,
        )
        yield _piece(places, own, 3, np.array(supers), grouped, None)
        domains = np.stack([grouped[:, :, :3].sum(axis=2), grouped[:, :, 3:].sum(axis=2)], axis=2)
        yield _piece(places, own, 2, np.array(["101", "102"]), domains, None)
        hidden = np.zeros(total.shape[1:], dtype=bool)[:, None]
        rng = np.random.default_rng([_SEED, year, own])
        for digits in _DEPTHS:
            codes = np.array(naics.codes(vintage, digits))
            parent = np.zeros(len(codes), dtype=np.intp) if digits == 2 else _parent_columns(digits, vintage)
            values = depths[digits]
            if digits == 6:
                values = np.zeros((3, len(places.codes), len(codes)), dtype=np.int64)
                values[:, :, columns] = depths[6]
            hidden = _withhold(rng, values[ESTABLISHMENTS], parent, hidden, places.is_nation)
            yield _piece(places, own, digits + 2, codes, values, hidden)
    yield _piece(places, 0, 0, np.array([naics.TOTAL]), all_owners[:, :, None], None)


class _Places:
    """Counties first, then metropolitan areas, states and the nation, each with the counties that it holds."""

    def __init__(self, nation: Nation, year: int) -> None:
        self.counties = nation.codes(year)
        position = {code: i for i, code in enumerate(self.counties)}
        groups: list[tuple[str, int, list[int]]] = []
        for metro in areas.metros():
            inside = [position[code] for code in metro.counties if code in position]
            if metro.kind == "metro" and inside:
                groups.append((metro.code, 40, inside))
        for state in sorted({code[:2] for code in self.counties}):
            groups.append((state + "000", 50, [i for code, i in position.items() if code[:2] == state]))
        groups.append((base.US, 10, list(range(len(self.counties)))))
        self.groups = [np.array(inside) for _, _, inside in groups]
        self.codes = np.array([*self.counties, *(code for code, _, _ in groups)])
        self.level = np.array([70] * len(self.counties) + [level for _, level, _ in groups])
        self.is_nation = self.codes == base.US

    def sums(self, counties: np.ndarray) -> np.ndarray:
        return np.concatenate([counties, np.stack([counties[:, i].sum(axis=1) for i in self.groups], axis=1)], axis=1)


@cache
def _county_traits(pool: tuple[str, ...]) -> np.ndarray:
    """Establishments, pay factor and growth of each county; 'unknown' counties are small."""
    rng = np.random.default_rng([_SEED, 1])
    traits = np.stack(
        [rng.lognormal(6.5, 1.5, len(pool)), rng.lognormal(0, 0.15, len(pool)), rng.normal(0.004, 0.012, len(pool))]
    )
    traits[0, [code.endswith("999") for code in pool]] = 60
    return traits


def _leaves(nation: Nation, year: int, own: int) -> tuple[np.ndarray, np.ndarray]:
    """Which six-digit columns the ownership has, and establishments, jobs and wages by county for them."""
    pool = _pool(nation.counties)
    here = np.array([i for i, code in enumerate(pool) if _exists(code, year)])
    size, pay_factor, growth = _county_traits(pool)
    vintage, since = naics.vintage_of_year(year), year - YEARS[0]
    columns, made = [], []
    for column, code in enumerate(naics.codes(vintage, 6)):
        sector = _sector(code, vintage)
        if (own == _PRIVATE) == (sector == "92") or (own != _PRIVATE and sector not in _GOVERNMENT[own]):
            continue
        # Seeded by the code, so an industry is the same one in every year and every vintage.
        rng = np.random.default_rng([_SEED, own, int(code)])
        share, mean_jobs, pay = rng.lognormal(-7.9, 1.3), rng.lognormal(2.0, 0.8), rng.lognormal(10.7, 0.35)
        trend = rng.normal(0.004, 0.025)
        expected = size * share * rng.gamma(0.6, 1 / 0.6, len(pool)) * (1.0 if own == _PRIVATE else 0.25)
        luck, jobs_each = rng.random(len(pool)), mean_jobs * rng.lognormal(0, 0.8, len(pool))
        establishments = np.floor(expected * (1 + trend + growth) ** since + luck).astype(np.int64)
        wobble = np.random.default_rng([_SEED, own, int(code), year]).lognormal(0, 0.05, len(pool))
        jobs = np.round(establishments * jobs_each * wobble).astype(np.int64)
        wages = np.round(jobs * pay * pay_factor * 1.03**since).astype(np.int64)
        columns.append(column)
        made.append(np.stack([establishments, jobs, wages])[:, here])
    return np.array(columns), np.stack(made, axis=2)


@cache
def _sector(code: str, vintage: int) -> str:
    above = naics.parent(code, vintage)
    return code if above is None else _sector(above, vintage)


@cache
def _parent_columns(digits: int, vintage: int) -> np.ndarray:
    above = {code: i for i, code in enumerate(naics.codes(vintage, digits - 1))}
    return np.array([above[str(naics.parent(code, vintage))] for code in naics.codes(vintage, digits)], dtype=np.intp)


def _added_up(values: np.ndarray, digits: int, vintage: int, columns: np.ndarray | None) -> np.ndarray:
    """The next shallower depth. `columns`: which of this depth's columns `values` has; None for all."""
    parent = _parent_columns(digits, vintage)
    parent = parent if columns is None else parent[columns]
    made = np.zeros((*values.shape[:2], len(naics.codes(vintage, digits - 1))), dtype=np.int64)
    starts = np.flatnonzero(np.diff(parent, prepend=-1))
    made[:, :, parent[starts]] = np.add.reduceat(values, starts, axis=2)
    return made


def _withhold(
    rng: np.random.Generator, establishments: np.ndarray, parent: np.ndarray, above: np.ndarray, nation: np.ndarray
) -> np.ndarray:
    """Which cells are withheld, so that no published parent (`above`: the withheld ones) gives a single part away."""
    there = establishments > 0
    hidden = there & (rng.random(establishments.shape) < _WITHHELD[np.searchsorted(_SIZES, establishments, "right")])
    hidden[nation] = False
    for column in np.unique(parent):
        parts = np.flatnonzero(parent == column)
        count, gone = there[:, parts].sum(axis=1), hidden[:, parts].sum(axis=1)
        is_only = count == 1
        hidden[np.ix_(is_only, parts)] = there[np.ix_(is_only, parts)] & above[is_only, column][:, None]
        short = np.flatnonzero(~nation & (count > 1) & np.where(above[:, column], gone == 0, gone == 1))
        open_ones = np.where(
            there[np.ix_(short, parts)] & ~hidden[np.ix_(short, parts)], establishments[np.ix_(short, parts)], 1 << 40
        )
        hidden[short, parts[open_ones.argmin(axis=1)]] = True
    return hidden


def _piece(
    places: _Places, own: int, kind: int, codes: np.ndarray, values: np.ndarray, hidden: np.ndarray | None
) -> dict[str, np.ndarray]:
    area, column = np.nonzero(values[ESTABLISHMENTS])
    nation = values[:, -1, :].astype(np.float64)
    return {
        "area": places.codes[area],
        "place": area.astype(np.int32),
        "own": np.full(len(area), own, dtype=np.int8),
        "level": (places.level[area] + kind).astype(np.int8),
        "industry": codes[column],
        "hidden": np.zeros(len(area), dtype=bool) if hidden is None else hidden[area, column],
        "establishments": values[ESTABLISHMENTS, area, column],
        "jobs": values[JOBS, area, column],
        "wages": values[WAGES, area, column],
        **{f"us_{name}": nation[i, column] for i, name in enumerate(("establishments", "jobs", "wages"))},
    }


_ROWS = """
create or replace temp table rows as
select v.*, t.establishments as all_establishments, t.jobs as all_jobs, t.wages as all_wages,
       u.establishments as us_all_establishments, u.jobs as us_all_jobs, u.wages as us_all_wages,
       case when v.jobs > 0 then (2 * v.wages + v.jobs) // (2 * v.jobs) else 0 end as pay
from made v join (from made where own = 0) t using (place), (from made where own = 0 and area = 'US000') u
"""


def _quotient(name: str) -> str:
    share, nation = f"({name} / all_{name})", f"(us_{name} / us_all_{name})"
    rounded = f"floor({share} / {nation} * 100 + 0.5 + 1e-9) / 100"
    return f"case when hidden or us_{name} = 0 or all_{name} = 0 then 0 else {rounded} end"


def _fill(connection: duckdb.DuckDBPyConnection, nation: Nation, year: int) -> None:
    """Make the temporary table `rows` of one year."""
    connection.execute("drop table if exists made")
    for number, piece in enumerate(figures(nation, year)):
        # Codes travel as positions in a short list; a million Python strings would take longer than all the rest.
        plain: dict[str, Any] = {name: values for name, values in piece.items() if values.dtype.kind != "U"}
        lists = {}
        for name in ("area", "industry"):
            lists[name], plain[f"{name}_at"] = np.unique(piece[name], return_inverse=True)
        connection.register("piece", plain)
        connection.execute(
            ("create temp table made as " if number == 0 else "insert into made ")
            + """select $areas[area_at + 1] as area, place, own, level,
                 $industries[industry_at + 1] as industry, hidden, establishments, jobs, wages,
                 us_establishments, us_jobs, us_wages from piece""",
            {"areas": lists["area"].tolist(), "industries": lists["industry"].tolist()},
        )
        connection.unregister("piece")
    connection.execute(_ROWS)
    connection.execute("drop table made")


def write_csv(path: Path, nation: Nation, year: int) -> int:
    """Write one year as BLS's annual single file (38 columns, text in quotes). Gives the number of rows."""
    shown = {
        "area_fips": "area",
        "own_code": "own::varchar",
        "industry_code": "industry",
        "agglvl_code": "level::varchar",
        "size_code": "'0'",
        "year": f"'{year}'",
        "qtr": "'A'",
        "disclosure_code": "case when hidden then 'N' else '' end",
        "annual_avg_estabs": "establishments",
        "annual_avg_emplvl": "if(hidden, 0, jobs)",
        "total_annual_wages": "if(hidden, 0, wages)",
        "taxable_annual_wages": "if(hidden, 0, wages // 5)",
        "annual_contributions": "if(hidden, 0, wages // 250)",
        "annual_avg_wkly_wage": "if(hidden, 0, pay // 52)",
        "avg_annual_pay": "if(hidden, 0, pay)",
        "lq_disclosure_code": "case when hidden then 'N' else '' end",
        "lq_annual_avg_estabs": _quotient("establishments").replace("hidden or", ""),
        "lq_annual_avg_emplvl": _quotient("jobs"),
        "lq_total_annual_wages": _quotient("wages"),
        "lq_taxable_annual_wages": _quotient("wages"),
        "lq_annual_contributions": _quotient("wages"),
        "lq_annual_avg_wkly_wage": "if(hidden, 0, 1.0)",
        "lq_avg_annual_pay": "if(hidden, 0, 1.0)",
        "oty_disclosure_code": "case when hidden then 'N' else '' end",
    }
    for column in LAYOUTS[0].columns:
        if column.startswith("oty_") and column not in shown:
            shown[column] = "1.4" if "pct" in column else "if(hidden, 0, (jobs % 97) - 40)"
    connection = duckdb.connect()
    try:
        _fill(connection, nation, year)
        text = [name for name in LAYOUTS[0].columns if name.endswith(("_fips", "_code")) or name in ("year", "qtr")]
        connection.execute(
            f"copy (select {', '.join(f'{shown[name]} as {name}' for name in LAYOUTS[0].columns)} from rows "
            f"order by place, own, level, industry) to {quote(path)} (header, force_quote ({', '.join(text)}))"
        )
        return int(connection.execute("select count(*) from rows").fetchall()[0][0])
    finally:
        connection.close()


def write_store(root: Path, nation: Nation, years: tuple[int, ...] = YEARS) -> Store:
    """A store with these years, written by the store's own writer. A year that is there already is left alone."""
    store = Store(root, create=True)
    connection = duckdb.connect()
    try:
        for year in years:
            if year in store.years("qcew"):
                continue
            _fill(connection, nation, year)
            store.replace(
                "qcew",
                year,
                f"""select area as area_code, own as own_code, industry as industry_code, level as level_code,
                    hidden as is_withheld, establishments::integer as establishments,
                    if(hidden, null, jobs)::integer as employment_jobs, if(hidden, null, wages)::bigint as wages_usd,
                    if(hidden, null, pay)::integer as annual_pay_usd,
                    if(hidden, null, {_quotient("jobs")})::double as employment_lq_ratio, 'annual' as origin
                    from rows""",
                cursor=connection,
            )
            connection.execute("drop table rows")
    finally:
        connection.close()
    base.rebuild(store, years)
    return store
