"""What tests of partnerships use: one team's convener and partnership, and people and places that are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import make_link, open_link
from sharedtable.accounts.models import Space
from sharedtable.ledger.models import Entry
from sharedtable.partnerships import seating
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Membership, Organisation, Person
from tests.cast import Cast, Team


@dataclass
class World:
    """The team of Ohio as tests of partnerships need it."""

    cast: Cast
    team: Team

    @property
    def space(self) -> Space:
        return self.team.space

    @property
    def by(self) -> Actor:
        return self.team.actor("convener")

    @property
    def one(self) -> Partnership:
        return Partnership.objects.get(pk=self.team.partnership.pk)

    def place(self, name: str, kind: str = "business", **more: Any) -> Organisation:
        now = timezone.now()
        return Organisation.objects.create(
            space=self.space, kind=kind, name=name, search_text=name.lower(), made_at=now, changed_at=now, **more
        )

    def person(self, name: str, place: Organisation | None = None, **membership: Any) -> Person:
        now = timezone.now()
        given, _space, family = name.partition(" ")
        made = Person.objects.create(
            space=self.space,
            given_name=given,
            family_name=family,
            name=name,
            email=f"{given}.{family}@people.example".lower(),
            search_text=name.lower(),
            made_at=now,
            changed_at=now,
        )
        if place is not None:
            Membership.objects.create(
                space=self.space, person=made, organisation=place, started_on=now.date(), made_at=now, **membership
            )
        return made

    def seat(self, role: str, person: Person, **more: Any) -> Seat:
        return seating.give_seat(by=self.by, partnership=self.one, role=role, person=person, **more)

    def holder(self, seat: Seat) -> Actor:
        """Whoever opened the personal link of that seat."""
        from sharedtable.accounts.actors import actor_of_link

        _link, token = make_link(by=self.by, purpose="seat", person_id=seat.person_id, kind="seat", object_id=seat.pk)
        return actor_of_link(open_link(token))


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast, cast.ohio)


@pytest.fixture
def entries(cast: Cast) -> Callable[..., int]:
    """How many entries of the ledger have that verb."""
    return lambda verb: Entry.objects.filter(space_id=cast.ohio.space.pk, verb=verb).count()
