"""Hours, programs, points of contact, the map, the agreement, and who holds how many roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.partnerships import partnership_queries, seat_queries
from sharedtable.partnerships.models import (
    Agreement,
    Confirmation,
    MapEntry,
    Partnership,
    Pledge,
    PointOfContact,
    Program,
    Seat,
    Step,
)
from sharedtable.partnerships.seat_queries import Warning_
from sharedtable.partnerships.typed import months_later

MOST = 500


@dataclass(frozen=True)
class StepTime:
    """Planned and actual hours of a step. `widths`: of the two bars, in parts of 100."""

    step: partnership_queries.StepView
    planned: int | None
    actual: int | None
    planned_width: int
    actual_width: int


@dataclass(frozen=True)
class Capacity:
    """Who pledged how many hours, what that is in full-time shares, and what to look out for (D03, B02)."""

    pledges: Sequence[Pledge]
    hours: Decimal
    fte: Decimal
    warnings: Sequence[Warning_]
    times: Sequence[StepTime]
    brings: Sequence[Pledge] = ()
    silent: Sequence[Seat] = ()


def capacity(actor: Actor, partnership: Partnership, today: date | None = None) -> Capacity:
    """Convening capacity and hours by step: three queries."""
    actor.must("partnerships.see", partnership)
    now = today or timezone.localdate()
    every = list(partnership.pledges.filter(ended_on=None).select_related("organisation", "seat__person"))
    pledges = [one for one in every if one.hours_a_week is not None]
    running = [one for one in pledges if one.started_on <= now and (one.ends_on is None or one.ends_on >= now)]
    hours = _hours_of(running)
    fte = hours / Decimal(str(preset("full_time_week_hours").value))
    steps = partnership_queries.steps_of(list(partnership.steps.order_by("at", "id")))
    rows = {row.number: row for row in partnership.step_hours.all()}
    most = max([value or 0 for row in rows.values() for value in (row.planned_hours, row.actual_hours)] or [0]) or 1
    times = []
    for step in steps:
        row = rows.get(step.number)
        planned, actual = (row.planned_hours, row.actual_hours) if row else (None, None)
        times.append(
            StepTime(step, planned, actual, round(100 * (planned or 0) / most), round(100 * (actual or 0) / most))
        )
    brings = [one for one in every if one.what]
    warnings = _capacity_warnings(running, fte, times, now)
    return Capacity(pledges, hours, fte, warnings, times, brings, _silent(partnership, brings))


def _silent(partnership: Partnership, brings: Sequence[Pledge]) -> list[Seat]:
    """Seats of partners whose holder has not said what they bring."""
    told = {one.seat_id for one in brings}
    seats = Seat.objects.filter(partnership=partnership, ended_on=None, person__isnull=False, table=Seat.Table.OUTER)
    return [one for one in seats.select_related("person") if one.pk not in told]


def _hours_of(pledges: Iterable[Pledge]) -> Decimal:
    return sum((one.hours_a_week or Decimal(0) for one in pledges), Decimal(0))


def _capacity_warnings(
    running: Sequence[Pledge], fte: Decimal, times: Sequence[StepTime], today: date
) -> list[Warning_]:
    least, most = (Decimal(str(preset(name).value)) for name in ("convener_time_least", "convener_time_most"))
    months = int(preset("convener_months_least").value)
    made = []
    if fte < least:
        text = _("%(fte)s full-time shares are pledged. The method asks for %(least)s to %(most)s.")
        values = {"fte": f"{fte:.2f}", "least": least, "most": most}
        made.append(Warning_(_("Too little working time"), text % values))
    # The time that is needed has to be assured for that long: look at what is left on that day.
    then = months_later(today, months) - timedelta(days=1)
    lasting = _hours_of(one for one in running if one.ends_on is None or one.ends_on >= then)
    if running and lasting / Decimal(str(preset("full_time_week_hours").value)) < min(least, fte):
        text = _("In %(months)d months, part of this time is no longer assured. Ask for longer promises.")
        made.append(Warning_(_("Assured for too short"), text % {"months": months}))
    for index, time in enumerate(times):
        if not time.step.is_peak or time.step.state == Step.State.DONE:
            continue
        is_near = time.step.state == Step.State.UNDER_WAY or (
            index > 0 and times[index - 1].step.state != Step.State.AHEAD
        )
        if is_near and (time.planned is None or fte < least):
            text = _("“%(step)s” takes the most staff time. Plan hours for it, and see that they are pledged.")
            made.append(Warning_(_("A peak of work is near"), text % {"step": time.step.title}))
        if time.planned and time.actual and time.actual > time.planned:
            text = _("“%(step)s” has taken %(actual)d hours of %(planned)d.")
            values = {"step": time.step.title, "actual": time.actual, "planned": time.planned}
            made.append(Warning_(_("More than planned"), text % values))
    return made


@dataclass(frozen=True)
class Place:
    """One of the seven places of the map with the names that stand there.

    `seated`: companies and partners that sit at the tables; they stand on the map by themselves.
    """

    key: str
    title: str
    text: str
    entries: Sequence[MapEntry]
    seated: Sequence[str] = ()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Each name with its note."""
        put = [(entry.name, entry.note) for entry in self.entries]
        return [*put, *((name, _("sits at the table")) for name in self.seated)]

    @property
    def names(self) -> list[str]:
        """Each name."""
        return [name for name, _note in self.rows]


SEATED = {"members": "inner", "strategic": "outer"}


