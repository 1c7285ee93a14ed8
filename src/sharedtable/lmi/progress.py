"""How long work says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One report of progress: what is being done, how much is done, of how much (None: not known), in which unit."""

    task: str
    done: int
    total: int | None = None
    unit: str = "files"


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """Report to nobody."""
