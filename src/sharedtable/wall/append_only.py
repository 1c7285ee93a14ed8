"""The database's own guard of the log: an event is never changed and never taken away.

There is one door: a practice meeting is wiped with its log. So that nobody opens it for a real one, the database also
refuses to turn a meeting into practice, or practice into a meeting, once it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers afresh; harmless to repeat."""
    if "wall_event" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite():
            cursor.execute(statement)


def _on_sqlite() -> Iterator[str]:
    yield 'DROP TRIGGER IF EXISTS "wall_event_stays"'
    yield (
        'CREATE TRIGGER "wall_event_stays" BEFORE UPDATE ON wall_event '
        "BEGIN SELECT RAISE(ABORT, 'an event of a wall is never changed'); END"
    )
    yield 'DROP TRIGGER IF EXISTS "wall_event_is_kept"'
    yield (
        'CREATE TRIGGER "wall_event_is_kept" BEFORE DELETE ON wall_event WHEN NOT EXISTS ('
        "SELECT 1 FROM wall_board b JOIN meetings_meeting m ON m.id = b.meeting_id "
        "WHERE b.id = OLD.board_id AND m.is_practice) "
        "BEGIN SELECT RAISE(ABORT, 'an event of a wall is never changed'); END"
    )
    yield 'DROP TRIGGER IF EXISTS "meeting_stays_what_it_is"'
    yield (
        'CREATE TRIGGER "meeting_stays_what_it_is" BEFORE UPDATE OF is_practice ON meetings_meeting '
        "WHEN OLD.is_practice IS NOT NEW.is_practice "
        "BEGIN SELECT RAISE(ABORT, 'a meeting never becomes practice, nor practice a meeting'); END"
    )


def _on_postgresql() -> Iterator[str]:
    yield """
CREATE OR REPLACE FUNCTION wall_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM wall_board b JOIN meetings_meeting m ON m.id = b.meeting_id
    WHERE b.id = OLD.board_id AND m.is_practice
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'an event of a wall is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
    yield 'DROP TRIGGER IF EXISTS "wall_event_stays" ON wall_event'
    yield (
        'CREATE TRIGGER "wall_event_stays" BEFORE UPDATE OR DELETE ON wall_event '
        "FOR EACH ROW EXECUTE FUNCTION wall_event_stays()"
    )
    yield """
CREATE OR REPLACE FUNCTION meeting_stays_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a meeting never becomes practice, nor practice a meeting'
  USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
    yield 'DROP TRIGGER IF EXISTS "meeting_stays_what_it_is" ON meetings_meeting'
    yield (
        'CREATE TRIGGER "meeting_stays_what_it_is" BEFORE UPDATE OF is_practice ON meetings_meeting '
        "FOR EACH ROW WHEN (OLD.is_practice IS DISTINCT FROM NEW.is_practice) "
        "EXECUTE FUNCTION meeting_stays_what_it_is()"
    )


def after_migration(using: str, **_kwargs: Any) -> None:
    """What Django calls after `migrate`."""
    from django.db import connections

    install(connections[using])
