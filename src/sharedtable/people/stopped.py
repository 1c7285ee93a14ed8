"""Where mail to a person's address is stopped in their space, and how that is lifted."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from sharedtable.ledger import suppression
from sharedtable.ledger.models import Suppression


def stopped(address: str, space_id: int) -> QuerySet[Suppression]:
    """What stops mail to an address in this space, in any of its partnerships, or on the whole site."""
    if not address:
        return Suppression.objects.none()
    here = Q(level=Suppression.Level.INSTALLATION) | Q(space_id=space_id)
    return Suppression.objects.filter(here, lifted_at=None, address_hash=suppression.address_hash(address))


def lift(address: str, level: str, *, by: str, reason: str, space_id: int, partnership_id: int = 0) -> int:
    """Allow mail again at one level; gives how many entries ended."""
    found = stopped(address, space_id).filter(level=level)
    if level == Suppression.Level.PARTNERSHIP:
        found = found.filter(scope_id=partnership_id)
    return sum(suppression.lift(one, by=by, space_id=space_id, reason=reason) for one in found)
