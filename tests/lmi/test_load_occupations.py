"""Loading OEWS, occupation projections and the filled-in template."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sharedtable.lmi.intake import oews
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store
from sharedtable.lmi.workforce.projections_template import COLUMNS
from tests.lmi.files import refusal


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", create=True)


@pytest.fixture(scope="module")
def wages(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The OEWS release that the installed package ships, loaded."""
    store = Store(tmp_path_factory.mktemp("oews"), create=True)
    load(oews.package_file(), store, isolated=False)
    return store


def test_the_database_and_the_parquet_form_of_oews_give_the_same_tables(shared: Path, wages: Store) -> None:
    report = load(shared / "data/oews", wages, isolated=False)
    assert report.changed == {}
    assert {file.status for file in report.files} == {"unchanged"}
    assert wages.query("SELECT count(*) FROM oews")[1] == [(236_799,)]
    assert wages.query("SELECT count(*) FROM oews_staffing")[1] == [(133_373,)]


def test_what_oews_does_not_release_is_null_and_a_top_code_is_named(wages: Store) -> None:
    sql = """SELECT count(*) FILTER (employment_jobs IS NULL), count(*) FILTER (is_top_coded IS NOT NULL),
                    min(employment_jobs), count(*) FILTER (contains(is_top_coded, 'annual_p90_usd')
                    AND annual_p90_usd IS NOT NULL) FROM oews"""
    unreleased, capped, least, both = wages.query(sql)[1][0]
    assert (unreleased, capped, least, both) == (5_010, 350, 30, 0)
    one = """SELECT is_top_coded FROM oews WHERE area_code = '0010540' AND occupation_code = '29-1215'"""
    assert "annual_mean_usd" in wages.query(one)[1][0][0]


def test_the_codes_of_oews_industries_are_read_as_naics(wages: Store) -> None:
    sql = "SELECT DISTINCT industry_code, naics_code, own FROM oews_staffing"
    named = {code: (naics, own) for code, naics, own in wages.query(sql)[1]}
    assert named["326100"] == ("3261", "all")
    assert named["31--34"] == ("31-33", "all")
    assert named["11--12"] == ("11", "all")
    assert named["44--46"] == ("44-45", "all")
    assert named["238110"] == ("23811", "all")
    assert named["722511"] == ("722511", "all")
    assert named["3250A1"] == ("3251,3252,3253,3259", "all")
    assert named["622005"] == ("622", "private")
    assert named["611103"] == ("6111", "local")
    assert named["000001"] == (None, "private")
    assert named["999100"][1] == "federal"
    assert named["999200"][1] == "state"


def test_the_shares_of_an_industry_are_of_its_own_total(wages: Store) -> None:
    sql = """SELECT max(abs(total - 1)), max(parts) FROM (
                SELECT sum(share_ratio) FILTER (level_code = 'total') AS total,
                       sum(share_ratio) FILTER (level_code = 'major') AS parts
                FROM oews_staffing GROUP BY industry_code)"""
    total, parts = wages.query(sql)[1][0]
    assert total == 0
    assert 0.9 < parts < 1.01  # rounded cells, some of them not released


def test_occupation_projections_are_jobs_and_titles_lose_their_synonyms(shared: Path, store: Store) -> None:
    path = shared / "data/projections/bls_ep_occupation_2024_2034.csv"
    (report,) = load(path, store, isolated=False).files
    assert (report.rows, report.years) == (832, (2024,))
    sql = "SELECT * EXCLUDE (year, change_pct) FROM occupation_projections WHERE occupation_code = '{}'"
    found = store.query(sql.format("13-2011"))[1][0]
    assert found == (
        "13-2011",
        "Accountants and auditors",
        1_579_800,
        1_652_600,
        124_200,
        81_680,
        "Bachelor's degree",
        2024,
        2034,
    )
    assert store.query("SELECT median_wage_usd FROM occupation_projections WHERE occupation_code = '27-2011'")[1] == [
        (None,)
    ]
    assert store.query("SELECT count(*) FROM occupation_projections WHERE contains(occupation_title, '*')")[1] == [(0,)]


def template(path: Path, *rows: tuple[object, ...], lead: int = 0) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(lead):
        sheet.append(["A note above the table"])
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


GOOD = ("39000", "Ohio", "3261", "Plastics", 2024, 2034, 1000, 1100, "Ohio LMI", "https://example.org/p")
BLANK = ("39000", "Ohio", "333", "Machinery", 2024, 2034, None, 900.0, "Ohio LMI", None)


@pytest.mark.parametrize("isolated", [True, False])
def test_a_filled_in_workbook_is_loaded_and_blank_jobs_are_null(store: Store, tmp_path: Path, isolated: bool) -> None:
    load(template(tmp_path / "ohio.xlsx", GOOD, BLANK, lead=2), store, isolated=isolated)
    sql = """SELECT area_code, industry_code, jobs_base, jobs_projected, round(change_pct, 6), source_address
             FROM industry_projections ORDER BY industry_code"""
    assert store.query(sql)[1] == [
        ("39000", "3261", 1000, 1100, 10.0, "https://example.org/p"),
        ("39000", "333", None, 900, None, None),
    ]
    assert store.years("industry_projections") == (2024,)


def test_a_new_table_of_the_same_office_replaces_its_old_one_and_no_other(store: Store, tmp_path: Path) -> None:
    load(template(tmp_path / "a.xlsx", GOOD, BLANK), store, isolated=False)
    other = (*GOOD[:8], "Board 7", "")
    load(template(tmp_path / "b.xlsx", other), store, isolated=False)
    load(template(tmp_path / "c.xlsx", (*GOOD[:7], 1234, *GOOD[8:])), store, isolated=False)
    sql = "SELECT source_name, industry_code, jobs_projected FROM industry_projections ORDER BY ALL"
    assert store.query(sql)[1] == [("Board 7", "3261", 1100), ("Ohio LMI", "3261", 1234)]


def test_a_wrong_row_of_a_workbook_is_named_as_the_spreadsheet_numbers_it(store: Store, tmp_path: Path) -> None:
    path = template(tmp_path / "ohio.xlsx", GOOD, (*GOOD[:6], "many", *GOOD[7:]), lead=3)
    sentence = refusal(path, store)
    assert sentence.startswith("ohio.xlsx: Row 6: jobs_base 'many'")


def test_a_workbook_with_a_merged_header_is_refused_with_advice(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Area and industry", None, None, None, "Years", None, "Jobs"])
    book.active.merge_cells("A1:D1")
    book.save(tmp_path / "merged.xlsx")
    assert "Merged cells" in refusal(tmp_path / "merged.xlsx", store)


def test_a_workbook_bomb_is_refused(store: Store, tmp_path: Path) -> None:
    template(tmp_path / "small.xlsx", GOOD)
    with (
        zipfile.ZipFile(tmp_path / "small.xlsx") as source,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr("xl/media/big.bin", b"0" * (210 << 20))
    assert "far smaller" in refusal(tmp_path / "bomb.xlsx", store)


def test_a_workbook_that_claims_a_million_columns_is_read_in_time(store: Store, tmp_path: Path) -> None:
    template(tmp_path / "small.xlsx", GOOD)
    with zipfile.ZipFile(tmp_path / "small.xlsx") as source, zipfile.ZipFile(tmp_path / "wide.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:J2"', b'ref="A1:XFD1048576"')
                assert b"XFD1048576" in content
            target.writestr(name, content)
    started = time.monotonic()
    assert load(tmp_path / "wide.xlsx", store, isolated=False).files[0].rows == 1
    assert time.monotonic() - started < 20
