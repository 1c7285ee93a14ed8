"""Puts the rows of an archive into the database as a new space: new keys, the same rows.

Each row that others point to gets a new number; pointers follow. What points to itself or forward is set at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Space, User
from sharedtable.archive.checking import Opened
from sharedtable.archive.inside import renumber
from sharedtable.archive.packing import file_name
from sharedtable.archive.stops import STOPS, stop_again
from sharedtable.archive.tables import USERS, Column, Table, tables
from sharedtable.errors import Refused
from sharedtable.people.models import Person

BATCH, FEW = 500, 4  # few of those that bring a file along
MOST_FILE_BYTES, JPEG = 12_000_000, b"\xff\xd8\xff"
_ACTOR = re.compile(r"(user|link):(\d+)")
Row = Mapping[str, Any]


@dataclass
class Bringing:
    """One archive on its way into one new space. `numbers`: old key → new key, by table."""

    archive: Opened
    space: Space
    by: Actor
    numbers: dict[str, dict[int, int]] = field(default_factory=dict)
    later: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def all(self) -> None:
        """Bring in every table, then the pointers that had to wait."""
        known = {one.name: one for one in tables()}
        self._users()
        for name, about in self.archive.manifest["tables"].items():
            if name not in known:
                raise Refused(
                    _("The archive holds the table “%(table)s”, which is not known here. Update Shared Table first.")
                    % {"table": name[:60]}
                )
            if bool(about.get("is_history")) != known[name].is_history:
                raise self._wrong(known[name], 0, "is_history")
        for one in tables():
            if not one.is_history and one.name in self.archive.manifest["tables"]:
                self._table(one)
        for (name, attribute), pairs in self.later.items():
            self._point(known[name], attribute, pairs)
        renumber(self.space, lambda table, old: self.numbers.get(table, {}).get(old, 0))
        self._stops()

    def _users(self) -> None:
        """People with an account here keep it; the others get one, which opens by a code sent to their address."""
        found = self.numbers.setdefault(USERS, {})
        for number, row in self.archive.rows(USERS):
            email, name = str(row.get("email") or "").strip().lower(), str(row.get("name") or "")
            if "@" not in email or len(email) > 254 or len(name) > 120 or not isinstance(row.get("id"), int):
                raise Refused(
                    _("Line %(line)d of the users is not as it should be: there is no mail address. Nothing was kept.")
                    % {"line": number}
                )
            user = User.objects.filter(email__iexact=email).first()
            if user is None:
                language = "es" if row.get("language") == "es" else "en"
                user = User.objects.create_user(email, name, language=language)
            found[int(row["id"])] = user.pk

    def _table(self, one: Table) -> None:
        keys = self.numbers.setdefault(one.name, {})
        batch: list[tuple[int, models.Model, list[tuple[str, int]]]] = []
        count = 0

        def flush() -> None:
            one.model._default_manager.bulk_create([made for _old, made, _open in batch])
            for old, made, open_pointers in batch:
                if old in keys:
                    raise self._wrong(one, 0, "id")
                keys[old] = made.pk
                for attribute, target in open_pointers:
                    self.later.setdefault((one.name, attribute), []).append((made.pk, target))
            batch.clear()

        for number, row in self.archive.rows(one.name):
            old = row.get("id")
            if not isinstance(old, int):
                raise self._wrong(one, number, "id")
            values, open_pointers = self._values(one, number, row)
            values |= self._file(one, number, old)
            batch.append((old, one.model(space=self.space, **values), open_pointers))
            count += 1
            if len(batch) >= (BATCH if one.file is None else FEW):
                flush()
        flush()
        if count != self.archive.manifest["tables"][one.name].get("rows"):
            raise self._wrong(one, count, "rows")
        self.counts[one.name] = count

    def _values(self, one: Table, number: int, row: Row) -> tuple[dict[str, Any], list[tuple[str, int]]]:
        unknown = set(row) - {column.name for column in one.columns}
        if unknown:
            raise Refused(
                _("The table “%(table)s” has the column “%(column)s”, which is not known here. Update Shared Table.")
                % {"table": one.title, "column": min(unknown)[:60]}
            )
        values: dict[str, Any] = {}
        open_pointers: list[tuple[str, int]] = []
        for column in one.columns:
            if column.name not in row or column.name == "id":
                continue
            value = row[column.name]
            if (target := column.points_to(row)) and value:
                if not isinstance(value, int):
                    raise self._wrong(one, number, column.name)
                values[column.attribute] = self._pointer(one, number, column, target, value, open_pointers)
            else:
                values[column.attribute] = self._value(one, number, column, value)
        return values, open_pointers

    def _file(self, one: Table, number: int, old: int) -> dict[str, Any]:
        """The file that belongs to a row; only what begins like the pictures that are kept here."""
        if one.file is None:
            return {}
        column, ending = one.file
        content = self.archive.file(file_name(one, old, ending), MOST_FILE_BYTES)
        if content is None or not content.startswith(JPEG):
            raise self._wrong(one, number, column)
        return {column: content}

    def _pointer(
        self, one: Table, number: int, column: Column, wanted: str, old: int, waiting: list[tuple[str, int]]
    ) -> int | None:
        target = self.numbers.get(wanted)
        found = target.get(old) if target is not None else None
        if found is not None:
            return found
        if column.is_link and not column.field.null:
            raise self._wrong(one, number, column.name)
        if not column.by_kind and (wanted == one.name or target is None):
            waiting.append((column.attribute, old))
        return None if column.field.null else 0

    def _value(self, one: Table, number: int, column: Column, value: Any) -> Any:
        try:
            if value is None:
                if not column.field.null:
                    raise ValidationError("empty")
                return None
            if isinstance(column.field, models.JSONField):
                if not all(_is_text(text) for text in _texts(value)):
                    raise ValidationError("sign")
                return value
            if isinstance(column.field, models.CharField | models.TextField):
                if not isinstance(value, str) or not _is_text(value):
                    raise ValidationError("text")
            elif isinstance(value, dict | list):
                raise ValidationError("list")
            made = column.field.to_python(value)
            if made not in ("", None):
                column.field.run_validators(made)
                if column.field.choices and made not in {key for key, _title in column.field.flatchoices}:
                    raise ValidationError("choice")
        except (ValidationError, ValueError, TypeError, OverflowError, RecursionError) as problem:
            raise self._wrong(one, number, column.name) from problem
        return self._actor(str(made)) if column.is_actor else made

    def _actor(self, ref: str) -> str:
        """Who did something: a user under their new number; others and holders of old links as they were, marked so."""
        match = _ACTOR.fullmatch(ref)
        if match is None:
            return ref
        known = self.numbers[USERS].get(int(match[2])) if match[1] == "user" else None
        return f"user:{known}" if known else f"was-{ref}"[:40]

    def _point(self, one: Table, attribute: str, pairs: list[tuple[int, int]]) -> None:
        """Set pointers that had to wait until what they point to was there; one to nothing stays empty."""
        target = next(column.target for column in one.columns if column.attribute == attribute)
        found = [(key, self.numbers.get(target, {}).get(old)) for key, old in pairs]
        manager = one.model._default_manager
        for start in range(0, len(found), BATCH):
            made = []
            for key, new in found[start : start + BATCH]:
                if new is not None:
                    row = one.model(pk=key)
                    setattr(row, attribute, new)
                    made.append(row)
            if made:
                manager.bulk_update(
                    made,
                    [
                        one.model._meta.get_field(attribute.removesuffix("_id")).name
                        if _is_link(one, attribute)
                        else attribute
                    ],
                )

    def _stops(self) -> None:
        people, places = self.numbers.get("people.person", {}), self.numbers.get("partnerships.partnership", {})
        for _number, row in self.archive.rows(STOPS):
            email = Person.objects.filter(space=self.space, pk=people.get(_key(row, "person"), 0)).values_list(
                "email", flat=True
            )
            for address in email:
                if address:
                    place = places.get(_key(row, "partnership"), 0)
                    stop_again(row, address, by=self.by, space_id=self.space.pk, partnership_id=place)

    def _wrong(self, one: Table, number: int, column: str) -> Refused:
        return Refused(
            _("Row %(row)d of the table “%(table)s” is not as it should be (%(column)s). Nothing was brought in.")
            % {"row": number, "table": one.title, "column": column}
        )


def _key(row: Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0


def _is_link(one: Table, attribute: str) -> bool:
    return any(column.attribute == attribute and column.is_link for column in one.columns)


def _is_text(text: str) -> bool:
    """Whether a database can keep it: no NUL, no half of a character."""
    return not any(sign == "\0" or 0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
