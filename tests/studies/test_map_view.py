"""Which counties stand on the map of a state, and what a press on each means."""

from __future__ import annotations

import pytest

from sharedtable.lmi.places import areas
from sharedtable.studies import map_view

DRAWN = [outline.code for outline in map_view.country()]


@pytest.mark.parametrize("year", [2022, 2024])
@pytest.mark.parametrize("state", DRAWN)
def test_every_county_of_a_state_can_be_picked_on_its_map(state, year):
    offered = set(map_view.state_view(state, year).codes)
    own = {
        county.code
        for county in areas.counties()
        if county.state_code == state
        and not county.replaced_by
        and (county.first_year or 0) <= year <= (county.last_year or 9999)
    }
    assert own <= offered


def test_neighbours_can_be_picked_too_but_not_those_of_an_inset():
    codes = map_view.state_view("39", 2022).codes
    assert {code[:2] for code in codes} >= {"39", "21", "54"}
    assert {code[:2] for code in map_view.state_view("02", 2022).codes} == {"02"}
    assert not {code[:2] for code in map_view.state_view("06", 2022).codes} & {"02", "15"}


def test_connecticut_is_counties_before_2024_and_dots_with_names_after():
    before, after = map_view.state_view("09", 2023), map_view.state_view("09", 2024)
    assert {"09001", "09015"} <= set(before.codes)
    assert not any(code.startswith("091") for code in before.codes)
    dots = [shape for shape in after.shapes if not shape.path]
    assert len(dots) == 9
    assert all(dot.label and dot.codes[0].startswith("091") for dot in dots)
    assert not {"09001", "09015"} & set(after.codes)


def test_one_shape_of_alaska_means_two_counties():
    shared = [shape for shape in map_view.state_view("02", 2022).shapes if len(shape.codes) == 2]
    assert [shape.codes for shape in shared] == [("02063", "02066")]


def test_a_tiny_state_is_shown_with_what_is_around_it():
    view = map_view.state_view("11", 2022)
    assert len(view.codes) > 10
    assert int(view.view_box.split()[2]) >= map_view.LEAST_WIDTH


@pytest.mark.parametrize(
    ("path", "bound"),
    [("M10,20l5,5-10,3z", (5, 20, 15, 28)), ("M0,0h4v3h-9zM100,100l1,1z", (-5, 0, 101, 101)), ("M3,4z", (3, 4, 3, 4))],
)
def test_the_bounds_of_a_path(path, bound):
    assert map_view._bound(path) == bound
