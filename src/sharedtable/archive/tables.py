"""Which tables are in an archive, and what each of their columns is: read from the models themselves.

A model of ours with a foreign key `space` is in the archive by itself; so a new room is, too. What a model must do for
it: an integer that names a row of another table ends in `_id` after the name of that table (`person_id`), or stands in
a dictionary `refers` of the model ({"author": "meetings.Participant"}). Secrets stay out by their names: a column such
as `token_hash` is emptied, and a table that makes no sense without it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy

from sharedtable.accounts.models import Space, User
from sharedtable.privacy import Privacy

RANK = {
    Privacy.SYSTEM: 0, Privacy.PUBLIC: 0, Privacy.TEAM: 1, Privacy.INNER: 2, Privacy.CONVENERS: 3, Privacy.NAMED: 4,
}  # fmt: skip
SECRET = re.compile(r"token|secret|password|_hash$|^stop_address$")
USERS = "accounts.user"
# What a bare number with this name points to, where the name is not that of a table.
ALSO_CALLED = {"agency_id": "people.organisation"}
# Of what kind a bare number is, where the row itself says it.
KINDS = {
    "person": "people.person", "organisation": "people.organisation", "membership": "people.membership",
    "segment": "people.segment", "seat": "partnerships.seat",
}  # fmt: skip
# Numbers that end in _id and name no row that an archive holds.
NOT_A_ROW = frozenset({"object_id", "scope_id", "tool_id"})
SECRETS_ONLY = gettext_lazy("ways in: personal links and what hangs on them")


@dataclass(frozen=True)
class Column:
    """One column of a table. `target`: the table whose row it names, '' for none; `is_actor`: it holds who did it."""

    name: str
    field: models.Field[Any, Any]
    level: Privacy
    target: str = ""
    is_link: bool = False
    is_actor: bool = False
    is_secret: bool = False
    # For a bare number: the column that says of which kind it is.
    by_kind: str = ""

    def points_to(self, row: Mapping[str, Any]) -> str:
        """The table whose row this column of that row names, '' for none."""
        return KINDS.get(str(row.get(self.by_kind)), "") if self.by_kind else self.target

    @property
    def attribute(self) -> str:
        """The name under which the database gives the value."""
        return str(self.field.attname)

    @property
    def rank(self) -> int:
        """How few may see it. A text that serves the program (a search index) may repeat what only conveners see."""
        holds_words = isinstance(self.field, models.CharField | models.TextField | models.JSONField)
        if self.level == Privacy.SYSTEM and holds_words and not self.is_actor:
            return RANK[Privacy.CONVENERS]
        return RANK[self.level]

    def empty(self) -> Any:
        """What stands in the place of a value that is left out."""
        if self.field.null:
            return None
        if isinstance(self.field, models.CharField | models.TextField):
            return ""
        if isinstance(self.field, models.BooleanField):
            return False
        default = self.field.get_default()
        return 0 if default is None and isinstance(self.field, models.IntegerField) else default


@dataclass(frozen=True)
class Table:
    """One table. `is_history`: it is written for people to read, and not brought in again."""

    model: type[models.Model]
    columns: tuple[Column, ...]
    is_history: bool = False

    @property
    def name(self) -> str:
        """Such as 'people.person'."""
        return str(self.model._meta.label_lower)

    @property
    def title(self) -> str:
        """What people call its rows."""
        return str(self.model._meta.verbose_name_plural)

    @property
    def file(self) -> tuple[str, str] | None:
        """The column that travels as a file of its own, and how its name ends; None without one."""
        found: tuple[str, str] | None = getattr(self.model, "archive_file", None)
        return found

    @property
    def has_levels(self) -> bool:
        """Whether each row says how sensitive it is."""
        return any(column.name == "level" for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column of that name, None without one."""
        return next((column for column in self.columns if column.name == name), None)


def ours() -> Iterator[type[models.Model]]:
    """Every model of this software."""
    return (model for model in apps.get_models() if model.__module__.startswith("sharedtable."))


def has_space(model: type[models.Model]) -> bool:
    """Whether its rows belong to a team by a foreign key."""
    return any(field.name == "space" and field.related_model is Space for field in model._meta.local_fields)


def _is_history(model: type[models.Model]) -> bool:
    """The ledger stands below the rooms and knows a team by its number only."""
    return any(field.name == "space_id" and not field.is_relation for field in model._meta.local_fields)


def _secret_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.local_fields if _is_secret(field)]


def _is_secret(field: models.Field[Any, Any]) -> bool:
    """Whether it holds a secret; a truth such as `is_secret` is none."""
    return SECRET.search(field.name) is not None and not isinstance(field, models.BooleanField)


