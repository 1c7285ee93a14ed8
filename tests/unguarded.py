"""Takes the guard off the record, as somebody with the password of the database could. Only tests do that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sharedtable.ledger import guard
from sharedtable.wall import append_only


def lift(connection: Any) -> None:
    """Drop every trigger of the record."""
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_chain"):
            for event in ("update", "delete", "truncate"):
                name = f'"append_only_{table}_{event}"'
                cursor.execute(
                    f"DROP TRIGGER IF EXISTS {name} ON {table}"
                    if connection.vendor == "postgresql"
                    else f"DROP TRIGGER IF EXISTS {name}"
                )
        if connection.vendor != "postgresql":  # there a table is emptied by TRUNCATE, which no row notices
            cursor.execute('DROP TRIGGER IF EXISTS "wall_event_is_kept"')


@contextmanager
def unguarded(connection: Any) -> Iterator[None]:
    """The guard is off inside, and on again afterwards."""
    lift(connection)
    try:
        yield
    finally:
        guard.install(connection)
        append_only.install(connection)
