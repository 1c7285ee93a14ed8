"""What somebody takes home from the room when a meeting is over."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.meetings.models import Participant
from sharedtable.method import runs
from sharedtable.plans.models import Closing, Priority
from sharedtable.plans.queries import Product, closing_of, product_of_place


@dataclass(frozen=True)
class Thanks:
    """The page at the end, with one's own areas. `product`: of a meeting that chose priorities."""

    place: Participant
    closing: Closing | None
    product: Product | None
    mine: list[Priority] = field(default_factory=list)


def thanks(place: Participant) -> Thanks:
    """What the page at the end shows; a practice meeting has no product. Fails with Missing before it is closed."""
    if place.meeting.frozen_at is None or place.admitted_at is None:
        raise Missing(_("This meeting is not closed yet."))
    closing = closing_of(place.meeting)
    if closing is None or not runs.run(place.meeting.run).champions:
        return Thanks(place, closing, None)
    found = product_of_place(place)
    mine = [
        kept.area
        for kept in found.priorities
        if isinstance(kept.area, Priority) and any(one.participant_id == place.pk for one in kept.champions)
    ]
    return Thanks(place, found.closing, found, mine)
