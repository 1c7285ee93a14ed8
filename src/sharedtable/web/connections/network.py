"""A network of two columns with lines between them, as places in a picture that a phone can show.

Drawn by the server; each name is a link to the row that says the same in words. The picture is narrow on purpose: at
320 pixels its letters are as large as those of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, COLUMN, ROW, TOP = 300, 116, 40, 6
LETTERS = 17  # of a line in a column
MOST_LEFT, MOST_RIGHT = 12, 20


@dataclass(frozen=True)
class End:
    """One name on a side: its key, its name whole, where it leads, and a sentence for who cannot see the lines."""

    key: str
    name: str
    address: str = ""
    says: str = ""


@dataclass(frozen=True)
class Spot:
    """One name in the picture."""

    end: End
    x: float
    y: float
    lines: tuple[str, ...]
    side: str

    @property
    def text_x(self) -> float:
        """Where its letters begin, or on the left side end."""
        return self.x + 6 if self.side == "right" else self.x + COLUMN - 6

    @property
    def baselines(self) -> list[tuple[float, str]]:
        """Its lines with the height of each."""
        first = self.y + (ROW / 2 + 4 if len(self.lines) == 1 else ROW / 2 - 3)
        return [(round(first + 14 * number, 1), text) for number, text in enumerate(self.lines)]


@dataclass(frozen=True)
class Line:
    """One line between two names; `weight` 1 to 3 says how thick."""

    path: str
    weight: int
    says: str


@dataclass(frozen=True)
class Network:
    """The picture: `left_out` names and lines did not fit in it and stand in the table alone."""

    left: Sequence[Spot]
    right: Sequence[Spot]
    lines: Sequence[Line]
    height: int
    left_out: int = 0

    @property
    def width(self) -> int:
        """The width of the picture in its own measure."""
        return WIDTH

    @property
    def column(self) -> int:
        """The width of a name."""
        return COLUMN

    @property
    def row(self) -> int:
        """The height of a name, with the gap below it."""
        return ROW - 4


def network(
    left: Sequence[End], right: Sequence[End], ties: Mapping[tuple[str, str], tuple[int, str]]
) -> Network | None:
    """The picture of `ties` (left key, right key) → (weight, sentence). None when there is nothing to draw."""
    if not ties:
        return None
    busiest = sorted(left, key=lambda one: -sum(one.key == key for key, _other in ties))[:MOST_LEFT]
    shown_left = [one for one in left if one in busiest]
    shown_right = list(right[:MOST_RIGHT])
    tallest = max(len(shown_left), len(shown_right))
    spots = {
        **_spots(shown_left, "left", 0, tallest),
        **_spots(shown_right, "right", WIDTH - COLUMN, tallest),
    }
    lines = [
        _line(spots["left", one], spots["right", other], weight, says)
        for (one, other), (weight, says) in sorted(ties.items(), key=lambda item: item[1][0])
        if ("left", one) in spots and ("right", other) in spots
    ]
    return Network(
        [spots["left", one.key] for one in shown_left],
        [spots["right", one.key] for one in shown_right],
        lines,
        TOP * 2 + tallest * ROW,
        len(left) - len(shown_left) + len(right) - len(shown_right),
    )


def _spots(ends: Sequence[End], side: str, x: float, tallest: int) -> dict[tuple[str, str], Spot]:
    step = tallest * ROW / max(1, len(ends))
    return {
        (side, end.key): Spot(end, x, round(TOP + number * step + (step - ROW) / 2, 1), _wrapped(end.name), side)
        for number, end in enumerate(ends)
    }


def _line(one: Spot, other: Spot, weight: int, says: str) -> Line:
    start, end = one.x + COLUMN, other.x
    here, there = one.y + ROW / 2 - 2, other.y + ROW / 2 - 2
    bend = (end - start) / 2
    path = f"M{start:g} {here:g}C{start + bend:g} {here:g} {end - bend:g} {there:g} {end:g} {there:g}"
    return Line(path, min(3, max(1, weight)), says)


def _wrapped(name: str) -> tuple[str, ...]:
    """The name in at most two lines that fit; what does not is cut, and stands whole in the table."""
    lines: list[str] = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return tuple(line if len(line) <= LETTERS else f"{line[: LETTERS - 1].rstrip()}…" for line in lines)
