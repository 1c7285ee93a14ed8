"""Lists: keep a filter under a name, put entries into a segment, change many entries at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.people import filters, queries
from sharedtable.people.list_models import Segment, SegmentEntry
from sharedtable.people.list_queries import chosen
from sharedtable.people.models import Organisation, Person
from sharedtable.people.search import refresh_people
from sharedtable.people.values import language as clean_language
from sharedtable.people.values import number

AT_ONCE = 500
CHANGES = ("language", "agency", "archive", "segment")


def save_segment(*, by: Actor, thing: str, name: str, given: Mapping[str, str], for_team: bool) -> Segment:
    """Keep a filter under a name, for oneself or for the team. The same name again replaces the filter."""
    if thing not in Segment.Thing.values:
        raise Missing(_("There is no such list."))
    if not name.strip():
        raise Refused(_("Give the list a name."))
    with transaction.atomic():
        if for_team:
            by.must_everywhere("people.change")
        by.must_in_space("people.see")
        segment, _made = Segment.objects.update_or_create(
            space_id=by.space_id,
            thing=thing,
            owner="" if for_team else by.ref,
            name=name.strip()[:80],
            defaults={
                "query": filters.asked(given, filters.KEPT[Segment.Thing(thing)]),
                "made_by": by.ref,
                "made_at": timezone.now(),
            },
        )
        _record(by, "segment.save", segment, {"for_team": for_team})
    return segment


def drop_segment(*, by: Actor, pk: int) -> None:
    """Forget a list; whoever was on it stays in the record."""
    with transaction.atomic():
        segment = Segment.objects.filter(space_id=by.space_id, pk=pk, owner__in=("", by.ref)).first()
        if segment is None or not (segment.owner or by.may_everywhere("people.change")):
            raise Missing(_("That list is not here, or not for you."))
        _record(by, "segment.drop", segment, {})
        segment.delete()


def change_many(
    *, by: Actor, thing: str, given: Mapping[str, str], ids: list[int] | None, change: str, value: str
) -> int:
    """One change to all chosen entries that the actor may change (see `list_queries.review`); gives how many.

    `change`: 'language', 'agency', 'archive' or 'segment'; `value`: a language, the number of an organisation or of a
    segment, or the name of a new one.
    """
    if change not in CHANGES or (change == "language" and thing != Segment.Thing.PEOPLE):
        raise Missing(_("Many entries cannot be changed in that way."))
    with transaction.atomic():
        by.must_in_space("people.change")
        found = chosen(by, thing, given, ids).filter(filters.mine(by, "people.change"))
        numbers = list(found.order_by("pk").values_list("pk", flat=True))
        if not numbers:
            raise Refused(_("There is nobody left to change. Choose some entries first."))
        _apply(by, thing, numbers, change, value)
        details: dict[str, Any] = {"change": change, "count": len(numbers), "first": numbers[:200]}
        record(by=by.ref, verb=f"{thing}.change_many", kind="list", space_id=by.space_id, details=details)
    return len(numbers)


def _apply(by: Actor, thing: str, numbers: list[int], change: str, value: str) -> None:
    is_people = thing == Segment.Thing.PEOPLE
    model: Any = Person if is_people else Organisation
    if change == "segment":
        segment = _segment(by, thing, value)
        column = "person_id" if is_people else "organisation_id"
        made = [SegmentEntry(space_id=by.space_id, segment=segment, **{column: pk}) for pk in numbers]
        SegmentEntry.objects.bulk_create(made, batch_size=AT_ONCE, ignore_conflicts=True)
        return
    values = _values(by, change, value)
    for start in range(0, len(numbers), AT_ONCE):
        model.objects.filter(pk__in=numbers[start : start + AT_ONCE]).update(**values)
    if is_people and change != "archive":
        refresh_people(numbers)


def _values(by: Actor, change: str, value: str) -> dict[str, Any]:
    if change == "archive":
        return {"archived_at": timezone.now()}
    if change == "language":
        return {"language": clean_language(value)}
    if not by.may_everywhere("people.change"):
        raise Missing(_("Only a convener moves entries to another list."))
    if value and value != "0":
        return {"agency_id": queries.organisation(by, number(value)).pk}
    return {"agency_id": None}


def _segment(by: Actor, thing: str, value: str) -> Segment:
    if number(value):
        segment = filters.segments(by, thing).filter(pk=number(value)).first()
        if segment is None:
            raise Missing(_("That list is not here, or not for you."))
        return segment
    if not value.strip():
        raise Refused(_("Give the list a name."))
    segment, made = Segment.objects.get_or_create(
        space_id=by.space_id, thing=thing, owner=by.ref, name=value.strip()[:80],
        defaults={"made_by": by.ref, "made_at": timezone.now()},
    )  # fmt: skip
    if made:
        _record(by, "segment.save", segment, {"for_team": False})
    return segment


def _record(by: Actor, verb: str, segment: Segment, details: dict[str, Any]) -> None:
    record(by=by.ref, verb=verb, kind="segment", object_id=segment.pk, space_id=by.space_id, details=details)
