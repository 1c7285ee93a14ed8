"""The template for industry projections: writing it, and checking it when it comes back.

One row for each area and industry:

    area_code         '39041' a county, '39000' a state, 'C1814' a metropolitan area; a workforce area is its counties
                      joined by plus signs: '39045+39049+39159'
    area_title        the area's name as the source writes it
    industry_code     NAICS: '3261', '333', '31-33', or '10' for all industries
    industry_title    the industry's name (for the reader; not checked)
    base_year         the year that the projection starts from
    projected_year    the year that it reaches
    jobs_base         jobs in the base year, in jobs (not thousands); blank = not published
    jobs_projected    jobs in the projected year, in jobs; blank = not published
    source_name       who published it and under which title
    source_address    where it can be read (https://…); blank if it is not on the web
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import naics
from sharedtable.lmi.places import areas as areas_table

if TYPE_CHECKING:
    from sharedtable.lmi.definitions import Region

Row = dict[str, Any]
COLUMNS = (
    "area_code",
    "area_title",
    "industry_code",
    "industry_title",
    "base_year",
    "projected_year",
    "jobs_base",
    "jobs_projected",
    "source_name",
    "source_address",
)
HELP: Mapping[str, str] = {
    "area_code": "County 39041, state 39000, metropolitan area C1814; workforce area: counties joined by plus signs.",
    "area_title": "The area's name as the source writes it.",
    "industry_code": "NAICS code: 3261, 333, 31-33; 10 for all industries.",
    "industry_title": "The industry's name. It helps the reader and is not checked.",
    "base_year": "The year that the projection starts from, for example 2024.",
    "projected_year": "The year that it reaches, for example 2034.",
    "jobs_base": "Jobs in the base year, in jobs and not in thousands. Leave blank what is not published.",
    "jobs_projected": "Jobs in the projected year, in jobs. Leave blank what is not published.",
    "source_name": "Who published it, and the title.",
    "source_address": "Where it can be read, beginning with https://. May be blank.",
}
_AREA = re.compile(r"(US000|C\d{4}|CS\d{3}|\d{5}(\+\d{5})*)")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_FIRST_ROW = 2  # the first line under the header, as a spreadsheet numbers it


def write_template(
    path: Path | str | None,
    kind: Literal["csv", "xlsx"],
    region: Region | None = None,
    industries: Sequence[str] | None = None,
) -> bytes:
    """The table that a state or local office fills in.

    Takes: where to write it (None: nowhere), the kind, and a region and industries to begin the rows with. Gives: the
    file's bytes. A file is written whole or not at all. Fails with Refused for another kind, Missing for an unknown
    area or industry.
    """
    if kind not in ("csv", "xlsx"):
        raise Refused(f"A template can be csv or xlsx, not '{kind}'. Choose one of them.")
    areas = [(code, areas_table.area_title(code)) for code in region.areas] if region else []
    titles = [(code, naics.title(code, naics.VINTAGES[-1])) for code in industries or ()]
    blank = ("", "")
    pairs = [(area, industry) for area in areas or [blank] for industry in titles or [blank]]
    rows = [(*area, *industry, *[""] * 6) for area, industry in pairs if area != blank or industry != blank]
    content = _csv(rows) if kind == "csv" else _xlsx(rows)
    if path is not None:
        _write_whole(Path(path), content)
    return content


def _csv(rows: Iterable[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")  # with the mark, spreadsheets read accents right


def _xlsx(rows: Sequence[tuple[str, ...]]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("projections")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 3, 18, text)  # codes stay text: 01001 keeps its zero and 44-45 is no date
    sheet.set_column(4, 7, 14)
    sheet.set_column(8, 9, 40, text)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, head)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(line, column, value, text)
    guide = book.add_worksheet("how to fill in")
    guide.set_column(0, 0, 18)
    guide.set_column(1, 1, 100)
    for line, name in enumerate(COLUMNS):
        guide.write_string(line, 0, name, head)
        guide.write_string(line, 1, HELP[name])
    book.close()
    return buffer.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        staged.write_bytes(content)
        os.replace(staged, path)
    except OSError as problem:
        staged.unlink(missing_ok=True)
        raise Refused(
            f"The template cannot be written to {path}: {problem.strerror}. Nothing was written."
        ) from problem


def check_rows(rows: Iterable[Mapping[str, Any]], *, first_row: int = _FIRST_ROW) -> list[Row]:
    """Rows of a filled-in template, checked and typed.

    Takes: mappings with the template's columns (text, numbers or None), `first_row` the row number of the first. Gives:
    rows with text codes, whole numbers, None for blank jobs. A row with nothing but codes and titles filled in (as the
    template begins) is left out. Fails with Refused that names the row and the reason; then nothing may be used.
    """
    checked: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, raw in enumerate(rows, start=first_row):
        missing = [name for name in COLUMNS if name not in raw]
        if missing:
            raise Refused(f"Row {number}: the column {', '.join(missing)} is not there. Use the template's header.")
        if not any(_text(raw[name]) for name in COLUMNS[4:]):
            continue
        row = _check_row(number, raw)
        key = (row["area_code"], row["industry_code"], row["base_year"], row["projected_year"], row["source_name"])
        if key in seen:
            raise Refused(
                f"Row {number}: area {key[0]} and industry {key[1]} from {key[2]} to {key[3]} are already in row "
                f"{seen[key]}. Delete one of the two."
            )
        seen[key] = number
        checked.append(row)
    if not checked:
        raise Refused("The table has no filled-in row. Fill in at least one area and industry.")
    return checked


def _check_row(number: int, raw: Mapping[str, Any]) -> Row:
    base, ahead = _year(number, raw, "base_year"), _year(number, raw, "projected_year")
    if ahead <= base:
        raise Refused(f"Row {number}: projected_year {ahead} is not after base_year {base}. Check the two years.")
    source = _text(raw["source_name"])
    if not source:
        raise Refused(f"Row {number}: source_name is blank. Write who published these numbers.")
    address = _text(raw["source_address"])
    if address and not address.lower().startswith(("https://", "http://")):
        raise Refused(f"Row {number}: source_address must begin with https://, not '{address[:40]}'.")
    return {
        "area_code": _area(number, raw["area_code"]),
        "area_title": _text(raw["area_title"]),
        "industry_code": _industry(number, raw["industry_code"]),
        "industry_title": _text(raw["industry_title"]),
        "base_year": base,
        "projected_year": ahead,
        "jobs_base": _jobs(number, raw, "jobs_base"),
        "jobs_projected": _jobs(number, raw, "jobs_projected"),
        "source_name": source,
        "source_address": address,
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet keeps 3261 as 3261.0
    return " ".join(str(value).split())


def _area(number: int, value: object) -> str:
    text = _text(value).upper().replace(" ", "")
    # A spreadsheet that read the code as a number dropped its first zero.
    text = "+".join(sorted({part.zfill(5) if part.isdigit() and len(part) == 4 else part for part in text.split("+")}))
    if not _AREA.fullmatch(text):
        raise Refused(
            f"Row {number}: area_code '{_text(value)[:40]}' is not an area. Write five digits (39041, or 39000 for a "
            "state), C1814 for a metropolitan area, or counties joined by plus signs."
        )
    for part in text.split("+"):
        try:
            areas_table.area_title(part)
        except Missing as problem:
            raise Refused(f"Row {number}: no area has the code {part}. Check area_code.") from problem
    return text


def _industry(number: int, value: object) -> str:
    text = _text(value).replace("–", "-")
    if not text:
        raise Refused(f"Row {number}: industry_code is blank. Write a NAICS code, for example 3261.")
    vintages = (2022, 2017, 2012, 2007)
    if any(naics.is_known(text, vintage) for vintage in vintages):
        return text
    short = text.rstrip("0")
    hint = f" Write {short}." if any(naics.is_known(short, vintage) for vintage in vintages) else ""
    raise Refused(f"Row {number}: industry_code '{text[:40]}' is not a NAICS code.{hint}")


def _year(number: int, raw: Mapping[str, Any], name: str) -> int:
    text = _text(raw[name])
    if not re.fullmatch(r"\d{4}", text) or not _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        raise Refused(f"Row {number}: {name} '{text[:40]}' is not a year. Write four digits, for example 2024.")
    return int(text)


def _jobs(number: int, raw: Mapping[str, Any], name: str) -> int | None:
    text = _text(raw[name])
    if not text:
        return None
    if re.fullmatch(r"\d+|\d{1,3}(,\d{3})+", text):
        return int(text.replace(",", ""))
    if re.fullmatch(r"[\d,]*\.\d+", text):
        raise Refused(f"Row {number}: {name} {text} is not a whole number. Write jobs, not thousands of jobs.")
    raise Refused(f"Row {number}: {name} '{text[:40]}' is not a number of jobs. Leave it blank if it is not published.")
