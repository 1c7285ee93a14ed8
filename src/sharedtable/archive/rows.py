"""The rows of an archive: those of a team or of one agency, each value only as far as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from sharedtable.accounts.models import Grant, Space, User
from sharedtable.archive.tables import RANK, Column, Table, tables
from sharedtable.ledger.message import struck
from sharedtable.privacy import Privacy

CHUNK = 2_000
ORGANISATION, PERSON = "people.organisation", "people.person"
# What goes with a person of an agency's own list.
WITH_PERSON = frozenset({"people.membership", "people.consent"})
# What is written in confidence by an agency for itself.
OF_AGENCY = {"people.tie": frozenset({"note", "made_by"})}
# Private notes, which only a convener reads on a page (the verb people.private).
PRIVATE = {
    ORGANISATION: frozenset({"notes"}), PERSON: frozenset({"notes"}), "people.evidence": frozenset({"text", "is_met"}),
}  # fmt: skip
Values = dict[str, Any]


@dataclass
class Scope:
    """What one archive holds: a whole space, or the list of one agency of it (`agency_id`), as `reader` may see it.

    `most`: the highest level that goes in. What is named goes to nobody but whoever wrote it (`reader`), unless the
    whole is moved by the operator (`most` NAMED).
    `has_private`: whether private notes about people go in.
    `emptied` and `missing` count, by table, what was left out.
    """

    space: Space
    reader: str
    most: Privacy = Privacy.CONVENERS
    agency_id: int = 0
    has_private: bool = True
    emptied: dict[str, dict[str, int]] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    gone: dict[str, set[int]] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that go in."""
        if not self.agency_id:
            return tables()
        return tuple(one for one in tables() if one.name in self.own or one.name in self.chosen)

    @cached_property
    def own(self) -> dict[str, Q]:
        """For an agency: which rows of which tables are its own."""
        found: dict[str, Q] = {}
        for one in tables():
            agency = one.column("agency")
            if agency is not None and agency.target == ORGANISATION:
                found[one.name] = Q(agency_id=self.agency_id)
            elif one.name in WITH_PERSON:
                found[one.name] = Q(person__agency_id=self.agency_id)
        found[ORGANISATION] |= Q(pk=self.agency_id)
        return found

    @cached_property
    def chosen(self) -> dict[str, set[int]]:
        """For an agency: the rows that go in, by table: its own, and the people and organisations that they name."""
        found: dict[str, set[int]] = {ORGANISATION: set(), PERSON: set()}
        for one in reversed(tables()):
            if one.name not in self.own:
                continue
            links = [
                c for c in one.columns if c.is_link and c.target in (ORGANISATION, PERSON) and c.target != one.name
            ]
            wanted = [c.attribute for c in links]
            keys = found.setdefault(one.name, set())
            rows = one.model._default_manager.filter(space_id=self.space.pk)
            for part in (rows.filter(self.own[one.name]), *_by_keys(rows, set(keys))):
                for key, *others in part.values_list("pk", *wanted).iterator(CHUNK):
                    keys.add(key)
                    for column, other in zip(links, others, strict=True):
                        if other:
                            found[column.target].add(other)
        return found

    def rows(self, one: Table) -> Iterator[tuple[Values, Values]]:
        """Each row as plain values by column, and the names of what it points to, for people who read it."""
        found = one.model._default_manager.filter(space_id=self.space.pk).order_by("pk")
        parts = _by_keys(found, self.chosen.get(one.name, set())) if self.agency_id else (found,)
        titled = [c for c in one.columns if c.is_link and has_open_name(c)]
        attributes = [c.attribute for c in one.columns]
        wanted = (*attributes, *(f"{c.name}__name" for c in titled))
        for values in (line for part in parts for line in part.values_list(*wanted).iterator(CHUNK)):
            row = dict(zip((c.name for c in one.columns), values, strict=False))
            names = dict(zip((f"{c.name}_name" for c in titled), values[len(attributes) :], strict=True))
            if self._is_let_through(one, row):
                yield row, names

    def _is_let_through(self, one: Table, row: Values) -> bool:
        """Empty what the reader may not see; False when the whole row stays here."""
        allowed, is_mine = RANK[self._most(one, row)], self._is_mine(one, row)
        base = RANK.get(row["level"], RANK[Privacy.NAMED]) if one.has_levels else 0
        if base > allowed and not is_mine:
            return self._drop(one, row)
        for column in one.columns:
            value = row[column.name]
            is_closed = not self.has_private and not is_mine and column.name in PRIVATE.get(one.name, ())
            if (
                column.is_secret
                or is_closed
                or (column.rank > allowed and not is_mine and not self._is_agency_word(column, one))
            ):
                if value not in (None, "", [], {}):
                    counted = self.emptied.setdefault(one.name, {})
                    counted[column.name] = counted.get(column.name, 0) + 1
                row[column.name] = column.empty()
            elif one.is_history and isinstance(value, str):
                row[column.name] = struck(value)  # a letter's links are ways in
            elif column.is_link and value and self._is_gone(column, value):
                if not column.field.null:
                    return self._drop(one, row)
                row[column.name] = None
        return True

    def _most(self, one: Table, row: Values) -> Privacy:
        if not self.agency_id or one.name in WITH_PERSON:
            return self.most
        is_own = row.get("agency") == self.agency_id or (one.name == ORGANISATION and row["id"] == self.agency_id)
        return self.most if is_own else Privacy.TEAM

    def _is_mine(self, one: Table, row: Values) -> bool:
        return any(column.is_actor and row[column.name] == self.reader for column in one.columns)

    def _is_agency_word(self, column: Column, one: Table) -> bool:
        return bool(self.agency_id) and column.name in OF_AGENCY.get(one.name, ())

    def _is_gone(self, column: Column, key: int) -> bool:
        if self.agency_id:
            return key not in self.chosen.get(column.target, ())
        return key in self.gone.get(column.target, ())

    def _drop(self, one: Table, row: Values) -> bool:
        self.missing[one.name] = self.missing.get(one.name, 0) + 1
        self.gone.setdefault(one.name, set()).add(row["id"])
        return False

    def users(self) -> list[Mapping[str, Any]]:
        """Who has, or had, a role here: address, name and language, so that roles can be given again."""
        if self.agency_id:
            return []
        ids = Grant.objects.filter(space=self.space).values("user_id")
        return list(User.objects.filter(pk__in=ids).order_by("pk").values("id", "email", "name", "language"))


def _by_keys(rows: QuerySet[Any], keys: set[int]) -> Iterator[QuerySet[Any]]:
    """The rows with those keys, a few thousand at a time: a database takes only so many in one question."""
    ordered = sorted(keys)
    return (rows.filter(pk__in=ordered[at : at + CHUNK]) for at in range(0, len(ordered), CHUNK))


def has_open_name(column: Column) -> bool:
    other = column.field.related_model
    levels: Mapping[str, Privacy] = getattr(other, "privacy", {})
    return RANK[levels.get("name", Privacy.NAMED)] <= RANK[Privacy.TEAM]


def plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
