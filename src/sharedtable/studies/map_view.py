"""The map of a state and its neighbours, and of the country: which shapes stand in which view. Geometry only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sharedtable.lmi.places import areas, shapes

ASPECT = 1.12  # width by height of a view of a state, so that the page does not jump from state to state
LEAST_WIDTH = 420  # map units; the District of Columbia alone would be a blot
ROOM = 0.05  # of the larger side, left around a state so that its neighbours can be picked
LETTER = 0.5  # width of an average letter by its height
_ON_INSETS = ("02", "15")


@dataclass(frozen=True)
class Shape:
    """A county as drawn. `codes`: what a press on it means; two where one shape stands for two counties.

    `path` is empty for a county drawn as a dot at `x`, `y`. `label` is empty where it would not fit.
    `is_context`: only part of it is in view, so it is drawn and not offered.
    """

    codes: tuple[str, ...]
    name: str
    path: str
    x: int
    y: int
    label: str
    is_home: bool
    is_context: bool


@dataclass(frozen=True)
class StateView:
    """The view of one state. `outlines`: borders of the states in it; `letters`: neighbours' names with their place."""

    code: str
    name: str
    view_box: str
    letter_size: int
    shapes: tuple[Shape, ...]
    outlines: tuple[str, ...]
    letters: tuple[tuple[str, int, int], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every county that can be picked in this view, the state's own first."""
        offered = [shape for shape in self.shapes if not shape.is_context]
        return tuple(code for shape in sorted(offered, key=lambda s: not s.is_home) for code in shape.codes)


@dataclass(frozen=True)
class Outline:
    """A state on the map of the country."""

    code: str
    abbr: str
    name: str
    path: str


def has_map(state_code: str) -> bool:
    """Whether a state can be drawn; Puerto Rico and the Virgin Islands are offered as lists only."""
    return state_code in shapes.state_paths()


@cache
def country() -> tuple[Outline, ...]:
    """The outlines of all states on the map."""
    found = []
    for code, path in shapes.state_paths().items():
        state = areas.state(code)
        found.append(Outline(code, state.abbr, state.name, path))
    return tuple(found)


@cache
def country_box() -> str:
    """The view that holds the whole country."""
    return shapes.map_box().view_box


@cache
def state_view(state_code: str, year: int) -> StateView:
    """The counties of a state as the QCEW of a year has them, and those around. Fails with Missing without a map."""
    box = _window(state_code)
    x0, y0, x1, y1 = box
    here = state_code
    size = round((x1 - x0) / 78)
    drawn: list[Shape] = []
    together = shapes.shared_shapes()
    paths = shapes.county_paths()
    parted = {code for codes in together.values() for code in codes}
    dots = set(shapes.point_only())
    places = shapes.county_points()
    for county in areas.counties():
        code = county.code
        same_inset = county.state_code == here or (here not in _ON_INSETS and county.state_code not in _ON_INSETS)
        if not same_inset or code in parted or not _exists(county, year, code in together):
            continue
        codes = together.get(code, (code,))
        if code in dots:
            place = places[code]
            if x0 < place[0] < x1 and y0 < place[1] < y1:
                label = county.name.removesuffix(" Planning Region")
                drawn.append(Shape(codes, county.name, "", *place, label, county.state_code == here, False))
            continue
        if code not in paths:
            continue
        left, top, right, bottom = _bounds()[code]
        if right < x0 or left > x1 or bottom < y0 or top > y1:
            continue
        x, y = places.get(code) or places.get(codes[0]) or ((left + right) // 2, (top + bottom) // 2)
        is_home = county.state_code == here
        is_seen = is_home or (x0 < x < x1 and y0 < y < y1)
        short = _short(county.name)
        fits = is_home and len(short) * LETTER * size <= (right - left) * 1.02 and bottom - top > size * 1.2
        name = " / ".join(areas.county(item).name for item in codes)
        drawn.append(Shape(codes, name, paths[code], x, y, short if fits else "", is_home, not is_seen))
    if any(shape.codes[0] in dots for shape in drawn):
        # Where dots stand for the counties of today, the shapes under them are those of before 2024: context.
        drawn = [*_old_connecticut(x0, y0, x1, y1), *drawn]
    inside = tuple(sorted(drawn, key=lambda shape: (not shape.path, shape.is_home)))
    return StateView(
        here,
        areas.state(here).name,
        f"{x0} {y0} {x1 - x0} {y1 - y0}",
        size,
        inside,
        tuple(shapes.state_paths()[code] for code in _states_of(inside)),
        _letters(inside, here, box, size),
    )


def _window(code: str) -> tuple[int, int, int, int]:
    box = shapes.state_box(code)
    margin = 0 if code in _ON_INSETS else max(box.width, box.height) * ROOM
    width, height = max(box.width + 2 * margin, LEAST_WIDTH), max(box.height + 2 * margin, LEAST_WIDTH / ASPECT)
    if code not in _ON_INSETS:
        width, height = max(width, height * ASPECT), max(height, width / ASPECT)
    x, y = box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2
    return round(x), round(y), round(x + width), round(y + height)


def _exists(county: areas.County, year: int, stands_for_two: bool) -> bool:
    if stands_for_two:
        return True
    if county.replaced_by:
        return False
    return (county.first_year or 0) <= year <= (county.last_year or 9999)


def _old_connecticut(x0: int, y0: int, x1: int, y1: int) -> list[Shape]:
    paths = shapes.county_paths()
    found = []
    for county in areas.counties():
        if county.last_year is not None and county.code in paths:
            left, top, right, bottom = _bounds()[county.code]
            if not (right < x0 or left > x1 or bottom < y0 or top > y1):
                found.append(Shape((county.code,), county.name, paths[county.code], left, top, "", True, True))
    return found


def _states_of(drawn: tuple[Shape, ...]) -> list[str]:
    return sorted({shape.codes[0][:2] for shape in drawn} & shapes.state_paths().keys())


def _letters(
    drawn: tuple[Shape, ...], here: str, box: tuple[int, int, int, int], size: int
) -> tuple[tuple[str, int, int], ...]:
    """The name of each neighbour, in the middle of what is seen of it."""
    x0, y0, x1, y1 = box
    found = []
    for code in _states_of(drawn):
        places = [
            (shape.x, shape.y)
            for shape in drawn
            if shape.codes[0][:2] == code and x0 < shape.x < x1 and y0 < shape.y < y1
        ]
        if code != here and len(places) > 1:
            x = min(max(sum(p[0] for p in places) // len(places), x0 + 3 * size), x1 - 3 * size)
            y = min(max(sum(p[1] for p in places) // len(places), y0 + 2 * size), y1 - size)
            found.append((areas.state(code).name, x, y))
    return tuple(found)


def _short(name: str) -> str:
    for ending in (" County", " Parish", " Borough", " Municipality", " Census Area", " city", " City and Borough"):
        name = name.removesuffix(ending)
    return name


@cache
def _bounds() -> dict[str, tuple[int, int, int, int]]:
    return {code: _bound(path) for code, path in shapes.county_paths().items()}


def _bound(path: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of path data made of M (absolute), m, l, h, v (relative) and z."""
    x = y = start_x = start_y = 0
    xs: list[int] = []
    ys: list[int] = []
    for command, rest in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", rest)]
        if command in "zZ":
            x, y = start_x, start_y
            continue
        step = 1 if command in "hvHV" else 2
        for at in range(0, len(numbers), step):
            if command == "h":
                x += numbers[at]
            elif command == "v":
                y += numbers[at]
            elif command == "H":
                x = numbers[at]
            elif command == "V":
                y = numbers[at]
            elif command in "ML":
                x, y = numbers[at], numbers[at + 1]
            else:
                x, y = x + numbers[at], y + numbers[at + 1]
            if command in "Mm" and at == 0:
                start_x, start_y = x, y
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def places() -> dict[str, tuple[int, int]]:
    """Where each county lies on the map of the country."""
    return shapes.county_points()


@cache
def country_labels() -> tuple[tuple[str, int, int], ...]:
    """Letters of each state that is large enough for them, in the middle of its counties."""
    found = []
    for outline in country():
        box = shapes.state_box(outline.code)
        places = [place for code, place in shapes.county_points().items() if code[:2] == outline.code]
        if places and box.width > 300 and box.height > 200:
            x, y = (sorted(values)[len(values) // 2] for values in zip(*places, strict=True))
            found.append((outline.abbr, x, y))
    return tuple(found)
