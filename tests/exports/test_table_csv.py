"""CSV that opens right in a spreadsheet and reads back equal."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.exports import Absent, Column, rows_to_csv
from sharedtable.exports.format import clean_text

COLUMNS = (Column("code", "Code", "code"), Column("name", "Name"), Column("jobs", "Jobs", "integer"))
PAYLOADS = [
    "=1+1",
    "+1+cmd",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "'=1",
    "''@x",
    '="a,b"',
]


def read_back(data: bytes) -> list[list[str]]:
    """Rows without the header, the way a program reads them: one guarding apostrophe comes off."""
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return [
        [re.sub(r"^'(?='*[=+\-@\t\r\n＝＋－＠])(?!'*[+-]?\d+(\.\d+)?$)", "", cell) for cell in line]
        for line in lines[1:]
    ]


def test_the_file_is_utf8_with_a_mark_and_ends_lines_as_windows_does() -> None:
    data = rows_to_csv(COLUMNS, [{"code": "0611", "name": "Niños", "jobs": 3}])
    assert data == b'\xef\xbb\xbf"code","name","jobs"\r\n"0611","Ni\xc3\xb1os",3\r\n'


def test_missing_is_an_empty_field_and_the_reason_stands_in_the_status_column() -> None:
    rows = [
        {"code": "1", "name": "", "jobs": None, "status": "withheld"},
        {"code": "2", "name": "b", "jobs": Absent("not_loaded"), "status": "published"},
        {"code": "3", "name": "c", "jobs": 0, "status": "published"},
    ]
    lines = rows_to_csv(COLUMNS, rows, mark_key="status", header="title").decode().splitlines()
    assert lines[1:] == ['"1","",,"withheld"', '"2","b",,"published; jobs: not_loaded"', '"3","c",0,"published"']
    assert lines[0].endswith('"Code","Name","Jobs","Status"')


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(payload: str) -> None:
    field = next(
        csv.reader(io.StringIO(rows_to_csv(COLUMNS, [{"name": payload}]).decode().split("\r\n", 1)[1], newline=""))
    )[1]
    assert field == "'" + clean_text(payload)


def test_header_cells_are_made_safe_too() -> None:
    assert rows_to_csv((Column("=k", "=T"),), []) == b'\xef\xbb\xbf"\'=k"\r\n'


@pytest.mark.parametrize("number", ["-5", "+3", "-2.75"])
def test_a_text_that_is_a_plain_number_stays_as_it_is(number: str) -> None:
    assert f'"{number}"'.encode() in rows_to_csv(COLUMNS, [{"name": number}])


def test_negative_numbers_and_dates_are_written_raw() -> None:
    columns = (Column("pct", "P", "change_pct"), Column("made_on", "D", "date"))
    assert rows_to_csv(columns, [{"pct": -2.5, "made_on": date(2026, 1, 5)}]).endswith(b"-2.5,2026-01-05\r\n")


@given(st.lists(st.tuples(st.text(), st.text(), st.one_of(st.none(), st.integers(-(10**9), 10**9))), max_size=6))
def test_what_is_read_back_equals_what_was_written(rows: list[tuple[str, str, int | None]]) -> None:
    data = rows_to_csv(COLUMNS, [dict(zip(("code", "name", "jobs"), row, strict=True)) for row in rows])
    expected = [[clean_text(code), clean_text(name), "" if jobs is None else str(jobs)] for code, name, jobs in rows]
    assert read_back(data) == expected


def test_libreoffice_finds_no_formula_in_it(convert: Callable[..., bytes]) -> None:
    rows = [{"code": "0611", "name": payload, "jobs": -1} for payload in PAYLOADS]
    book = openpyxl.load_workbook(io.BytesIO(convert(rows_to_csv(COLUMNS, rows), "csv", "xlsx")))
    lines = list(book.active.iter_rows(min_row=2))
    assert len(lines) == len(PAYLOADS)
    assert {cell.data_type for line in lines for cell in line} <= {"s", "n"}
    assert [line[2].value for line in lines] == [-1] * len(PAYLOADS)
