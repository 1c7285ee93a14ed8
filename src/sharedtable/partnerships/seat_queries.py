"""Who sits at the two tables of a partnership, and what is missing there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.partnerships import company_rules, seating
from sharedtable.partnerships.models import Partnership, Scope, Seat
from sharedtable.people.models import Membership, Organisation, Person

System = Organisation.System
NEEDED_SYSTEMS = (System.EDUCATION, System.WORKFORCE, System.ECONOMIC)
SOON = timedelta(days=45)
MOST_OFFERED = 150
LEADERS = ("chair", "lead_champion", "executive", "champion")


@dataclass(frozen=True)
class Chair:
    """A seat as it is shown: who sits there, from where, in which role, until when."""

    seat: Seat
    name: str
    place: str
    job: str
    role: str
    has_vote: bool
    can_commit: bool | None
    organisation: Organisation | None
    acts_for: str = ""
    is_ending: bool = False
    is_over: bool = False

    @property
    def initials(self) -> str:
        """Two letters for the picture of the tables."""
        words = [word for word in self.name.replace("-", " ").split() if word[:1].isalnum()]
        return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()

    @property
    def duties(self) -> list[str]:
        """The titles of what this seat answers for."""
        return [duty.title(_language()) for key, duty in lists.items("duties").items() if key in self.seat.duties]


@dataclass(frozen=True)
class Tables:
    """Everybody who sits in a partnership now."""

    inner: Sequence[Chair] = ()
    outer: Sequence[Chair] = ()
    network: Sequence[Chair] = ()

    def of(self, *roles: str) -> list[Chair]:
        """Those in one of these roles."""
        return [chair for chair in (*self.inner, *self.outer, *self.network) if chair.seat.role in roles]


@dataclass(frozen=True)
class Warning_:
    """Something that is not as the method wants it, with what to do."""

    title: str
    text: str


@dataclass(frozen=True)
class Tiers:
    """Where the companies of the region stand (A16): champions, members, and those in the region that are neither.

    `reached`: companies at the table that the definition takes in; `beyond`: those at the table that it leaves out, or
    of which it cannot tell, because their size, place or industry is not known.
    """

    champions: int
    members: int
    others: int
    reached: int
    beyond: int
    members_least: int
    members_most: int
    has_scope: bool

    @property
    def all(self) -> int:
        """Companies that the definition takes in."""
        return self.reached + self.others

    @property
    def share_pct(self) -> int | None:
        """How much of the way to "all or most companies" is done; None while the definition takes in nobody."""
        return round(100 * self.reached / self.all) if self.all else None


def _language() -> str:
    return get_language() or "en"


def tables(partnership: Partnership, today: date | None = None) -> Tables:
    """Everybody at the two tables and in the network: two queries, however many they are."""
    now = today or timezone.localdate()
    seats = list(
        Seat.objects.filter(seating.live(partnership))
        .select_related("person", "organisation", "acts_for__person", "acts_for__organisation")
        .order_by("started_on", "id")
    )
    homes = _homes(seat.person_id for seat in seats if seat.person_id)
    found: dict[str, list[Chair]] = {table: [] for table in Seat.Table.values}
    for seat in seats:
        found[seat.table].append(_chair(seat, homes.get(seat.person_id or 0), now))
    order = {key: number for number, key in enumerate(lists.items("roles"))}
    for group in found.values():
        group.sort(key=lambda chair: order.get(chair.seat.role, len(order)))
    return Tables(found["inner"], found["outer"], found["network"])


def _homes(people: Iterable[int]) -> dict[int, Membership]:
    rows = Membership.objects.filter(person_id__in=list(people)).exclude(ended_on__lt=timezone.localdate())
    return {row.person_id: row for row in rows.select_related("organisation").order_by("is_main", "started_on", "id")}


def _chair(seat: Seat, home: Membership | None, today: date) -> Chair:
    role = lists.items("roles").get(seat.role)
    place = seat.organisation or (home.organisation if home else None)
    principal = seat.acts_for.person or seat.acts_for.organisation if seat.acts_for else None
    return Chair(
        seat,
        seat.person.name if seat.person else place.name if place else "",
        place.name if place and seat.person else "",
        home.title if home and seat.person else "",
        role.title(_language()) if role else seat.role,
        bool(role and role.more["has_vote"]),
        home.can_commit if home else None,
        place,
        str(principal or ""),
        seat.ends_on is not None and today <= seat.ends_on <= today + SOON,
        seat.ends_on is not None and seat.ends_on < today,
    )


def chairs_of(seats: Sequence[Seat]) -> list[Chair]:
    """Seats as they are shown, of whatever partnerships: one query."""
    homes, today = _homes(seat.person_id for seat in seats if seat.person_id), timezone.localdate()
    return [_chair(seat, homes.get(seat.person_id or 0), today) for seat in seats]


def chair_of(seat: Seat) -> Chair:
    """One seat as it is shown."""
    return chairs_of([seat])[0]


def acting_for(seat: Seat) -> list[Chair]:
    """Who acts for a seat now: delegates, or a convener's back-up."""
    rows = Seat.objects.filter(acts_for=seat, ended_on=None)
    return chairs_of(list(rows.select_related("person", "organisation", "acts_for__person", "acts_for__organisation")))


