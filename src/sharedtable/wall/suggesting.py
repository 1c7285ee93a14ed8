"""Help with sorting cards: where each may belong, which say the same, what to call an area. Nothing happens by itself.

Lexical: words and pieces of words, weighted by how rare they are on this wall (TF-IDF). With the extra `suggest` half
of the weight goes to what a sentence means (`meaning.py`). An area stands where its title and the cards in it stand, so
every placement in this meeting teaches. No chance and no memory outside the log: the same log gives the same answer.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sharedtable.wall import meaning
from sharedtable.wall.state import Row, State

Vectors = npt.NDArray[np.float32]
BEST = 3
SAME = 0.6  # two cards that share so much say the same
NEAR = 0.28  # and so much: they may belong together
TITLE_WEIGHT = 2.0
PIECES = (3, 4)
MEANING = 0.5  # how much of the likeness comes from the meaning, where the extra is installed

STOP = frozenset(Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").split())


def words(text: str) -> list[str]:
    """The words of a text without accents and endings that say nothing, in both languages.

    >>> words("Training for the welders' apprentices")
    ['train', 'welder', 'apprent']
    >>> words("Capacitación de soldadores")
    ['capacita', 'soldador']
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [
        _stem(word)
        for word in re.findall(r"[a-z0-9]+", plain)
        if word not in STOP and (len(word) > 2 or word.isdigit())
    ]


_ENDINGS = (
    "aciones", "acion", "ciones", "cion", "mientos", "miento", "ings", "ing", "ices", "ice", "ies", "ers", "es", "s",
    "ed", "y",
)  # fmt: skip


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            kept = word[: -len(ending)]
            return kept + {"ers": "er", "aciones": "a", "acion": "a"}.get(ending, "")
    return word


def features(text: str) -> Counter[str]:
    """Words, pairs of neighbours and pieces of words; a word counts most."""
    found = words(text)
    counted: Counter[str] = Counter()
    for word in found:
        counted[word] += 4
        padded = f"<{word}>"
        for size in PIECES:
            for start in range(len(padded) - size + 1):
                counted["#" + padded[start : start + size]] += 1
    for one, two in zip(found, found[1:], strict=False):
        counted[f"{one} {two}"] += 2
    return counted


@dataclass
class Space:
    """Texts as unit vectors, weighted by how rare each feature is among them. `has_meaning`: with what they mean."""

    texts: Sequence[str]
    has_meaning: bool = False
    index: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counted = [features(text) for text in self.texts]
        spread = Counter(name for one in counted for name in one)
        self.index = {name: place for place, name in enumerate(sorted(spread))}
        weights = {name: math.log((1 + len(counted)) / (1 + many)) + 1 for name, many in spread.items()}
        self.vectors: Vectors = np.zeros((len(counted), max(1, len(self.index))), dtype=np.float32)
        for row, one in enumerate(counted):
            for name, count in one.items():
                self.vectors[row, self.index[name]] = math.sqrt(count) * weights[name]
        self.vectors = unit(self.vectors)
        meant = meaning.vectors(self.texts) if self.has_meaning else None
        if meant is not None:
            # What all texts of a wall share says nothing about where one of them belongs.
            centred = unit(meant - meant.mean(axis=0))
            self.vectors = np.hstack([math.sqrt(1 - MEANING) * self.vectors, math.sqrt(MEANING) * centred])


