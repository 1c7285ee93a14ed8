"""The guideposts: every data point in both languages, every number with its source, and nothing wrong let through."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedtable.errors import Refused
from sharedtable.method import toml_data
from sharedtable.method.guideposts import DATA_POINTS, guideposts, load

SHIPPED = toml_data.FOLDER / "guideposts.toml"


def changed(folder: Path, old: str, new: str) -> Path:
    """The shipped file with one change."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = folder / "guideposts.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_of_the_ten_data_points_says_what_it_tells_and_what_not(language: str) -> None:
    found = guideposts(language)
    assert [point.id for point in found.points] == list(DATA_POINTS)
    for point in found.points:
        assert len({point.title, point.tells, point.tells_not, point.ask}) == 4
        assert all(len(text) > 3 for text in (point.title, point.tells, point.tells_not, point.ask))


def test_the_languages_differ_and_an_unknown_one_falls_back_to_english() -> None:
    assert guideposts("es")["pay"].tells != guideposts("en")["pay"].tells
    assert guideposts("fr").points == guideposts("en").points


def test_every_number_in_a_text_has_a_line_of_a_source_document() -> None:
    for point in guideposts("en").points:
        named = {number.value for number in point.numbers}
        for text in (point.title, point.tells, point.tells_not, point.ask):
            assert toml_data.numbers_in(text) <= named
        assert all(number.source.startswith("S") for number in point.numbers)


def test_the_attribution_names_both_source_documents() -> None:
    for language in ("en", "es"):
        said = guideposts(language).attribution
        assert "Next Gen Sector Partnerships" in said
        assert "Regional Sector Partnership Convener Training Workbook" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('tells = "How many jobs', 'tales = "How many jobs', "unknown key “tales”"),
        ('source = "S3:185"', 'source = "somewhere"', "number without a source"),
        (', source = "S3:186"', "", "number without a source"),
        ('{ value = "100", what', '{ value = "101", what', "names the number 100 without a source"),
        ("[guidepost.es]\n", "[guidepost.fr]\n", "unknown key “fr”"),
        ('id = "pay"', 'id = "wages"', "needs one guidepost for each of these"),
        ('id = "pay"', 'id = "size"', "needs one guidepost for each of these"),
        ('ask = "Who are they', 'ask = ""\nother = "Who are they', "unknown key “other”"),
        ("[attribution]\nen =", "[attribution]\nde =", "attribution has the unknown key “de”"),
        ("[conversation]", "[conversation", "cannot be read"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Refused, match="guideposts.toml") as refused:
        load(changed(tmp_path, old, new))
    assert said in str(refused.value)


def test_a_language_that_is_left_out_is_refused(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    start, end = text.rindex("[guidepost.es]"), len(text)
    path = tmp_path / "guideposts.toml"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(Refused, match="lacks “es”"):
        load(path)
