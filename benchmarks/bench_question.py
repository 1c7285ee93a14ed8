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
from pathlib import Path
from typing import Any

import harness
import numpy as np
from contenders import COUNTIES, Answer, Asked, duckdb_answer, floor_answer, pandas_answer, polars_answer

from sharedtable.lmi import Region, Store, rank
from sharedtable.lmi.cube import Array

CHECKED = 10
TARGETS_MS = {"p50": 0.2, "p99": 1.0, "all": 150.0}
OWN, FLOOR = "sharedtable rank()", "numpy floor"

_CONTENDERS: dict[str, Callable[[Asked], Answer]] = {
    OWN: lambda asked: lambda region: rank(asked.store, region),
    FLOOR: floor_answer,
    "Polars, scan_parquet": polars_answer,
    "DuckDB, on the Parquet": duckdb_answer,
    "pandas, all in memory": pandas_answer,
}


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


def _digest(answer: dict[str, Array], firms: Array) -> str:
    """A fingerprint of the figures of every industry that the region has."""
    here = firms > 0
    figures = [np.asarray(answer[name], dtype=float)[here] for name in sorted(answer) if name != "wages"]
    # Adding zero turns -0.0 into 0.0, which has other bytes.
    parts = [np.round(np.nan_to_num(values, nan=-9e9), 2) + 0.0 for values in figures]
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
    if name != FLOOR:
        for region in [*regions[:CHECKED], everywhere[0]]:
            made = _of_rank(asked, region) if name == OWN else answer(region)
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
    arguments = harness.options(__doc__ or "", counties=60).parse_args()
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
        digests = {name: done[turn]["digests"] for name, done in runs.items() if name != FLOOR}
        reference = digests[OWN]
        for name, found in digests.items():
            assert found == reference, f"{name} found other figures than rank(): {found} {reference}"
    seconds = {name: [s for run in done for s in run["seconds"]] for name, done in runs.items()}
    everywhere = {name: [s for run in done for s in run["all"]] for name, done in runs.items()}
    p50 = {name: harness.percentile(values, 50) for name, values in seconds.items()}
    table = [
        (
            name,
            harness.in_ms(min(seconds[name])),
            harness.in_ms(p50[name]),
            harness.in_ms(harness.percentile(seconds[name], 99)),
            f"{p50[name] / p50[OWN]:,.2f}",
            harness.in_ms(harness.percentile(everywhere[name], 50)),
            f"{harness.percentile(everywhere[name], 50) / harness.percentile(everywhere[OWN], 50):.2f}",
            f"{max(run['peak_mb'] for run in done):,.0f}",
        )
        for name, done in runs.items()
    ]
    reached = {
        "p50": p50[OWN] * 1000,
        "p99": harness.percentile(seconds[OWN], 99) * 1000,
        "all": harness.percentile(everywhere[OWN], 50) * 1000,
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
            f"First question of a process with kept levels: {min(run['first'] for run in runs[OWN]) * 1000:.1f} ms; "
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
