"""Charts as plain numbers: pure functions that say where each shape stands. Templates draw them as SVG.

No function here makes markup, and no template gives a shape an inline style: shapes carry presentation attributes and
class names, so that both colour schemes and print follow and the content policy holds. Every chart has its figures as
text too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sharedtable.exports import Language, format_value

Row = Mapping[str, Any]

WIDTH, HEIGHT = 980, 560
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 34, 62
LARGEST, SMALLEST = 44.0, 4.5
QUOTIENT_TICKS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32)
# The few that grew or shrank most would press all others together: they stand at the edge and say so.
EDGE_SHARE = 0.04
GROWTH_STEPS = tuple(size * 10**power for power in range(7) for size in (5, 10, 20, 25))  # percent between two lines
SMALLEST_SPAN_PCT = 20.0
MOST_LABELS = 14
LETTER, LINE = 6.4, 15.0  # how wide a letter and how high a line is, at 12 px
CORNER = 190.0
PAY_CLASSES = 4


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where it stands and what it says."""

    at: float
    text: str
    is_main: bool = False


@dataclass(frozen=True)
class Bubble:
    """One industry: place, radius, pay class (1 low to 4 high, 0 unknown), its label and what it says in words."""

    row: Row
    x: float
    y: float
    radius: float
    pay_class: int
    address: str
    is_beyond: bool
    label: str = ""
    label_x: float = 0
    label_y: float = 0


