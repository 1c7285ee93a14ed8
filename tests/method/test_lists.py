"""The lists of the method: roles, duties, steps and so on, and mistakes in a file refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.method import lists, toml_data
from sharedtable.method.presets import presets


@pytest.mark.parametrize("name", sorted(lists.LISTS))
def test_every_list_speaks_both_languages_and_names_its_source(name) -> None:
    for item in lists.items(name).values():
        assert item.title("en") and item.text("es") and item.source
        assert item.text("en") != item.text("es")
        assert item.title("fr") == item.title("en")


def test_duties_and_terms_point_to_what_exists() -> None:
    roles = lists.items("roles")
    for duty in lists.items("duties").values():
        assert set(duty.more["roles"]) <= roles.keys(), duty.id
    for role in roles.values():
        assert role.more["table"] in ("inner", "outer", "network")
        assert set(role.more.get("acts_for", ())) <= roles.keys()
        assert {role.more[key] for key in ("term_preset", "most_preset") if key in role.more} <= presets().keys()
    assert {item.more["preset"] for item in lists.items("clock").values()} <= presets().keys()


def test_nobody_at_the_outer_table_or_in_the_network_has_a_vote() -> None:
    assert {role.more["table"] for role in lists.items("roles").values() if role.more["has_vote"]} == {"inner"}


def test_there_are_six_steps_with_two_peaks_and_seven_places_and_four_duties_of_a_convener() -> None:
    steps = list(lists.items("steps").values())
    assert [step.more["number"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert [step.id for step in steps if step.more["is_peak"]] == ["team", "action"]
    assert len(lists.items("map_places")) == 7
    assert sum("convener" in duty.more["roles"] for duty in lists.items("duties").values()) == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "S1:129-131"', 'source = "somewhere"', "without a source"),
        ("[item.es]", "[item.fr]", "unknown key “fr”"),
        ('id = "distance"', 'id = "size"', "stands twice"),
        ('title = "Long distances"', 'titel = "Long distances"', "titel"),
    ],
)
def test_a_mistake_in_a_list_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (toml_data.FOLDER / "obstacles.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "obstacles.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match=said):
        lists.load(file, "obstacles")


def test_an_entry_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(Missing, match="distance"):
        lists.item("obstacles", "weather")
