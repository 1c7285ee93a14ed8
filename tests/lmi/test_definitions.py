"""Regions and sectors: what is refused and how it is said, rules on industries, texts that come back the same."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import naics
from sharedtable.lmi.definitions import Region, Rule, Sector, Verdict
from sharedtable.lmi.places import areas
from sharedtable.lmi.rules import MEASURES

COUNTIES = [item.code for item in areas.counties() if item.is_current]
INDUSTRIES = [code for digits in (2, 3, 4, 5, 6) for code in naics.codes(2022, digits)]
BRANCHES = [code for code in INDUSTRIES if len(naics.children(code, 2022)) > 1]

names = (
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=80)
    .map(str.strip)
    .filter(bool)
)
notes = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
versions = st.integers(1, 10_000)
rules = st.builds(
    Rule,
    st.sampled_from(sorted(MEASURES)),
    st.sampled_from([">=", "<="]),
    st.floats(allow_nan=False, allow_infinity=False),
)


# --- regions ----------------------------------------------------------------------------------------------------------


@given(names, st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=20, unique=True), versions, notes)
def test_the_text_of_a_region_comes_back_the_same(name: str, codes: list[str], version: int, note: str) -> None:
    region = Region(name, tuple(codes), version, note)
    assert Region.parse(region.to_text()) == region
    assert region.areas == tuple(sorted(codes))


def test_the_text_of_a_region_is_readable() -> None:
    assert Region.of("39045, 39041", "Two counties").to_text() == (
        'kind = "region"\nname = "Two counties"\nversion = 1\nareas = [\n'
        '  "39041",  # Delaware County, Ohio\n  "39045",  # Fairfield County, Ohio\n]\n'
    )


def test_a_region_without_a_name_is_named_by_its_areas() -> None:
    assert Region.of("39041").name == "Delaware County, Ohio"
    assert Region.of(["39041", "39045", "39049"]).name == "Delaware County, Ohio and 2 more"


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ("39042", "There is no area 39042"),
        ("39041,39041", "names area 39041 twice"),
        ("", "has no area"),
        ("39041,39000", "lies in Ohio .39000., so its jobs would count twice"),
        ("39999,39000", "lies in Ohio .39000., so its jobs would count twice"),
        ("C1814,39041", "lies in Columbus, OH .metropolitan area. .C1814., so its jobs would count twice"),
        ("US000,39041", "lies in United States"),
        ("CZ15900", "is a commuting zone, which is a set of counties"),
    ],
)
def test_a_region_that_cannot_be_is_refused_with_a_sentence(codes: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        Region.of(codes)


def test_a_metropolitan_area_by_name_is_its_counties_and_a_state_is_itself() -> None:
    metro = Region.named("Columbus, OH")
    assert len(metro.areas) == 10
    assert metro.areas == areas.counties_of("C1814")
    assert Region.named("Ohio").areas == ("39000",)
    assert len(Region.named("Ohio").counties) == 88


def test_a_region_says_which_jurisdictions_it_crosses() -> None:
    crossing = Region.of("39041,39083,21037").crosses()
    assert crossing.states == {"21": "Kentucky", "39": "Ohio"}
    assert crossing.counties_in["39"] == 2
    assert set(crossing.metros) == {"C1714", "C1814", "C3454"}
    assert {"C1714", "C1814"} <= set(crossing.partly)
    assert "C3454" not in crossing.partly, "Mount Vernon is Knox County alone"
    assert Region.of("39111").crosses().outside_metros == ("39111",)
    assert Region.of("C1714").states == ("18", "21", "39")


def test_connecticut_counties_are_refused_for_2024_and_planning_regions_for_2023() -> None:
    old, new = Region.of("09001,09003"), Region.of("09110")
    assert old.problems(2023) == ()
    assert new.problems(2024) == ()
    assert "up to 2023 only" in old.problems(2024)[0]
    assert "from 2024 on only" in new.problems(2023)[0]
    assert Region.of("09001,09110").problems(2024) == (), "a definition may serve both times"
    assert Region.of("09000").problems(2016) == (), "the state has no such break"


def test_a_next_version_needs_a_reason_and_leaves_the_old_one_alone() -> None:
    first = Region.of("39041", "Mine")
    second = first.next_version("Fairfield joined", areas=["39041", "39045"])
    assert (first.version, first.areas) == (1, ("39041",))
    assert (second.version, second.areas, second.note) == (2, ("39041", "39045"), "Fairfield joined")
    with pytest.raises(Refused, match="needs a note"):
        first.next_version("  ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = ", "cannot be read"),
        ('kind = "sector"\nname = "A"', "not the text of a region"),
        ('kind = "region"\nname = "A"', "has no areas"),
        ('kind = "region"\nareas = ["39041"]', "has no name"),
        ('kind = "region"\nname = "A"\nareas = "39041"', "has to be a list"),
        ('kind = "region"\nname = "A"\nareas = [39041]', "has to be a list of texts"),
        ('kind = "region"\nname = "A"\nversion = "2"\nareas = ["39041"]', "has to be a whole number"),
        ('kind = "region"\nname = "A"\nversion = 0\nareas = ["39041"]', "count from 1"),
        ('kind = "region"\nname = 3\nareas = ["39041"]', "has to be a text"),
        ('kind = "region"\nname = "A"\nareas = ["39041"]\ncolour = "red"', "has no “colour”"),
        ("a = [" * 100_000, "too long"),
        ("a = " + "[" * 50_000, "cannot be read"),
    ],
)
def test_a_broken_text_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        Region.parse(text)


HOSTILE = {
    "a number of 5,000 digits": "version = " + "9" * 5_000,
    "50,000 dots": "a." * 50_000 + "b = 1",
    "45,000 areas": "version = 1\nareas = [" + ",".join(f'"{code:05}"' for code in range(45_000)) + "]",
    "an area of 10^5 digits": "version = 1\nareas = ['" + "9" * 100_000 + "']",
    "a name of 10^5 letters": "name = '" + "a" * 100_000 + "'\nversion = 1\nareas = ['39049']",
    "40,000 tables": "\n".join(f"[a{number}]" for number in range(40_000)),
    "a table in a table": f"note = {'{a=' * 400}1{'}' * 400}",
    "no number": "version = nan",
    "a number beyond any": "version = 1e999999",
    "a day": "name = 2026-11-28",
    "a zero": 'name = "a\\u0000b"\nversion = 1\nareas = ["39049"]',
    "half a letter": 'name = "a\\ud800b"',
    "a name turned round": 'name = "Ohio\u202egnp.exe"\nversion = 1\nareas = ["39049"]',
    "a sign that nobody sees": 'name = "Oh\u200bio"\nversion = 1\nareas = ["39049"]',
    "a list for the kind": 'kind = ["region"]',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_definition_is_refused_at_once(what: str) -> None:
    text = HOSTILE[what]
    for kind in (Region, Sector):
        began = time.process_time()
        with pytest.raises(Refused):
            kind.parse(text if text.startswith("kind") else f'kind = "{kind.__name__.lower()}"\n{text}')
        assert time.process_time() - began < 2


@given(st.text(max_size=200))
def test_any_text_is_a_region_or_refused(text: str) -> None:
    try:
        Region.parse(text)
    except Refused as why:
        assert str(why)


@pytest.mark.parametrize("name", ["", " x", "a\nb", "x" * 121, "a\u2028b"])
def test_a_name_that_would_break_a_page_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="name of a region|needs a name"):
        Region(name, ("39041",))


# --- sectors ----------------------------------------------------------------------------------------------------------


@given(
    names,
    st.lists(st.sampled_from(INDUSTRIES), min_size=1, max_size=12, unique=True),
    st.lists(rules, max_size=4),
    notes,
)
def test_the_text_of_a_sector_comes_back_the_same(name: str, codes: list[str], some: list[Rule], note: str) -> None:
    sector = Sector(name, tuple(codes), (), tuple(some), 3, note)
    assert Sector.parse(sector.to_text()) == sector


@given(st.sampled_from(BRANCHES), st.lists(st.sampled_from(INDUSTRIES), max_size=4, unique=True), st.data())
def test_a_sector_is_what_is_included_less_what_is_excluded(branch: str, more: list[str], data: st.DataObject) -> None:
    exclude = data.draw(st.sampled_from(naics.children(branch, 2022)))
    include = [branch, *(code for code in more if code not in (branch, exclude))]
    wanted = frozenset().union(*(naics.leaves(code, 2022) for code in include))
    assert Sector("S", tuple(include), (exclude,)).leaves(2022) == wanted - naics.leaves(exclude, 2022)


def test_codes_ranges_beginnings_and_exclusions_are_understood() -> None:
    sector = Sector.of("3261, 333*, -3339")
    assert sector.include == ("3261", "333*")
    assert sector.exclude == ("3339",)
    expected = naics.leaves("3261", 2022) | naics.leaves("333", 2022) - naics.leaves("3339", 2022)
    assert sector.leaves(2022) == expected
    assert Sector.of("31-33").name == "Manufacturing"
    assert Sector.of("31-33").leaves(2017) == Sector.of("31*,32*,33*").leaves(2017)
    assert "without 3339 Other General Purpose Machinery Manufacturing" in sector.describe()
    assert Sector.parse(sector.to_text()) == sector


@pytest.mark.parametrize(
    ("patterns", "sentence"),
    [
        ("", "has no industry"),
        ("3261,3261", "names industry 3261 twice"),
        ("32", "part of 31-33"),
        ("238110", "publishes 238111"),
        ("7777", "no NAICS industry 7777"),
        ("12*", "No NAICS industry begins with 12"),
        ("33x", "is no industry code"),
        ("3261,-3339", "was never in it"),
        ("3261,-326*", "is empty"),
        ("-3261", "has no industry"),
    ],
)
def test_a_sector_that_cannot_be_is_refused_with_a_sentence(patterns: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        Sector.of(patterns, "Mine")
    with pytest.raises(Refused, match=sentence):
        Sector.of(patterns)


def test_a_code_of_another_vintage_is_carried_over_or_missing_with_the_reason() -> None:
    assert Sector.of("4471").leaves(2022) == naics.leaves("4571", 2022)
    assert Sector.of("4571").leaves(2012) == naics.leaves("4471", 2012)
    with pytest.raises(
        Missing, match=r"NAICS 2022 has no exact counterpart of 4541 of NAICS 2017\. In 2022 NAICS 4541"
    ):
        Sector.of("4541").leaves(2022)


# --- rules ------------------------------------------------------------------------------------------------------------

ROW = {"average_annual_pay_usd": 41_200, "jobs_per_establishment": 18.4, "employment_jobs": 910}


def test_an_industry_that_meets_every_rule_is_in() -> None:
    sector = Sector(
        "S", ("3261",), (), (Rule.minimum("jobs_per_establishment", 10), Rule.maximum("employment_jobs", 910))
    )
    verdict = sector.judge(ROW)
    assert verdict.is_in is True
    assert verdict.reasons[0] == "Jobs per establishment: 18.4 meets the minimum of 10."


def test_an_industry_that_fails_a_rule_is_out_with_the_reason() -> None:
    rule = Rule.minimum("average_annual_pay_usd", 45_000)
    assert Sector("S", ("3261",), (), (rule,)).judge(ROW) == Verdict(
        False, ("Average annual pay: $41,200 is below the minimum of $45,000.",)
    )
    assert rule.describe() == "average annual pay of at least $45,000"


@pytest.mark.parametrize("unknown", [None, math.nan])
def test_a_withheld_figure_leaves_an_industry_open_never_out(unknown: float | None) -> None:
    sector = Sector("S", ("3261",), (), (Rule.minimum("average_annual_pay_usd", 45_000),))
    verdict = sector.judge(ROW | {"average_annual_pay_usd": unknown})
    assert verdict.is_in is None
    assert "not published" in verdict.reasons[0]
    both = Sector("S", ("3261",), (), (*sector.rules, Rule.minimum("employment_jobs", 5_000)))
    assert both.judge(ROW | {"average_annual_pay_usd": unknown}).is_in is False, "another rule decides"


def test_a_rule_on_a_column_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing, match="these figures have no such column"):
        Sector("S", ("3261",), (), (Rule.minimum("establishments", 5),)).judge(ROW)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("employment_jobs = 5", "needs >= .at least. or <="),
        ("wages >= 5", "no measure “wages”"),
        ("employment_jobs >= many", "is no rule"),
        ("employment_jobs >= 1.2.3", "needs a number"),
        ("employment_jobs >= 1e999", "needs a number"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        Rule.parse(text)


@given(rules, st.floats(allow_nan=False, allow_infinity=False))
def test_a_verdict_is_the_comparison_itself(rule: Rule, value: float) -> None:
    verdict = Sector("S", ("3261",), (), (rule,)).judge({rule.measure: value})
    assert verdict.is_in is (value >= rule.value if rule.side == ">=" else value <= rule.value)
    assert Rule.parse(rule.to_text()) == rule
