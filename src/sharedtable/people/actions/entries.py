"""People and organisations: add, correct, put away, bring back. Each value keeps who said it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.people import queries
from sharedtable.people.models import Membership, Organisation, Person
from sharedtable.people.search import refresh_organisations, refresh_people
from sharedtable.people.sources import Thing, changed_fields, check_version, keep_sources
from sharedtable.people.values import WrongValues, clean_organisation, clean_person

# What only who may see private things may write.
PRIVATE = frozenset({"notes", "understands_model", "is_committed", "credibility_rating", "buy_in_rating", "legal_hold"})
T = TypeVar("T", Person, Organisation)


def add_person(
    *,
    by: Actor,
    values: Mapping[str, Any],
    agency_id: int = 0,
    organisation_id: int = 0,
    title: str = "",
    source: str = "",
) -> Person:
    """A new person, perhaps at an organisation right away.

    `agency_id`: on whose list they stand (0: the team's); agency staff always write on their own. Fails with
    WrongValues, and with Missing when the actor may not.
    """
    made = clean_person(values)
    if "name" not in made:
        raise WrongValues({"name": _("Give a name: at least a first or a last name.")})
    with transaction.atomic():
        person = _begin(Person, made, by, agency_id, source)
        if organisation_id:
            place = queries.organisation(by, organisation_id)
            queries.usable(place)
            Membership.objects.create(
                space_id=by.space_id,
                person=person,
                organisation=place,
                title=title.strip()[:160],
                source=(source or by.name)[:120],
                made_at=person.made_at,
            )
        refresh_people([person.pk])
        person.refresh_from_db()
        _record(person, by, "add", {"fields": sorted(made)})
    return person


def add_organisation(*, by: Actor, values: Mapping[str, Any], agency_id: int = 0, source: str = "") -> Organisation:
    """A new organisation. Fails with WrongValues, and with Missing when the actor may not."""
    made = clean_organisation({"kind": Organisation.Kind.BUSINESS, "name": "", **values})
    with transaction.atomic():
        organisation = _begin(Organisation, made, by, agency_id, source)
        refresh_organisations([organisation.pk], with_people=False)
        organisation.refresh_from_db()
        _record(organisation, by, "add", {"fields": sorted(made)})
    return organisation


def correct_person(
    *,
    by: Actor,
    pk: int,
    version: int,
    values: Mapping[str, Any],
    agency_id: int | None = None,
    source: str = "",
) -> Person:
    """Other values for fields of a person. Fails with Refused when somebody else was faster (see `check_version`)."""
    return _change(Person, by, pk, version, values, agency_id, source)


def correct_organisation(
    *,
    by: Actor,
    pk: int,
    version: int,
    values: Mapping[str, Any],
    agency_id: int | None = None,
    source: str = "",
) -> Organisation:
    """Other values for fields of an organisation; whoever works there is found under its new name at once."""
    return _change(Organisation, by, pk, version, values, agency_id, source)


def archive(*, by: Actor, thing: Thing) -> None:
    """Put an entry away: it leaves the lists, its history stays, and it can be brought back."""
    _put(thing, by, is_away=True)


def bring_back(*, by: Actor, thing: Thing) -> None:
    """Bring an entry back into the lists."""
    _put(thing, by, is_away=False)


def hold(*, by: Actor, pk: int, reason: str) -> Person:
    """A reason not to erase what is held about a person (a records request, a court); an empty one ends the hold."""
    with transaction.atomic():
        person = _locked(Person, by, pk)
        by.must("people.erase", person)
        queries.usable(person)
        person.legal_hold = reason.strip()[:200]
        person.save(update_fields=["legal_hold"])
        _record(person, by, "hold" if person.legal_hold else "hold_end", {})
    return person


def _begin(model: type[T], made: Mapping[str, Any], by: Actor, agency_id: int, source: str) -> T:
    now = timezone.now()
    whole = by.may_everywhere("people.change")
    keeper = agency_id if whole else by.agency_id
    thing = model(
        space_id=by.space_id, agency_id=keeper or None, made_at=now, changed_at=now, source=(source or by.name)[:120],
        **made,
    )  # fmt: skip
    by.must("people.change", thing)
    if PRIVATE & {field for field, value in made.items() if value not in ("", None)}:
        by.must("people.private", thing)
    if keeper:
        queries.organisation(by, keeper)
    thing.save(force_insert=True)
    keep_sources(
        thing, [field for field, value in made.items() if value not in ("", None)], by=by, source=source,
        agency_id=keeper or None,
    )  # fmt: skip
    return thing


def _locked(model: type[T], by: Actor, pk: int) -> T:
    found = model.objects.select_for_update().filter(space_id=by.space_id, pk=pk).first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    return found


def _change(
    model: type[T], by: Actor, pk: int, version: int, values: Mapping[str, Any], agency_id: int | None, source: str
) -> T:
    is_person = model is Person
    with transaction.atomic():
        thing = _locked(model, by, pk)
        by.must("people.change", thing)
        made = clean_person(values) if is_person else clean_organisation(values)
        if _correct(thing, made, version, by, agency_id, source):
            refresh_people([pk]) if is_person else refresh_organisations([pk])
    thing.refresh_from_db()
    return thing


def _correct(
    thing: Thing, made: dict[str, Any], version: int, by: Actor, agency_id: int | None, source: str
) -> dict[str, Any]:
    queries.usable(thing)
    if agency_id is not None and by.may_everywhere("people.change"):
        if agency_id:
            queries.organisation(by, agency_id)
        made = {**made, "agency_id": agency_id or None}
    changed = changed_fields(thing, made)
    if PRIVATE & changed.keys():
        by.must("people.private", thing)
    if not changed:
        return changed
    check_version(thing, version)
    for field, value in changed.items():
        setattr(thing, field, value)
    thing.version += 1
    thing.changed_at = timezone.now()
    thing.save(update_fields=[*(field.removesuffix("_id") for field in changed), "version", "changed_at"])
    keep_sources(thing, changed, by=by, source=source)
    _record(thing, by, "correct", {"fields": sorted(changed), "version": thing.version})
    return changed


def _put(thing: Thing, by: Actor, *, is_away: bool) -> None:
    with transaction.atomic():
        model: Any = type(thing)
        locked: Thing = _locked(model, by, thing.pk)
        by.must("people.change", locked)
        queries.usable(locked)
        if bool(locked.archived_at) is is_away:
            raise Refused(_("That was done already."))
        locked.archived_at = timezone.now() if is_away else None
        locked.save(update_fields=["archived_at"])
        if not is_away:
            refresh_people([thing.pk]) if isinstance(thing, Person) else refresh_organisations([thing.pk])
        _record(locked, by, "archive" if is_away else "bring_back", {})


def _record(thing: Thing, by: Actor, what: str, details: Mapping[str, Any]) -> None:
    kind = thing._meta.model_name or ""
    record(by=by.ref, verb=f"{kind}.{what}", kind=kind, object_id=thing.pk, space_id=thing.space_id, details=details)
