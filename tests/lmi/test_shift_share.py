"""Shift-share: the identity, two published tables, and whole stores."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.lmi import Region, Sector, Store, base, shift_share
from sharedtable.lmi.measures import location_quotient
from sharedtable.lmi.shifts import decompose

jobs = st.integers(0, 200_000_000)
some_jobs = st.integers(1, 200_000_000)


@given(jobs, jobs, some_jobs, jobs, some_jobs, some_jobs)
def test_the_three_parts_add_up_to_the_change(
    then: int, now: int, base_then: int, base_now: int, total_then: int, total_now: int
) -> None:
    shift = decompose(then, now, base_then, base_now, total_then, total_now)
    parts = (shift.national_jobs, shift.mix_jobs, shift.regional_jobs)
    assert shift.change_jobs == now - then
    # 1e-9 of the largest number in the sum, which is all that a floating-point number can hold.
    assert abs(math.fsum(parts) - (now - then)) <= 1e-9 * max(1.0, *map(abs, parts))


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.integers(10**5, 10**7), st.floats(0.7, 1.4), st.floats(0.7, 1.4)
)
def test_the_identity_holds_to_a_billionth_of_a_job_for_a_county(
    then: int, now: int, base_then: int, industry_growth: float, total_growth: float
) -> None:
    shift = decompose(then, now, base_then, round(base_then * industry_growth), 10**8, round(10**8 * total_growth))
    assert abs(shift.national_jobs + shift.mix_jobs + shift.regional_jobs - (now - then)) < 1e-9
    growth = round(base_then * industry_growth) / base_then
    assert shift.regional_jobs == pytest.approx(now - then * growth, abs=1e-6)


def sheet(workbook: Any, name: str) -> Iterator[dict[str, Any]]:
    head, *rows = workbook[name].iter_rows(values_only=True)
    for row in rows:
        yield {str(key): value for key, value in zip(head, row, strict=True)}


@pytest.mark.parametrize(
    ("name", "column", "national"), [("US", "national", "National_Share"), ("CA", "state", "CA_Share")]
)
def test_all_rows_of_the_santa_barbara_tables_follow(shared: Path, name: str, column: str, national: str) -> None:
    path = shared / "data/worked_examples/shift_share_SBC/SBC/Output/Shift_share.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the file has no default style
        workbook = openpyxl.load_workbook(path)
    changes = {row["Industry.NAICS."]: row for row in sheet(workbook, "Change")}
    total = changes[""] if "" in changes else changes[None]
    seen = 0
    for row in sheet(workbook, name):
        industry = changes[row["Industry.NAICS."]]
        then, now = int(industry["t.1.county"]), int(industry["t.county"])
        shift = decompose(
            then,
            now,
            int(industry[f"t.1.{column}"]),
            int(industry[f"t.{column}"]),
            int(total[f"t.1.{column}"]),
            int(total[f"t.{column}"]),
        )
        # The table's national part includes the jobs at the start, and each of its steps is rounded to whole jobs.
        expected = round(then + shift.national_jobs)
        with_mix = round(then + shift.national_jobs + shift.mix_jobs)
        assert expected == int(row[national])
        assert with_mix - expected == int(row["Industry_Mix"])
        assert now - with_mix == int(row["Regional_Share"])
        assert shift.regional_jobs == pytest.approx(int(row["Regional_Share"]), abs=0.5 + 1e-9)
        seen += 1
    assert seen == 15


def test_krummes_table_and_quotients_follow(shared: Path) -> None:
    table = json.loads((shared / "data/worked_examples/krumme_shift_share_lq.json").read_text("utf-8"))
    totals = {"national": 0.0, "mix": 0.0, "regional": 0.0}
    for row in table["rows"]:
        growth = 100 + row["nat_growth_pct"]
        shift = decompose(row["emp_1985"], row["emp_1995"], 100, growth, 100, 100 + table["totals"]["nat_growth_pct"])
        assert row["emp_1985"] + shift.national_jobs == pytest.approx(row["expected_nat"])
        assert shift.mix_jobs == pytest.approx(row["composition"])
        assert shift.regional_jobs == pytest.approx(row["differential"])
        totals["national"] += shift.national_jobs
        totals["mix"] += shift.mix_jobs
        totals["regional"] += shift.regional_jobs
        quotient = float(location_quotient(row["reg_share_pct"], 100, row["nat_share_pct"], 100))
        assert quotient == pytest.approx(row["lq"], abs=0.005)
    wanted = table["totals"]
    assert totals["national"] == pytest.approx(wanted["national_effect"])
    assert totals["mix"] == pytest.approx(wanted["composition"])
    assert totals["regional"] == pytest.approx(wanted["differential"])


# --- whole stores -----------------------------------------------------------------------------------------------------

# The 2016 file also holds 2015, so it makes two years of annual figures.
QCEW_SQL = """
select area_fips as area_code, own_code, industry_code, agglvl_code as level_code, disclosure_code = 'N' as is_withheld,
       {prefix}annual_avg_estabs as establishments,
       case when disclosure_code = 'N' then null else {prefix}annual_avg_emplvl end as employment_jobs,
       case when disclosure_code = 'N' then null else {prefix}total_annual_wages end as wages_usd,
       null::integer as annual_pay_usd, null::double as employment_lq_ratio, 'annual' as origin
