"""Answers of many merged into one picture: by company, by agency, by option. Plain values, knows no database.

A line such as "Acme Plastics, Jo Doe, openings" is parted at its commas; its first part says whom or what it is about.
Two lines are about the same when their first parts are the same words, small letters, accents and "Inc." aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sharedtable.method.pictures import Picture
from sharedtable.method.questions import Question, Worksheet
from sharedtable.people.matching.names import core, tokens_of
from sharedtable.worksheets.results import Filled
from sharedtable.worksheets.values import in_words, is_shown

_PARTS = re.compile(r"\s*[,;\t]\s*|\s+[–—-]\s+")
MOST_LINES = 60  # of one answer
LONGEST_NAME = 80


@dataclass
class Entry:
    """One company, group or organization that somebody wrote down: by whom, with what was said beside it."""

    key: str
    name: str
    said: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    @property
    def is_overlap(self) -> bool:
        """Whether several wrote it down."""
        return len(self.said) > 1


@dataclass(frozen=True)
class Way:
    """People go from one to the other; `told_by`: who says so. Both sides: the hand-off is sure."""

    start: str
    end: str
    told_by: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether both ends say so."""
        return len(self.told_by) > 1


@dataclass(frozen=True)
class Marked:
    """One question with who chose which option, in the order of the options."""

    question: Question
    options: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Card:
    """One whole answer: who, and question by question what."""

    who: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Merged:
    """One picture with what it shows; only what its kind uses is filled."""

    picture: Picture
    entries: tuple[Entry, ...] = ()
    by_who: tuple[tuple[str, int], ...] = ()
    ways: tuple[Way, ...] = ()
    marked: tuple[Marked, ...] = ()
    cards: tuple[tuple[str, tuple[Card, ...]], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.entries or self.ways or self.marked or self.cards)

    @property
    def overlaps(self) -> list[Entry]:
        """What more than one wrote down."""
        return [one for one in self.entries if one.is_overlap]


def merged(worksheet: Worksheet, sheets: Sequence[Filled]) -> list[Merged]:
    """Every picture of a worksheet. A sheet without a name counts under one of its own ("1", "2" …)."""
    # By name: sheets come in a drawn order, and a picture should look the same each time.
    numbered = [(sheet.who or str(number), sheet) for number, sheet in enumerate(sheets, 1)]
    named = sorted(numbered, key=lambda one: one[0].casefold())
    return [_MAKERS[picture.kind](picture, worksheet, named) for picture in worksheet.pictures]


Named = Sequence[tuple[str, Filled]]


def _lines_of(worksheet: Worksheet, name: str, named: Named) -> Iterator[tuple[str, list[str]]]:
    question = worksheet.question(name)
    for who, sheet in named:
        text = sheet.values.get(name)
        if question is None or not isinstance(text, str) or not is_shown(worksheet, question, sheet.values):
            continue
        for line in text.splitlines()[:MOST_LINES]:
            parts = [part for part in _PARTS.split(line.strip(" \t•*·")) if part]
            if parts:
                yield who, parts


def key_of(name: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(core(tokens_of(name))) or name.casefold()


def _lines(picture: Picture, worksheet: Worksheet, named: Named) -> Merged:
    found: dict[str, Entry] = {}
    count: dict[str, int] = {}
    for who, parts in _lines_of(worksheet, picture.questions[0], named):
        entry = found.setdefault(key_of(parts[0]), Entry(key_of(parts[0]), parts[0][:LONGEST_NAME]))
        entry.said.setdefault(who, []).append(tuple(parts[1:]))
        count[who] = count.get(who, 0) + 1
    ordered = sorted(found.values(), key=lambda one: (-len(one.said), one.name.casefold()))
    return Merged(picture, tuple(ordered), tuple(sorted(count.items(), key=lambda one: (-one[1], one[0]))))


def _hands(picture: Picture, worksheet: Worksheet, named: Named) -> Merged:
    names = {key_of(who): who for who, _sheet in named}
    ways: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for name, is_in in zip(picture.questions, (True, False), strict=True):
        for who, parts in _lines_of(worksheet, name, named):
            other = names.setdefault(key_of(parts[0]), parts[0][:LONGEST_NAME])
            if other == who:
                continue
            told, notes = ways.setdefault((other, who) if is_in else (who, other), ([], []))
            told += [who] if who not in told else []
            notes += [note for note in [", ".join(parts[1:])] if note and note not in notes]
    made = [Way(start, end, tuple(told), tuple(notes)) for (start, end), (told, notes) in ways.items()]
    return Merged(picture, ways=tuple(sorted(made, key=lambda one: (not one.is_sure, one.start, one.end))))


def _options(question: Question, chosen: Mapping[str, Sequence[str]]) -> Marked:
    return Marked(question, tuple((option.text, tuple(chosen.get(option.id, ()))) for option in question.options))


def _marks(picture: Picture, worksheet: Worksheet, named: Named) -> Merged:
    made = []
    for name in picture.questions:
        question = worksheet.question(name)
        chosen: dict[str, list[str]] = {}
        for who, sheet in named:
            value = sheet.values.get(name)
            if question is not None and is_shown(worksheet, question, sheet.values):
                for one in value if isinstance(value, list) else [value]:
                    if one is not None:
                        chosen.setdefault(str(one), []).append(who)
        if question is not None and chosen:
            made.append(_options(question, chosen))
    return Merged(picture, marked=tuple(made))


def _sheets(picture: Picture, worksheet: Worksheet, named: Named) -> Merged:
    by = worksheet.question(picture.by)
    cards: dict[str, list[Card]] = {option.id: [] for option in by.options} if by else {}
    for _who, sheet in named:
        lines = []
        for name in picture.questions:
            question = worksheet.question(name)
            if question is not None and sheet.values.get(name) is not None:
                lines.append((question.title, in_words(question, sheet.values[name])))
        group = sheet.values.get(picture.by)
        if lines and isinstance(group, str) and group in cards:
            cards[group].append(Card(sheet.who, tuple(lines)))
    titles = {option.id: option.text for option in by.options} if by else {}
    return Merged(picture, cards=tuple((titles[key], tuple(found)) for key, found in cards.items() if found))


_MAKERS = {"lines": _lines, "hands": _hands, "groups": _marks, "marks": _marks, "sheets": _sheets}
