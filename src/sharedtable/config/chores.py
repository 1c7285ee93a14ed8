"""What the worker does for rooms that the ledger knows nothing of: once a day, and all the time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from sharedtable.accounts.actors import WORKER


def chores() -> tuple[Callable[[], object], ...]:
    """Uploads of lists are deleted after seven days; only their reports stay. So are practice launches."""
    from sharedtable.people.importing.actions import clear_old
    from sharedtable.wall import practicing

    return (partial(clear_old, by=WORKER), partial(practicing.clear_old, by=WORKER))


def rehearse(stop: threading.Event) -> threading.Thread:
    """Play the made-up firms of practice launches, beside whatever else the process does, until told to stop."""
    from sharedtable.wall.rehearsal import Rehearsal

    thread = threading.Thread(target=Rehearsal().run, args=(stop,), name="practice", daemon=True)
    thread.start()
    return thread
