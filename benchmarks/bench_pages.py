"""How long the server works on a page of a fifteen-county region, with eleven years of the nation loaded.

The pages are asked through Django's test client, so the network is left out and everything else is in: address,
middleware, figures, templates. Every question is about another region, so no answer was kept. The floor is the same
rows written by `json.dumps`.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import harness

COUNTIES = 15
TARGET_MS = 150.0
# Sectors as a convener would name them; the profile of each has its parts, history and occupations.
_SECTORS = ("3261,333*", "622,623", "484,493", "2382", "5415,5182", "311*", "23", "332,336")


def child(order: dict[str, Any]) -> None:
    """One process, as a server is one: ask every page in turn."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings",
        "SHAREDTABLE_DATA": order["store"],
        "SHAREDTABLE_SECRET_KEY": "a key for one benchmark, which signs nothing that anybody keeps",
    }
    os.environ.pop("DATABASE_URL", None)
    import logging

    import django
    import numpy as np
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.ERROR)  # a refused page is counted below, not printed
    call_command("migrate", verbosity=0)
    from django.test import Client

    from sharedtable.lmi import Region, Store, rank
    from sharedtable.lmi.places.areas import counties

    store = Store(order["store"])
    held = frozenset.intersection(*(store.areas(year) for year in store.years("qcew")))
    # A region's counties are neighbours: counties of one state, next to each other in the list.
    mine = [item.code for item in counties() if item.code in held]
    rng = np.random.default_rng(order["seed"])

    def areas() -> str:
        start = int(rng.integers(0, len(mine) - COUNTIES))
        return ",".join(mine[start : start + COUNTIES])

    def industries() -> str:
        return f"/industries/?areas={areas()}&digits=4"

    def profile() -> str:
        return f"/profile/?areas={areas()}&industries={_SECTORS[int(rng.integers(len(_SECTORS)))]}"

    def region() -> str:
        return f"/regions/?areas={areas()}"

    def rows() -> str:
        return json.dumps(rank(store, Region.of(areas())).to_dict())

    pages = {"industries": industries, "profile": profile, "region": region}
    client = Client(HTTP_HOST="localhost")
    found: dict[str, Any] = {"before_mb": harness.resident_mb()}
    for name, address in pages.items():
        first, answer = harness.timed(lambda address=address: client.get(address()))
        found[f"{name}_first"] = first
        if answer.status_code != 200:
            raise SystemExit(f"The page {name} answered {answer.status_code}: {_text(answer.content)}")
        found[f"{name}_kb"] = len(answer.content) / 1000
        found[f"{name}_mb"] = harness.resident_mb()
    json_address = {**pages, "rank().to_dict() and json.dumps": rows}
    seconds: dict[str, list[float]] = {name: [] for name in json_address}
    for _ in range(order["count"]):
        for name, make in json_address.items():
            if name not in pages:
                seconds[name].append(harness.timed(make)[0])
                continue
            address = make()
            took, answer = harness.timed(lambda address=address: client.get(address))
            assert answer.status_code == 200, f"{address} answered {answer.status_code}: {_text(answer.content)}"
            seconds[name].append(took)
    made = rank(store, Region.of(areas())).to_dict()
    seconds["floor: json.dumps of the rows"] = [harness.timed(lambda: json.dumps(made))[0] for _ in range(50)]
    print(json.dumps({**found, "seconds": seconds, "after_mb": harness.resident_mb(), "peak_mb": harness.peak_mb()}))


def _text(content: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", content.decode()).split())[:600]


def main() -> None:
    """Make the store, ask the pages, print the table."""
    arguments = harness.options(__doc__ or "", counties=60).parse_args()
    import synthetic

    nation = synthetic.Nation(synthetic.ALL_COUNTIES if arguments.full else arguments.counties)
    rounds = arguments.rounds or 3
    with harness.working_folder(arguments.work) as folder:
        root = Path(folder) / f"store-{nation.counties}"
        harness.progress("making or opening the store of eleven years")
        harness.alone(str(Path(__file__).with_name("bench_question.py")), "make", root=root, counties=nation.counties)
        runs = []
        for turn in range(rounds):
            harness.progress(f"round {turn + 1} of {rounds}")
            runs.append(harness.alone(__file__, "pages", store=root, seed=turn, count=25 if arguments.full else 10))
    _report(runs)


def _report(runs: list[dict[str, Any]]) -> None:
    names = list(runs[0]["seconds"])
    seconds = {name: [s for run in runs for s in run["seconds"][name]] for name in names}
    floor = harness.percentile(seconds[names[-1]], 50)
    table = []
    for name in names:
        p50, p95 = harness.percentile(seconds[name], 50), harness.percentile(seconds[name], 95)
        is_page = f"{name}_first" in runs[0]
        table.append(
            (
                name,
                harness.in_ms(min(seconds[name])),
                harness.in_ms(p50),
                harness.in_ms(p95),
                f"{p50 / floor:,.1f}",
                harness.in_ms(min(run[f"{name}_first"] for run in runs)) if is_page else "–",
                f"{runs[0][f'{name}_kb']:,.0f}" if is_page else "–",
                ("reached" if p50 * 1000 <= TARGET_MS else "missed") if is_page else "–",
            )
        )
    most = {key: max(run[key] for run in runs) for key in ("before_mb", "after_mb", "peak_mb")}
    harness.show(
        f"Pages of {COUNTIES} counties, {len(seconds[names[0]])} questions each",
        ("", "least ms", "p50 ms", "p95 ms", "p50 ÷", "first ms", "kB", f"≤ {TARGET_MS:g} ms"),
        table,
        [
            f"Memory: {most['before_mb']:,.0f} MB before the first page, {most['after_mb']:,.0f} MB at the end, "
            f"at most {most['peak_mb']:,.0f} MB with the files that it maps for reading.",
        ],
    )


if __name__ == "__main__":
    order = harness.child_order()
    if order is None:
        main()
    else:
        child(order)
