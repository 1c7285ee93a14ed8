"""The work session of the support team: an agenda with a clock whose blocks write into the workspace (B09).

A session is a meeting with the run of show "support-team". What is said in it goes through the ordinary actions: people
get seats, gaps become dates with somebody who sees to them, roles become seats. What was written is read back from the
ledger, between the beginning of the session and some time after its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import actions as meetings
from sharedtable.meetings import queries as meeting_queries
from sharedtable.meetings.models import Meeting
from sharedtable.method import lists, runs
from sharedtable.partnerships import clocking, doors, seat_queries, seating
from sharedtable.partnerships.models import Deadline, Partnership, Seat
from sharedtable.people.actions import entries
from sharedtable.people.models import Organisation, Person
from sharedtable.steps.facts import SESSION, names_of

WRITES = {"members": "member", "gaps": "gap", "roles": "role"}  # what each block of the run writes
MEMBER_ROLE = "support_team"
AFTER_THE_END = timedelta(hours=2)
TWICE = timedelta(minutes=3)


@dataclass(frozen=True)
class Block:
    """One block of the agenda: from when to when, and what it writes ('' for nothing)."""

    id: str
    title: str
    goal: str
    script: Sequence[str]
    minutes: int
    begins: datetime
    ends: datetime
    writes: str
    is_now: bool


@dataclass(frozen=True)
class Written:
    """What a session put into the workspace, with who typed it."""

    members: Sequence[tuple[seat_queries.Chair, str]]
    gaps: Sequence[tuple[Deadline, str]]
    roles: Sequence[tuple[seat_queries.Chair, str]]

    @property
    def count(self) -> int:
        """How many things were written."""
        return len(self.members) + len(self.gaps) + len(self.roles)


@dataclass(frozen=True)
class SessionPage:
    """A session on the screen of the room."""

    meeting: Meeting
    blocks: Sequence[Block]
    open: Block
    tables: seat_queries.Tables
    coverage: seat_queries.Coverage
    written: Written
    has_begun: bool
    may_write: bool


def sessions(by: Actor, partnership: Partnership) -> list[Meeting]:
    """The sessions of a partnership, newest first."""
    by.must("meetings.see", partnership)
    return list(Meeting.objects.filter(partnership=partnership, run=SESSION, is_practice=False))


def of_number(by: Actor, partnership: Partnership, number: int) -> Meeting:
    """One session. Fails with Missing for another kind of meeting."""
    found = meeting_queries.meeting(by, number)
    if found.partnership_id != partnership.pk or found.run != SESSION:
        raise doors.not_here()
    return found


def page(by: Actor, partnership: Partnership, number: int, wanted: str = "") -> SessionPage:
    """A session with its blocks; the open one is the one asked for, else the one whose time it is."""
    found = of_number(by, partnership, number)
    now = timezone.now()
    blocks = _blocks(found, now)
    at_hand = next((one for one in blocks if one.is_now), blocks[0] if now < found.starts_at else blocks[-1])
    tables = seat_queries.tables(partnership)
    return SessionPage(
        found,
        blocks,
        next((one for one in blocks if one.id == wanted), at_hand),
        tables,
        seat_queries.coverage(tables),
        written(by, found),
        found.starts_at <= now,
        by.may("partnerships.change", partnership),
    )


def _blocks(found: Meeting, now: datetime) -> list[Block]:
    begins, made = found.starts_at, []
    for part in meeting_queries.parts(found, get_language() or "en"):
        ends = begins + timedelta(minutes=part.minutes)
        writes = WRITES.get(part.id, "")
        made.append(
            Block(part.id, part.title, part.goal, part.script, part.minutes, begins, ends, writes, begins <= now < ends)
        )
        begins = ends
    return made


def begin(*, by: Actor, partnership: Partnership, place: str = "") -> Meeting:
    """A session that begins now; the one that began in the last minutes, if the button was pressed twice."""
    by.must("meetings.change", partnership)
    title = runs.said(runs.run(SESSION).titles, get_language() or "en")
    now = timezone.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        kept = doors.locked(by, partnership, "meetings.change")
        known = Meeting.objects.filter(partnership=kept, run=SESSION, starts_at__gte=now - TWICE, starts_at__lte=now)
        if (found := known.first()) is not None:
            return found
        return meetings.plan(by=by, partnership=kept, run=SESSION, title=title, place=place, starts_at=now)


def begin_now(*, by: Actor, meeting: Meeting) -> Meeting:
    """A planned session begins at this minute: the clock of its blocks runs from now."""
    return meetings.change(
        by=by,
        meeting=meeting,
        version=meeting.version,
        title=meeting.title,
        place=meeting.place,
        starts_at=timezone.now().replace(second=0, microsecond=0),
        minutes={part.id: part.minutes for part in meeting_queries.parts(meeting, "en")},
        has_lobby=meeting.has_lobby,
        shows_list=meeting.shows_list,
    )


# --- what the blocks write --------------------------------------------------------------------------------------------


def add_member(
    *, by: Actor, partnership: Partnership, person: Person | None = None, name: str = "", place: str = "",
    system: str = "", email: str = "",
) -> Seat:  # fmt: skip
    """Somebody of the record, or somebody new with their organisation, gets a seat on the support team."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        who = person or _new_person(by, name, place, system, email)
        return seating.give_seat(by=by, partnership=partnership, role=MEMBER_ROLE, person=who)


