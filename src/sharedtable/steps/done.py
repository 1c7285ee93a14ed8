"""The named queries that tell whether a tool of a step is done, by whom and when. Pure functions of `Facts`.

A row of `method/step_tools.toml` names one in `done`. Add one with `@query("name")`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.method.lists import Item
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import Decision, Seat
from sharedtable.partnerships.seat_queries import Chair, coverage
from sharedtable.partnerships.team_queries import KEY_ROLES
from sharedtable.steps.facts import SESSION, Facts
from sharedtable.worksheets.models import Round


@dataclass(frozen=True)
class Told:
    """Whether a thing is done, in a sentence; since when, and who did it as rows say it ('user:3')."""

    is_done: bool
    says: str = ""
    on: date | None = None
    by: str = ""
    is_begun: bool = False
    number: int = 0  # of the round that the page of a worksheet leads to


Query = Callable[[Facts, Item], Told]
QUERIES: dict[str, Query] = {}


def query(name: str) -> Callable[[Query], Query]:
    """Register a function under the name by which the data calls it."""

    def keep(found: Query) -> Query:
        QUERIES[name] = found
        return found

    return keep


def _day(row: object) -> date | None:
    made = getattr(row, "made_at", None)
    return timezone.localtime(made).date() if made else None


def _of(rows: Sequence[object], says: str) -> Told:
    """Done by the first row that there is."""
    if not rows:
        return Told(False)
    return Told(True, says, _day(rows[0]), getattr(rows[0], "made_by", ""))


# --- step 1 -----------------------------------------------------------------------------------------------------------


@query("seats_cover_the_systems")
def _seats(facts: Facts, item: Item) -> Told:
    found = [chair for chair in facts.tables.outer if chair.seat.role != "early_voice"]
    missing = coverage(facts.tables).missing
    said = ngettext("%(n)d at the outer table", "%(n)d at the outer table", len(found)) % {"n": len(found)}
    if missing:
        said = f"{said}. " + _("Missing: %(systems)s.") % {"systems": ", ".join(missing)}
    newest = max((chair.seat for chair in found), key=lambda seat: seat.made_at, default=None)
    if newest is None:
        return Told(False)
    return Told(not missing, said, _day(newest), newest.made_by, True)


@query("session_held")
def _session(facts: Facts, item: Item) -> Told:
    planned = [one for one in facts.meetings if one.run == SESSION]
    held = [one for one in planned if one.starts_at <= timezone.now()]
    if held:
        return Told(True, held[-1].title, timezone.localtime(held[-1].starts_at).date(), held[-1].made_by)
    return Told(False, _("Planned") if planned else "", None, "", bool(planned))


@query("programs_listed")
def _programs(facts: Facts, item: Item) -> Told:
    count = len(facts.programs)
    owned = sum(one.outreach_owner_id is not None for one in facts.programs)
    said = ngettext("%(n)d program", "%(n)d programs", count) % {"n": count}
    named = _("%(n)d with a named person") % {"n": owned}
    return _of(facts.programs, f"{said}, {named}")


@query("talk_noted")
def _talks(facts: Facts, item: Item) -> Told:
    count = len(facts.talks)
    return _of(facts.talks, ngettext("%(n)d talk", "%(n)d talks", count) % {"n": count})


@query("agreement_written")
def _written(facts: Facts, item: Item) -> Told:
    found = facts.agreed.agreement
    return Told(False) if found is None else Told(True, _("Written into the agreement"), _day(found), found.made_by)


@query("convener_chosen")
def _convener(facts: Facts, item: Item) -> Told:
    return _decided(facts, Decision.Kind.CONVENER)


@query("sector_chosen")
def _sector(facts: Facts, item: Item) -> Told:
    return _decided(facts, Decision.Kind.SECTOR)


def _decided(facts: Facts, kind: str) -> Told:
    found = [one for one in facts.decisions if one.kind == kind and one.decided_on]
    return Told(True, found[0].chosen, found[0].decided_on, found[0].made_by) if found else Told(False)


@query("hours_pledged")
def _hours(facts: Facts, item: Item) -> Told:
    hours = sum(one.hours_a_week or 0 for one in facts.pledged)
    return _of(facts.pledged, _("%(hours)g hours a week") % {"hours": hours})


@query("agreement_confirmed")
def _agreement(facts: Facts, item: Item) -> Told:
    found = facts.agreed
    if found.agreement is None:
        return Told(False)
    said = _("%(done)d of %(all)d organizations confirmed") % {"done": found.confirmed, "all": len(found.lines)}
    return Told(found.is_complete, said, _day(found.agreement), found.agreement.made_by, True)


@query("round_shown")
def _round(facts: Facts, item: Item) -> Told:
    found = facts.rounds.get(item.more["tool"])
    return round_told(found) if found is not None else Told(False)


def round_told(found: Round) -> Told:
    """How far a round of a worksheet is."""
    if found.state == "revealed" and found.revealed_at:
        day = timezone.localtime(found.revealed_at).date()
        return Told(True, _("Result shown"), day, found.made_by, True, found.pk)
    said = _("Open") if found.state == "open" else _("Draft")
    if found.state == "open" and found.way != Round.Way.GROUP:
        done, people = int(getattr(found, "handed_in", 0)), int(getattr(found, "people", 0))
        said = _("%(done)d of %(all)d have answered") % {"done": done, "all": people}
    return Told(False, said, _day(found), found.made_by, True, found.pk)


# --- step 2 -----------------------------------------------------------------------------------------------------------


@query("scope_kept")
def _scope(facts: Facts, item: Item) -> Told:
    if facts.scope is None:
        return Told(False)
    return Told(True, facts.scope.sector_name, _day(facts.scope), facts.scope.made_by)


@query("scope_good_enough")
def _good_enough(facts: Facts, item: Item) -> Told:
    if facts.scope is None:
        return Told(False)
    said = _("Version %(n)d") % {"n": facts.scope.version}
    return Told(facts.scope.is_good_enough, said, _day(facts.scope), facts.scope.made_by, True)


@query("map_begun")
def _map(facts: Facts, item: Item) -> Told:
    count = len(facts.map_entries)
    return _of(facts.map_entries, ngettext("%(n)d name", "%(n)d names", count) % {"n": count})


@query("scope_tested")
def _tested(facts: Facts, item: Item) -> Told:
    if not facts.workshops:
        return Told(False)
    newest = facts.workshops[0]
    day = timezone.localtime(newest.ended_at or newest.began_at).date()
    return Told(newest.ended_at is not None, "" if newest.ended_at else _("Open"), day, newest.began_by, True)


@query("walk_held")
def _walked(facts: Facts, item: Item) -> Told:
    if not facts.walks:
        return Told(False)
    held = [one for one in facts.walks if one.meeting.starts_at <= timezone.now()]
    walk = held[0] if held else facts.walks[0]
    day = timezone.localtime(walk.meeting.starts_at).date()
    return Told(bool(held), walk.meeting.title if held else _("Planned"), day, walk.made_by, True)


# --- step 3 -----------------------------------------------------------------------------------------------------------


@query("companies_ready")
def _companies(facts: Facts, item: Item) -> Told:
    found = facts.scope
    if found is None or found.ready_at is None:
        return Told(False)
    said = ngettext("%(n)d company", "%(n)d companies", found.ready_companies) % {"n": found.ready_companies}
    return Told(True, said, timezone.localtime(found.ready_at).date(), found.made_by)


@query("chairs_won")
def _chairs(facts: Facts, item: Item) -> Told:
    least = int(preset("chairs_least").value)
    chairs = facts.tables.of("chair")
    said = _("%(n)d of %(least)d") % {"n": len(chairs), "least": least}
    return _by_newest(chairs, len(chairs) >= least, said)


def _by_newest(chairs: Sequence[Chair], is_done: bool, said: str) -> Told:
    if not chairs:
        return Told(False)
    newest = max((chair.seat for chair in chairs), key=lambda seat: seat.made_at)
    return Told(is_done, said, _day(newest), newest.made_by, True)


@query("connections_told")
def _connections(facts: Facts, item: Item) -> Told:
    count = len(facts.ties)
    return _of(facts.ties, ngettext("%(n)d connection", "%(n)d connections", count) % {"n": count})


@query("launch_planned")
def _planned(facts: Facts, item: Item) -> Told:
    found = facts.launch()
    if found is None:
        if facts.partnership.launch_on:
            return Told(False, _("The clock has a day; plan the meeting too."), None, "", True)
        return Told(False)
    day = timezone.localtime(found.starts_at).date()
    return Told(True, found.place or found.title, day, found.made_by)


@query("dates_set")
def _dates(facts: Facts, item: Item) -> Told:
    open_ones = [one for one in facts.deadlines if one.done_on is None]
    late = sum(one.due_on < facts.today for one in open_ones)
    said = ngettext("%(n)d date is open", "%(n)d dates are open", len(open_ones)) % {"n": len(open_ones)}
    if late:
        behind = ngettext("%(n)d late", "%(n)d late", late) % {"n": late}
        said = f"{said}, {behind}"
    return _of(facts.deadlines, said)


# --- steps 4 to 6 -----------------------------------------------------------------------------------------------------


@query("launch_held")
def _held(facts: Facts, item: Item) -> Told:
    found = facts.launch()
    if found is None:
        return Told(False)
    day, came = timezone.localtime(found.starts_at).date(), int(getattr(found, "came", 0))
    if found.starts_at > timezone.now() or not (came or found.frozen_at):
        return Told(False, _("Planned"), day, found.made_by, True)
    return Told(True, ngettext("%(n)d came", "%(n)d came", came) % {"n": came}, day, found.made_by)


@query("priorities_named")
def _priorities(facts: Facts, item: Item) -> Told:
    return _of(facts.priorities, ", ".join(one.title for one in reversed(facts.priorities)))


@query("champions_named")
def _champions(facts: Facts, item: Item) -> Told:
    found = facts.tables.of("champion", "lead_champion")
    return _by_newest(found, True, ngettext("%(n)d champion", "%(n)d champions", len(found)) % {"n": len(found)})


@query("team_leads_named")
def _leads(facts: Facts, item: Item) -> Told:
    found = facts.tables.of("lead_champion")
    return _by_newest(found, True, ", ".join(sorted({chair.seat.area or chair.name for chair in found})))


@query("clock_kept")
def _kept(facts: Facts, item: Item) -> Told:
    rows = [one for one in facts.deadlines if one.key]
    done = [one for one in rows if one.done_on]
    if not rows:
        return Told(False)
    said = _("%(done)d of %(all)d done") % {"done": len(done), "all": len(rows)}
    latest = max((one.done_on for one in done if one.done_on), default=None)
    return Told(len(done) == len(rows), said, latest, "", True)


@query("digest_sent")
def _digest(facts: Facts, item: Item) -> Told:
    if facts.digest_on is None:
        return Told(False)
    return Told(
        (facts.today - facts.digest_on).days <= 7 * preset("updates_weeks").value, "", facts.digest_on, "", True
    )


@query("nobody_alone")
def _alone(facts: Facts, item: Item) -> Told:
    chairs = [chair for chair in (*facts.tables.inner, *facts.tables.outer) if chair.seat.role in KEY_ROLES]
    alone = [chair for chair in chairs if not _has_second(chair.seat, facts)]
    if not chairs:
        return Told(False)
    said = ngettext("%(n)d seat hangs on one person", "%(n)d seats hang on one person", len(alone))
    return Told(not alone, said % {"n": len(alone)} if alone else "", None, "", True)


def _has_second(seat: Seat, facts: Facts) -> bool:
    return any(
        one.pk != seat.pk
        and one.ended_on is None
        and one.person_id != seat.person_id
        and (one.acts_for_id == seat.pk or (one.role == seat.role and one.area == seat.area))
        for one in facts.seats
    )


@query("sharing_chosen")
def _sharing(facts: Facts, item: Item) -> Told:
    count = len(facts.partnership.shares)
    said = ngettext("%(n)d thing is shared", "%(n)d things are shared", count) % {"n": count}
    return Told(bool(count), said if count else "")
