"""What a wall comes to when the meeting is closed: which areas are priorities, which rest, and why. Reads only.

The rules of the method stand here once: no champion, no priority; and a priority traces to the words of a business
member, so cards of partners alone do not make one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sharedtable.meetings.models import Participant
from sharedtable.method import runs
from sharedtable.plans.models import Card, Shelved
from sharedtable.wall.models import Board, Cluster, Event, Note, Peer, SignUp
from sharedtable.wall.rules import NO_NAME


@dataclass(frozen=True)
class Words:
    """A public card with its author, the area it lies in and the opportunity that it answers."""

    note: Note
    author: Participant | None
    table: str
    said_by: str
    area: str
    answers: str

    @property
    def is_parked(self) -> bool:
        """For somebody else than this group."""
        return self.note.parked == "someone_else"


@dataclass(frozen=True)
class Name:
    """A champion's name on an area."""

    sign: SignUp
    place: Participant
    signed_at: datetime


@dataclass(frozen=True)
class Settled:
    """One area of the round that names go onto."""

    area: Cluster
    names: list[Name] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    @property
    def business_words(self) -> int:
        """How many cards of business members stand under it."""
        return sum(one.table == Card.Table.INNER for one in self.words)

    @property
    def why_not(self) -> str:
        """Why it is no priority; '' when it is one."""
        if not self.names:
            return Shelved.Reason.NO_NAME.value
        return "" if self.business_words else Shelved.Reason.NO_WORDS.value


@dataclass(frozen=True)
class Outcome:
    """All that a closing writes down. `left`: names of business members who were shown out after they signed; they
    count only when whoever closes the meeting says so."""

    areas: list[Settled]
    words: list[Words]
    peers: list[tuple[Peer, str]]
    places: list[Participant]
    hidden_count: int
    left: list[tuple[Cluster, Name]]

    @property
    def priorities(self) -> list[Settled]:
        """The areas that business leaders carry."""
        return [one for one in self.areas if not one.why_not]

    @property
    def shelved(self) -> list[Settled]:
        """The areas that rest."""
        return [one for one in self.areas if one.why_not]


def outcome_of(board: Board, keep: Collection[tuple[int, int]] = ()) -> Outcome:
    """What the wall of a meeting comes to as it stands now.

    `keep`: the area and the place of each name that counts although its bearer was shown out.
    """
    run = runs.run(board.meeting.run)
    places = list(Participant.objects.filter(meeting_id=board.meeting_id).select_related("person", "seat"))
    by_number = {one.pk: one for one in places}
    clusters = {one.number: one for one in Cluster.objects.filter(board=board)}
    notes = list(Note.objects.filter(board=board, is_private=False, is_withdrawn=False).order_by("number"))
    reader = _Reader(by_number, clusters, run.speaks)
    words = [reader.words(note) for note in notes if not note.is_hidden]
    standing = [one for one in clusters.values() if not one.is_removed and not one.into and one.round == run.champions]
    signed = _names(board, standing, by_number)
    return Outcome(
        [
            Settled(
                area,
                _counting(area, names, keep),
                [one for one in words if one.note.cluster == area.number and not one.is_parked],
            )
            for area, names in zip(standing, signed, strict=True)
        ],
        words,
        [
            (peer, clusters[peer.cluster].title if peer.cluster in clusters else "")
            for peer in Peer.objects.filter(board=board, is_withdrawn=False).order_by("number")
        ],
        [one for one in places if one.admitted_at and one.role in ("participant", "partner")],
        sum(note.is_hidden for note in notes),
        [(area, one) for area, names in zip(standing, signed, strict=True) for one in names if one.place.removed_at],
    )


def _counting(area: Cluster, names: list[Name], keep: Collection[tuple[int, int]]) -> list[Name]:
    return [one for one in names if one.place.removed_at is None or (area.number, one.place.pk) in keep]


def _names(board: Board, areas: list[Cluster], places: dict[int, Participant]) -> list[list[Name]]:
    """Who signed each area and is a business member still: whoever was moved to the outer table is no champion."""
    signs = list(SignUp.objects.filter(board=board).order_by("number"))
    times = dict(
        Event.objects.filter(board=board, number__in=[one.number for one in signs]).values_list("number", "at")
    )
    made = [
        Name(sign, place, times[sign.number])
        for sign in signs
        if (place := places.get(sign.participant)) and place.table == "inner" and place.role == "participant"
    ]
    return [[one for one in made if one.sign.cluster == area.number] for area in areas]


class _Reader:
    """Finds who said a card and what it is about."""

    def __init__(self, places: dict[int, Participant], clusters: dict[int, Cluster], speaks: frozenset[str]) -> None:
        self.places, self.clusters = places, clusters
        # Where business members alone speak, a name that the list does not know is one of them, written down by hand.
        self.otherwise = Card.Table.INNER if speaks == {"inner"} else Card.Table.UNKNOWN
        self.by_name: dict[str, Participant | None] = {}
        for one in places.values():
            if one.role in ("participant", "partner"):
                for text in {_plain(one.name), _plain(f"{one.name}, {one.company}")}:
                    self.by_name[text] = None if text in self.by_name else one

    def words(self, note: Note) -> Words:
        """One card, with its author: the place that wrote it, or the person for whom somebody wrote it down."""
        author, otherwise = self.places.get(note.author), self.otherwise
        said_by = author.name if author else ""
        if note.typed_for == NO_NAME:
            author, said_by, otherwise = None, "", Card.Table.UNKNOWN  # a paper card without a name speaks for nobody
        elif note.typed_for:
            author = self.by_name.get(_plain(note.typed_for))
            said_by = author.name if author else note.typed_for
        table = author.table if author and author.table in ("inner", "outer") else otherwise
        area, about = self._standing(note.cluster), self._standing(note.about)
        return Words(note, author, table, said_by, area.title if area else "", about.title if about else "")

    def _standing(self, number: int) -> Cluster | None:
        """The area of a number, or the one that it was joined to; None when it was taken off."""
        seen: set[int] = set()
        while number in self.clusters and number not in seen:
            seen.add(number)
            found = self.clusters[number]
            if not found.into:
                return None if found.is_removed else found
            number = found.into
        return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
