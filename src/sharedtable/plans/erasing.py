"""What this room holds about a person that is erased: their name goes, that a champion stood there stays."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from sharedtable.meetings.models import Participant
from sharedtable.people.actions.forgetting import without
from sharedtable.people.models import Person
from sharedtable.plans.models import Card, Champion, Closing, Correction, Priority, Shelved, Task

LIVE = Q(ended_at=None)
Texts = Card | Closing | Correction | Priority | Shelved | Task
TEXTS: tuple[tuple[type[Texts], tuple[str, ...]], ...] = (
    (Closing, ("reason",)),
    (Priority, ("title", "said")),
    (Shelved, ("title", "said")),
    (Card, ("text", "said_by")),
    (Correction, ("before", "after", "reason")),
    (Task, ("what", "who", "name")),
)


def erase(space: int, person: int) -> None:
    """Take their name off priorities, cards and tasks, and out of the words of others."""
    gone, name = _("Erased person"), Person.objects.get(space_id=space, pk=person).name
    places = list(Participant.objects.filter(space_id=space, person_id=person).values_list("pk", flat=True))
    Champion.objects.filter(Q(person_id=person) | Q(participant__in=places), space_id=space).update(
        name=gone, company=""
    )
    Card.objects.filter(space_id=space, participant__in=places).update(said_by=gone)
    Task.objects.filter(space_id=space, person_id=person).update(
        name=gone, company="", state=Task.State.DROPPED, organisation=None
    )
    for model, fields in TEXTS:
        if not name:
            break
        for row in model.objects.filter(_holds(fields, name), space_id=space):
            new = {field: _cut(row, field, without(getattr(row, field), name)) for field in fields}
            model.objects.filter(pk=row.pk).update(**new)


def _holds(fields: tuple[str, ...], name: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__contains": name})
    return found


def _cut(row: Texts, field: str, text: str) -> str:
    longest = getattr(row._meta.get_field(field), "max_length", None)
    return text[:longest] if longest else text
