"""NAICS as QCEW uses it: codes, titles and concordances of four vintages."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from reference_parts.common import read_rows, write_table

VINTAGES = (2007, 2012, 2017, 2022)
UNCLASSIFIED = ("99", "999", "9999", "99999", "999999")

CODES_COMMENT = """\
Industry codes and titles that the QCEW can hold, by NAICS vintage (our own table, public-domain facts).
Source: U.S. Census Bureau, "2-6 digit NAICS codes" 2007, 2012, 2017, 2022, https://www.census.gov/naics/
and, for codes that only the QCEW has (six digits under 238, 99 unclassified, 10 and the domains 101 to 1029):
U.S. Bureau of Labor Statistics, QCEW industry titles (2016), https://www.bls.gov/cew/classifications/industry/
The six-digit NAICS codes under 238 are left out: the QCEW publishes residential and nonresidential halves instead.
`vintages` holds the last two digits of each vintage in which the code has this title.
Rebuild: python tools/build_reference.py SOURCE_DIR --only naics"""

LINKS_COMMENT = """\
Six-digit codes that changed between two NAICS vintages (our own table, public-domain facts).
One row is one link of the concordance. A code whose only link is to the same code of the other vintage is left out.
Source: U.S. Census Bureau, NAICS concordances 2007-2012, 2012-2017, 2017-2022, https://www.census.gov/naics/?68967
Rebuild: python tools/build_reference.py SOURCE_DIR --only naics"""


def _census_titles(source: Path, vintage: int) -> dict[str, str]:
    rows = read_rows(source / "naics" / f"2-6 digit_{vintage}_Codes.csv")
    titles = {}
    for row in rows[1:]:
        code = row[1].strip() if len(row) > 2 else ""
        if code:
            titles[code] = re.sub(r"\s+", " ", row[2]).strip()
    return titles


def _qcew_titles(source: Path) -> dict[str, str]:
    rows = read_rows(source / "qcew" / "industry_titles_2016.csv")
    return {code: re.sub(rf"^(NAICS )?{code} ", "", title.strip()) for code, title in rows[1:]}


def _qcew_only(titles: dict[str, str]) -> dict[str, str]:
    """Codes that no NAICS list has; the QCEW has them in every vintage."""
    kept = {code: text for code, text in titles.items() if re.fullmatch(r"238\d{3}|10\d{0,2}", code)}
    return kept | {code: titles[code] for code in UNCLASSIFIED}


def _links(source: Path, old: int, new: int) -> set[tuple[str, str]]:
    links = set()
    for row in read_rows(source / "naics" / f"{old}_to_{new}_NAICS.csv"):
        if len(row) > 2 and re.fullmatch(r"\d{6}", row[0].strip()):
            links |= set(zip(_halves(row[0].strip()), _halves(row[2].strip()), strict=True))
    return links


def _halves(code: str) -> tuple[str, ...]:
    """The QCEW's residential and nonresidential codes for a six-digit code under 238; any other code twice as it is."""
    return (code[:5] + "1", code[:5] + "2") if code.startswith("238") else (code, code)


def build(source: Path, out: Path) -> list[Path]:
    """Write naics.tsv and naics_links.tsv into `out`."""
    own = _qcew_only(_qcew_titles(source))
    vintages: dict[tuple[str, str], list[str]] = defaultdict(list)
    for vintage in VINTAGES:
        census = _census_titles(source, vintage)
        official = {code: text for code, text in census.items() if not re.fullmatch(r"238\d{3}", code)}
        for code, text in (official | own).items():
            vintages[code, text].append(str(vintage)[2:])
    codes = sorted((code, " ".join(years), text) for (code, text), years in vintages.items())
    changed: list[tuple[str, str, str, str]] = []
    for old, new in pairwise(VINTAGES):
        links = _links(source, old, new)
        forward: dict[str, set[str]] = defaultdict(set)
        backward: dict[str, set[str]] = defaultdict(set)
        for before, after in links:
            forward[before].add(after)
            backward[after].add(before)
        changed += [
            (str(old), before, str(new), after)
            for before, after in sorted(links)
            if forward[before] != {before} or backward[after] != {after}
        ]
    return [
        write_table(out / "naics.tsv", CODES_COMMENT, ("code", "vintages", "title"), codes),
        write_table(
            out / "naics_links.tsv",
            LINKS_COMMENT,
            ("from_vintage", "from_code", "to_vintage", "to_code"),
            changed,
        ),
    ]
