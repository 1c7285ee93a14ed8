"""Answers SQL that a user wrote: one SELECT over the tables of a store, with no way to any other file."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sharedtable.errors import Refused
from sharedtable.lmi.store.sql import NO_EXTENSIONS, first_line, quote

if TYPE_CHECKING:
    import duckdb

    from sharedtable.lmi.store import Store


def ask(
    store: Store, sql: str, parameters: Sequence[Any], *, limit: int, seconds: float
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The column names and at most `limit` rows of one SELECT; see `Store.query`."""
    import duckdb

    with _safe_connection(store) as connection:
        try:
            statements = connection.extract_statements(sql)
        except duckdb.Error as problem:
            raise Refused(f"The question is not correct SQL: {first_line(problem)}") from problem
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Refused("Only one SELECT at a time is answered here; nothing else was run.")
        alarm = threading.Timer(seconds, connection.interrupt)
        alarm.start()
        try:
            result = connection.execute(statements[0], list(parameters))
            names = tuple(column[0] for column in result.description or ())
            return names, result.fetchmany(limit)
        except duckdb.InterruptException as problem:
            raise Refused(f"The question took longer than {seconds:g} seconds and was stopped.") from problem
        except duckdb.Error as problem:
            raise Refused(f"The question cannot be answered: {first_line(problem)}") from problem
        finally:
            alarm.cancel()


@contextlib.contextmanager
def _safe_connection(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads the files of this store, writes none, reaches no other, and cannot be told otherwise."""
    import duckdb

    connection = duckdb.connect(config={**NO_EXTENSIONS, "memory_limit": "512MB", "threads": "1"})
    try:
        files = {table: [(year, store.path(table, year)) for year in store.years(table)] for table in store.tables()}
        every = ", ".join(quote(path) for years in files.values() for _, path in years)
        connection.execute(f"SET allowed_paths = [{every}]")
        connection.execute("SET temp_directory = ''")  # no spilling to disk either
        connection.execute("SET enable_external_access = false")
        for table, years in files.items():
            parts = " UNION ALL BY NAME ".join(
                f"SELECT {year} AS year, * FROM read_parquet({quote(path)})"  # noqa: S608
                for year, path in years
            )
            connection.execute(f"CREATE VIEW {table} AS {parts}")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()
