"""What the open lines ask of the database: who a token is, what is new in a log, who may still watch.

Everything here only reads, runs in a thread, and leaves no transaction open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection

from sharedtable.accounts.actors import actor_of_user
from sharedtable.accounts.models import User
from sharedtable.meetings.models import Participant
from sharedtable.method.runs import run
from sharedtable.wall import tables
from sharedtable.wall.models import Board
from sharedtable.wall.state import Audience, Happened


class Away(Exception):
    """The database does not answer at the moment."""


class Gone(Exception):
    """The board was wiped."""


P = ParamSpec("P")
R = TypeVar("R")


def _kept(read: Callable[P, R]) -> Callable[P, R]:
    """Keep the thread's connection for the next call, but not one that failed: the server behind it may be new."""

    @wraps(read)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return read(*args, **kwargs)
        except DatabaseError as problem:
            connection.close()
            raise Away from problem

    return kept


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who holds a token: their place, their board, what they may see at most, and whether they were let in."""

    place: int
    board_id: int
    role: str
    table: str
    is_in: bool

    @property
    def audience(self) -> Audience:
        """What the place may see; a phone that does not show the wall asks for less."""
        return "facilitator" if self.role in ("facilitator", "scribe") else "wall"


Asked = tuple[str, int]  # the hash of a token, and the number of a meeting


@_kept
def sittings(asked: Iterable[Asked], kind: str = "main") -> dict[Asked, Sitting]:
    """Who holds these tokens in these meetings; many at once, for a room that comes in all at once.

    Nobody is left out of the answer but who holds no place, or may not hold it any more.
    """
    wanted = set(asked)
    places = Participant.objects.filter(
        token_hash__in={token for token, _meeting in wanted}, removed_at=None, space__closed_at=None
    )
    found = [
        one
        for one in places.values_list(
            "token_hash", "meeting_id", "pk", "role", "table", "admitted_at", "user_id", "meeting__run"
        )
        if (one[0], one[1]) in wanted and _is_for(one[3], one[4], one[7])
    ]
    boards = dict(
        Board.objects.filter(meeting__in={one[1] for one in found}, kind=kind).values_list("meeting_id", "pk")
    )
    ended = revoked([one[2] for one in found if one[6]])
    return {
        (str(token), meeting): Sitting(place, boards[meeting], role, table, admitted_at is not None)
        for token, meeting, place, role, table, admitted_at, _user, _run in found
        if meeting in boards and place not in ended
    }


@_kept
def events_after(board_id: int, number: int) -> list[Happened]:
    """What is new in a log."""
    return tables.events_after(board_id, number)


@_kept
def still_in(board_id: int, places: Iterable[int]) -> set[int]:
    """Those of these places that may watch the board now."""
    found = list(
        Participant.objects.filter(
            pk__in=list(places),
            meeting__boards=board_id,
            removed_at=None,
            admitted_at__isnull=False,
            space__closed_at=None,
        ).values_list("pk", "user_id", "role", "table", "meeting__run")
    )
    here = {place for place, _user, role, table, name in found if _is_for(role, table, name)}
    return here - revoked([one[0] for one in found if one[1]])


def _is_for(role: str, table: str, name: str) -> bool:
    """Whether a meeting of that run lets this table in; see `Participant.is_admitted`."""
    return role not in ("participant", "partner") or table in run(name).admits


def revoked(places: list[int]) -> set[int]:
    """A place that came from an account lasts as long as the account's right to run the meeting."""
    if not places:
        return set()
    rows = list(Participant.objects.select_related("meeting", "space").filter(pk__in=places))
    users = User.objects.in_bulk({one.user_id for one in rows})
    return {
        one.pk
        for one in rows
        if one.user_id not in users
        or not actor_of_user(users[one.user_id], one.space.slug).may("meetings.run", one.meeting)
    }
