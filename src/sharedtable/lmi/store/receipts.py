"""Receipts: which file or address each figure in the store came from, when, and its checksum.

One line of JSON for each file that changed something. Nothing edits a line later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Receipt:
    """One file that was fetched or loaded.

    `tables` maps a table of the store to the years that the file gave it. `areas` are the area codes in the file
    (empty where the table has no areas). `address` is None for a file that a person brought.
    """

    source_id: str
    file_name: str
    bytes: int
    sha256: str
    vintage: str
    loaded_at: str
    address: str | None = None
    fetched_at: str | None = None
    tables: Mapping[str, tuple[int, ...]] | None = None
    areas: tuple[str, ...] = ()

    def to_line(self) -> str:
        """The receipt as one line of JSON, without a line end."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Receipt:
        """The receipt that `to_line` wrote; unknown keys (of a newer version) are ignored."""
        known = {key: raw[key] for key in cls.__dataclass_fields__ if key in raw}
        if known.get("tables") is not None:
            known["tables"] = {table: tuple(years) for table, years in known["tables"].items()}
        known["areas"] = tuple(known.get("areas", ()))
        return cls(**known)


def now() -> str:
    """The present moment in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def read(path: Path) -> list[Receipt]:
    """All receipts, oldest first. A last line cut short by a power failure is left out."""
    receipts = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            receipts.append(Receipt.from_mapping(json.loads(line)))
        except (ValueError, TypeError):
            continue
    return receipts


def beside(path: Path, sha256: str) -> Receipt | None:
    """The receipt that the downloader left beside a file; None when there is none or the file is another by now."""
    found = read(path.with_name(path.name + ".receipt"))
    return found[0] if found and found[0].sha256 == sha256 else None


def still_standing(receipts: Iterable[Receipt], table: str, year: int) -> list[Receipt]:
    """The receipts whose figures are still in that table and year, newest first.

    A file whose areas were all loaded again later no longer stands behind any figure.
    """
    covered: set[str] = set()
    standing = []
    for receipt in reversed(list(receipts)):
        if year not in (receipt.tables or {}).get(table, ()):
            continue
        areas = set(receipt.areas) or {"*"}
        if areas <= covered:
            continue
        covered |= areas
        standing.append(receipt)
    return standing