def unit(vectors: Vectors) -> Vectors:
    """Each row at length one; an empty one stays empty."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def rank(
    titles: Mapping[int, str],
    placed: Mapping[int, Sequence[str]],
    loose: Mapping[int, str],
    dismissed: frozenset[tuple[int, int]] = frozenset(),
    most: int = BEST,
) -> dict[int, list[int]]:
    """For each loose card the areas that it may belong to, the likeliest first; those waved away never.

    `titles`: area → its name; `placed`: area → the texts of the cards in it; `loose`: card → its text.
    """
    areas, cards = sorted(titles), sorted(loose)
    if not areas or not cards:
        # What cards mean is read as they come, so that nobody waits for a whole wall when the first area gets its name.
        meaning.vectors([loose[number] for number in cards])
        return {number: [] for number in cards}
    examples = [(area, text) for area in areas for text in placed.get(area, ())]
    texts = [*(titles[area] for area in areas), *(text for _area, text in examples), *(loose[n] for n in cards)]
    space = Space(texts, has_meaning=True)
    prototypes = TITLE_WEIGHT * space.vectors[: len(areas)]
    of_card = space.vectors[len(areas) + len(examples) :]
    likeness = unit(prototypes) @ of_card.T
    if examples:
        owners = np.array([areas.index(area) for area, _text in examples])
        each = space.vectors[len(areas) : len(areas) + len(examples)]
        for place in range(len(areas)):
            mine = each[owners == place]
            if len(mine):
                prototypes[place] += mine.sum(axis=0) / math.sqrt(len(mine))
        nearest = each @ of_card.T
        likeness = unit(prototypes) @ of_card.T
        for place in range(len(areas)):
            mine_near = nearest[owners == place]
            if len(mine_near):
                likeness[place] = 0.7 * likeness[place] + 0.3 * mine_near.max(axis=0)
    # Rounded before it is ordered, so that two machines which add in another order agree; ties by the older area.
    likeness = np.round(likeness, 5)
    return {
        number: [
            areas[place]
            for place in np.argsort(-likeness[:, column], kind="stable")
            if (number, areas[place]) not in dismissed
        ][:most]
        for column, number in enumerate(cards)
    }


def same(cards: Mapping[int, str]) -> dict[int, int]:
    """Cards that say the same as an older one: card → that one."""
    numbers = sorted(cards)
    if len(numbers) < 2:
        return {}
    alike = np.round(_likeness(cards, numbers), 5)
    found: dict[int, int] = {}
    for row in range(1, len(numbers)):
        best = int(np.argmax(alike[row, :row]))
        if alike[row, best] >= SAME:
            found[numbers[row]] = found.get(numbers[best], numbers[best])
    return found


def groups(cards: Mapping[int, str]) -> list[list[int]]:
    """A draft: cards that may belong together, the largest group first. A card that is like no other is in none."""
    numbers = sorted(cards)
    if len(numbers) < 2:
        return []
    alike = np.round(_likeness(cards, numbers), 5)
    members: list[list[int]] = [[row] for row in range(len(numbers))]
    # Join the two groups whose cards are on average most alike, until none are near.
    while len(members) > 1:
        best, pair = NEAR, None
        for one in range(len(members)):
            for two in range(one + 1, len(members)):
                mean = float(alike[np.ix_(members[one], members[two])].mean())
                if mean > best:
                    best, pair = mean, (one, two)
        if pair is None:
            break
        members[pair[0]] = sorted(members[pair[0]] + members.pop(pair[1]))
    found = [[numbers[row] for row in rows] for rows in members if len(rows) > 1]
    return sorted(found, key=lambda group: (-len(group), group))


def _likeness(cards: Mapping[int, str], numbers: list[int]) -> Vectors:
    vectors = Space([cards[number] for number in numbers]).vectors
    return np.asarray(vectors @ vectors.T, dtype=np.float32)


def names(texts: Sequence[str], others: Sequence[str] = (), most: int = 3) -> list[str]:
    """Names for an area in the cards' own words: what several of them say and the rest of the wall does not."""
    seen: dict[str, Counter[str]] = {}
    spread: Counter[str] = Counter()
    for text in texts:
        plain = re.findall(r"[^\W_]+", text)
        said = set()
        for size in (1, 2):
            for start in range(len(plain) - size + 1):
                part = plain[start : start + size]
                stems = [stem for word in part for stem in words(word)]
                if len(stems) == size:
                    seen.setdefault(" ".join(stems), Counter())[" ".join(part)] += 1
                    said.add(" ".join(stems))
        spread.update(said)
    elsewhere = Counter(stem for text in others for stem in set(words(text)))
    score = {
        name: (many - 0.5) * (1.6 if " " in name else 1.0) / (1 + elsewhere[name])
        for name, many in spread.items()
        if many > 1 or len(texts) == 1
    }
    chosen: list[str] = []
    for name in sorted(score, key=lambda name: (-score[name], name)):
        if not any(set(name.split()) & set(other.split()) for other in chosen):
            chosen.append(name)
    shown = (sorted(seen[name].items(), key=lambda item: (-item[1], item[0]))[0][0] for name in chosen[:most])
    return [one[:1].upper() + one[1:] for one in shown]


def help_of(state: State, name: str, *, draft: bool = False) -> dict[str, Any]:
    """The help for one round of a board."""
    cards: dict[int, Row] = {
        n: one
        for n, one in state.notes.items()
        if one["round"] == name and not (one["private"] or one["withdrawn"] or one["parked"] == "someone_else")
    }
    titles = {one["n"]: one["title"] for one in state.live_clusters(name)}
    placed: dict[int, list[str]] = {area: [] for area in titles}
    for one in cards.values():
        if one["cluster"] in placed:
            placed[one["cluster"]].append(one["text"])
    loose = {n: one["text"] for n, one in cards.items() if one["cluster"] not in titles}
    dismissed = frozenset((one["note"], one["cluster"]) for one in state.dismissed.values() if not one["gone"])
    texts = {n: one["text"] for n, one in cards.items()}
    found: dict[str, Any] = {
        "to": state.number,
        "areas": rank(titles, placed, loose, dismissed),
        "same": same(texts),
        "names": {
            area: names(inside, [one["text"] for one in cards.values() if one["cluster"] != area])
            for area, inside in placed.items()
            if inside
        },
    }
    if draft:
        found["draft"] = [
            {"notes": group, "names": names([loose[n] for n in group], [texts[n] for n in texts if n not in group])}
            for group in groups(loose)
        ]
    return found
