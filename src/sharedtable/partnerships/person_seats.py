"""Which seats one person holds: for their page, for a change of employer, and for what is held about them."""

from __future__ import annotations

from django.db.models import F

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships.models import Seat


def seats_of_person(actor: Actor, person_id: int) -> list[Seat]:
    """The seats of a person, live ones first. For who may see partnerships, or for the person by their own link."""
    if not (actor.may("partnerships.see") or (actor.purpose == "held" and actor.person_id == person_id)):
        return []
    found = Seat.objects.filter(space_id=actor.space_id, person_id=person_id).select_related("partnership")
    return list(found.order_by(F("ended_on").desc(nulls_first=True), "-started_on", "-pk"))