@dataclass(frozen=True)
class BubbleChart:
    """Concentration by growth by jobs. `left_out`: rows that lack one of the three."""

    bubbles: tuple[Bubble, ...]
    left_out: tuple[Row, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    pay_bounds: tuple[int, ...]
    middle_x: float
    middle_y: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def has_beyond(self) -> bool:
        """True when a bubble stands at the edge because its growth lies beyond it."""
        return any(bubble.is_beyond for bubble in self.bubbles)


def bar_pct(value: float | None, most: float) -> float:
    """The length of an inline bar, 0 to 100; 0 for what is not known."""
    return round(100 * max(0.0, value) / most, 1) if value and most > 0 else 0.0


def diverging(value: float | None, most: float) -> tuple[float, float]:
    """Start and length of a bar that grows from the middle (50) of a line of 100 to either side."""
    if value is None or most <= 0:
        return 50.0, 0.0
    length = round(50 * min(1.0, abs(value) / most), 1)
    return (50.0 if value >= 0 else round(50 - length, 1)), length


def bubble_chart(rows: Sequence[Row], address_of: Callable[[Row], str], language: str) -> BubbleChart:
    """The chart of ranked rows. A row without quotient, growth or jobs is left out and listed as such."""
    known = [row for row in rows if _is_plottable(row)]
    left_out = tuple(row for row in rows if not _is_plottable(row))
    quotients = [float(row["location_quotient_ratio"]) for row in known] or [1.0]
    low_x, high_x = min(*quotients, 0.5) / 1.25, max(*quotients, 2.0) * 1.25
    least, most = _edges([float(row["employment_change_10y_pct"]) for row in known])
    growths = [min(most, max(least, row["employment_change_10y_pct"])) for row in known]
    low_y, high_y = least - 6, most + 6

    def x_of(quotient: float) -> float:
        share = math.log(quotient / low_x) / math.log(high_x / low_x)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y_of(growth: float) -> float:
        return round(TOP + (high_y - growth) / (high_y - low_y) * (HEIGHT - TOP - BOTTOM), 1)

    bounds = pay_bounds(known)
    most_jobs = max((row["employment_jobs"] for row in known), default=1)
    bubbles = [
        Bubble(
            row=row,
            x=x_of(row["location_quotient_ratio"]),
            y=y_of(growth),
            radius=round(max(SMALLEST, LARGEST * math.sqrt(row["employment_jobs"] / most_jobs)), 1),
            pay_class=_pay_class(row["average_annual_pay_usd"], bounds),
            address=address_of(row),
            is_beyond=growth != row["employment_change_10y_pct"],
        )
        for row, growth in zip(known, growths, strict=False)
    ]
    # Large ones first, so that small ones lie on top and can be reached.
    bubbles.sort(key=lambda bubble: -bubble.radius)
    speaks = cast(Language, language)
    step = next(step for step in GROWTH_STEPS if (high_y - low_y) / step <= 9)
    first = math.ceil(low_y / step) * step
    return BubbleChart(
        bubbles=tuple(_labelled(bubbles)),
        left_out=left_out,
        x_ticks=tuple(
            Tick(x_of(q), format_value(q, "ratio", speaks).rstrip("0").rstrip("."), q == 1)
            for q in QUOTIENT_TICKS
            if low_x <= q <= high_x
        ),
        y_ticks=tuple(
            Tick(y_of(g), format_value(g, "change_pct", speaks).replace(".0", ""), g == 0)
            for g in range(first, int(high_y) + 1, step)
        ),
        pay_bounds=bounds,
        middle_x=x_of(1.0),
        middle_y=y_of(0.0),
    )


def _edges(growths: Sequence[float]) -> tuple[float, float]:
    """The growth at the lower and the upper edge, so that a small share of rows may lie beyond each."""
    ordered = sorted(growths) or [0.0]
    beyond = int(len(ordered) * EDGE_SHARE)
    return min(-SMALLEST_SPAN_PCT, ordered[beyond]), max(SMALLEST_SPAN_PCT, ordered[-1 - beyond])


def pay_bounds(rows: Sequence[Row]) -> tuple[int, ...]:
    """The pay that parts the rows into four groups of equal size, to the nearest thousand USD; empty for few rows."""
    pays = sorted(row["average_annual_pay_usd"] for row in rows if row["average_annual_pay_usd"])
    if len(pays) < PAY_CLASSES:
        return ()
    found = [round(pays[len(pays) * part // PAY_CLASSES], -3) for part in range(1, PAY_CLASSES)]
    return tuple(found) if len(set(found)) == len(found) else ()


def _pay_class(pay: float | None, bounds: Sequence[int]) -> int:
    return 0 if pay is None or not bounds else 1 + sum(pay >= bound for bound in bounds)


def _is_plottable(row: Row) -> bool:
    return bool(
        row["employment_jobs"] and row["location_quotient_ratio"] and row["employment_change_10y_pct"] is not None
    )


def _labelled(bubbles: Sequence[Bubble]) -> list[Bubble]:
    """Names beside the largest bubbles, as far as there is room; every bubble has its name as a title anyway."""
    taken = [(b.x - b.radius * 0.7, b.y - b.radius * 0.7, b.x + b.radius * 0.7, b.y + b.radius * 0.7) for b in bubbles]
    high, low = TOP + 2 * LINE, HEIGHT - BOTTOM - 2 * LINE  # the words in the four corners
    labels: list[tuple[float, float, float, float]] = [
        (x, y, x + CORNER, y + 2 * LINE) for x in (LEFT, WIDTH - RIGHT - CORNER) for y in (high - 2 * LINE, low)
    ]
    words = len(labels)
    made = []
    for place, bubble in enumerate(bubbles):
        text = shortened(str(bubble.row["industry_title"]), 30)
        wide = LETTER * len(text)
        found = None
        if len(labels) >= MOST_LABELS + words:
            made.append(bubble)
            continue
        for x, y in (
            (bubble.x + bubble.radius + 4, bubble.y - LINE / 2),
            (bubble.x - bubble.radius - 4 - wide, bubble.y - LINE / 2),
            (bubble.x - wide / 2, bubble.y - bubble.radius - LINE - 2),
            (bubble.x - wide / 2, bubble.y + bubble.radius + 2),
        ):
            box = (x, y, x + wide, y + LINE)
            inside = box[0] >= LEFT and box[2] <= WIDTH - RIGHT and box[1] >= TOP and box[3] <= HEIGHT - BOTTOM
            others = [*labels, *(other for at, other in enumerate(taken) if at != place)]
            if inside and not any(_overlap(box, other) for other in others):
                found = box
                break
        if found is None:
            made.append(bubble)
            continue
        labels.append(found)
        made.append(replace(bubble, label=text, label_x=round(found[0], 1), label_y=round(found[1] + LINE - 4, 1)))
    return made


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def shortened(text: str, most: int) -> str:
    """The text, cut at a word with an ellipsis when it is longer."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept).rstrip(" ,;") + "…"


@dataclass(frozen=True)
class ShiftBar:
    """One part of a change: jobs (None when it cannot be known), and its bar on a line of 100 around the middle."""

    key: str
    jobs: float | None
    start: float
    length: float


def shift_bars(row: Row) -> tuple[ShiftBar, ...]:
    """The parts of a shift-share row on one scale, and their sum."""
    keys = ("national_growth_jobs", "industry_mix_jobs", "regional_shift_jobs", "employment_change_jobs")
    most = max((abs(row[key]) for key in keys if row[key] is not None), default=0) or 1
    return tuple(ShiftBar(key, row[key], *diverging(row[key], most)) for key in keys)
