"""What lists, joins and texts of other entries hold about a person that is erased."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.people.import_models import Import, ImportChange, ImportRow, Merge, Twin
from sharedtable.people.models import FieldSource, Membership, Person


def without(value: Any, name: str) -> Any:
    """A JSON value, or a text, in which “Erased person” stands for the name."""
    if isinstance(value, str):
        return value.replace(name, _("Erased person")) if name else value
    if isinstance(value, list):
        return [without(one, name) for one in value]
    if isinstance(value, dict):
        return {key: without(one, name) for key, one in value.items()}
    return value


def forget(person: Person, addresses: Iterable[str]) -> None:
    """Empty the rows of lists that told of the person, their files, and what joins kept; before the sources go."""
    _lists(person, set(addresses))
    here = {"space_id": person.space_id, "kind": "person"}
    Merge.objects.filter(Q(winner_id=person.pk) | Q(loser_id=person.pk), **here).update(before={}, after={})
    Twin.objects.filter(Q(first_id=person.pk) | Q(second_id=person.pk), **here).delete()
    # A join of organisations may have changed an agreement in which the name stands.
    for merge in Merge.objects.filter(space_id=person.space_id, kind="organisation", moves__has_key="changed"):
        moves = without(merge.moves, person.name)
        if moves != merge.moves:
            Merge.objects.filter(pk=merge.pk).update(moves=moves)


def _lists(person: Person, addresses: set[str]) -> None:
    space, pk = person.space_id, person.pk
    memberships = Membership.objects.filter(space_id=space, person_id=pk).values("pk")
    changes = ImportChange.objects.filter(
        Q(kind="person", object_id=pk) | Q(kind="membership", object_id__in=memberships), space_id=space
    )
    told = {(change.batch_id, change.row) for change in changes}
    rows = ImportRow.objects.filter(space_id=space)
    found = {(row.batch_id, row.number): row.pk for row in rows.filter(person_ref=pk)}
    for address in addresses:
        found |= {(row.batch_id, row.number): row.pk for row in rows.filter(values__email__iexact=address)}
    for batch, number in told - found.keys():
        found |= {(row.batch_id, row.number): row.pk for row in rows.filter(batch=batch, number=number)}
    # A second row about the same person says it all once more.
    same, waiting = rows.filter(person_twin_answer="same"), list(found)
    while waiting:  # a third row may point at the second
        batch, number = waiting.pop()
        for double, another in same.filter(batch=batch, person_twin=number).values_list("pk", "number"):
            if (batch, another) not in found:
                found[batch, another] = double
                waiting.append((batch, another))
    changes.exclude(field="").delete()
    for row in found.values():
        ImportRow.objects.filter(pk=row).update(
            values={}, problems=[], person_reasons=[], organisation_reasons=[], person_twin_reasons=[],
            organisation_twin_reasons=[], outcome=ImportRow.Outcome.REFUSED,
        )  # fmt: skip
    given = FieldSource.objects.filter(space_id=space, person_id=pk).values_list("import_number", flat=True)
    batches = {batch for batch, _number in found} | {batch for batch, _number in told} | set(given)
    Import.objects.filter(space_id=space, pk__in=batches, cleared_at=None).update(
        content=None, sample=[], cleared_at=timezone.now()
    )
