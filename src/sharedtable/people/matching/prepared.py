"""Many records made ready for comparison: cleaned once, as columns, with how rare each name is among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from sharedtable.people.matching import contacts, names, places
from sharedtable.people.matching.records import Firm, Human
from sharedtable.people.matching.weights import MANY, MOST_NAME_BITS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_USUAL_SHARE_OF_GENERIC = 1 / 20  # one company in twenty has a given generic word in its name


class Numbering:
    """Gives each text a number from 1; 0 is no text. Shared by both sides, so equal numbers are equal texts.

    A column that was numbered once is not numbered again: pairs come in pieces, and each piece asks for all columns.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}
        self.kept: dict[tuple[int, int], tuple[object, Ints]] = {}

    def __call__(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))

    def column(self, texts: Sequence[str]) -> Ints:
        """The numbers of a column."""
        return self._once(texts, 0, lambda: np.fromiter(map(self, texts), np.int64, len(texts)))

    def columns(self, lists: Sequence[Sequence[str]], width: int) -> Ints:
        """The numbers of a column that holds several texts a record, at most `width`."""

        def make() -> Ints:
            found = np.zeros((len(lists), width), np.int64)
            for row, texts in enumerate(lists):
                for place, text in enumerate(texts[:width]):
                    found[row, place] = self(text)
            return found

        return self._once(lists, width, make)

    def _once(self, texts: object, width: int, make: Callable[[], Ints]) -> Ints:
        key = (id(texts), width)
        if key not in self.kept:
            self.kept[key] = (texts, make())  # the column itself is kept too, so that its id is not used again
        return self.kept[key][1]


@dataclass
class Place:
    """Where: the address parts of the records of one side."""

    house: list[str]
    road: list[str]
    city: list[str]
    zip: list[str]
    state: list[str]

    @classmethod
    def of(cls, records: Sequence[Firm] | Sequence[Human]) -> Place:
        """Reads the addresses."""
        streets = [places.street_of(one.street) if one.street else ("", "") for one in records]
        return cls(
            [house for house, _road in streets],
            [road for _house, road in streets],
            [places.city_of(one.city) for one in records],
            [places.zip_of(one.zip_code) for one in records],
            [one.state_code.upper() for one in records],
        )


@dataclass
class Named:
    """One name of each company: its words, as a text, without spaces, its words in order, its telling ones in order."""

    words: list[tuple[str, ...]]
    title: list[str]
    joined: list[str]
    ordered: list[str]
    telling: list[str]

    @classmethod
    def of(cls, words: list[tuple[str, ...]]) -> Named:
        """All forms of the names."""
        return cls(
            words,
            [" ".join(one) for one in words],
            ["".join(one) for one in words],
            ["\0".join(sorted(one)) for one in words],
            ["\0".join(sorted(names.core(one))) for one in words],
        )


@dataclass
class Firms:
    """Companies as columns. `title`: the words of the name; `other`: those of a second name ("dba"), else ''."""

    words: list[tuple[str, ...]]
    other_words: list[tuple[str, ...]]
    title: list[str]
    other: list[str]
    initials: list[str]
    phones: list[tuple[str, ...]]
    domains: list[tuple[str, ...]]
    number: list[str]
    place: Place
    names: tuple[Named, Named]

    @classmethod
    def of(cls, records: Sequence[Firm]) -> Firms:
        """Cleans the records."""
        both = [names.variants(one.name) for one in records]
        words = [found[0] if found else () for found in both]
        other = [found[1] if len(found) > 1 else () for found in both]
        return cls(
            words,
            other,
            [" ".join(one) for one in words],
            [" ".join(one) for one in other],
            [names.initials_of(one) for one in words],
            [_unique(contacts.phone_of(phone) for phone in one.phones) for one in records],
            [_unique(contacts.domain_of(web) for web in one.web) for one in records],
            [names.plain_word(one.number) for one in records],
            Place.of(records),
            (Named.of(words), Named.of(other)),
        )

    def __len__(self) -> int:
        return len(self.title)


@dataclass
class Humans:
    """People as columns."""

    given: list[str]
    family: list[str]
    mails: list[tuple[str, ...]]
    domains: list[tuple[str, ...]]
    phones: list[tuple[str, ...]]
    firm: list[str]
    born: list[str]
    number: list[str]
    place: Place

    @classmethod
    def of(cls, records: Sequence[Human]) -> Humans:
        """Cleans the records."""
        return cls(
            [names.plain_word(one.given) for one in records],
            [names.plain_word(one.family) for one in records],
            [_unique(contacts.mail_of(mail) for mail in one.emails) for one in records],
            [_unique(contacts.domain_of(mail) for mail in one.emails) for one in records],
            [_unique(contacts.phone_of(phone) for phone in one.phones) for one in records],
            [" ".join(found[0]) if (found := names.variants(one.firm)) else "" for one in records],
            [names.plain_word(one.born) for one in records],
            [names.plain_word(one.number) for one in records],
            Place.of(records),
        )

    def __len__(self) -> int:
        return len(self.family)


class Rarity:
    """How many bits a shared word of a company's name is worth, by how many companies have it."""

    def __init__(self, *sides: Firms) -> None:
        self.kept: dict[int, tuple[object, Floats]] = {}
        seen = [side for number, side in enumerate(sides) if all(side is not other for other in sides[:number])]
        self.counts: Counter[str] = Counter()
        for side in seen:
            for words in side.words:
                self.counts.update(set(words))
            for words in side.other_words:
                self.counts.update(set(words))
        self.count = max(MANY, sum(len(side) for side in seen))

    def bits(self, words: tuple[str, ...], typed: Mapping[str, str] | None = None) -> float:
        """The bits of sharing all these words, at most those of an equal name.

        `typed`: wrongly typed words with what they mean; such a pair is worth no more than the commoner of both.
        """
        worth = {word: self.word(word) for word in words}
        for wrong, meant in (typed or {}).items():
            if meant in worth:
                worth[meant] = min(worth[meant], self.word(wrong))
        return min(MOST_NAME_BITS, sum(worth.values()))

    def column(self, words: list[tuple[str, ...]]) -> Floats:
        """The bits of each name of a column, worked out once."""
        if id(words) not in self.kept:
            self.kept[id(words)] = (words, np.array([self.bits(one) for one in words]))
        return self.kept[id(words)][1]

    def word(self, word: str) -> float:
        """The bits of sharing one word; words that say what kind of firm it is count as common in any list."""
        share = max(self.counts[word], 1) / self.count
        if word in names.GENERIC:
            share = max(share, _USUAL_SHARE_OF_GENERIC)
        return -log2(min(share, 1.0))


def _unique(texts: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))  # type: ignore[attr-defined]
