"""The doors: one person, one organisation, as far as the actor may see them. Who may not learns nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.people.models import Organisation, Person


def person(actor: Actor, pk: int, verb: str = "people.see") -> Person:
    """One person of the actor's space. Fails with Missing when there is none, or the actor may not."""
    found = Person.objects.select_related("agency").filter(space_id=actor.space_id, pk=pk).first()
    if found is None:
        raise Missing(_("That person is not here, or not for you."))
    actor.must(verb, found)
    return found


def organisation(actor: Actor, pk: int, verb: str = "people.see") -> Organisation:
    """One organisation of the actor's space. Fails with Missing when there is none, or the actor may not."""
    found = Organisation.objects.select_related("agency").filter(space_id=actor.space_id, pk=pk).first()
    if found is None:
        raise Missing(_("That organization is not here, or not for you."))
    actor.must(verb, found)
    return found


def holder(actor: Actor, *purposes: str) -> Person:
    """The person whose personal link the actor came by. Fails with Missing for a link of another purpose."""
    found = Person.objects.filter(space_id=actor.space_id, pk=actor.person_id, erased_at=None).first()
    if found is None or actor.purpose not in purposes:
        raise Missing(_("This link does not work any more. Ask the person who sent it for a new one."))
    return found


def usable(thing: Person | Organisation) -> None:
    """Fails with Refused for an entry that was erased or joined to another: nothing is written there any more."""
    if thing.erased_at is not None:
        raise Refused(_("What was held here has been erased. Nothing can be added to it."))
    if thing.merged_into_id is not None:
        raise Refused(_("This entry was joined to another one. Make the change there."))
