"""The universe of connections (B08): who knows which company, how well, through which agency; overlaps and blanks.

Everything here is made of ties that the reader may see (`people.tie_reach`), and of nothing else: what somebody keeps
to themselves neither shows nor counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import company_rules, doors, seating
from sharedtable.partnerships.models import Partnership, Scope, Seat
from sharedtable.people import queries
from sharedtable.people.actions.telling import PURPOSE
from sharedtable.people.models import LISTED, Membership, Organisation, Person, Tie
from sharedtable.people.search import fold, matching
from sharedtable.people.tie_reach import visible
from sharedtable.people.told_models import ToldTie

PER_PAGE, MOST_TIES, MOST_BLANKS = 15, 6_000, 2_000
MOST_PEOPLE_SHOWN = 12
BUSINESS = Organisation.Kind.BUSINESS


@dataclass
class Knower:
    """One agency at one door: how well it knows somebody there at best, whom it knows, and who of its own does."""

    agency_id: int
    agency: str
    strength: int = 0
    people: list[str] = field(default_factory=list)
    through: list[str] = field(default_factory=list)


@dataclass
class Door:
    """One company, of the record or as it was typed, with the agencies that know it, the closest first."""

    key: str
    name: str
    organisation_id: int = 0
    is_in_scope: bool = False
    is_suggested: bool = False  # a partner named it, and the scope does not have it
    knowers: dict[int, Knower] = field(default_factory=dict)

    @property
    def agencies(self) -> list[Knower]:
        """The agencies, the closest first."""
        return sorted(self.knowers.values(), key=lambda one: (-one.strength, one.agency))

    @property
    def strength(self) -> int:
        """How well the closest one knows it."""
        return max((one.strength for one in self.knowers.values()), default=0)

    @property
    def is_overlap(self) -> bool:
        """Whether more than one agency stands at this door."""
        return len(self.knowers) > 1


@dataclass(frozen=True)
class Reach:
    """One agency: how many companies it knows, and how many of them well."""

    agency_id: int
    name: str
    doors: int
    close: int


@dataclass(frozen=True)
class Universe:
    """The merged picture. `blanks`: companies of the scope that nobody knows, as far as the reader may see."""

    doors: Sequence[Door]
    reaches: Sequence[Reach]
    blanks: Sequence[tuple[int, str]]
    idle: Sequence[str]
    scope: Scope | None
    in_scope: int
    is_cut: bool = False

    @property
    def overlaps(self) -> list[Door]:
        """Doors at which several agencies stand, most of all first."""
        return sorted((one for one in self.doors if one.is_overlap), key=lambda one: (-len(one.knowers), one.name))

    @property
    def known_in_scope(self) -> int:
        """How many companies of the scope somebody knows."""
        return sum(one.is_in_scope for one in self.doors)


def universe(actor: Actor, partnership: Partnership) -> Universe:
    """The merged picture of a partnership, in nine queries however many ties there are."""
    actor.must("partnerships.see", partnership)
    actor.must("people.see", partnership)
    scope = partnership.scopes.first()
    inside = dict(_in_scope(scope).values_list("pk", "name")[:MOST_BLANKS]) if scope else {}
    ties = list(
        Tie.objects.filter(visible(actor), space_id=actor.space_id, ended_at=None)
        .select_related("agency", "known_by", "person")
        .defer("note", "person__notes", "agency__notes", "known_by__notes")
        .order_by("-strength_rating", "pk")[: MOST_TIES + 1]
    )
    told = list(
        ToldTie.objects.filter(visible(actor), space_id=actor.space_id, ended_at=None)
        .select_related("agency", "known_by", "organisation")
        .order_by("-strength_rating", "pk")[:MOST_TIES]
    )
    works = _works({tie.person_id for tie in ties})
    found: dict[str, Door] = {}
    for tie in ties[:MOST_TIES]:
        for company in works.get(tie.person_id, ()):
            _stand(_door(found, company.pk, company.name, inside), tie, tie.person.name)
    for one in told:
        meant = one.organisation
        at = _door(found, meant.pk, meant.name, inside) if meant else _door(found, 0, one.company_name, inside)
        at.is_suggested = not at.is_in_scope
        _stand(at, one, one.person_name)
    ordered = sorted(
        found.values(), key=lambda one: (not one.is_in_scope, -one.strength, -len(one.knowers), one.name.casefold())
    )
    known = {one.organisation_id for one in ordered}
    blanks = sorted(((pk, name) for pk, name in inside.items() if pk not in known), key=lambda one: one[1].casefold())
    reaches = _reaches(ordered)
    idle = _partners(partnership) - {one.name for one in reaches}
    return Universe(ordered, reaches, blanks, sorted(idle), scope, len(inside), len(ties) > MOST_TIES)


def _in_scope(scope: Scope) -> QuerySet[Organisation]:
    return company_rules.with_verdict(scope, "in").order_by("name", "pk")


def _works(people: Iterable[int]) -> Mapping[int, list[Organisation]]:
    """In which companies these people work now."""
    rows = Membership.objects.filter(
        person__in=list(people), ended_on=None, organisation__kind=BUSINESS, organisation__erased_at=None,
        organisation__merged_into=None, organisation__archived_at=None,
    ).select_related("organisation")  # fmt: skip
    found: dict[int, list[Organisation]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.organisation)
    return found


def _door(found: dict[str, Door], pk: int, name: str, inside: Mapping[int, str]) -> Door:
    key = f"c{pk}" if pk else f"t{fold(name).replace(' ', '-')}"
    return found.setdefault(key, Door(key, name, pk, pk in inside))


def _stand(door: Door, tie: Tie | ToldTie, name: str) -> None:
    knower = door.knowers.setdefault(tie.agency_id, Knower(tie.agency_id, tie.agency.name))
    knower.strength = max(knower.strength, tie.strength_rating)
    if name and name not in knower.people:
        knower.people.append(name)
    if tie.known_by is not None and tie.known_by.name not in knower.through:
        knower.through.append(tie.known_by.name)


def _reaches(found: Sequence[Door]) -> list[Reach]:
    names: dict[int, str] = {}
    count: dict[int, int] = {}
    close: dict[int, int] = {}
    for door in found:
        for one in door.knowers.values():
            names[one.agency_id] = one.agency
            count[one.agency_id] = count.get(one.agency_id, 0) + 1
            close[one.agency_id] = close.get(one.agency_id, 0) + (one.strength > 1)
    made = [Reach(pk, names[pk], count[pk], close[pk]) for pk in names]
    return sorted(made, key=lambda one: (-one.doors, one.name))


def _partners(partnership: Partnership) -> set[str]:
    """The names of the organisations that sit at the outer table."""
    seats = Seat.objects.filter(seating.live(partnership), table=Seat.Table.OUTER)
    people = [seat.person_id for seat in seats if seat.person_id and not seat.organisation_id]
    places = Organisation.objects.filter(pk__in=[seat.organisation_id for seat in seats if seat.organisation_id])
    homes = Membership.objects.filter(person__in=people, ended_on=None, is_main=True).select_related("organisation")
    return {one.name for one in places} | {one.organisation.name for one in homes}


@dataclass(frozen=True)
class Partner:
    """Somebody at the outer table or in the network who can be asked."""

    pk: int
    name: str
    place: str
    has_address: bool


def partners(actor: Actor, partnership: Partnership) -> list[Partner]:
    """Whom a convener can ask for their connections."""
    actor.must("partnerships.change", partnership)
    seats = Seat.objects.filter(seating.live(partnership), person__isnull=False).exclude(table=Seat.Table.INNER)
    now = Membership.objects.filter(ended_on=None).select_related("organisation").order_by("-is_main", "-pk")
    people = Person.objects.filter(pk__in=seats.values("person_id")).prefetch_related(
        Prefetch("memberships", now, to_attr="current")
    )
    return [
        Partner(one.pk, one.name, one.current[0].organisation.name if one.current else "", bool(one.email))
        for one in people
    ]


# --- what was told in words -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """A told tie that waits, with the companies of the record that it may mean, or the people there."""

    told: ToldTie
    companies: Sequence[tuple[int, str]]
    people: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Waiting:
    """One page of what waits."""

    page: Page[ToldTie]
    rows: Sequence[Open]


def open_ties(actor: Actor, number: str = "1") -> Waiting:
    """What partners told in words and nobody has held against the record yet."""
    actor.must_everywhere("ties.change")
    found = ToldTie.objects.filter(visible(actor), space_id=actor.space_id, ended_at=None)
    found = found.select_related("agency", "known_by", "organisation").order_by("-made_at", "-pk")
    page = Paginator(found, 20).get_page(number)
    told = list(page.object_list)
    staff = _staff({one.organisation_id for one in told if one.organisation_id})
    rows = [
        Open(
            one,
            [] if one.organisation_id else _alike(actor, one.company_name),
            [(person.pk, person.name) for person in staff.get(one.organisation_id or 0, ())],
        )
        for one in told
    ]
    return Waiting(page, rows)


def waiting(actor: Actor) -> int:
    """How many told ties wait to be held against the record."""
    actor.must_everywhere("ties.change")
    return ToldTie.objects.filter(visible(actor), space_id=actor.space_id, ended_at=None).count()


def _alike(actor: Actor, name: str) -> list[tuple[int, str]]:
    words = fold(name).split()
    if not words:
        return []
    found = Organisation.objects.filter(LISTED, matching(words[0]), space_id=actor.space_id, kind=BUSINESS)
    return list(found.order_by("name").values_list("pk", "name")[:8])


def _staff(companies: Iterable[int]) -> Mapping[int, list[Person]]:
    rows = Membership.objects.filter(
        organisation__in=list(companies), ended_on=None, person__archived_at=None, person__erased_at=None,
        person__merged_into=None,
    ).select_related("person")  # fmt: skip
    found: dict[int, list[Person]] = {}
    for row in rows.order_by("person__family_name", "person__given_name", "pk"):
        found.setdefault(row.organisation_id, []).append(row.person)
    return found


# --- the page of a link -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """One company that the holder may know: names and places alone."""

    pk: int
    name: str
    city: str
    people: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Own:
    """One tie that the holder told, with who sees it."""

    kind: str
    pk: int
    company: str
    person: str
    strength: int
    shown_to: str


@dataclass(frozen=True)
class TellPage:
    """What the holder of a link sees: companies to choose from, and what they told themselves."""

    holder: Person
    partnership: Partnership
    page: Page[Organisation]
    rows: Sequence[Offered]
    own: Sequence[Own]
    is_search: bool


def held_partnership(by: Actor) -> Partnership:
    """The partnership that a link of this purpose is about. Fails with Missing for any other link."""
    found = Partnership.objects.filter(space_id=by.space_id, pk=by.object_id, archived_at=None).first()
    if by.purpose != PURPOSE or by.object_kind != "partnership" or found is None:
        raise doors.not_here()
    return found


def listed(partnership: Partnership) -> QuerySet[Organisation]:
    """The companies that a link of this partnership may show: those of its scope, and none without one.

    A scope without any rule takes in every company of the team; a link then shows those that were marked by hand.
    """
    scope = partnership.scopes.first()
    companies = Organisation.objects.filter(LISTED, space_id=partnership.space_id, kind=BUSINESS)
    if scope is None:
        return companies.none()
    found = _in_scope(scope) if scope.company_rules else _in_scope(scope).filter(Q(marked_in=True))
    return companies.filter(pk__in=found.order_by().values("pk"))


def tell_page(by: Actor, text: str, number: str) -> TellPage:
    """Companies of the scope, or those of them that fit a search, with the people there; and the holder's own ties."""
    holder = queries.holder(by, PURPOSE)
    partnership = held_partnership(by)
    companies = listed(partnership)
    if text.strip():
        companies = companies.filter(matching(text))
    page = Paginator(companies.order_by("name", "pk"), PER_PAGE).get_page(number)
    rows = list(page.object_list)
    staff = _staff(one.pk for one in rows)
    offered = [
        Offered(
            one.pk, one.name, one.city,
            [(who.pk, who.name) for who in staff.get(one.pk, ())[:MOST_PEOPLE_SHOWN] if who.pk != holder.pk],
        )
        for one in rows
    ]  # fmt: skip
    return TellPage(holder, partnership, page, offered, own_ties(by), bool(text.strip()))


