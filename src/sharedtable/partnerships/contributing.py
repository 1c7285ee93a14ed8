"""What a partner brings, kept as a pledge of its organisation: it follows the words that stand on the seat (B10)."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from sharedtable.partnerships.models import Pledge, Seat
from sharedtable.people.models import Membership, Organisation


def follow(seat: Seat, *, ref: str) -> Pledge | None:
    """Let the pledge say what the seat says, inside the transaction that changed the seat; an older one ends.

    The inner table brings what it will; only partners pledge.
    """
    if seat.table == Seat.Table.INNER:
        return None
    wanted = seat.contribution if seat.ended_on is None else ""
    live = Pledge.objects.filter(seat=seat, ended_on=None)
    kept = live.first()
    if kept is not None and kept.what == wanted:
        return kept
    today = timezone.localdate()
    live.update(ended_on=today)
    place = _organisation(seat)
    if not wanted or place is None:
        return None
    return Pledge.objects.create(
        space_id=seat.space_id, partnership_id=seat.partnership_id, organisation=place, what=wanted, seat=seat,
        started_on=today, ends_on=seat.ends_on, made_at=timezone.now(), made_by=ref,
    )  # fmt: skip


def _organisation(seat: Seat) -> Organisation | None:
    if seat.organisation is not None or seat.person_id is None:
        return seat.organisation
    now = Membership.objects.filter(person_id=seat.person_id, ended_on=None).select_related("organisation")
    found = now.order_by("-is_main", F("started_on").desc(nulls_last=True), "-pk").first()
    return found.organisation if found else None
