"""The profile of one sector: its parts, history, gaps, sentences and sources; and the examples in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
from types import ModuleType

import numpy as np
import pytest

from sharedtable import lmi
from sharedtable.errors import Missing
from sharedtable.lmi import Region, Sector, Store, compare, history, naics, profile, rank
from sharedtable.lmi.base import us_shares
from sharedtable.lmi.measures import location_quotient
from tests.lmi.conftest import OHIO_COUNTIES

REGION = Region.of(OHIO_COUNTIES, name="Central Ohio")
FINANCE = Sector.of("52", name="Finance")


def test_a_sector_that_is_one_industry_has_the_row_of_the_ranking(ohio: Store) -> None:
    for region in (REGION, Region.of("39041")):
        for code in ("52", "3261", "238", "62"):
            row = profile(ohio, region, Sector.of(code), year=2022).row
            digits = naics.digits_of(code)
            ranked = next(r for r in rank(ohio, region, digits=digits, year=2022).rows if r["industry_code"] == code)
            assert {key: ranked[key] for key in row} == row


def test_a_sector_of_two_industries_in_a_county_that_has_one_does_not_borrow_its_quotient(ohio: Store) -> None:
    """BLS's quotient of the one code that is there divides by that code's national share, not by the sector's."""
    region, both = Region.of("39041"), Sector.of("5241, 2111", name="Insurers and wells")
    alone = profile(ohio, region, Sector.of("5241"), year=2022).row
    together = profile(ohio, region, both, year=2022).row
    assert together["employment_jobs"] == alone["employment_jobs"] > 0
    assert together["average_annual_pay_usd"] == pytest.approx(alone["average_annual_pay_usd"], rel=1e-3)
    shares = [us_shares(ohio, 2022).one((5,), code, 2022) for code in ("5241", "2111")]
    base = sum(share.ratio for share in shares if share)
    covered = rank(ohio, region, year=2022).measures.covered_jobs
    wanted = location_quotient(np.array(together["employment_jobs"]), np.array(covered), np.array(base), np.array(1.0))
    assert together["location_quotient_ratio"] == float(wanted) < alone["location_quotient_ratio"]


def test_the_years_of_a_history_show_what_each_year_published(ohio: Store) -> None:
    rows = history(ohio, REGION, FINANCE).rows
    assert [row["year"] for row in rows] == [2016, 2020, 2021, 2022]
    for row in rows:
        same = profile(ohio, REGION, FINANCE, year=row["year"]).row
        for key in ("employment_jobs", "establishments", "average_annual_pay_usd", "location_quotient_ratio", "status"):
            assert row[key] == same[key]


def test_a_split_cuts_the_history_with_a_reason_and_null_figures(ohio: Store) -> None:
    rows = history(ohio, REGION, Sector.of("4551", name="Department stores")).rows
    assert [row["is_cut"] for row in rows] == [True, True, True, False]
    for row in rows[:-1]:
        assert row["employment_jobs"] is None
        assert row["status"] is None
        assert "In 2022 NAICS" in row["cut_reason"]
    assert rows[-1]["employment_jobs"] > 0
    found = profile(ohio, REGION, Sector.of("4551"), year=2022).row
    assert found["is_cut"]
    assert found["employment_change_10y_jobs"] is None
    assert found["change_span_years"] is None


def test_a_merge_joins_the_history(ohio: Store) -> None:
    """522120 and 522190 became 522180 in 2022, so the earlier figure is their sum."""
    rows = {row["year"]: row for row in history(ohio, REGION, Sector.of("522180", name="Savings")).rows}
    old = [profile(ohio, REGION, Sector.of(code), year=2021).row for code in ("522120", "522190")]
    assert rows[2021]["employment_jobs"] == sum(row["employment_jobs"] or 0 for row in old)
    assert rows[2021]["withheld_cells"] == sum(row["withheld_cells"] for row in old)
    assert not any(row["is_cut"] for row in rows.values())


