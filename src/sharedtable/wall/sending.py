"""One command from a page, written at once: for plain forms. Scripts send through the writer's queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sharedtable.meetings.models import Participant
from sharedtable.wall.actions import board_of
from sharedtable.wall.writer import Not, Submission, write


def send(place: Participant, command: Mapping[str, Any]) -> str:
    """Carry a command out; gives a sentence when it did not happen, nothing when it did."""
    board = board_of(place.meeting)
    answer = write(board.pk, [Submission(board.pk, place.pk, [command])])[0][0]
    return str(answer.turned.sentence) if isinstance(answer, Not) else ""
