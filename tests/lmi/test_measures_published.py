"""Figures of single counties against what BLS printed in its own files, every cell, read here with the csv module."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sharedtable.lmi import Region, Store, naics, rank
from sharedtable.lmi.cube import cube_of
from sharedtable.lmi.measures import axis_of, half_up, measure, withheld_share_pct
from tests.lmi.conftest import OHIO_COUNTIES, OHIO_YEARS

Cells = dict[tuple[int, str, int, str], dict[str, str]]
DIGITS_OF_LEVEL = {"74": 2, "75": 3, "76": 4, "77": 5, "78": 6}


@pytest.fixture(scope="module")
def printed(shared: Path) -> Cells:
    """Every row of the 45 annual files by year, area, ownership and industry; sectors to six digits and totals."""
    found: Cells = {}
    for path in sorted((shared / "data" / "qcew" / "area_api_ohio").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as text:
            for row in csv.DictReader(text):
                key = (int(row["year"]), row["area_fips"], int(row["own_code"]), row["industry_code"])
                assert key not in found
                found[key] = row
    return found


def of_depth(printed: Cells, year: int, area: str, digits: int, owners: tuple[int, ...]) -> dict[str, list[Any]]:
    """The printed rows per industry."""
    found: dict[str, list[Any]] = defaultdict(list)
    for (y, a, own, code), row in printed.items():
        if (y, a) == (year, area) and own in owners and DIGITS_OF_LEVEL.get(row["agglvl_code"]) == digits:
            found[code].append(row)
    return found


def every_ranking(ohio: Store) -> Iterator[tuple[int, str, int, dict[str, dict[str, Any]]]]:
    for year in OHIO_YEARS:
        for area in OHIO_COUNTIES:
            for digits in (2, 3, 4, 5, 6):
                found = rank(ohio, Region.of(area), digits=digits, year=year)
                yield year, area, digits, {row["industry_code"]: row for row in found.rows}


def is_empty(row: dict[str, str]) -> bool:
    return row["disclosure_code"] != "N" and int(row["annual_avg_estabs"]) == int(row["annual_avg_emplvl"]) == 0


def test_every_private_figure_of_every_county_is_the_one_that_bls_printed(ohio: Store, printed: Cells) -> None:
    published = withheld = 0
    wrong = []
    for year, area, digits, rows in every_ranking(ohio):
        raw = of_depth(printed, year, area, digits, (5,))
        assert set(rows) == {code for code, (cell,) in raw.items() if not is_empty(cell)}, (year, area, digits)
        for code, row in rows.items():
            (cell,) = raw[code]
            wanted: dict[str, Any] = {"establishments": int(cell["annual_avg_estabs"])}
            if cell["disclosure_code"] == "N":
                withheld += 1
                wanted |= {"status": "withheld", "withheld_cells": 1, "employment_jobs": None}
                wanted |= {"average_annual_pay_usd": None, "location_quotient_ratio": None}
                wanted |= {"employment_change_2y_jobs": None, "employment_change_10y_jobs": None}
            else:
                published += 1
                jobs, pay = int(cell["annual_avg_emplvl"]), int(cell["avg_annual_pay"])
                wanted |= {"status": "published", "withheld_cells": 0, "employment_jobs": jobs}
                wanted |= {"average_annual_pay_usd": pay or None, "withheld_jobs_pct": 0.0}
                if cell["lq_disclosure_code"] == "":
                    wanted["location_quotient_ratio"] = float(cell["lq_annual_avg_emplvl"])
            wrong += [(year, area, code, k, row[k], v) for k, v in wanted.items() if row[k] != v]
    assert not wrong[:10]
    assert (published, withheld) == (16_155, 26_766)


def test_all_ownerships_together_are_the_sum_of_the_four_owners(ohio: Store, printed: Cells) -> None:
    wrong, several = [], 0
    for year in OHIO_YEARS:
        for digits in (2, 3, 4, 5, 6):
            axis = axis_of(digits, year)
            level = cube_of(ohio).level_of(OHIO_COUNTIES, year, axis, "total")
            for place, area in enumerate(OHIO_COUNTIES):
                raw = of_depth(printed, year, area, digits, (1, 2, 3, 5))
                assert set(raw) <= set(axis.codes)
                for column, code in enumerate(axis.codes):
                    wanted = summed(raw.get(code, []))
                    several += len(raw.get(code, [])) > 1
                    found = [*level.cells[place, :4, column].tolist(), int(level.wages_usd[place, column])]
                    wrong += [(year, area, code, found, wanted)] if found != wanted else []
    assert not wrong[:10]
    assert several == 3_978


def summed(cells: list[dict[str, str]]) -> list[int]:
    """Jobs, withheld cells, establishments, withheld establishments, wages; a withheld cell is printed as 0 jobs."""
    hidden = [cell for cell in cells if cell["disclosure_code"] == "N"]
    return [
        sum(int(cell["annual_avg_emplvl"]) for cell in cells),
        len(hidden),
        sum(int(cell["annual_avg_estabs"]) for cell in cells),
        sum(int(cell["annual_avg_estabs"]) for cell in hidden),
        sum(int(cell["total_annual_wages"]) for cell in cells),
    ]


@pytest.mark.parametrize("area", ["39041", "39049", "39127"])
def test_a_ranking_of_all_ownerships_marks_what_one_owner_withholds(ohio: Store, printed: Cells, area: str) -> None:
    for digits in (2, 4, 6):
        raw = of_depth(printed, 2022, area, digits, (1, 2, 3, 5))
        rows = {row["industry_code"]: row for row in rank(ohio, Region.of(area), digits=digits, ownership="total").rows}
        assert set(rows) == {code for code, cells in raw.items() if not all(map(is_empty, cells))}
        for code, row in rows.items():
            jobs, hidden, establishments, _, wages = summed(raw[code])
            assert row["establishments"] == establishments
            assert row["withheld_cells"] == hidden
            assert row["employment_jobs"] == (None if hidden and jobs == 0 else jobs)
            assert row["status"] == ("published" if not hidden else "withheld" if jobs == 0 else "partly_withheld")
            assert row["average_annual_pay_usd"] == (int(half_up(np.array(wages / jobs), 0)) if jobs else None)


def test_every_over_the_year_change_that_bls_printed_follows_from_the_store(ohio: Store, printed: Cells) -> None:
    jobs: dict[tuple[int, str, int, str], int | None] = {}
    for year in OHIO_YEARS:
        sql = "select area_code, own_code, industry_code, employment_jobs from read_parquet(?)"
        for area, own, code, count in ohio.cursor().execute(sql, [str(ohio.path("qcew", year))]).fetchall():
            jobs[year, area, own, code] = count
    wrong_jobs, changes, wrong_pct, pcts = [], 0, [], 0
    for (year, *place), row in printed.items():
        if year == OHIO_YEARS[0] or row["oty_disclosure_code"] == "N":
            continue
        now, then = jobs[(year, *place)], jobs.get((year - 1, *place), 0)
        assert now is not None
        assert then is not None  # BLS prints no change from a withheld year
        changes += 1
        if now - then != int(row["oty_annual_avg_emplvl_chg"]):
            wrong_jobs.append((year, *place))
        if then:
            pcts += 1
            if abs(np.round(100 * (now - then) / then, 1) - float(row["oty_annual_avg_emplvl_pct_chg"])) > 1e-9:
                wrong_pct.append((year, *place))
    assert not wrong_jobs
    assert not wrong_pct
    assert (changes, pcts) == (11_590, 11_540)


def test_a_two_year_change_is_the_sum_of_the_two_printed_one_year_changes(ohio: Store, printed: Cells) -> None:
    seen = 0
    for area in OHIO_COUNTIES:
        for digits in (2, 3, 4, 5, 6):
            for row in rank(ohio, Region.of(area), digits=digits, year=2022).rows:
                code = row["industry_code"]
                steps = [printed.get((year, area, 5, code)) for year in (2021, 2022)]
                # A code that another vintage used for something else has no printed change to add.
                is_same = naics.series_map(digits, 2022, 2017)[code] == (code,)
                if not is_same or any(step is None or step["oty_disclosure_code"] == "N" for step in steps):
                    continue
                then = printed.get((2020, area, 5, code))
                if then is not None and then["disclosure_code"] == "N":
                    continue
                seen += 1
                change = sum(int(step["oty_annual_avg_emplvl_chg"]) for step in steps if step)
                assert row["employment_change_2y_jobs"] == change, (area, code)
    assert seen > 3_800


def test_the_withheld_share_of_jobs_is_what_the_printed_cells_do_not_add_up_to(ohio: Store, printed: Cells) -> None:
    for area in OHIO_COUNTIES:
        for digits in (2, 6):
            raw = of_depth(printed, 2022, area, digits, (5,))
            shown = sum(int(cell["annual_avg_emplvl"]) for (cell,) in raw.values())  # a withheld cell is printed as 0
            total = int(printed[2022, area, 5, "10"]["annual_avg_emplvl"])
            share = withheld_share_pct(measure(ohio, Region.of(area), digits=digits, year=2022))
            assert share is not None
            assert abs(share - max(0, 100 * (total - shown) / total)) <= 0.05 + 1e-9
            assert share >= 0


def test_a_region_is_the_sum_of_its_counties_and_counts_its_gaps(ohio: Store, printed: Cells) -> None:
    for digits in (2, 4, 6):
        for row in rank(ohio, Region.of(OHIO_COUNTIES), digits=digits, year=2022).rows:
            cells = [c for area in OHIO_COUNTIES if (c := printed.get((2022, area, 5, row["industry_code"])))]
            shown = [cell for cell in cells if cell["disclosure_code"] != "N"]
            jobs = sum(int(cell["annual_avg_emplvl"]) for cell in shown)
            assert row["withheld_cells"] == len(cells) - len(shown)
            assert row["employment_jobs"] == (jobs if jobs or not row["withheld_cells"] else None)
            assert row["establishments"] == sum(int(cell["annual_avg_estabs"]) for cell in cells)
