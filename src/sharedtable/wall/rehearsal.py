"""The made-up firms of a practice launch: they post cards, fall silent, and put their names on areas.

What each of them does, and when, follows from the seed of the practice alone, and every act has a key of its own: the
same practice goes the same way again, and two processes that play it at once do nothing twice. The acts go through the
writer like those of any phone, so the rules of the wall hold for made-up firms too.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from sharedtable.method import practice as method
from sharedtable.method.practice import Firm
from sharedtable.method.runs import run
from sharedtable.wall import tables
from sharedtable.wall.models import Board
from sharedtable.wall.staging import practice_ms
from sharedtable.wall.state import Row, State
from sharedtable.wall.writer import Done, Submission, write

log = logging.getLogger(__name__)
LOOK, IDLE = 1.0, 3.0  # seconds between two looks: while somebody practices, and else
# Seconds into a part, by the firms' own clock. Between the last quick card and the first slow one nobody says anything.
LAST_QUICK, FIRST_SLOW, FIRST_QUIET = 75.0, 105.0, 220.0
MISSED_AT = 60.0


@dataclass(frozen=True)
class Act:
    """One thing that somebody does: when, by whose place, which command."""

    at: float
    place: int
    command: Row


def cards(seed: int, name: str, index: int, firm: Firm) -> list[float]:
    """When a firm puts each of its cards of a round on the wall, in seconds from the beginning of the part."""
    dice = random.Random(f"{seed}:{name}:{index}")  # noqa: S311 - a play, not a secret
    first, gap = {
        "quick": (dice.uniform(4, 25), (8.0, 24.0)),
        "loud": (dice.uniform(2, 5), (5.0, 12.0)),
        "slow": (dice.uniform(FIRST_SLOW, FIRST_SLOW + 40), (15.0, 35.0)),
        "quiet": (dice.uniform(FIRST_QUIET, FIRST_QUIET + 60), (30.0, 60.0)),
    }[firm.manner]
    found, at = [], first
    for _card in firm.cards.get(name, ()):
        found.append(min(at, LAST_QUICK) if firm.manner in ("quick", "loud") else at)
        at += dice.uniform(*gap)
    return found


def acts(state: State, champions: str) -> Iterator[Act]:
    """Everything that the firms do in the part that is on, as the wall stands now."""
    stage = state.stage
    practice, name = stage["practice"], stage["round"]
    firms = list(enumerate(zip(method.play().firms, practice["firms"], strict=False)))
    if name and stage["is_open"]:
        for index, (firm, place) in firms:
            for number, at in enumerate(cards(practice["seed"], name, index, firm)):
                text = firm.cards[name][number][practice["language"]]
                yield Act(at, place, _command(f"{name}-{index}-{number}", do="note.add", text=text, round=name))
    if stage["signup"] != "off":
        yield from _names(state, champions, firms)


def _names(state: State, champions: str, firms: list[tuple[int, tuple[Firm, int]]]) -> Iterator[Act]:
    stage, practice = state.stage, state.stage["practice"]
    areas = [one["n"] for one in state.live_clusters(champions)]
    # One area stays without a name, so that a shelf and its explanation are practiced too.
    signed = areas[:-1] if len(areas) > 1 else areas
    for index, (firm, place) in firms:
        if firm.manner == "quiet" or not signed:
            continue
        dice = random.Random(f"{practice['seed']}:names:{index}")  # noqa: S311 - a play, not a secret
        at = {"quick": dice.uniform(5, 40), "loud": 3.0, "slow": dice.uniform(45, 80)}[firm.manner]
        if stage["signup"] == "one":
            if stage["turn"] != place:
                continue
            at = 0.0  # it is their turn: they stand up and say it
        for number in range(2 if firm.manner == "loud" else 1):
            area = signed[(dice.randrange(len(signed)) + number) % len(signed)]
            yield Act(at, place, _command(f"sign-{index}-{area}", do="champion.sign", cluster=area))
    for number, peer in enumerate(method.play().peers):
        place = firms[number % len(firms)][1][1]
        yield Act(MISSED_AT, place, _command(f"peer-{number}", do="peer.name", name=peer.name, company=peer.company))


def _command(act: str, **given: Any) -> Row:
    return {"key": f"practice-{act}"[:40], **given}


@dataclass
class Practice:
    """One practice as this process knows it: its wall, and which acts were played."""

    state: State = field(default_factory=State)
    played: set[str] = field(default_factory=set)


class Rehearsal:
    """Plays every practice that is switched on."""

    def __init__(self) -> None:
        self._known: dict[int, Practice] = {}

    def run(self, stop: threading.Event) -> None:
        """Until told to stop. When the database does not answer, the firms wait."""
        while not stop.is_set():
            is_on = False
            try:
                is_on = self.once() > 0
            except Exception as problem:
                log.error("The practice could not go on: %s", type(problem).__name__)
                self._known.clear()
            close_old_connections()
            stop.wait(LOOK if is_on else IDLE)

    def once(self, now: int = 0) -> int:
        """One look: whatever is due is played. Gives how many practices are on."""
        moment = now or int(timezone.now().timestamp() * 1000)
        boards = list(
            Board.objects.filter(meeting__is_practice=True, meeting__frozen_at=None, stage__practice__on=True)
            .select_related("meeting")
            .order_by("pk")
        )
        self._known = {board.pk: self._known.get(board.pk, Practice()) for board in boards}
        for board in boards:
            self._play(board, self._known[board.pk], moment)
        return len(boards)

    def _play(self, board: Board, practice: Practice, now: int) -> None:
        for event in tables.events_after(board.pk, practice.state.number):
            practice.state.apply(event)
            practice.played.add(event.key)
        known: Mapping[str, Any] = practice.state.stage["practice"]
        if not known or not known["on"]:
            return
        at = practice_ms(known, now) / 1000
        wanted = [
            one
            for one in acts(practice.state, run(board.meeting.run).champions)
            if one.at <= at and one.command["key"] not in practice.played
        ]
        if not wanted:
            return
        submissions = [Submission(board.pk, one.place, [one.command]) for one in sorted(wanted, key=lambda one: one.at)]
        for one, answers in zip(submissions, write(board.pk, submissions), strict=True):
            # Who was turned away because the round had just closed tries again when it opens; others let it be.
            if isinstance(answers[0], Done) or answers[0].turned.code != "closed":
                practice.played.add(one.commands[0]["key"])
