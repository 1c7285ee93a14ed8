"""A change of the store: files staged beside it, then renamed into place together."""

from __future__ import annotations

import filecmp
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedtable.errors import Refused
from sharedtable.lmi.store.receipts import Receipt
from sharedtable.lmi.store.sql import first_line, quote

if TYPE_CHECKING:
    import duckdb

    from sharedtable.lmi.store import Store

# 15 counties at one level are two or three neighbouring row groups of a sorted file; smaller groups read no faster.
ROW_GROUP_ROWS = 122_880

# Columns that decide the order of each table; together they name one row.
SORT_KEYS: Mapping[str, tuple[str, ...]] = {
    "qcew": ("level_code", "area_code", "own_code", "industry_code"),
    "qcew_quarterly": ("level_code", "area_code", "own_code", "industry_code", "quarter"),
    "us_base": ("own_code", "industry_code"),
    "oews": ("area_code", "occupation_code"),
    "oews_staffing": ("industry_code", "occupation_code"),
    "occupation_projections": ("occupation_code",),
    "industry_projections": ("area_code", "industry_code", "projected_year", "source_name"),
}


def copy_sql(table: str, select_sql: str, path: Path) -> str:
    """The SQL that writes the rows of a query as a file of that table: sorted by its key, compressed."""
    keys = ", ".join(SORT_KEYS[table]) if table in SORT_KEYS else "ALL"
    return (
        f"COPY (SELECT * FROM ({select_sql}) ORDER BY {keys}) TO {quote(path)} "  # noqa: S608
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    )


class Change:
    """Files prepared to become part of the store together. `Store.writing` gives one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._staged: dict[tuple[str, int], Path] = {}

    def stage(
        self,
        table: str,
        year: int,
        select_sql: str,
        parameters: Sequence[Any] = (),
        *,
        cursor: duckdb.DuckDBPyConnection | None = None,
    ) -> bool:
        """Write the rows beside the store, sorted. Gives False when the store already holds exactly these rows."""
        import duckdb

        target = self._store.target(table, year)
        target.parent.mkdir(exist_ok=True)
        staged = target.parent / f".{target.stem}.{secrets.token_hex(6)}.new"
        runner = cursor if cursor is not None else self._store.cursor()
        try:
            runner.execute(copy_sql(table, select_sql, staged), list(parameters)).fetchall()
        except (duckdb.IOException, OSError) as problem:
            staged.unlink(missing_ok=True)
            raise Refused(
                f"The new figures cannot be written to {self._store.root}: {first_line(problem)} "
                "The old figures are untouched. Is the disk full?"
            ) from problem
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        return self._take(table, year, staged)

    def adopt(self, table: str, year: int, ready: Path) -> bool:
        """As `stage`, for a file that `copy_sql` has already written on the same disk; the file is moved."""
        target = self._store.target(table, year)
        target.parent.mkdir(exist_ok=True)
        staged = target.parent / f".{target.stem}.{secrets.token_hex(6)}.new"
        os.replace(ready, staged)
        return self._take(table, year, staged)

    def _take(self, table: str, year: int, staged: Path) -> bool:
        target = self._store.target(table, year)
        earlier = self._staged.pop((table, year), None)
        if earlier is not None:
            earlier.unlink(missing_ok=True)
        if target.is_file() and filecmp.cmp(staged, target, shallow=False):
            staged.unlink()
            return False
        self._staged[table, year] = staged
        return True

    def latest(self, table: str, year: int) -> Path | None:
        """The file that this change would leave for that table and year; None when there is none."""
        staged = self._staged.get((table, year))
        if staged is not None:
            return staged
        target = self._store.target(table, year)
        return target if target.is_file() else None

    def commit(self, notes: Sequence[Receipt] = ()) -> dict[str, tuple[int, ...]]:
        """Make every staged file part of the store and add the receipts. Gives what changed: table to years."""
        changed: dict[str, tuple[int, ...]] = {}
        if not self._staged:
            return changed
        facts = self._store.facts
        renames = []
        for (table, year), staged in sorted(self._staged.items()):
            _sync(staged)
            renames.append([f"{table}/{staged.name}", f"{table}/{year}.parquet"])
            changed[table] = (*changed.get(table, ()), year)
        plan = {"renames": renames, "receipts": [receipt.to_line() for receipt in notes]}
        journal = facts / ".journal"
        temporary = facts / f".journal.{secrets.token_hex(4)}"
        try:
            temporary.write_text(json.dumps(plan), "utf-8")
            _sync(temporary)
            os.replace(temporary, journal)
        except OSError as problem:
            temporary.unlink(missing_ok=True)
            raise Refused(
                f"The new figures cannot be written to {self._store.root}: {problem.strerror}. "
                "The old figures are untouched."
            ) from problem
        self._staged.clear()
        self._store.carry_out(plan)
        journal.unlink(missing_ok=True)
        return changed

    def discard(self) -> None:
        """Remove what was staged and not committed."""
        for staged in self._staged.values():
            staged.unlink(missing_ok=True)
        self._staged.clear()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
