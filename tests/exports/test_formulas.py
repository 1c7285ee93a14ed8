"""X11 and T13: whatever is typed, in a cell or in a header, no file that leaves runs as a formula when it is opened."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from sharedtable.exports import Column, Sheet, Workbook, rows_to_csv, to_xlsx

PAYLOADS = [
    "=1+1",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u00a0=1+1",
    ' =1+1',
    '"=1+1',
]  # fmt: skip
# Keys and titles lose blank signs around them, so each carries a number at its end to stay different.
COLUMNS = tuple(Column(f"{payload}&{i}", f"{payload}&{i}") for i, payload in enumerate(PAYLOADS))
ROWS = ({column.key: payload for column, payload in zip(COLUMNS, PAYLOADS, strict=True)},)


def formulas(data: bytes) -> list[object]:
    """Cells that a spreadsheet program took for formulas."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell.value for page in book for line in page.iter_rows() for cell in line if cell.data_type == "f"]


def cells(data: bytes) -> int:
    return sum(
        cell.value is not None for page in openpyxl.load_workbook(io.BytesIO(data)) for line in page for cell in line
    )


@pytest.mark.parametrize("header", ["key", "title"])
def test_no_cell_and_no_header_of_a_csv_becomes_a_formula(header: str, convert: Callable[..., bytes]) -> None:
    back = convert(rows_to_csv(COLUMNS, ROWS, header=header), "csv", "xlsx")
    assert cells(back) >= 2 * len(PAYLOADS)
    assert formulas(back) == []


def test_no_cell_and_no_header_of_a_workbook_becomes_a_formula(convert: Callable[..., bytes]) -> None:
    book = Workbook("any", 1, "=1+1", date(2026, 11, 22), {"k": "=1+1"}, (Sheet("Data", COLUMNS, ROWS),), ("=1+1",))
    data = to_xlsx(book)
    assert formulas(data) == []
    back = convert(data, "xlsx", "ods")
    assert back
    again = convert(data, "xlsx", "xlsx")
    assert cells(again) >= 2 * len(PAYLOADS)
    assert formulas(again) == []


def test_a_csv_is_utf8_with_a_mark_and_ends_its_lines_as_windows_does() -> None:
    data = rows_to_csv(COLUMNS, ROWS)
    assert data.startswith(b"\xef\xbb\xbf") and not data.startswith(b"\xef\xbb\xbf" * 2)
    assert data.endswith(b"\r\n")
