"""The texts of the library: glossary, questions, topics, lessons, fact cards, reading, stories, states, story prompts.

Each shelf is one file in `library/` with entries `[[item]]`: an id, the lines that they rest on, a title and a text in
each language. A text is paragraphs with an empty line between them; lines that begin with "- " are a list. It may name
a preset in braces, `{launch_businesses_target}`. Any other number in it stands in `number`, with its source. A
`figure` is a number that is also shown large, in words of both languages. `see` names other entries as "shelf/id".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.method import presets as preset_data
from sharedtable.method import toml_data
from sharedtable.method.tools import tools

FOLDER = toml_data.FOLDER / "library"
# The shelves in the order in which a new team needs them: further keys that an entry must have, and may have.
SHELVES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "topics": (frozenset(), frozenset()),
    "questions": (frozenset(), frozenset()),
    "glossary": (frozenset(), frozenset()),
    "lessons": (frozenset(), frozenset()),
    "facts": (frozenset(), frozenset()),
    "reading": (frozenset({"minutes"}), frozenset({"address"})),
    "stories": (frozenset({"figure"}), frozenset({"example"})),
    "states": (frozenset({"group"}), frozenset({"places"})),
    "prompts": (frozenset({"group"}), frozenset()),
}
GROUPS: Mapping[str, frozenset[str]] = {
    "states": frozenset({"guidepost", "action", "policy", "history"}),
    "prompts": frozenset({"people", "work", "results", "voices", "next"}),
}
# What the record can put into a story prompt; the answers stand in the room `library`.
PLACES = frozenset({
    "partnership", "sector", "region", "counties", "companies", "members", "champions", "chairs", "partners",
    "supporters", "partner_systems", "conveners", "convener_hours", "months", "launch", "meetings", "decisions",
    "early_voices", "action_areas", "new_members", "seat_changes", "rounds", "answers", "contributions", "programs",
})  # fmt: skip
_TEXTS = {"title", "text"}
# A name in braces; with words behind it, those that go with the number: {counties:county|counties}.
_BRACES = re.compile(r"\{(\w+)(?::[^|{}]+\|[^|{}]+)?\}")
_STATE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Figure:
    """A number of an entry: as written, where it comes from, and, when it is shown large, what it counts."""

    value: str
    source: str
    words: Mapping[str, str]

    def what(self, language: str) -> str:
        """What it counts; empty for a number that only stands in a text."""
        return self.words.get(language, self.words.get("en", ""))


@dataclass(frozen=True)
class Article:
    """One entry of a shelf."""

    shelf: str
    id: str
    source: str
    words: Mapping[str, Mapping[str, str]]
    numbers: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    see: tuple[str, ...]
    more: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Shelf and id, as other entries name it."""
        return f"{self.shelf}/{self.id}"

    def title(self, language: str) -> str:
        """What it is called (in English for a language that is not here)."""
        return self.words.get(language, self.words["en"])["title"]

    def text(self, language: str, numbers: Mapping[str, float] | None = None) -> str:
        """What it says, with the method's numbers in it; `numbers`: those that a team changed."""
        own = numbers or {}

        def filled(hit: re.Match[str]) -> str:
            name = hit[1]
            if name not in preset_data.presets():
                return hit[0]
            return f"{own.get(name, preset_data.preset(name).value):g}"

        return _BRACES.sub(filled, self.words.get(language, self.words["en"])["text"])

    @property
    def sources(self) -> tuple[str, ...]:
        """Every line that it rests on, once."""
        found = [self.source, *(one.source for one in (*self.figures, *self.numbers))]
        return tuple(dict.fromkeys(part.strip() for one in found for part in one.split(",")))


def shelf(name: str) -> Mapping[str, Article]:
    """The entries of a shelf by their id, in order. Fails with Missing when there is no such shelf.

    >>> [entry.id for entry in shelf("lessons").values()][0]
    'regions'
    """
    if name not in SHELVES:
        raise Missing(f"There is no shelf “{name}”. There are: {', '.join(SHELVES)}.")
    return library()[name]


def article(key: str) -> Article:
    """One entry by "shelf/id". Fails with Missing when it is not there."""
    name, _, entry = key.partition("/")
    found = shelf(name).get(entry)
    if found is None:
        raise Missing(f"There is no “{entry}” on the shelf {name}.")
    return found


@cache
def library(folder: Path = FOLDER) -> Mapping[str, Mapping[str, Article]]:
    """Every shelf. Fails with Refused, naming file, place and cure, on anything wrong in a file."""
    found = {name: load(folder / f"{name}.toml", name) for name in SHELVES}
    known = {entry.key for entries in found.values() for entry in entries.values()}
    known |= {f"worksheet/{name}" for name in tools()}
    for entries in found.values():
        for entry in entries.values():
            if dangling := [key for key in entry.see if key not in known or key == entry.key]:
                raise Refused(f"{entry.shelf}.toml, {entry.id} names “{dangling[0]}” in `see`, which is not there.")
    return MappingProxyType(found)


