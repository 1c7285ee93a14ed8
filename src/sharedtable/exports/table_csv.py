"""Rows as CSV that opens right in Excel and reads back equal in a program."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from sharedtable.exports.document import Column, check_columns
from sharedtable.exports.format import Value
from sharedtable.exports.workbook import plain_rows, with_status

# A program that opens the file takes a cell that begins like this as a formula; full-width signs count in some of them.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel reads the file in the machine's own old encoding
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def rows_to_csv(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value]],
    *,
    mark_key: str = "",
    header: Literal["key", "title"] = "key",
) -> bytes:
    """The rows as CSV: UTF-8 with a byte order mark, CRLF, a header of keys (for programs) or titles (for people).

    Numbers are written raw, dates as 2026-11-22, missing values empty; with `mark_key` a status column gives the
    reason. Texts and codes are quoted. A text that a spreadsheet would take for a formula gets one leading apostrophe
    (also when it begins with apostrophes and then such a sign, so taking one off gives the text back); a text that is
    a plain number does not. Excel drops the leading zeros of codes when a CSV is double-clicked, whatever is written
    here: offer the XLSX first.
    """
    check_columns(columns)
    shown = with_status(columns, mark_key)
    head = csv_line([column.title if header == "title" else column.key for column in shown])
    return BYTE_ORDER_MARK + head + b"".join(csv_line(line) for line in plain_rows(shown, rows, mark_key))


def csv_line(values: Iterable[str | int | float | date | None]) -> bytes:
    """One line, for a file that is too long to be held whole; it begins with `BYTE_ORDER_MARK`, then a header line."""
    return (",".join(map(_cell, values)) + "\r\n").encode("utf-8")


def _cell(value: str | int | float | date | None) -> str:
    """Texts quoted, numbers bare, nothing for None: Python 3.11's `csv` cannot tell an empty text from None."""
    if isinstance(value, str):
        return '"' + guarded(value).replace('"', '""') + '"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else repr(value)


def guarded(text: str) -> str:
    """The text with a leading apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
