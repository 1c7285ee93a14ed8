"""The record as the matching core sees it, and how an entry differs from a row of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from sharedtable.people.importing.columns import FIELDS
from sharedtable.people.matching import contacts, names, places
from sharedtable.people.matching.records import Firm, Human
from sharedtable.people.models import Membership, Organisation, Person

Entry = Organisation | Person
T = TypeVar("T")
CHUNK = 500  # numbers in one question, below every database's limit
# A name is filled when it is empty and otherwise stays: how a list writes it is kept as a source.
STAYS = frozenset({"name", "given_name", "family_name"})


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def live_organisations(space_id: int) -> list[Firm]:
    """The organisations of a space that can be matched: not joined to another, not archived, not erased."""
    found = Organisation.objects.filter(space_id=space_id, merged_into=None, archived_at=None, erased_at=None)
    columns = ("pk", "name", "street", "city", "state_code", "zip_code", "phone", "website", "registry_number")
    rows = found.order_by("pk").values_list(*columns).iterator(chunk_size=5_000)
    return [
        Firm(pk, name, street, city, state, zip_code, (phone,) if phone else (), (web,) if web else (), number)
        for pk, name, street, city, state, zip_code, phone, web, number in rows
    ]


def live_people(space_id: int) -> list[Human]:
    """The people of a space that can be matched, each with their main employer."""
    employers: dict[int, tuple[str, str, str]] = {}
    here = Membership.objects.filter(space_id=space_id, ended_on=None).order_by("is_main", "pk")
    columns = ("person_id", "organisation__name", "organisation__city", "organisation__zip_code")
    for person, name, city, zip_code in here.values_list(*columns).iterator(chunk_size=5_000):
        employers[person] = (name, city, zip_code)
    found = Person.objects.filter(space_id=space_id, merged_into=None, archived_at=None, erased_at=None)
    rows = found.order_by("pk").values_list("pk", "given_name", "family_name", "email", "phone", "mobile")
    made: list[Human] = []
    for pk, given, family, email, phone, mobile in rows.iterator(chunk_size=5_000):
        firm, city, zip_code = employers.get(pk, ("", "", ""))
        phones = tuple(one for one in (phone, mobile) if one)
        made.append(Human(pk, given, family, (email,) if email else (), phones, firm, "", city, "", zip_code))
    return made


def firm_of(key: int, values: Mapping[str, str]) -> Firm:
    """The company of a row."""
    web = tuple(values[name] for name in ("website", "email") if values.get(name))
    return Firm(
        key,
        values.get("company", ""),
        values.get("street", ""),
        values.get("city", ""),
        values.get("state_code", ""),
        values.get("zip_code", ""),
        tuple(values[name] for name in ("company_phone",) if values.get(name)),
        web,
        values.get("registry_number", ""),
    )


def human_of(key: int, values: Mapping[str, str]) -> Human:
    """The person of a row."""
    return Human(
        key,
        values.get("given_name", ""),
        values.get("family_name", ""),
        (values["email"],) if values.get("email") else (),
        tuple(values[name] for name in ("phone", "mobile") if values.get(name)),
        values.get("company", ""),
        "",
        values.get("city", ""),
        values.get("state_code", ""),
        values.get("zip_code", ""),
    )


def given_to(thing: str, values: Mapping[str, str]) -> dict[str, str]:
    """What a row says about its organisation or person, by attribute of the model."""
    return {
        field.attribute: values[field.key]
        for field in FIELDS
        if field.thing == thing and field.attribute and values.get(field.key)
    }


def differences(entry: Entry, given: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The attributes that a row would change, with the old and the new value. An empty cell changes nothing."""
    found: dict[str, tuple[str, str]] = {}
    for attribute, new in given.items():
        old = text_of(getattr(entry, attribute))
        if old and (attribute in STAYS or means_the_same(attribute, old, new)):
            continue
        if old != new:
            found[attribute] = (old, new)
    return found


def text_of(value: Any) -> str:
    """A value as the sources keep it."""
    return "" if value is None else str(value)


def typed(attribute: str, text: str) -> Any:
    """A kept value as the model has it."""
    return (int(text) if text else None) if attribute == "employees" else text


def means_the_same(attribute: str, old: str, new: str) -> bool:
    """Whether two spellings of a value say the same, so that nothing needs to change."""
    if old == new:
        return True
    if attribute in ("phone", "mobile"):
        mine = contacts.phone_of(old)
        return bool(mine) and mine == contacts.phone_of(new)
    if attribute == "street":
        return places.street_of(old) == places.street_of(new)
    if attribute == "zip_code":
        return old.startswith(new) if len(old) >= len(new) else False
    if attribute == "naics_code":
        return old.startswith(new)
    if attribute == "website":
        plain = [
            one.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/") for one in (old, new)
        ]
        return plain[0].casefold() == plain[1].casefold()
    return names.folded(old) == names.folded(new)
