"""The whole security matrix: every route, visitor, method and kind of thing, and every probe in full.

The tests in `tests/security` run a fixed sample of it on each build; this runs all of it, on SQLite or on the
PostgreSQL of DATABASE_URL, and prints what was asked and what was wrong. It ends with 1 when anything was, with 2 when
parts are left to run.

All of it takes two hours or so, in parts of a few minutes. With `--keep FOLDER` each finished part is written down
there, and the next run goes on after it; `--minutes` says after how long no new part begins.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import progress, show

IN_PARTS = ("tests/security/test_matrix.py", "tests/security/test_probes.py")
AT_ONCE = ("tests/security/test_saboteurs.py",)
SUMMED = ("asked", "sent", "wrong", "pages")  # the other counts are the same in each part


def pieces(parts: int) -> Iterator[tuple[str, str]]:
    """What is run on its own: a file, and which part of it."""
    yield from ((path, "1/1") for path in AT_ONCE)
    for part in range(1, parts + 1):
        yield from ((path, f"{part}/{parts}") for path in IN_PARTS)


def run(path: str, part: str, *, is_full: bool) -> dict[str, Any]:
    """One piece, in a process of its own: seconds, the last line of pytest, its counts, and what it said when wrong."""
    with tempfile.TemporaryDirectory(prefix="sharedtable-security-") as folder:
        counts = Path(folder) / "counts.json"
        environment = {**os.environ, "SHAREDTABLE_SECURITY_COUNTS": str(counts), "SHAREDTABLE_DATA": folder}
        environment["SHAREDTABLE_SECURITY"] = "full" if is_full else ""
        environment["SHAREDTABLE_SECURITY_PART"] = part
        began = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return {
            "seconds": round(time.perf_counter() - began),
            "outcome": (done.stdout.strip().splitlines() or ["nothing"])[-1],
            "counts": json.loads(counts.read_text()) if counts.exists() else {},
            "said": done.stdout[-4000:] if done.returncode else "",
        }


def _name_of(path: Path) -> str:
    return path.stem.replace(" of ", "/")


def main() -> int:
    """Run what is left to run; gives the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--sample", action="store_true", help="only the sample that each build runs")
    parser.add_argument("--parts", type=int, default=0, help="into how many parts it is cut (default 32; a sample: 1)")
    parser.add_argument("--keep", type=Path, help="a folder for finished parts; a later run goes on after them")
    parser.add_argument("--minutes", type=float, default=0, help="begin no new part after so many minutes")
    asked = parser.parse_args()
    parts = asked.parts or (1 if asked.sample else 32)
    end = time.monotonic() + asked.minutes * 60 if asked.minutes else float("inf")
    found: dict[str, dict[str, Any]] = {}
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        found = {name: json.loads(path.read_text()) for path in asked.keep.glob("*.json") for name in [_name_of(path)]}
    order = {f"{Path(path).stem} {part}": (path, part) for path, part in pieces(parts)}
    found = {name: one for name, one in found.items() if name in order}
    # What never ran comes first, then what was wrong the last time.
    todo = [name for name in order if name not in found] + [name for name, one in found.items() if one["said"]]
    while todo and time.monotonic() < end:
        name = todo.pop(0)
        progress(f"running {name}")
        found[name] = run(*order[name], is_full=not asked.sample)
        if asked.keep:
            (asked.keep / f"{name.replace('/', ' of ')}.json").write_text(json.dumps(found[name]))
    wrong = {name: one for name, one in found.items() if one["said"]}
    for name, one in wrong.items():
        print(f"{name}\n{one['said']}", file=sys.stderr)
    counts: dict[str, int] = {}
    for one in found.values():
        for what, number in one["counts"].items():
            is_sum = what.endswith(SUMMED)
            counts[what] = counts.get(what, 0) + number if is_sum else max(counts.get(what, 0), number)
    rows: list[tuple[str, object]] = [
        ("parts run", f"{len(found)} of {len(order)}"),
        ("parts with something wrong", len(wrong)),
        ("seconds in all", f"{sum(one['seconds'] for one in found.values()):,}"),
        *((f"{name}: outcome", one["outcome"]) for name, one in wrong.items()),
        *((what, f"{number:,}") for what, number in sorted(counts.items())),
    ]
    show("Security, the sample" if asked.sample else "Security, in full", ("what", "value"), rows)
    if todo:
        print(f"{len(todo)} parts are left; run this again with the same --keep.")
    return 1 if wrong else 2 if todo else 0


if __name__ == "__main__":
    sys.exit(main())
