"""Runs a load in a process of its own, with limits, so that no file can harm the process that asked for it.

The caller sends one JSON object on standard input. The worker answers in lines of JSON: steps of progress, then either
the report or the sentence of a refusal.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.intake.loading import FileReport, LoadReport
from sharedtable.lmi.intake.unpack import Limits
from sharedtable.lmi.progress import Progress, Step


def run(paths: Sequence[Path], root: Path, progress: Progress, limits: Limits) -> LoadReport:
    """Load in a worker process and wait for it. Fails with Refused as the load does, and when the worker dies."""
    order = {"paths": [str(path) for path in paths], "root": str(root), "limits": asdict(limits)}
    # Only this package's interpreter and module run; the file names travel as data, not on the command line.
    process = subprocess.Popen(
        [sys.executable, "-m", "sharedtable.lmi.intake.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
        text=True,
        encoding="utf-8",
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    alarm = threading.Timer(limits.wall_seconds, stop)
    alarm.start()
    last: dict[str, Any] = {}
    try:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes, as asked above
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(json.dumps(order))
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                last = json.loads(line)
                if "step" in last:
                    progress(Step(**last["step"]))
        process.wait()
    finally:
        alarm.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if "report" in last:
        return _report(last["report"])
    if "refused" in last:
        raise (Missing if last.get("missing") else Refused)(last["refused"])
    if late.is_set():
        raise Refused(
            f"The load took longer than {limits.wall_seconds:g} seconds and was stopped. The figures are as they were."
        )
    raise Refused(
        f"The load stopped in the middle (the worker ended with {process.returncode}), perhaps for lack of memory or "
        "because a file is broken. The figures are as they were; load fewer files at a time."
    )


def _report(raw: dict[str, Any]) -> LoadReport:
    def frozen(file: dict[str, Any]) -> dict[str, Any]:
        return {key: tuple(value) if isinstance(value, list) else value for key, value in file.items()}

    files = tuple(FileReport(**frozen(file)) for file in raw["files"])
    return LoadReport(files, {table: tuple(years) for table, years in raw["changed"].items()})


def _answer(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _limit(limits: Limits) -> None:
    """Ask the system to enforce what Python cannot: memory, file size, no core dumps."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.address_space_bytes),
        (resource.RLIMIT_FSIZE, limits.unpacked_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def main() -> None:
    """The worker's side: read the order, load, answer."""
    from sharedtable.lmi.intake.load import load_here
    from sharedtable.lmi.store import Store

    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    _limit(limits)
    try:
        report = load_here(
            [Path(path) for path in order["paths"]],
            Store(order["root"]),
            progress=lambda step: _answer({"step": asdict(step)}),
            limits=limits,
        )
        _answer({"report": asdict(report)})
    except Refused as problem:
        _answer({"refused": str(problem), "missing": isinstance(problem, Missing)})
    except MemoryError:
        _answer({"refused": "The files need more memory than one load may use. Load fewer at a time."})
    # Everything is written and closed; DuckDB's own tidying at the end only prints noise.
    os._exit(0)


if __name__ == "__main__":
    main()