def test_parts_lie_inside_the_sector_and_stand_largest_first(ohio: Store) -> None:
    sector = Sector.of("31-33, -3118", name="Making without bakeries")
    parts = profile(ohio, REGION, sector, year=2022).parts
    assert parts
    jobs = [row["employment_jobs"] or 0 for row in parts]
    assert jobs == sorted(jobs, reverse=True)
    assert not any(row["industry_code"].startswith("3118") for row in parts)
    deeper = profile(ohio, REGION, FINANCE, year=2022, parts_digits=6).parts
    assert {naics.digits_of(row["industry_code"]) for row in deeper} == {6}
    assert {naics.digits_of(row["industry_code"]) for row in profile(ohio, REGION, FINANCE).parts} == {3}


def test_several_sectors_together_are_the_profiles_of_each(ohio: Store) -> None:
    sectors = [Sector.of(code) for code in ("52", "62", "3261", "44-45")]
    together = compare(ohio, REGION, sectors, year=2022)
    assert [found.row for found in together] == [profile(ohio, REGION, one, year=2022).row for one in sectors]


def test_the_letter_says_the_figures_and_their_source(ohio: Store) -> None:
    found = profile(ohio, REGION, FINANCE, year=2022)
    lines = found.letter_lines
    assert 2 <= len(lines) <= 3
    assert f"{found.row['employment_jobs']:,}" in lines[0]
    assert "Bureau of Labor Statistics" in lines[-1]
    assert "2022" in lines[-1]
    spanish = profile(ohio, REGION, FINANCE, year=2022, language="es").letter_lines
    assert f"{found.row['employment_jobs']:,}" in spanish[0]
    assert spanish[-1].startswith("Fuente")


def test_a_withheld_sector_writes_no_letter_and_has_null_figures(ohio: Store) -> None:
    rows = rank(ohio, Region.of("39127"), digits=4, year=2022).rows
    code = next(row["industry_code"] for row in rows if row["status"] == "withheld")
    found = profile(ohio, Region.of("39127"), Sector.of(code), year=2022)
    assert found.row["employment_jobs"] is None
    assert found.row["location_quotient_ratio"] is None
    assert found.row["average_annual_pay_usd"] is None
    assert found.row["establishments"] > 0
    assert found.row["withheld_jobs_pct"] is None
    assert found.letter_lines == []


def test_a_profile_is_plain_json_with_its_sources(ohio: Store) -> None:
    found = profile(ohio, REGION, FINANCE, year=2022, pay_threshold_usd=50_000).to_dict()
    json.dumps(found, allow_nan=False)
    assert found["sources"]
    assert found["rows"][0]["pay_against_threshold_pct"] is not None
    assert found["shift_share"]["missing"]


def test_a_region_that_is_not_loaded_is_named(ohio: Store) -> None:
    with pytest.raises(Missing, match="39035"):
        profile(ohio, Region.of("39035"), FINANCE, year=2022)


def lmi_modules() -> list[ModuleType]:
    names = [info.name for info in pkgutil.iter_modules(lmi.__path__, "sharedtable.lmi.")]
    return [importlib.import_module(name) for name in names]


def test_the_examples_in_the_docstrings_are_true(example_store: Store) -> None:
    """Each runs with a store that holds the shipped example, and the package's own names."""
    names = {name: getattr(lmi, name) for name in lmi.__all__}
    finder, runner = doctest.DocTestFinder(recurse=True), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    ran = []
    for module in lmi_modules():
        for test in finder.find(module, extraglobs={**names, "example_store": example_store}):
            if test.examples:
                ran.append(test.name)
                runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
    assert {"sharedtable.lmi.ranking.rank", "sharedtable.lmi.profiles.profile"} <= set(ran)
    assert "sharedtable.lmi.shifts.decompose" in ran


def test_the_shipped_example_gives_what_the_full_files_give(ohio: Store, example_store: Store) -> None:
    """Down to the depth that it holds; the quotients' base is worked out from the full files."""
    for region in (REGION, Region.of("39041")):
        for digits in (2, 3, 4):
            mine = rank(example_store, region, digits=digits, year=2022).rows
            full = rank(ohio, region, digits=digits, year=2022).rows
            keys = ("industry_code", "employment_jobs", "establishments", "average_annual_pay_usd", "withheld_cells")
            assert [{key: row[key] for key in keys} for row in mine] == [
                {key: row[key] for key in keys} for row in full
            ]
            for one, other in zip(mine, full, strict=True):
                assert one["location_quotient_ratio"] == other["location_quotient_ratio"]
