"""The clock: a meeting starts deadlines, the team adds its own, each is planned, done or late."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.partnerships import doors, seating
from sharedtable.partnerships.models import Deadline, Partnership, Seat
from sharedtable.partnerships.typed import line, months_later


def due_after(meeting_on: date, preset_name: str) -> date:
    """When something is due, so many days, weeks or months after a meeting."""
    found = preset(preset_name)
    if found.unit == "months":
        return months_later(meeting_on, int(found.value))
    return meeting_on + timedelta(days=int(found.value) * (7 if found.unit == "weeks" else 1))


def set_meeting(*, by: Actor, partnership: Partnership, on: date, is_launch: bool) -> list[Deadline]:
    """Say when a meeting is or was; gives what it makes due, the method's numbers applied to that day.

    The launch moves when it is set anew: what is not done yet moves along.
    """
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        if is_launch and kept.launch_on not in (None, on):
            kept.deadlines.filter(meeting_on=kept.launch_on, done_on=None).exclude(key="").delete()
        rows = [item for item in lists.items("clock").values() if is_launch or not item.more.get("is_first_only")]
        known = set(kept.deadlines.filter(meeting_on=on).values_list("key", flat=True))
        now = timezone.now()
        made = [
            Deadline(
                space_id=by.space_id,
                partnership=kept,
                key=item.id,
                due_on=due_after(on, item.more["preset"]),
                meeting_on=on,
                made_at=now,
                made_by=by.ref,
            )
            for item in rows
            if item.id not in known
        ]
        Deadline.objects.bulk_create(made)
        if is_launch:
            kept.launch_on = on
            kept.save(update_fields=["launch_on"])
        record(
            by=by.ref,
            verb="meeting.set",
            kind="partnership",
            object_id=kept.pk,
            space_id=by.space_id,
            details={"on": on.isoformat(), "launch": is_launch, "deadlines": len(made)},
        )
    return list(kept.deadlines.filter(meeting_on=on))


def move_meeting(*, by: Actor, partnership: Partnership, old: date, new: date, is_launch: bool) -> list[Deadline]:
    """A planned meeting moved to another day: where its old day had started the clock, the new one does.

    What is not done yet moves along; what is done keeps its day. Without a clock for the old day nothing happens.
    """
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        started = kept.deadlines.filter(meeting_on=old).exclude(key="")
        if not started.exists() or (is_launch and kept.launch_on != old):
            return []
        if not is_launch:  # a launch takes its dates along by itself
            started.filter(done_on=None).delete()
        return set_meeting(by=by, partnership=kept, on=new, is_launch=is_launch)


def add_deadline(
    *, by: Actor, partnership: Partnership, title: str, due_on: date, seat: Seat | None = None
) -> Deadline:
    """A date of the team's own, perhaps with somebody who sees to it."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        if seat is not None and (seat.partnership_id != kept.pk or seat.ended_on is not None):
            raise Refused(_("That seat has ended. Choose somebody who sits here now."))
        made = Deadline.objects.create(
            space_id=by.space_id,
            partnership=kept,
            title=line(title, 200, _("What is due"), is_needed=True),
            due_on=due_on,
            seat=seat,
            made_at=timezone.now(),
            made_by=by.ref,
        )
        record(by=by.ref, verb="deadline.add", kind="deadline", object_id=made.pk, space_id=by.space_id)
    return made


def change_deadline(
    *,
    by: Actor,
    deadline: Deadline,
    planned_on: date | None = None,
    done_on: date | None = None,
    seat: Seat | None = None,
    note: str = "",
) -> Deadline:
    """Plan it for a day, say that it is done (on which day), open it again, give it to somebody."""
    by.must("partnerships.change", deadline)
    if done_on is not None and done_on > timezone.localdate():
        raise Refused(_("That day is still to come. Put it into “planned for”."))
    try:
        with transaction.atomic():
            kept = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk, space_id=by.space_id)
            if seat is not None and seat.partnership_id != kept.partnership_id:
                raise doors.not_here()
            kept.planned_on, kept.done_on, kept.seat = planned_on, done_on, seat
            kept.note = line(note, 300, _("Note"))
            kept.save(update_fields=["planned_on", "done_on", "seat", "note"])
            record(
                by=by.ref,
                verb="deadline.done" if done_on else "deadline.change",
                kind="deadline",
                object_id=kept.pk,
                space_id=by.space_id,
            )
    except (Deadline.DoesNotExist, IntegrityError) as error:
        raise doors.not_here() from error
    return kept


def live_seat(partnership: Partnership, pk: int | None) -> Seat | None:
    """The seat of that number if it is held in this partnership; None without a number."""
    if not pk:
        return None
    found = Seat.objects.filter(seating.live(partnership), pk=pk).first()
    if found is None:
        raise doors.not_here()
    return found
