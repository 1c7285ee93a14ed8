"""NAICS: the codes that really occur, the hierarchy, and what may stand in one series across revisions."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Missing
from sharedtable.lmi import naics

LEAVES = {vintage: naics.codes(vintage, 6) for vintage in naics.VINTAGES}
vintages = st.sampled_from(naics.VINTAGES)


@st.composite
def leaf_sets(draw: st.DrawFn) -> tuple[int, frozenset[str]]:
    """Any set of six-digit codes of one vintage, often whole branches."""
    vintage = draw(vintages)
    branches = st.sampled_from([code for digits in (2, 3, 4, 5, 6) for code in naics.codes(vintage, digits)])
    whole = draw(st.lists(branches, max_size=6))
    loose = draw(st.lists(st.sampled_from(LEAVES[vintage]), max_size=6))
    return vintage, frozenset(loose).union(*(naics.leaves(code, vintage) for code in whole))


@cache
def _ohio_cells(shared: Path, year: int) -> frozenset[tuple[str, str, str, str]]:
    cells = set()
    for path in sorted((shared / "data/qcew/area_api_ohio").glob(f"*-{year}-a-*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                cells.add((row["area_fips"], row["own_code"], row["agglvl_code"], row["industry_code"]))
    assert len(cells) > 17_000
    return frozenset(cells)


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_every_industry_of_the_ohio_slices_is_known_in_the_vintage_of_its_year(shared: Path, year: int) -> None:
    vintage = naics.vintage_of_year(year)
    strangers = []
    for _, _, level, code in _ohio_cells(shared, year):
        in_tree = level[1] in "45678"
        if not naics.is_known(code, vintage) or (in_tree and code not in naics.codes(vintage, int(level[1]) - 2)):
            strangers.append((level, code))
    assert strangers == []


def test_every_industry_of_the_whole_country_in_2016_is_known_in_naics_2012(shared: Path) -> None:
    source = shared / "data/qcew/qcew_2016_annual_derived.parquet"
    pairs = duckdb.connect().execute(
        "select distinct agglvl_code, industry_code from read_parquet(?) where agglvl_code between 40 and 78",
        [str(source)],
    )
    found = Counter(
        code in naics.codes(2012, level % 10 - 2) if level % 10 >= 4 else naics.is_known(code, 2012)
        for level, code in pairs.fetchall()
    )
    assert found[False] == 0
    assert found[True] > 6_000


def test_the_only_census_industries_that_the_qcew_of_2016_lacks_are_two(shared: Path) -> None:
    source = shared / "data/qcew/qcew_2016_annual_derived.parquet"
    seen = {
        code
        for (code,) in duckdb.connect()
        .execute("select distinct industry_code from read_parquet(?) where agglvl_code = 78", [str(source)])
        .fetchall()
    }
    assert set(naics.codes(2012, 6)) - seen == {"112130", "541120"}


@pytest.mark.parametrize(
    ("year", "vintage"),
    [(2007, 2007), (2010, 2007), (2011, 2012), (2016, 2012), (2017, 2017), (2021, 2017), (2022, 2022), (2031, 2022)],
)
def test_a_year_has_the_vintage_that_the_qcew_used(year: int, vintage: int) -> None:
    assert naics.vintage_of_year(year) == vintage


def test_a_year_before_2007_is_missing_with_a_sentence() -> None:
    with pytest.raises(Missing, match="2006 follow an older NAICS"):
        naics.vintage_of_year(2006)


@pytest.mark.parametrize("vintage", naics.VINTAGES)
def test_sectors_are_the_twenty_of_naics_and_unclassified(vintage: int) -> None:
    assert len(naics.codes(vintage, 2)) == 21
    assert {"31-33", "44-45", "48-49", "92", "99"} <= set(naics.codes(vintage, 2))
    assert naics.children("10", vintage) == naics.codes(vintage, 2)


def test_construction_trades_have_the_codes_of_the_qcew_and_its_titles() -> None:
    assert naics.children("23811", 2022) == ("238111", "238112")
    assert naics.title("238112", 2022) == "Nonresidential poured foundation contractors"
    with pytest.raises(Missing, match="it publishes 238111"):
        naics.title("238110", 2022)


def test_titles_are_the_official_ones() -> None:
    assert naics.title("31-33", 2022) == "Manufacturing"
    assert naics.title("3261", 2017) == "Plastics Product Manufacturing"
    assert naics.title("454110", 2017) == "Electronic Shopping and Mail-Order Houses"
    assert naics.title("10", 2017) == "Total, all industries"


def test_an_unknown_code_says_which_vintage_has_it() -> None:
    with pytest.raises(Missing, match="NAICS 2012 and 2017 did|NAICS 2007 and 2012 and 2017 did"):
        naics.title("4541", 2022)
    with pytest.raises(Missing, match="part of 31-33"):
        naics.leaves("32", 2022)
    with pytest.raises(Missing, match="no NAICS industry 9876"):
        naics.leaves("9876", 2022)


@pytest.mark.parametrize("vintage", naics.VINTAGES)
def test_the_children_of_each_code_name_it_as_parent_and_hold_its_leaves(vintage: int) -> None:
    for digits in (2, 3, 4, 5):
        for code in naics.codes(vintage, digits):
            below = naics.children(code, vintage)
            assert below
            assert {naics.parent(child, vintage) for child in below} == {code}
            assert frozenset().union(*(naics.leaves(child, vintage) for child in below)) == naics.leaves(code, vintage)
            assert sum(len(naics.leaves(child, vintage)) for child in below) == len(naics.leaves(code, vintage))


@pytest.mark.parametrize("vintage", naics.VINTAGES)
def test_supersectors_part_all_industries_without_overlap(vintage: int) -> None:
    groups = [naics.leaves(code, vintage) for code in naics.SUPERSECTORS]
    assert sum(len(group) for group in groups) == len(LEAVES[vintage])
    assert naics.leaves("101", vintage) | naics.leaves("102", vintage) == naics.leaves("10", vintage)


@given(leaf_sets())
def test_a_cover_holds_exactly_the_leaves_it_was_asked_for(case: tuple[int, frozenset[str]]) -> None:
    vintage, wanted = case
    found = naics.cover(wanted, vintage)
    held = [naics.leaves(code, vintage) for code in found]
    assert frozenset().union(*held) == wanted
    assert sum(map(len, held)) == len(wanted), "no leaf is counted twice"
    assert list(found) == sorted(set(found))
    # Fewest: no parent of a found code lies inside the wanted set.
    for code in found:
        above = naics.parent(code, vintage)
        assert above is None or not naics.leaves(above, vintage) <= wanted


@pytest.mark.parametrize("vintage", naics.VINTAGES)
def test_the_cover_of_all_leaves_of_a_code_is_that_code_or_its_equal_above(vintage: int) -> None:
    for digits in (2, 3, 4, 5, 6):
        for code in naics.codes(vintage, digits):
            (found,) = naics.cover(naics.leaves(code, vintage), vintage)
            assert naics.leaves(found, vintage) == naics.leaves(code, vintage)
            assert naics.digits_of(found) <= digits
    assert naics.cover(naics.leaves("10", vintage), vintage) == naics.codes(vintage, 2)


@given(leaf_sets(), vintages)
def test_what_can_be_translated_there_comes_back_the_same(case: tuple[int, frozenset[str]], other: int) -> None:
    vintage, wanted = case
    there = naics.translate(wanted, vintage, other)
    assert there.leaves <= set(LEAVES[other])
    assert there.is_comparable == (there.reason is None)
    back = naics.translate(there.leaves, other, vintage)
    if there.is_comparable:
        assert back.is_comparable
        assert back.leaves == wanted
    else:
        assert wanted <= back.leaves, "what was cut can only have grown"


@given(leaf_sets(), vintages)
def test_the_complement_of_a_comparable_set_is_comparable(case: tuple[int, frozenset[str]], other: int) -> None:
    vintage, wanted = case
    rest = naics.leaves("10", vintage) - wanted
    there, beside = naics.translate(wanted, vintage, other), naics.translate(rest, vintage, other)
    if there.is_comparable:
        assert beside.is_comparable
        assert not there.leaves & beside.leaves


def _links_as_published(shared: Path, old: int, new: int) -> set[tuple[str, str]]:
    text = (shared / f"data/naics/{old}_to_{new}_NAICS.csv").read_text(encoding="utf-8-sig")
    return {
        (r[0].strip(), r[2].strip()) for r in csv.reader(text.splitlines()) if len(r) > 2 and r[0].strip().isdigit()
    }


@pytest.mark.parametrize(("old", "new"), [(2007, 2012), (2012, 2017), (2017, 2022)])
def test_each_leaf_translates_as_the_census_concordance_says(shared: Path, old: int, new: int) -> None:
    links = _links_as_published(shared, old, new)
    for leaf in LEAVES[old]:
        if leaf.startswith("238") or leaf == "999999":
            continue
        image = {after for before, after in links if before == leaf}
        back = {before for before, after in links if after in image}
        there = naics.translate([leaf], old, new)
        assert there.leaves == image, leaf
        assert there.is_comparable == (back == {leaf}), leaf


def test_a_split_is_cut_and_the_sentence_names_the_codes() -> None:
    there = naics.translate(naics.leaves("4541", 2017), 2017, 2022)
    assert not there.is_comparable
    assert there.reason is not None
    assert there.reason.startswith(
        "In 2022 NAICS 4541 (Electronic Shopping and Mail-Order Houses) was split among 441227, "
    )
    back = naics.translate(naics.leaves("4412", 2022), 2022, 2017)
    assert back.reason is not None
    assert "this selection holds only 441227" in back.reason


def test_a_merge_is_joined() -> None:
    there = naics.translate(["454111", "454112", "454113"], 2012, 2017)
    assert there == naics.Translation(frozenset({"454110"}), True, None)
    assert not naics.translate(["454111"], 2012, 2017).is_comparable


def test_a_series_finds_the_codes_of_the_other_vintage() -> None:
    back = naics.series_map(4, 2022, 2017)
    assert back["3261"] == ("3261",)
    assert back["5171"] == ("5173", "517911")
    assert back["4571"] == ("4471",)
    assert back["4412"] is None
    assert back["8141"] == ("8141",), "of codes that hold the same, the one of the asked depth"
    assert sum(codes is None for codes in back.values()) == 25


def test_a_changed_series_map_does_not_change_the_next_answer() -> None:
    naics.series_map(2, 2022, 2017)["11"] = None
    assert naics.series_map(2, 2022, 2017)["11"] == ("11",)


def test_the_cells_that_vanish_and_appear_in_2022_are_joined_or_cut(shared: Path) -> None:
    # The counts follow from the slices and the concordance; a change of either has to be looked at. "Same code" are
    # industries that did not change and came or went in a county by themselves.
    before, after = _ohio_cells(shared, 2021), _ohio_cells(shared, 2022)
    gone, new = before - after, after - before
    assert (len(gone), len(new)) == (2_344, 2_201)

    def kinds(cells: set[tuple[str, str, str, str]], here: int, there: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for _, _, level, code in cells:
            if level[1] not in "45678":
                found["total"] += 1
                continue
            codes = naics.series_map(int(level[1]) - 2, here, there)[code]
            found["cut" if codes is None else "same code" if codes == (code,) else "joined"] += 1
        return found

    assert kinds(set(gone), 2017, 2022) == COUNTS_GONE
    assert kinds(set(new), 2022, 2017) == COUNTS_NEW


COUNTS_GONE = Counter({"cut": 1_844, "same code": 249, "joined": 247, "total": 4})
COUNTS_NEW = Counter({"cut": 1_347, "joined": 438, "same code": 413, "total": 3})


def test_the_first_use_in_a_fresh_process_is_fast() -> None:
    script = (
        "import time; from sharedtable.lmi import naics; t = time.perf_counter();"
        "naics.title('3261', 2022); naics.leaves('31-33', 2022); print(time.perf_counter() - t)"
    )
    # The limit is six times what a loaded two-core machine needs: this catches a wrong algorithm, not a slow day.
    best = min(float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(3))
    assert best < 0.25
