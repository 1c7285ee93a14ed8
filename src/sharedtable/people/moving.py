"""How the rows that lead to an entry are led to another one when two are joined, and back again exactly.

By *movers*: one for each relation that any model has to people or organisations. The relations are read from Django's
registry of models, so a new one cannot be forgotten: without a mover the join is refused with its name. A higher room
registers the movers of its relations when it starts (`register`, `register_number`, `register_inside`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.people.models import Organisation, Person

Thing = Organisation | Person
# Under this name the values stand that a join changed beside the relations: [[model, row, column, old, new]].
CHANGED = "changed"
Moves = dict[str, list[Any]]


@dataclass(frozen=True)
class Relation:
    """One way in which rows of a model lead to an entry: a foreign key, or a plain number."""

    label: str  # 'people.Membership.person'
    model: type[Any]
    column: str  # 'person_id'

    def rows(self, space_id: int, targets: Sequence[int]) -> list[tuple[int, int]]:
        """The rows that lead to these entries, with the entry of each."""
        found = self.model._base_manager.filter(**{f"{self.column}__in": targets, "space_id": space_id})
        return list(found.values_list("pk", self.column))


@dataclass(frozen=True)
class Alone:
    """Of the rows that `where` holds for, an entry has only one with the same `fields`. When both entries have one,
    the loser's stays with the loser; or, with `ends` (a date or time), it moves too and is ended at that moment, and
    what `heirs` ('partnerships.Deadline.seat') leads to it leads to the one that is kept."""

    fields: tuple[str, ...]
    where: models.Q = models.Q()
    ends: str = ""
    heirs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mover:
    """How the rows of a relation are moved. `stays`: the relation is no belonging, its rows are left as they are."""

    alone: tuple[Alone, ...] = ()
    stays: bool = False


MOVERS: dict[str, Mover] = {}
NUMBERS: dict[str, tuple[Relation, str]] = {}
# Entries by number inside a JSON field: what stands there when one number has become another.
INSIDE: dict[str, tuple[str, Callable[[Any, int, int], Any]]] = {}


def register(label: str, *alone: Alone, stays: bool = False) -> None:
    """Say how the rows of a foreign key ('partnerships.Seat.person') move when entries are joined."""
    MOVERS[label] = Mover(alone, stays)


def register_inside(label: str, kind: str, changed: Callable[[Any, int, int], Any]) -> None:
    """Say how the numbers of entries of that kind inside a JSON field ('partnerships.Agreement.lines') change."""
    INSIDE[label] = kind, changed


def register_number(label: str, kind: str) -> None:
    """Say that a plain number ('ledger.Letter.person_id') means an entry of that kind, and moves with it."""
    app, model, column = label.split(".")
    NUMBERS[label] = Relation(label, apps.get_model(app, model), column), kind
    MOVERS[label] = Mover()


def relations_of(model: type[models.Model]) -> list[Relation]:
    """Every relation to a model that any model of the program has, the registered numbers included."""
    found: list[Relation] = []
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or field.related_model is not model:
                continue
            if field.model is not other:
                continue
            label = f"{other._meta.app_label}.{other.__name__}.{field.name}"
            if isinstance(field, models.ManyToManyField):
                continue  # its own table is among the models, with two foreign keys
            found.append(Relation(label, other, field.attname))
    kind = model.__name__.lower()
    return found + [relation for relation, of in NUMBERS.values() if of == kind]


for _label in (
    "people.Membership.person", "people.Membership.organisation", "people.FieldSource.person",
    "people.FieldSource.organisation", "people.FieldSource.agency", "people.Tie.person", "people.Tie.known_by",
    "people.Tie.agency", "people.Evidence.person", "people.Consent.person", "people.Person.agency",
    "people.Organisation.agency", "people.Organisation.is_member_of_group", "people.Import.agency",
    "people.ColumnMemory.agency", "people.Ask.person", "people.Before.person", "people.ToldTie.agency",
    "people.ToldTie.known_by", "people.ToldTie.organisation",
):  # fmt: skip
    register(_label)
register("people.Membership.person", Alone(("organisation_id", "ended_on")))
register("people.Membership.organisation", Alone(("person_id", "ended_on")))
register("people.SegmentEntry.person", Alone(("segment_id",)))
register("people.SegmentEntry.organisation", Alone(("segment_id",)))
register_inside(
    "people.Segment.query",
    "organisation",
    lambda query, old, new: {**query, "agency": str(new)} if str(query.get("agency", "")) == str(old) else query,
)
# An earlier join into the loser stays as it is: links follow the chain.
register("people.Person.merged_into", stays=True)
register("people.Organisation.merged_into", stays=True)


def move(winner: Thing, loser: Thing) -> Moves:
    """Lead every row from the loser to the winner. Gives what moved, for `move_back`: rows by relation.

    Fails with Refused when rows of a relation lead to the loser that nobody registered a mover for.
    """
    moves: Moves = {}
    changed: list[list[Any]] = []
    for relation in relations_of(type(loser)):
        if not _has_space(relation.model):
            continue
        rows = [pk for pk, _target in relation.rows(loser.space_id, [loser.pk])]
        mover = MOVERS.get(relation.label)
        if mover is None:
            if rows:
                raise Refused(
                    _("%(count)s entries of “%(relation)s” lead to “%(name)s”, and nobody said how they move. Nothing "
                      "was joined; tell whoever looks after this installation.")
                    % {"count": len(rows), "relation": relation.label, "name": loser.name}
                )  # fmt: skip
            continue
        if mover.stays or not rows:
            continue
        if relation.model is type(winner):
            rows = [pk for pk in rows if pk not in (winner.pk, loser.pk)]  # nothing belongs to itself
        for alone in mover.alone:
            rows = _free(relation, alone, rows, winner.pk, changed)
        if rows:
            relation.model._base_manager.filter(pk__in=rows).update(**{relation.column: winner.pk})
            moves[relation.label] = rows
    _inside(winner, loser, changed)
    return {**moves, CHANGED: changed} if changed else moves


def _has_space(model: type[Any]) -> bool:
    return any(field.attname == "space_id" for field in model._meta.concrete_fields)


def _free(relation: Relation, alone: Alone, rows: list[int], winner: int, changed: list[list[Any]]) -> list[int]:
    """The rows that may move: those that meet no equal one of the winner, and those that were ended for it."""
    every = relation.model._base_manager.filter(alone.where)
    taken: dict[tuple[Any, ...], int] = {
        tuple(values): pk for pk, *values in every.filter(**{relation.column: winner}).values_list("pk", *alone.fields)
    }
    stays: set[int] = set()
    for pk, *values in every.filter(pk__in=rows).order_by("pk").values_list("pk", *alone.fields):
        kept = taken.setdefault(tuple(values), pk)
        if kept == pk:
            continue
        if not alone.ends:
            stays.add(pk)
            continue
        is_time = isinstance(relation.model._meta.get_field(alone.ends), models.DateTimeField)
        _change(relation.model, pk, alone.ends, timezone.now() if is_time else timezone.localdate(), changed)
        for label in alone.heirs:
            _inherit(label, pk, kept, changed)
    return [pk for pk in rows if pk not in stays]


def _inherit(label: str, former: int, kept: int, changed: list[list[Any]]) -> None:
    app, name, field = label.split(".")
    model = apps.get_model(app, name)
    column = model._meta.get_field(field).attname
    for pk in model._base_manager.filter(**{column: former}).order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=pk).update(**{column: kept})
        except IntegrityError:
            continue  # the one that is kept has the same already; history stays where it is
        changed.append([model._meta.label, pk, column, former, kept])


def count(moves: Moves) -> int:
    """How many rows moved."""
    return sum(len(rows) for label, rows in moves.items() if label != CHANGED)


def _change(model: type[models.Model], pk: int, column: str, new: Any, changed: list[list[Any]]) -> None:
    row = model._base_manager.get(pk=pk)
    changed.append([model._meta.label, pk, column, _plain(getattr(row, column)), _plain(new)])
    model._base_manager.filter(pk=pk).update(**{column: new})


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _inside(winner: Thing, loser: Thing, changed: list[list[Any]]) -> None:
    for label, (kind, replaced) in INSIDE.items():
        if kind != type(winner).__name__.lower():
            continue
        app, name, column = label.split(".")
        model = apps.get_model(app, name)
        rows = model._base_manager.filter(space_id=winner.space_id).order_by("pk")
        for pk, value in rows.values_list("pk", column):
            new = replaced(value, loser.pk, winner.pk)
            if new != value:
                _change(model, pk, column, new, changed)


def move_back(moves: Moves, winner: Thing, loser: Thing) -> None:
    """Lead everything back. What was led on or changed since is left alone."""
    relations = {relation.label: relation for relation in relations_of(type(winner))}
    for label, rows in moves.items():
        if label != CHANGED:
            relation = relations[label]
            found = relation.model._base_manager.filter(pk__in=rows, **{relation.column: winner.pk})
            found.update(**{relation.column: loser.pk})
    for label, pk, column, old, new in reversed(moves.get(CHANGED, [])):
        model = apps.get_model(label)
        row = model._base_manager.filter(pk=pk, space_id=winner.space_id).first()
        if row is not None and _plain(getattr(row, column)) == new:
            field = model._meta.get_field(column)
            value = field.to_python(old) if isinstance(field, models.Field) else old
            model._base_manager.filter(pk=pk).update(**{column: value})
