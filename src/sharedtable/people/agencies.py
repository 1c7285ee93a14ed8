"""The agencies of a space: support organisations that keep a list of their own."""

from __future__ import annotations

from sharedtable.accounts.actors import Actor
from sharedtable.people.models import Organisation


def agencies(actor: Actor) -> list[Organisation]:
    """Every support organisation of the actor's space, by name, to choose one for a member of its staff."""
    actor.must("people.see")
    found = Organisation.objects.filter(space=actor.space, kind=Organisation.Kind.SUPPORT, merged_into=None)
    return list(found.order_by("name", "pk"))
