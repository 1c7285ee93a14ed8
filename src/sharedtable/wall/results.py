"""What a meeting without champions left behind: the partners' debrief, a brainstorm."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.meetings.queries import meeting as opened
from sharedtable.method import runs
from sharedtable.wall.models import Board, Cluster, Note


@dataclass(frozen=True)
class ResultArea:
    """An area with what was said about it, and its cards. An empty title: what nobody sorted."""

    title: str
    said: str
    cards: list[str]


@dataclass(frozen=True)
class ResultRound:
    """One question of the meeting with everything that was answered."""

    question: str
    areas: list[ResultArea]


@dataclass(frozen=True)
class Result:
    """All of it. `shortlist`: the cards that the group wants to try. `people`: who was there, with their table."""

    meeting: Meeting
    shortlist: list[str]
    rounds: list[ResultRound]
    people: list[Participant]

    @property
    def count(self) -> int:
        """How many cards there are."""
        return sum(len(area.cards) for one in self.rounds for area in one.areas)


def has_result(meeting: Meeting) -> bool:
    """Whether the meeting is of a kind that leaves such a page; a launch leaves its own record."""
    return not runs.run(meeting.run).champions


def result(actor: Actor, pk: int, language: str) -> Result:
    """The result of one meeting. Fails with Missing for whoever may not see it, and for a launch."""
    meeting = opened(actor, pk)
    if not has_result(meeting):
        raise Missing(_("That is not here, or not for you."))
    run, board = runs.run(meeting.run), Board.objects.filter(meeting=meeting, kind="main").first()
    # What somebody noted for themselves, took back, or was hidden, is nobody else's.
    cards = list(Note.objects.filter(board=board, is_private=False, is_withdrawn=False, is_hidden=False))
    areas = list(Cluster.objects.filter(board=board, is_removed=False, into=0))
    people = Participant.objects.filter(
        meeting=meeting, role__in=("participant", "partner"), admitted_at__isnull=False, removed_at=None
    )
    rounds = [
        ResultRound(
            runs.said(one.texts, language),
            [
                ResultArea(area.title, area.notes, [card.text for card in cards if card.cluster == area.number])
                for area in areas
                if area.round == one.id
            ]
            + _loose([card.text for card in cards if card.round == one.id and not card.cluster]),
        )
        for one in run.rounds
    ]
    shortlist = [card.text for card in cards if run.aim and card.parked == "ours"]
    return Result(meeting, shortlist, rounds, list(people))


def _loose(cards: list[str]) -> list[ResultArea]:
    return [ResultArea("", "", cards)] if cards else []
