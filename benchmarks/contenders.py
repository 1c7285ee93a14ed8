"""Others that answer the question of `bench_question.py`, and what all of them may know before it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sharedtable.lmi import Region, Store
from sharedtable.lmi.cube import JOBS, Array, cube_of
from sharedtable.lmi.frames import base_shares
from sharedtable.lmi.measures import axis_of, half_up, measure

COUNTIES = 5


@dataclass
class Asked:
    """What every contender may know before the question: regions, codes by year, national shares, county totals."""

    store: Store

    def __post_init__(self) -> None:
        self.cube = cube_of(self.store)
        self.now = self.cube.years[-1]
        self.axis = axis_of(4, self.now)
        whole = frozenset.intersection(*(self.store.areas(year) for year in self.cube.years))
        self.counties = sorted(code for code in whole if code.isdigit() and code[2:] not in ("000", "999"))

    def regions(self, seed: int, count: int) -> list[Region]:
        rng = np.random.default_rng(seed)
        return [Region.of(rng.choice(self.counties, COUNTIES, replace=False).tolist(), "Five") for _ in range(count)]

    def nearly_all(self, seed: int, count: int) -> list[Region]:
        """All counties but one, another one each time, so that no answer can be kept."""
        left_out = np.random.default_rng(seed).permutation(len(self.counties))[:count]
        return [Region.of([*self.counties[:i], *self.counties[i + 1 :]], "All") for i in left_out]

    @cached_property
    def since(self) -> tuple[Array, Array, Array]:
        """The year that each column takes its figures from: now, the start of the short and of the long span."""
        found = measure(self.store, Region.of(self.counties[:2], "Two"), digits=4)
        assert found.short is not None and found.long is not None, "eleven years have both spans"
        return np.full(len(self.axis.codes), self.now), found.short.since_years, found.long.since_years

    @cached_property
    def plan(self) -> list[tuple[int, int, str, int]]:
        """Span, year, code, column: which codes of which year make up a column."""
        return [
            (span, year, code, column)
            for span, since in enumerate(self.since)
            for year in sorted(set(since.tolist()) - {0})
            for column, codes in enumerate(self.axis.codes_in(year))
            if since[column] == year
            for code in codes or ()
        ]

    @cached_property
    def years(self) -> list[int]:
        return sorted({year for _, year, _, _ in self.plan})

    @cached_property
    def shares(self) -> Array:
        """National shares by span and column."""
        region = Region.of(self.counties[:2], "Two")
        by_year = {y: base_shares(self.cube, region, self.axis, y, "private", "us").ratio for y in self.years}
        nothing = np.full(len(self.axis.codes), np.nan)
        return np.stack(
            [[by_year.get(y, nothing)[c] for c, y in enumerate(since.tolist())] for since in self.since]
        ).astype(float)

    def covered(self, region: Region) -> Array:
        """The region's jobs of all kinds by span and column."""
        rows = self.cube.positions(region.areas)
        by_year = {year: self.cube.totals(year, "private").covered_jobs[rows].sum() for year in self.years}
        return np.stack([[by_year.get(y, np.nan) for y in since.tolist()] for since in self.since])

    def finish(self, region: Region, found: dict[str, Array]) -> dict[str, Array]:
        """From sums by column (`col`, jobs, cells withheld and so on) to the answer, by column of the axis."""
        dense = {name: np.zeros(len(self.axis.codes)) for name in found}
        for name, values in found.items():
            dense[name][found["col"]] = values
        with np.errstate(divide="ignore", invalid="ignore"):
            jobs = np.stack([dense["jobs_0"], dense["jobs_1"], dense["jobs_2"]])
            hidden = np.stack([dense["hidden_0"], dense["hidden_1"], dense["hidden_2"]]) > 0
            quotient = half_up(np.where(hidden & (jobs == 0), np.nan, jobs) / (self.covered(region) * self.shares), 2)
        answer = {"jobs": dense["jobs_0"], "establishments": dense["firms"], "wages": dense["wages"]}
        for span in (1, 2):
            known = (self.since[span] > 0) & ((dense[f"gaps_{span}"] == 0) | (dense[f"compared_{span}"] > 0))
            answer[f"change_{span}"] = np.where(known, dense[f"change_{span}"], np.nan)
        answer["quotient"], answer["quotient_then"] = quotient[0], quotient[2]
        np.argsort(-answer["jobs"], kind="stable")
        return answer


