"""The list of partnerships, and everything on the home of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.partnerships import clock_queries, seat_queries, table_view
from sharedtable.partnerships.clock_queries import Due
from sharedtable.partnerships.models import Decision, Partnership, Scope, Step
from sharedtable.privacy import Privacy

State = Step.State
NEXT_SHOWN, DECISIONS_SHOWN, TIMELINE_SHOWN = 5, 4, 30


@dataclass(frozen=True)
class Check:
    """One point of a step's checklist."""

    key: str
    title: str
    text: str
    is_done: bool


@dataclass(frozen=True)
class StepView:
    """One of the six steps, with where the partnership stands in it."""

    number: int
    key: str
    title: str
    text: str
    state: str
    label: str
    note: str
    is_peak: bool
    checks: Sequence[Check] = ()

    @property
    def done(self) -> int:
        """How many points of its checklist are ticked."""
        return sum(check.is_done for check in self.checks)


@dataclass(frozen=True)
class Line:
    """A partnership in the list."""

    partnership: Partnership
    scope: Scope | None
    steps: Sequence[StepView]
    inner: int
    outer: int
    late: int

    @property
    def now(self) -> list[StepView]:
        """The steps that are under way."""
        return [step for step in self.steps if step.state == State.UNDER_WAY]


@dataclass(frozen=True)
class Home:
    """What the page of a partnership shows."""

    partnership: Partnership
    scope: Scope | None
    steps: Sequence[StepView]
    timeline: Sequence[Step]
    tables: seat_queries.Tables
    picture: table_view.Picture
    warnings: Sequence[seat_queries.Warning_]
    next: Sequence[Due]
    late: int
    decisions: Sequence[Decision]
    may_change: bool
    may_see_people: bool

    @property
    def on_point(self) -> seat_queries.Chair | None:
        """Whom to ask this week."""
        conveners = self.tables.of("convener")
        if len(conveners) == 1:
            return conveners[0]
        return next((chair for chair in conveners if chair.seat.is_on_point), None)


def steps_of(rows: Sequence[Step], ticked: Mapping[str, str] | None = None) -> list[StepView]:
    """The six steps from the changes of one partnership, oldest first: the last word on each counts."""
    newest = {row.number: row for row in rows}
    language, made = get_language() or "en", []
    for item in lists.items("steps").values():
        row = newest.get(item.more["number"])
        state = State(row.state) if row else State.AHEAD
        made.append(
            StepView(
                item.more["number"],
                item.id,
                item.title(language),
                item.text(language),
                state.value,
                str(state.label),
                row.note if row else "",
                item.more["is_peak"],
                [
                    Check(key, check.title(language), check.text(language), key in (ticked or {}))
                    for key, check in lists.items("checks").items()
                    if check.more["step"] == item.more["number"]
                ],
            )
        )
    return made


def visible(actor: Actor) -> list[Partnership]:
    """The partnerships that this actor may see, by name."""
    found = Partnership.objects.filter(space_id=actor.space_id, archived_at=None)
    if not actor.may_everywhere("partnerships.see"):
        found = found.filter(pk__in=list(actor.limited))
    return [one for one in found if actor.may("partnerships.see", one)]


def partnerships(actor: Actor) -> list[Line]:
    """The list: five queries, however many there are."""
    actor.must("partnerships.see")
    found = visible(actor)
    keys = [one.pk for one in found]
    scopes: dict[int, Scope] = {}
    for scope in Scope.objects.filter(partnership__in=keys).order_by("version"):
        scopes[scope.partnership_id] = scope
    steps: dict[int, list[Step]] = {key: [] for key in keys}
    for step in Step.objects.filter(partnership__in=keys).order_by("at", "id"):
        steps[step.partnership_id].append(step)
    held = Q(seats__ended_on=None)
    counts = {
        row["pk"]: row
        for row in Partnership.objects.filter(pk__in=keys)
        .values("pk")
        .annotate(
            inner=Count("seats", filter=held & Q(seats__table="inner")),
            outer=Count("seats", filter=held & Q(seats__table="outer")),
        )
    }
    late = Q(deadlines__done_on=None, deadlines__due_on__lt=timezone.localdate())
    overdue = dict(
        Partnership.objects.filter(pk__in=keys).annotate(n=Count("deadlines", filter=late)).values_list("pk", "n")
    )
    return [
        Line(
            one,
            scopes.get(one.pk),
            steps_of(steps[one.pk]),
            counts[one.pk]["inner"],
            counts[one.pk]["outer"],
            overdue[one.pk],
        )
        for one in found
    ]


def home(actor: Actor, partnership: Partnership) -> Home:
    """The page of one partnership: seven queries, however many people sit there."""
    actor.must("partnerships.see", partnership)
    rows = list(partnership.steps.order_by("at", "id"))
    scope = partnership.scopes.first()
    found = seat_queries.tables(partnership)
    dates = clock_queries.clock(actor, partnership)
    open_ones = [one for one in dates if one.is_open]
    return Home(
        partnership,
        scope,
        steps_of(rows, partnership.checks),
        rows[::-1][:TIMELINE_SHOWN],
        found,
        table_view.picture(found),
        seat_queries.warnings(found, scope),
        open_ones[:NEXT_SHOWN],
        sum(one.is_late for one in open_ones),
        decisions(actor, partnership)[:DECISIONS_SHOWN],
        actor.may("partnerships.change", partnership),
        actor.may("people.see"),
    )


def decisions(actor: Actor, partnership: Partnership, kind: str = "") -> list[Decision]:
    """The decisions that stand and those that were replaced, newest first; the inner ones only for whom they are."""
    found = partnership.decisions.prefetch_related("replaced_by")
    if not actor.may("partnerships.inner", partnership):
        found = found.exclude(level=Privacy.INNER)
    return list(found.filter(kind=kind) if kind else found)
