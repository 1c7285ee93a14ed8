"""What the pages of the library show: shelves with the team's own answers in them, one entry, what a search finds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.library.actions import OWN, SHELF
from sharedtable.library.models import OwnAnswer, ReadMark
from sharedtable.method import articles
from sharedtable.method.articles import Article, Part
from sharedtable.method.presets import presets
from sharedtable.method.tools import tools
from sharedtable.worksheets.models import SpacePreset

MOST_FOUND = 60
# What needs the record to say anything is not shown as a text of its own.
HIDDEN = frozenset({"prompts"})


@dataclass(frozen=True)
class Entry:
    """One entry as it is shown: the shipped text or the team's own, in the reader's language.

    `own`: the team's answer, if it has one. `shipped`: the shipped entry; None for a question of the team's own.
    """

    shelf: str
    id: str
    title: str
    text: str
    shipped: Article | None = None
    own: OwnAnswer | None = None
    shipped_text: str = ""
    is_other_language: bool = False

    @property
    def parts(self) -> list[Part]:
        """Its paragraphs and lists."""
        return list(articles.parts(self.text))

    @property
    def shipped_parts(self) -> list[Part]:
        """The shipped text, where the team has another."""
        return list(articles.parts(self.shipped_text))

    @property
    def opening(self) -> str:
        """Its first paragraph, shortened for a list."""
        first = next((part.text or part.lines[0] for part in self.parts), "")
        return first if len(first) <= 170 else f"{first[:160].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True)
class Link:
    """Something to read next. `tool`: the id of a worksheet, which only a team can open."""

    title: str
    shelf: str = ""
    id: str = ""
    tool: str = ""


@dataclass(frozen=True)
class EntryPage:
    """One entry with what hangs on it."""

    entry: Entry
    links: Sequence[Link]
    may_change: bool


@dataclass(frozen=True)
class ShelfPage:
    """A shelf. `read`: ids that the reader ticked; `readers`: how many people of the team ticked each."""

    name: str
    entries: Sequence[Entry]
    may_change: bool
    may_tick: bool
    read: frozenset[str] = frozenset()
    readers: Mapping[str, int] = field(default_factory=dict)


def _own(by: Actor) -> dict[str, OwnAnswer]:
    if by.space is None or not by.may("library.see"):
        return {}
    return {one.entry: one for one in OwnAnswer.objects.filter(space_id=by.space_id, retired_at=None)}


def _numbers(by: Actor) -> dict[str, float]:
    """The numbers of the method that the reader's team changed."""
    if by.space is None or not by.may("library.see"):
        return {}
    newest: dict[str, SpacePreset] = {}
    for one in SpacePreset.objects.filter(space_id=by.space_id).order_by("-id"):
        newest.setdefault(one.key, one)
    return {key: float(one.value) for key, one in newest.items() if one.value is not None and key in presets()}


def _shown(found: Article, own: OwnAnswer | None, numbers: Mapping[str, float], language: str) -> Entry:
    text = found.text(language, numbers)
    if own is None or found.shelf != SHELF:
        return Entry(found.shelf, found.id, found.title(language), text, found)
    question, answer = own.words(language)
    return Entry(found.shelf, found.id, question, answer, found, own, text, not own.is_in(language))


def _entries(name: str, own: Mapping[str, OwnAnswer], numbers: Mapping[str, float], language: str) -> list[Entry]:
    shown = [_shown(found, own.get(found.id), numbers, language) for found in articles.shelf(name).values()]
    if name == SHELF:
        for one in own.values():
            if one.entry.startswith(OWN):
                question, answer = one.words(language)
                shown.append(
                    Entry(name, one.entry, question, answer, None, one, is_other_language=not one.is_in(language))
                )
    if name == "glossary":
        shown.sort(key=lambda entry: plain(entry.title))
    return shown


