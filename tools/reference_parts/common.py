"""Reading government CSV files as they come, writing small tables as we keep them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path


def read_rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    """All rows of a delimited file; takes a byte-order mark, Latin-1 text and bare carriage returns as line ends."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def read_dicts(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Rows as dictionaries; header and values stripped, rows without any value dropped."""
    rows = read_rows(path, delimiter)
    header = [cell.strip() for cell in rows[0]]
    return [
        dict(zip(header, (cell.strip() for cell in row), strict=False))
        for row in rows[1:]
        if any(cell.strip() for cell in row)
    ]


def write_table(path: Path, comment: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write a tab-separated table: comment lines, header line, rows. No cell may hold a tab or a line end."""
    lines = [f"# {line}" for line in comment.strip().splitlines()]
    lines.append("\t".join(header))
    for row in rows:
        if any("\t" in cell or "\n" in cell for cell in row):
            raise ValueError(f"a cell with a tab or a line end in {path.name}: {row!r}")
        lines.append("\t".join(row))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path
