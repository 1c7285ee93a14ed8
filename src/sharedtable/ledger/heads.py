"""The daily heads: the last hash of each chain, kept outside of the database, one line a day and space.

Whoever rewrites the whole record in the database would also have to change this file and the log of that day.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sharedtable.errors import Refused

FILE_NAME = "ledger-heads.jsonl"
_log = logging.getLogger("sharedtable.ledger")


@dataclass(frozen=True)
class Head:
    """The end of one space's chain on one day."""

    day: str
    space_id: int
    number: int
    hash: str


def keep(folder: Path, day: date, ends: Iterable[tuple[int, int, str]]) -> int:
    """Write the ends of the chains (space, number, hash) into the file and into the log; gives how many."""
    found = [Head(day.isoformat(), *end) for end in ends]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    is_new = not path.exists()
    with path.open("a", encoding="ascii") as file:
        for head in found:
            file.write(json.dumps(asdict(head), sort_keys=True) + "\n")
            _log.info("head of space %s: entry %s, %s", head.space_id, head.number, head.hash)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        path.chmod(0o600)
    return len(found)


def read(folder: Path) -> list[Head]:
    """The heads that were kept. A last line that a power cut left half-written is passed over."""
    path = folder / FILE_NAME
    if not path.exists():
        return []
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(Head(**json.loads(line)))
        except (ValueError, TypeError):
            if number < len(lines):
                raise Refused(f"Line {number} of {path} cannot be read. Restore that file from a backup.") from None
    return found
