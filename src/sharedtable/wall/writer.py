"""The one place that writes a log: commands become numbered events, a whole group in one transaction.

Whoever calls `write` holds the board's row (`SELECT … FOR UPDATE`; on SQLite the writer's lock), so numbers follow the
order of commits and have no gaps. A group is everything that queued while the last one was being written; a command
that does not happen, or cannot be stored, takes none of the others with it. Nothing is answered before the commit.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from sharedtable.meetings.models import Participant
from sharedtable.method.presets import preset
from sharedtable.method.runs import run
from sharedtable.wall import doorbell, tables
from sharedtable.wall.commands import decide
from sharedtable.wall.models import Board, Event
from sharedtable.wall.reading import Away, Gone
from sharedtable.wall.rules import NOT_YOURS, SERVER, UNREADABLE, Context, Turned, Who
from sharedtable.wall.state import Happened, Ref, State

log = logging.getLogger(__name__)
MOST_IN_A_GROUP = 400  # commands in one transaction: short enough that the first of them does not wait long
LONGEST_KEY = 40


@dataclass(frozen=True)
class Done:
    """A command that happened: its key and the number of its event. `is_repeat`: it had happened before."""

    key: str
    number: int
    is_repeat: bool = False


@dataclass(frozen=True)
class Not:
    """A command that did not happen, and why."""

    key: str
    turned: Turned


Answer = Done | Not
Command = Mapping[str, Any]


@dataclass
class Submission:
    """What one sender wants of one board. `by`: a participant's number; 0: the program itself."""

    board_id: int
    by: int
    commands: Sequence[Command]
    future: Future[list[Answer]] = field(default_factory=Future)


# The board as of the last commit, with the time at which the board was made: a test may use a number again.
_states: dict[int, tuple[datetime, State]] = {}
_states_lock = threading.Lock()


def write(board_id: int, submissions: Sequence[Submission]) -> list[list[Answer]]:
    """Carry out submissions to one board in one transaction; gives the answers of each.

    Fails with what the database says when nothing could be stored: then nothing was.
    """
    with transaction.atomic():
        board = Board.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=board_id)
        state = _known(board)
        for event in tables.events_after(board_id, state.number) if state.number < board.last_number else ():
            state.apply(event)
        answers, events, touched = _carry_out(board, state, submissions)
        if events:
            Event.objects.bulk_create([_row(board, event) for event in events])
            tables.write(board, state, touched)
            board.last_number, board.stage = state.number, state.stage
            board.save(update_fields=["last_number", "stage"])
            doorbell.announce(board_id, state.number)
        # A transaction around this one may still be taken back: only what is really stored is kept and told.
        transaction.on_commit(lambda: _keep(board, state, is_grown=bool(events)))
    return answers


def _known(board: Board) -> State:
    """The state as this process last stored it, taken out of the shelf while it is being changed; else an empty one."""
    with _states_lock:
        made_at, state = _states.pop(board.pk, (None, State()))
    return state if made_at == board.made_at and state.number <= board.last_number else State()


def forget(boards: Sequence[int]) -> None:
    """Forget boards that are gone."""
    with _states_lock:
        for number in boards:
            _states.pop(number, None)


def _keep(board: Board, state: State, *, is_grown: bool) -> None:
    with _states_lock:
        _states[board.pk] = (board.made_at, state)
    if is_grown:
        doorbell.ring(board.pk, state.number)


