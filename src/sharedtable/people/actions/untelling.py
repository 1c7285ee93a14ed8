"""Taking back whom somebody said they know: all that came of it goes, and what it had put an end to stands again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.people.ask_models import Before
from sharedtable.people.models import Person, Tie
from sharedtable.people.told_models import ToldTie


def take_back(by: Actor, person: Person, values: Mapping[str, Any]) -> None:
    """Undo an act with the numbers that it wrote down, inside the transaction of the undoing.

    A tie is followed to what became of it: a copy that others may see, and the tie that a convener made of its words.
    """
    now = timezone.now()
    ties = Tie.objects.filter(space_id=by.space_id, known_by=person)
    told = ToldTie.objects.filter(space_id=by.space_id, known_by=person)
    words = _with_copies(by, person, "told", values.get("told", []))
    settled = list(Tie.objects.filter(told_as__in=told.filter(pk__in=words)))
    made = _with_copies(by, person, "tie", [*values.get("made", []), *(one.pk for one in settled)])
    told.filter(pk__in=words, ended_at=None).update(ended_at=now)
    ties.filter(pk__in=made, ended_at=None).update(ended_at=now)
    # The convener who settled the words ended an older tie in the same moment.
    older = [one.pk for tie in settled for one in ties.filter(person=tie.person_id, ended_at=tie.made_at)]
    for tie in ties.filter(pk__in=[*values.get("ended", []), *older]):
        if not ties.filter(person=tie.person_id, ended_at=None).exists():
            ties.filter(pk=tie.pk).update(ended_at=None)
    for one in told.filter(pk__in=values.get("told_ended", []), tie=None):
        same = told.filter(organisation=one.organisation_id, person_name=one.person_name, ended_at=None)
        if not same.filter(company_name=one.company_name).exists():
            told.filter(pk=one.pk).update(ended_at=None)
    _forget(by, person, "ended", made)
    _forget(by, person, "told_ended", words)


def _with_copies(by: Actor, person: Person, kind: str, numbers: Iterable[int]) -> set[int]:
    """These, and the copies that later acts of the same person made of them."""
    found = set(numbers)
    for row in Before.objects.filter(space_id=by.space_id, person=person).order_by("pk"):
        found |= {new for old, new in row.values.get(f"{kind}_copies", []) if old in found}
    return found


def _forget(by: Actor, person: Person, name: str, numbers: set[int]) -> None:
    """What is taken back was never said, so undoing a later act must not bring it back."""
    for row in Before.objects.filter(space_id=by.space_id, person=person):
        kept = [one for one in row.values.get(name, []) if one not in numbers]
        if "made" in row.values and len(kept) < len(row.values.get(name, [])):
            Before.objects.filter(pk=row.pk).update(values={**row.values, name: kept})
