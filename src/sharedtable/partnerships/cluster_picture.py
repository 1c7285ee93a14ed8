"""The sector-cluster map as a picture (C31): the industry in the middle, six places around it, and lines between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from sharedtable.partnerships.team_queries import Place

WIDTH, HEIGHT = 1080, 700
MIDDLE = "members"
# Left, top, width and height of each place: what the industry draws on above it and at its sides, partners below.
BOXES = {
    "infrastructure": (20, 20, 330, 190), "suppliers": (375, 20, 330, 190), "innovation": (730, 20, 330, 190),
    "labor": (20, 250, 290, 210), "members": (340, 250, 400, 210), "buyers": (770, 250, 290, 210),
    "strategic": (20, 500, 1040, 180),
}  # fmt: skip
TITLE_DOWN, FIRST_DOWN, LINE, SIDE = 34, 64, 24, 18
LETTER = 8.4  # width of an average letter of 15 units
TEAL, INK, SOFT, RULE, TINT, DEEP = "#0f6460", "#111818", "#565c65", "#71767a", "#e0f7f6", "#123131"


@dataclass(frozen=True)
class Box:
    """One place as drawn: its frame, its title, and the lines of text with their height."""

    key: str
    title: str
    x: int
    y: int
    width: int
    height: int
    lines: Sequence[tuple[str, int, int]]

    @property
    def is_middle(self) -> bool:
        """Whether it is the industry itself."""
        return self.key == MIDDLE

    @property
    def title_x(self) -> int:
        """Where the title begins."""
        return self.x + SIDE

    @property
    def title_y(self) -> int:
        """How far down the title stands."""
        return self.y + TITLE_DOWN


@dataclass(frozen=True)
class Picture:
    """Boxes, and the lines from each to the middle."""

    boxes: Sequence[Box]
    links: Sequence[tuple[int, int, int, int]]


def picture(places: Sequence[Place]) -> Picture:
    """The geometry; names that find no room are counted in the last line."""
    boxes = [_box(place, *BOXES[place.key]) for place in places if place.key in BOXES]
    x, y, width, height = BOXES[MIDDLE]
    middle = (x + width // 2, y + height // 2)
    links = [(b.x + b.width // 2, b.y + b.height // 2, *middle) for b in boxes if not b.is_middle]
    return Picture(boxes, links)


def _box(place: Place, x: int, y: int, width: int, height: int) -> Box:
    columns = max(1, width // 500)
    wide = (width - 2 * SIDE) // columns
    rows = (height - FIRST_DOWN) // LINE + 1
    names = place.names
    room = rows * columns
    shown = (
        list(names) if len(names) <= room else [*names[: room - 1], _("and %(n)d more") % {"n": len(names) - room + 1}]
    )
    most = int(wide / LETTER)
    lines = [
        (_fitted(name, most), x + SIDE + wide * (i // rows), y + FIRST_DOWN + LINE * (i % rows))
        for i, name in enumerate(shown)
    ]
    return Box(place.key, place.title, x, y, width, height, lines)


def _fitted(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def words(places: Sequence[Place]) -> str:
    """The picture in words, for whoever cannot see it."""
    return " ".join(f"{place.title}: {', '.join(place.names) or _('nobody yet')}." for place in places)


def svg(drawn: Picture) -> str:
    """The picture as SVG that stands alone: presentation attributes only, no style sheet."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="Public Sans, sans-serif" font-size="15">'
    ]
    parts += [
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{RULE}" stroke-width="2"/>'
        for x1, y1, x2, y2 in drawn.links
    ]
    for box in drawn.boxes:
        fill, ink = (DEEP, "#ffffff") if box.is_middle else (TINT if box.key == "strategic" else "#ffffff", INK)
        parts.append(
            f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="14" fill="{fill}" '
            f'stroke="{TEAL}" stroke-width="1.5"/><text x="{box.title_x}" y="{box.title_y}" fill="{ink}" '
            f'font-weight="700" font-size="18">{escape(box.title)}</text>'
        )
        parts += [f'<text x="{x}" y="{y}" fill="{ink}">{escape(text)}</text>' for text, x, y in box.lines]
    return "".join([*parts, "</svg>"])
