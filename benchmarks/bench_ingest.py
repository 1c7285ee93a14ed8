"""Load one national year of the QCEW (3.6 million rows, 525 MB of CSV) against pandas and a bare scan by DuckDB.

`load` checks every row, turns withheld cells into nulls, sorts, and writes the store. pandas reads the same eleven
columns and writes Parquet without any check or sort. DuckDB's bare scan only counts and adds up the columns: nothing
that reads the file can be faster.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import harness

_TEXT = ("area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "disclosure_code", "lq_disclosure_code")
_NUMBERS = ("annual_avg_estabs", "annual_avg_emplvl", "total_annual_wages", "avg_annual_pay", "lq_annual_avg_emplvl")
_KEPT = (*_TEXT, *_NUMBERS)
YEAR = 2022
STORE_TARGET_MB = 40


def _load(csv: Path, work: Path, *, isolated: bool) -> dict[str, Any]:
    from sharedtable.lmi import Store, load

    store = Store(work, create=True)
    seconds, report = harness.timed(lambda: load(csv, store, isolated=isolated))
    return {"seconds": seconds, "rows": report.files[0].rows, "megabytes": _size(work / "facts" / "qcew")}


def _levels(work: Path) -> dict[str, Any]:
    from sharedtable.lmi import Store
    from sharedtable.lmi.cube import cube_of
    from sharedtable.lmi.measures import axis_of

    store = Store(work)

    def build() -> None:
        for ownership in ("private", "total"):
            for digits in (2, 3, 4):
                cube_of(store).level(YEAR, axis_of(digits, YEAR), ownership)

    seconds, _ = harness.timed(build)
    return {"seconds": seconds, "rows": 0, "megabytes": _size(store.cache_dir)}


def _pandas(csv: Path, work: Path) -> dict[str, Any]:
    import pandas as pd

    start = time.perf_counter()
    # On purpose without a declared type for the flags' blanks: this is what a careful analyst writes.
    frame = pd.read_csv(csv, usecols=_KEPT, dtype=dict.fromkeys(_TEXT, "str"), keep_default_na=False)
    hidden = frame["disclosure_code"] == "N"
    for name in ("annual_avg_emplvl", "total_annual_wages", "avg_annual_pay"):
        frame[name] = frame[name].mask(hidden)
    frame["lq_annual_avg_emplvl"] = frame["lq_annual_avg_emplvl"].mask(frame["lq_disclosure_code"] != "")
    frame.to_parquet(work / "year.parquet", compression="zstd", index=False)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "rows": len(frame), "megabytes": _size(work)}


def _scan(csv: Path, work: Path) -> dict[str, Any]:
    import duckdb

    from sharedtable.lmi.intake.layouts import LAYOUTS

    types = {name: "DOUBLE" if name in _NUMBERS else "VARCHAR" for name in LAYOUTS[0].columns}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    asked = ", ".join(f"count({name})" if name in _TEXT else f"sum({name})" for name in _KEPT)
    connection = duckdb.connect(config={"memory_limit": "1GB"})
    start = time.perf_counter()
    found = connection.execute(
        f"select count(*), {asked} from read_csv('{csv}', header = true, auto_detect = false, columns = {{{columns}}})"
    ).fetchall()
    return {"seconds": time.perf_counter() - start, "rows": found[0][0], "megabytes": 0.0}


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / harness.MB


_CONTENDERS = {
    "sharedtable, isolated worker": lambda csv, work: _load(csv, work, isolated=True),
    "sharedtable, in process": lambda csv, work: _load(csv, work, isolated=False),
    "pandas read_csv + to_parquet": _pandas,
    "DuckDB, bare scan of the CSV": _scan,
}
_AFTER = "the year's levels (first question after a load)"


def child(order: dict[str, Any]) -> None:
    """One contender, alone in its process."""
    csv, work = Path(order["csv"]), Path(order["work"])
    result = _levels(work) if order["contender"] == _AFTER else _CONTENDERS[order["contender"]](csv, work)
    print(json.dumps({**result, "peak_mb": harness.peak_mb()}))


def main() -> None:
    """Make the year, let the contenders take turns, print the table."""
    asked = harness.options(__doc__ or "", counties=150).parse_args()
    import shutil

    import synthetic

    nation = synthetic.Nation(synthetic.ALL_COUNTIES if asked.full else asked.counties)
    rounds = asked.rounds or (5 if asked.full else 3)
    with harness.working_folder(asked.work) as folder:
        csv = folder / f"{YEAR}-{nation.counties}.csv"
        if not csv.is_file():
            harness.progress(f"making {csv.name}")
            synthetic.write_csv(csv, nation, YEAR)
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in (*_CONTENDERS, _AFTER)}
        names = list(_CONTENDERS)
        for turn in range(rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                harness.progress(f"round {turn + 1} of {rounds}: {name}")
                work = folder / "contender"
                shutil.rmtree(work, ignore_errors=True)
                work.mkdir()
                results[name].append(harness.alone(__file__, name, csv=csv, work=work))
                if name == names[0]:
                    results[_AFTER].append(harness.alone(__file__, _AFTER, csv=csv, work=work))
                shutil.rmtree(work)
        _report(results, csv.stat().st_size / harness.MB, rounds)


def _report(results: dict[str, list[dict[str, Any]]], csv_mb: float, rounds: int) -> None:
    rows_read = {name: runs[0]["rows"] for name, runs in results.items() if name != _AFTER}
    assert len(set(rows_read.values())) == 1, f"the contenders read different numbers of rows: {rows_read}"
    least = {name: min(run["seconds"] for run in runs) for name, runs in results.items()}
    scan = least["DuckDB, bare scan of the CSV"]
    table = [
        (
            name,
            f"{least[name]:.2f}",
            f"{harness.percentile([run['seconds'] for run in runs], 50):.2f}",
            f"{least[name] / scan:.2f}",
            f"{max(run['peak_mb'] for run in runs):,.0f}",
            f"{runs[-1]['megabytes']:.1f}" if runs[-1]["megabytes"] else "–",
        )
        for name, runs in results.items()
    ]
    store_mb = results["sharedtable, isolated worker"][-1]["megabytes"]
    reached = "reached" if store_mb <= STORE_TARGET_MB else "missed"
    harness.show(
        f"One year: {next(iter(rows_read.values())):,} rows, {csv_mb:,.0f} MB of CSV, {rounds} rounds",
        ("", "least s", "median s", "÷ scan", "peak MB", "written MB"),
        table,
        [f"Store: {store_mb:.1f} MB a year; target at most {STORE_TARGET_MB} MB: {reached}."],
    )


if __name__ == "__main__":
    order = harness.child_order()
    if order is not None:
        child(order)
    else:
        main()
