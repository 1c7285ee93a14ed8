"""Joining two entries that are the same, so that nothing is lost and everything can be taken back.

Both entries stay: the loser points to the winner. How the rows that led to the loser are led to the winner, and back,
stands in `people.moving`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record as write_entry
from sharedtable.people import moving
from sharedtable.people.import_models import Merge, Twin
from sharedtable.people.models import LISTED, Organisation, Person
from sharedtable.people.search import refresh_organisations, refresh_people

Thing = TypeVar("Thing", Organisation, Person)
MODELS: dict[str, type[Any]] = {"organisation": Organisation, "person": Person}
# What a person decides value by value; everything else of an entry stays with it.
CHOSEN = {
    "organisation": (
        "name", "kind", "system", "partner_type", "website", "phone", "street", "city", "state_code", "zip_code",
        "county_code", "naics_code", "employees", "registry_number", "convenes", "notes",
    ),
    "person": ("given_name", "family_name", "name", "email", "phone", "mobile", "assistant", "language", "notes"),
}  # fmt: skip
BOTH = "both"  # for texts: one below the other


def current(thing: Thing) -> Thing:
    """The entry that this one was joined into, over any number of joins; itself when it was not."""
    seen: set[int] = set()
    while thing.merged_into_id is not None and thing.pk not in seen:
        seen.add(thing.pk)
        thing = type(thing)._base_manager.get(pk=thing.merged_into_id, space_id=thing.space_id)
    return thing


def kind_of(thing: Organisation | Person) -> str:
    """'organisation' or 'person'."""
    return type(thing).__name__.lower()


def join(*, by: Actor, winner: Thing, loser: Thing, take: dict[str, str], versions: tuple[int, int]) -> Merge:
    """Join `loser` into `winner`. `take`: for each field 'winner', 'loser' or 'both' (texts); unnamed ones stay.

    `versions` are those that the person looked at. Fails with Refused when an entry changed since, is joined already,
    or has rows of a relation that nobody registered a mover for; then nothing is changed.
    """
    by.must("people.merge", winner)
    by.must("people.merge", loser)
    kind = kind_of(winner)
    if kind != kind_of(loser) or winner.pk == loser.pk:
        raise Refused(_("Choose two different entries of the same kind."))
    with transaction.atomic():
        winner, loser = _held(winner, versions[0]), _held(loser, versions[1])
        before = {"winner": _frozen(winner, kind), "loser": _frozen(loser, kind)}
        moves = moving.move(winner, loser)
        # A mover may have changed the two rows themselves (whose list they belong to).
        winner.refresh_from_db()
        loser.refresh_from_db()
        _take(winner, loser, kind, take)
        now = timezone.now()
        for one in (winner, loser):
            one.version += 1
            one.changed_at = now
        loser.merged_into_id = winner.pk
        winner.save()
        loser.save()
        _found_again(kind, winner.pk, loser.pk)
        merge = Merge.objects.create(
            space_id=by.space_id, kind=kind, winner_id=winner.pk, loser_id=loser.pk, moves=moves, before=before,
            after={"winner": _frozen(winner, kind), "loser": _frozen(loser, kind)}, made_by=by.ref, made_at=now,
        )  # fmt: skip
        _remember(by, kind, winner.pk, loser.pk, Twin.State.JOINED)
        write_entry(
            by=by.ref, verb=f"{kind}.merge", kind=kind, object_id=winner.pk, space_id=by.space_id,
            details={"loser": loser.pk, "merge": merge.pk, "moved": moving.count(moves)},
        )  # fmt: skip
    return merge


def _held(thing: Thing, version: int) -> Thing:
    found = type(thing)._base_manager.select_for_update().filter(pk=thing.pk, space_id=thing.space_id).first()
    if found is None or found.erased_at or found.merged_into_id is not None:
        raise Refused(_("“%(name)s” was joined or erased meanwhile. Look again.") % {"name": thing.name})
    if found.version != version:
        raise Refused(_("“%(name)s” was changed meanwhile. Look again.") % {"name": thing.name})
    return found


def _frozen(thing: Organisation | Person, kind: str) -> dict[str, Any]:
    fields = (*CHOSEN[kind], "version", "merged_into_id")
    return {**{name: getattr(thing, name) for name in fields}, "changed_at": thing.changed_at.isoformat()}


def _take(winner: Organisation | Person, loser: Organisation | Person, kind: str, take: dict[str, str]) -> None:
    for name, side in take.items():
        if name not in CHOSEN[kind] or side not in ("winner", "loser", BOTH):
            raise Refused(_("That field cannot be chosen."))
        mine, theirs = getattr(winner, name), getattr(loser, name)
        if side == "loser":
            setattr(winner, name, theirs)
        elif side == BOTH and name in ("notes", "convenes") and theirs and theirs != mine:
            setattr(winner, name, f"{mine}\n\n{theirs}".strip())


def _found_again(kind: str, *both: int) -> None:
    """Let searches and filters see both entries as they are now, and whoever belongs to them."""
    if kind == "person":
        refresh_people(both)
    else:
        refresh_organisations(both)
        refresh_people(Person.objects.filter(LISTED, agency__in=both))


def part(*, by: Actor, merge: Merge) -> list[str]:
    """Take a join back: rows and values go where they were. Gives the fields that were changed since and so stay.

    Fails with Refused when it was taken back already or the winner was itself joined to another.
    """
    model = MODELS[merge.kind]
    with transaction.atomic():
        held = Merge.objects.select_for_update().filter(pk=merge.pk, space=by.space, undone_at=None).first()
        if held is None:
            raise Refused(_("This join was taken back already."))
        winner = model._base_manager.select_for_update().get(pk=held.winner_id, space_id=by.space_id)
        loser = model._base_manager.select_for_update().get(pk=held.loser_id, space_id=by.space_id)
        by.must("people.merge", winner)
        by.must("people.merge", loser)
        if winner.merged_into_id is not None or winner.erased_at or loser.erased_at:
            raise Refused(
                _("“%(name)s” was joined or erased since. Take that join back first.") % {"name": winner.name}
            )
        try:
            with transaction.atomic():
                moving.move_back(held.moves, winner, loser)
        except IntegrityError as problem:
            # A row that may be there once only, such as a seat, was made anew for one of them since the join.
            raise Refused(
                _(
                    "“%(name)s” was given something since that came with the join too, such as the same seat. "
                    "End one of the two, then take the join back."
                )
                % {"name": loser.name}
            ) from problem
        winner.refresh_from_db()
        loser.refresh_from_db()
        kept = _back(winner, held.before["winner"], held.after["winner"])
        kept += _back(loser, held.before["loser"], held.after["loser"])
        winner.save()
        loser.save()
        _found_again(merge.kind, winner.pk, loser.pk)
        held.undone_at, held.undone_by = timezone.now(), by.ref
        held.save(update_fields=["undone_at", "undone_by"])
        _remember(by, merge.kind, winner.pk, loser.pk, Twin.State.OPEN)
        write_entry(
            by=by.ref, verb=f"{merge.kind}.part", kind=merge.kind, object_id=winner.pk, space_id=by.space_id,
            details={"loser": loser.pk, "merge": merge.pk, "kept": len(kept)},
        )  # fmt: skip
    return kept


def _back(thing: Organisation | Person, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Put the values back; of an entry that was changed since, only those that the join left as they are."""
    is_untouched = thing.version == after["version"]
    kept: list[str] = []
    for name, value in before.items():
        if name in ("version", "changed_at"):
            continue
        if is_untouched or getattr(thing, name) == after[name]:
            setattr(thing, name, value)
        else:
            kept.append(name)
    if is_untouched:
        thing.version = before["version"]
        thing.changed_at = datetime.fromisoformat(before["changed_at"])
    else:
        thing.version += 1
        thing.changed_at = timezone.now()
    return kept


