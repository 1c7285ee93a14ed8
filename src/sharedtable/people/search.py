"""What searches and filters look at: `search_text` (words without accents) and `facets` (codes), kept for each entry.

Whoever writes people, organisations or memberships calls `refresh_people` or `refresh_organisations` in the same
transaction. A mail address or a number never gets into `search_text`: a hit would tell somebody what they may not see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import Prefetch, Q, QuerySet

from sharedtable.people.models import LISTED, Membership, Organisation, Person

MOST_WORDS = 6
_TEXT, _FACETS = 400, 400
_WORD = re.compile(r"[^\W_]+")
_AT_ONCE = 400


def fold(text: str) -> str:
    """The words of a text in small letters without accents and signs.

    >>> fold("José O'Neill-Peña, Müller & Söhne")
    'jose oneill pena muller sohne'
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", "").replace("ß", "ss"))
    return " ".join(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


def words(text: str) -> list[str]:
    """What somebody typed into a search, as words to look for."""
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def matching(text: str) -> Q:
    """The condition that every word stands somewhere in `search_text`."""
    found = Q()
    for word in words(text):
        found &= Q(search_text__contains=word)
    return found


def facet(key: str, value: object) -> str:
    """One code as it stands in `facets`: "|county=39049|"."""
    return f"|{key}={value}|"


def person_text(person: Person, current: Sequence[Membership]) -> str:
    """The words under which a person is found: their name, then where they work, as what, and in which place."""
    parts = [person.name, *(f"{one.organisation.name} {one.title} {one.organisation.city}" for one in current)]
    return _cut(fold(" ".join(parts)), _TEXT)


def person_facets(person: Person, current: Sequence[Membership]) -> str:
    """The codes by which lists of people are filtered."""
    codes: dict[str, set[object]] = {
        "agency": {person.agency_id or 0},
        "mail": {1 if person.email else 0},
        "language": {person.language},
        "works": {1 if current else 0},
    }
    for one in current:
        place = one.organisation
        for key, value in (
            ("kind", place.kind), ("system", place.system), ("type", place.partner_type), ("state", place.state_code),
            ("county", place.county_code), ("naics", place.naics_code), ("can_commit", int(bool(one.can_commit)))
        ):  # fmt: skip
            if value != "":
                codes.setdefault(key, set()).add(value)
    return _cut("".join(facet(key, value) for key in codes for value in sorted(codes[key], key=str)), _FACETS, "|")


def organisation_text(organisation: Organisation) -> str:
    """The words under which an organisation is found."""
    site = organisation.website.partition("://")[2].removeprefix("www.").partition("/")[0]
    return _cut(fold(f"{organisation.name} {organisation.city} {site}"), _TEXT)


def refresh_people(people: QuerySet[Person] | Iterable[int]) -> int:
    """Work out `search_text` and `facets` of these people anew; gives how many there were."""
    ids = people.values_list("pk", flat=True) if isinstance(people, QuerySet) else people
    count = 0
    for some in _pieces(ids):
        now = Membership.objects.filter(ended_on=None).select_related("organisation")
        found = list(
            Person.objects.filter(pk__in=some).prefetch_related(Prefetch("memberships", now, to_attr="current"))
        )
        for person in found:
            current: list[Membership] = person.current
            person.search_text, person.facets = person_text(person, current), person_facets(person, current)
        Person.objects.bulk_update(found, ("search_text", "facets"))
        count += len(found)
    return count


def refresh_organisations(organisations: QuerySet[Organisation] | Iterable[int], *, with_people: bool = True) -> int:
    """Work out `search_text` of these organisations anew, and of whoever works there; gives how many organisations."""
    ids = organisations.values_list("pk", flat=True) if isinstance(organisations, QuerySet) else organisations
    count = 0
    for some in _pieces(ids):
        found = list(Organisation.objects.filter(pk__in=some))
        for one in found:
            one.search_text = organisation_text(one)
        Organisation.objects.bulk_update(found, ("search_text",))
        if with_people:
            refresh_people(Person.objects.filter(LISTED, memberships__organisation__in=some).distinct())
        count += len(found)
    return count


def _pieces(ids: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(list(ids))
    while some := list(islice(waiting, _AT_ONCE)):
        yield some


def _cut(text: str, most: int, end: str = " ") -> str:
    """The text up to its last whole word, or code, before the limit."""
    return text if len(text) <= most else text[: text.rfind(end, 0, most) + (1 if end != " " else 0)]
