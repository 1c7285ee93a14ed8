"""The three rings of those who call on companies: a program is a number on its ring; the lists beside it say which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sharedtable.partnerships.models import Program

SIZE, CENTRE = 300, 150
RADII = (52, 92, 132)
LARGEST, SMALLEST = 11.0, 5.0


@dataclass(frozen=True)
class Dot:
    """One program on a ring."""

    x: float
    y: float
    radius: float
    number: int
    name: str

    @property
    def has_number(self) -> bool:
        """Whether there is room for its number."""
        return self.radius >= 8


@dataclass(frozen=True)
class Ring:
    """One group of programs, as a circle with dots."""

    key: str
    radius: int
    dots: Sequence[Dot]


def drawn(groups: Sequence[tuple[str, str, Sequence[Program]]]) -> list[Ring]:
    """The rings, the support team innermost; each dot has the number that its program has in the lists."""
    made: list[Ring] = []
    first = 1
    for (key, _title, programs), radius in zip(groups, RADII, strict=True):
        count = max(1, len(programs))
        size = round(min(LARGEST, max(SMALLEST, math.pi * radius / count * 0.8)), 1)
        dots = []
        for place, program in enumerate(programs):
            # Each ring begins a little further on, so that few programs do not stand in one line.
            angle = math.radians(360 * place / count - 90 + 40 * len(made))
            x, y = CENTRE + radius * math.cos(angle), CENTRE + radius * math.sin(angle)
            dots.append(Dot(round(x, 1), round(y, 1), size, first + place, program.name))
        made.append(Ring(key, radius, dots))
        first += len(programs)
    return made
