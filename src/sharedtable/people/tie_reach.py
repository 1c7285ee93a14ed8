"""Who may see which tie: whoever told it chose, and every page that shows ties asks here."""

from __future__ import annotations

from django.db.models import Q

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.permissions import CAN
from sharedtable.people.models import ShownTo
from sharedtable.privacy import Privacy

NOBODY = Q(pk__in=())
LEVELS: dict[str, Privacy] = {
    ShownTo.ME: Privacy.NAMED,
    ShownTo.AGENCY: Privacy.NAMED,
    ShownTo.CONVENERS: Privacy.CONVENERS,
    ShownTo.TEAM: Privacy.CONVENERS,
}


def visible(actor: Actor) -> Q:
    """The condition on ties that this actor may see.

    Conveners see what was told to them; staff of an agency what their agency told, but for what one keeps to oneself;
    everybody who may see people what was told to the whole team; the holder of a link their own.
    """
    if actor.purpose:
        return Q(known_by_id=actor.person_id) if actor.person_id else NOBODY
    if not actor.may("people.see"):
        return NOBODY
    found = Q(shown_to=ShownTo.TEAM)
    if actor.may_everywhere("ties.see"):
        found |= Q(shown_to=ShownTo.CONVENERS)
    if actor.agency_id and not actor.roles.isdisjoint(CAN["ties.see"].own | CAN["ties.see"].roles):
        found |= Q(agency_id=actor.agency_id) & ~Q(shown_to=ShownTo.ME)
    return found