def cluster_map(actor: Actor, partnership: Partnership) -> list[Place]:
    """The seven places, in order: three queries."""
    actor.must("partnerships.see", partnership)
    found: dict[str, list[MapEntry]] = {key: [] for key in lists.items("map_places")}
    for entry in partnership.map_entries.filter(ended_at=None):
        found[entry.place].append(entry)
    language, tables = get_language() or "en", seat_queries.tables(partnership)
    return [
        Place(item.id, item.title(language), item.text(language), found[item.id], _seated(item.id, found, tables))
        for item in lists.items("map_places").values()
    ]


def _seated(place: str, found: Mapping[str, Sequence[MapEntry]], tables: seat_queries.Tables) -> list[str]:
    """Who sits at the table of a place and was put nowhere on the map by hand."""
    chairs = getattr(tables, SEATED[place]) if place in SEATED else ()
    put = {entry.organisation_id for entries in found.values() for entry in entries}
    names = {entry.name.casefold() for entries in found.values() for entry in entries}
    places = {chair.organisation.pk: chair.organisation.name for chair in chairs if chair.organisation}
    return sorted(name for pk, name in places.items() if pk not in put and name.casefold() not in names)


def programs(actor: Actor) -> list[tuple[str, str, list[Program]]]:
    """The register of programs by the three groups: one query."""
    actor.must("partnerships.see")
    found: dict[str, list[Program]] = {key: [] for key in Program.Group.values}
    rows = Program.objects.filter(space_id=actor.space_id, ended_on=None).select_related(
        "organisation", "outreach_owner"
    )
    for row in rows[:MOST]:
        found[row.group].append(row)
    return [(key, str(Program.Group(key).label), group) for key, group in found.items()]


def contacts(actor: Actor, organisation_id: int = 0) -> list[PointOfContact]:
    """Whom to ask about companies, or about one of them."""
    actor.must("people.see")
    found = PointOfContact.objects.filter(space_id=actor.space_id, ended_on=None)
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    return list(
        found.select_related("organisation", "lead", "cover").order_by("organisation__name", "topic", "id")[:MOST]
    )


@dataclass(frozen=True)
class Agreed:
    """The agreement in force, and who confirmed it."""

    agreement: Agreement | None
    lines: Sequence[Mapping[str, object]]
    confirmed: int

    @property
    def is_complete(self) -> bool:
        """Whether every organisation confirmed."""
        return bool(self.lines) and self.confirmed == len(self.lines)


def agreement(actor: Actor, partnership: Partnership) -> Agreed:
    """The newest agreement, each line with the titles of roles and duties, and who confirmed when."""
    actor.must("partnerships.see", partnership)
    found = partnership.agreements.first()
    return agreed(found) if found else Agreed(None, (), 0)


def agreed(found: Agreement) -> Agreed:
    """An agreement in words; for pages of a personal link too."""
    language = get_language() or "en"
    said = Confirmation.objects.filter(agreement=found, withdrawn_at=None).select_related("person")
    by_place = {one.organisation_id: one for one in said}
    roles, duties = lists.items("roles"), lists.items("duties")
    lines: list[Mapping[str, object]] = [
        {
            "organisation": line["organisation"],
            "name": line["name"],
            "people": line["people"],
            "roles": [roles[key].title(language) for key in line["roles"] if key in roles],
            "duties": [duties[key].title(language) for key in line["duties"] if key in duties],
            "confirmation": by_place.get(line["organisation"]),
        }
        for line in found.lines
    ]
    return Agreed(found, lines, sum(line["confirmation"] is not None for line in lines))


@dataclass(frozen=True)
class Holder:
    """Somebody with more than one role."""

    name: str
    seats: Sequence[seat_queries.Chair]


@dataclass(frozen=True)
class Ending:
    """A term that ends; `has_second`: somebody else could step in at once."""

    chair: seat_queries.Chair
    partnership: Partnership
    has_second: bool


@dataclass(frozen=True)
class Succession:
    """Who carries much alone, and which terms end without a second (A26)."""

    holders: Sequence[Holder]
    endings: Sequence[Ending]
    alone: Sequence[tuple[Partnership, seat_queries.Chair]]


KEY_ROLES = ("chair", "lead_champion", "convener")
TERM_AHEAD = timedelta(days=90)


def succession(actor: Actor) -> Succession:
    """Roles that hang on one person, over all partnerships of the space: three queries."""
    actor.must("partnerships.see")
    found = {one.pk: one for one in partnership_queries.visible(actor)}
    seats = list(
        Seat.objects.filter(partnership__in=found, ended_on=None)
        .select_related("person", "organisation", "acts_for__person", "acts_for__organisation")
        .order_by("partnership__name", "role", "id")
    )
    chairs = seat_queries.chairs_of(seats)
    by_person: dict[int, list[seat_queries.Chair]] = {}
    for chair in chairs:
        if chair.seat.person_id and chair.seat.table != Seat.Table.NETWORK:
            by_person.setdefault(chair.seat.person_id, []).append(chair)
    holders = [Holder(held[0].name, held) for held in by_person.values() if len(held) > 1]
    today, endings, alone = timezone.localdate(), [], []
    for chair in chairs:
        seat, partnership = chair.seat, found[chair.seat.partnership_id]
        second = any(
            other.seat.pk != seat.pk
            and other.seat.partnership_id == seat.partnership_id
            and other.seat.person_id != seat.person_id
            and (other.seat.acts_for_id == seat.pk or (other.seat.role == seat.role and other.seat.area == seat.area))
            for other in chairs
        )
        if seat.ends_on is not None and seat.ends_on <= today + TERM_AHEAD:
            endings.append(Ending(chair, partnership, second))
        if seat.role in KEY_ROLES and not second:
            alone.append((partnership, chair))
    endings.sort(key=lambda one: one.chair.seat.ends_on or date.max)
    return Succession(sorted(holders, key=lambda one: -len(one.seats)), endings, alone)
