"""Every write to a meeting by whoever plans or runs it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import hash_of
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.codes import new_code
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.partnerships import clocking
from sharedtable.partnerships.models import Partnership

OPEN_FOR = timedelta(hours=4)
MOST_MINUTES = 240
LAUNCH = "launch"


def plan(
    *,
    by: Actor,
    partnership: Partnership,
    run: str,
    title: str,
    place: str,
    starts_at: datetime,
    is_practice: bool = False,
    starts_clock: bool = False,
    uid: str = "",
) -> Meeting:
    """Put a meeting into the record, with its run of show. A yearly refresh follows the meeting before it.

    `starts_clock`: its day also starts the clock of the partnership, where the run does that at all; that of a launch
    becomes the day of the launch. `uid`: what names it in calendars that have its date already.
    """
    by.must("meetings.change", partnership)
    run, _colon, length = run.partition(":")  # such as "launch:ninety-minutes"
    found = runs.run(run)
    looks_back = any(segment.shelf for segment in found.segments)
    usual = {one.id: one.minutes for one in found.segments}
    minutes = found.length(length) if length else usual
    with transaction.atomic():
        meeting = Meeting.objects.create(
            space_id=by.space_id,
            partnership=partnership,
            run=run,
            follows=_before(partnership) if looks_back and not is_practice else None,
            title=_titled(title),
            place=" ".join(place.split())[:200],
            starts_at=starts_at,
            minutes={name: value for name, value in minutes.items() if value != usual[name]},
            is_practice=is_practice,
            uid=uid,
            made_at=timezone.now(),
            made_by=by.ref,
        )
        _record(by, "meeting.plan", meeting)
        if starts_clock and found.clock and not is_practice:
            clocking.set_meeting(by=by, partnership=partnership, on=day_of(meeting), is_launch=run == LAUNCH)
    return meeting


def day_of(meeting: Meeting) -> date:
    """The day of a meeting, as the team reads the calendar."""
    return meeting.starts_at.astimezone(meeting.space.zone).date()


def change(
    *,
    by: Actor,
    meeting: Meeting,
    version: int,
    title: str,
    place: str,
    starts_at: datetime,
    minutes: Mapping[str, int],
    has_lobby: bool,
    shows_list: bool,
) -> Meeting:
    """Change a meeting from the version that the form showed. Fails with Refused on a stale one, with nothing lost."""
    by.must("meetings.change", meeting)
    segments = {segment.id: segment.minutes for segment in runs.run(meeting.run).segments}
    for name, value in minutes.items():
        if name not in segments or not 1 <= value <= MOST_MINUTES:
            raise Refused(_("Minutes go from 1 to %(most)d. Correct them and save again.") % {"most": MOST_MINUTES})
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update(of=("self",)).select_related("space").get(pk=meeting.pk)
        day = day_of(fresh)
        if fresh.frozen_at:
            raise Refused(_("This meeting is closed, and its record stays as it is."))
        if fresh.version != version:
            raise Refused(_("Somebody else changed this meeting in the meantime. Look at it and save again."))
        fresh.title, fresh.place, fresh.starts_at = _titled(title), " ".join(place.split())[:200], starts_at
        fresh.minutes = {name: value for name, value in minutes.items() if value != segments[name]}
        fresh.has_lobby, fresh.shows_list, fresh.version = has_lobby, shows_list, version + 1
        fresh.save()
        _record(by, "meeting.change", fresh, version=fresh.version)
        if not fresh.is_practice and day_of(fresh) != day:
            clocking.move_meeting(
                by=by, partnership=fresh.partnership, old=day, new=day_of(fresh), is_launch=fresh.run == LAUNCH
            )
    return fresh


def open_doors(*, by: Actor, meeting: Meeting, now: datetime | None = None) -> Meeting:
    """Make a new code that lets people in from now on. The old one, if any, ends."""
    by.must("meetings.run", meeting)
    moment = now or timezone.now()
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if fresh.frozen_at:
            raise Refused(_("This meeting is closed. Its doors stay shut."))
        fresh.code, fresh.opens_at, fresh.closes_at = new_code(), moment, moment + OPEN_FOR
        fresh.save(update_fields=["code", "opens_at", "closes_at"])
        _record(by, "meeting.open", fresh)
    return fresh


def close_doors(*, by: Actor, meeting: Meeting) -> Meeting:
    """End the code: nobody new comes in by it. Who is in stays in."""
    by.must("meetings.run", meeting)
    with transaction.atomic():
        fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
        fresh.code, fresh.closes_at = "", timezone.now()
        fresh.save(update_fields=["code", "closes_at"])
        _record(by, "meeting.close", fresh)
    return fresh


def take_place(*, by: Actor, meeting: Meeting, role: str) -> tuple[Participant, str]:
    """A place for whoever runs the meeting: facilitator, scribe or the screen of the room. Gives it and its token."""
    by.must("meetings.run", meeting)
    if role not in (Participant.Role.FACILITATOR, Participant.Role.SCRIBE, Participant.Role.PROJECTOR):
        raise Missing(_("There is no such place in a meeting."))
    now, token = timezone.now(), secrets.token_urlsafe(24)
    with transaction.atomic():
        place = Participant.objects.create(
            space_id=by.space_id,
            meeting=meeting,
            user_id=int(by.ref.removeprefix("user:")) if by.ref.startswith("user:") else 0,
            role=role,
            table="outer",
            name=(by.name or role)[:80],
            token_hash=hash_of(token),
            asked_at=now,
            admitted_at=now,
        )
        _record(by, "meeting.place", meeting, role=role)
    return place, token


def _before(partnership: Partnership) -> Meeting | None:
    """The last meeting of a partnership that chose priorities."""
    choosing = [one.id for one in runs.runs().values() if one.champions]
    held = Meeting.objects.filter(
        partnership=partnership, run__in=choosing, is_practice=False, starts_at__lte=timezone.now()
    )
    return held.order_by("-starts_at", "-pk").first()


def _titled(title: str) -> str:
    clean = " ".join(title.split())
    if not clean:
        raise Refused(_("Give the meeting a name."))
    return clean[:120]


def _record(by: Actor, verb: str, meeting: Meeting, **details: str | int) -> None:
    record(by=by.ref, verb=verb, kind="meeting", object_id=meeting.pk, space_id=meeting.space_id, details=details)
