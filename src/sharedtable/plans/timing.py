"""What a closing puts on the clock of its partnership, and taking that back when the meeting is opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.ledger.actions import record
from sharedtable.meetings.actions import LAUNCH, day_of
from sharedtable.meetings.models import Meeting
from sharedtable.partnerships import clocking
from sharedtable.partnerships.models import Deadline, Partnership
from sharedtable.plans.models import Closing
from sharedtable.wall.dating import moment_of

AFTER_LAUNCH, AFTER_OTHERS = "second_meeting", "next_meeting"  # the date of the clock that the next meeting is
Rows = dict[tuple[str, str], Deadline]


def start_clock(by: Actor, closing: Closing, meeting: Meeting) -> None:
    """The meeting starts its dates, and the next one is planned for the day that the room chose.

    What that changed is kept with the closing: dates and keys, and no words of anybody.
    """
    if not by.may("partnerships.change", meeting):
        return
    day = day_of(meeting)  # as the team reads the calendar: an evening there is the next day in UTC
    partnership = Partnership.objects.select_for_update(of=("self",)).get(pk=meeting.partnership_id)
    before, launch_was = _rows(partnership), partnership.launch_on
    is_launch = meeting.run == LAUNCH
    clocking.set_meeting(by=by, partnership=partnership, on=day, is_launch=is_launch)
    after = _rows(partnership)
    changed: dict[str, Any] = {
        "on": day.isoformat(),
        "made": [key for on, key in after if (on, key) not in before],
        "gone": [_kept(row) for at, row in before.items() if at not in after],
    }
    if is_launch and launch_was != day:
        changed["launch_was"] = launch_was.isoformat() if launch_was else ""
    if starts := moment_of(closing.next_local, closing.next_zone):
        key = AFTER_LAUNCH if is_launch else AFTER_OTHERS
        found = Deadline.objects.filter(partnership=partnership, key=key, meeting_on=day, done_on=None).first()
        if found is not None:
            changed["key"], changed["planned"] = key, starts.date().isoformat()
            changed["planned_was"] = found.planned_on.isoformat() if found.planned_on else ""
            found.planned_on = starts.date()
            found.save(update_fields=["planned_on"])
    closing.clock = changed
    closing.save(update_fields=["clock"])


def take_back(by: Actor, closing: Closing) -> int:
    """Take from the clock what the closing put there; gives how many dates went.

    A date that the team has worked on since (done, given to somebody, planned for another day, a note) stays.
    """
    changed = closing.clock
    if not changed:
        return 0
    partnership = Partnership.objects.select_for_update(of=("self",)).get(pk=closing.partnership_id)
    on = date.fromisoformat(changed["on"])
    planned = _day(changed.get("planned"))
    here = Deadline.objects.filter(partnership=partnership, meeting_on=on)
    untouched = here.filter(key__in=changed["made"], done_on=None, seat=None, note="")
    gone = untouched.filter(planned_on=None).delete()[0]
    if planned is not None:
        key = changed["key"]
        gone += untouched.filter(key=key, planned_on=planned).delete()[0]
        if key not in changed["made"]:
            here.filter(key=key, planned_on=planned, done_on=None).update(planned_on=_day(changed["planned_was"]))
    known = set(_rows(partnership))
    back = [row for row in changed["gone"] if (row["meeting_on"], row["key"]) not in known]
    for row in back:
        Deadline.objects.create(
            space_id=closing.space_id,
            partnership=partnership,
            key=row["key"],
            due_on=date.fromisoformat(row["due_on"]),
            meeting_on=_day(row["meeting_on"]),
            planned_on=_day(row["planned_on"]),
            seat_id=row["seat"] or None,
            made_at=timezone.now(),
            made_by=by.ref,
        )
    if "launch_was" in changed and partnership.launch_on == on:
        partnership.launch_on = _day(changed["launch_was"])
        partnership.save(update_fields=["launch_on"])
    record(
        by=by.ref, verb="meeting.unset", kind="partnership", object_id=partnership.pk, space_id=closing.space_id,
        details={"on": changed["on"], "deadlines": gone, "back": len(back)},
    )  # fmt: skip
    return gone


def _rows(partnership: Partnership) -> Rows:
    found = Deadline.objects.filter(partnership=partnership, meeting_on__isnull=False).exclude(key="")
    return {(one.meeting_on.isoformat(), one.key): one for one in found if one.meeting_on}


def _kept(row: Deadline) -> dict[str, Any]:
    return {
        "key": row.key, "due_on": row.due_on.isoformat(), "seat": row.seat_id or 0,
        "meeting_on": row.meeting_on.isoformat() if row.meeting_on else "",
        "planned_on": row.planned_on.isoformat() if row.planned_on else "",
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
