"""Every read of the pages of a data walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.meetings import queries as meetings
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.meetings.queries import Part, parts
from sharedtable.partnerships.models import Decision, Scope
from sharedtable.studies import readings
from sharedtable.studies.models import Definition, Reading
from sharedtable.studies.queries import Row, industries
from sharedtable.studies.questions import Question, Region, Sector, default_region
from sharedtable.studies.readings import Beside
from sharedtable.studies.tenancy import seen_by
from sharedtable.walks import figures
from sharedtable.walks.actions import RUN
from sharedtable.walks.choosing import Ranked, ranked
from sharedtable.walks.models import Walk
from sharedtable.wall.models import Board, Event
from sharedtable.wall.state import new_stage

MOST_PROPOSED = 20


@dataclass(frozen=True)
class Live:
    """What every screen of a walk starts from. `number`: up to which event it is true; `marks`: one's own."""

    place: Participant
    number: int
    stage: dict[str, Any]
    parts: list[Part]
    stops: list[figures.Stop]
    industries: list[str]
    marks: dict[str, dict[str, Any]]
    readings: dict[str, Beside] = field(default_factory=dict)

    @property
    def part(self) -> Part | None:
        """The segment that is on."""
        return next((part for part in self.parts if part.id == self.stage["segment"]), None)

    @property
    def stop(self) -> figures.Stop | None:
        """The figure that the room looks at."""
        return next((one for one in self.stops if one.id == self.stage["stop"]), None)

    @property
    def is_open(self) -> bool:
        """Whether one may mark the figure now."""
        return self.stop is not None and not self.stage["stops"].get(self.stop.id, (0, 0))[1]

    @property
    def mine(self) -> dict[str, Any]:
        """One's own mark on the figure."""
        return self.marks.get(self.stage["stop"], {})

    @property
    def revealed(self) -> Beside | None:
        """What the room made of the figure, once it is revealed."""
        return self.readings.get(self.stage["stop"])

    @property
    def ranking(self) -> list[Ranked]:
        """The industries as the room puts them, once the choice is revealed."""
        found = self.revealed
        return ranked(found.counts["all"], self.industries) if found and self.stop and self.stop.is_choice else []


def live(place: Participant, language: str) -> Live:
    """A screen of that place: the figures, which one is on, one's own marks, and what is revealed. Never a mark of
    somebody else before the reveal."""
    board = Board.objects.filter(meeting_id=place.meeting_id, kind="main").first()
    walk = Walk.objects.filter(meeting_id=place.meeting_id).first()
    own = Event.objects.filter(board=board, kind="mark.set", payload__participant=place.pk).order_by("number")
    said = list(own.values_list("payload", flat=True))
    marks = {one["stop"]: {"mark": one["mark"], "text": one["text"]} for one in said}
    found = readings.of_meeting(place.space_id, place.meeting_id)
    return Live(
        place,
        board.last_number if board else 0,
        {**new_stage(), **(board.stage if board else {})},
        parts(place.meeting, language),
        figures.stops(walk, language) if walk else [],
        figures.names(walk) if walk else [],
        {stop: mark for stop, mark in marks.items() if mark["mark"]},
        {one.stop: readings.as_beside(one, language, has_names=False) for one in found},
    )


def has_walk(meeting: Meeting) -> bool:
    """Whether a meeting is a data walk."""
    return meeting.run == RUN


@dataclass(frozen=True)
class Result:
    """One industry of a walk with what the room made of each figure."""

    name: str
    figures: Sequence[Beside]


@dataclass(frozen=True)
class WalkPage:
    """The page of a walk in the record: what it goes through, what came of it, and who may do what with it."""

    meeting: Meeting
    walk: Walk | None
    region: Region | None
    stops: list[figures.Stop]
    has_begun: bool
    results: list[Result]
    choice: Beside | None
    ranking: list[Ranked]
    decision: Decision | None
    dissent: str
    reasons: dict[str, str]
    came: str

    @property
    def industries(self) -> list[str]:
        """The industries of the walk."""
        return figures.names(self.walk) if self.walk else []

    @property
    def measures(self) -> set[str]:
        """The figures that it goes through."""
        return {one.measure for one in self.stops}


