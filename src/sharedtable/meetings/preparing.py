"""What the pages around a meeting read: preparing it, and who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.meetings import papers, reviewing
from sharedtable.meetings.arranging import facilitator_of
from sharedtable.meetings.attendance import Came, Counts, attendance
from sharedtable.meetings.joining import Invited, invited
from sharedtable.meetings.models import Meeting, Photo
from sharedtable.meetings.queries import meeting as meeting_of
from sharedtable.meetings.queries import parts
from sharedtable.meetings.seating import Plan
from sharedtable.method import lists, runs
from sharedtable.partnerships.models import Seat
from sharedtable.people.models import Person
from sharedtable.worksheets.models import Round


@dataclass(frozen=True)
class Step:
    """One part of the run in the form: whether the meeting has it, at which place, how long."""

    id: str
    title: str
    goal: str
    minutes: str
    usual: int
    source: str
    place: str
    is_in: bool


@dataclass(frozen=True)
class Product:
    """What the meeting is to end in, and whether this run of show gets there."""

    title: str
    source: str
    is_reached: bool


@dataclass(frozen=True)
class Material:
    """One thing of the materials list."""

    id: str
    title: str
    text: str
    is_ready: bool


@dataclass(frozen=True)
class PreparePage:
    """All that is settled before a meeting. `lengths`: what the method gives, in words with their sources."""

    meeting: Meeting
    steps: list[Step]
    minutes: int
    lengths: list[tuple[str, str]]
    products: list[Product]
    facilitator: str
    people: list[Person]
    materials: list[Material]
    expected: list[Invited]
    plan: Plan

    @property
    def is_whole(self) -> bool:
        """Whether the meeting ends in all that it has to."""
        return all(one.is_reached for one in self.products)

    @property
    def ready(self) -> int:
        """How many things are there."""
        return sum(one.is_ready for one in self.materials)


def prepare_page(actor: Actor, pk: int, language: str, given: Mapping[str, str] | None = None) -> PreparePage:
    """The page on which a meeting is prepared; `given`: a form that was refused, to show as it was typed."""
    found = meeting_of(actor, pk)
    run, chosen = runs.run(found.run), parts(found, language)
    steps = _steps(found, run, language, given)
    lost = {one.id for one in run.lacks([part.id for part in chosen])}
    expected = invited(found)
    seats = Seat.objects.filter(partnership_id=found.partnership_id, ended_on=None, person__isnull=False)
    people = Person.objects.filter(space=actor.space, seats__in=seats, merged_into=None, erased_at=None).distinct()
    return PreparePage(
        found,
        steps,
        sum(part.minutes for part in chosen),
        [(runs.said(one.titles, language), one.source) for one in run.lengths],
        [Product(runs.said(one.texts, language), "", one.id not in lost) for one in run.products],
        facilitator_of(found),
        list(people.order_by("family_name", "given_name", "pk")),
        [
            Material(item.id, item.title(language), item.text(language), item.id in found.ready)
            for item in lists.items("materials").values()
        ],
        expected,
        papers.plan_of(expected),
    )


def _steps(found: Meeting, run: runs.Run, language: str, given: Mapping[str, str] | None) -> list[Step]:
    order = [part.id for part in parts(found, language)]
    rest = [one.id for one in run.segments if one.id not in order]
    made = []
    for place, name in enumerate([*order, *rest], start=1):
        segment = run.segment(name)
        minutes = str(found.minutes.get(name, segment.minutes))
        made.append(
            Step(
                name, runs.said(segment.titles, language), runs.said(segment.goals, language),
                given.get(f"minutes-{name}", minutes) if given else minutes, segment.minutes, segment.source,
                given.get(f"place-{name}", str(place)) if given else str(place),
                f"has-{name}" in given if given else name in order,
            )
        )  # fmt: skip
    return made


def somebody(actor: Actor, meeting: Meeting, pk: int) -> Person:
    """Somebody with a seat in the partnership of a meeting, who may be asked to facilitate. Fails with Missing."""
    actor.must("meetings.change", meeting)
    found = Person.objects.filter(
        space=actor.space, pk=pk, merged_into=None, erased_at=None, seats__partnership_id=meeting.partnership_id
    )
    person = found.first()
    if person is None:
        raise Missing(_("That is not here, or not for you."))
    return person


@dataclass(frozen=True)
class AttendancePage:
    """Who came, what that adds up to, who is still expected, the photos, and the look back."""

    meeting: Meeting
    came: list[Came]
    counts: Counts
    missing: list[Invited]
    photos: list[Photo]
    review: Round | None


def attendance_page(actor: Actor, pk: int) -> AttendancePage:
    """The page of who came."""
    found = meeting_of(actor, pk)
    came, counts = attendance(found)
    seats = {one.place.seat_id for one in came}
    people = {one.place.person_id for one in came if one.place.person_id}
    missing = [one for one in invited(found) if one.seat_id not in seats and one.person_id not in people]
    photos = list(Photo.objects.filter(meeting=found).defer("content"))
    return AttendancePage(found, came, counts, missing, photos, reviewing.review_of(found))
