"""The history: what happened in a space, filtered and paged, with the names of those who did it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Grant, PersonalLink, User
from sharedtable.ledger.models import Entry

SEE = "ledger.see"
SHOWN = 50
MOST_ROWS = 100_000
CHOICES_FROM = 2_000  # what the filters offer is read from the newest entries: a million would take too long


@dataclass(frozen=True)
class Filter:
    """What of the history is wanted; empty fields ask for everything."""

    kind: str = ""
    object_id: int | None = None
    by: str = ""
    verb: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Happening:
    """One entry with who did it: the name of a user, or the person of a personal link."""

    entry: Entry
    name: str
    person_id: int = 0


@dataclass(frozen=True)
class History:
    """One page of it, and what can be chosen in the filters."""

    page: Page[Entry]
    rows: list[Happening]
    kinds: list[str]
    verbs: list[str]
    people: list[tuple[str, str]]
    is_all: bool


def history(by: Actor, wanted: Filter, page: str) -> History:
    """One page of the history, newest first. Who has a role in one partnership alone sees their own doings."""
    by.must(SEE)
    mine = _mine(by)
    found = Paginator(_matching(mine, wanted), SHOWN).get_page(page)
    newest = list(mine.order_by("-number").values_list("kind", "verb")[:CHOICES_FROM])
    grants = Grant.objects.filter(space_id=by.space_id).select_related("user").order_by("user__name")
    people = dict.fromkeys((f"user:{grant.user_id}", str(grant.user)) for grant in grants)
    return History(
        found,
        _with_names(list(found)),
        sorted({kind for kind, _verb in newest}),
        sorted({verb for _kind, verb in newest}),
        list(people) if by.may_everywhere(SEE) else [],
        by.may_everywhere(SEE),
    )


def rows(by: Actor, wanted: Filter) -> Iterator[Happening]:
    """All of the filtered history, newest first, for a file."""
    by.must(SEE)
    return iter(_with_names(list(_matching(_mine(by), wanted)[:MOST_ROWS])))


def _mine(by: Actor) -> QuerySet[Entry]:
    entries = Entry.objects.filter(space_id=by.space_id)
    return entries if by.may_everywhere(SEE) else entries.filter(by=by.ref)


def _matching(entries: QuerySet[Entry], wanted: Filter) -> QuerySet[Entry]:
    if wanted.kind:
        entries = entries.filter(kind=wanted.kind)
    if wanted.object_id is not None:
        entries = entries.filter(object_id=wanted.object_id)
    if wanted.by:
        entries = entries.filter(by=wanted.by)
    if wanted.verb:
        entries = entries.filter(verb=wanted.verb)
    if wanted.day is not None:
        start = datetime.combine(wanted.day, time(), UTC)
        entries = entries.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return entries.order_by("-number")


def _with_names(entries: list[Entry]) -> list[Happening]:
    refs = {entry.by for entry in entries}
    users = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=_numbers(refs, "user"))}
    links = PersonalLink.objects.filter(pk__in=_numbers(refs, "link")).values_list("pk", "person_id")
    holders = {f"link:{link}": person for link, person in links}
    return [Happening(entry, users.get(entry.by, ""), holders.get(entry.by, 0)) for entry in entries]


def _numbers(refs: set[str], kind: str) -> list[int]:
    found = (ref.partition(":") for ref in refs)
    return [int(number) for name, _colon, number in found if name == kind and number.isdigit()]
