"""Two facilitators close at the same moment while phones write on, in real transactions: one record, no more after."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from sharedtable.plans import actions
from sharedtable.plans.models import Card, Closing
from sharedtable.wall.models import Board, Event, Note
from sharedtable.wall.writer import Done, Submission, write
from tests.cast import make_cast
from tests.plans.conftest import make_launch
from tests.wall.rooms import key

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_close_while_phones_write_and_one_record_holds_all_that_was_acknowledged(transactional_db) -> None:
    launch = make_launch(make_cast().ohio)
    launch.room.number("fay", "segment.start", segment="requirements")
    board, ann = launch.room.board.pk, launch.room.places["ann"].pk
    closings: list[object] = []
    taken: list[int] = []
    begin = threading.Barrier(3)

    def close() -> None:
        begin.wait()
        try:
            closings.append(actions.freeze(by=launch.convener, meeting=launch.room.meeting))
        finally:
            connection.close()

    def write_on() -> None:
        begin.wait()
        try:
            for number in range(40):
                command = {"key": key(), "do": "note.add", "text": f"In the last second {number}"}
                answer = write(board, [Submission(board, ann, [command])])[0][0]
                if isinstance(answer, Done):
                    taken.append(answer.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for act in (close, close, write_on)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(closings) == 2 and closings[0] == closings[1] == Closing.objects.get()
    frozen = Event.objects.get(board=board, kind="meeting.frozen").number
    assert Board.objects.get(pk=board).last_number == frozen
    assert all(number < frozen for number in taken)
    # Every card that a phone was told of stands in the record, and no other.
    kept = set(Card.objects.filter(text__startswith="In the last second").values_list("number", flat=True))
    notes = Note.objects.filter(text__startswith="In the last second")
    assert kept == set(taken) == set(notes.values_list("number", flat=True))
