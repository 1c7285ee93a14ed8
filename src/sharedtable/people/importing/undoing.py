"""Taking a whole list back, also a week later: what would happen, and then exactly that.

What the list made and nobody touched since is removed; what it changed goes back unless it was changed again. The rest
stays and is listed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record as write_entry
from sharedtable.people import moving
from sharedtable.people.import_models import Import, ImportChange, Twin
from sharedtable.people.importing import record
from sharedtable.people.models import FieldSource, Membership, Organisation, Person
from sharedtable.people.search import refresh_organisations, refresh_people

MODELS: dict[str, type[models.Model]] = {"organisation": Organisation, "person": Person, "membership": Membership}


@dataclass
class Preview:
    """What an undo would do. Each list holds changes; `kept` with the code of the reason."""

    removed: list[ImportChange] = field(default_factory=list)
    restored: list[ImportChange] = field(default_factory=list)
    kept: list[tuple[ImportChange, str]] = field(default_factory=list)
    things: dict[tuple[str, int], Any] = field(default_factory=dict)


def preview(batch: Import, *, hold: bool = False) -> Preview:
    """What taking this list back would do now; with `hold`, nobody changes it before the transaction ends."""
    found = Preview()
    changes = list(batch.changes.filter(is_undone=False))
    numbers: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        numbers[change.kind].add(change.object_id)
    for kind, wanted in numbers.items():
        found.things |= {(kind, pk): thing for pk, thing in _things(batch.space_id, kind, wanted, hold=hold).items()}
    made = {(c.kind, c.object_id): c for c in changes if not c.field}
    reasons = _reasons_to_keep(batch, made, found)
    # A place of work that was changed since stays, and so does what it leads to.
    for key in made:
        member = found.things.get(key) if key[0] == "membership" and key in reasons else None
        for other in (("person", member.person_id), ("organisation", member.organisation_id)) if member else ():
            if other in made:
                reasons.setdefault(other, "in_use")
    # A person who stays keeps their place of work, and so the company that the place leads to.
    for key in made:
        member = found.things.get(key) if key[0] == "membership" and key not in reasons else None
        if member is not None and reasons.get(("person", member.person_id), "gone") != "gone":
            reasons[key] = "joins_kept"
            if ("organisation", member.organisation_id) in made:
                reasons.setdefault(("organisation", member.organisation_id), "in_use")
    for key, change in made.items():
        if key in reasons:
            found.kept.append((change, reasons[key]))
        else:
            found.removed.append(change)
    for change in changes:
        if not change.field:
            continue
        thing = found.things.get((change.kind, change.object_id))
        if thing is None:
            found.kept.append((change, "gone"))
        elif record.text_of(getattr(thing, change.field))[:400] != change.new:
            found.kept.append((change, "changed"))
        else:
            found.restored.append(change)
    return found


def _things(space_id: int, kind: str, numbers: set[int], *, hold: bool) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in record.chunks(sorted(numbers)):
        model: Any = MODELS[kind]
        rows = model.objects.filter(space_id=space_id, pk__in=some).order_by("pk")
        found |= {one.pk: one for one in (rows.select_for_update() if hold else rows)}
    return found


def _reasons_to_keep(
    batch: Import, made: dict[tuple[str, int], ImportChange], found: Preview
) -> dict[tuple[str, int], str]:
    """Why an entry that the list made must stay: gone already, changed since, or something else leads to it."""
    reasons: dict[tuple[str, int], str] = {}
    for key, change in made.items():
        thing = found.things.get(key)
        if thing is None:
            reasons[key] = "gone"
        elif key[0] == "membership":
            if thing.ended_on is not None:
                reasons[key] = "changed"
        elif thing.version != change.version or thing.archived_at or thing.erased_at or thing.merged_into_id:
            reasons[key] = "changed"
    own = {pk for kind, pk in made if kind == "membership"}
    for kind in ("organisation", "person"):
        wanted = {pk for one, pk in made if one == kind}
        for relation in moving.relations_of(MODELS[kind]):
            if relation.label in ("people.FieldSource.person", "people.FieldSource.organisation"):
                continue  # where the values came from goes with them
            for some in record.chunks(sorted(wanted)):
                rows = relation.rows(batch.space_id, some)
                if relation.model is Membership:
                    rows = [(pk, target) for pk, target in rows if pk not in own]
                if relation.model in (Organisation, Person):
                    rows = [(pk, t) for pk, t in rows if (relation.model.__name__.lower(), pk) not in made]
                for _pk, target in rows:
                    reasons.setdefault((kind, target), "in_use")
    return reasons


def undo(*, by: Actor, batch: Import) -> Preview:
    """Take a list back, as `preview` says. Fails with Refused when it was taken back already."""
    by.must("people.import", batch)
    now = timezone.now()
    with transaction.atomic():
        held = Import.objects.filter(pk=batch.pk, state=Import.State.DONE)
        if not held.update(state=Import.State.UNDONE, undone_at=now, touched_at=now, version=batch.version + 1):
            raise Refused(_("This list was taken back already, or was never brought in."))
        found = preview(batch, hold=True)
        _restore(found, now)
        _remove(batch, found)
        _found_again(found)
        for some in record.chunks([change.pk for change in (*found.removed, *found.restored)]):
            ImportChange.objects.filter(pk__in=some).update(is_undone=True)
        kept = [change.pk for change, _why in found.kept]
        batch.counts = {
            **batch.counts, "undone_removed": len([c for c in found.removed if c.kind != "membership"]),
            "undone_restored": len(found.restored), "undone_kept": len(kept),
        }  # fmt: skip
        Import.objects.filter(pk=batch.pk).update(counts=batch.counts)
        write_entry(
            by=by.ref,
            verb="import.undo",
            kind="import",
            object_id=batch.pk,
            space_id=batch.space_id,
            details={"removed": len(found.removed), "restored": len(found.restored), "kept": len(kept)},
        )
    return found


def _restore(found: Preview, now: Any) -> None:
    touched: dict[tuple[str, int], Any] = {}
    for change in reversed(found.restored):
        thing = found.things[change.kind, change.object_id]
        setattr(thing, change.field, record.typed(change.field, change.old))
        touched[change.kind, change.object_id] = thing
    for (kind, _pk), thing in touched.items():
        if kind != "membership":
            thing.version += 1
            thing.changed_at = now
        thing.save()


def _found_again(found: Preview) -> None:
    """Let searches and filters see what is left."""
    touched = [
        change for change in (*found.restored, *found.removed) if (change.kind, change.object_id) in found.things
    ]
    of = {kind: {c.object_id for c in touched if c.kind == kind} for kind in MODELS}
    refresh_organisations(of["organisation"])
    refresh_people(of["person"] | {found.things["membership", number].person_id for number in of["membership"]})


def _remove(batch: Import, found: Preview) -> None:
    """Memberships first, then people, then organisations; the sources that the list gave go with what they tell of."""
    gone: dict[str, list[int]] = defaultdict(list)
    for change in found.removed:
        gone[change.kind].append(change.object_id)
    for kind in ("membership", "person", "organisation"):
        for some in record.chunks(gone[kind]):
            if kind != "membership":
                FieldSource.objects.filter(space_id=batch.space_id, **{f"{kind}_id__in": some}).delete()
                Twin.objects.filter(space_id=batch.space_id, kind=kind, first_id__in=some).delete()
                Twin.objects.filter(space_id=batch.space_id, kind=kind, second_id__in=some).delete()
            model: Any = MODELS[kind]
            model.objects.filter(space_id=batch.space_id, pk__in=some).delete()
    # Of what stays, the values that went back lose the line that this list gave.
    for change in found.restored:
        if change.kind != "membership":
            FieldSource.objects.filter(
                space_id=batch.space_id, field=change.field, import_number=batch.pk,
                **{f"{change.kind}_id": change.object_id},
            ).delete()  # fmt: skip
