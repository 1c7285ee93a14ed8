"""Tells that a log has grown: a bell, never the news itself. Who hears it reads the log after the number they have.

In one process it is a call. On PostgreSQL other processes hear `NOTIFY wall, 'board:number'`, one for each group. A
bell that is lost costs at most the second until the next look. The number `GONE` says that the board was wiped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

log = logging.getLogger(__name__)
CHANNEL = "wall"
GONE = 0  # no event has this number
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


class Ear(threading.Thread):
    """Listens to PostgreSQL for bells; after a lost connection it comes back, and the hub looks by itself meanwhile."""

    def __init__(self, ring: Callable[[int, int], None]) -> None:
        super().__init__(name="wall-ear", daemon=True)
        self._ring = ring
        self._is_over = threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        import psycopg

        while not self._is_over.is_set():
            try:
                with psycopg.connect(**_parameters(), autocommit=True) as line:
                    line.execute(f"LISTEN {CHANNEL}")
                    while not self._is_over.is_set():
                        for bell in line.notifies(timeout=0.5):
                            board, _colon, number = bell.payload.partition(":")
                            self._ring(int(board), int(number))
            except psycopg.Error as problem:
                log.error("The bell of the database is silent: %s", type(problem).__name__)
                self._is_over.wait(1.0)

    def stop(self) -> None:
        """End within half a second."""
        self._is_over.set()


def _parameters() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}
