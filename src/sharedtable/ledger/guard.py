"""The database's own guard of the record: an entry is written once and never changed, never taken away.

Laid after each migration, on SQLite and on PostgreSQL. The end of a chain only moves on by one. Somebody with the
database's own password can take the guard away; what they change then, `verify` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from sharedtable.ledger.models import Chain, Entry

WORDS = "the record is append-only"
_ENTRY, _CHAIN = Entry._meta.db_table, Chain._meta.db_table
# Table, event, condition on SQLite and PostgreSQL alike ("": always).
_MOVES_ON = 'NEW."number" <> OLD."number" + 1 OR NEW."space_id" <> OLD."space_id"'
_GUARDS = ((_ENTRY, "UPDATE", ""), (_ENTRY, "DELETE", ""), (_CHAIN, "UPDATE", _MOVES_ON), (_CHAIN, "DELETE", ""))


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers afresh; harmless to repeat."""
    if not {_ENTRY, _CHAIN} <= set(connection.introspection.table_names()):
        return
    lay = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        for statement in lay():
            cursor.execute(statement)


def is_laid(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger is there."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'append_only_%%' AND tgenabled <> 'D'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%%'"
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%%", "%"))
        return {_name(table, event) for table, event, _when in _GUARDS} <= {row[0] for row in cursor.fetchall()}


def _name(table: str, event: str) -> str:
    return f"append_only_{table}_{event.lower()}"


def _on_sqlite() -> Iterator[str]:
    for table, event, when in _GUARDS:
        yield f'DROP TRIGGER IF EXISTS "{_name(table, event)}"'
        condition = f"WHEN {when} " if when else ""
        yield (
            f'CREATE TRIGGER "{_name(table, event)}" BEFORE {event} ON "{table}" {condition}'
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def _on_postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table, event, when in _GUARDS:
        yield f'DROP TRIGGER IF EXISTS "{_name(table, event)}" ON "{table}"'
        condition = f"WHEN ({when}) " if when else ""
        yield (
            f'CREATE TRIGGER "{_name(table, event)}" BEFORE {event} ON "{table}" '
            f"FOR EACH ROW {condition}EXECUTE FUNCTION append_only()"
        )
    for table in (_ENTRY, _CHAIN):
        yield f'DROP TRIGGER IF EXISTS "{_name(table, "TRUNCATE")}" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{_name(table, "TRUNCATE")}" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )


def after_migration(using: str, **_kwargs: Any) -> None:
    """What Django calls after `migrate`."""
    from django.db import connections

    install(connections[using])
