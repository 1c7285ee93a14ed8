"""What the worker does once a day for rooms that the ledger knows nothing of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sharedtable.accounts.actors import WORKER


def chores() -> tuple[Callable[[], object], ...]:
    """Uploads of lists are deleted after seven days; only their reports stay."""
    from sharedtable.people.importing.actions import clear_old

    return (partial(clear_old, by=WORKER),)
