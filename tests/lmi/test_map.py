"""The county map: every county has its place, neighbours share their borders, the projection is right."""

from __future__ import annotations

import json
import math
import re
import statistics
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from sharedtable.errors import Missing
from sharedtable.lmi.places import areas, shapes

ROOT = Path(__file__).resolve().parents[2]
Ring = list[tuple[int, int]]


def rings(path: str) -> list[Ring]:
    """The absolute points of SVG path data as build_map writes it."""
    found = []
    for part in path.split("M")[1:]:
        start, _, steps = part.rstrip("z").partition("l")
        x, y = map(int, start.split(","))
        ring = [(x, y)]
        numbers = [int(text) for text in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def area_and_middle(ring: Ring) -> tuple[float, float, float]:
    twice = cx = cy = 0.0
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
        cross = x0 * y1 - x1 * y0
        twice, cx, cy = twice + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
    return abs(twice) / 2, cx / (3 * twice), cy / (3 * twice)


PATHS = shapes.county_paths()


def test_every_current_county_has_a_shape_a_point_or_only_a_place_in_the_list() -> None:
    current = {item.code for item in areas.counties() if item.is_current}
    shaped = current & set(PATHS)
    assert shaped | set(shapes.point_only()) | set(shapes.list_only()) == current
    assert len(shaped) + len(shapes.point_only()) + len(shapes.list_only()) == len(current)
    assert shapes.point_only() == tuple(f"091{tens}0" for tens in range(1, 10))
    assert {areas.county(code).state_abbr for code in shapes.list_only()} == {"PR", "VI"}


def test_the_two_census_areas_of_alaska_share_the_shape_of_the_former_one() -> None:
    assert PATHS["02063"] == PATHS["02066"] == PATHS["02261"]
    assert shapes.shared_shapes() == {"02261": areas.county("02261").replaced_by}


def test_every_path_is_closed_and_has_an_area() -> None:
    for code, path in PATHS.items():
        assert re.fullmatch(r"(M-?\d+,-?\d+l[-\d, ]+z)+", path), code
        assert area_and_middle(max(rings(path), key=lambda ring: area_and_middle(ring)[0]))[0] > 0, code


def test_neighbours_share_their_borders_point_by_point() -> None:
    edges: dict[frozenset[tuple[int, int]], int] = {}
    for code, path in PATHS.items():
        if code[:2] != "39":
            continue
        for ring in rings(path):
            for edge in pairwise([*ring, ring[0]]):
                edges[frozenset(edge)] = edges.get(frozenset(edge), 0) + 1
    assert max(edges.values()) == 2
    # Edges that only one county of Ohio has are the outline of the state, and nothing else.
    outline = {frozenset(edge) for ring in rings(shapes.state_paths()["39"]) for edge in pairwise([*ring, ring[0]])}
    assert {edge for edge, count in edges.items() if count == 1} == outline


def test_the_projection_puts_gazetteer_points_where_the_shapes_are() -> None:
    points = shapes.county_points()
    off: dict[str, list[float]] = {"AK": [], "HI": [], "": []}
    for code, path in PATHS.items():
        if code in ("02063", "02066", "02261"):
            continue
        size, x, y = max(area_and_middle(ring) for ring in rings(path))
        state = areas.county(code).state_abbr
        distance = math.dist((x, y), points[code]) / math.sqrt(size)
        off[state if state in off else ""].append(distance)
    # In widths of the county: the point inside and the middle of the shape differ, but not by the shape's own size.
    assert statistics.median(off[""]) < 0.05
    assert statistics.median(off["AK"]) < 0.4, "islands: the largest is not where the point is"
    assert min(off["HI"]) < 0.05, "the county of one island; the points of the others lie in the sea between islands"
    assert sorted(off[""])[int(len(off[""]) * 0.99)] < 0.8


@pytest.mark.parametrize(
    ("lat", "lon", "state", "x", "y"),
    [
        (38.7, -96.6, "KS", 487.5, 305.0),  # the middle of the lower 48
        (58.5, -156.0, "AK", 487.5 - 0.307 * 1300, 305 + 0.201 * 1300),
        (19.9, -160.0, "HI", 487.5 - 0.205 * 1300, 305 + 0.212 * 1300),
    ],
)
def test_the_middle_of_each_cone_is_where_d3_puts_it(lat: float, lon: float, state: str, x: float, y: float) -> None:
    place = shapes.project(lat, lon, state)
    assert place is not None
    assert place == pytest.approx((x * shapes.TENTHS, y * shapes.TENTHS), abs=0.01)


def test_the_view_of_a_state_holds_its_counties() -> None:
    for state in areas.states():
        if state.abbr in ("PR", "VI"):
            with pytest.raises(Missing, match="is not on this map"):
                shapes.state_box(state.abbr)
            continue
        box = shapes.state_box(state.abbr)
        for code in areas.counties_of(state.area_code):
            x, y = shapes.county_points()[code]
            assert box.x <= x <= box.x + box.width, code
            assert box.y <= y <= box.y + box.height, code
    whole = shapes.map_box()
    assert whole.view_box == f"{whole.x} {whole.y} {whole.width} {whole.height}"
    assert 9_000 < whole.width < 10_500


def test_the_map_is_what_the_tool_makes_of_us_atlas(shared: Path, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; sys.path.insert(0, 'tools'); import build_map;"
        f"build_map.OUT = pathlib.Path({str(tmp_path / 'map.json')!r}); raise SystemExit(build_map.main())"
    )
    source = shared / "data/geo/usatlas_counties-albers-10m_2017.json"
    subprocess.run([sys.executable, "-c", script, str(source)], check=True, cwd=ROOT, capture_output=True)
    committed = ROOT / "src/sharedtable/lmi/reference/map.json"
    assert (tmp_path / "map.json").read_bytes() == committed.read_bytes()
    assert committed.stat().st_size < 450_000
    assert len(json.loads(committed.read_text())["counties"]) == 3_142


def test_the_tables_are_what_the_tool_makes_of_the_sources(shared: Path, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; sys.path.insert(0, 'tools'); import build_reference;"
        f"build_reference.OUT = pathlib.Path({str(tmp_path)!r}); raise SystemExit(build_reference.main())"
    )
    subprocess.run([sys.executable, "-c", script, str(shared / "data")], check=True, cwd=ROOT, capture_output=True)
    committed = ROOT / "src/sharedtable/lmi/reference"
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.tsv")}
    assert made == {path.name: path.read_bytes() for path in committed.glob("*.tsv")}
    assert sum(map(len, made.values())) < 700_000
