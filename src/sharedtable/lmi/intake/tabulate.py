"""Puts rows that Python has checked into a DuckDB table, fast: through a temporary CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sharedtable.lmi.store.sql import quote

if TYPE_CHECKING:
    import duckdb


def table_of(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    work: Path,
) -> None:
    """Make the temporary table `name`; `columns` gives each its DuckDB type. None and "" are null."""
    path = work / f"{name}.rows.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    types = ", ".join(f"{quote(column)}: {quote(kind)}" for column, kind in columns.items())
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {name} AS
            SELECT * FROM read_csv({quote(path)}, columns = {{{types}}}, header = false, auto_detect = false,
                                   delim = ',', quote = '"', escape = '"', nullstr = '',
                                   new_line = '\\n')"""  # noqa: S608
    ).fetchall()
    path.unlink()
