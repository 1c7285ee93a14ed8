"""Every write that changes who is at a board: the record of the meeting and the log of the wall, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings import actions as meetings
from sharedtable.meetings import attending, joining
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method.runs import run
from sharedtable.wall.models import Board
from sharedtable.wall.writer import Submission, write

PROGRAM = 0


def board_of(meeting: Meeting, kind: str = "main") -> Board:
    """The board of a meeting, made when it is first needed."""
    board, _made = Board.objects.get_or_create(
        meeting=meeting, kind=kind, defaults={"space_id": meeting.space_id, "made_at": timezone.now()}
    )
    return board


def take_place(*, by: Actor, meeting: Meeting, role: str) -> tuple[Participant, str]:
    """A place for whoever runs the meeting; gives it and its token."""
    with transaction.atomic():
        place, token = meetings.take_place(by=by, meeting=meeting, role=role)
        tell(meeting, "participant.admit", [place])
    return place, token


def ask(*, meeting: Meeting, **said: Any) -> tuple[Participant, str]:
    """Come to the door by code, with what people say of themselves; see `joining.ask`."""
    with transaction.atomic():
        place, token = joining.ask(meeting=meeting, **said)
        tell(meeting, "participant.admit" if place.admitted_at else "participant.ask", [place])
    return place, token


def enter_by_link(*, by: Actor, is_listed: bool = False) -> tuple[Participant, str]:
    """Come in by a personal link; see `joining.enter_by_link`."""
    with transaction.atomic():
        place, token = joining.enter_by_link(by=by, is_listed=is_listed)
        tell(place.meeting, "participant.admit", [place])
    return place, token


def admit(*, by: Participant, numbers: Sequence[int] = ()) -> int:
    """Let people in from the lobby: those named, or everybody who waits. Gives how many."""
    _must_run(by)
    with transaction.atomic():
        waiting = _places(by.meeting).filter(admitted_at=None)
        if numbers:
            waiting = waiting.filter(pk__in=numbers)
        places = list(waiting)
        _places(by.meeting).filter(pk__in=[one.pk for one in places]).update(admitted_at=timezone.now())
        if places:
            tell(by.meeting, "participant.admit", places)
            _record(by, "meeting.admit", count=len(places))
    return len(places)


def type_in(*, by: Actor, meeting: Meeting, lines: Sequence[attending.Line]) -> list[Participant]:
    """Write down who is or was there from the paper list; see `attending.type_in`."""
    with transaction.atomic():
        places = attending.type_in(by=by, meeting=meeting, lines=lines)
        if places:
            tell(meeting, "participant.admit", places)
    return places


def take_out(*, by: Actor, meeting: Meeting, place: int) -> None:
    """Take somebody out of the list of those who came; see `attending.take_out`."""
    with transaction.atomic():
        tell(meeting, "participant.remove", [attending.take_out(by=by, meeting=meeting, place=place)])


def write_down(*, by: Participant, name: str, company: str, title: str = "") -> Participant:
    """Somebody who is in the room without a phone, at a launch from a business: they can sign and be written for.

    A scribe may do that too: a paper card of somebody who is not on the list must not wait.
    """
    _must_run(by, also=Participant.Role.SCRIBE)
    is_business = "inner" in run(by.meeting.run).admits
    with transaction.atomic():
        place, _token = joining.ask(
            meeting=by.meeting, name=name, company=company, title=title, is_business=is_business
        )
        Participant.objects.filter(pk=place.pk).update(admitted_at=timezone.now(), token_hash=None)
        tell(by.meeting, "participant.admit", [place])
        _record(by, "meeting.write_down", participant=place.pk)
    return place


def show_out(*, by: Participant, number: int) -> None:
    """Take somebody's place away; what they wrote stays. Their phone is out within seconds."""
    _must_run(by)
    with transaction.atomic():
        place = _one(by, number)
        if place.pk == by.pk:
            raise Refused(_("This is your own place. Somebody else who runs the meeting can take it away."))
        _places(by.meeting).filter(pk=number).update(removed_at=timezone.now())
        tell(by.meeting, "participant.remove", [place])
        _record(by, "meeting.show_out", participant=number)


def change_table(*, by: Participant, number: int, table: str) -> None:
    """Set right at which table somebody sits; the inner one speaks, the outer one listens."""
    _must_run(by)
    with transaction.atomic():
        place = _one(by, number)
        if table not in ("inner", "outer") or place.role not in ("participant", "partner"):
            raise Missing(_("That is not here, or not for you."))
        joining.must_admit(by.meeting, table)
        if place.seat_id and table == "inner" and place.seat is not None and place.seat.table != "inner":
            raise Refused(_("The record has this person at the outer table. Change the seat there first."))
        place.table, place.role = table, "participant" if table == "inner" else "partner"
        _places(by.meeting).filter(pk=number).update(table=table, role=place.role)
        tell(by.meeting, "participant.admit" if place.admitted_at else "participant.ask", [place])
        _record(by, "meeting.change_table", participant=number, table=table)


def _must_run(by: Participant, also: str = "") -> None:
    if by.role not in (Participant.Role.FACILITATOR, also) or by.removed_at or by.admitted_at is None:
        raise Missing(_("That is not here, or not for you."))
    if by.meeting.frozen_at:
        raise Refused(_("This meeting is closed, and its record stays as it is."))


def _places(meeting: Meeting) -> Any:
    return Participant.objects.filter(meeting=meeting, removed_at=None)


def _one(by: Participant, number: int) -> Participant:
    found: Participant | None = _places(by.meeting).select_related("seat").filter(pk=number).first()
    if found is None:
        raise Missing(_("That person is not in this meeting any more."))
    return found


def tell(meeting: Meeting, do: str, places: Sequence[Participant]) -> None:
    """Put it into the log of the main board, inside the transaction around it."""
    people = [
        {"n": one.pk, "name": one.name, "company": one.company, "table": one.table, "role": one.role} for one in places
    ]
    command = {"key": uuid.uuid4().hex, "do": do, "people": people}
    board = board_of(meeting)
    write(board.pk, [Submission(board.pk, PROGRAM, [command])])


def _record(by: Participant, verb: str, **details: int | str) -> None:
    ref = f"user:{by.user_id}" if by.user_id else f"participant:{by.pk}"
    record(by=ref, verb=verb, kind="meeting", object_id=by.meeting_id, space_id=by.space_id, details=details)