@dataclass(frozen=True)
class Coverage:
    """Which systems the core partners stand for, by organisation; and what is missing (A04)."""

    systems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: Sequence[str] = ()
    thin: Sequence[str] = ()


def coverage(found: Tables) -> Coverage:
    """The systems among conveners and core partners: one missing is a warning, one with a single partner a hint."""
    systems: dict[str, set[str]] = {key: set() for key in NEEDED_SYSTEMS}
    for chair in found.of("convener", "core_partner"):
        if chair.organisation and chair.organisation.system:
            systems.setdefault(chair.organisation.system, set()).add(chair.organisation.name)
    return Coverage(
        {str(System(key).label): sorted(names) for key, names in systems.items()},
        [str(System(key).label) for key in NEEDED_SYSTEMS if not systems[key]],
        [str(System(key).label) for key in NEEDED_SYSTEMS if len(systems[key]) == 1],
    )


def warnings(found: Tables, scope: Scope | None) -> list[Warning_]:
    """What is missing at the tables, most pressing first."""
    made = [*_about_convening(found), *_about_partners(found, scope), *_about_business(found)]
    return made


def _about_convening(found: Tables) -> list[Warning_]:
    conveners, made = found.of("convener"), []
    most = int(preset("conveners_most").value)
    if not conveners:
        made.append(
            Warning_(
                _("Nobody convenes yet"),
                _("Choose %(least)d to %(most)d neutral people together.")
                % {"least": int(preset("conveners_least").value), "most": most},
            )
        )
        return made
    if len(conveners) > most:
        text = _("There are %(count)d conveners; the method says %(most)d at most.")
        made.append(Warning_(_("Many conveners"), text % {"count": len(conveners), "most": most}))
    taken = {key for chair in conveners for key in chair.seat.duties}
    every = [duty for duty in lists.items("duties").values() if "convener" in duty.more["roles"]]
    if open_ones := [duty.title(_language()) for duty in every if duty.id not in taken]:
        text = _("Nobody has taken on: %(duties)s. Tick it at one of the conveners.")
        made.append(Warning_(_("A convener's duty is open"), text % {"duties": "; ".join(open_ones)}))
    if len(conveners) > 1 and not any(chair.seat.is_on_point for chair in conveners):
        made.append(Warning_(_("Nobody is on point"), _("Say which convener to ask this week.")))
    backed = {chair.seat.acts_for_id for chair in found.of("backup")}
    if len(conveners) == 1 and not backed:
        made.append(Warning_(_("No back-up for the convener"), _("Name a person who steps in.")))
    return made


def _about_partners(found: Tables, scope: Scope | None) -> list[Warning_]:
    made = []
    partners = found.of("convener", "core_partner", "support_team")
    covered = coverage(found)
    if covered.missing and partners:
        text = _("Nobody at the outer table stands for: %(systems)s. Ask one of them to become a core partner.")
        made.append(Warning_(_("A system is missing"), text % {"systems": ", ".join(covered.missing)}))
    if partners and not any(chair.can_commit for chair in partners):
        text = _("Nobody of this support team is known to be able to promise time or money. Ask, and note it.")
        made.append(Warning_(_("No authority to commit"), text))
    if line := one_place(found, scope):
        made.append(Warning_(_("All within one line"), line))
    return made


def one_place(found: Tables, scope: Scope | None) -> str:
    """A sentence when all partners sit in one city, county or workforce board, or the region is one county (C23).

    The rule is the one of the scope workshop (`scope_tests.partner_tests`).
    """
    from sharedtable.partnerships import scope_tests  # it reads the tables that this file makes

    if scope is not None and len(company_rules.reach(scope).counties) == 1:
        return _("The region is a single county. A natural labor market crosses county lines.")
    places = scope_tests.places(found)
    if places.partners < 2:
        return ""
    narrow = [test for test in scope_tests.partner_tests(places) if test.verdict == "low"]
    if not narrow:
        return ""
    return " ".join([*(test.says for test in narrow), *narrow[0].why[1:], narrow[0].advice])


