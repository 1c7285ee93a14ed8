"""What the state sees: exactly what each partnership chose to share, and nothing else (M15).

The preview of a convener and the page of the state are made by the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.partnerships import clock_queries, partnership_queries, seat_queries
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.partnerships.seat_queries import Chair


@dataclass(frozen=True)
class Shared:
    """One partnership as the state sees it: its name, and what it shares as (title, lines)."""

    name: str
    parts: Sequence[tuple[str, Sequence[str]]] = field(default_factory=tuple)


def shared(partnership: Partnership) -> Shared:
    """What one partnership shares, in words."""
    said: list[tuple[str, Sequence[str]]] = []
    language = get_language() or "en"
    for key in partnership.shares:
        item = lists.items("shares").get(key)
        if item is not None:
            said.append((item.title(language), _PARTS[key](partnership) or [_("Nothing yet.")]))
    return Shared(partnership.name, said)


def shared_page(actor: Actor) -> list[Shared]:
    """Every partnership of the space that shares something."""
    actor.must("partnerships.shared")
    found = Partnership.objects.filter(space_id=actor.space_id, archived_at=None).exclude(shares=[])
    return [shared(one) for one in found if actor.may("partnerships.shared", one)]


def state_leads(actor: Actor) -> list[str]:
    """The named leaders at the state, over the partnerships of the space (A21)."""
    actor.must("partnerships.shared")
    seats = Seat.objects.filter(
        space_id=actor.space_id, role="state_lead", ended_on=None, partnership__archived_at=None
    )
    return sorted({str(seat.person or seat.organisation) for seat in seats.select_related("person", "organisation")})


def _scope(partnership: Partnership) -> list[str]:
    scope = partnership.scopes.first()
    return [_("%(sector)s in %(region)s") % {"sector": scope.sector_name, "region": scope.region_name}] if scope else []


def _stage(partnership: Partnership) -> list[str]:
    steps = partnership_queries.steps_of(list(partnership.steps.order_by("at", "id")))
    return [f"{step.title}: {step.label}" for step in steps]


def _launch(partnership: Partnership) -> list[str]:
    return [date_format(partnership.launch_on, "DATE_FORMAT")] if partnership.launch_on else []


def _counts(partnership: Partnership) -> list[str]:
    found = seat_queries.tables(partnership)
    companies = {chair.organisation.pk for chair in found.inner if chair.organisation}
    partners = {chair.organisation.pk for chair in found.outer if chair.organisation}
    return [
        _("Companies: %(count)d") % {"count": len(companies)},
        _("Support partners: %(count)d") % {"count": len(partners)},
    ]


def _names(chairs: Sequence[Chair]) -> list[str]:
    return [f"{chair.name}, {chair.place}" if chair.place else chair.name for chair in chairs]


def _chairs(partnership: Partnership) -> list[str]:
    return _names(seat_queries.tables(partnership).of("chair"))


def _conveners(partnership: Partnership) -> list[str]:
    return _names(seat_queries.tables(partnership).of("convener"))


def _clock(partnership: Partnership) -> list[str]:
    today = timezone.localdate()
    rows = partnership.deadlines.filter(done_on=None).exclude(key="")
    return [
        f"{one.title}, {date_format(one.deadline.due_on, 'DATE_FORMAT')}. {one.says}"
        for one in (clock_queries.due(row, today) for row in rows)
    ]


_PARTS = {
    "scope": _scope,
    "stage": _stage,
    "launch": _launch,
    "counts": _counts,
    "chairs": _chairs,
    "conveners": _conveners,
    "clock": _clock,
}
