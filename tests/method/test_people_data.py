"""The directory of support partners (A14) and the signs of a champion (A07, A08): whole, sourced, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.errors import Refused
from sharedtable.method import champions, partner_types, toml_data
from sharedtable.people.models import Organisation


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A shipped file with one change."""
    text = (toml_data.FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_there_are_about_twenty_types_in_every_system_of_the_record() -> None:
    found = partner_types.partner_types()
    assert 18 <= len(found) <= 24
    assert {one.system for one in found.values()} == set(partner_types.SYSTEMS) == set(Organisation.System.values)
    assert all(one.title("es") != one.title("en") and one.decides("es") for one in found.values())
    assert found["chamber"].title("fr") == "Chamber of commerce"


def test_there_are_three_tests_and_five_traits_in_both_languages() -> None:
    for language in toml_data.LANGUAGES:
        found = champions.champions(language)
        assert (len(found.tests), len(found.traits), len(found.signs)) == (3, 5, 8)
    assert champions.champions("es").tests[0].ask != champions.champions("en").tests[0].ask


@pytest.mark.parametrize(
    ("load", "name", "old", "new", "message"),
    [
        (partner_types.load, "partner_types.toml", 'source = "S2:119"\n', "", "without a source"),
        (partner_types.load, "partner_types.toml", 'system = "workforce"', 'system = "army"', "army"),
        (partner_types.load, "partner_types.toml", 'id = "job_center"', 'id = "workforce_board"', "stands twice"),
        (partner_types.load, "partner_types.toml", 'system = "elected"', 'system = "labor"', "no type of the system"),
        (partner_types.load, "partner_types.toml", "title =", "name =", "unknown key"),
        (champions.load, "champions.toml", 'source = "S1:260, S2:167"\n', "", "without a source"),
        (champions.load, "champions.toml", 'id = "test_industry"', 'id = "test_company"', "stands twice"),
        (champions.load, "champions.toml", "means =", "tells =", "unknown key"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused_by_its_name(tmp_path, load, name, old, new, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused, match=message) as caught:
        load(changed(tmp_path, name, old, new))
    assert name in str(caught.value)
