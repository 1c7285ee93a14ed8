"""The lists of people and organisations: one page of them, what to filter by, and all of them for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.people import filters
from sharedtable.people.list_models import Segment
from sharedtable.people.models import LISTED, Membership, Organisation, Person
from sharedtable.people.values import county_title, naics_title, phone_shown

PER_PAGE = 50
READ_AHEAD = 2_000
MOST_IN_A_FILE = 20_000


@dataclass(frozen=True)
class PersonRow:
    """One person in a list. Without `contact` the actor may not see how to reach them, and nothing of it is filled."""

    pk: int
    name: str
    given_name: str
    family_name: str
    title: str
    organisation: str
    organisation_id: int
    kind: str
    place: str
    language: str
    agency: str
    contact: bool
    email: str
    phone: str
    mobile: str
    may_change: bool
    county_code: str = ""
    naics_code: str = ""


@dataclass(frozen=True)
class Found:
    """One page of a list, how many there are in all, and what may be chosen to filter by."""

    page: Page[Any]
    rows: list[Any]
    total: int
    segments: list[Segment]
    agencies: list[Organisation]
    may_add: bool
    may_export: bool
    is_filtered: bool


def people_page(actor: Actor, given: Mapping[str, str], number: str = "1") -> Found:
    """One page of people. Two steps: numbers from the index of lists, then only the rows of this page."""
    actor.must_in_space("people.see")
    asked = filters.asked(given, filters.PEOPLE_KEYS)
    page = _page(filters.people(actor, asked).values_list("pk", flat=True), number)
    return _found(actor, page, list(_person_rows(actor, list(page.object_list))), asked, Segment.Thing.PEOPLE)


def organisations_page(actor: Actor, given: Mapping[str, str], number: str = "1") -> Found:
    """One page of organisations, each with how many people of the record work there now."""
    actor.must_in_space("people.see")
    asked = filters.asked(given, filters.ORGANISATION_KEYS)
    page = _page(filters.organisations(actor, asked).values_list("pk", flat=True), number)
    rows = _organisation_rows(actor, list(page.object_list))
    return _found(actor, page, rows, asked, Segment.Thing.ORGANISATIONS)


def people_for_file(actor: Actor, given: Mapping[str, str]) -> list[PersonRow]:
    """The people of a filter that the actor may take out as a file. Fails with Refused when there are too many."""
    actor.must_in_space("people.export")
    found = filters.people(actor, filters.asked(given, filters.PEOPLE_KEYS)).filter(
        filters.mine(actor, "people.export")
    )
    return list(_person_rows(actor, _few_enough(found)))


def organisations_for_file(actor: Actor, given: Mapping[str, str]) -> list[Any]:
    """The organisations of a filter that the actor may take out as a file."""
    actor.must_in_space("people.export")
    found = filters.organisations(actor, filters.asked(given, filters.ORGANISATION_KEYS))
    return _organisation_rows(actor, _few_enough(found.filter(filters.mine(actor, "people.export"))))


@dataclass(frozen=True)
class Review:
    """What a change of many would touch: how many, a few of them, and how many are not the actor's to change."""

    count: int
    sample: list[Any]
    skipped: int


def review(actor: Actor, thing: str, given: Mapping[str, str], ids: list[int] | None) -> Review:
    """What a change of these entries (None: of all that the filter finds) would touch."""
    actor.must_in_space("people.change")
    found = chosen(actor, thing, given, ids)
    own = found.filter(filters.mine(actor, "people.change"))
    count = own.count()
    return Review(count, list(own[:10]), found.count() - count)


def chosen(actor: Actor, thing: str, given: Mapping[str, str], ids: list[int] | None) -> QuerySet[Any]:
    """The entries of a filter, or those of them that were ticked."""
    is_people = thing == Segment.Thing.PEOPLE
    keys = filters.PEOPLE_KEYS if is_people else filters.ORGANISATION_KEYS
    find = filters.people if is_people else filters.organisations
    found: QuerySet[Any] = find(actor, filters.asked(given, keys))
    return found if ids is None else found.filter(pk__in=ids)


