"""Blocks that other areas put onto the pages of a person and of an organisation, without this area knowing them.

An entry takes the actor and the person or organisation, and gives the name of a template and what it shows (as
`block`), or None for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sharedtable.accounts.actors import Actor

Block = Callable[[Actor, Any], tuple[str, Any] | None]
PERSON: list[Block] = []
ORGANISATION: list[Block] = []


def blocks(entries: list[Block], actor: Actor, thing: Any) -> list[tuple[str, Any]]:
    """The blocks that have something to show."""
    return [made for entry in entries if (made := entry(actor, thing)) is not None]
