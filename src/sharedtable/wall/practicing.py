"""A practice launch: made, and wiped again with everything that hangs on it, as if it had never been."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings import actions as meetings
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import practice as method
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import Partnership
from sharedtable.wall import doorbell, writer
from sharedtable.wall.actions import PROGRAM, board_of, tell
from sharedtable.wall.models import Board
from sharedtable.wall.writer import Submission, write

RUN = "launch"
MOST_SEED = 10_000


def begin(*, by: Actor, partnership: Partnership, language: str, seed: int = 0) -> Meeting:
    """A practice launch with made-up firms in it. The same seed gives the same practice; 0 takes one by chance."""
    with transaction.atomic():
        meeting = meetings.plan(
            by=by,
            partnership=partnership,
            run=RUN,
            title=str(_("Practice launch")),
            place="",
            starts_at=timezone.now(),
            is_practice=True,
        )
        firms, partners = method.play().firms, method.play().partners
        places = [_place(meeting, one.name, one.company, "inner") for one in firms]
        listening = [_place(meeting, one.name, one.company, "outer") for one in partners]
        tell(meeting, "participant.admit", [*places, *listening])
        command = {
            "key": secrets.token_hex(16),
            "do": "practice.set",
            "begin": {
                "seed": seed or 1 + secrets.randbelow(MOST_SEED), "pace": 1, "on": True,
                "firms": [one.pk for one in places], "language": "es" if language.startswith("es") else "en",
            },
        }  # fmt: skip
        board = board_of(meeting)
        write(board.pk, [Submission(board.pk, PROGRAM, [command])])
    return meeting


def _place(meeting: Meeting, name: str, company: str, table: str) -> Participant:
    now = timezone.now()
    return Participant.objects.create(
        space_id=meeting.space_id, meeting=meeting, role="participant" if table == "inner" else "partner", table=table,
        name=name, company=company, is_walk_in=True, asked_at=now, admitted_at=now,
    )  # fmt: skip


def wipe(*, by: Actor, meeting: Meeting) -> int:
    """Take a practice away with its log and all that hangs on it. Gives how many rows; the record says only that."""
    by.must("meetings.run", meeting)
    return _wipe(by.ref, meeting)


def clear_old(*, by: Actor) -> int:
    """Wipe the practices that are older than the preset says, in every space; for the worker. Gives how many."""
    before = timezone.now() - timedelta(days=int(preset("practice_days").value))
    old = Meeting.objects.filter(is_practice=True, made_at__lt=before)
    count = 0
    for meeting in old.filter(models.Q(follows=None) | models.Q(follows__is_practice=False)):
        _wipe(by.ref, meeting)
        count += 1
    return count


def _wipe(ref: str, meeting: Meeting) -> int:
    with transaction.atomic():
        known = Meeting.objects.select_for_update().filter(pk=meeting.pk).first()
        if known is None:
            raise Missing(_("That is not here, or not for you."))
        if not known.is_practice:
            raise Refused(_("This is a real meeting. Only a practice is wiped."))
        boards = list(Board.objects.select_for_update().filter(meeting__in=_chain(known)).values_list("pk", flat=True))
        count = 0
        for rows in _hanging_on(known):
            count += rows.count()
            rows.delete()
        record(by=ref, verb="meeting.wipe", kind="meeting", object_id=meeting.pk, space_id=meeting.space_id)
        for number in boards:
            doorbell.announce(number, doorbell.GONE)
        transaction.on_commit(lambda: _forget(boards))
    return count


def _forget(boards: list[int]) -> None:
    """Nothing of these boards stays in memory, and their lines end; other processes hear it from the bell."""
    writer.forget(boards)
    for number in boards:
        doorbell.ring(number, doorbell.GONE)


def _chain(meeting: Meeting) -> list[Meeting]:
    """The practice, and what came out of it, such as its debrief."""
    found = [meeting]
    for one in found:
        found += Meeting.objects.filter(follows=one, is_practice=True)
    return found


def _hanging_on(meeting: Meeting) -> Iterator[models.QuerySet[models.Model]]:
    """Everything that points at these meetings, and the meetings themselves, in an order in which all of it can go.

    Read from the models, so that a table which a later version adds is wiped too.
    """
    found: dict[type[models.Model], set[int]] = {Meeting: {one.pk for one in _chain(meeting)}}
    waiting: list[type[models.Model]] = [Meeting]
    while waiting:
        model = waiting.pop()
        for other, name in _pointing_at(model):
            rows = other._default_manager.filter(**{f"{name}__in": found[model]}).values_list("pk", flat=True)
            more = set(rows) - found.setdefault(other, set())
            if more:
                found[other] |= more
                waiting.append(other)
    while found:
        model = next(one for one in found if not any(other in found for other, _name in _pointing_at(one, others=True)))
        rows = model._default_manager.filter(pk__in=found.pop(model))
        for other, name in _pointing_at(model):
            if other is model:
                rows.update(**{name: None})  # rows of one table may point at each other
        yield rows


def _pointing_at(model: type[models.Model], *, others: bool = False) -> list[tuple[type[models.Model], str]]:
    links = [one for one in model._meta.get_fields(include_hidden=True) if isinstance(one, models.ManyToOneRel)]
    found = [(one.related_model, one.field.name) for one in links]
    return [(other, name) for other, name in found if not (others and other is model)]
