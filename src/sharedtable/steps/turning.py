"""The timeline of a partnership: the turning points of a growing group with the evidence for each, and what else came.

Each turning point of `method/turning_points.toml` names a query here. It finds the day in the record, and says why.
Where the record shows none, and for one of their own, people of the team mark it (`partnerships.turning_points`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.partnerships import team_queries
from sharedtable.partnerships.models import Partnership, Step, TurningPoint
from sharedtable.privacy import Privacy
from sharedtable.steps.facts import LAUNCH, SESSION, Facts

Evidence = tuple[date, str]
Finder = Callable[[Facts], Evidence | None]
FINDERS: dict[str, Finder] = {}


def finder(name: str) -> Callable[[Finder], Finder]:
    """Register a function under the name by which the data calls it."""

    def keep(found: Finder) -> Finder:
        FINDERS[name] = found
        return found

    return keep


def _local(moment: object) -> date:
    return timezone.localtime(moment).date()  # type: ignore[arg-type]


@finder("agreement_day")
def _agreement(facts: Facts) -> Evidence | None:
    found = facts.agreed
    days = [_local(line["confirmation"].at) for line in found.lines if line["confirmation"]]  # type: ignore[attr-defined]
    if not found.is_complete or not days:
        return None
    said = ngettext(
        "%(n)d organization confirmed the agreement.", "All %(n)d organizations confirmed the agreement.", len(days)
    )
    return max(days), said % {"n": len(days)}


@finder("scope_day")
def _scope(facts: Facts) -> Evidence | None:
    good = [one for one in facts.scopes if one.is_good_enough]
    if not good:
        return None
    said = _("Version %(n)d is good enough: %(sector)s, %(region)s.")
    first = good[-1]
    return _local(first.made_at), said % {"n": first.version, "sector": first.sector_name, "region": first.region_name}


@finder("chairs_day")
def _chairs(facts: Facts) -> Evidence | None:
    least = int(preset("chairs_least").value)
    chairs = sorted((s for s in facts.seats if s.role == "chair" and s.person), key=lambda s: s.started_on)
    if len(chairs) < least:
        return None
    names = ", ".join(str(seat.person) for seat in chairs[:least])
    return chairs[least - 1].started_on, _("Chairs: %(names)s.") % {"names": names}


@finder("launch_day")
def _launch(facts: Facts) -> Evidence | None:
    for one in facts.meetings:
        came = int(getattr(one, "came", 0))
        if one.run == LAUNCH and one.starts_at <= timezone.now() and came:
            said = ngettext("%(n)d person came.", "%(n)d people came.", came) % {"n": came}
            return _local(one.starts_at), f"{one.title}. {said}"
    return None


@finder("champion_day")
def _champion(facts: Facts) -> Evidence | None:
    found = [seat for seat in facts.seats if seat.role in ("champion", "lead_champion") and seat.person]
    if not found:
        return None
    area = f" ({found[0].area})" if found[0].area else ""
    return found[0].started_on, f"{found[0].person}{area}"


@finder("win_day")
def _win(facts: Facts) -> Evidence | None:
    days = sorted(one.done_on for one in facts.deadlines if one.key == "early_wins" and one.done_on)
    kept = sorted((one.done_on, one) for one in facts.promises if one.done_on)
    if kept and (not days or kept[0][0] < days[0]):
        return kept[0][0], f"{kept[0][1].who}: {kept[0][1].what}"
    return (days[0], _("The first early wins are marked as done on the clock.")) if days else None


@finder("rhythm_day")
def _rhythm(facts: Facts) -> Evidence | None:
    held = [one for one in facts.meetings if one.starts_at <= timezone.now() and one.run != SESSION]
    launches = [one for one in held if one.run == LAUNCH]
    after = [one for one in held if launches and one.starts_at > launches[0].starts_at]
    return (_local(after[0].starts_at), after[0].title) if after else None


@finder("handed_on_day")
def _handed_on(facts: Facts) -> Evidence | None:
    for seat in facts.seats:
        before = [
            one for one in facts.seats
            if one.ended_on and one.role == seat.role and one.area == seat.area and one.person_id != seat.person_id
            and abs((seat.started_on - one.ended_on).days) <= 1 and one.role in team_queries.KEY_ROLES
        ]  # fmt: skip
        if before and seat.person:
            return seat.started_on, _("%(new)s took over from %(old)s.") % {"new": seat.person, "old": before[0].person}
    return None


@dataclass(frozen=True)
class Point:
    """A turning point: reached on a day, with its evidence, or still ahead.

    `mark`: what the team said of it by hand; `is_by_hand`: the record alone does not show it.
    """

    key: str
    title: str
    text: str
    step: int
    source: str
    on: date | None = None
    evidence: str = ""
    mark: TurningPoint | None = None
    is_by_hand: bool = False


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    on: date
    kind: str
    title: str
    text: str = ""
    level: str = ""  # who may read it, where that is not everybody who sees the timeline


@dataclass(frozen=True)
class Dot:
    """One place of the momentum curve: so many turning points were reached by that day, in a picture."""

    x: float
    y: float
    on: date
    count: int


@dataclass(frozen=True)
class Timeline:
    """Turning points, everything that happened, the momentum, and staff hours beside it.

    `own`: turning points of the team's own, which the method does not count.
    """

    points: Sequence[Point]
    own: Sequence[TurningPoint]
    events: Sequence[Event]
    dots: Sequence[Dot]
    times: Sequence[team_queries.StepTime]

    @property
    def reached(self) -> int:
        """How many turning points of the method were reached."""
        return sum(point.on is not None for point in self.points)

    @property
    def path(self) -> str:
        """The momentum curve as steps that go up on the day of each turning point."""
        if not self.dots:
            return ""
        said = f"M 0 {HEIGHT}"
        for dot in self.dots:
            said += f" H {dot.x:g} V {dot.y:g}"
        return f"{said} H {WIDTH}"


WIDTH, HEIGHT = 600, 260


def timeline(actor: Actor, partnership: Partnership) -> Timeline:
    """The timeline of a partnership, newest last."""
    facts = Facts(actor, partnership)
    points = turning_points(facts)
    return Timeline(
        points,
        [one for one in facts.marks if not one.key],
        _events(facts, points),
        _dots(facts, points),
        team_queries.capacity(actor, partnership).times,
    )


def turning_points(facts: Facts) -> list[Point]:
    """Each turning point of the method, with the day and the evidence that the record shows, or that the team gave."""
    language, made = get_language() or "en", []
    marks = {one.key: one for one in facts.marks if one.key}
    for item in lists.items("turning_points").values():
        mark = marks.get(item.id)
        shown = FINDERS[item.more["done"]](facts)
        day, evidence = shown or ((mark.happened_on, mark.why) if mark else (None, ""))
        words = item.title(language), item.text(language)
        by_hand = mark is not None and shown is None
        made.append(Point(item.id, *words, item.more["step"], item.source, day, evidence, mark, by_hand))
    return made


def still_ahead(actor: Actor, partnership: Partnership, keep: str = "") -> list[tuple[str, str]]:
    """The turning points that neither the record nor the team shows, to choose from; `keep` stays among them."""
    points = turning_points(Facts(actor, partnership))
    return [(point.key, point.title) for point in points if point.on is None or point.key == keep]


def _events(facts: Facts, points: Sequence[Point]) -> list[Event]:
    made = [Event(point.on, "point", point.title, point.evidence) for point in points if point.on]
    made += [Event(one.happened_on, "point", one.title, one.why) for one in facts.marks if not one.key]
    titles = {item.more["number"]: item.title(get_language() or "en") for item in lists.items("steps").values()}
    for step in facts.steps:
        state = Step.State(step.state).label
        made.append(Event(_local(step.at), "step", f"{step.number}. {titles[step.number]}: {state}", step.note))
    made += [
        Event(one.decided_on, "decision", one.question, one.chosen, one.level if one.level == Privacy.INNER else "")
        for one in facts.decisions
        if one.decided_on
    ]
    made += [Event(_local(one.starts_at), "meeting", one.title, one.place) for one in facts.meetings]
    made += [
        Event(_local(one.made_at), "scope", _("Scope, version %(n)d") % {"n": one.version},
              f"{one.sector_name} · {one.region_name}")
        for one in facts.scopes
    ]  # fmt: skip
    if facts.partnership.founded_on:
        made.append(Event(facts.partnership.founded_on, "step", _("The partnership was founded")))
    return sorted(made, key=lambda one: (one.on, one.kind != "point"))


def _dots(facts: Facts, points: Sequence[Point]) -> list[Dot]:
    days = sorted(point.on for point in points if point.on)
    begun = timezone.localtime(facts.partnership.made_at).date()
    if not days:
        return []
    first, last = min(begun, days[0]), max(facts.today, days[-1])
    span = max(1, (last - first).days)
    return [
        Dot(round(WIDTH * (day - first).days / span, 1), round(HEIGHT * (1 - number / len(points)), 1), day, number)
        for number, day in enumerate(days, 1)
    ]


def said_on(day: date) -> str:
    """A day in words."""
    return date_format(day, "DATE_FORMAT")