def agencies(actor: Actor) -> list[Organisation]:
    """The organisations that keep a list of their own here."""
    keeps = Exists(Person.objects.filter(agency=OuterRef("pk"))) | Exists(
        Organisation.objects.filter(agency=OuterRef("pk"))
    )
    found = Organisation.objects.filter(LISTED, space_id=actor.space_id, kind=Organisation.Kind.SUPPORT).filter(keeps)
    return list(found.order_by("name")[:200])


def offered(actor: Actor, text: str, kind: str = "") -> list[Organisation]:
    """Organisations to choose from in a form, by the words that were typed."""
    given = {"q": text, "kind": kind}
    return list(filters.organisations(actor, given)[:12]) if text.strip() else []


def _page(ids: QuerySet[Any], number: str) -> Page[Any]:
    """One page. A list of up to READ_AHEAD is counted by reading its numbers, and a page among the first READ_AHEAD is
    taken from what was read, so that nothing is looked for twice."""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    if wanted * PER_PAGE <= READ_AHEAD:
        first = list(ids[: READ_AHEAD + 1])
        if len(first) <= READ_AHEAD:
            return Paginator(first, PER_PAGE).get_page(number)
        if wanted > 0:
            return Page(first[(wanted - 1) * PER_PAGE : wanted * PER_PAGE], wanted, Paginator(ids, PER_PAGE))
    return Paginator(ids, PER_PAGE).get_page(number)


def _found(actor: Actor, page: Page[Any], rows: list[Any], asked: Mapping[str, str], thing: str) -> Found:
    return Found(
        page,
        rows,
        page.paginator.count,
        list(filters.segments(actor, thing)),
        agencies(actor),
        actor.may("people.change"),
        actor.may("people.export"),
        bool(asked),
    )


def _person_rows(actor: Actor, ids: list[int]) -> Iterator[PersonRow]:
    now = (
        Membership.objects.filter(ended_on=None)
        .select_related("organisation")
        .order_by("-is_main", "-started_on", "-pk")
    )
    found = Person.objects.filter(pk__in=ids).select_related("agency")
    people = {one.pk: one for one in found.prefetch_related(Prefetch("memberships", now, to_attr="current"))}
    for pk in ids:
        if pk in people:
            yield _person_row(actor, people[pk], people[pk].current)


def _person_row(actor: Actor, person: Person, current: list[Membership]) -> PersonRow:
    contact = actor.may("people.contact", person)
    main = current[0] if current else None
    place = main.organisation if main else None
    return PersonRow(
        person.pk,
        person.name,
        person.given_name,
        person.family_name,
        main.title if main else "",
        place.name if place else "",
        place.pk if place else 0,
        place.kind if place else "",
        ", ".join(part for part in (place.city, place.state_code) if part) if place else "",
        person.language if contact else "",
        person.agency.name if person.agency else "",
        contact,
        person.email if contact else "",
        phone_shown(person.phone) if contact and person.phone else "",
        phone_shown(person.mobile) if contact and person.mobile else "",
        actor.may("people.change", person),
        place.county_code if place else "",
        place.naics_code if place else "",
    )


def _organisation_rows(actor: Actor, ids: list[int]) -> list[Any]:
    """Rows with `people_count`, `naics_title`, `county_title` and `may_change` beside the fields."""
    working = Count("memberships", filter=Q(memberships__ended_on=None))
    found = Organisation.objects.filter(pk__in=ids).select_related("agency").annotate(people_count=working)
    by_pk: dict[int, Any] = {one.pk: one for one in found}
    rows = [by_pk[pk] for pk in ids if pk in by_pk]
    for one in rows:
        one.naics_title = naics_title(one.naics_code)
        one.county_title = county_title(one.county_code)
        one.may_change = actor.may("people.change", one)
    return rows


def _few_enough(found: QuerySet[Any]) -> list[int]:
    ids = list(found.values_list("pk", flat=True)[: MOST_IN_A_FILE + 1])
    if len(ids) > MOST_IN_A_FILE:
        raise Refused(
            _(
                "More than %(most)s entries do not fit into one file. "
                "Narrow the list with a filter and take it in parts."
            )
            % {"most": f"{MOST_IN_A_FILE:,}"}
        )
    return ids
