"""Ask eleven years of the nation for the ranked four-digit industries of five counties, another five each time.

The question: jobs, establishments, wages, the change over two and ten years (only over counties that publish both
ends), the location quotient now and then, in order. `rank` also works out pay, bounds and scores by four criteria; the
others need not. They get the concordance, the national shares and the totals of the counties ready made, so they
only add up cells. What they find must equal what `rank` finds, figure by figure.

The floor is the least that numpy has to do on the same mapped files: gather, add, divide, sort; no changes of codes
between vintages, no withheld cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import harness
import numpy as np

from sharedtable.lmi import Region, Store, rank
from sharedtable.lmi.cube import ESTABLISHMENTS, JOBS, WITHHELD_CELLS, Array, cube_of
from sharedtable.lmi.measures import axis_of, base_shares, half_up, measure

COUNTIES = 5
CHECKED = 10
TARGETS_MS = {"p50": 0.2, "p99": 1.0, "all": 150.0}


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


def _of_rank(asked: Asked, region: Region) -> dict[str, Array]:
    found = rank(asked.store, region).measures
    assert found.short is not None and found.long is not None
    return {
        "jobs": found.jobs,
        "establishments": found.establishments,
        "change_1": found.short.jobs,
        "change_2": found.long.jobs,
        "quotient": found.lq_ratio,
        "quotient_then": found.long.lq_then_ratio,
    }


Answer = Callable[[Region], Any]


def _sharedtable(asked: Asked) -> Answer:
    return lambda region: rank(asked.store, region)


def _floor(asked: Asked) -> Answer:
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


def _duckdb(asked: Asked) -> Answer:
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


def _polars(asked: Asked) -> Answer:
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


def _pandas(asked: Asked) -> Answer:
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
    loaded = loaded.rename(columns={"employment_jobs": "jobs", "is_withheld": "hidden"}).fillna({"jobs": 0, "wages_usd": 0})

    def answer(region: Region) -> dict[str, Array]:
        mine = loaded[loaded["area_code"].isin(region.areas)]
        cells = mine.groupby(["area_code", "col", "span"], observed=True)[["jobs", "hidden"]].sum().unstack(fill_value=0)
        cells.columns = [f"{name}_{span}" for name, span in cells.columns]
        for s in (1, 2):
            both = (cells["hidden_0"] == 0) & (cells[f"hidden_{s}"] == 0)
            cells[f"change_{s}"] = (cells["jobs_0"] - cells[f"jobs_{s}"]).where(both, 0)
            cells[f"compared_{s}"] = (cells["jobs_0"] + cells[f"jobs_{s}"]).where(both, 0)
            cells[f"gaps_{s}"] = ~both
        summed = cells.groupby("col").sum()
        now = mine[mine["span"] == 0].groupby("col")[["establishments", "wages_usd"]].sum().reindex(summed.index, fill_value=0)
        found = {name: summed[name].to_numpy() for name in summed.columns}
        found |= {"col": summed.index.to_numpy(), "firms": now["establishments"].to_numpy(), "wages": now["wages_usd"].to_numpy()}
        return asked.finish(region, found)

    return answer


_CONTENDERS: dict[str, Callable[[Asked], Answer]] = {
    "sharedtable rank()": _sharedtable,
    "numpy floor": _floor,
    "Polars, scan_parquet": _polars,
    "DuckDB, on the Parquet": _duckdb,
    "pandas, all in memory": _pandas,
}
_LEAST = "numpy floor"


def _digest(answer: dict[str, Array], firms: Array) -> str:
    """A fingerprint of the figures of every industry that the region has."""
    here = firms > 0
    parts = [np.round(np.nan_to_num(np.asarray(answer[name], dtype=float)[here], nan=-9e9), 2) + 0.0 for name in sorted(answer) if name != "wages"]
    return hashlib.sha256(np.stack(parts).tobytes()).hexdigest()[:16]


def child(order: dict[str, Any]) -> None:
    """One contender's turn, alone in its process."""
    asked = Asked(Store(order["store"]))
    name, seed = order["contender"], order["seed"]
    before = harness.resident_mb()
    seconds_ready, answer = harness.timed(lambda: _CONTENDERS[name](asked))
    regions = asked.regions(seed, order["count"] + 3)
    seconds_first, _ = harness.timed(lambda: answer(regions[0]))
    for region in regions[1:3]:
        answer(region)
    seconds = [harness.timed(lambda region=region: answer(region))[0] for region in regions[3:]]
    everywhere = asked.nearly_all(seed, order["all_count"] + 1)
    answer(everywhere[0])
    seconds_all = [harness.timed(lambda region=region: answer(region))[0] for region in everywhere[1:]]
    peak, now = harness.peak_mb(), harness.resident_mb()
    digests = []
    if name != _LEAST:
        for region in [*regions[:CHECKED], everywhere[0]]:
            made = _of_rank(asked, region) if name == "sharedtable rank()" else answer(region)
            digests.append(_digest(made, made["establishments"]))
    print(
        json.dumps(
            {
                "seconds": seconds,
                "all": seconds_all,
                "ready": seconds_ready,
                "first": seconds_first,
                "peak_mb": peak,
                "own_mb": max(0.0, now - before),
                "digests": digests,
            }
        )
    )


