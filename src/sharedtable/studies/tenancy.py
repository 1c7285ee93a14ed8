"""Whose definitions, studies and notes an actor sees, and into whose they write.

Rows without a space are the installation's own, kept by its operator, and everybody sees them. Those of a team are seen
by who works in that team (`facts.see`) and by nobody else. The actor travels as a parameter, never as a global; whoever
forgets to give one gets what a visitor sees.
"""

from __future__ import annotations

from django.db.models import F, OrderBy, Q

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Space

# A team's own definition comes before the installation's of the same name.
OWN_FIRST: OrderBy = F("space").desc(nulls_last=True)


def seen_by(by: Actor) -> Q:
    """The rows that the actor may see."""
    common = Q(space=None)
    return common | Q(space_id=by.space_id) if by.space is not None and by.may("facts.see") else common


def written_by(by: Actor) -> Space | None:
    """The space into which the actor writes; None: the installation's own, for an operator outside of any team."""
    return by.space