Answer = Callable[[Region], Any]


def floor_answer(asked: Asked) -> Answer:
    """The least: three years of the mapped cube, five rows each."""
    cube, axis = asked.cube, asked.axis
    years = (asked.now, asked.now - 2, asked.years[0])
    levels = [cube.level(year, axis, "private") for year in years]
    totals = [cube.totals(year, "private").covered_jobs for year in years]
    shares = asked.shares
    position = cube.position

    def answer(region: Region) -> Any:
        rows = np.array([position[code] for code in region.areas])
        now, short, long = (level.cells[rows, :3].sum(axis=0) for level in levels)
        wages = levels[0].wages_usd[rows].sum(axis=0)
        quotient = now[JOBS] / (totals[0][rows].sum() * shares[0])
        then = long[JOBS] / (totals[2][rows].sum() * shares[2])
        return now, wages, now[JOBS] - short[JOBS], now[JOBS] - long[JOBS], quotient, then, np.argsort(-now[JOBS])

    return answer


_SUMS = """
with wide as (
  select area_code, col,
         {per_span},
         sum(establishments) filter (span = 0) as firms, sum(wages_usd) filter (span = 0) as wages
  from ({cells}) group by area_code, col)
select col, {spans}, coalesce(sum(firms), 0) as firms, coalesce(sum(wages), 0) as wages
from wide group by col order by col
"""


def duckdb_answer(asked: Asked) -> Answer:
    import duckdb

    connection = duckdb.connect()
    connection.execute("create table plan (span tinyint, year smallint, industry_code varchar, col integer)")
    connection.executemany("insert into plan values (?, ?, ?, ?)", asked.plan)
    per_span = ", ".join(
        f"coalesce(sum(employment_jobs) filter (span = {s}), 0) as jobs_{s}, "
        f"coalesce(sum(is_withheld::int) filter (span = {s}), 0) as hidden_{s}"
        for s in range(3)
    )
    spans = ", ".join(f"sum(jobs_{s}) as jobs_{s}, sum(hidden_{s}) as hidden_{s}" for s in range(3))
    for s in (1, 2):
        both = f"hidden_0 = 0 and hidden_{s} = 0"
        spans += (
            f", coalesce(sum(jobs_0 - jobs_{s}) filter ({both}), 0) as change_{s}, count(*) filter (not ({both})) as "
            f"gaps_{s}, coalesce(sum(jobs_0 + jobs_{s}) filter ({both}), 0) as compared_{s}"
        )

    def answer(region: Region) -> dict[str, Array]:
        inside = ", ".join(f"'{code}'" for code in region.areas)
        cells = " union all ".join(
            f"select area_code, span, col, employment_jobs, is_withheld, establishments, wages_usd "
            f"from read_parquet('{asked.store.path('qcew', year)}') join plan using (industry_code) "
            f"where year = {year} and own_code = 5 and level_code between 74 and 78 and area_code in ({inside})"
            for year in asked.years
        )
        found = connection.execute(_SUMS.format(per_span=per_span, spans=spans, cells=cells)).fetchnumpy()
        return asked.finish(region, {name: np.asarray(values) for name, values in found.items()})

    return answer


