"""Check-in that is typed in: from the paper list, during the meeting or after the day (E27, X7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.joining import Invited, invited, plain, walk_in
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships.models import Seat

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Line:
    """One line of the paper list: a seat of the invitation list, or a name written at the door."""

    seat_id: int = 0
    name: str = ""
    company: str = ""
    title: str = ""
    is_business: bool = True
    is_listed: bool = False


def type_in(*, by: Actor, meeting: Meeting, lines: Sequence[Line]) -> list[Participant]:
    """Write down people who are or were there; who is in already stays once. Gives the new places."""
    by.must("meetings.run", meeting)
    if len(lines) > MOST_AT_ONCE:
        raise Refused(_("At most %(most)d people at once. Save these and go on.") % {"most": MOST_AT_ONCE})
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        if fresh.frozen_at:
            raise Refused(_("This meeting is closed, and its record stays as it is."))
        known = {one.seat_id: one for one in invited(fresh)}
        there = Participant.objects.filter(meeting=fresh, removed_at=None, admitted_at__isnull=False)
        names = {(plain(one.name), plain(one.company)) for one in there}
        seats = {one.seat_id for one in there if one.seat_id}
        made = []
        for line in lines:
            who = _who(fresh, line, known)
            if who.seat_id in seats or (plain(who.name), plain(who.company)) in names:
                continue
            seats |= {who.seat_id} if who.seat_id else set()
            names.add((plain(who.name), plain(who.company)))
            made.append(_place(fresh, who, is_listed=line.is_listed))
        if made:
            _record(by, "meeting.type_in", fresh, people=len(made))
    return made


def _who(meeting: Meeting, line: Line, known: dict[int, Invited]) -> Invited:
    if line.seat_id:
        found = known.get(line.seat_id)
        if found is None:
            raise Refused(_("Somebody of these has no seat any more. Load the page again."))
        return found
    name = " ".join(line.name.split())[:80]
    if not name:
        raise Refused(_("A line has a company and no name. Add the name, or empty the line."))
    wanted = [one for one in known.values() if plain(one.name) == plain(name)]
    if len(wanted) == 1:
        return wanted[0]
    return walk_in(meeting, name, " ".join(line.company.split())[:120], line.title, line.is_business)


def _place(meeting: Meeting, who: Invited, *, is_listed: bool) -> Participant:
    now = timezone.now()
    return Participant.objects.create(
        space_id=meeting.space_id,
        meeting=meeting,
        seat=Seat.objects.filter(pk=who.seat_id).first() if who.seat_id else None,
        person_id=who.person_id or None,
        role="participant" if who.table == "inner" else "partner",
        table=who.table,
        name=who.name,
        company=who.company[:120],
        title=who.title[:120],
        is_walk_in=not who.seat_id,
        is_listed=is_listed,
        asked_at=now,
        admitted_at=now,
    )


def agree_to_list(*, by: Actor, meeting: Meeting, place: int, is_listed: bool) -> Participant:
    """Put somebody on the list of attendance that others get, or take them off, as they asked."""
    by.must("meetings.run", meeting)
    with transaction.atomic():
        found = Participant.objects.select_for_update(of=("self",)).filter(meeting=meeting, pk=place).first()
        if found is None or found.role not in ("participant", "partner"):
            raise Missing(_("That person is not in this meeting any more."))
        found.is_listed = is_listed
        found.save(update_fields=["is_listed"])
        _record(by, "meeting.listed", meeting, participant=place, is_listed=is_listed)
    return found


def take_out(*, by: Actor, meeting: Meeting, place: int) -> Participant:
    """Take somebody out of the list who was written down by mistake; what was written for them stays."""
    by.must("meetings.run", meeting)
    with transaction.atomic():
        found = Participant.objects.select_for_update(of=("self",)).filter(meeting=meeting, pk=place).first()
        if found is None or found.removed_at or found.role not in ("participant", "partner"):
            raise Missing(_("That person is not in this meeting any more."))
        if meeting.frozen_at:
            raise Refused(_("This meeting is closed, and its record stays as it is."))
        found.removed_at = timezone.now()
        found.save(update_fields=["removed_at"])
        _record(by, "meeting.take_out", meeting, participant=place)
    return found


def _record(by: Actor, verb: str, meeting: Meeting, **details: int | bool) -> None:
    record(by=by.ref, verb=verb, kind="meeting", object_id=meeting.pk, space_id=meeting.space_id, details=details)
