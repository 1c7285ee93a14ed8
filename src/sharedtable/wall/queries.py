"""Every read of the pages of a live meeting: from the tables, which follow the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sharedtable.meetings.joining import place_of
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.meetings.queries import Part, parts
from sharedtable.method import runs
from sharedtable.method.presets import preset
from sharedtable.wall import reading, suggesting, tables
from sharedtable.wall.models import Board, Cluster, Note, SignUp
from sharedtable.wall.state import State, fold, new_stage

SOMEONE_ELSE = "someone_else"  # a card for somebody else than this group (E14)


def place(token: str, meeting: int) -> Participant | None:
    """The place that a token holds in a meeting; None for nobody, or for one whose right was revoked."""
    found = place_of(token, meeting)
    return found if found is not None and not (found.user_id and reading.revoked([found.pk])) else None


@dataclass(frozen=True)
class Area:
    """An area as pages list it, with its names and cards."""

    number: int
    round: str
    title: str
    notes: str
    is_shelved: bool
    names: list[SignUp]
    cards: list[Note]
    has_mine: bool = False


@dataclass(frozen=True)
class Page:
    """What every screen of a meeting starts from. `number`: up to which event it is true."""

    place: Participant
    number: int
    stage: dict[str, Any]
    parts: list[Part]
    mine: list[Note]
    areas: list[Area]
    loose: list[Note]
    parked: list[Note]

    @property
    def part(self) -> Part | None:
        """The segment that is on."""
        return next((part for part in self.parts if part.id == self.stage["segment"]), None)


def page(place: Participant, language: str) -> Page:
    """A screen of that place: the stage, one's own cards, the areas with their names and open cards."""
    board = Board.objects.filter(meeting_id=place.meeting_id, kind="main").first()
    stage = {**new_stage(), **(board.stage if board else {})}
    shown = [
        note
        for note in Note.objects.filter(board=board, is_withdrawn=False).order_by("number")
        if note.author == place.pk or not (note.is_private or note.is_hidden)
    ]
    carry = Participant.objects.filter(meeting_id=place.meeting_id, removed_at=None, table="inner").values("pk")
    names = list(SignUp.objects.filter(board=board, participant__in=carry).order_by("number"))
    areas = [
        Area(
            one.number, one.round, one.title, one.notes, one.is_shelved,
            [sign for sign in names if sign.cluster == one.number],
            [note for note in shown if note.cluster == one.number and not note.is_private and not note.is_hidden],
            any(sign.cluster == one.number and sign.participant == place.pk for sign in names),
        )
        for one in Cluster.objects.filter(board=board, is_removed=False, into=0).order_by("number")
    ]  # fmt: skip
    free = [note for note in shown if not (note.cluster or note.is_private or note.is_hidden)]
    return Page(
        place,
        board.last_number if board else 0,
        stage,
        parts(place.meeting, language),
        [note for note in shown if note.author == place.pk],
        areas,
        [note for note in free if note.parked != SOMEONE_ELSE],
        [note for note in free if note.parked == SOMEONE_ELSE],
    )


def show(place: Participant, language: str) -> dict[str, Any]:
    """The texts of the run of show, for the scripts of the screens."""
    run = runs.run(place.meeting.run)
    return {
        "segments": {
            one.id: {"title": one.title, "goal": one.goal, "script": one.script, "minutes": one.minutes}
            for one in parts(place.meeting, language)
        },
        "order": [one.id for one in parts(place.meeting, language)],
        "rounds": {
            one.id: {"text": runs.said(one.texts, language), "about": one.about, "least": one.least, "most": one.most}
            for one in run.rounds
        },
        "prompts": {one.id: runs.said(one.texts, language) for one in run.prompts},
        "tags": {one.id: runs.said(one.texts, language) for one in run.tags},
        "tips": [runs.said(one.texts, language) for one in run.tips],
        "champions": run.champions,
        "speaks": sorted(run.speaks),
        "aim": int(preset(run.aim).value) if run.aim else 0,
        "shelf": shelf(place.meeting),
        "shelf_in": next((one.id for one in run.segments if one.shelf), ""),
        "least": int(preset("strategy_areas_least").value),
        "most": int(preset("strategy_areas_most").value),
        "carry_least": int(preset("priorities_least").value),
        "carry_most": int(preset("priorities_most").value),
    }


def shelf(meeting: Meeting) -> list[str]:
    """The areas that nobody signed in the meeting before: what a yearly refresh looks at once more."""
    if not meeting.follows_id or not any(segment.shelf for segment in runs.run(meeting.run).segments):
        return []
    board = Board.objects.filter(meeting_id=meeting.follows_id, kind="main").first()
    if board is None:
        return []
    found = board.clusters.filter(is_shelved=True, is_removed=False, into=0).order_by("number")
    return list(found.values_list("title", flat=True))


def speakers(place: Participant) -> frozenset[str]:
    """The tables that speak in this meeting."""
    return runs.run(place.meeting.run).speaks


def own_notes(place: Participant) -> list[dict[str, Any]]:
    """One's own cards and private notes, for the phone's script."""
    found = Note.objects.filter(board__meeting_id=place.meeting_id, author=place.pk, is_withdrawn=False)
    return [
        {"n": one.number, "v": one.version, "round": one.round, "text": one.text, "private": one.is_private}
        for one in found.order_by("number")
    ]


def help_for(place: Participant, name: str, *, draft: bool = False) -> dict[str, Any]:
    """Help with sorting for the console of a place; see `suggesting`."""
    board = Board.objects.filter(meeting_id=place.meeting_id, kind="main").first()
    state = fold(tables.events_after(board.pk, 0)) if board else State()
    return suggesting.help_of(state, name or state.stage["round"], draft=draft)
