"""Suggested areas: how often the right one is among the first three, from titles only and after cards were placed.

The labelled sets stand in tests/wall/labelled: `tuned` was looked at while the ranking was written, `fresh` was not.
With five areas three picks by chance would be right in 60 of 100 cases, so the first pick is shown as well.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sharedtable.wall import meaning
from sharedtable.wall.suggesting import rank

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "wall" / "labelled"
SETS = ("tuned_en", "tuned_es", "fresh_en", "fresh_es")


@dataclass(frozen=True)
class Labelled:
    """Areas with their titles, and cards with the area that they belong to."""

    titles: dict[int, str]
    cards: list[tuple[int, str]]


def read(name: str) -> Labelled:
    """One set of the folder."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    heads = [line[2:].split("\t") for line in lines if line.startswith("# ")]
    numbers = {key: number for number, (key, _title) in enumerate(heads, 1)}
    cards = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return Labelled({numbers[key]: title for key, title in heads}, [(numbers[key], text) for key, text in cards])


def share(labelled: Labelled, placed_each: int, first: int) -> float:
    """The share of the cards that are not placed whose area is among the first picks.

    The cards that are placed are taken in turn from the beginning of each area, then from one further on, so that every
    card is once among those that are ranked.
    """
    right, all_cards = 0, 0
    for turn in range(4 if placed_each else 1):
        placed: dict[int, list[str]] = {area: [] for area in labelled.titles}
        loose: dict[int, tuple[int, str]] = {}
        for area in labelled.titles:
            mine = [text for owner, text in labelled.cards if owner == area]
            start = turn * placed_each % max(1, len(mine))
            taken = {(start + step) % len(mine) for step in range(min(placed_each, len(mine) - 1))}
            for place, text in enumerate(mine):
                if place in taken:
                    placed[area].append(text)
                else:
                    loose[1_000 * area + place] = (area, text)
        found = rank(labelled.titles, placed, {number: text for number, (_area, text) in loose.items()}, most=first)
        right += sum(area in found[number] for number, (area, _text) in loose.items())
        all_cards += len(loose)
    return right / all_cards


def table(names: Sequence[str] = SETS) -> list[tuple[str, int, list[float]]]:
    """For each set: its name, how many cards, and the shares of the columns of the printed table."""
    rows = []
    for name in names:
        labelled = read(name)
        shares = [share(labelled, placed, first) for placed in (0, 3, 5) for first in (1, 3)]
        rows.append((name, len(labelled.cards), shares))
    return rows


def main() -> None:
    heads = ("titles: 1st", "in 3", "3 placed: 1st", "in 3", "5 placed: 1st", "in 3")
    for is_lexical in (True, False):
        if not is_lexical and not meaning.is_here():
            print("The extra `suggest` is not installed, so what cards mean was not measured.")
            return
        with patch.object(meaning, "is_here", lambda is_here=not is_lexical: is_here):
            print("\nWords alone" if is_lexical else "\nWords and meaning (extra `suggest`)")
            print(f"{'set':<10} {'cards':>6} " + " ".join(f"{head:>14}" for head in heads))
            for name, many, shares in table():
                print(f"{name:<10} {many:>6} " + " ".join(f"{one:>14.2f}" for one in shares))
            labelled = read("tuned_en")
            cards = {n: labelled.cards[n % len(labelled.cards)][1] + f" {n}" for n in range(150)}
            for time_of in ("first", "second"):
                began = time.perf_counter()
                rank(labelled.titles, {1: [text for _area, text in labelled.cards]}, cards)
                print(f"150 cards ranked, {time_of} time: {1e3 * (time.perf_counter() - began):.0f} ms")


if __name__ == "__main__":
    main()
