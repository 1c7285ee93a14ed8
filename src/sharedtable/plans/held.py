"""What this room holds about a person, for the person: by their own link alone."""

from __future__ import annotations

from dataclasses import dataclass

from sharedtable.accounts.actors import Actor
from sharedtable.people.held_queries import day
from sharedtable.plans.models import Card, Champion, Task


@dataclass(frozen=True)
class HeldHere:
    """The priorities that carry their name, the cards they wrote in closed meetings, and where they were named."""

    champions: list[Champion]
    cards: list[Card]
    named: list[Task]


def held_here(by: Actor) -> HeldHere:
    """Everything of this room about the holder of a link; nothing for a link of another purpose."""
    if by.purpose != "held" or not by.person_id:
        return HeldHere([], [], [])
    here = {"space_id": by.space_id}
    champions = Champion.objects.filter(
        person_id=by.person_id, priority__closing__withdrawn_at=None, **here
    ).select_related("priority__partnership")
    cards = Card.objects.filter(participant__person_id=by.person_id, closing__withdrawn_at=None, **here).select_related(
        "closing__meeting"
    )
    named = Task.objects.filter(person_id=by.person_id, kind=Task.Kind.INVITATION, **here)
    return HeldHere(
        list(champions.order_by("-signed_at", "-pk")),
        list(cards.order_by("-closing", "number")[:500]),
        list(named.select_related("partnership").order_by("-made_at", "-pk")),
    )


def as_rows(found: HeldHere) -> list[dict[str, str]]:
    """The same as rows of the copy: what, name, value, source, day."""
    rows = [
        _row("champion", one.priority.partnership.name, one.priority.title, one.company, day(one.signed_at))
        for one in found.champions
    ]
    rows += [
        _row("card", one.closing.meeting.title, one.text, one.area, day(one.closing.made_at)) for one in found.cards
    ]
    rows += [
        _row("named_as_missing", one.partnership.name, one.name, one.company, day(one.made_at)) for one in found.named
    ]
    return rows


def _row(what: str, name: str, value: str, source: str, on: str) -> dict[str, str]:
    return {"what": what, "name": name, "value": value, "source": source, "on": on}
