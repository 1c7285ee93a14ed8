"""Numbers of rows that stand inside JSON fields: on the way into a new space they get the new numbers too.

What is not listed here travels as it is. A number of a row that did not come along becomes 0 or goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from sharedtable.accounts.models import Space
from sharedtable.partnerships.models import Agreement
from sharedtable.people.import_models import Merge
from sharedtable.people.list_models import Segment
from sharedtable.plans.models import Closing
from sharedtable.worksheets.models import Answer, Round

# From the name of a table and an old number to the new number; 0 without one.
Find = Callable[[str, int], int]


def renumber(space: Space, find: Find) -> None:
    """Put new numbers into the JSON fields of a space that was brought in."""
    for agreement in Agreement.objects.filter(space=space):
        lines = [
            {**line, "organisation": find("people.organisation", line["organisation"])} for line in agreement.lines
        ]
        Agreement.objects.filter(pk=agreement.pk).update(lines=lines)
    for merge in Merge.objects.filter(space=space):
        Merge.objects.filter(pk=merge.pk).update(
            moves=_moves(merge.moves, find), before=_frozen(merge, merge.before, find),
            after=_frozen(merge, merge.after, find),
        )  # fmt: skip
    for segment in Segment.objects.filter(space=space, query__has_key="agency"):
        agency = find("people.organisation", int(segment.query["agency"] or 0))
        Segment.objects.filter(pk=segment.pk).update(query={**segment.query, "agency": str(agency)})
    for closing in Closing.objects.filter(space=space, clock__has_key="gone"):
        gone = [{**row, "seat": find("partnerships.seat", int(row["seat"]))} for row in closing.clock["gone"]]
        Closing.objects.filter(pk=closing.pk).update(clock={**closing.clock, "gone": gone})
    for found in Round.objects.filter(space=space):
        begun = sorted(number for old in found.begun_by if (number := find("worksheets.asked", old)))
        Round.objects.filter(pk=found.pk).update(begun_by=begun)
        _answers(found, find)


def _lines(lines: list[dict[str, Any]], find: Find) -> list[dict[str, Any]]:
    return [{**line, "organisation": find("people.organisation", line["organisation"])} for line in lines]


def _answers(found: Round, find: Find) -> None:
    """Answers that name a person or an organisation of the record."""
    kinds = {q.id: q.kind for q in found.worksheet("en").questions if q.kind in ("person", "organisation")}
    for answer in Answer.objects.filter(sheet__round=found, question__in=kinds, value__has_key="id"):
        number = find(f"people.{kinds[answer.question]}", dict(answer.value or {})["id"])
        Answer.objects.filter(pk=answer.pk).update(value={"id": number})


def _frozen(merge: Merge, both: Mapping[str, Mapping[str, Any]], find: Find) -> dict[str, Any]:
    return {
        side: {
            name: find(f"people.{merge.kind}", value) if name == "merged_into_id" and value else value
            for name, value in values.items()
        }
        for side, values in both.items()
    }


def _moves(moves: Mapping[str, list[Any]], find: Find) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {}
    for label, rows in moves.items():
        if label == "changed":
            made[label] = [one for old in rows if (one := _changed(old, find))]
        elif found := [number for old in rows if (number := find(_table(label), old))]:
            made[label] = found
    return made


def _changed(one: list[Any], find: Find) -> list[Any] | None:
    label, row, column, old, new = one
    number = find(label.lower(), row)
    if not number:
        return None
    field = next(f for f in apps.get_model(label)._meta.concrete_fields if column in (f.name, f.attname))
    if isinstance(field, models.ForeignKey):
        target = field.related_model._meta.label_lower
        old, new = (find(target, value) if value else value for value in (old, new))
    elif label == "partnerships.Agreement":
        old, new = _lines(old, find), _lines(new, find)
    elif label == "people.Segment":
        old, new = (
            {**query, "agency": str(find("people.organisation", int(query["agency"] or 0)))} for query in (old, new)
        )
    return [label, number, column, old, new]


def _table(label: str) -> str:
    return label.rpartition(".")[0].lower()
