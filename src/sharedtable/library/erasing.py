"""What this room holds about a person that is erased: their name in an answer of the team."""

from __future__ import annotations

from sharedtable.library.models import OwnAnswer
from sharedtable.people.actions.forgetting import without
from sharedtable.people.models import Person

_TEXTS = ("en_question", "en_answer", "es_question", "es_answer")


def erase(space: int, person: int) -> None:
    """Take the name out of every answer, also out of those that were put away."""
    name = Person.objects.get(space_id=space, pk=person).name
    for found in OwnAnswer.objects.filter(space_id=space):
        changed = {key: without(getattr(found, key), name) for key in _TEXTS}
        if any(getattr(found, key) != value for key, value in changed.items()):
            changed |= {key: changed[key][:200] for key in ("en_question", "es_question")}
            OwnAnswer.objects.filter(pk=found.pk).update(**changed)