def _carry_out(
    board: Board, state: State, submissions: Sequence[Submission]
) -> tuple[list[list[Answer]], list[Happened], set[Ref]]:
    now = int(timezone.now().timestamp() * 1000)
    show, quiet_ms = run(board.meeting.run), int(preset("silence_seconds").value * 1000)
    people = _people(board, {one.by for one in submissions if one.by}, show.speaks)
    keys = [key for one in submissions for command in one.commands if (key := _key(command))]
    known = {
        row["key"]: (row["number"], row["by_id"])
        for row in Event.objects.filter(board=board, key__in=keys).values("key", "number", "by_id")
    }
    events: list[Happened] = []
    touched: set[Ref] = set()
    answers: list[list[Answer]] = []
    for one in submissions:
        mine: list[Answer] = []
        answers.append(mine)
        for command in one.commands:
            key = _key(command)
            try:
                if not key:
                    raise Turned("unreadable", UNREADABLE)
                if key in known:
                    number, by = known[key]
                    if by != one.by:
                        raise Turned("not_yours", NOT_YOURS)
                    mine.append(Done(key, number, is_repeat=True))
                    continue
                who = people.get(one.by)
                # The stage too: who waited for the board while it was being closed may still hold the older meeting.
                if who is None or ((board.meeting.frozen_at or state.stage["frozen"]) and one.by):
                    raise Turned("not_yours", NOT_YOURS)
                outcome = decide(Context(state, show, who, now, quiet_ms), command)
            except Turned as turned:
                mine.append(Not(key, turned))
                continue
            event = Happened(
                state.number + 1, outcome.kind, outcome.scope, outcome.payload, one.by, now, key, outcome.undoes
            )
            touched |= state.apply(event)
            events.append(event)
            known[key] = (event.number, one.by)
            mine.append(Done(key, event.number))
    return answers, events, touched


def _key(command: Command) -> str:
    key = command.get("key")
    return key if isinstance(key, str) and 8 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() else ""


def _people(board: Board, numbers: set[int], speakers: frozenset[str]) -> dict[int, Who]:
    """The senders as the record has them now: somebody who was shown out a moment ago writes nothing any more."""
    found = Participant.objects.filter(
        pk__in=numbers, meeting_id=board.meeting_id, admitted_at__isnull=False, removed_at=None
    )
    return {0: Who(0, SERVER)} | {
        one.pk: Who(one.pk, one.role, one.table, one.name, one.company, speakers) for one in found
    }


def _row(board: Board, event: Happened) -> Event:
    return Event(
        space_id=board.space_id,
        board=board,
        number=event.number,
        key=event.key,
        by_id=event.by,
        kind=event.kind,
        scope=event.scope,
        payload=event.payload,
        undoes=event.undoes,
        at=datetime.fromtimestamp(event.at / 1000, UTC),
    )


class Writer:
    """The thread that writes for one process: it takes whatever queued during the last commit."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def submit(self, board_id: int, by: int, commands: Sequence[Command]) -> Future[list[Answer]]:
        """Put commands in line; the future gives their answers after the commit."""
        one = Submission(board_id, by, commands)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="wall-writer", daemon=True)
                self._thread.start()
        self._queue.put(one)
        return one.future

    def stop(self) -> None:
        """End the thread after what is queued now."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            group, size = [first], len(first.commands)
            while size < MOST_IN_A_GROUP and not self._queue.empty():
                if (more := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                group.append(more)
                size += len(more.commands)
            by_board: dict[int, list[Submission]] = {}
            for one in group:
                by_board.setdefault(one.board_id, []).append(one)
            for board_id, submissions in by_board.items():
                write_group(board_id, submissions)
        connection.close()


def write_group(board_id: int, submissions: Sequence[Submission]) -> None:
    """Write a group and answer it. When the database refuses it, each sender is tried alone: one cannot sink others."""
    try:
        for one, answers in zip(submissions, write(board_id, submissions), strict=True):
            one.future.set_result(answers)
    except Board.DoesNotExist:
        forget([board_id])
        for one in submissions:
            one.future.set_exception(Gone())
    except Exception as problem:  # whatever it was, nobody may wait for an answer that never comes
        connection.close()
        if len(submissions) == 1:
            # Without the traceback: that of a database would hold what people wrote.
            log.error("A command could not be stored: %s", type(problem).__name__)
            submissions[0].future.set_exception(Away() if isinstance(problem, DatabaseError) else problem)
            return
        for one in submissions:
            write_group(board_id, [one])


writer = Writer()