from read_parquet('{path}')
where area_fips in ('50000', '50007') and {prefix}annual_avg_emplvl is not null
"""
# The reconstructed nation has no 2015; growing it by a tenth makes a second year that a reader can check by eye.
US_SQL = """
select 'US000', own_code, industry_code,
       case when industry_code = '10' then if(own_code = 0, 10, 11)
            when industry_code like '10%' then 13 when industry_code like '%-%' then 14
            else 12 + length(industry_code) end,
       false, us_annual_avg_estabs, round(us_annual_avg_emplvl / {divisor})::bigint, us_total_annual_wages, null, null,
       'annual'
from read_parquet('{path}') where us_annual_avg_emplvl is not null
"""
CHITTENDEN, VERMONT = "50007", "50000"


@pytest.fixture(scope="module")
def vermont(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Vermont, its largest county and the nation, 2015 and 2016."""
    store = Store(tmp_path_factory.mktemp("vermont"), create=True)
    folder = shared / "data" / "qcew"
    for year, prefix, divisor in ((2015, "prev_", 1.1), (2016, "", 1)):
        areas = QCEW_SQL.format(prefix=prefix, path=folder / "qcew_2016_annual_derived.parquet")
        nation = US_SQL.format(divisor=divisor, path=folder / "qcew_2016_us_reference_reconstructed.parquet")
        store.replace("qcew", year, f"{areas} union all {nation}")
    base.rebuild(store, [2015, 2016])
    return store


def figures(store: Store, year: int) -> dict[tuple[str, int, str], int | None]:
    sql = "select area_code, own_code, industry_code, employment_jobs from read_parquet(?)"
    return {tuple(key): n for *key, n in store.cursor().execute(sql, [str(store.path("qcew", year))]).fetchall()}  # type: ignore[misc]


@pytest.mark.parametrize(("base_name", "area"), [("state", VERMONT), ("us", "US000")])
@pytest.mark.parametrize("digits", [2, 3, 4])
def test_a_county_against_its_state_and_the_nation(vermont: Store, base_name: Any, area: str, digits: int) -> None:
    found = shift_share(vermont, Region.of(CHITTENDEN), digits=digits, year=2016, base=base_name)
    then, now = figures(vermont, 2015), figures(vermont, 2016)
    growth = now[area, 0, "10"] / then[area, 0, "10"]  # type: ignore[operator]
    assert (found.since_year, found.missing) == (2015, None)
    known = 0
    for row in found.rows:
        code = row["industry_code"]
        # An absent row is a real zero; None is withheld.
        cells = [jobs.get((place, 5, code), 0) for place in (CHITTENDEN, area) for jobs in (then, now)]
        if None in cells or not cells[2]:
            assert row["regional_shift_jobs"] is None
            assert row["employment_change_jobs"] is None
            continue
        known += 1
        start, end, base_start, base_end = (float(n or 0) for n in cells)
        assert row["employment_change_jobs"] == end - start
        assert row["national_growth_jobs"] == pytest.approx(start * (growth - 1), abs=0.0501)
        assert row["industry_mix_jobs"] == pytest.approx(start * (base_end / base_start - growth), abs=0.0501)
        assert row["regional_shift_jobs"] == pytest.approx(end - start * base_end / base_start, abs=0.0501)
    assert known > {2: 15, 3: 50, 4: 100}[digits]


def test_a_sector_of_several_codes_is_split_as_one(vermont: Store) -> None:
    sector = Sector.of("44-45, 72", name="Shops and inns")
    (row,) = shift_share(vermont, Region.of(CHITTENDEN), (sector,), year=2016, base="state").rows
    rows = {
        one["industry_code"]: one
        for one in shift_share(vermont, Region.of(CHITTENDEN), digits=2, year=2016, base="state").rows
    }
    for key in ("employment_change_jobs", "national_growth_jobs"):
        assert row[key] == pytest.approx(rows["44-45"][key] + rows["72"][key], abs=0.11)


def test_a_base_that_is_not_loaded_is_named_and_nothing_is_guessed(ohio: Store) -> None:
    found = shift_share(ohio, Region.of("39041"), year=2022)
    assert found.rows == []
    assert found.missing is not None
    assert "2022" in found.missing
    assert "national" in found.missing
    spanish = shift_share(ohio, Region.of("39041"), year=2022, base="state", language="es")
    assert spanish.missing is not None
    assert "estado" in spanish.missing


def test_a_starting_year_that_is_not_loaded_gives_no_rows(vermont: Store) -> None:
    found = shift_share(vermont, Region.of(CHITTENDEN), year=2016, since=2010, base="state")
    assert (found.rows, found.since_year) == ([], None)
    assert shift_share(vermont, Region.of(CHITTENDEN), year=2016, since=2015, base="state").rows
