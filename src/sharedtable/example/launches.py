"""The launch of an example team, held as on paper: who came is typed in, cards and names go onto the wall, and closing
it writes priorities, the shelf and the tasks into the record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.meetings import actions as meetings
from sharedtable.meetings.attending import Line
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method.runs import run
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Person
from sharedtable.plans import tasks
from sharedtable.plans.actions import freeze
from sharedtable.wall.actions import board_of, take_place, type_in
from sharedtable.wall.writer import Not, Submission, write

LAUNCH, OPPORTUNITIES, REQUIREMENTS = "launch", "opportunities", "requirements"
Command = dict[str, Any]


@dataclass
class _Wall:
    """The wall of a launch, written by whoever runs it; business members say the cards, one after the other."""

    board: int
    facilitator: int
    speakers: Sequence[Participant]

    def __post_init__(self) -> None:
        self.turns = cycle(self.speakers)

    def say(self, commands: Sequence[Command]) -> list[int]:
        """Carry them out; gives the number of each. Fails with Refused when the wall turns one away."""
        sent = [{"key": uuid.uuid4().hex, **command} for command in commands]
        made = []
        for answer in write(self.board, [Submission(self.board, self.facilitator, sent)])[0]:
            if isinstance(answer, Not):
                raise Refused(str(answer.turned.sentence))
            made.append(answer.number)
        return made

    def cards(self, about: Sequence[tuple[str, int]], round_: str) -> list[int]:
        """Cards with the opportunity that each builds on (0: none)."""
        return self.say(
            [
                {"do": "note.add", "text": text, "round": round_, "for": _label(next(self.turns)), "about": number}
                for text, number in about
            ]
        )

    def areas(self, titled: Sequence[tuple[str, Sequence[int]]], round_: str) -> list[int]:
        """Areas with their cards."""
        return self.say(
            [{"do": "cluster.create", "title": title, "notes": notes, "round": round_} for title, notes in titled]
        )


def _label(place: Participant) -> str:
    return f"{place.name}, {place.company}" if place.company else place.name


def hold(
    *,
    by: Actor,
    partnership: Partnership,
    data: Mapping[str, Any],
    on: date,
    champions: Mapping[str, Sequence[Person]],
    missing: Sequence[tuple[str, str]],
    today: date,
) -> Meeting:
    """Hold the launch of a file on its day and close it; plan what comes next.

    `champions`: who puts their name to which area. `missing`: name and company of those whom the room wants too.
    """
    launch = data["launch"]
    meeting = meetings.plan(
        by=by, partnership=partnership, run=LAUNCH, title=f"Launch: {partnership.name}", place=launch["place"],
        starts_at=_at(by, on, launch["time"]),
    )  # fmt: skip
    seats = Seat.objects.filter(
        partnership=partnership, started_on__lte=on, person__isnull=False, table__in=run(LAUNCH).admits
    )
    first = {seat.person_id: seat.pk for seat in seats.order_by("-pk")}
    places = type_in(by=by, meeting=meeting, lines=[Line(seat_id=number) for number in sorted(first.values())])
    facilitator, _token = take_place(by=by, meeting=meeting, role="facilitator")
    inner = [place for place in places if place.table == "inner"]
    wall = _Wall(board_of(meeting).pk, facilitator.pk, inner)
    areas = _fill(wall, data)
    _sign(wall, areas, champions, {place.person_id: place for place in inner})
    _name_missing(wall, launch, areas, missing)
    if "next_in_days" in launch:
        _next_date(wall, _at(by, today + timedelta(days=launch["next_in_days"]), launch["time"]))
    freeze(by=by, meeting=meeting)
    for entry in launch.get("task", ()):
        due_on = today + timedelta(days=entry["due_days"])
        tasks.add_task(by=by, partnership=partnership, what=entry["what"], who=entry["who"], due_on=due_on)
    for entry in launch.get("coming", ()):
        meetings.plan(
            by=by, partnership=partnership, run=entry["run"], title=entry["title"], place=entry["place"],
            starts_at=_at(by, today + timedelta(days=entry["in_days"]), entry["time"]),
        )  # fmt: skip
    return meeting


def _at(by: Actor, on: date, clock: time) -> datetime:
    """An hour of a day, as the team reads the clock."""
    if by.space is None:
        raise Refused("An example is laid for a team.")
    return datetime.combine(on, clock, by.space.zone)


def _fill(wall: _Wall, data: Mapping[str, Any]) -> dict[str, int]:
    """Opportunities with their cards, then the areas that build on them; gives the areas by title."""
    openings = data["launch"]["opportunity"]
    notes = iter(wall.cards([(text, 0) for one in openings for text in one["cards"]], OPPORTUNITIES))
    titled = [(one["title"], [next(notes) for _text in one["cards"]]) for one in openings]
    about = dict(zip((one["title"] for one in openings), wall.areas(titled, OPPORTUNITIES), strict=True))
    chosen = [*data["area"], *data["launch"].get("shelf", ())]
    spoken = [(text, about[one["about"]]) for one in chosen for text in one["cards"]]
    parked = [(text, 0) for text in data["launch"].get("parked", ())]
    said = wall.cards([*spoken, *parked], REQUIREMENTS)
    notes = iter(said)
    numbers = wall.areas([(one["title"], [next(notes) for _text in one["cards"]]) for one in chosen], REQUIREMENTS)
    wall.say([{"do": "note.park", "note": number, "parked": "someone_else"} for number in notes])
    wall.say(
        [
            {"do": "cluster.note", "cluster": number, "notes": one["said"], "base": number}
            for one, number in zip(chosen, numbers, strict=True)
            if one.get("said")
        ]
    )
    return {one["title"]: number for one, number in zip(chosen, numbers, strict=True)}


def _sign(
    wall: _Wall,
    areas: Mapping[str, int],
    champions: Mapping[str, Sequence[Person]],
    places: Mapping[int | None, Participant],
) -> None:
    wall.say(
        [
            {"do": "champion.sign", "cluster": areas[title], "participant": places[person.pk].pk}
            for title, people in champions.items()
            for person in people
        ]
    )


def _name_missing(
    wall: _Wall, launch: Mapping[str, Any], areas: Mapping[str, int], missing: Sequence[tuple[str, str]]
) -> None:
    """Peers whom the room wants at the table, each for an area."""
    wall.say(
        [
            {
                "do": "peer.name", "name": name, "company": company, "cluster": areas[one["area"]],
                "participant": next(wall.turns).pk,
            }
            for one, (name, company) in zip(launch.get("missing", ()), missing, strict=True)
        ]
    )  # fmt: skip


def _next_date(wall: _Wall, starts_at: datetime) -> None:
    """When the room meets again."""
    local, zone = starts_at.replace(tzinfo=None).isoformat(timespec="minutes"), str(starts_at.tzinfo)
    wall.say([{"do": "stage.set", "set": {"dates": [local], "zone": zone}}])
    wall.say([{"do": "stage.set", "set": {"date": local}}])
