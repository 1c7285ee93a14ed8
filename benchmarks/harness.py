"""What the benchmarks share: options, contenders in processes of their own, percentiles, one table at the end.

Seconds on a shared machine say little; every table therefore gives ratios within one run. Contenders take turns,
round by round, so that a busy minute hits all of them; the least and the median of the rounds are shown.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

MB = 1_000_000


def options(purpose: str, *, counties: int) -> argparse.ArgumentParser:
    """The options that every benchmark has. `counties`: the size of the small default."""
    parser = argparse.ArgumentParser(description=purpose.split("\n\n")[0])
    parser.add_argument("--counties", type=int, default=counties, help=f"size of the nation (default {counties})")
    parser.add_argument("--full", action="store_true", help="the whole nation and the repetitions of the issue")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn")
    parser.add_argument("--work", type=Path, help="a folder for the made-up data that is kept and used again")
    return parser


@contextmanager
def working_folder(kept: Path | None) -> Iterator[Path]:
    """The folder that was named, or one that is gone afterwards."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="sharedtable-bench-") as folder:
        yield Path(folder)


def progress(text: str) -> None:
    """One line for who waits; never part of the table."""
    print(f"· {text}", file=sys.stderr, flush=True)


def alone(script: str, contender: str, **arguments: Any) -> dict[str, Any]:
    """Run one contender of a script in a process of its own and give what it prints, one JSON object."""
    order = json.dumps({"contender": contender, **arguments}, default=str)
    done = subprocess.run([sys.executable, script, "--child", order], capture_output=True, text=True, timeout=3600)
    if done.returncode:
        raise SystemExit(f"The contender {contender} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def child_order() -> dict[str, Any] | None:
    """In a contender's process what it is to do; None in the benchmark's own."""
    return json.loads(sys.argv[2]) if len(sys.argv) == 3 and sys.argv[1] == "--child" else None


def peak_mb() -> float:
    """The most memory that this process, or the largest process that it started, held so far."""
    # Not the rusage of this process itself: Linux counts in it what the process that started it held.
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(_memory_kb("VmHWM"), children) * 1024 / MB


def resident_mb() -> float:
    """Memory of this process now, without the files that it has mapped for reading."""
    return _memory_kb("RssAnon") * 1024 / MB


def _memory_kb(name: str) -> int:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields[name].split()[0])


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a call took, and what it gave."""
    start = time.perf_counter()
    made = call()
    return time.perf_counter() - start, made


def take_turns(contenders: Mapping[str, Callable[[int], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contender in each round; the order of turns rotates."""
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            seconds[name].append(timed(lambda name=name, turn=turn: contenders[name](turn))[0])
    return seconds


def percentile(values: Sequence[float], percent: float) -> float:
    """A percentile that was really measured, never one between two measurements."""
    return float(np.percentile(np.asarray(values), percent, method="higher"))


def in_ms(seconds: float) -> str:
    return f"{seconds * 1000:.3f}" if seconds < 0.01 else f"{seconds * 1000:,.1f}"


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], notes: Sequence[str] = ()) -> None:
    """Print the table of a benchmark."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number == 0 else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console = Console(width=118)
    console.print(table)
    for note in notes:
        console.print(note, highlight=False)
