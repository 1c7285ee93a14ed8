"""Reads projections: occupations from BLS, industries from the template that a state or local office filled in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sharedtable.errors import Refused
from sharedtable.lmi.intake.layouts import clean_names, projection_years
from sharedtable.lmi.intake.tabulate import table_of
from sharedtable.lmi.intake.unpack import Piece
from sharedtable.lmi.workforce.projections_template import COLUMNS, check_rows

if TYPE_CHECKING:
    import duckdb

OCCUPATION_COLUMNS = {
    "occupation_code": "VARCHAR",
    "occupation_title": "VARCHAR",
    "jobs_base": "INTEGER",
    "jobs_projected": "INTEGER",
    "change_pct": "DOUBLE",
    "openings_year_jobs": "INTEGER",
    "median_wage_usd": "INTEGER",
    "entry_education": "VARCHAR",
    "base_year": "SMALLINT",
    "projected_year": "SMALLINT",
}
INDUSTRY_COLUMNS = {
    "area_code": "VARCHAR",
    "area_title": "VARCHAR",
    "industry_code": "VARCHAR",
    "industry_title": "VARCHAR",
    "base_year": "SMALLINT",
    "projected_year": "SMALLINT",
    "jobs_base": "INTEGER",
    "jobs_projected": "INTEGER",
    "change_pct": "DOUBLE",
    "source_name": "VARCHAR",
    "source_address": "VARCHAR",
}
_NOT_GIVEN = ("", "N/A", "n/a", "-", "—", "–", "*", "**")
_MOST_FAULTS = 5


def read_occupations(connection: duckdb.DuckDBPyConnection, piece: Piece, into: str, work: Path) -> int:
    """Read the BLS occupation projections of `piece` into the table `into`; gives the base year.

    The source counts thousands of jobs with commas; here they are jobs. 'N/A' is null. Titles lose their lists of
    other job names. Fails with Refused, naming file and line, when a row cannot be right.
    """
    names = clean_names(piece.header)
    years = projection_years(names)
    if years is None or not years[0] < years[1]:
        raise Refused(f"{piece.shown}: the header does not say from which year to which year the projection goes.")
    base, projected = years
    column = {name: names.index(name) for name in names}
    span = f"{base}-{projected}"
    wage = next(name for name in names if name.startswith("median_annual_wage_"))
    faults: list[str] = []
    rows: dict[str, list[object]] = {}
    for line, values in _lines(piece):
        if len(values) != len(names):
            faults.append(f"line {line}: there are {len(values)} values where the header names {len(names)} columns")
            continue
        code = values[column["occupation_code"]].strip()
        title = re.split(r"\s{2,}\*|\s+\* |\*", values[column["occupation_title"]], maxsplit=1)[0].strip()
        try:
            if not re.fullmatch(r"\d\d-\d{4}", code):
                raise ValueError(f"{code[:40]!r} is not an occupation code like 51-4041")
            if code in rows:
                raise ValueError(f"the occupation {code} is there twice")
            rows[code] = [
                code,
                title,
                _thousands(values[column[f"employment_{base}"]]),
                _thousands(values[column[f"employment_{projected}"]]),
                _number(values[column[f"employment_percent_change,_{span}"]]),
                _thousands(values[column[f"occupational_openings,_{span}_annual_average"]]),
                _whole(values[column[wage]]),
                values[column["typical_entry-level_education"]].strip() or None,
                base,
                projected,
            ]
        except ValueError as fault:
            faults.append(f"line {line}: {fault}")
        if len(faults) >= _MOST_FAULTS:
            break
    if faults:
        raise Refused(f"{piece.shown}, {'; '.join(faults)}. Nothing was loaded.")
    if not rows:
        raise Refused(f"{piece.shown}: there is no occupation in it.")
    table_of(connection, into, OCCUPATION_COLUMNS, rows.values(), work)
    return base


def read_industries(connection: duckdb.DuckDBPyConnection, piece: Piece, into: str, work: Path) -> int:
    """Read a filled-in template into the table `into`; gives the number of rows.

    Blank jobs are null (not published). Fails with Refused, naming file and row, when a row cannot be right.
    """
    names = clean_names(piece.header)
    raw = []
    for line, values in _lines(piece):
        if len(values) != len(names) and any(values):
            raise Refused(
                f"{piece.shown}, line {line}: there are {len(values)} values where the header names "
                f"{len(names)} columns. Nothing was loaded."
            )
        raw.append(dict(zip(names, values or [""] * len(names), strict=True)))
    try:
        checked = check_rows(raw, first_row=piece.first_row)
    except Refused as problem:
        raise Refused(f"{piece.shown}: {problem} Nothing was loaded.") from problem
    rows = []
    for row in checked:
        start, ahead = row["jobs_base"], row["jobs_projected"]
        change = 100 * (ahead / start - 1) if start and ahead is not None else None
        given = {name: row[name] if row[name] != "" else None for name in COLUMNS}
        rows.append([(given | {"change_pct": change})[name] for name in INDUSTRY_COLUMNS])
    table_of(connection, into, INDUSTRY_COLUMNS, rows, work)
    return len(rows)


def _lines(piece: Piece) -> Iterator[tuple[int, list[str]]]:
    """The rows after the header with their line numbers. The encoding is UTF-8, else Latin-1."""
    encoding = "utf-8-sig" if piece.encoding == "utf-8" else piece.encoding
    try:
        text = piece.path.read_text(encoding)
    except UnicodeDecodeError:
        text = piece.path.read_text("latin-1")
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        next(rows)
        for row in rows:
            yield rows.line_num, row
    except csv.Error as problem:
        raise Refused(f"{piece.shown}, line {rows.line_num}: {problem}. Nothing was loaded.") from problem


def _number(text: str) -> float | None:
    bare = text.strip()
    if bare in _NOT_GIVEN:
        return None
    if not re.fullmatch(r"-?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", bare) or not re.search(r"\d", bare):
        raise ValueError(f"{text[:40]!r} is not a number")
    return float(bare.replace(",", ""))


def _thousands(text: str) -> int | None:
    number = _number(text)
    if number is None:
        return None
    if not 0 <= number < 2_000_000:
        raise ValueError(f"{text[:40]!r} cannot be thousands of jobs")
    return round(number * 1000)


def _whole(text: str) -> int | None:
    # The highest wages are printed as '>=239,200': only a bound is published, so the value is not known.
    if text.strip().startswith((">", "≥")):
        return None
    number = _number(text)
    if number is None:
        return None
    if not 0 <= number < 100_000_000 or number != int(number):
        raise ValueError(f"{text[:40]!r} is not a wage in whole dollars")
    return int(number)
