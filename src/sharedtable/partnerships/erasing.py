"""What this room holds about a person that is erased: texts go, dates and numbers stay."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from sharedtable.partnerships.models import (
    Agreement,
    Decision,
    MapEntry,
    Pledge,
    PointOfContact,
    Program,
    ScopeWorkshop,
    Seat,
    TurningPoint,
)
from sharedtable.people.actions.forgetting import without
from sharedtable.people.models import Person


def erase(space: int, person: int) -> None:
    """Empty the texts of their seats, end what they hold, and take their name out of what was written down."""
    today, now = timezone.localdate(), timezone.now()
    seats = Seat.objects.filter(space_id=space, person_id=person)
    pledged = Pledge.objects.filter(space_id=space, seat__in=seats.values("pk"))
    pledged.filter(ended_on=None).update(ended_on=today)
    pledged.update(what="")
    seats.update(note="", contribution="", standing="", before={})
    live = list(seats.filter(ended_on=None).values_list("pk", flat=True))
    Seat.objects.filter(Q(pk__in=live) | Q(acts_for__in=live, ended_on=None), space_id=space).update(
        ended_on=today, is_on_point=False
    )
    PointOfContact.objects.filter(space_id=space, cover_id=person).update(cover=None)
    PointOfContact.objects.filter(space_id=space, lead_id=person, ended_on=None).update(ended_on=today)
    Program.objects.filter(space_id=space, outreach_owner_id=person).update(outreach_owner=None)
    name = Person.objects.get(space_id=space, pk=person).name
    _take_out(Agreement, ("lines",), space, name)
    _take_out(Decision, ("question", "options", "chosen", "reasons", "dissent", "decided_by"), space, name)
    _take_out(TurningPoint, ("title", "why"), space, name)
    _take_out(ScopeWorkshop, ("who", "note"), space, name)
    MapEntry.objects.filter(space_id=space, name=name, ended_at=None).update(ended_at=now)
    _take_out(MapEntry, ("name", "note"), space, name)


def _take_out(model: Any, fields: tuple[str, ...], space: int, name: str) -> None:
    for row in model.objects.filter(space_id=space):
        new = {field: without(getattr(row, field), name) for field in fields}
        changed = {
            field: value[: model._meta.get_field(field).max_length] if isinstance(value, str) else value
            for field, value in new.items()
            if value != getattr(row, field)
        }
        if changed:
            model.objects.filter(pk=row.pk).update(**changed)
