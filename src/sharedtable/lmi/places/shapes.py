"""The map of counties as SVG path data, and where a point lies on it.

Units: tenths of us-atlas units, so the whole map is about 9,750 wide and 6,100 high; `map_box` gives the exact view.
The shapes are those of 2017 (us-atlas 3.0.1, ISC licence; Census Bureau). What that means:
- Connecticut's planning regions have no shape: draw them as dots, `point_only` and `county_points`;
- 02063 and 02066 (Alaska) share the shape of 02261, which is the two of them together;
- three independent cities of Virginia too small for the source (Falls Church, Lexington, Manassas Park) are a diamond;
- Puerto Rico and the Virgin Islands are not on this projection: `list_only`. Offer them in a list.
Rebuild with tools/build_map.py.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sharedtable.errors import Missing
from sharedtable.lmi.places import areas

TENTHS = 10
LICENCE = "Map shapes: us-atlas 3.0.1 (ISC licence, © 2013–2019 Michael Bostock), from U.S. Census Bureau, 2017"


@dataclass(frozen=True)
class Box:
    """A view: x, y of the upper left corner, width and height, in map units."""

    x: int
    y: int
    width: int
    height: int

    @property
    def view_box(self) -> str:
        """The value of an SVG viewBox."""
        return f"{self.x} {self.y} {self.width} {self.height}"


def county_paths() -> dict[str, str]:
    """Path data by county code: current counties with a shape, and the former ones of 2017 (09001…, 02261).

    02063 and 02066 both have the path of 02261, and `shared_shapes` says so. Current counties that are not here are
    those of `point_only` and `list_only`.
    """
    paths = dict(_map()["counties"])
    for code, together in shared_shapes().items():
        paths |= dict.fromkeys(together, paths[code])
    return dict(sorted(paths.items()))


def shared_shapes() -> dict[str, tuple[str, ...]]:
    """Shapes that stand for more than one current county: the former code of the shape → the counties in it."""
    return {"02261": ("02063", "02066")}


def state_paths() -> dict[str, str]:
    """Path data of the outlines by two-digit state code; Puerto Rico and the Virgin Islands have none."""
    return dict(_map()["states"])


def map_box() -> Box:
    """The view that holds every shape (the west of the Aleutians reaches left of zero)."""
    return _padded(_map()["box"], 20)


def state_box(abbr: str) -> Box:
    """The view that holds a state ('OH', '39' or '39000') with a narrow margin.

    Fails with Missing for an unknown state and for those that are not on the map.
    """
    state = areas.state(abbr)
    if state.code not in _map()["boxes"]:
        raise Missing(f"{state.name} is not on this map. Choose its counties from the list.")
    x, y, width, height = _map()["boxes"][state.code]
    return _padded([x, y, width, height], max(12, round(max(width, height) * 0.04)))


def county_points() -> dict[str, tuple[int, int]]:
    """The place of every county on the map (the gazetteer's point, projected); those of `list_only` have none."""
    return dict(_points())


def point_only() -> tuple[str, ...]:
    """Current counties that have a point but no shape: the nine planning regions of Connecticut."""
    paths = county_paths()
    return tuple(
        item.code for item in areas.counties() if item.is_current and item.code not in paths and item.code in _points()
    )


def list_only() -> tuple[str, ...]:
    """Current counties that the map cannot show: Puerto Rico and the Virgin Islands."""
    return tuple(item.code for item in areas.counties() if item.is_current and item.code not in _points())


def project(lat: float, lon: float, state_abbr: str) -> tuple[float, float] | None:
    """Degrees to map units by d3's geoAlbersUsa (scale 1300, 975 × 610); None for the territories.

    Three equal-area cones: the lower 48, Alaska at 0.35 of their scale, Hawaii. The state says which.
    """
    cone = _CONES.get(state_abbr, _CONES[""])
    return None if state_abbr in ("PR", "VI", "GU", "AS", "MP") else cone.place(lat, lon)


@dataclass(frozen=True)
class _Cone:
    """A conic equal-area projection as d3 sets it up: degrees for the cone, map units for scale and place."""

    rotate: float
    center: tuple[float, float]
    parallels: tuple[float, float]
    scale: float
    middle: tuple[float, float]

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        turned = (lon + self.rotate + 180) % 360 - 180
        x, y = self._raw(math.radians(turned), math.radians(lat))
        x0, y0 = self._raw(math.radians(self.center[0]), math.radians(self.center[1]))
        across = self.middle[0] + self.scale * (x - x0)
        down = self.middle[1] - self.scale * (y - y0)
        return across * TENTHS, down * TENTHS

    def _raw(self, lam: float, phi: float) -> tuple[float, float]:
        sin0 = math.sin(math.radians(self.parallels[0]))
        n = (sin0 + math.sin(math.radians(self.parallels[1]))) / 2
        c = 1 + sin0 * (2 * n - sin0)
        r = math.sqrt(c - 2 * n * math.sin(phi)) / n
        return r * math.sin(n * lam), math.sqrt(c) / n - r * math.cos(n * lam)


_SCALE, _MIDDLE = 1300.0, (487.5, 305.0)
_CONES = {
    "": _Cone(96, (-0.6, 38.7), (29.5, 45.5), _SCALE, _MIDDLE),
    "AK": _Cone(154, (-2, 58.5), (55, 65), _SCALE * 0.35, (_MIDDLE[0] - 0.307 * _SCALE, _MIDDLE[1] + 0.201 * _SCALE)),
    "HI": _Cone(157, (-3, 19.9), (8, 18), _SCALE, (_MIDDLE[0] - 0.205 * _SCALE, _MIDDLE[1] + 0.212 * _SCALE)),
}


def _padded(box: list[int], margin: int) -> Box:
    x, y, width, height = box
    return Box(x - margin, y - margin, width + 2 * margin, height + 2 * margin)


@cache
def _points() -> dict[str, tuple[int, int]]:
    found = {}
    for item in areas.counties():
        if item.lat is not None and item.lon is not None:
            place = project(item.lat, item.lon, item.state_abbr)
            if place is not None:
                found[item.code] = (round(place[0]), round(place[1]))
    return found


@cache
def _map() -> dict[str, Any]:
    text = files("sharedtable.lmi").joinpath("reference", "map.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
