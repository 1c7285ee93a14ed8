"""What the tests of people use: actors of the cast, and links of people as their browser has them."""

from __future__ import annotations

import pytest

from sharedtable.accounts.actors import Actor, actor_of_link
from sharedtable.accounts.links import make_link
from sharedtable.people.models import Organisation, Person
from sharedtable.people.search import refresh_organisations, refresh_people
from tests.cast import Cast


@pytest.fixture
def convener(cast: Cast) -> Actor:
    refresh_organisations(Organisation.objects.all())
    refresh_people(Person.objects.all())
    return cast.ohio.actor("convener")


@pytest.fixture
def agency(cast: Cast, convener: Actor) -> Actor:
    return cast.ohio.actor("agency")


def holder_of(by: Actor, person: Person, purpose: str = "held", kind: str = "", object_id: int = 0) -> Actor:
    """The actor of a new personal link."""
    link, _token = make_link(by=by, purpose=purpose, person_id=person.pk, kind=kind, object_id=object_id)
    return actor_of_link(link)