def load(path: Path, name: str) -> Mapping[str, Article]:
    """The entries of one file, checked by themselves."""
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"item"})
    found: dict[str, Article] = {}
    for entry in data["item"]:
        where = f"{path.name}, {entry.get('id', 'an item without an id')}"
        made = _article(where, name, entry)
        if made.id in found:
            raise Refused(f"{where} stands twice. Give each entry an id of its own.")
        found[made.id] = made
    return MappingProxyType(found)


def _article(where: str, name: str, entry: Mapping[str, Any]) -> Article:
    needed, optional = SHELVES[name]
    toml_data.check_keys(
        where, entry, {"id", "source", *needed, *toml_data.LANGUAGES}, {*optional, "number", "figure", "see"}
    )
    if name in GROUPS and entry["group"] not in GROUPS[name]:
        raise Refused(f"{where} has the group “{entry['group']}”. There are: {', '.join(sorted(GROUPS[name]))}.")
    if bad := [code for code in entry.get("places", ()) if not _STATE.fullmatch(code)]:
        raise Refused(f"{where} names the state “{bad[0]}”. Write two capital letters, such as CO.")
    numbers = tuple(_figure(where, one, is_shown=False) for one in entry.get("number", ()))
    figures = tuple(_figure(where, one, is_shown=True) for one in entry.get("figure", ()))
    known = {piece for one in (*numbers, *figures) for piece in toml_data.numbers_in(one.value)}
    for language in toml_data.LANGUAGES:
        at = f"{where}, {language}"
        toml_data.check_keys(at, entry[language], _TEXTS)
        _check_text(at, name, entry[language], known)
        for one in figures:
            if bare := sorted(toml_data.numbers_in(one.what(language)) - known):
                raise Refused(f"{at} names the number {bare[0]} without a source, at a figure. Add it to `number`.")
    return Article(
        name, entry["id"], toml_data.check_source(where, entry["source"]),
        MappingProxyType({one: _clean(entry[one]) for one in toml_data.LANGUAGES}), numbers, figures,
        tuple(entry.get("see", ())),
        MappingProxyType({key: entry[key] for key in (needed | optional) & entry.keys() if key != "figure"}),
    )  # fmt: skip


def _clean(words: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({key: words[key].strip() for key in _TEXTS})


def _figure(where: str, found: Mapping[str, Any], *, is_shown: bool) -> Figure:
    words = set(toml_data.LANGUAGES) if is_shown else {"what"}
    toml_data.check_keys(f"{where}, a number", found, {"value", *words}, {"source"})
    source = toml_data.check_source(where, found.get("source"))
    kept = {language: str(found[language]) for language in toml_data.LANGUAGES} if is_shown else {}
    return Figure(str(found["value"]), source, MappingProxyType(kept))


def _check_text(where: str, name: str, words: Mapping[str, str], known: set[str]) -> None:
    for text in (words["title"], words["text"]):
        for inside in _BRACES.findall(text):
            if inside not in preset_data.presets() and not (name == "prompts" and inside in PLACES):
                raise Refused(f"{where} names “{{{inside}}}”, which is no preset. Correct the name in “{text[:60]}”.")
        if bare := sorted(toml_data.numbers_in(_BRACES.sub("", text)) - known):
            raise Refused(f"{where} names the number {bare[0]} without a source, in “{text[:60]}”. Add it to `number`.")


# --- texts in parts ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A paragraph (`text`), or a list (`lines`)."""

    text: str = ""
    lines: tuple[str, ...] = ()


def parts(text: str) -> Iterator[Part]:
    """The paragraphs and lists of a text, in order.

    >>> [part.text or part.lines for part in parts("One." + chr(10) * 2 + "- a" + chr(10) + "- b")]
    ['One.', ('a', 'b')]
    """
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines()]
        said = " ".join(line for line in lines if not line.startswith("- "))
        listed = tuple(line[2:] for line in lines if line.startswith("- "))
        if said:
            yield Part(text=said)
        if listed:
            yield Part(lines=listed)


# --- which entries help with which page -------------------------------------------------------------------------------


def help_for(route: str) -> tuple[Article, ...]:
    """The entries that help with a page: those of the longest name in `pages.toml` with which the route begins."""
    parts_of = route.split("-")
    known = pages()
    for count in range(len(parts_of), 0, -1):
        name = "-".join(parts_of[:count])
        if name in known:
            return tuple(article(key) for key in known[name])
    return ()


def has_help(route: str) -> bool:
    """Whether somebody thought of this page, even if to say that it needs no help."""
    parts_of = route.split("-")
    return any("-".join(parts_of[:count]) in pages() for count in range(len(parts_of), 0, -1))


@cache
def pages(path: Path = FOLDER / "pages.toml") -> Mapping[str, tuple[str, ...]]:
    """Page → entries that help with it; none: it needs none. Fails with Refused on an entry that is not there."""
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"pages"})
    for name, keys in data["pages"].items():
        for key in keys:
            try:
                article(key)
            except Missing as missing:
                raise Refused(f"{path.name}, {name} names “{key}”. {missing}") from missing
    return MappingProxyType({name: tuple(keys) for name, keys in data["pages"].items()})
