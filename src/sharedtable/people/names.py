"""Names for ids: so that a history can say who, and of whom."""

from __future__ import annotations

from collections.abc import Iterable

from sharedtable.accounts.actors import Actor
from sharedtable.people.models import Organisation, Person


def names_of(by: Actor, *, people: Iterable[int] = (), organisations: Iterable[int] = ()) -> dict[tuple[str, int], str]:
    """The names of people and organisations of the actor's space, by kind and id; nothing for who may not see them."""
    if not by.may_everywhere("people.see"):
        return {}
    persons = Person.objects.filter(space=by.space, pk__in=set(people)).values_list("pk", "name")
    firms = Organisation.objects.filter(space=by.space, pk__in=set(organisations)).values_list("pk", "name")
    return {
        **{("person", number): name for number, name in persons if name},
        **{("organisation", number): name for number, name in firms if name},
    }
