"""How a champion is recognized: three tests (row A07) and five traits (row A08), as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Refused
from sharedtable.method import toml_data

_TEXTS = ("title", "means", "ask")


@dataclass(frozen=True)
class Sign:
    """One test or trait in one language: its name, what it means, and what to ask somebody who knows the person."""

    id: str
    title: str
    means: str
    ask: str
    source: str


@dataclass(frozen=True)
class Champions:
    """The tests and the traits in one language, in the order of the method."""

    tests: tuple[Sign, ...]
    traits: tuple[Sign, ...]

    @property
    def signs(self) -> Mapping[str, Sign]:
        """All of them by their id."""
        return {sign.id: sign for sign in (*self.tests, *self.traits)}


@cache
def champions(language: str = "en") -> Champions:
    """The tests and traits in English or Spanish (English for a language that is not here).

    >>> [test.id for test in champions("en").tests]
    ['test_company', 'test_industry', 'test_community']
    """
    found = load(toml_data.FOLDER / "champions.toml")
    return found.get(language, found["en"])


def load(path: Path) -> Mapping[str, Champions]:
    """The tests and traits of a file in each language, checked.

    Fails with Refused on an entry without a source, a missing language or text, a name that stands twice, and a key
    that is not known.
    """
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"test", "trait"})
    names = [entry.get("id") for kind in ("test", "trait") for entry in data[kind]]
    if twice := [name for name in names if names.count(name) > 1]:
        raise Refused(f"{path.name}, {twice[0]} stands twice. Give each a name of its own.")
    return {
        language: Champions(
            tuple(_sign(path.name, entry, language) for entry in data["test"]),
            tuple(_sign(path.name, entry, language) for entry in data["trait"]),
        )
        for language in toml_data.LANGUAGES
    }


def _sign(file: str, entry: Mapping[str, Any], language: str) -> Sign:
    where = f"{file}, {entry.get('id', 'an entry without an id')}"
    toml_data.check_keys(where, entry, {"id", *toml_data.LANGUAGES}, {"source"})
    toml_data.check_keys(f"{where}, {language}", entry[language], set(_TEXTS))
    title, means, ask = (entry[language][key].strip() for key in _TEXTS)
    return Sign(entry["id"], title, means, ask, toml_data.check_source(where, entry.get("source")))
