"""Reads a workbook that `to_xlsx` wrote, and perhaps a person changed; anything else is refused in words.

The limits below hold for any file. A file from outside still belongs into a worker process with memory and time limits:
that is the caller's part.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl

from sharedtable.errors import Refused
from sharedtable.exports.format import KINDS, NUMBER_KINDS
from sharedtable.exports.workbook import ABOUT, COLUMNS, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS

MAX_BYTES, MAX_MEMBERS, MAX_INFLATED, MAX_RATIO = 10_000_000, 200, 50_000_000, 200
_WHOLE = frozenset({"integer", "usd", "change"})

Plain = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a workbook holds: its promise, the rows of About by key, the rows of each sheet by column key."""

    layout: str
    layout_version: int
    title: str
    about: dict[str, Plain]
    sources: tuple[str, ...]
    sheets: dict[str, list[dict[str, Plain]]]
    created_on: date | None = None


def read_layout(data: bytes, layout: str, *, newest_version: int = 1) -> Layout:
    """The values of a workbook in the layout of that name, at that version or an older one.

    Takes the bytes of an XLSX file; gives text, numbers, dates, and None for empty cells (the status column says
    why). Fails with `Refused`, naming sheet and cell, when the file is no such workbook, is damaged, too large, or a
    cell holds the wrong kind.
    """
    _check_container(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        pages = {page.title: _values(page) for page in _worksheets(book)}
    except Refused:
        raise
    except Exception as error:  # a damaged file makes openpyxl fail in a dozen ways
        raise Refused(
            f"This workbook is damaged and cannot be read ({type(error).__name__}). Export it again."
        ) from error
    return _interpret(pages, layout, newest_version)


def _check_container(data: bytes) -> None:
    """Fails with `Refused` before anything is parsed: size, members, inflated size counted while inflating, DOCTYPE."""
    if len(data) > MAX_BYTES:
        raise Refused(
            f"This file has {len(data) / 1e6:.0f} MB; a workbook may have {MAX_BYTES / 1e6:.0f} MB. Send a smaller one."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = container.infolist()
            if len(members) > MAX_MEMBERS:
                raise Refused(
                    f"This workbook has {len(members)} parts; {MAX_MEMBERS} is the limit. Save it again in Excel."
                )
            if "xl/workbook.xml" not in container.namelist():
                raise Refused("This file is not an Excel workbook (XLSX). Upload the workbook that was exported here.")
            total = sum(_inflated(container, member) for member in members)
            if total > MAX_INFLATED:
                raise _bomb()
    except Refused:
        raise
    except Exception as error:  # zipfile, zlib and struct each fail in their own way
        raise Refused(
            "This file is not an Excel workbook (XLSX), or it is damaged. Upload the exported workbook."
        ) from error


def _inflated(container: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    size, tail = 0, b""
    with container.open(member) as stream:
        while chunk := stream.read(65_536):
            size += len(chunk)
            if size > MAX_INFLATED or (size > 1_000_000 and size > MAX_RATIO * max(member.compress_size, 1)):
                raise _bomb()
            if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                raise Refused(
                    "This workbook holds a document type declaration, which no real one has. Save it again in Excel."
                )
            tail = chunk[-16:]
    return size


def _bomb() -> Refused:
    return Refused("This workbook grows far too large when it is opened. Export it again, or send a smaller one.")


def _worksheets(book: Any) -> list[Any]:
    if len(book.worksheets) > MAX_SHEETS + 2:
        raise Refused(f"This workbook has {len(book.worksheets)} sheets; {MAX_SHEETS + 2} is the limit.")
    return list(book.worksheets)


def _values(page: Any) -> list[tuple[Any, ...]]:
    """The cells of a sheet, without the empty rows at its end; reads no further than the limits."""
    # What a file says about its own size may be wrong; read the cells instead.
    page.reset_dimensions()
    lines = []
    # Columns further right are none of ours.
    for number, line in enumerate(page.iter_rows(values_only=True, max_row=MAX_ROWS + 3, max_col=MAX_COLUMNS), 1):
        if number > MAX_ROWS + 2:
            raise Refused(f"The sheet {page.title} has more than {MAX_ROWS:,} rows, which is the limit. Send fewer.")
        lines.append(line)
    while lines and all(value is None for value in lines[-1]):
        lines.pop()
    return lines


def _interpret(pages: dict[str, list[tuple[Any, ...]]], layout: str, newest_version: int) -> Layout:
    if ABOUT not in pages or COLUMNS not in pages:
        raise Refused(
            f"This workbook was not exported here: it has no sheets {ABOUT} and {COLUMNS}. Upload an exported one."
        )
    about: dict[str, Plain] = {}
    for line in pages[ABOUT][1:]:
        if len(line) >= 1 and line[0] is not None:
            about[str(line[0])] = _plain(line[2] if len(line) > 2 else None)
    found, version = about.pop("layout", None), about.pop("layout_version", None)
    if found != layout:
        raise Refused(
            f"This workbook holds {found or 'no layout'!s:.60}, not {layout}. Upload the workbook of that kind."
        )
    if not isinstance(version, int) or not 1 <= version <= newest_version:
        raise Refused(
            f"This workbook has layout version {version!s:.20}; {newest_version} is the newest known. Update first."
        )
    kinds = _kinds(pages[COLUMNS])
    sheets = {}
    for name, columns in kinds.items():
        if name not in pages:
            raise Refused(f"The sheet {name} is missing from this workbook. Put it back, or export again.")
        sheets[name] = _rows(name, pages[name], columns)
    title = str(about.pop("title", None) or "")
    made = about.pop("created_on", None)
    sources = [str(about.pop(key)) for key in [*about] if key.startswith("source_") and key[7:].isdigit()]
    return Layout(layout, version, title, about, tuple(sources), sheets, made if isinstance(made, date) else None)


def _kinds(lines: list[tuple[Any, ...]]) -> dict[str, dict[str, str]]:
    """Sheet → column key → kind, from the sheet Columns."""
    kinds: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines[1:], 2):
        if len(line) < 4 or not all(isinstance(text, str) for text in line[:4]) or line[3] not in KINDS:
            raise Refused(f"Row {number} of the sheet {COLUMNS} does not describe a column. Export the workbook again.")
        kinds.setdefault(line[0], {})[line[1]] = line[3]
    return kinds


def _rows(name: str, lines: list[tuple[Any, ...]], columns: dict[str, str]) -> list[dict[str, Plain]]:
    header = [str(key) if key is not None else "" for key in lines[0]] if lines else []
    places = {key: header.index(key) for key in columns if key in header}
    if lost := [key for key in columns if key not in places]:
        raise Refused(f"The sheet {name} has no column {lost[0]} in its first row. Put the first row back as it was.")
    rows = []
    for number, line in enumerate(lines[2:], 3):
        if all(value is None for value in line):
            continue
        values = {key: (line[place] if place < len(line) else None) for key, place in places.items()}
        rows.append({key: _typed(values[key], kind, name, places[key], number) for key, kind in columns.items()})
    return rows


def _typed(value: Any, kind: str, sheet: str, column: int, row: int) -> Plain:
    plain = _plain(value)
    if plain is None:
        return None
    is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
    if kind in NUMBER_KINDS:
        if not is_number:
            raise _wrong(plain, "a number", sheet, column, row)
        # Spreadsheets keep one kind of number; a whole one comes back whole only where the column says so.
        return plain if kind in _WHOLE or not isinstance(plain, int) else float(plain)
    if kind == "date":
        if not isinstance(plain, date):
            raise _wrong(plain, "a date", sheet, column, row)
        return plain
    return plain.isoformat() if isinstance(plain, date) else str(plain)


def _wrong(value: Plain, wanted: str, sheet: str, column: int, row: int) -> Refused:
    place = f"{openpyxl.utils.get_column_letter(column + 1)}{row}"
    return Refused(
        f"Cell {place} of the sheet {sheet} holds {str(value)[:40]!r} where {wanted} belongs. Correct it or empty it."
    )


def _plain(value: Any) -> Plain:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if value is None or isinstance(value, str | int | float | date):
        return value
    return str(value)