def polars_answer(asked: Asked) -> Answer:
    import polars as pl

    schema = {"span": pl.Int8, "year": pl.Int16, "industry_code": pl.String, "col": pl.Int32}
    plan = pl.DataFrame(asked.plan, schema=schema, orient="row")
    plans = {year: plan.filter(pl.col("year") == year).lazy() for year in asked.years}
    files = {year: pl.scan_parquet(asked.store.path("qcew", year)) for year in asked.years}
    jobs, hidden = pl.col("employment_jobs"), pl.col("is_withheld")
    wide = [pl.col("establishments").filter(pl.col("span") == 0).sum().alias("firms")]
    wide.append(pl.col("wages_usd").filter(pl.col("span") == 0).sum().alias("wages"))
    for s in range(3):
        wide.append(jobs.filter(pl.col("span") == s).sum().cast(pl.Int64).alias(f"jobs_{s}"))
        wide.append(hidden.filter(pl.col("span") == s).sum().cast(pl.Int64).alias(f"hidden_{s}"))
    names = ["firms", "wages", *(f"{name}_{s}" for name in ("jobs", "hidden") for s in range(3))]
    sums = [pl.col(name).sum() for name in names]
    for s in (1, 2):
        both = (pl.col("hidden_0") == 0) & (pl.col(f"hidden_{s}") == 0)
        now, then = pl.col("jobs_0"), pl.col(f"jobs_{s}")
        sums.append((now - then).filter(both).sum().alias(f"change_{s}"))
        sums.append((~both).sum().alias(f"gaps_{s}"))
        sums.append((now + then).filter(both).sum().alias(f"compared_{s}"))

    def answer(region: Region) -> dict[str, Array]:
        rows = (
            pl.col("area_code").is_in(list(region.areas))
            & (pl.col("own_code") == 5)
            & pl.col("level_code").is_between(74, 78)
        )
        parts = [files[year].filter(rows).join(plans[year], on="industry_code") for year in asked.years]
        found = pl.concat(parts).group_by("area_code", "col").agg(wide).group_by("col").agg(sums).collect()
        return asked.finish(region, {name: found[name].to_numpy() for name in found.columns})

    return answer


def pandas_answer(asked: Asked) -> Answer:
    import pandas as pd

    plan = pd.DataFrame(asked.plan, columns=["span", "year", "industry_code", "col"])
    columns = ["area_code", "industry_code", "employment_jobs", "is_withheld", "establishments", "wages_usd"]
    parts = []
    for year in asked.years:
        frame = pd.read_parquet(
            asked.store.path("qcew", year),
            columns=columns,
            filters=[("own_code", "==", 5), ("level_code", ">=", 74), ("level_code", "<=", 78)],
        )
        parts.append(frame.merge(plan[plan["year"] == year], on="industry_code").drop(columns=["industry_code"]))
    loaded = pd.concat(parts)
    loaded["area_code"] = loaded["area_code"].astype("category")
    loaded = loaded.rename(columns={"employment_jobs": "jobs", "is_withheld": "hidden"}).fillna(
        {"jobs": 0, "wages_usd": 0}
    )

    def answer(region: Region) -> dict[str, Array]:
        mine = loaded[loaded["area_code"].isin(region.areas)]
        cells = (
            mine.groupby(["area_code", "col", "span"], observed=True)[["jobs", "hidden"]].sum().unstack(fill_value=0)
        )
        cells.columns = [f"{name}_{span}" for name, span in cells.columns]
        for s in (1, 2):
            both = (cells["hidden_0"] == 0) & (cells[f"hidden_{s}"] == 0)
            cells[f"change_{s}"] = (cells["jobs_0"] - cells[f"jobs_{s}"]).where(both, 0)
            cells[f"compared_{s}"] = (cells["jobs_0"] + cells[f"jobs_{s}"]).where(both, 0)
            cells[f"gaps_{s}"] = ~both
        summed = cells.groupby("col").sum()
        now = (
            mine[mine["span"] == 0]
            .groupby("col")[["establishments", "wages_usd"]]
            .sum()
            .reindex(summed.index, fill_value=0)
        )
        found = {name: summed[name].to_numpy() for name in summed.columns}
        found |= {
            "col": summed.index.to_numpy(),
            "firms": now["establishments"].to_numpy(),
            "wages": now["wages_usd"].to_numpy(),
        }
        return asked.finish(region, found)

    return answer
