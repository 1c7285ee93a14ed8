"""A launch meeting for tests: a board with a facilitator, business members, a partner, a scribe and a screen."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall.actions import board_of
from sharedtable.wall.models import Board
from sharedtable.wall.writer import Answer, Done, Not, Submission, write

_keys = itertools.count(1)


def key() -> str:
    return f"test-key-{next(_keys):08d}"


@dataclass
class Room:
    """A meeting in progress. `send("ann", "note.add", text="…")` writes as that person and gives the answer."""

    meeting: Meeting
    board: Board
    places: dict[str, Participant]

    def send(self, who: str, do: str, **given: Any) -> Answer:
        command = {"key": key(), "do": do, **given}
        return write(self.board.pk, [Submission(self.board.pk, self.places[who].pk, [command])])[0][0]

    def number(self, who: str, do: str, **given: Any) -> int:
        answer = self.send(who, do, **given)
        assert isinstance(answer, Done), answer
        return answer.number

    def code(self, who: str, do: str, **given: Any) -> str:
        """Why it does not happen."""
        answer = self.send(who, do, **given)
        assert isinstance(answer, Not), answer
        return answer.turned.code


PEOPLE = {
    "fay": ("facilitator", "outer", "Fay Facilitator", ""),
    "sam": ("scribe", "outer", "Sam Scribe", ""),
    "screen": ("projector", "outer", "Screen", ""),
    "ann": ("participant", "inner", "Ann Alvarez", "Lakeside Plastics"),
    "bo": ("participant", "inner", "Bo Baker", "Northern Tool"),
    "pat": ("partner", "outer", "Pat Partner", "Lakeside Community College"),
}


def make_room(team: Any, *, run: str = "launch", is_practice: bool = False) -> Room:
    now = timezone.now()
    meeting = Meeting.objects.create(
        space=team.space,
        partnership=team.partnership,
        run=run,
        title="Launch",
        is_practice=is_practice,
        starts_at=now,
        made_at=now,
        made_by="operator",
    )
    places = {
        name: Participant.objects.create(
            space=team.space,
            meeting=meeting,
            role=role,
            table=table,
            name=title,
            company=company,
            asked_at=now,
            admitted_at=now,
        )
        for name, (role, table, title, company) in PEOPLE.items()
    }
    board = board_of(meeting)
    people = [
        {"n": one.pk, "name": one.name, "company": one.company, "table": one.table, "role": one.role}
        for one in places.values()
    ]
    write(board.pk, [Submission(board.pk, 0, [{"key": key(), "do": "participant.admit", "people": people}])])
    return Room(meeting, board, places)
