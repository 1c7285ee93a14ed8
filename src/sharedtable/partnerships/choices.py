"""The partnerships of a space by name, for a choice among them."""

from __future__ import annotations

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships.models import Partnership


def choices(actor: Actor) -> list[Partnership]:
    """Every partnership of the actor's space, by name, to limit a role to one."""
    actor.must("partnerships.see")
    return list(Partnership.objects.filter(space=actor.space).order_by("name", "pk"))
