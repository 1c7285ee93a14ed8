"""The database's own guard between spaces: no row of one space may point to a row of another.

Pages and actions check permission; this is the second line, for the day on which one of them forgets. After each
migration a trigger is laid for every foreign key between two tables that both have a space, on SQLite and on
PostgreSQL. A row's space never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

WORDS = "a row of one space points to another space"


def _has_space(model: type[models.Model]) -> bool:
    return any(field.name == "space" for field in model._meta.local_fields)


def crossings() -> Iterator[tuple[str, str, str]]:
    """Every (table, column, other table) in which both tables have a space."""
    for model in apps.get_models():
        if not model.__module__.startswith("sharedtable.") or not _has_space(model):
            continue
        for field in model._meta.local_fields:
            other = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(other, type) and _has_space(other):
                yield model._meta.db_table, field.column, other._meta.db_table


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers afresh; harmless to repeat."""
    tables = set(connection.introspection.table_names())
    found = [one for one in crossings() if {one[0], one[2]} <= tables]
    owners = {table for table, _column, _other in found} | {other for _table, _column, other in found}
    lay = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        for statement in lay(found, sorted(owners)):
            cursor.execute(statement)


def _on_sqlite(found: list[tuple[str, str, str]], owners: list[str]) -> Iterator[str]:
    for table, column, other in found:
        wrong = (
            f'NEW."{column}" IS NOT NULL AND (SELECT space_id FROM "{other}" WHERE id = NEW."{column}") <> NEW.space_id'  # noqa: S608 - names of our own tables
        )
        for event in ("INSERT", f'UPDATE OF "{column}"'):
            name = f"same_space_{table}_{column}_{event[:6].lower()}"
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {wrong} '
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
    for table in owners:
        yield f'DROP TRIGGER IF EXISTS "fixed_space_{table}"'
        yield (
            f'CREATE TRIGGER "fixed_space_{table}" BEFORE UPDATE OF space_id ON "{table}" '
            f"WHEN NEW.space_id <> OLD.space_id BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


_FUNCTION = """
CREATE OR REPLACE FUNCTION same_space() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE target bigint; other bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.space_id IS DISTINCT FROM OLD.space_id THEN
    RAISE EXCEPTION '%(words)s' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_NARGS = 2 THEN
    EXECUTE format('SELECT ($1).%%I', TG_ARGV[0]) USING NEW INTO target;
    IF target IS NOT NULL THEN
      EXECUTE format('SELECT space_id FROM %%I WHERE id = $1', TG_ARGV[1]) USING target INTO other;
      IF other IS NOT NULL AND other IS DISTINCT FROM NEW.space_id THEN
        RAISE EXCEPTION '%(words)s' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END $$
"""


def _on_postgresql(found: list[tuple[str, str, str]], owners: list[str]) -> Iterator[str]:
    yield _FUNCTION % {"words": WORDS}
    for table, column, other in found:
        name = f"same_space_{column}"
        yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{name}" BEFORE INSERT OR UPDATE OF "{column}" ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION same_space('{column}', '{other}')"
        )
    for table in owners:
        yield f'DROP TRIGGER IF EXISTS "fixed_space" ON "{table}"'
        yield (
            f'CREATE TRIGGER "fixed_space" BEFORE UPDATE OF space_id ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION same_space()"
        )


def after_migration(using: str, **_kwargs: Any) -> None:
    """What Django calls after `migrate`."""
    from django.db import connections

    install(connections[using])
