"""Areas: every code that occurs, Connecticut and Alaska, and finding a place by its name."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.definitions import Region
from sharedtable.lmi.places import areas, finder

CURRENT = [item for item in areas.counties() if item.is_current]
PLANNING_REGIONS = tuple(f"091{tens}0" for tens in range(1, 10))


def test_every_area_of_the_qcew_of_2016_is_known(shared: Path) -> None:
    source = shared / "data/qcew/qcew_2016_annual_derived.parquet"
    codes = [
        row[0]
        for row in duckdb.connect().execute("select distinct area_fips from read_parquet(?)", [str(source)]).fetchall()
    ]
    assert len(codes) > 3_900
    assert [code for code in codes if not areas.is_known(code)] == []
    assert all(areas.area_title(code) for code in codes)


def test_every_title_in_the_list_of_bls_is_known(shared: Path) -> None:
    with (shared / "data/qcew/area_titles_2016.csv").open(encoding="utf-8-sig", newline="") as lines:
        codes = [row["area_fips"] for row in csv.DictReader(lines)]
    assert [code for code in codes if not areas.is_known(code)] == []


def test_every_county_of_the_gazetteer_is_current_and_named_as_there(shared: Path) -> None:
    with (shared / "data/geo/2025_Gaz_counties_national.txt").open(encoding="utf-8-sig", newline="") as lines:
        listed = {row["GEOID"]: row["NAME"] for row in csv.DictReader(lines, delimiter="|")}
    islands = {"78010", "78020", "78030"}
    assert {item.code: item.name for item in CURRENT if item.code not in islands} == listed
    assert {item.code for item in CURRENT} - set(listed) == islands


def test_titles_of_each_kind_of_area() -> None:
    assert areas.area_title("39041") == "Delaware County, Ohio"
    assert areas.area_title("39000") == "Ohio"
    assert areas.area_title("39999") == "Unknown or undefined county, Ohio"
    assert areas.area_title("C1814") == "Columbus, OH (metropolitan area)"
    assert areas.area_title("CS198") == "Columbus-Marion-Zanesville, OH (combined area)"
    assert areas.area_title("US000") == "United States"
    assert areas.area_title("48000") == "Texas"
    assert areas.area_title("CZ15900") == "Columbus, OH (commuting zone of 1990)"
    assert areas.area_title("11001") == "District of Columbia"


@pytest.mark.parametrize("code", ["00000", "99999", "39042", "390", "C9999", "", "39O41"])
def test_an_unknown_area_is_missing_with_a_sentence(code: str) -> None:
    assert not areas.is_known(code)
    with pytest.raises(Missing, match=r"There is no area .* Check the code"):
        areas.area_title(code)


def test_there_are_53_states_and_equivalents_and_each_has_counties() -> None:
    assert len(areas.states()) == 53
    held = [set(areas.counties_of(item.area_code)) for item in areas.states()]
    assert all(held)
    assert set().union(*held) == {item.code for item in CURRENT}
    assert len(areas.counties_of("39000")) == 88
    assert len(areas.counties_of("48000")) == 254


def test_connecticut_has_counties_to_2023_and_planning_regions_from_2024() -> None:
    assert areas.counties_of("09000") == PLANNING_REGIONS
    assert {areas.county(code).first_year for code in PLANNING_REGIONS} == {2024}
    old = [item for item in areas.counties() if item.state_abbr == "CT" and not item.is_current]
    assert [item.code for item in old] == [f"090{number:02}" for number in range(1, 16, 2)]
    assert {item.last_year for item in old} == {2023}


def test_alaska_and_south_dakota_name_the_successors() -> None:
    assert areas.county("02261").replaced_by == ("02063", "02066")
    assert areas.county("02270").replaced_by == ("02158",)
    assert areas.county("46113").replaced_by == ("46102",)
    assert all(areas.county(after).is_current for item in areas.counties() for after in item.replaced_by)


def test_metropolitan_areas_have_the_counties_of_the_list_of_july_2023(shared: Path) -> None:
    with (shared / "data/geo/usgeo_list1_Jul_2023.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if (row["CBSA Code"] or "").isdigit() and row["FIPS County Code"]]
    listed: dict[str, set[str]] = {}
    for row in rows:
        listed.setdefault(row["CBSA Code"], set()).add(row["FIPS State Code"] + row["FIPS County Code"])
    ours = {item.cbsa_code: set(item.counties) for item in areas.metros() if item.is_current and item.cbsa_code}
    assert ours == listed
    codes = [item.code for item in areas.metros()]
    assert len(set(codes)) == len(codes)


def test_commuting_zones_part_the_counties_that_have_one() -> None:
    assert len(areas.zones()) == 741
    held = [code for zone in areas.zones() for code in zone.counties]
    assert len(held) == len(set(held))
    without = {item.state_abbr for item in CURRENT} - {areas.county(code).state_abbr for code in held}
    assert without == {"PR", "VI"}
    assert {item.code for item in CURRENT if item.state_abbr not in without} == set(held)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Delaware County, Ohio", "39041"),
        ("delaware, oh", "39041"),
        ("DELAWARE OH", "39041"),
        ("Ohio", "39000"),
        ("Washington", "53000"),
        ("Columbus, OH", "C1814"),
        ("columbus ohio metro area", "C1814"),
        ("Columbus, OH commuting zone", "CZ15900"),
        ("Doña Ana", "35013"),
        ("dona ana county new mexico", "35013"),
        ("Añasco", "72011"),
        ("saint louis county, missouri", "29189"),
        ("Baltimore city", "24510"),
        ("new york county", "36061"),
        ("Nashville", "C3498"),
        ("Capitol Planning Region", "09110"),
        ("Prince George's County, Maryland", "24033"),
        ("C1814", "C1814"),
        ("39041", "39041"),
        ("Carson City", "32510"),
    ],
)
def test_a_name_as_people_write_it_finds_its_area(name: str, code: str) -> None:
    assert finder.find_one(name).code == code


@given(st.sampled_from(CURRENT), st.booleans(), st.booleans())
def test_every_county_is_found_by_its_name_and_state(item: areas.County, upper: bool, bare: bool) -> None:
    name = f"{item.name}, {item.state_abbr if upper else areas.state(item.state_code).name}"
    if bare:
        name = "".join(ch for ch in unicodedata.normalize("NFKD", name) if not unicodedata.combining(ch))
    found = areas.find(name.upper() if upper else name)
    assert item.code in [candidate.code for candidate in found]
    best = [candidate.code for candidate in found if candidate.score == found[0].score]
    assert item.code in best


def test_an_ambiguous_name_lists_what_it_can_mean() -> None:
    found = areas.find("Franklin County")
    assert len(found) > 5
    assert {item.kind for item in found[:5]} == {"county"}
    with pytest.raises(Missing, match=r"can mean several areas: Franklin County, Alabama; .* Add the state"):
        finder.find_one("Franklin County")


@pytest.mark.parametrize("name", ["Pueblo", "Pueblo, CO", "Boulder", "Denver", "Wichita, KS"])
def test_a_county_is_never_taken_in_silence_where_a_metropolitan_area_has_its_name(name: str) -> None:
    with pytest.raises(Missing, match=r"can mean several areas: .* County, .*metropolitan area"):
        finder.find_one(name)
    assert finder.find_one(f"{name.partition(',')[0]} metro, {'KS' if 'Wichita' in name else 'CO'}").kind == "metro"


def test_an_unknown_name_suggests_near_ones() -> None:
    with pytest.raises(Missing, match=r"Did you mean Franklin County, Ohio\?"):
        areas.find("Franklinn county, ohio")
    with pytest.raises(Missing, match="No area is called “xyzzyx”"):
        areas.find("xyzzyx")
    with pytest.raises(Missing, match="No name was given"):
        areas.find(" ,, ")


@given(st.text(max_size=60))
def test_any_text_finds_something_or_says_so(text: str) -> None:
    try:
        found = areas.find(text)
    except Missing as why:
        assert str(why)
    else:
        assert 1 <= len(found) <= 12
        assert all(areas.is_known(code) for item in found for code in item.areas)


def test_a_workforce_area_comes_from_a_definition_file(tmp_path: Path) -> None:
    region = Region("Workforce Area 11", ("39049",))
    (tmp_path / "area11.txt").write_text(region.to_text(), encoding="utf-8")
    (tmp_path / "sector.toml").write_text('kind = "sector"\nname = "X"\ninclude = ["3261"]\n', encoding="utf-8")
    best = areas.find("workforce area 11", tmp_path)[0]
    assert (best.kind, best.areas, best.counties) == ("definition", ("39049",), ("39049",))
    assert Region.named("Workforce Area 11", tmp_path).areas == ("39049",)


def test_a_broken_definition_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text('kind = "region"\nname = "X"\nareas = ["99999"]\n', encoding="utf-8")
    with pytest.raises(Refused, match=r"The definition file bad\.txt cannot be used\. There is no area 99999"):
        areas.find("Ohio", tmp_path)
    with pytest.raises(Missing, match="There is no folder of definitions"):
        areas.find("Ohio", tmp_path / "absent")
