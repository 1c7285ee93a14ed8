"""Reads a profile workbook in a process of its own, with limits: a file from outside can at worst be refused.

Takes one line of JSON on standard input (`{"path": …}`); answers with one object: `layout` (what the workbook holds),
`refused` (a sentence), or `other` (not a workbook of ours, so perhaps a table of figures).
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import zipfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from sharedtable.errors import Refused

LAYOUT = "sharedtable-profile"
MEMORY, CPU_SECONDS, WALL_SECONDS = 768 << 20, 20, 40
# The sheet that every workbook of ours has, as a plain string in its list of sheets.
_OUR_SHEETS = (b'name="About"', b'name="Columns"')


def read_workbook(path: Path) -> dict[str, Any] | None:
    """What a profile workbook holds, as plain values; None for a file that is no workbook of ours.

    Fails with Refused, naming sheet and cell, when it is one and cannot be read.
    """
    with path.open("rb") as opened:
        if opened.read(4) != b"PK\x03\x04":
            return None
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sharedtable.studies.workbook_worker"],
            input=json.dumps({"path": str(path)}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=WALL_SECONDS,
            cwd=path.parent,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONUTF8": "1"},
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as problem:
        raise Refused(
            f"{path.name}: reading this workbook took more time or memory than a real one needs. It was not used."
        ) from problem
    if "refused" in answer:
        raise Refused(f"{path.name}: {answer['refused']}")
    found: dict[str, Any] | None = answer.get("layout")
    return found


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as box, box.open("xl/workbook.xml") as stream:
            start = stream.read(200_000)
    except Exception:  # what is no whole workbook is not ours; whoever reads it next says what is wrong with it
        return False
    return all(mark in start for mark in _OUR_SHEETS)


def _limit() -> None:
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def main() -> None:
    """The worker's side."""
    from sharedtable.exports.xlsx_reader import MAX_BYTES, read_layout

    _limit()
    path = Path(json.load(sys.stdin)["path"])
    answer: dict[str, Any]
    try:
        if not _is_ours(path):
            answer = {"other": True}
        elif path.stat().st_size > MAX_BYTES:
            answer = {"refused": f"This workbook has more than {MAX_BYTES // 1_000_000} MB. Send a smaller one."}
        else:
            answer = {"layout": asdict(read_layout(path.read_bytes(), LAYOUT))}
    except Refused as problem:
        answer = {"refused": str(problem)}
    except MemoryError:
        answer = {"refused": "This workbook needs more memory than a real one. It was not used."}
    json.dump(answer, sys.stdout, default=lambda v: v.isoformat() if isinstance(v, date) else str(v))


if __name__ == "__main__":
    main()
