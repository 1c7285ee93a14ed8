"""The plain-text form of definitions: lines of `key = value`, a small part of TOML."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sharedtable.errors import Refused

LONGEST_NAME = 120
LONGEST_NOTE = 4_000
LONGEST_TEXT = 400_000  # all 3,200 counties with titles are about 130 kB
MOST_DOTS = LONGEST_NOTE + 2_000  # a key of 50,000 dotted parts keeps the reader busy for a minute
# Signs that show a name otherwise than it is written, or not at all.
_HIDDEN = frozenset("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Fields:
    """The keys of one definition, checked for their kind when they are asked for."""

    kind: str
    values: dict[str, object]

    def text(self, key: str, default: str | None = None) -> str:
        value = self._value(key, default)
        if not isinstance(value, str):
            raise Refused(f'In this {self.kind}, {key} has to be a text in quotation marks, such as {key} = "…".')
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._value(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise Refused(f'In this {self.kind}, {key} has to be a list of texts, such as {key} = ["…", "…"].')
        return tuple(value)

    def number(self, key: str, default: int) -> int:
        value = self._value(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused(f"In this {self.kind}, {key} has to be a whole number, such as {key} = 2.")
        return value

    def _value(self, key: str, default: object) -> object:
        value = self.values.get(key, default)
        if value is None:
            raise Refused(f"This {self.kind} has no {key}. Add a line {key} = ….")
        return value


def read(text: str, kind: str, keys: set[str]) -> Fields:
    """Read a definition of a kind. Fails with Refused on a broken line, another kind, or a key that it cannot have."""
    if len(text) > LONGEST_TEXT:
        raise Refused(f"This text is too long for a {kind} ({len(text):,} characters). Give a single definition.")
    if text.count(".") > MOST_DOTS:
        raise Refused(f"This text of a {kind} has more dots than any definition. Give a single definition.")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as why:  # a number of 5,000 digits is no error of TOML
        raise Refused(
            f"This text of a {kind} cannot be read: {why}. Lines look like name = “…” in straight quotes."
        ) from why
    found = values.pop("kind", None)
    if found != kind:
        raise Refused(f'This is not the text of a {kind}: it has to hold the line kind = "{kind}".')
    strangers = sorted(set(values) - keys)
    if strangers:
        raise Refused(f"A {kind} has no “{strangers[0]}”. It can have: {', '.join(sorted(keys))}.")
    return Fields(kind, values)


def head(kind: str, name: str, version: int, note: str) -> str:
    """The first lines of a definition."""
    lines = [f'kind = "{kind}"', f"name = {_quoted(name)}", f"version = {version}"]
    if note:
        lines.append(f"note = {_quoted(note)}")
    return "\n".join(lines) + "\n"


def listing(key: str, items: Sequence[tuple[str, str]]) -> str:
    """A list, one item a line with its title as a comment."""
    lines = [f"  {_quoted(item)}," + (f"  # {title}" if title else "") for item, title in items]
    return "\n".join([f"{key} = [", *lines, "]"]) + "\n"


def check_head(kind: str, name: str, version: int, note: str) -> None:
    """Refuse a name, version or note that a definition cannot have."""
    if not name.strip() or name != name.strip():
        raise Refused(f"A {kind} needs a name that neither begins nor ends with a space.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"The name of a {kind} may have {LONGEST_NAME} characters; this one has {len(name)}. Shorten it.")
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _HIDDEN for sign in name):
        raise Refused(f"The name of a {kind} has to be one line of plain characters.")
    if version < 1:
        raise Refused(f"Versions of a {kind} count from 1, not {version}.")
    if len(note) > LONGEST_NOTE:
        raise Refused(
            f"The note of a {kind} may have {LONGEST_NOTE:,} characters; this one has {len(note):,}. Shorten it."
        )
    if any(unicodedata.category(character) == "Cs" for character in note):
        raise Refused(f"The note of a {kind} holds a broken character. Write it again.")


def check_note(note: str) -> None:
    """Refuse a new version without a reason."""
    if not note.strip():
        raise Refused("A new version needs a note that says what changed and why.")


def check_unique(kind: str, name: str, thing: str, items: Sequence[str]) -> None:
    """Refuse an empty list and an item that is there twice."""
    if not items:
        raise Refused(f"The {kind} “{name}” has no {thing}. Name at least one.")
    twice = next((item for item, count in Counter(items).items() if count > 1), None)
    if twice is not None:
        raise Refused(f"The {kind} “{name}” names {thing} {twice} twice. Name it once.")


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's too, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