def own_ties(by: Actor) -> list[Own]:
    """What the holder of a link told before, the closest first, in words that the link may show."""
    mine = {"space_id": by.space_id, "known_by_id": by.person_id, "ended_at": None}
    ties = list(Tie.objects.filter(**mine).select_related("person").prefetch_related("told_as"))
    works = _works(tie.person_id for tie in ties)
    shown = set(
        listed(held_partnership(by))
        .filter(pk__in=[one.pk for found in works.values() for one in found])
        .values_list("pk", flat=True)
    )
    found = [
        Own("tie", tie.pk, _company_of(tie, works, shown), tie.person.name, tie.strength_rating, tie.shown_to)
        for tie in ties
    ]
    found += [
        Own("told", one.pk, one.company_name, one.person_name, one.strength_rating, one.shown_to)
        for one in ToldTie.objects.filter(**mine)
    ]
    return sorted(found, key=lambda one: (-one.strength, one.company.casefold()))


def _company_of(tie: Tie, works: Mapping[int, list[Organisation]], shown: set[int]) -> str:
    """Where somebody works, of companies that the link lists; else as the holder wrote it, or ticked it elsewhere."""
    places = works.get(tie.person_id, ())
    said = [one.name for one in places if one.pk in shown] or [one.company_name for one in tie.told_as.all()]
    return ", ".join(said or [one.name for one in places if tie.source != PURPOSE])
