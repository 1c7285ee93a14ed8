"""Reads the filled-in template out of a workbook, within limits, and gives it on as a plain CSV."""

from __future__ import annotations

import csv
import warnings
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from sharedtable.errors import Refused
from sharedtable.lmi.intake.layouts import LAYOUTS, clean_names

_MOST_BYTES = 200 << 20
_MOST_SHEETS = 20
_MOST_ROWS = 200_000
_MOST_COLUMNS = 64
_HEADER_ROWS = 20
_TEMPLATE = next(layout for layout in LAYOUTS if layout.kind == "industry_projections")


def is_workbook(path: Path) -> bool:
    """Whether a zip file is an XLSX workbook."""
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def to_csv(path: Path, target: Path, shown: str) -> int:
    """Write the sheet that holds the template to `target` as CSV, and give the number of the header's row.

    Only the values that the workbook shows are read, no formula is run. Fails with Refused when the workbook is
    broken or too large, or when no sheet has the template's header in its first rows.
    """
    import openpyxl  # here because only workbooks need it, and it takes a while to import

    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > _MOST_BYTES:
        raise Refused(f"{shown}: the workbook unpacks to {unpacked >> 20} MB; a filled-in template is far smaller.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it does not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                for sheet in book.worksheets[:_MOST_SHEETS]:
                    header_row = _header_row(sheet)
                    if header_row:
                        _write(sheet, header_row, target, shown)
                        return header_row
            finally:
                book.close()
    except Refused:
        raise
    except Exception as problem:  # a hostile workbook makes openpyxl raise nearly anything
        raise Refused(f"{shown}: the workbook is broken and cannot be read ({type(problem).__name__}).") from problem
    raise Refused(
        f"{shown}: no sheet begins with the template's columns ({', '.join(_TEMPLATE.columns[:4])}, …), each in a cell "
        "of its own. Merged cells and a second header line hide them; use the template as it was downloaded."
    )


def _header_row(sheet: Any) -> int:
    rows = sheet.iter_rows(max_row=_HEADER_ROWS, max_col=_MOST_COLUMNS, values_only=True)
    for number, row in enumerate(rows, start=1):
        names = set(clean_names([_text(value) for value in row if value is not None]))
        if len(names & set(_TEMPLATE.columns)) >= len(_TEMPLATE.columns) // 2:
            return number
    return 0


def _write(sheet: Any, header_row: int, target: Path, shown: str) -> None:
    rows = sheet.iter_rows(
        min_row=header_row, max_row=header_row + _MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True
    )
    width = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for count, row in enumerate(rows):
            if count > _MOST_ROWS:
                raise Refused(f"{shown}: the sheet has more than {_MOST_ROWS:,} rows.")
            values = [_text(value) for value in row]
            if count == 0:
                width = max(i for i, value in enumerate(values, start=1) if value)
            if any(values[width:]):
                raise Refused(f"{shown}, row {header_row + count}: there is a value to the right of the last column.")
            writer.writerow(values[:width])


def _text(value: object) -> str:
    """A cell as text: whole numbers without '.0', dates as ISO so that a wrong one is visible in the message."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)[:2000]