def keep_apart(*, by: Actor, kind: str, first_id: int, second_id: int) -> None:
    """Say that two entries are not the same; they are never suggested again."""
    model = MODELS[kind]
    for one in model.objects.filter(space=by.space, pk__in=(first_id, second_id)):
        by.must("people.merge", one)
    with transaction.atomic():
        _remember(by, kind, first_id, second_id, Twin.State.APART)
        write_entry(
            by=by.ref, verb=f"{kind}.apart", kind=kind, object_id=min(first_id, second_id), space_id=by.space_id,
            details={"other": max(first_id, second_id)},
        )  # fmt: skip


def _remember(by: Actor, kind: str, one: int, other: int, state: str) -> None:
    first, second = sorted((one, other))
    now = timezone.now()
    Twin.objects.update_or_create(
        space_id=by.space_id, kind=kind, first_id=first, second_id=second,
        defaults={"state": state, "decided_by": by.ref, "decided_at": now},
        create_defaults={"state": state, "decided_by": by.ref, "decided_at": now, "found_at": now},
    )  # fmt: skip


def twin(by: Actor, number: int) -> tuple[Twin, Any, Any]:
    """One pair with its two entries. Fails with Missing when it is not here, or an entry is gone."""
    found = Twin.objects.filter(space=by.space, pk=number).first()
    if found is None or not by.may_everywhere("people.merge"):
        raise Missing(_("That pair is not here, or not for you."))
    both = {
        one.pk: one
        for one in MODELS[found.kind].objects.filter(
            space=by.space, pk__in=(found.first_id, found.second_id), erased_at=None
        )
    }
    if len(both) != 2:
        raise Missing(_("One of these two entries is not here any more."))
    return found, both[found.first_id], both[found.second_id]


def joined(by: Actor, number: int) -> Merge:
    """One join of the actor's space. Fails with Missing when it is not here."""
    by.must_everywhere("people.merge")
    found = Merge.objects.filter(space=by.space, pk=number).first()
    if found is None:
        raise Missing(_("That join is not here, or not for you."))
    return found
