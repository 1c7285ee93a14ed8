"""What this room holds about a person that is erased: what they wrote goes, what they rated stays in the sums."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sharedtable.people.actions.forgetting import without
from sharedtable.people.models import Person
from sharedtable.worksheets.models import Answer, Promise, Round, Sheet
from sharedtable.worksheets.text_models import Talk

TALK_FIELDS = {"with_name": 160, "used_by": 120, "said": 4_000}
WRITTEN = frozenset({"short", "long", "person", "organisation"})


def erase(space: int, person: int) -> None:
    """Empty what they wrote on their own sheets, and what others wrote about them by name.

    Anonymous sheets carry no name, so nobody can tell which was theirs; what others wrote there about them goes too.
    """
    name = Person.objects.get(space_id=space, pk=person).name
    for one in Answer.objects.filter(space_id=space, sheet__asked__person_id=person).select_related("sheet__round"):
        question = one.sheet.round.worksheet("en").question(one.question)
        if question is None or question.kind in WRITTEN:
            _change(Answer, one.pk, value=None)
    for one in Answer.objects.filter(space_id=space, value__isnull=False):
        value = None if isinstance(one.value, dict) and one.value.get("name") == name else without(one.value, name)
        if value != one.value:
            _change(Answer, one.pk, value=value)
    Promise.objects.filter(space_id=space, who__iexact=name).update(who=_("Erased person"), what="–")
    for pledge in Promise.objects.filter(space_id=space, what__contains=name):
        _change(Promise, pledge.pk, what=without(pledge.what, name)[:400])
    for talk in Talk.objects.filter(space_id=space):
        texts = {key: without(getattr(talk, key), name) for key in ("with_name", "used_by", "said")}
        if any(getattr(talk, key) != value for key, value in texts.items()):
            _change(Talk, talk.pk, **{key: value[: TALK_FIELDS[key]] for key, value in texts.items()})
    for sheet in Sheet.objects.filter(space_id=space, name__contains=name):
        _change(Sheet, sheet.pk, name=f"{without(sheet.name, name)} {str(sheet.pk)[-6:]}"[-80:])
    for found in Round.objects.filter(space_id=space):
        note, evidence = without(found.note, name)[:600], without(found.evidence, name)
        if (note, evidence) != (found.note, found.evidence):
            _change(Round, found.pk, note=note, evidence=evidence)


def _change(model: Any, number: int, **values: Any) -> None:
    model.objects.filter(pk=number).update(**values)