def page(actor: Actor, number: int, language: str) -> WalkPage:
    """The walk of a meeting; names only for those who run it. Fails with Missing for another kind of meeting."""
    meeting = meetings.meeting(actor, number)
    if meeting.run != RUN:
        raise Missing(_("That is not here, or not for you."))
    walk = Walk.objects.filter(meeting=meeting).select_related("decision").first()
    board = Board.objects.filter(meeting=meeting, kind="main").first()
    has_names = actor.may("meetings.run", meeting)
    rows = readings.of_meeting(meeting.space_id, meeting.pk)
    stops = figures.stops(walk, language) if walk else []
    order = {one.id: one for one in stops}
    found = [(order[row.stop], row) for row in rows if row.stop in order]
    names = figures.names(walk) if walk else []
    results = [
        Result(
            name,
            [
                readings.as_beside(row, language, has_names=has_names)
                for stop, row in sorted(found, key=lambda pair: pair[0].number)
                if stop.industry == index
            ],
        )
        for index, name in enumerate(names)
    ]
    chosen = next((row for stop, row in found if stop.is_choice), None)
    choice = readings.as_beside(chosen, language, has_names=has_names) if chosen else None
    ranking = ranked(choice.counts["all"], names) if choice else []
    reasons, dissent = _said(chosen, ranking, names)
    people = Participant.objects.filter(
        meeting=meeting, admitted_at__isnull=False, removed_at=None, role__in=("participant", "partner")
    )
    return WalkPage(
        meeting,
        walk,
        Region.parse(walk.region_text) if walk else None,
        stops,
        bool(board and board.stage.get("stops")),
        [one for one in results if one.figures],
        choice,
        ranking,
        walk.decision if walk else None,
        dissent,
        reasons,
        "\n".join(one.name for one in people),
    )


def _said(row: Reading | None, ranking: list[Ranked], names: list[str]) -> tuple[dict[str, str], str]:
    """The words for each industry by those who put it first, and those of whoever put another first than the room."""
    reasons: dict[str, list[str]] = {name: [] for name in names}
    dissent = []
    for voice in row.voices.all() if row else ():
        first = voice.mark.split(",")[0]
        if not voice.text or not first.isdigit() or int(first) >= len(names):
            continue
        reasons[names[int(first)]].append(voice.text)
        if ranking and int(first) != ranking[0].number:
            dissent.append(f"{names[int(first)]}: {voice.text}")
    return {name: "\n".join(sorted(found)) for name, found in reasons.items()}, "\n".join(sorted(dissent))


@dataclass(frozen=True)
class Choices:
    """What may be walked through: regions to choose from, and the first industries of one."""

    region: Region
    regions: Sequence[tuple[str, str]]
    kept: Sequence[Definition]
    proposed: Sequence[Row]
    problem: str = ""


def choices(actor: Actor, meeting: Meeting, region_slug: str, language: str) -> Choices:
    """Industries of a region: of the partnership's scope unless another one is named."""
    kept = list(Definition.objects.filter(seen_by(actor)).order_by("kind", "slug", "-version"))
    newest = {(one.kind, one.slug): one for one in reversed(kept)}
    regions = [one for (kind, _slug), one in sorted(newest.items()) if kind == Definition.Kind.REGION]
    scope = Scope.objects.filter(partnership_id=meeting.partnership_id).order_by("-version").first()
    named = next((one for one in regions if one.slug == region_slug), None)
    text = named.text if named else scope.region_text if scope else ""
    region = Region.parse(text) if text else default_region()
    try:
        found = industries(Question(region=region, language=language, by=actor))
        rows, problem = list(found.ranked[:MOST_PROPOSED]), ""
    except Refused as refusal:
        rows, problem = [], str(refusal)
    return Choices(
        region,
        [(one.slug, one.name) for one in regions],
        [one for (kind, _slug), one in sorted(newest.items()) if kind == Definition.Kind.SECTOR],
        rows,
        problem,
    )


def sectors(chosen: Sequence[str], typed: str, kept: Sequence[Definition]) -> list[Sector]:
    """The industries of a form: codes that were ticked, definitions of the team ('kept:slug'), and typed codes."""
    by_slug = {one.slug: one for one in kept}
    found = []
    for name in [*chosen, *typed.replace(";", ",").split(",")]:
        plain = name.strip()
        if plain.startswith("kept:") and plain[5:] in by_slug:
            found.append(Sector.parse(by_slug[plain[5:]].text))
        elif plain:
            found.append(Sector.of(plain))
    return found


def of_decision(actor: Actor, decision: Decision) -> Walk | None:
    """The walk that a decision came out of, if the actor may see it."""
    walk = Walk.objects.filter(space=actor.space, decision=decision).select_related("meeting").first()
    return walk if walk is not None and actor.may("meetings.see", walk.meeting) else None
