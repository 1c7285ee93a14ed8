"""Tells that a log has grown: a bell, never the news itself. Who hears it reads the log after the number they have.

In one process it is a call. On PostgreSQL other processes hear `NOTIFY wall, 'board:number'`, one for each group. A
bell that is lost costs at most the second until the next look.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

CHANNEL = "wall"
_listeners: list[Callable[[int, int], None]] = []


def announce(board_id: int, number: int) -> None:
    """Inside the writing transaction: other processes hear of it when it commits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{board_id}:{number}"])


def ring(board_id: int, number: int) -> None:
    """After the commit: this process hears of it."""
    for listener in list(_listeners):
        listener(board_id, number)


def listen(listener: Callable[[int, int], None]) -> None:
    """Call this from now on; it is called in the writer's thread."""
    _listeners.append(listener)


def leave(listener: Callable[[int, int], None]) -> None:
    """Call it no more."""
    if listener in _listeners:
        _listeners.remove(listener)
