"""Puts new rows beside the old ones: whole groups (an area, a quarter of an area) are replaced, the rest stays."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from sharedtable.lmi.change import Change
from sharedtable.lmi.sql import quote


def into_year(
    connection: duckdb.DuckDBPyConnection,
    change: Change,
    table: str,
    year: int,
    new_sql: str,
    columns: Sequence[str],
    groups: Sequence[str],
) -> set[tuple[object, ...]]:
    """Stage `table` of `year` with the groups of `new_sql` in place of the old ones.

    Gives the groups whose rows are really different from what the store holds; when there are none nothing is staged.
    With no `groups` the whole year is one group, named ().
    """
    listed = ", ".join(columns)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW merge_new AS SELECT {listed} FROM ({new_sql})")  # noqa: S608
    old = change.latest(table, year)
    fresh = _sums(connection, "merge_new", columns, groups)
    if old is None:
        if fresh:
            change.stage(table, year, "FROM merge_new", cursor=connection)
        return set(fresh)
    have = _sums(connection, f"read_parquet({quote(old)})", columns, groups)
    different = {group for group, total in fresh.items() if have.get(group) != total}
    if not groups and not fresh:
        return set()
    if different:
        kept = "false"
        if groups:
            same = " AND ".join(f"fresh.{name} = old.{name}" for name in groups)
            kept = f"NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT {', '.join(groups)} FROM merge_new) fresh WHERE {same})"  # noqa: S608
        change.stage(
            table,
            year,
            f"SELECT {listed} FROM read_parquet({quote(old)}) old WHERE {kept} UNION ALL FROM merge_new",  # noqa: S608
            cursor=connection,
        )
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
