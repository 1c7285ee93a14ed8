"""Every read of what came out of meetings: for pages, screens and papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Consent
from sharedtable.plans.models import Card, Champion, Closing, Correction, Priority, Shelved, Task
from sharedtable.wall.dating import moment_of

SEE = "meetings.see"


def _not_here() -> Missing:
    return Missing(_("That is not here, or not for you."))


@dataclass(frozen=True)
class Kept:
    """A priority or an area on the shelf, with its champions and its cards."""

    area: Priority | Shelved
    champions: list[Champion]
    cards: list[Card]

    @property
    def answers(self) -> list[str]:
        """The opportunities that its cards build on."""
        return list(dict.fromkeys(card.answers for card in self.cards if card.answers))

    @property
    def companies(self) -> list[str]:
        """The companies of its champions."""
        return list(dict.fromkeys(one.company for one in self.champions if one.company))


@dataclass(frozen=True)
class Product:
    """The shared product of a meeting: all that its page and its papers say. `loose`: what stood on the wall in no area
    when names were put onto areas."""

    meeting: Meeting
    closing: Closing
    priorities: list[Kept]
    shelved: list[Kept]
    parked: list[Card]
    opportunities: list[Card]
    loose: list[Card]
    cards: list[Card]
    missing_count: int
    named: list[str]
    next_at: datetime | None

    @property
    def hint(self) -> str:
        """What to think about when there are few or many priorities (F35)."""
        return number_hint(len(self.priorities))

    @property
    def wins(self) -> int:
        """How many business leaders put their names to something."""
        return len({(one.name, one.company) for kept in self.priorities for one in kept.champions})


def number_hint(count: int) -> str:
    """A sentence when so many priorities are outside of what groups can carry; '' within it (F35)."""
    least, most = int(preset("priorities_least").value), int(preset("priorities_most").value)
    if count < least:
        return _("Fewer than %(least)d priorities. Groups that last carry %(least)d to %(most)d.") % {
            "least": least,
            "most": most,
        }
    if count > most:
        return _("More than %(most)d priorities. Groups that last carry %(least)d to %(most)d; each needs people.") % {
            "least": least,
            "most": most,
        }
    return ""


def closing_of(meeting: Meeting) -> Closing | None:
    """What closed a meeting; None while it is open."""
    found = Closing.objects.filter(meeting=meeting, withdrawn_at=None)
    return found.select_related("partnership", "next_meeting__space").first()


def product(actor: Actor, number: int) -> Product:
    """The shared product of a meeting of the space. Fails with Missing before it was closed."""
    return _product(closed(actor, number))


def product_of_place(place: Participant) -> Product:
    """The same for whoever was there. Fails with Missing before the meeting was closed."""
    return _product(closed_place(place))


def closed(actor: Actor, number: int, verb: str = SEE) -> Closing:
    """The closing of a meeting of the space, of whatever kind. Fails with Missing before it was closed."""
    found = Meeting.objects.filter(space=actor.space, pk=number).select_related("partnership", "space").first()
    if found is None:
        raise _not_here()
    actor.must(verb, found)
    return _closed(found)


def closed_place(place: Participant) -> Closing:
    """The same for whoever was there."""
    if place.admitted_at is None:
        raise _not_here()
    return _closed(place.meeting)


def _closed(meeting: Meeting) -> Closing:
    closing = closing_of(meeting)
    if closing is None:
        raise Missing(_("This meeting is not closed yet. Its shared product is made when it is."))
    closing.meeting = meeting
    return closing


def _product(closing: Closing) -> Product:
    meeting = closing.meeting
    if not runs.run(meeting.run).champions:
        raise Missing(_("This meeting chose no priorities. What came of it stands on its own page."))
    cards = list(closing.cards.select_related("participant"))
    inside: dict[tuple[str, int], list[Card]] = {}
    for card in cards:
        inside.setdefault(("priority", card.priority_id or 0), []).append(card)
        inside.setdefault(("shelved", card.shelved_id or 0), []).append(card)
    live = Prefetch("champions", Champion.objects.filter(ended_at=None).order_by("signed_at", "pk"))
    signed = runs.run(meeting.run).champions
    priorities = list(closing.priorities.filter(ended_at=None).prefetch_related(live))
    carried = {one.area_number for one in priorities}  # also what was taken up from the shelf of this meeting since
    return Product(
        meeting,
        closing,
        [Kept(one, list(one.champions.all()), inside.get(("priority", one.pk), [])) for one in priorities],
        [
            Kept(one, [], inside.get(("shelved", one.pk), []))
            for one in closing.shelved.exclude(ended_as=Shelved.End.LET_GO)
            if one.ended_as != Shelved.End.TAKEN_UP or one.area_number not in carried
        ],
        [card for card in cards if card.is_parked],
        [card for card in cards if card.round != signed and not card.is_parked],
        [
            card
            for card in cards
            if card.round == signed and not (card.is_parked or card.priority_id or card.shelved_id)
        ],
        cards,
        closing.tasks.filter(kind=Task.Kind.INVITATION).count(),
        _named(meeting),
        next_at(closing),
    )


def next_at(closing: Closing) -> datetime | None:
    """When the room meets again, as it chose; None without a date."""
    return moment_of(closing.next_local, closing.next_zone)


def _named(meeting: Meeting) -> list[str]:
    """Who of those who came agreed to be named as a member; of all others only the company is told."""
    people = set(
        Participant.objects.filter(
            meeting=meeting,
            admitted_at__isnull=False,
            removed_at=None,
            role__in=("participant", "partner"),
            person__isnull=False,
        ).values_list("person_id", flat=True)
    )
    latest: dict[int, bool] = {}
    rows = Consent.objects.filter(person__in=people, key="listed_as_member").order_by("at", "pk")
    for person, is_given in rows.values_list("person_id", "is_given"):
        latest[person] = is_given
    agreed = {person for person, is_given in latest.items() if is_given}
    found = Participant.objects.filter(
        meeting=meeting, person_id__in=agreed, admitted_at__isnull=False, removed_at=None
    )
    return list(dict.fromkeys(str(one) for one in found.order_by("name", "pk")))


# --- for the pages of the team ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overview:
    """The tab "Priorities" of a partnership. `gone`: what was let go, with why; `seats`: who may take an area up.

    Meetings are named to whoever may see meetings.
    """

    priorities: list[Kept]
    resting: list[Shelved]
    gone: list[Correction]
    seats: list[Seat]
    closings: list[Closing]
    tasks: list[Task]
    shows_meetings: bool

    @property
    def hint(self) -> str:
        """See `number_hint`; nothing to say before the first meeting was closed."""
        return number_hint(len(self.priorities)) if self.closings else ""


def _live_priorities(partnership: Partnership) -> QuerySet[Priority]:
    live = Prefetch("champions", Champion.objects.filter(ended_at=None).order_by("signed_at", "pk"))
    found = Priority.objects.filter(partnership=partnership, ended_at=None, closing__withdrawn_at=None)
    return found.select_related("closing__meeting").prefetch_related(live, "cards").order_by("made_at", "position")


def carried(actor: Actor, partnership: Partnership) -> list[Kept]:
    """The priorities that a partnership carries, each with its champions."""
    actor.must("partnerships.see", partnership)
    return [Kept(one, list(one.champions.all()), list(one.cards.all())) for one in _live_priorities(partnership)]


def overview(actor: Actor, partnership: Partnership) -> Overview:
    """All that a partnership carries, what rests, and what is to be done."""
    priorities = carried(actor, partnership)
    tasks = Task.objects.filter(
        Q(closing=None) | Q(closing__withdrawn_at=None), partnership=partnership, state=Task.State.OPEN
    )
    may_change = actor.may("partnerships.change", partnership)
    said = Count("cards", filter=Q(cards__table=Card.Table.INNER, cards__is_parked=False))
    shelf = Shelved.objects.filter(partnership=partnership, ended_at=None, closing__withdrawn_at=None)
    shelf = shelf.annotate(business_words=said)  # without them nobody can take it up
    signed = [one.id for one in runs.runs().values() if one.champions]  # a debrief or a brainstorm has no product
    closings = Closing.objects.filter(partnership=partnership, withdrawn_at=None, meeting__run__in=signed)
    closings = closings.select_related("meeting")
    resting: list[Shelved] = list(shelf.select_related("closing__meeting"))
    # What came up again at a later meeting is not gone.
    again = {one.area.title.casefold() for one in priorities} | {one.title.casefold() for one in resting}
    return Overview(
        priorities,
        resting,
        [one for one in _let_go(partnership) if one.shelved and one.shelved.title.casefold() not in again],
        _inner_seats(partnership) if may_change else [],
        list(closings),
        list(tasks) if may_change else [],
        actor.may("meetings.see", partnership),
    )


def _let_go(partnership: Partnership) -> list[Correction]:
    """The areas that are let go now, each with the last word on it."""
    found = Correction.objects.filter(
        what=Correction.What.LET_GO,
        shelved__partnership=partnership,
        shelved__ended_as=Shelved.End.LET_GO,
        shelved__closing__withdrawn_at=None,
    )
    newest = {one.shelved_id: one for one in found.select_related("shelved").order_by("made_at", "pk")}
    return list(reversed(newest.values()))


def _inner_seats(partnership: Partnership) -> list[Seat]:
    """One seat of each business leader of the partnership."""
    held = Seat.objects.filter(partnership=partnership, table="inner", ended_on=None, person__isnull=False)
    return list({one.person_id: one for one in held.select_related("person").order_by("pk")}.values())


@dataclass(frozen=True)
class PriorityPage:
    """One priority with all that it traces to, its history, and who could be a champion too."""

    priority: Priority
    kept: Kept
    former: list[Champion]
    corrections: list[Correction]
    seats: list[Seat]
    shows_authors: bool
    shows_meeting: bool


def priority(actor: Actor, partnership: Partnership, pk: int, verb: str = "partnerships.see") -> Priority:
    """The door to one priority, also to one that ended."""
    found = Priority.objects.filter(
        space_id=actor.space_id, partnership=partnership, pk=pk, closing__withdrawn_at=None
    ).first()
    if found is None:
        raise _not_here()
    actor.must(verb, found)
    return found


def priority_page(actor: Actor, partnership: Partnership, pk: int) -> PriorityPage:
    """All that the page of a priority shows. Who wrote a card is for the inner table and the conveners."""
    found = priority(actor, partnership, pk)
    champions = list(found.champions.all())
    live = [one for one in champions if one.ended_at is None]
    taken = {one.person_id for one in live}
    seats = []
    if actor.may("partnerships.change", found):
        seats = [one for one in _inner_seats(partnership) if one.person_id not in taken]
    return PriorityPage(
        found,
        Kept(found, live, list(found.cards.select_related("participant"))),
        [one for one in champions if one.ended_at is not None],
        list(found.corrections.all()),
        seats,
        actor.may("partnerships.inner", found),
        actor.may("meetings.see", found),
    )


def shelved(actor: Actor, partnership: Partnership, pk: int) -> Shelved:
    """The door to one area of the shelf, also to one that was let go."""
    here = Shelved.objects.filter(space_id=actor.space_id, partnership=partnership, closing__withdrawn_at=None)
    found = here.filter(pk=pk).first()
    if found is None:
        raise _not_here()
    actor.must("partnerships.change", found)
    return found


def champion(actor: Actor, partnership: Partnership, pk: int) -> Champion:
    """The door to one champion's name."""
    found = (
        Champion.objects.filter(
            space_id=actor.space_id, priority__partnership=partnership, priority__closing__withdrawn_at=None, pk=pk
        )
        .select_related("priority")
        .first()
    )
    if found is None:
        raise _not_here()
    actor.must("partnerships.change", found.priority)
    return found


def seat(actor: Actor, partnership: Partnership, pk: int) -> Seat:
    """A seat of the partnership whose holder may become a champion."""
    found = Seat.objects.filter(partnership=partnership, pk=pk, ended_on=None).select_related("person").first()
    if found is None:
        raise _not_here()
    actor.must("partnerships.change", found)
    return found


def tasks(actor: Actor, partnership: Partnership) -> list[Task]:
    """Who was named as missing, all of them, open ones first."""
    actor.must("partnerships.change", partnership)
    found = Task.objects.filter(partnership=partnership, kind=Task.Kind.INVITATION, closing__withdrawn_at=None)
    rows = found.select_related("suggested_by", "person", "organisation", "closing__meeting").order_by("due_on", "pk")
    return sorted(rows, key=lambda one: one.state != Task.State.OPEN)


def task(actor: Actor, partnership: Partnership, pk: int) -> Task:
    """The door to one task."""
    found = (
        Task.objects.filter(space_id=actor.space_id, partnership=partnership, pk=pk)
        .select_related("suggested_by", "person", "organisation", "closing", "partnership")
        .first()
    )
    if found is None:
        raise _not_here()
    actor.must("partnerships.change", found)
    return found
