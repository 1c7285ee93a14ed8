"""The seating plan: businesses around one table in the middle, partners along the walls (E02), drawn from a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

CHAIR, DEEP, GAP = 76, 30, 8
TEAL, TINT, MUTED, INK = "#0b4f55", "#eef4f3", "#4d5d66", "#16242b"


@dataclass(frozen=True)
class Chair:
    """One seat in the picture: its number in the list beside it, where it stands, and the name in two lines."""

    number: int
    x: float
    y: float
    lines: tuple[str, str]
    is_inner: bool

    @property
    def left(self) -> float:
        """Where the chair begins, from the left."""
        return round(self.x - CHAIR / 2, 1)

    @property
    def top(self) -> float:
        """Where it begins, from above."""
        return round(self.y - DEEP / 2, 1)

    @property
    def baselines(self) -> tuple[float, float]:
        """Where the two lines of the name stand."""
        return round(self.y - 2 if self.lines[1] else self.y + 4, 1), round(self.y + 10, 1)


@dataclass(frozen=True)
class Plan:
    """The whole room: its size, the table in the middle and every chair."""

    width: float
    height: float
    table: tuple[float, float, float, float]
    chairs: tuple[Chair, ...]


def seating_plan(inner: Sequence[str], outer: Sequence[str]) -> Plan:
    """Where everybody sits. Grows with the number of people; a chair never covers another.

    >>> plan = seating_plan(["Ann Alvarez", "Bo Baker"], ["Pat Partner"])
    >>> [(chair.number, chair.lines, chair.is_inner) for chair in plan.chairs]
    [(1, ('Ann', 'Alvarez'), True), (2, ('Bo', 'Baker'), True), (3, ('Pat', 'Partner'), False)]
    """
    across, down = _sides(max(len(inner), 1))
    # The outer ring stands further out, so more chairs fit along it; a long list of partners widens the room.
    while 2 * ((across + 3) + (down + 3)) < len(outer):
        across += 1
    table_w, table_h = across * (CHAIR + GAP), max(down, 1) * (DEEP + 14) + 20
    margin_x, margin_y = 2 * (CHAIR + 24), 2 * (DEEP + 26)
    width, height = table_w + 2 * margin_x, table_h + 2 * margin_y
    table = (margin_x, margin_y, table_w, table_h)
    near = _around(table, 12, len(inner), across, down)
    far = _around((margin_x, margin_y, table_w, table_h), 12 + DEEP + 34, len(outer), across + 2, down + 2, CHAIR + 36)
    chairs = [
        Chair(number, x, y, _two_lines(name), is_inner)
        for number, (name, (x, y), is_inner) in enumerate(
            [*((n, p, True) for n, p in zip(inner, near, strict=True)),
             *((n, p, False) for n, p in zip(outer, far, strict=True))], start=1
        )
    ]  # fmt: skip
    return Plan(width, height, table, tuple(chairs))


def _sides(count: int) -> tuple[int, int]:
    """How many chairs along the long and the short side, for a table about twice as long as it is deep."""
    across, down = 2, 0
    while 2 * (across + down) < count:
        if across < 4 or across <= 2 * down + 3:
            across += 1
        else:
            down += 1
    return across, down


def _around(
    table: tuple[float, float, float, float], off: float, count: int, across: int, down: int, off_x: float = 0
) -> list[tuple[float, float]]:
    """The middles of `count` chairs around a table: top, right, bottom, left, evenly on each side."""
    x, y, w, h = table
    weights = [across, down, across, down]
    per = _share(count, weights)
    side_x = off_x or off
    width, height = (w + (2 * (CHAIR + 20) if off_x else 0)), (h + (2 * (DEEP + 20) if off_x else 0))
    left, top = x - (width - w) / 2, y - (height - h) / 2
    found = [(left + width * (i + 0.5) / per[0], y - off - DEEP / 2) for i in range(per[0])]
    found += [(x + w + side_x + CHAIR / 2, top + height * (i + 0.5) / per[1]) for i in range(per[1])]
    found += [(left + width * (per[2] - i - 0.5) / per[2], y + h + off + DEEP / 2) for i in range(per[2])]
    found += [(x - side_x - CHAIR / 2, top + height * (per[3] - i - 0.5) / per[3]) for i in range(per[3])]
    return found


def _share(count: int, most: Sequence[int]) -> list[int]:
    """Spread people over the four sides, as far as each side holds: long sides first, in turn."""
    per = [0, 0, 0, 0]
    while sum(per) < count:
        side = min(range(4), key=lambda n: (per[n] / most[n] if most[n] else 2, n))
        per[side] += 1
    return per


def _two_lines(name: str) -> tuple[str, str]:
    words = name.split()
    if len(words) < 2:
        return _short(name), ""
    return _short(words[0]), _short(" ".join(words[1:]))


def _short(text: str) -> str:
    return text if len(text) <= 12 else f"{text[:11]}…"


def plan_svg(plan: Plan, centre: str, around: str) -> str:
    """The plan as a picture that stands alone. `centre` and `around` name the two tables."""
    w, h = plan.width, plan.height + 26
    x, y, tw, th = plan.table
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:g} {h:g}" width="{w:g}" height="{h:g}" '
        f'font-family="Public Sans, sans-serif" font-size="10.5" text-anchor="middle" fill="{INK}">'
        f'<rect x="1" y="1" width="{w - 2:g}" height="{plan.height - 2:g}" rx="10" fill="#ffffff" stroke="{MUTED}"/>'
        f'<rect x="{x:g}" y="{y:g}" width="{tw:g}" height="{th:g}" rx="12" fill="{TINT}" stroke="{TEAL}" '
        f'stroke-width="2"/><text x="{w / 2:g}" y="{y + th / 2 + 5:g}" font-size="14" font-weight="600" '
        f'fill="{TEAL}">{escape(centre)}</text>'
        f'<text x="{w / 2:g}" y="{h - 8:g}" font-size="12" fill="{MUTED}">{escape(around)}</text>'
    ]
    for chair in plan.chairs:
        fill, line = (TEAL, "none") if chair.is_inner else ("#ffffff", MUTED)
        ink = "#ffffff" if chair.is_inner else INK
        (first, second), (high, low) = chair.lines, chair.baselines
        dash = "" if chair.is_inner else ' stroke-dasharray="4 3"'
        parts.append(
            f'<g><rect x="{chair.left}" y="{chair.top}" width="{CHAIR}" height="{DEEP}" '
            f'rx="6" fill="{fill}" stroke="{line}"{dash}/>'
            f'<text x="{chair.x:.1f}" y="{high}" fill="{ink}">{escape(first)}</text>'
            + (f'<text x="{chair.x:.1f}" y="{low}" fill="{ink}">{escape(second)}</text>' if second else "")
            + "</g>"
        )
    return "".join([*parts, "</svg>"])
