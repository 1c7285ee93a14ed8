"""Who belongs where, from when to when. A change of employer ends one membership and begins another."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.people import queries
from sharedtable.people.models import Membership, Organisation, Person
from sharedtable.people.search import refresh_people


def join(
    *,
    by: Actor,
    person_id: int,
    organisation_id: int,
    title: str = "",
    started_on: date | None = None,
    can_commit: bool | None = None,
    is_main: bool = False,
    source: str = "",
) -> Membership:
    """A person belongs to an organisation too, beside wherever else they belong."""
    with transaction.atomic():
        person = queries.person(by, person_id, "people.change")
        place = queries.organisation(by, organisation_id)
        made = _join(by, person, place, title, started_on, can_commit, is_main, source)
        refresh_people([person.pk])
        _record(by, person, "membership.begin", made)
    return made


def move(
    *,
    by: Actor,
    person_id: int,
    organisation_id: int,
    title: str,
    started_on: date,
    leaves: int = 0,
    can_commit: bool | None = None,
    source: str = "",
) -> Membership:
    """A change of employer: the membership `leaves` (0: the main one) ends the day before, the new one begins.

    Nothing is overwritten. Fails with Refused for a first day in the past of the old one.
    """
    with transaction.atomic():
        person = queries.person(by, person_id, "people.change")
        place = queries.organisation(by, organisation_id)
        now = Membership.objects.select_for_update().filter(space_id=by.space_id, person=person, ended_on=None)
        old = now.filter(pk=leaves).first() if leaves else now.order_by("-is_main", "-started_on", "-pk").first()
        if leaves and old is None:
            raise Missing(_("That membership has ended already. Look at the page again."))
        if old is not None:
            if old.organisation_id == place.pk:
                raise Refused(_("They work there already. To change the title only, correct the membership."))
            _end(old, started_on - timedelta(days=1))
        made = _join(by, person, place, title, started_on, can_commit, True, source)
        refresh_people([person.pk])
        record(
            by=by.ref,
            verb="person.move",
            kind="person",
            object_id=person.pk,
            space_id=by.space_id,
            details={"left": old.organisation_id if old else 0, "joined": place.pk, "membership": made.pk},
        )
    return made


def correct_membership(
    *, by: Actor, pk: int, title: str, started_on: date | None, can_commit: bool | None
) -> Membership:
    """Another title, first day, or whether they may promise the organisation's time or money (A28)."""
    with transaction.atomic():
        found = membership(by, pk)
        found.title, found.can_commit, found.started_on = title.strip()[:160], can_commit, started_on
        if found.ended_on and started_on and started_on > found.ended_on:
            raise Refused(_("The first day lies after the last one."))
        found.save(update_fields=["title", "can_commit", "started_on"])
        refresh_people([found.person_id])
        _record(by, found.person, "membership.correct", found)
    return found


def leave(*, by: Actor, pk: int, ended_on: date) -> Membership:
    """A membership ends on that day; it stays in the history."""
    with transaction.atomic():
        found = membership(by, pk)
        if found.ended_on is not None:
            raise Refused(_("That membership has ended already. Look at the page again."))
        was_main = found.is_main
        _end(found, ended_on)
        stays = Membership.objects.filter(person=found.person, ended_on=None).order_by("-started_on", "-pk").first()
        if was_main and stays is not None:
            stays.is_main = True
            stays.save(update_fields=["is_main"])
        refresh_people([found.person_id])
        _record(by, found.person, "membership.end", found)
    return found


def membership(by: Actor, pk: int) -> Membership:
    """One membership that the actor may change. Fails with Missing."""
    found = Membership.objects.select_related("person", "organisation").filter(space_id=by.space_id, pk=pk).first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    by.must("people.change", found.person)
    queries.usable(found.person)
    return found


def _join(
    by: Actor,
    person: Person,
    place: Organisation,
    title: str,
    started_on: date | None,
    can_commit: bool | None,
    is_main: bool,
    source: str,
) -> Membership:
    queries.usable(person)
    queries.usable(place)
    if place.archived_at is not None:
        raise Refused(_("%(name)s has been put away. Bring it back first.") % {"name": place.name})
    now = Membership.objects.filter(space_id=by.space_id, person=person, ended_on=None)
    if now.filter(organisation=place).exists():
        raise Refused(_("They work there already. To change the title only, correct the membership."))
    first = not now.exists()
    if is_main:
        now.update(is_main=False)
    return Membership.objects.create(
        space_id=by.space_id,
        person=person,
        organisation=place,
        title=title.strip()[:160],
        started_on=started_on,
        can_commit=can_commit,
        is_main=is_main or first,
        source=(source or by.name)[:120],
        made_at=timezone.now(),
    )


def _end(old: Membership, on: date) -> None:
    if old.started_on and on < old.started_on:
        raise Refused(
            _("The new place would begin before the old one did (%(day)s). Check the day.")
            % {"day": old.started_on.isoformat()}
        )
    old.ended_on, old.is_main = on, False
    old.save(update_fields=["ended_on", "is_main"])


def _record(by: Actor, person: Person, verb: str, made: Membership) -> None:
    details = {"membership": made.pk, "organisation": made.organisation_id}
    record(by=by.ref, verb=verb, kind="person", object_id=person.pk, space_id=by.space_id, details=details)
