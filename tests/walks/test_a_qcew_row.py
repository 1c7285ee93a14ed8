"""The second walk of the design: one row of a BLS file, from the file to the sentence in a letter.

A row of Franklin County, Ohio, as BLS printed it, must arrive unchanged at every station: the store, the ranking, the
profile page, the workbook, the workbook read back, and the sentence with its source and year.
"""

import csv
import gzip
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from sharedtable.exports import read_layout
from sharedtable.lmi import Region, Sector, Store, load, profile, rank
from sharedtable.lmi.store import Store as StoreType
from sharedtable.studies.sheets import PROFILE_LAYOUT

AREA, INDUSTRY, YEAR = "39049", "5221", 2022


@pytest.fixture
def row(shared: Path) -> dict[str, str]:
    """The row as BLS printed it."""
    with gzip.open(shared / f"data/qcew/area_api_ohio/morpc-qcew-{YEAR}-a-{AREA}.csv.gz", "rt") as file:
        found = [r for r in csv.DictReader(file) if r["own_code"] == "5" and r["industry_code"] == INDUSTRY]
    assert len(found) == 1
    assert found[0]["disclosure_code"] != "N"
    return found[0]


@pytest.fixture
def store(shared: Path, tmp_path: Path) -> StoreType:
    made = Store(tmp_path, create=True)
    report = load(sorted((shared / "data/qcew/area_api_ohio").glob(f"*{AREA}.csv.gz")), made)
    assert {file.status for file in report.files} == {"loaded"}
    return made


@pytest.mark.django_db
def test_a_row_of_a_bls_file_reaches_the_letter_as_it_was_printed(
    row: dict[str, str], store: StoreType, settings: object
) -> None:
    jobs, pay = int(row["annual_avg_emplvl"]), int(row["avg_annual_pay"])
    quotient = float(row["lq_annual_avg_emplvl"])

    kept = store.cursor().execute(
        "select employment_jobs, annual_pay_usd, employment_lq_ratio, is_withheld from read_parquet($1) "
        "where area_code = $2 and industry_code = $3 and own_code = 5",
        [str(store.path("qcew", YEAR)), AREA, INDUSTRY],
    )
    assert kept.fetchall() == [(jobs, pay, quotient, False)]

    ranked = {r["industry_code"]: r for r in rank(store, Region.of(AREA), digits=4, year=YEAR).rows}[INDUSTRY]
    assert (ranked["employment_jobs"], ranked["average_annual_pay_usd"]) == (jobs, pay)
    assert ranked["location_quotient_ratio"] == quotient
    assert ranked["status"] == "published"
    assert ranked["withheld_cells"] == 0

    settings.DATA = store.root  # type: ignore[attr-defined]
    address = f"/profile/?areas={AREA}&industries={INDUSTRY}&year={YEAR}"
    page = Client(headers={"host": "localhost"}).get(address).content.decode()
    assert f"{jobs:,}" in page
    assert f"${pay:,}" in page
    assert str(YEAR) in page
    assert "Bureau of Labor Statistics" in page

    answer = Client(headers={"host": "localhost"}).get(address.replace("/profile/?", "/profile/profile.xlsx?"))
    book = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cells = {c for sheet in openpyxl.load_workbook(io.BytesIO(book)) for line in sheet.values for c in line}
    assert {jobs, pay, quotient} <= cells
    assert read_layout(book, PROFILE_LAYOUT).about["year"] == YEAR

    letter = profile(store, Region.of(AREA), Sector.of(INDUSTRY), year=YEAR).letter_lines
    assert f"{jobs:,}" in letter[0]
    assert str(YEAR) in letter[-1]
    assert "Quarterly Census of Employment and Wages" in letter[-1]
