"""Who came: people, companies, partners, senior titles, and how that compares with the numbers of the method (E27)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sharedtable.meetings.joining import plain
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import lists
from sharedtable.worksheets.shelf import shelf

Level = Literal["red", "short", "enough", "good", "many"]


@dataclass(frozen=True)
class Counts:
    """How many came. `companies` and `partners` are organizations; `senior`: business people with a senior title."""

    companies: int
    business_people: int
    partners: int
    partner_people: int
    senior: int
    walk_ins: int
    listed: int
    level: Level
    red: int
    floor: int
    target: int
    note: int


@dataclass(frozen=True)
class Came:
    """One person who was there, once, however many phones they used."""

    place: Participant
    is_senior: bool


def attendance(meeting: Meeting) -> tuple[list[Came], Counts]:
    """Everybody who was in the meeting, by table and name, and the counts."""
    places = Participant.objects.filter(
        meeting=meeting, admitted_at__isnull=False, removed_at=None, role__in=("participant", "partner")
    ).select_related("person", "seat")
    once: dict[str, Participant] = {}
    for place in places.order_by("table", "name", "pk"):
        once.setdefault(_who(place), place)
    came = [Came(one, is_senior(one.title)) for one in once.values()]
    return came, _counts(meeting, came)


def _counts(meeting: Meeting, came: Iterable[Came]) -> Counts:
    inner = [one for one in came if one.place.table == "inner"]
    outer = [one for one in came if one.place.table != "inner"]
    number = shelf(meeting.space_id).number
    red, floor, target, note = (int(number(f"launch_businesses_{name}")) for name in ("red", "floor", "target", "note"))
    companies = _organisations(inner)
    level: Level = (
        "red" if companies < red
        else "short" if companies < floor
        else "enough" if companies < target
        else "good" if companies <= note
        else "many"
    )  # fmt: skip
    everybody = [*inner, *outer]
    return Counts(
        companies,
        len(inner),
        _organisations(outer),
        len(outer),
        sum(one.is_senior for one in inner),
        sum(one.place.is_walk_in for one in everybody),
        sum(one.place.is_listed for one in everybody),
        level,
        red,
        floor,
        target,
        note,
    )


def _who(place: Participant) -> str:
    return f"p{place.person_id}" if place.person_id else f"{plain(place.name)}|{plain(place.company)}"


def _organisations(came: Iterable[Came]) -> int:
    """Different organizations by name; who named none stands for one of their own."""
    return len({plain(one.place.company) or _who(one.place) for one in came})


@cache
def _senior_words() -> re.Pattern[str]:
    words = [word for item in lists.items("senior_titles").values() for word in item.more["words"]]
    return re.compile(r"\b(" + "|".join(re.escape(plain(word)) for word in words) + r")\b")


def is_senior(title: str) -> bool:
    """Whether a job title says that its holder decides for the company, by the words of the method's list.

    >>> [is_senior(text) for text in ("President & CEO", "Plant Manager", "Assistant to the team", "Dueña", "")]
    [True, True, False, True, False]
    """
    return bool(_senior_words().search(plain(title)))
