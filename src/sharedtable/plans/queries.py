"""Every read of what came out of meetings: for pages, screens and papers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Consent
from sharedtable.plans.models import Card, Champion, Closing, Correction, Priority, Shelved, Task
from sharedtable.plans.outcome import outcome_of
from sharedtable.wall.dating import moment_of
from sharedtable.wall.models import Board

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
    return Closing.objects.filter(meeting=meeting, withdrawn_at=None).select_related("partnership").first()


def product(actor: Actor, number: int) -> Product:
    """The shared product of a meeting of the space. Fails with Missing before it was closed."""
    found = Meeting.objects.filter(space=actor.space, pk=number).select_related("partnership", "space").first()
    if found is None:
        raise _not_here()
    actor.must(SEE, found)
    return _product(found)


def product_of_place(place: Participant) -> Product:
    """The same for whoever was there. Fails with Missing before the meeting was closed."""
    if place.admitted_at is None:
        raise _not_here()
    return _product(place.meeting)


def _product(meeting: Meeting) -> Product:
    closing = closing_of(meeting)
    if closing is None:
        raise Missing(_("This meeting is not closed yet. Its shared product is made when it is."))
    cards = list(closing.cards.select_related("participant"))
    inside: dict[tuple[str, int], list[Card]] = {}
    for card in cards:
        inside.setdefault(("priority", card.priority_id or 0), []).append(card)
        inside.setdefault(("shelved", card.shelved_id or 0), []).append(card)
    live = Prefetch("champions", Champion.objects.filter(ended_at=None).order_by("signed_at", "pk"))
    signed = runs.run(meeting.run).champions
    return Product(
        meeting,
        closing,
        [
            Kept(one, list(one.champions.all()), inside.get(("priority", one.pk), []))
            for one in closing.priorities.filter(ended_at=None).prefetch_related(live)
        ],
        [
            Kept(one, [], inside.get(("shelved", one.pk), []))
            for one in closing.shelved.exclude(ended_as=Shelved.End.LET_GO)
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
        moment_of(closing.next_local, closing.next_zone),
    )


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


# --- for the screens of a meeting -------------------------------------------------------------------------------------


def check(place: Participant) -> dict[str, Any]:
    """What closing now would write down, for the console: the rules are asked here, not in a script."""
    if place.role != Participant.Role.FACILITATOR:
        raise _not_here()
    board = Board.objects.filter(meeting_id=place.meeting_id, kind="main").select_related("meeting").first()
    if board is None:
        raise _not_here()
    found = outcome_of(board)
    return {
        "priorities": [{"n": one.area.number, "title": one.area.title} for one in found.priorities],
        "shelved": [
            {"n": one.area.number, "title": one.area.title, "why": one.why_not, "names": len(one.names)}
            for one in found.shelved
        ],
        "unsaid": [one.area.number for one in found.shelved if one.why_not == Shelved.Reason.NO_WORDS],
        "hidden": found.hidden_count,
        "missing": len(found.peers),
        "hint": number_hint(len(found.priorities)),
        "days": int(preset("second_meeting_days").value),
        "starts": int(place.meeting.starts_at.timestamp() * 1000),
        "rests": [{"title": one.title, "reason": one.get_reason_display()} for one in resting(place.meeting)],
    }


def resting(meeting: Meeting) -> list[Shelved]:
    """The areas of earlier meetings that rest: shown at the end of a refresh (E18, H30)."""
    found = Shelved.objects.filter(
        partnership_id=meeting.partnership_id, closing__withdrawn_at=None, ended_at=None
    ).exclude(closing__meeting=meeting)
    return list(found.order_by("made_at", "pk"))


@dataclass(frozen=True)
class Thanks:
    """What somebody takes home when a meeting is over."""

    place: Participant
    product: Product | None
    mine: list[Priority] = field(default_factory=list)


def thanks(place: Participant) -> Thanks:
    """The page at the end, with one's own areas. A practice meeting has no product. Fails with Missing before it."""
    if place.meeting.frozen_at is None or place.admitted_at is None:
        raise Missing(_("This meeting is not closed yet."))
    if closing_of(place.meeting) is None:
        return Thanks(place, None)
    found = _product(place.meeting)
    mine = [
        kept.area
        for kept in found.priorities
        if isinstance(kept.area, Priority) and any(one.participant_id == place.pk for one in kept.champions)
    ]
    return Thanks(place, found, mine)


# --- for the pages of the team ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overview:
    """The tab "Priorities" of a partnership. Meetings are named to whoever may see meetings."""

    priorities: list[Kept]
    resting: list[Shelved]
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


def overview(actor: Actor, partnership: Partnership) -> Overview:
    """All that a partnership carries, what rests, and what is to be done."""
    actor.must("partnerships.see", partnership)
    tasks = Task.objects.filter(
        Q(closing=None) | Q(closing__withdrawn_at=None), partnership=partnership, state=Task.State.OPEN
    )
    may_see_tasks = actor.may("partnerships.change", partnership)
    shelf = Shelved.objects.filter(partnership=partnership, ended_at=None, closing__withdrawn_at=None)
    signed = [one.id for one in runs.runs().values() if one.champions]  # a debrief or a brainstorm has no product
    closings = Closing.objects.filter(partnership=partnership, withdrawn_at=None, meeting__run__in=signed)
    closings = closings.select_related("meeting")
    return Overview(
        [Kept(one, list(one.champions.all()), list(one.cards.all())) for one in _live_priorities(partnership)],
        list(shelf.select_related("closing__meeting")),
        list(closings),
        list(tasks) if may_see_tasks else [],
        actor.may("meetings.see", partnership),
    )


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
        held = Seat.objects.filter(partnership=partnership, table="inner", ended_on=None, person__isnull=False)
        seats = [one for one in held.select_related("person").order_by("pk") if one.person_id not in taken]
    return PriorityPage(
        found,
        Kept(found, live, list(found.cards.select_related("participant"))),
        [one for one in champions if one.ended_at is not None],
        list(found.corrections.all()),
        list({one.person_id: one for one in seats}.values()),
        actor.may("partnerships.inner", found),
        actor.may("meetings.see", found),
    )


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