def _new_person(by: Actor, name: str, place: str, system: str, email: str) -> Person:
    if not name.strip():
        raise Refused(_("Choose somebody from the record, or type a name."))
    if not place.strip():
        raise Refused(_("Say for which organization %(name)s speaks.") % {"name": name.strip()})
    known = Organisation.objects.filter(
        space_id=by.space_id, name__iexact=" ".join(place.split()), merged_into=None, archived_at=None, erased_at=None
    ).first()
    if known is None:
        values = {"kind": Organisation.Kind.SUPPORT, "name": place, "system": system}
        known = entries.add_organisation(by=by, values=values, source=_("Work session"))
    return entries.add_person(
        by=by, values={"name": name, "email": email}, organisation_id=known.pk, source=_("Work session")
    )


def name_gap(*, by: Actor, partnership: Partnership, gap: str, seat: Seat | None, due_on: date) -> Deadline:
    """Something that is missing becomes a date on the clock, with somebody who sees to it."""
    if not gap.strip():
        raise Refused(_("Say what is missing."))
    title = _("Close the gap: %(gap)s") % {"gap": " ".join(gap.split())}
    return clocking.add_deadline(by=by, partnership=partnership, title=title[:200], due_on=due_on, seat=seat)


def set_role(*, by: Actor, partnership: Partnership, seat: Seat, role: str) -> Seat:
    """Somebody who sits here takes on a role: a further seat with the duties of that role."""
    return seating.give_seat(by=by, partnership=partnership, role=role, person=seat.person,
                             organisation=None if seat.person else seat.organisation)  # fmt: skip


def roles() -> list[str]:
    """The roles of the support team that a session can give, but for the one of mere membership."""
    return [
        key for key, item in lists.items("roles").items()
        if item.more["table"] == Seat.Table.OUTER and not item.more.get("acts_for") and key != MEMBER_ROLE
        and item.more.get("is_of") != "business"
    ]  # fmt: skip


# --- what was written -------------------------------------------------------------------------------------------------


def written(by: Actor, meeting: Meeting) -> Written:
    """What was put into the workspace between the beginning of a session and two hours after its end."""
    by.must("meetings.see", meeting)
    parts = meeting_queries.parts(meeting, "en")
    end = meeting.starts_at + timedelta(minutes=sum(part.minutes for part in parts)) + AFTER_THE_END
    found = Entry.objects.filter(
        space_id=meeting.space_id, verb__in=("seat.give", "deadline.add"), at__gte=meeting.starts_at, at__lte=end
    )
    who = {(entry.kind, entry.object_id): entry.by for entry in found.order_by("number")}
    seats = Seat.objects.filter(
        partnership=meeting.partnership, pk__in=[key for kind, key in who if kind == "seat"], ended_on=None
    ).select_related("person", "organisation", "acts_for__person", "acts_for__organisation")
    chairs = seat_queries.chairs_of(list(seats.order_by("made_at", "id")))
    gaps = Deadline.objects.filter(
        partnership=meeting.partnership, pk__in=[key for kind, key in who if kind == "deadline"]
    ).select_related("seat__person", "seat__organisation")
    named = names_of(set(who.values()))

    def with_name(kind: str, key: int) -> str:
        return named.get(who[(kind, key)], "")

    outer = [chair for chair in chairs if chair.seat.table == Seat.Table.OUTER]
    return Written(
        [(c, with_name("seat", c.seat.pk)) for c in outer if c.seat.role == MEMBER_ROLE],
        [(one, with_name("deadline", one.pk)) for one in gaps.order_by("due_on", "id")],
        [(c, with_name("seat", c.seat.pk)) for c in outer if c.seat.role != MEMBER_ROLE],
    )
