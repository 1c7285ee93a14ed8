"""The picture of a partnership: the inner table with its seats, and the outer table around it, as places on circles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sharedtable.partnerships.seat_queries import Chair, Tables

SIZE = 640
CENTRE = SIZE / 2
INNER_TABLE, INNER_SEATS = 92, 138
OUTER_TABLE, OUTER_SEATS = 208, 262
# The smallest and largest seats that can be read and touched.
LARGEST, SMALLEST = 30.0, 11.0
ROOM_FOR_NAME = 26
FEWEST_SHOWN = 6


@dataclass(frozen=True)
class Spot:
    """One seat in the picture: its middle, its radius, who sits there (None: a free place)."""

    x: float
    y: float
    radius: float
    chair: Chair | None
    number: int

    @property
    def kind(self) -> str:
        """The class that colours it."""
        if self.chair is None:
            return "free"
        seat = self.chair.seat
        if seat.is_on_point:
            return "on-point"
        if seat.role in ("delegate", "backup"):
            return "acting"
        if seat.role in ("chair", "convener"):
            return "lead"
        return "champion" if seat.role in ("lead_champion", "executive", "champion") else "plain"

    @property
    def has_label(self) -> bool:
        """Whether there is room for the family name below it."""
        return self.chair is not None and self.radius >= ROOM_FOR_NAME

    @property
    def label_y(self) -> float:
        """Where the name stands: away from the table, above in the upper half and below in the lower."""
        return round(self.y - self.radius - 6 if self.y < CENTRE - 60 else self.y + self.radius + 15, 1)

    @property
    def surname(self) -> str:
        """The last word of the name, for under the seat."""
        words = self.chair.name.split() if self.chair else []
        return words[-1][:14] if words else ""

    @property
    def text_size(self) -> float:
        """The size of the letters in it."""
        return round(self.radius * 0.72, 1)


@dataclass(frozen=True)
class Picture:
    """Both rings."""

    inner: Sequence[Spot]
    outer: Sequence[Spot]


def picture(found: Tables) -> Picture:
    """Where everybody sits. A table with few people shows free places, so that it looks like a table."""
    inner = _ring(list(found.inner), INNER_SEATS, -90, 1)
    return Picture(inner, _ring(list(found.outer), OUTER_SEATS, -90, len(found.inner) + 1))


def _ring(chairs: list[Chair], distance: float, begin: float, first: int) -> list[Spot]:
    count = max(len(chairs), FEWEST_SHOWN if distance == INNER_SEATS else FEWEST_SHOWN + 2)
    radius = min(LARGEST, max(SMALLEST, math.pi * distance / count * 0.86))
    spots = []
    for place in range(count):
        angle = math.radians(begin + 360 * place / count)
        taken = chairs[place] if place < len(chairs) else None
        x, y = CENTRE + distance * math.cos(angle), CENTRE + distance * math.sin(angle)
        spots.append(Spot(round(x, 1), round(y, 1), round(radius, 1), taken, first + place))
    return spots