def _about_business(found: Tables) -> list[Warning_]:
    made = []
    chairs = found.of("chair")
    least = int(preset("chairs_least").value)
    if 0 < len(chairs) < least:
        text = _("There is %(count)d; the method asks for %(least)d who sign, better %(aim)d.")
        values = {"count": len(chairs), "least": least, "aim": int(preset("chairs_aim").value)}
        made.append(Warning_(_("Too few chairs"), text % values))
    standings = {chair.seat.standing for chair in chairs if chair.seat.standing}
    if len(chairs) > 1 and len(standings) == 1:
        text = _("It works well to pair an established leader with an emerging one. All chairs here are of one kind.")
        made.append(Warning_(_("Pair the chairs"), text))
    for chair in (*found.inner, *found.outer):
        if chair.is_over or chair.is_ending:
            title = _("The term of %(name)s has ended") if chair.is_over else _("The term of %(name)s ends soon")
            text = _("%(role)s, until %(end)s. Renew it, or hand the seat over.")
            end = chair.seat.ends_on
            made.append(Warning_(title % {"name": chair.name}, text % {"role": chair.role, "end": _day(end)}))
    return made


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def invited_count(found: Tables) -> int:
    """Business people who count towards the launch: early voices of the support team and delegates do not (B15)."""
    return len({chair.seat.person_id for chair in found.inner if chair.seat.role not in ("early_voice", "delegate")})


def tiers(found: Tables, scope: Scope | None) -> Tiers:
    """Companies by tier, counted against the scope: two queries."""
    champions = _companies(found, *LEADERS)
    at_table = companies_at_table(found)
    others = reached = 0
    if scope is not None:
        taken_in = company_rules.with_verdict(scope, "in")
        reached = taken_in.filter(pk__in=at_table).count()
        others = taken_in.exclude(pk__in=at_table).count()
    least, most = int(preset("members_least").value), int(preset("members_most").value)
    beyond = len(at_table) - reached if scope is not None else 0
    members = len(at_table - champions)
    return Tiers(len(champions), members, others, reached, beyond, least, most, scope is not None)


def companies_at_table(found: Tables) -> set[int]:
    """The companies whose leaders or members sit at the table."""
    return _companies(found, *LEADERS, "member")


def _companies(found: Tables, *roles: str) -> set[int]:
    return {chair.organisation.pk for chair in found.of(*roles) if chair.organisation}


@dataclass(frozen=True)
class Offered:
    """Somebody who can be chosen in a form."""

    pk: int
    name: str
    place: str


def people_to_choose(actor: Actor, words: str = "", kind: str = "") -> list[Offered]:
    """People of the record to choose from, those that fit the words (and work for that kind of place); at most 150."""
    actor.must("people.see")
    live = Q(archived_at=None, erased_at=None, merged_into=None)
    found = Person.objects.filter(live, space_id=actor.space_id)
    if kind:
        places = Organisation.objects.filter(_of_kind(kind), space_id=actor.space_id).values("pk")
        now = Membership.objects.filter(ended_on=None, organisation__in=places).values("person")
        found = found.filter(pk__in=now)
    for word in words.casefold().split()[:6]:
        found = found.filter(search_text__contains=word)
    people = list(found.order_by("family_name", "given_name", "id")[:MOST_OFFERED])
    homes = _homes(person.pk for person in people)
    return [
        Offered(person.pk, person.name, homes[person.pk].organisation.name if person.pk in homes else "")
        for person in people
    ]


def organisations_to_choose(actor: Actor, words: str = "", kind: str = "") -> list[Offered]:
    """Organisations of the record for a list to choose from; at most 150."""
    actor.must("people.see")
    live = Q(archived_at=None, erased_at=None, merged_into=None)
    found = Organisation.objects.filter(live, space_id=actor.space_id)
    if kind:
        found = found.filter(_of_kind(kind))
    for word in words.casefold().split()[:6]:
        found = found.filter(search_text__contains=word)
    return [Offered(one.pk, one.name, one.get_kind_display()) for one in found.order_by("name", "id")[:MOST_OFFERED]]


def _of_kind(kind: str) -> Q:
    """Companies, or 'partners': everybody else."""
    business = Q(kind=Organisation.Kind.BUSINESS)
    return ~business if kind == "partners" else business
