"""Puts new rows beside the old ones: whole groups (an area, a quarter of an area) are replaced, the rest stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sharedtable.lmi.store.change import Change
from sharedtable.lmi.store.sql import quote

if TYPE_CHECKING:
    import duckdb


def into_year(
    connection: duckdb.DuckDBPyConnection,
    change: Change,
    table: str,
    year: int,
    new_sql: str,
    columns: Sequence[str],
    groups: Sequence[str],
    *,
    ready: Path | None = None,
) -> set[tuple[object, ...]]:
    """Stage `table` of `year` with the groups of `new_sql` in place of the old ones.

    `ready` is a file of the table with exactly the rows of `new_sql`; it is taken as it is when nothing old stays.

    Gives the groups whose rows are really different from what the store holds; when there are none nothing is staged.
    With no `groups` the whole year is one group, named ().
    """
    listed = ", ".join(columns)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW merge_new AS SELECT {listed} FROM ({new_sql})")  # noqa: S608
    old = change.latest(table, year)
    fresh = _sums(connection, "merge_new", columns, groups)
    have = {} if old is None else _sums(connection, f"read_parquet({quote(old)})", columns, groups)
    different = {group for group, total in fresh.items() if have.get(group) != total}
    if not different:
        return set()
    if old is None or not set(have) - set(fresh):
        if ready is not None:
            change.adopt(table, year, ready)
        else:
            change.stage(table, year, "FROM merge_new", cursor=connection)
        return different
    same = " AND ".join(f"fresh.{name} = old.{name}" for name in groups)
    replaced = f"SELECT 1 FROM (SELECT DISTINCT {', '.join(groups)} FROM merge_new) fresh WHERE {same}"  # noqa: S608
    kept = f"SELECT {listed} FROM read_parquet({quote(old)}) old WHERE NOT EXISTS ({replaced})"  # noqa: S608
    change.stage(table, year, f"{kept} UNION ALL FROM merge_new", cursor=connection)
    return different


def _sums(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str], groups: Sequence[str]
) -> dict[tuple[object, ...], tuple[object, ...]]:
    """For each group the number of rows and an order-free checksum of them."""
    keys = "".join(f"{name}, " for name in groups)
    by = f"GROUP BY {', '.join(groups)}" if groups else "HAVING count(*) > 0"
    rows = connection.execute(
        f"SELECT {keys} count(*), sum(hash({', '.join(columns)})::HUGEINT) FROM {relation} {by}"  # noqa: S608
    ).fetchall()
    return {tuple(row[:-2]): (row[-2], row[-1]) for row in rows}
