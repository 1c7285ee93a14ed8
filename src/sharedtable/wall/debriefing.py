"""The talk among support partners after the firms have left: a meeting of its own that follows the launch.

Partners of the launch go over with one press; nobody of the inner table is taken along. What somebody noted for
themselves while they listened stays theirs, and they alone may put it on the board of the debrief.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.links import hash_of
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall.actions import PROGRAM, board_of, tell
from sharedtable.wall.models import Event, Note
from sharedtable.wall.writer import Not, Submission, write

RUN = "debrief"


@dataclass(frozen=True)
class Kept:
    """A note that its author made while listening. `is_carried`: they put it on the board of the debrief already."""

    number: int
    text: str
    is_carried: bool


def debrief_of(launch: Meeting) -> Meeting | None:
    """The debrief of a meeting, if it was opened."""
    return Meeting.objects.filter(follows=launch, run=RUN).order_by("pk").first()


def open_debrief(*, by: Participant) -> tuple[Participant, str]:
    """Open the debrief of the meeting that this facilitator runs, once; gives their place in it and its token."""
    launch = by.meeting
    if by.role != Participant.Role.FACILITATOR or launch.run == RUN:
        raise Missing(_("That is not here, or not for you."))
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=launch.pk)  # two facilitators may press at once
        meeting = debrief_of(launch)
        if meeting is None:
            now = timezone.now()
            title = _("Partners' debrief: %(title)s") % {"title": launch.title}
            meeting = Meeting.objects.create(
                space_id=launch.space_id, partnership_id=launch.partnership_id, follows=launch, run=RUN,
                title=title[:120], place=launch.place, starts_at=now, is_practice=launch.is_practice, made_at=now,
                made_by=_ref(by),
            )  # fmt: skip
            _record(by, "meeting.debrief", meeting, launch=launch.pk)
            board = board_of(launch)
            command = {"key": uuid.uuid4().hex, "do": "debrief.open", "meeting": meeting.pk}
            write(board.pk, [Submission(board.pk, PROGRAM, [command])])
        return _take_along(by, meeting, by.role)


def go_over(*, by: Participant) -> tuple[Participant, str]:
    """A partner of the launch takes their place in its debrief. Fails with Missing for anybody else."""
    meeting = debrief_of(by.meeting)
    with transaction.atomic():
        here = Participant.objects.select_for_update().get(pk=by.pk)
        is_partner = here.role == Participant.Role.PARTNER and here.table == "outer"
        if meeting is None or not is_partner or here.removed_at or here.admitted_at is None:
            raise Missing(_("That is not here, or not for you."))
        return _take_along(by, meeting, here.role)


def _take_along(by: Participant, meeting: Meeting, role: str) -> tuple[Participant, str]:
    """The place of somebody in the debrief, made when they first come; a second press gives them a new token."""
    if meeting.frozen_at:
        raise Refused(_("This meeting is closed. Its doors stay shut."))
    now, token = timezone.now(), secrets.token_urlsafe(24)
    place = Participant.objects.filter(meeting=meeting, came_from=by).first()
    if place is not None:
        if place.removed_at:
            raise Missing(_("That is not here, or not for you."))
        Participant.objects.filter(pk=place.pk).update(token_hash=hash_of(token))
        return place, token
    place = Participant.objects.create(
        space_id=by.space_id, meeting=meeting, came_from=by, person_id=by.person_id, seat_id=by.seat_id,
        user_id=by.user_id, role=role, table="outer", name=by.name, company=by.company, token_hash=hash_of(token),
        is_walk_in=by.is_walk_in, asked_at=now, admitted_at=now,
    )  # fmt: skip
    tell(meeting, "participant.admit", [place])
    _record(by, "meeting.go_over", meeting, participant=place.pk)
    return place, token


def kept(place: Participant) -> list[Kept]:
    """What somebody in the debrief noted for themselves in the meeting before; for them alone."""
    if not place.came_from_id or not place.meeting.follows_id:
        return []
    notes = list(_own_notes(place))
    keys = {_key(note): note for note in notes}
    there = Event.objects.filter(board__meeting_id=place.meeting_id, key__in=keys).values_list("key", flat=True)
    carried = {keys[key].pk for key in there}
    return [Kept(note.number, note.text, note.pk in carried) for note in notes]


def carry(*, by: Participant, numbers: Sequence[int]) -> str:
    """Put one's own notes of the meeting before on the board, as cards of the present round.

    Gives a sentence when a note could not be put there. A note that is there already is not put there twice.
    """
    if by.meeting.run != RUN:
        raise Missing(_("That is not here, or not for you."))
    chosen = [note for note in _own_notes(by) if note.number in set(numbers)]
    if not chosen:
        return _("Choose at least one of your notes.")
    board = board_of(by.meeting)
    commands = [{"key": _key(note), "do": "note.add", "text": note.text} for note in chosen]
    answers = write(board.pk, [Submission(board.pk, by.pk, commands)])[0]
    turned = next((one.turned for one in answers if isinstance(one, Not)), None)
    if turned is not None and turned.code == "closed":
        return _("No round of cards is open at the moment. Your notes stay here; put them on the board when it opens.")
    return str(turned.sentence) if turned is not None else ""


def _own_notes(place: Participant) -> list[Note]:
    found = Note.objects.filter(
        board__meeting_id=place.meeting.follows_id or 0,
        author=place.came_from_id or -1,
        is_private=True,
        is_withdrawn=False,
    )
    return list(found.order_by("number"))


def _key(note: Note) -> str:
    return f"carried-{note.board_id}-{note.number}"


def _ref(by: Participant) -> str:
    return f"user:{by.user_id}" if by.user_id else f"participant:{by.pk}"


def _record(by: Participant, verb: str, meeting: Meeting, **details: int) -> None:
    record(by=_ref(by), verb=verb, kind="meeting", object_id=meeting.pk, space_id=meeting.space_id, details=details)
