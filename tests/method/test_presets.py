"""The presets: every number of the method with its source, and mistakes in the file refused by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.method import toml_data
from sharedtable.method.presets import load, preset, presets

SHIPPED = toml_data.FOLDER / "presets.toml"


def test_every_source_of_a_preset_stands_in_the_methods_own_list(shared: Path) -> None:
    method = (shared / "method" / "presets.md").read_text(encoding="utf-8")
    features = (shared / "method" / "features.csv").read_text(encoding="utf-8")
    for found in presets().values():
        for document, line in re.findall(r"(S\d):(\d+)", found.source):
            assert re.search(rf"{document}:{line}\b", method + features) or f", {line}" in method, found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("launch_businesses_target", 25),
        ("launch_businesses_floor", 12),
        ("companies_in_definition", 100),
        ("summary_days", 7),
        ("team_calls_days", 30),
        ("second_meeting_days", 60),
        ("notice_weeks", 5),
        ("long_change_years", 10),
    ],
)
def test_the_defaults_are_those_that_were_decided(name: str, value: int) -> None:
    assert preset(name).value == value


def test_each_preset_speaks_both_languages() -> None:
    for found in presets().values():
        assert found.title("en") != found.title("es")
        assert found.title("fr") == found.title("en")


def test_the_agenda_of_a_launch_fills_a_meeting() -> None:
    parts = [found.value for name, found in presets().items() if name.startswith("agenda_")]
    assert sum(parts) == preset("meeting_minutes").value


def test_a_preset_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(Missing, match="launch_businesses_target"):
        preset("magic_number")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "S1:183, S0:241-242"\n', "", "number without a source"),
        ('source = "S1:183, S0:241-242"', 'source = "I think"', "number without a source"),
        ("value = 25", "value = 0", "above zero"),
        ("value = 25", 'value = "25"', "above zero"),
        ('es = "Empresas a las', 'pt = "Empresas a las', "unknown key “pt”"),
        ('id = "launch_businesses_floor"', 'id = "launch_businesses_target"', "stands twice"),
        ('unit = "businesses"', 'unit = ""', "lacks “unit”"),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "presets.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match="presets.toml, launch_businesses") as refused:
        load(path)
    assert said in str(refused.value)