def main() -> None:
    """Make the store, let the contenders take turns, print the table."""
    arguments = harness.options(__doc__ or "", counties=150).parse_args()
    import synthetic

    nation = synthetic.Nation(synthetic.ALL_COUNTIES if arguments.full else arguments.counties)
    rounds = arguments.rounds or (5 if arguments.full else 2)
    with harness.working_folder(arguments.work) as folder:
        root = folder / f"store-{nation.counties}"
        harness.progress("making or opening the store of eleven years")
        made = harness.alone(__file__, "make", root=root, counties=nation.counties)
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in _CONTENDERS}
        names = list(_CONTENDERS)
        for turn in range(rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                harness.progress(f"round {turn + 1} of {rounds}: {name}")
                quick = name in names[:2]
                counts = {"count": 1000 if quick else 20, "all_count": 5 if quick else 2}
                runs[name].append(harness.alone(__file__, name, store=root, seed=turn + 1, **counts))
        _report(runs, made, rounds)


def make(order: dict[str, Any]) -> None:
    """Make the store and the levels that the questions need."""
    import synthetic

    store = synthetic.write_store(Path(order["root"]), synthetic.Nation(order["counties"]))
    asked = Asked(store)
    seconds, _ = harness.timed(lambda: rank(store, asked.regions(0, 1)[0]))
    print(json.dumps({"levels": seconds, "counties": len(asked.counties), "years": len(asked.cube.years)}))


def _report(runs: dict[str, list[dict[str, Any]]], made: dict[str, Any], rounds: int) -> None:
    for turn in range(rounds):
        digests = {name: done[turn]["digests"] for name, done in runs.items() if name != _LEAST}
        reference = digests["sharedtable rank()"]
        for name, found in digests.items():
            assert found == reference, f"{name} found other figures than rank(): {found} {reference}"
    seconds = {name: [s for run in done for s in run["seconds"]] for name, done in runs.items()}
    everywhere = {name: [s for run in done for s in run["all"]] for name, done in runs.items()}
    p50 = {name: harness.percentile(values, 50) for name, values in seconds.items()}
    own = "sharedtable rank()"
    table = [
        (
            name,
            harness.in_ms(min(seconds[name])),
            harness.in_ms(p50[name]),
            harness.in_ms(harness.percentile(seconds[name], 99)),
            f"{p50[name] / p50[own]:,.2f}",
            harness.in_ms(harness.percentile(everywhere[name], 50)),
            f"{harness.percentile(everywhere[name], 50) / harness.percentile(everywhere[own], 50):.2f}",
            f"{max(run['peak_mb'] for run in done):,.0f}",
        )
        for name, done in runs.items()
    ]
    reached = {
        "p50": p50[own] * 1000,
        "p99": harness.percentile(seconds[own], 99) * 1000,
        "all": harness.percentile(everywhere[own], 50) * 1000,
    }
    harness.show(
        f"Four-digit industries of {COUNTIES} of {made['counties']:,} counties, {made['years']} years, {rounds} rounds",
        ("", "least ms", "p50 ms", "p99 ms", "p50 ÷", "all p50 ms", "all ÷", "peak MB"),
        table,
        [
            *(
                f"{name}: {value:.3f} ms; target {TARGETS_MS[name]:g} ms: "
                + ("reached." if value <= TARGETS_MS[name] else "missed.")
                for name, value in reached.items()
            ),
            f"First question of a process with kept levels: {min(run['first'] for run in runs[own]) * 1000:.1f} ms; "
            f"making the levels: {made['levels']:.2f} s.",
            f"Every contender found the same figures in {rounds * (CHECKED + 1)} regions.",
        ],
    )


if __name__ == "__main__":
    order = harness.child_order()
    if order is None:
        main()
    elif order["contender"] == "make":
        make(order)
    else:
        child(order)
