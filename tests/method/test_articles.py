"""The library's texts: whole, in two languages, plain, every number with its source; a mistake is refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.method import articles, papers, reading, toml_data
from sharedtable.method.presets import preset

SHELVES = sorted(articles.SHELVES)


@pytest.mark.parametrize("name", SHELVES)
def test_every_entry_speaks_both_languages_and_names_its_lines(name: str) -> None:
    for entry in articles.shelf(name).values():
        assert entry.title("en") and entry.text("en") and entry.source
        assert entry.text("en") != entry.text("es")
        assert entry.text("fr") == entry.text("en")


@pytest.mark.parametrize("name", SHELVES)
def test_a_shelf_reads_at_grade_eight_or_below(name: str) -> None:
    entries = articles.shelf(name).values()
    for words, measure in (("en", reading.english_grade), ("es", reading.spanish_ease)):
        texts = [text for entry in entries for text in (entry.title(words), entry.text(words))]
        found = measure(reading.prose(texts))
        assert found <= reading.GRADE_AT_MOST if words == "en" else found >= reading.EASE_AT_LEAST


def test_each_long_text_reads_at_grade_eight_by_itself() -> None:
    hard = [
        entry.key
        for name in SHELVES
        for entry in articles.shelf(name).values()
        if len(entry.text("en").split()) >= 60 and reading.english_grade([entry.text("en")]) > reading.GRADE_AT_MOST
    ]
    assert hard == []


@pytest.mark.parametrize("name", SHELVES)
def test_every_number_in_a_text_has_a_source(name: str) -> None:
    for entry in articles.shelf(name).values():
        known = {n for one in (*entry.numbers, *entry.figures) for n in toml_data.numbers_in(one.value)}
        assert all(one.source for one in (*entry.numbers, *entry.figures))
        for language in toml_data.LANGUAGES:
            # Each preset stands for a name that no other number has.
            bare = articles._BRACES.sub("", entry.words[language]["text"])
            assert toml_data.numbers_in(bare) <= known, entry.key


def test_the_fact_cards_say_what_the_workbook_says_and_no_more() -> None:
    facts = articles.shelf("facts")
    assert [one.value for fact in facts.values() for one in fact.figures] == ["48%", "18%", "41%", "84%", "100%"]
    assert all(one.source.startswith("S0:") for fact in facts.values() for one in fact.figures)
    assert "share of employers who say so" in facts["turnover"].text("en")


def test_there_are_five_lessons_and_twenty_five_prompts_and_nine_actions_of_a_state() -> None:
    assert len(articles.shelf("lessons")) == 5
    assert len(articles.shelf("prompts")) == 25
    groups = [entry.more["group"] for entry in articles.shelf("states").values()]
    assert groups.count("action") == 9 and groups.count("guidepost") >= 3
    assert len(articles.shelf("states")["map"].more["places"]) == 12


def test_a_text_takes_the_number_of_the_method_or_the_teams_own() -> None:
    entry = articles.article("topics/launch")
    assert f"Aim for {preset('launch_businesses_target').value} business leaders" in entry.text("en")
    assert "Aim for 19 business leaders" in entry.text("en", {"launch_businesses_target": 19})


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(Missing, match="no shelf"):
        articles.shelf("attic")
    with pytest.raises(Missing, match="no “x”"):
        articles.article("topics/x")


@pytest.mark.parametrize(
    ("shelf", "old", "new", "said"),
    [
        ("facts", ', source = "S0:95" }', " }", "without a source"),
        ("facts", "48% got out", "49% got out", "names the number 49"),
        ("facts", 'title = "Out of poverty", text', 'titel = "Out of poverty", text', "unknown key “titel”"),
        ("lessons", 'es = { title = "Las regiones', 'fr = { title = "Las regiones', "unknown key “fr”"),
        ("lessons", 'id = "strengths"', 'id = "regions"', "stands twice"),
        ("glossary", 'see = ["glossary/sector-strategy"', 'see = ["glossary/nothing"', "not there"),
        ("topics", "{scope_session_minutes} minutes", "{scope_minutes} minutes", "no preset"),
        ("prompts", "{counties} {counties:county works", "{districts} {counties:county works", "no preset"),
        ("states", 'group = "policy"', 'group = "politics"', "group “politics”"),
        ("states", 'places = ["OR", "PA"]', 'places = ["Oregon"]', "two capital letters"),
        ("stories", 'figure = [\n  { value = "1981"', 'figures = [\n  { value = "1981"', "unknown key “figures”"),
    ],
)
def test_a_mistake_in_a_shelf_is_refused_by_name(tmp_path: Path, shelf: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "library"
    shutil.copytree(articles.FOLDER, folder)
    file = folder / f"{shelf}.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match=f"{shelf}.toml") as refused:
        articles.library(folder)
    assert said in str(refused.value)


def test_help_that_names_nothing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pages.toml"
    file.write_text('[pages]\npeople = ["topics/nothing"]\n', encoding="utf-8")
    with pytest.raises(Refused, match="people names “topics/nothing”"):
        articles.pages(file)


def test_help_is_that_of_the_longest_name() -> None:
    assert [entry.id for entry in articles.help_for("partnership-clock")] == ["clock", "early-win"]
    assert articles.help_for("partnership-tick") == articles.help_for("partnership")
    assert articles.help_for("library-entry") == () and articles.has_help("library-entry")
    assert not articles.has_help("nothing-of-the-kind")


# --- papers -----------------------------------------------------------------------------------------------------------


def test_the_sample_summary_is_the_golden_one() -> None:
    found = papers.paper("region-x")
    assert found.met_on is not None and len(found.opportunities) == 3
    assert [len(area.champions) for area in found.areas] == [6, 4, 2]
    timed = [one for one in found.next if one.on]
    assert [one.days(found.met_on) for one in timed] == [34, 70]
    assert [one.late_days(found.met_on) for one in timed] == [4, 10]


def test_the_quick_plan_has_two_aims_with_a_team_of_four_each() -> None:
    found = papers.paper("lewistown")
    assert [len(aim.team) for aim in found.aims] == [4, 4]
    assert sorted(line.months for aim in found.aims for line in aim.lines if line.months) == [1, 6, 6]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("region-x", 'source = "S1:453-468"', 'source = "somewhere"', "without a source"),
        ("region-x", 'preset = "team_calls_days"', 'preset = "calls"', "preset “calls”"),
        ("region-x", '"Noor Cloverdale"', '"Karsten Appleby"', "twice"),
        ("region-x", "met_on = 2012-12-18", 'met_on = "last winter"', "Write it as"),
        ("lewistown", 'kind = "plan"', 'kind = "poem"', "kind “poem”"),
        ("memo", "es = ", "pt = ", "unknown key “pt”"),
        ("lewistown", "months = 6", "weeks = 6", "unknown key “weeks”"),
    ],
)
def test_a_mistake_in_a_paper_is_refused_by_name(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    text = (papers.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / f"{name}.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused, match=f"{name}.toml") as refused:
        papers.load(file)
    assert said in str(refused.value)


def test_papers_read_at_grade_eight() -> None:
    for name in papers.papers():
        data = toml_data.read(papers.FOLDER / f"{name}.toml")
        english = reading.prose(_english(data))
        assert reading.english_grade(english) <= reading.GRADE_AT_MOST, name


def _english(found: object) -> list[str]:
    if isinstance(found, dict):
        return [text for key, value in found.items() if key != "es" for text in _english(value)]
    if isinstance(found, list):
        return [text for one in found for text in _english(one)]
    return [found] if isinstance(found, str) else []
