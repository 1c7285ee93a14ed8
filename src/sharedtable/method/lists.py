"""Lists of the method: roles, duties, steps, obstacles, as data that a person who does not program can change.

Each file holds entries `[[item]]` with an id, the lines that they rest on, a title and a text in each language, and
the keys that belong to that list alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.method import toml_data

# Which further keys the entries of a list must have, and which they may have.
LISTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "roles": (frozenset({"table", "has_vote"}), frozenset({"term_preset", "most_preset", "acts_for", "is_of"})),
    "duties": (frozenset({"roles"}), frozenset()),
    "steps": (frozenset({"number", "is_peak"}), frozenset()),
    "checks": (frozenset({"step"}), frozenset()),
    "obstacles": (frozenset(), frozenset()),
    "map_places": (frozenset(), frozenset()),
    "convener_questions": (frozenset(), frozenset()),
    "agendas": (frozenset({"systems"}), frozenset()),
    "clock": (frozenset({"preset"}), frozenset({"is_first_only", "kind"})),
    "shares": (frozenset(), frozenset()),
    "screens": (frozenset(), frozenset()),
    "connection_questions": (frozenset(), frozenset()),
    "responsibility_groups": (frozenset(), frozenset()),
    "responsibilities": (frozenset({"group", "step"}), frozenset()),
    "pitch_audiences": (frozenset(), frozenset()),
    "talking_points": (frozenset({"group"}), frozenset()),
    "words_to_avoid": (frozenset(), frozenset()),
    "outreach_kinds": (frozenset(), frozenset()),
    "outreach_ways": (frozenset(), frozenset()),
    "pathway_definitions": (frozenset({"kind"}), frozenset()),
    "step_tools": (frozenset({"step", "route", "done"}), frozenset({"tool", "kind", "is_last", "optional"})),
    "turning_points": (frozenset({"step", "done"}), frozenset()),
    "materials": (frozenset(), frozenset()),
    "senior_titles": (frozenset({"words"}), frozenset()),
}
_TEXTS = frozenset({"title", "text"})


@dataclass(frozen=True)
class Item:
    """One entry: its id, source, the words of each language, and its further values."""

    id: str
    source: str
    words: Mapping[str, Mapping[str, str]]
    more: Mapping[str, Any]

    def title(self, language: str) -> str:
        """What it is called (in English for a language that is not here)."""
        return self.words.get(language, self.words["en"])["title"]

    def text(self, language: str) -> str:
        """What it means."""
        return self.words.get(language, self.words["en"])["text"]


@cache
def items(name: str) -> Mapping[str, Item]:
    """The entries of a list by their id, in order.

    >>> [item.id for item in items("map_places").values()][:2]
    ['members', 'suppliers']
    """
    return load(toml_data.FOLDER / f"{name}.toml", name)


def item(name: str, key: str) -> Item:
    """One entry. Fails with Missing when the list has none of that id."""
    try:
        return items(name)[key]
    except KeyError:
        raise Missing(f"There is no “{key}” in the list {name}. There are: {', '.join(items(name))}.") from None


def load(path: Path, name: str) -> Mapping[str, Item]:
    """The entries of a file, checked: unknown and missing keys, languages, sources and doubles are refused by name."""
    needed, optional = LISTS[name]
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"item"})
    found: dict[str, Item] = {}
    for entry in data["item"]:
        where = f"{path.name}, {entry.get('id', 'an item without an id')}"
        toml_data.check_keys(where, entry, {"id", "source", *toml_data.LANGUAGES}, {*needed, *optional})
        if missing := sorted(needed - entry.keys()):
            raise Refused(f"{where} lacks “{missing[0]}”. Add it.")
        for language in toml_data.LANGUAGES:
            toml_data.check_keys(f"{where}, {language}", entry[language], set(_TEXTS))
        if entry["id"] in found:
            raise Refused(f"{where} stands twice. Give each entry an id of its own.")
        words = {language: MappingProxyType(dict(entry[language])) for language in toml_data.LANGUAGES}
        more = {key: entry[key] for key in (needed | optional) & entry.keys()}
        found[entry["id"]] = Item(
            entry["id"],
            toml_data.check_source(where, entry["source"]),
            MappingProxyType(words),
            MappingProxyType(more),
        )
    return MappingProxyType(found)