@cache
def left_out() -> Mapping[str, str]:
    """The tables of a team that no archive holds, with the reason."""
    found: dict[str, str] = {}
    candidates = [model for model in ours() if has_space(model) or _is_history(model)]
    for model in candidates:
        if any(not field.blank and not field.null for field in _secret_fields(model)):
            found[model._meta.label_lower] = SECRETS_ONLY  # type: ignore[assignment]
    while True:
        more = [model for model in candidates if model._meta.label_lower not in found and _hangs_on(model, found)]
        if not more:
            return found
        found.update(dict.fromkeys((model._meta.label_lower for model in more), SECRETS_ONLY))  # type: ignore[arg-type]


def _hangs_on(model: type[models.Model], gone: Mapping[str, str]) -> bool:
    return any(
        isinstance(other := field.related_model, type) and other._meta.label_lower in gone and not field.null
        for field in model._meta.local_fields
        if field.is_relation
    )


@cache
def tables() -> tuple[Table, ...]:
    """Every table of an archive; a table stands after those that its rows need."""
    kept = {model._meta.label_lower: model for model in ours() if has_space(model)}
    history = {model._meta.label_lower: model for model in ours() if not has_space(model) and _is_history(model)}
    for name in left_out():
        kept.pop(name, None)
        history.pop(name, None)
    ordered = [Table(kept[name], _columns(kept[name], kept)) for name in _order(kept)]
    return (*ordered, *(Table(history[name], _columns(history[name], kept), True) for name in sorted(history)))


def _columns(model: type[models.Model], kept: Mapping[str, type[models.Model]]) -> tuple[Column, ...]:
    levels: Mapping[str, Privacy] = getattr(model, "privacy", {})
    refers = {name: label.lower() for name, label in getattr(model, "refers", {}).items()}
    by_kind: Mapping[str, str] = getattr(model, "refers_by", {})
    made = []
    for field in model._meta.local_fields:
        if field.name in ("space", "space_id") or isinstance(field, models.FileField | models.BinaryField):
            continue
        other = field.related_model
        target = ""
        if isinstance(other, type) and field.is_relation:
            target = other._meta.label_lower
            if target not in kept and other is not User:
                continue  # it points to something that an archive does not hold
        elif isinstance(field, models.IntegerField):
            target = refers.get(field.name) or named_by(field.name, kept)
        made.append(
            Column(
                field.name, field, levels.get(field.name, Privacy.NAMED), target,
                is_link=field.is_relation,
                is_actor=isinstance(field, models.CharField) and is_actor_name(field.name),
                is_secret=_is_secret(field),
                by_kind=by_kind.get(field.name, ""),
            )
        )  # fmt: skip
    return tuple(made)


def named_by(name: str, kept: Mapping[str, Any]) -> str:
    """The table that a bare number of that name points to: `study_id` → 'studies.study'; '' when it points nowhere."""
    if name in ALSO_CALLED:
        return ALSO_CALLED[name]
    if not name.endswith("_id") or name in NOT_A_ROW:
        return ""
    wanted = name.removesuffix("_id").replace("_", "")
    found = [label for label in kept if label.partition(".")[2] == wanted]
    return found[0] if len(found) == 1 else ""


def is_actor_name(name: str) -> bool:
    """Whether a text column of that name holds who did something, as 'user:3'."""
    return name in ("by", "owner") or name.endswith("_by")


def _order(kept: Mapping[str, type[models.Model]]) -> list[str]:
    """The tables so that each stands after those it points to; in a circle, required pointers count first."""
    needs = {name: dict[str, bool]() for name in kept}
    for name, model in kept.items():
        for field in model._meta.local_fields:
            other = field.related_model
            label = other._meta.label_lower if isinstance(other, type) and field.is_relation else ""
            if label in kept and label != name:
                needs[name][label] = needs[name].get(label, False) or not field.null
        if getattr(model, "refers_by", {}):  # numbers of any kind: after all that they may name
            needs[name] |= dict.fromkeys(set(KINDS.values()) & kept.keys() - {name} - needs[name].keys(), False)
    ordered: list[str] = []
    waiting = sorted(kept)
    while waiting:
        free = [name for name in waiting if not set(needs[name]) - set(ordered)]
        if not free:  # a circle: begin where only pointers that may be empty are still open
            free = [name for name in waiting if not {n for n, must in needs[name].items() if must} - set(ordered)][:1]
        if not free:
            raise RuntimeError(f"These tables need one another: {', '.join(waiting)}.")
        ordered += free
        waiting = [name for name in waiting if name not in ordered]
    return ordered


def table(name: str) -> Table | None:
    """The table of that name, None when no archive has such a one."""
    return next((one for one in tables() if one.name == name), None)