def shelf_page(by: Actor, name: str, language: str) -> ShelfPage:
    """A shelf as the reader sees it. Fails with Missing when there is none of that name."""
    if name in HIDDEN:
        raise Missing("The story prompts stand at a partnership, whose numbers they need.")
    entries = _entries(name, _own(by) if name == SHELF else {}, _numbers(by), language)
    may_tick = name == "reading" and by.may("library.read")
    marks = list(ReadMark.objects.filter(space_id=by.space_id)) if may_tick else []
    readers: dict[str, int] = {}
    for mark in marks:
        readers[mark.entry] = readers.get(mark.entry, 0) + 1
    return ShelfPage(
        name, entries, name == SHELF and by.may_everywhere("library.change"), may_tick,
        frozenset(mark.entry for mark in marks if mark.by == by.ref), readers,
    )  # fmt: skip


def entry_page(by: Actor, name: str, entry: str, language: str) -> EntryPage:
    """One entry. Fails with Missing when it is not there for this reader."""
    own = _own(by) if name == SHELF else {}
    found = next((one for one in _entries(name, own, _numbers(by), language) if one.id == entry), None)
    if found is None or name in HIDDEN:
        raise Missing("That text is not in the library.")
    links = links_of(found.shipped.see if found.shipped else (), language, with_tools=by.may("worksheets.see"))
    return EntryPage(found, links, name == SHELF and by.may_everywhere("library.change"))


def links_of(keys: Iterable[str], language: str, *, with_tools: bool) -> list[Link]:
    """What to read next, by name; worksheets only for who may open them."""
    found = []
    for key in keys:
        name, _, entry = key.partition("/")
        if name == "worksheet":
            if with_tools:
                found.append(Link(tools()[entry].sheet(language).title, tool=entry))
        else:
            found.append(Link(articles.article(key).title(language), name, entry))
    return found


def own_entries(by: Actor, language: str) -> list[Entry]:
    """The questions that the team answers in its own words: where it differs from the shipped library."""
    return [one for one in _entries(SHELF, _own(by), {}, language) if one.own is not None]


def help_page(by: Actor, route: str, language: str) -> list[EntryPage]:
    """The entries that help with a page, whole, with the team's own answers. Fails with Missing when there are none."""
    wanted = articles.help_for(route)
    if not wanted:
        raise Missing("There is no help for that page.")
    own, numbers, sees = _own(by), _numbers(by), by.may("worksheets.see")
    shown = [_shown(found, own.get(found.id), numbers, language) for found in wanted]
    return [
        EntryPage(one, links_of(one.shipped.see if one.shipped else (), language, with_tools=sees), False)
        for one in shown
    ]


# --- searching --------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Small letters without accents, so that "alcance" finds "Alcancé" and "region" finds "región"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def search(by: Actor, words: str, language: str) -> list[Entry]:
    """The entries in which every word stands, best first: in the title before in the text; each shelf in its order.

    Where nothing is found, the other language is tried, so that a word of either finds its entry.
    """
    wanted = [_stem(word) for word in re.findall(r"\w+", plain(words))]
    if not wanted:
        return []
    own, numbers = _own(by), _numbers(by)
    shelves = [name for name in articles.SHELVES if name not in HIDDEN]
    here = {name: _entries(name, own if name == SHELF else {}, numbers, language) for name in shelves}
    found = _ranked(here, wanted)
    if not found:
        other = "en" if language == "es" else "es"
        there = {name: _entries(name, own if name == SHELF else {}, numbers, other) for name in shelves}
        keys = {(one.shelf, one.id) for one in _ranked(there, wanted)}
        found = [one for entries in here.values() for one in entries if (one.shelf, one.id) in keys]
    return found[:MOST_FOUND]


def _ranked(shelves: Mapping[str, Sequence[Entry]], wanted: Sequence[str]) -> list[Entry]:
    scored: list[tuple[int, Entry]] = []
    for entries in shelves.values():
        for entry in entries:
            title, text = plain(entry.title), plain(entry.text)
            if all(word in title or word in text for word in wanted):
                scored.append((sum(word not in title for word in wanted), entry))
    return [entry for _score, entry in sorted(scored, key=lambda pair: pair[0])]
