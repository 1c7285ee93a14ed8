"""How well and how fast the same companies and people are found, beside plain Splink and plain rapidfuzz.

Three lists with known truth: two restaurant guides (112 true pairs), FEBRL4 (5,000 people), and a made-up record of
four agencies. Truth is only used to count; no contender sees it. "same" counts what the program would decide alone,
"likely" the best one-to-one pairs with even odds or better; "shown" the share of true pairs that a person gets to see.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import harness
from made_lists import agencies, febrl

SHARED = Path(os.environ.get("SHAREDTABLE_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def _restaurants() -> tuple[list[Any], list[Any], set[tuple[int, int]]]:
    from sharedtable.people.matching.records import Firm

    folder = SHARED / "data" / "matching"

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8") as opened:
            return list(csv.DictReader(opened))

    def firms(name: str) -> list[Firm]:
        return [Firm(int(r["id"]), r["name"], r["addr"], r["city"], phones=(r["phone"],)) for r in rows(name)]

    truth = {(int(r["fodors_id"]), int(r["zagats_id"])) for r in rows("matches_fodors_zagats.csv")}
    return firms("fodors.csv"), firms("zagats.csv"), truth


def _load(order: dict[str, Any]) -> tuple[list[Any], list[Any] | None, set[tuple[int, int]], str]:
    if order["data"] == "restaurants":
        return *_restaurants(), "two guides, 533 and 331"
    if order["data"] == "febrl4":
        return febrl(Path(order["febrl"]) if order.get("febrl") else None)
    entries, owner = agencies(order["entries"])
    groups = defaultdict(list)
    for entry, company in zip(entries, owner, strict=True):
        groups[company].append(entry.key)
    truth = {(a, b) for keys in groups.values() for i, a in enumerate(keys) for b in keys[i + 1 :]}
    return entries, None, truth, f"{len(entries):,} of four agencies"


def child(order: dict[str, Any]) -> None:
    import json

    left, right, truth, about = _load(order)
    start = time.perf_counter()
    same, likely, shown = globals()[f"by_{order['contender']}"](left, right)
    seconds = time.perf_counter() - start
    out = {"about": about, "seconds": seconds, "peak": harness.peak_mb(), "pairs": len(truth)}
    for name, found in (("same", same), ("likely", likely)):
        hit = len(found & truth)
        out[name] = {"f1": 2 * hit / (len(found) + len(truth)), "false": len(found) - hit, "missed": len(truth) - hit}
    out["shown"] = len(shown & truth) / len(truth)
    print(json.dumps(out))
    sys.stdout.flush()
    os._exit(0)


def by_shared_table(left: list[Any], right: list[Any] | None) -> tuple[set[Any], set[Any], set[Any]]:
    from sharedtable.people.matching.linking import likely_pairs, link, link_within

    found = link(left, right) if right is not None else link_within(left)
    same = {(m.left, m.right) for m in found if m.answer == "same"}
    likely = {(m.left, m.right) for m in (likely_pairs(found) if right is not None else found) if m.bits > 0}
    return same, likely, {(m.left, m.right) for m in found}


def by_splink(left: list[Any], right: list[Any] | None) -> tuple[set[Any], set[Any], set[Any]]:
    """Splink as its documentation begins: exact and Jaro–Winkler levels, u by sampling, m by EM."""
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    from sharedtable.people.matching import splinking
    from sharedtable.people.matching.records import Firm

    database = DuckDBAPI()
    is_firms = isinstance(left[0], Firm)
    settings = splinking.firm_settings if is_firms else splinking.human_settings
    if right is None:
        tables: Any = database.register(splinking._table(left))
    else:
        tables = [
            database.register(splinking._table(side), dataset_display_name=name)
            for name, side in (("list_one", left), ("list_two", right))
        ]
    linker = Linker(tables, settings("dedupe_only" if right is None else "link_only"), log_level=50)
    splinking.train(linker, is_firms)
    found = linker.inference.predict(threshold_match_probability=0.05).as_duckdbpyrelation()
    columns = "match_probability, unique_id_l, unique_id_r" + (", source_dataset_l" if right is not None else "")
    pairs: dict[tuple[int, int], float] = {}
    for row in found.select(columns).fetchall():
        one, other = row[1], row[2]
        if right is None:
            one, other = min(one, other), max(one, other)
        elif row[3] != "list_one":
            one, other = other, one
        pairs[one, other] = row[0]
    likely = {pair for pair, chance in pairs.items() if chance > 0.5}
    return {pair for pair, chance in pairs.items() if chance >= 0.99}, likely, set(pairs)


def by_rapidfuzz(left: list[Any], right: list[Any] | None) -> tuple[set[Any], set[Any], set[Any]]:
    """Plain rapidfuzz: name, address and phone as they stand, mean of the three; same from 85 on, likely from 75 on.

    All pairs where that can be (the guides); else pairs that share the first four letters of the name or the phone.
    """
    from rapidfuzz import fuzz

    def texts(one: Any) -> tuple[str, str, str]:
        name = one.name if hasattr(one, "name") else f"{one.given} {one.family}"
        other = one.phones[0] if one.phones else getattr(one, "born", "")
        return name.lower(), f"{one.street} {one.city}".lower(), "".join(sign for sign in other if sign.isdigit())

    mine = [(one.key, *texts(one)) for one in left]
    theirs = mine if right is None else [(one.key, *texts(one)) for one in right]
    blocks: dict[str, list[int]] = defaultdict(list)
    is_small = right is not None and len(mine) * len(theirs) < 1_000_000
    for at, (_key, name, _place, number) in enumerate(theirs):
        for block in [""] if is_small else [name[:4], number or name]:
            blocks[block].append(at)
    scores: dict[tuple[int, int], float] = {}
    for key, name, place, number in mine:
        for block in [""] if is_small else [name[:4], number or name]:
            if len(blocks[block]) > 3_000 and not is_small:
                continue
            for at in blocks[block]:
                other, name2, place2, number2 = theirs[at]
                if (right is None and key >= other) or (key, other) in scores:
                    continue
                parts = [fuzz.token_set_ratio(name, name2)]
                parts += [fuzz.token_set_ratio(place, place2)] if place and place2 else []
                parts += [100.0 * (number == number2)] if number and number2 else []
                score = sum(parts) / len(parts)
                if score >= 60:
                    scores[key, other] = score
    if right is not None:
        taken: set[tuple[str, int]] = set()
        best: dict[tuple[int, int], float] = {}
        for (one, other), score in sorted(scores.items(), key=lambda item: -item[1]):
            if ("l", one) not in taken and ("r", other) not in taken:
                taken |= {("l", one), ("r", other)}
                best[one, other] = score
    else:
        best = scores
    return {p for p, s in best.items() if s >= 85}, {p for p, s in best.items() if s >= 75}, set(scores)


def main() -> None:
    parser = harness.options(__doc__ or "", counties=0)
    parser.add_argument(
        "--entries", type=int, help="entries on the four agencies' lists (default 20,000; full 100,000)"
    )
    parser.add_argument("--febrl", type=Path, help="a folder with the published dataset4a.csv and dataset4b.csv")
    asked = parser.parse_args()
    entries = asked.entries or (100_000 if asked.full else 20_000)
    rows = []
    for data in ("restaurants", "febrl4", "agencies"):
        if data == "restaurants" and not (SHARED / "data" / "matching").is_dir():
            continue
        base = 0.0
        for contender in ("shared_table", "splink", "rapidfuzz"):
            harness.progress(f"{data}: {contender}")
            found = harness.alone(__file__, contender, data=data, entries=entries, febrl=asked.febrl)
            base = base or found["seconds"]
            rows.append(
                (
                    found["about"] if contender == "shared_table" else "", contender.replace("_", " "),
                    f"{found['same']['f1']:.4f}", found["same"]["false"], found["same"]["missed"],
                    f"{found['likely']['f1']:.4f}", f"{found['shown']:.4f}", f"{found['seconds']:.2f}",
                    f"{found['seconds'] / base:.1f}x", f"{found['peak']:.0f}",
                )
            )  # fmt: skip
    heads = ("list", "contender", "F1 same", "false", "missed", "F1 likely", "shown", "s", "time", "MB")
    show = harness.show
    show("Matching", heads, rows, ["Truth only counts; no weight or threshold was fitted to it. Time is beside ours."])


if __name__ == "__main__":
    order = harness.child_order()
    child(order) if order else main()
