"""Build the county map of the pages: src/sharedtable/lmi/reference/map.json.

    python tools/build_map.py counties-albers-10m.json

The source is the npm package us-atlas 3.0.1 (`npm pack us-atlas@3.0.1`; ISC licence, copyright 2013-2019 Michael
Bostock; shapes of the U.S. Census Bureau, 2017 edition), already in the projection geoAlbersUsa of 975 x 610.
Borders are simplified as the arcs that neighbours share, so they still meet; then rounded to tenths of a unit
(whole numbers in the file, ten to the unit). Same source, same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "src" / "sharedtable" / "lmi" / "reference" / "map.json"
TENTHS = 10
TOLERANCE = 1.0  # in tenths: how far a border may move
MARK = 6  # half the width of the mark of a place without a shape, in tenths
SMALLEST_ISLAND = 30  # in square tenths: a smaller ring goes, unless it is the largest of its county
PARTS = "Shapes from us-atlas 3.0.1 (ISC licence, copyright 2013-2019 Michael Bostock), U.S. Census Bureau 2017"

Point = tuple[int, int]


def decode(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs as absolute points in tenths."""
    (kx, ky), (mx, my) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = (round((x * kx + mx) * TENTHS), round((y * ky + my) * TENTHS))
            if not points or points[-1] != point:
                points.append(point)
        arcs.append(points)
    return arcs


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas-Peucker with both ends kept; a closed arc is halved at its farthest point first."""
    if len(points) < 3:
        return points
    if points[0] == points[-1]:
        far = max(range(len(points)), key=lambda i: _distance2(points[i], points[0], points[0]))
        return simplify(points[: far + 1], tolerance)[:-1] + simplify(points[far:], tolerance)
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        middle = max(range(first + 1, last), key=lambda i: _distance2(points[i], points[first], points[last]))
        if _distance2(points[middle], points[first], points[last]) > tolerance * tolerance:
            keep.add(middle)
            stack += [(first, middle), (middle, last)]
    return [points[i] for i in sorted(keep)]


def _distance2(p: Point, a: Point, b: Point) -> float:
    """Square of the distance from p to the line piece a–b."""
    (px, py), (ax, ay), (bx, by) = p, a, b
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    share = 0.0 if length2 == 0 else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length2))
    return (px - ax - share * dx) ** 2 + (py - ay - share * dy) ** 2


def polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    """The rings of a shape, by polygon, as lists of arc numbers."""
    return [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]


def ring(indexes: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """One closed ring of points without the repeated end."""
    points: list[Point] = []
    for index in indexes:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += line[1:] if points else line
    while len(points) > 1 and points[-1] == points[0]:
        points.pop()
    return points


def area(points: list[Point]) -> float:
    """Area of a ring in square tenths, always positive."""
    around = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in around)) / 2


def path(rings: list[list[Point]]) -> str:
    """SVG path data: one move for each ring, the rest as short relative lines."""
    text = []
    for points in rings:
        x, y = points[0]
        text.append(f"M{x},{y}l")
        steps = []
        for next_x, next_y in points[1:]:
            steps.append(f"{next_x - x},{next_y - y}")
            x, y = next_x, next_y
        text.append(" ".join(steps).replace(" -", "-").replace(",-", "-") + "z")
    return "".join(text)


def outline(shape: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]] | None:
    """The rings that are worth drawing; None when even the largest fell together."""
    parts = [[ring(indexes, arcs) for indexes in polygon] for polygon in polygons(shape)]
    parts.sort(key=lambda rings: -area(rings[0]))
    if area(parts[0][0]) <= 0:
        return None
    kept = [rings for number, rings in enumerate(parts) if number == 0 or area(rings[0]) >= SMALLEST_ISLAND]
    return [points for rings in kept for points in rings if len(points) > 2 and area(points) > 0]


def diamond(points: list[Point]) -> list[list[Point]]:
    """A small mark in place of a shape that has no area in the source (three independent cities of Virginia)."""
    x = sum(x for x, _ in points) // len(points)
    y = sum(y for _, y in points) // len(points)
    return [[(x - MARK, y), (x, y - MARK), (x + MARK, y), (x, y + MARK)]]


def simple_shapes(
    shapes: list[dict[str, Any]], full: list[list[Point]], tolerance: float
) -> dict[str, list[list[Point]]]:
    """Outlines by code. Borders of a shape that would fall together stay as they are, for its neighbours too."""
    arcs = [simplify(points, tolerance) for points in full]
    for shape in shapes:
        if outline(shape, arcs) is None:
            for polygon in polygons(shape):
                for indexes in polygon:
                    for index in indexes:
                        number = index if index >= 0 else ~index
                        arcs[number] = full[number]
    found = {}
    for shape in shapes:
        rings = outline(shape, arcs)
        found[shape["id"]] = diamond(ring(polygons(shape)[0][0], arcs)) if rings is None else rings
    return dict(sorted(found.items()))


def box(outlines: Iterable[list[list[Point]]]) -> list[int]:
    """x, y, width, height around outlines."""
    points = [point for rings in outlines for points in rings for point in points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print("Give the file counties-albers-10m.json of the npm package us-atlas 3.0.1.", file=sys.stderr)
        return 2
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    full = decode(topology)
    counties = simple_shapes(topology["objects"]["counties"]["geometries"], full, TOLERANCE)
    states = simple_shapes(topology["objects"]["states"]["geometries"], full, TOLERANCE)
    boxes = {code: box(rings for key, rings in counties.items() if key[:2] == code) for code in states}
    parts: list[str] = ["{", f'"source": {json.dumps(PARTS)},', f'"box": {json.dumps(box(counties.values()))},']
    for name, values in (
        ("boxes", boxes),
        ("states", {code: path(rings) for code, rings in states.items()}),
        ("counties", {code: path(rings) for code, rings in counties.items()}),
    ):
        lines = ",\n".join(f'"{key}":{json.dumps(value, separators=(",", ":"))}' for key, value in values.items())
        parts.append(f'"{name}": {{\n{lines}\n}}' + ("," if name != "counties" else ""))
    OUT.write_text("\n".join([*parts, "}"]) + "\n", encoding="utf-8", newline="\n")
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes, {len(counties)} counties, {len(states)} states")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
