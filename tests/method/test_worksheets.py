"""Worksheets as data: both languages of each whole and alike, easy to read, and every mistake refused by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.method import read_worksheet, reading, toml_data
from sharedtable.method.presets import presets
from sharedtable.method.tools import FOLDER, attribution, freeze, from_texts, load, thaw, tool, tools

TOOLS = sorted(tools())
NUMBERS = {name: found.value for name, found in presets().items()}
SHIPPED = {
    "what-works", "review-team", "review-scope", "review-launch-ready", "industry-readiness", "lmi-review",
    "five-conditions", "regional-diagnostic", "convener-role", "champion-role", "sustainability-check", "scope-hour",
}  # fmt: skip


def given(name: str = "what-works") -> dict[str, str]:
    return {
        language: (FOLDER / f"{name}.{language}.toml").read_text(encoding="utf-8") for language in toml_data.LANGUAGES
    }


def lists_of(name: str) -> dict[str, list[str]]:
    return {one.id: [f"Industry {n}" for n in range(one.least)] for one in tool(name).sheet("en").lists}


def test_the_first_dozen_is_shipped() -> None:
    assert set(TOOLS) >= SHIPPED


@pytest.mark.parametrize("name", TOOLS)
def test_every_worksheet_is_whole_in_both_languages(name: str) -> None:
    english, spanish = tool(name).sheet("en"), tool(name).sheet("es")
    assert english.title != spanish.title
    assert english.summary != spanish.summary
    assert [q.id for q in english.questions] == [q.id for q in spanish.questions]
    assert any(q.is_answered_by_people for q in english.questions)
    assert tool(name).sheet("fr") is english


@pytest.mark.parametrize("name", TOOLS)
def test_every_worksheet_reads_at_grade_eight_or_below(name: str) -> None:
    texts = {language: list(read_worksheet.texts(tool(name).data[language])) for language in toml_data.LANGUAGES}
    assert reading.english_grade(reading.prose(texts["en"])) <= reading.GRADE_AT_MOST
    assert reading.spanish_ease(reading.prose(texts["es"])) >= reading.EASE_AT_LEAST
    assert reading.english_grade([tool(name).sheet("en").intro]) <= reading.GRADE_AT_MOST


def test_the_measures_of_reading_agree_with_published_ones() -> None:
    hard = ["The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."]
    assert reading.english_grade(hard) == pytest.approx(11.3, abs=1.5)  # the example of the English Wikipedia
    assert reading.english_grade(["The cat sat on the mat."]) == pytest.approx(-1.45, abs=0.1)
    english = {"asked": 1, "needed": 2, "table": 2, "made": 1, "partner": 2, "agreement": 3}
    spanish = {"empresa": 3, "región": 2, "guerra": 2, "que": 1, "día": 2, "ciudad": 2, "leer": 2, "muy": 1}
    assert {word: reading.english_syllables(word) for word in english} == english
    assert {word: reading.spanish_syllables(word) for word in spanish} == spanish


@pytest.mark.parametrize("name", TOOLS)
def test_every_worksheet_freezes_with_the_numbers_of_a_team_and_thaws_the_same(name: str) -> None:
    found = tool(name)
    frozen = freeze(found, NUMBERS, lists_of(name))
    again = thaw(frozen)
    assert [q.id for q in again.sheet("es").questions] == [q.id for q in found.sheet("es").questions]
    assert "{" not in " ".join(read_worksheet.texts(again.data["en"]))
    assert all(q.options for q in again.sheet("en").questions if q.options_from)


def test_a_teams_own_number_stands_in_the_question() -> None:
    frozen = thaw(freeze(tool("scope-hour"), NUMBERS | {"companies_in_definition": 80}, {}))
    assert "80 firms" in frozen.sheet("en").question("enough").text  # type: ignore[union-attr]
    assert "80 empresas" in frozen.sheet("es").question("enough").text  # type: ignore[union-attr]


def test_a_list_that_is_too_short_is_refused() -> None:
    with pytest.raises(Refused, match="needs 2 to 6 lines"):
        freeze(tool("industry-readiness"), NUMBERS, {"industries": ["One"]})


def test_every_tool_has_its_attribution() -> None:
    assert "Next Gen Sector Partnerships" in attribution("en")
    assert attribution("en") != attribution("es")


def test_a_tool_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(Missing, match="what-works"):
        tool("crystal-ball")


@pytest.mark.parametrize(
    ("language", "old", "new", "said"),
    [
        ("en", 'title = "What works', 'titel = "What works', "unknown key “titel”"),
        ("es", 'kind = "long"', 'kind = "short"', "the two languages differ at"),
        ("es", 'id = "partners"', 'id = "socios"', "the two languages differ at"),
        ("es", 'id = "next"\n', 'id = "next"\ndiscuss = "x"\n', "the two languages differ at"),
        ("en", 'kind = "long"', 'kind = "essay"', "has the kind 'essay'"),
        ("en", "twelve times", "12 times", "names the number 12 without a source"),
        ("en", "twelve times", "{magic} times", "names the preset “magic”"),
        ("en", 'id = "partners"', 'id = "clusters"', "has the question “clusters” twice"),
        ("en", 'source = "S1:142-155, S0:183-205"', 'source = "my head"', "without a source"),
        ("en", "step = 1", "step = 7", "whole number from 1 to 6"),
        ("en", 'left = "We work with single firms, one at a time"\n', "", "lacks “left”"),
        ("en", 'id = "next"', 'id = "next"\nshown_if = { question = "nobody", is = [1] }', "must be a rating"),
        ("en", 'id = "next"', 'id = "next"\nshown_if = { question = "process", is = [9] }', "has no answer"),
        ("en", 'id = "next"', 'id = "Next!"', "An id is a word in small letters"),
        ("en", "[[section]]", "[[section]", "cannot be read"),
        ("en", 'way = "private"', 'way = "shouting"', "has the way 'shouting'"),
        ("en", 'help = "One or two', 'help = "' + "long " * 300 + "One or two", "longer than 1200 letters"),
        ("en", 'id = "what-works"', 'id = "what-works"\n# ' + "x" * 60_000, "longer than 60 kB"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_name(language: str, old: str, new: str, said: str) -> None:
    texts = given()
    assert old in texts[language]
    texts[language] = texts[language].replace(old, new, 1)
    with pytest.raises(Refused) as refused:
        from_texts(texts, "what-works")
    assert said in str(refused.value)
    assert "what-works" in str(refused.value)


def test_a_worksheet_without_its_spanish_is_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "what-works.en.toml", tmp_path)
    with pytest.raises(Refused, match="what-works.es.toml is missing"):
        load(tmp_path)


def test_a_file_and_its_worksheet_have_the_same_name(tmp_path: Path) -> None:
    for language in toml_data.LANGUAGES:
        shutil.copy(FOLDER / f"what-works.{language}.toml", tmp_path / f"other.{language}.toml")
    with pytest.raises(Refused, match="the same name"):
        load(tmp_path)


def test_the_page_of_tools_in_the_guide_says_what_the_worksheets_say() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, root / "tools" / "build_tool_pages.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
