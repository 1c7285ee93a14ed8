"""Runs of show: their lengths, what they end in, how many cards a round asks for; and what the loader refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.method import runs
from sharedtable.method.toml_data import FOLDER


def test_the_lengths_of_a_launch_add_up_to_what_they_are_called():
    launch = runs.run("launch")
    assert {one.id: sum(one.minutes.values()) for one in launch.lengths} == {
        "two-hours": 120, "ninety-minutes": 90, "three-hours": 180,
    }  # fmt: skip
    assert launch.length("two-hours") == {one.id: one.minutes for one in launch.segments}
    with pytest.raises(Missing):
        launch.length("a-minute")


def test_a_launch_ends_in_opportunities_requirements_and_champions_in_that_order():
    launch = runs.run("launch")
    order = [one.id for one in launch.segments]
    assert launch.lacks(order) == ()
    assert [one.id for one in launch.lacks([name for name in order if name != "commitments"])] == ["champions"]
    swapped = ["welcome", "requirements", "opportunities", "commitments"]
    assert [one.id for one in launch.lacks(swapped)] == ["requirements"]


def test_the_second_round_asks_each_person_for_two_or_three_cards_and_there_are_seven_kinds_and_tips():
    launch = runs.run("launch")
    asked = launch.round("requirements")
    assert asked is not None
    assert (asked.least, asked.most, asked.about) == (2, 3, "opportunities")
    assert (len(launch.tags), len(launch.tips)) == (7, 7)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('segment = "commitments"', 'segment = "nothing"', "a product names the segment"),
        ("minutes = { welcome = 5, purpose = 10, opp", "minutes = { welcome = 0, purpose = 10, opp", "whole minutes"),
        ("least = 2\nmost = 3", "least = 3\nmost = 2", "asks for 3 to 2 cards"),
        ('source = "S0:495, S1:365-420"', 'source = "somewhere"', "without a source"),
    ],
)
def test_a_run_that_is_wrong_is_refused_with_the_place(tmp_path: Path, old: str, new: str, says: str):
    text = (FOLDER / "meetings" / "launch.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "launch.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match=says):
        runs.load(path)
