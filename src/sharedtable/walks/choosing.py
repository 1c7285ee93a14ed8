"""In which order a room puts its industries: worked out from the orders of its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranked:
    """One industry: how many put it first, and how many second."""

    number: int
    name: str
    first: int
    second: int


def ranked(orders: Mapping[str, int], names: Sequence[str]) -> list[Ranked]:
    """The industries as the room puts them: by how many put them first, then second. `orders`: {'1,0': 7, …}.

    >>> [one.name for one in ranked({"1,0": 3, "0,1": 2, "1": 1}, ["Plastics", "Metal"])]
    ['Metal', 'Plastics']
    """
    first, second = [0] * len(names), [0] * len(names)
    for order, count in orders.items():
        parts = [int(part) for part in order.split(",") if part.isdigit() and int(part) < len(names)]
        for place, counts in zip(parts, (first, second), strict=False):
            counts[place] += count
    rows = [Ranked(number, name, first[number], second[number]) for number, name in enumerate(names)]
    return sorted(rows, key=lambda row: (-row.first, -row.second, row.number))
