"""Reads QCEW files into the columns of the store, with withheld figures as null.

What the source does (BLS, QCEW file layouts; checked on the shared files):
- disclosure code 'N': the figure is withheld and printed as 0 → null here. The establishments are real.
- disclosure code '-': nothing was there in that quarter; the printed 0 is a real zero.
- `lq_disclosure_code` can be 'N' where the figure itself is published → only the quotient is null.
- size_code other than 0: the same jobs again by size of establishment → dropped.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sharedtable.errors import Refused
from sharedtable.lmi.intake.layouts import Layout, clean_names
from sharedtable.lmi.intake.unpack import Piece
from sharedtable.lmi.store.change import copy_sql
from sharedtable.lmi.store.sql import quote

if TYPE_CHECKING:
    import duckdb

ANNUAL_COLUMNS = (
    "area_code own_code industry_code level_code is_withheld establishments employment_jobs wages_usd "
    "annual_pay_usd employment_lq_ratio origin"
)
QUARTERLY_COLUMNS = (
    "area_code own_code industry_code level_code quarter is_withheld establishments month1_jobs month2_jobs "
    "month3_jobs wages_usd month1_lq_ratio month2_lq_ratio month3_lq_ratio"
)

# Numbers are read as DOUBLE and must be whole: a cast to integer would turn '84.743' into 85 without a word.
_LARGEST = 9_000_000_000_000_000
_NUMBERS = {
    "qcew_annual": ("{estabs}", "annual_avg_emplvl", "total_annual_wages", "avg_annual_pay"),
    "qcew_quarterly": ("{estabs}", "month1_emplvl", "month2_emplvl", "month3_emplvl", "total_qtrly_wages"),
}
_QUOTIENTS = {
    "qcew_annual": ("lq_annual_avg_emplvl",),
    "qcew_quarterly": ("lq_month1_emplvl", "lq_month2_emplvl", "lq_month3_emplvl"),
}
_LARGEST_COUNT = 2_000_000_000  # establishments, jobs and pay fit an INTEGER; wages do not


def numbers_of(layout: Layout) -> tuple[str, ...]:
    """The whole-number columns that are kept of this layout, as the file names them."""
    return tuple(name.format(estabs=layout.establishments) for name in _NUMBERS[layout.kind])


def read(connection: duckdb.DuckDBPyConnection, batch: Sequence[Piece], work: Path) -> Path | None:
    """Read pieces of one layout, one header and one year into the temporary view `incoming`.

    `incoming` has the columns of the store's table, then `year`, `piece` (position in `batch`). A single piece goes
    straight into a sorted file in the folder `work`, whose path is given back: a national year is then sorted and
    written once. Titles are never looked at, so old files that spell them in Latin-1 are read like others.
    Fails with Refused, naming file and line, when a row cannot be right.
    """
    import duckdb

    layout = batch[0].layout
    names = clean_names(batch[0].header)
    numbers, quotients = numbers_of(layout), _QUOTIENTS[layout.kind]
    types = dict.fromkeys(names, "VARCHAR") | dict.fromkeys((*numbers, *quotients), "DOUBLE")
    columns = ", ".join(f"{quote(name)}: '{kind}'" for name, kind in types.items())
    files = ", ".join(quote(piece.path) for piece in batch)
    annual = layout.kind == "qcew_annual"
    whole = " AND ".join(
        f"coalesce({name} BETWEEN 0 AND {_LARGEST if 'wages' in name else _LARGEST_COUNT} AND {name} = floor({name}),"
        " false)"
        for name in numbers
    )
    sane = " AND ".join(f"coalesce({name} BETWEEN 0 AND 1e9, disclosure <> '')" for name in quotients)
    # A test for every row must be cheap; the spelling of the few thousand codes is tested once each, below.
    good = f"""
        coalesce(length(own_code) = 1 AND own_code BETWEEN '0' AND '9', false)
        AND coalesce(length(agglvl_code) = 2 AND agglvl_code BETWEEN '10' AND '99', false)
        AND coalesce(year = {quote(batch[0].year)}, false)
        AND coalesce({"qtr = 'A'" if annual else "length(qtr) = 1 AND qtr BETWEEN '1' AND '4'"}, false)
        AND (disclosure = '' OR disclosure = 'N' OR disclosure = '-')
        AND (lq_disclosure = '' OR lq_disclosure = 'N' OR lq_disclosure = '-')
        AND {whole} AND {sane}"""
    keys = """area_fips AS area_code, CAST(own_code AS TINYINT) AS own_code, industry_code,
        CAST(agglvl_code AS TINYINT) AS level_code"""
    hidden = f"(disclosure = 'N' OR (disclosure = '-' AND {numbers[0]} > 0))"
    estabs = f"CAST({numbers[0]} AS INTEGER) AS establishments"

    def value(column: str, alias: str, kind: str, when: str = hidden) -> str:
        return f"CASE WHEN {when} THEN NULL ELSE CAST({column} AS {kind}) END AS {alias}"

    if annual:
        figures = ", ".join(
            [
                f"{hidden} AS is_withheld",
                estabs,
                value(numbers[1], "employment_jobs", "INTEGER"),
                value(numbers[2], "wages_usd", "BIGINT"),
                value(numbers[3], "annual_pay_usd", "INTEGER"),
                value(quotients[0], "employment_lq_ratio", "DOUBLE", "lq_disclosure <> ''"),
                "'annual' AS origin",
            ]
        )
    else:
        months = [value(numbers[m], f"month{m}_jobs", "INTEGER") for m in (1, 2, 3)]
        ratios = [value(quotients[m - 1], f"month{m}_lq_ratio", "DOUBLE", "lq_disclosure <> ''") for m in (1, 2, 3)]
        wages = value(numbers[4], "wages_usd", "BIGINT")
        figures = ", ".join(
            ["CAST(qtr AS TINYINT) AS quarter", f"{hidden} AS is_withheld", estabs, *months, wages, *ratios]
        )
    alone = len(batch) == 1
    piece_column = "" if alone else f", CAST(list_position([{files}], file) - 1 AS INTEGER) AS piece"
    rows = f"""
        SELECT {keys}, {figures}{piece_column}
        FROM (SELECT CASE WHEN {good} THEN true ELSE error('bad row') END AS is_good, *
              FROM (SELECT *, trim(coalesce(disclosure_code, '')) AS disclosure,
                           trim(coalesce(lq_disclosure_code, '')) AS lq_disclosure
                    FROM read_csv([{files}], columns = {{{columns}}}, header = true, auto_detect = false,
                        delim = ',', quote = '"', escape = '"', filename = 'file', encoding = '{batch[0].encoding}')))
        WHERE is_good AND coalesce(size_code, '0') IN ('0', '')"""  # noqa: S608
    ready = work / f"{batch[0].path.name}.ready.parquet" if alone else None
    year = int(batch[0].year) if re.fullmatch(r"\d{4}", batch[0].year) else 0
    try:
        connection.execute("DROP VIEW IF EXISTS incoming; DROP TABLE IF EXISTS incoming_rows")
        if ready:
            connection.execute(copy_sql("qcew" if annual else "qcew_quarterly", rows, ready)).fetchall()
            held = f"SELECT *, 0 AS piece FROM read_parquet({quote(ready)})"  # noqa: S608
        else:
            connection.execute(f"CREATE TEMP TABLE incoming_rows AS {rows}").fetchall()
            held = "SELECT * FROM incoming_rows"
        connection.execute(f"CREATE TEMP VIEW incoming AS SELECT *, {year}::SMALLINT AS year FROM ({held})")  # noqa: S608
        misspelt = connection.execute(
            f"""SELECT (SELECT count(*) FROM (SELECT DISTINCT area_code AS code FROM incoming)
                        WHERE code IS NULL OR NOT regexp_full_match(code, '{AREA}'))
                     + (SELECT count(*) FROM (SELECT DISTINCT industry_code AS code FROM incoming)
                        WHERE code IS NULL OR NOT regexp_full_match(code, '{INDUSTRY}'))"""  # noqa: S608
        ).fetchall()[0][0]
        if misspelt:
            raise duckdb.ConversionException("a code is not spelt as BLS spells it")
    except duckdb.OutOfMemoryException as problem:
        raise Refused("The files need more memory than one load may use. Load fewer at a time.") from problem
    except duckdb.Error as problem:
        for piece in batch:
            explain(piece)
        text = str(problem).splitlines()[0]
        raise Refused(f"{batch[0].shown}: the file cannot be read as {layout.title}: {text}") from problem
    return ready


AREA = "[0-9A-Z]{5}"
INDUSTRY = "[0-9]{2,6}|31-33|44-45|48-49"
_DIGITS = re.compile(r"\d{1,16}(\.0+)?")


def explain(piece: Piece) -> None:
    """Go through a piece row by row and refuse it, naming each of its first wrong lines. Silent when all are right."""
    with piece.path.open("rb") as raw:
        encoding = "utf-8-sig" if piece.encoding == "utf-8" else piece.encoding
        text = io.TextIOWrapper(raw, encoding, "replace", newline="")
        rows = csv.reader(text, strict=True)
        faults: list[str] = []
        try:
            names = clean_names(next(rows))
            for row in rows:
                named = dict(zip(names, row, strict=False))
                if row and (fault := _fault(named, len(row), len(names), piece)):
                    faults.append(f"line {rows.line_num}: {fault}")
                    if len(faults) == 5:
                        break
        except csv.Error as problem:
            faults.append(f"line {rows.line_num}: {problem}")
    if faults:
        raise Refused(f"{piece.shown}, {'; '.join(faults)}. Nothing was loaded.")


def _fault(row: dict[str, str], width: int, expected: int, piece: Piece) -> str | None:
    if width != expected:
        return f"there are {width} values where the header names {expected} columns (was the file cut short?)"
    layout = piece.layout
    annual = layout.kind == "qcew_annual"
    area, industry = row["area_fips"], row["industry_code"]
    if not re.fullmatch(AREA, area):
        lost = " (a spreadsheet may have dropped its leading zero)" if re.fullmatch(r"\d{4}", area) else ""
        return f"{area[:40]!r} is not an area code of five characters{lost}"
    if not re.fullmatch(INDUSTRY, industry):
        return f"{industry[:40]!r} is not an industry code"
    if not re.fullmatch("[0-9]", row["own_code"]):
        return f"{row['own_code'][:40]!r} is not an ownership code"
    if not re.fullmatch(r"[1-9][0-9]", row["agglvl_code"]):
        return f"{row['agglvl_code'][:40]!r} is not an aggregation level"
    if not re.fullmatch(r"(19|20)[0-9]{2}", row["year"]):
        return f"{row['year'][:40]!r} is not a year"
    if row["year"] != piece.year:
        return f"the year is {row['year']} in a file that begins with {piece.year}; a file holds one year"
    if row["qtr"] not in (("A",) if annual else ("1", "2", "3", "4")):
        return f"{row['qtr'][:40]!r} is not a quarter ({'A for annual' if annual else '1 to 4'})"
    for name in ("disclosure_code", "lq_disclosure_code"):
        if row[name].strip() not in ("", "N", "-"):
            return f"{row[name][:40]!r} in {name} is none of blank, N and -"
    for name in numbers_of(layout):
        most = _LARGEST if "wages" in name else _LARGEST_COUNT
        number = row[name].strip()
        if not _DIGITS.fullmatch(number) or float(number) > most:
            return f"{row[name][:40]!r} in {name} is not a whole number of 0 or more"
    for name in _QUOTIENTS[layout.kind]:
        number = row[name].strip()
        empty = not number.strip(".")
        if not re.fullmatch(r"\d{0,10}\.?\d*", number) or (empty and not row["disclosure_code"].strip()):
            return f"{row[name][:40]!r} in {name} is not a number of 0 or more"
    return None


def annual_from_quarters(quarterly: Path | str, without: str) -> str:
    """SQL for the annual rows that four quarters give, in the columns of the store.

    Jobs: mean of the twelve months; establishments: mean of the four counts; both rounded half up, with a quarter in
    which the industry is absent counted as zero. Wages: the sum. Withheld when any quarter is. Only areas whose total
    is there in all four quarters. `without`: a query giving the area codes to leave out.
    Convention checked against all rows of 2016 annual figures in the shared data.
    """
    return f"""
        WITH quarters AS (SELECT * FROM read_parquet({quote(quarterly)})),
             complete AS (SELECT area_code FROM quarters WHERE own_code = 0 AND industry_code = '10'
                          GROUP BY area_code HAVING count(DISTINCT quarter) = 4)
        SELECT area_code, own_code, industry_code, level_code, bool_or(is_withheld) AS is_withheld,
               CAST((2 * sum(establishments) + 4) // 8 AS INTEGER) AS establishments,
               CASE WHEN bool_or(is_withheld) THEN NULL
                    ELSE CAST((2 * sum(month1_jobs + month2_jobs + month3_jobs) + 12) // 24 AS INTEGER)
               END AS employment_jobs,
               CASE WHEN bool_or(is_withheld) THEN NULL ELSE CAST(sum(wages_usd) AS BIGINT) END AS wages_usd,
               CAST(NULL AS INTEGER) AS annual_pay_usd, CAST(NULL AS DOUBLE) AS employment_lq_ratio,
               'quarters' AS origin
        FROM quarters WHERE area_code IN (SELECT area_code FROM complete)
                        AND area_code NOT IN ({without})
        GROUP BY area_code, own_code, industry_code, level_code"""  # noqa: S608
