"""The file headers that are known, and a sentence for each one that is not.

A publisher who changes a column changes what a figure means, so a header is recognised whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sharedtable.errors import Refused

_KEY = "area_fips own_code industry_code agglvl_code size_code year qtr disclosure_code"
_TITLES = "area_title own_title industry_title agglvl_title size_title"


def _qcew(levels: str, *, with_titles: bool, percent_of: frozenset[str] | None = None) -> tuple[str, ...]:
    """A QCEW header: key, levels, the location quotient of each level, its change over the year."""
    names = levels.split()
    changes = [
        column
        for name in names
        for column in (f"oty_{name}_chg", f"oty_{name}_pct_chg")
        if percent_of is None or name in percent_of or not column.endswith("_pct_chg")
    ]
    titles = _TITLES.split() if with_titles else []
    quotients = [f"lq_{name}" for name in names]
    return (*_KEY.split(), *titles, *names, "lq_disclosure_code", *quotients, "oty_disclosure_code", *changes)


_ANNUAL = (
    "{} annual_avg_emplvl total_annual_wages taxable_annual_wages annual_contributions "
    "annual_avg_wkly_wage avg_annual_pay"
)
_QUARTERLY = (
    "{} month1_emplvl month2_emplvl month3_emplvl total_qtrly_wages taxable_qtrly_wages "
    "qtrly_contributions avg_wkly_wage"
)


@dataclass(frozen=True)
class Layout:
    """A known header. `kind` chooses the reader; `establishments` names the column that BLS spells in two ways."""

    id: str
    kind: str
    title: str
    columns: tuple[str, ...]
    source_id: str
    establishments: str = ""


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "qcew-annual",
        "qcew_annual",
        "QCEW annual averages (area slice or single file)",
        _qcew(_ANNUAL.format("annual_avg_estabs"), with_titles=False),
        "qcew-annual-area",
        "annual_avg_estabs",
    ),
    Layout(
        "qcew-annual-by-area",
        "qcew_annual",
        "QCEW annual averages by area, with titles",
        _qcew(_ANNUAL.format("annual_avg_estabs_count"), with_titles=True),
        "qcew-annual-by-area",
        "annual_avg_estabs_count",
    ),
    Layout(
        "qcew-quarterly",
        "qcew_quarterly",
        "QCEW quarterly figures (slice or single file)",
        _qcew(_QUARTERLY.format("qtrly_estabs"), with_titles=False),
        "qcew-quarterly-single",
        "qtrly_estabs",
    ),
    Layout(
        "qcew-quarterly-by-area",
        "qcew_quarterly",
        "QCEW quarterly figures by area, with titles",
        _qcew(_QUARTERLY.format("qtrly_estabs_count"), with_titles=True),
        "qcew-quarterly-by-area",
        "qtrly_estabs_count",
    ),
    Layout(
        "industry-projections-template",
        "industry_projections",
        "Industry projections in the template of Shared Table",
        (
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
        ),
        "industry-projections-template",
    ),
)

# The header of the occupation projections names its years, so it is matched by pattern, in this order.
OCCUPATION_PROJECTIONS = Layout(
    "occupation-projections",
    "occupation_projections",
    "BLS occupational projections",
    (
        "occupation_title",
        "occupation_code",
        "employment_{base}",
        "employment_{projected}",
        "employment_change,_{base}-{projected}",
        "employment_percent_change,_{base}-{projected}",
        "occupational_openings,_{base}-{projected}_annual_average",
        "median_annual_wage_{wage}",
        "typical_entry-level_education",
        "education_code",
        "work_experience_in_a_related_occupation",
        "workex_code",
        "typical_on-the-job_training",
        "trcode",
    ),
    "occupation-projections",
)


# Not text: recognised by their first bytes and by their tables, not by a header.
OEWS_DATABASE = Layout("oews-database", "oews_database", "OEWS release as a database", (), "oews")
OEWS_PARQUET = Layout("oews-parquet", "oews_parquet", "OEWS release as Parquet files", (), "oews")


def clean_names(header: Sequence[str]) -> list[str]:
    """Column names in one spelling: lower case, single underscores for blanks, and BLS's short `_pct` written out."""
    names = []
    for raw in header:
        name = re.sub(r"\s+", "_", raw.replace("\ufeff", "").strip().lower())
        names.append(re.sub(r"^(oty_.*_pct)$", r"\1_chg", name))
    return names


def projection_years(names: Sequence[str]) -> tuple[int, int] | None:
    """The base and the projected year that an occupation-projections header names; None when it names none."""
    found = [re.fullmatch(r"employment_(\d{4})", name) for name in names]
    years = [int(match.group(1)) for match in found if match]
    return (years[0], years[1]) if len(years) == 2 else None


def recognise(header: Sequence[str], shown: str) -> Layout:
    """The layout of a header. `shown` is the file name for people.

    Columns may stand in any order; each must be there once and no other.
    Fails with Refused, naming the missing and the new columns, or saying that the file is of no known kind.
    """
    names = clean_names(header)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice and twice != [""]:
        raise Refused(f"{shown}: the column {_list(twice)} is there twice, so its figures cannot be told apart.")
    candidates = [(layout, layout.columns) for layout in LAYOUTS]
    years = projection_years(names)
    base, projected = years or (0, 0)
    wage = next((name[-4:] for name in names if name.startswith("median_annual_wage_")), str(base))
    filled = tuple(name.format(base=base, projected=projected, wage=wage) for name in OCCUPATION_PROJECTIONS.columns)
    candidates.append((OCCUPATION_PROJECTIONS, filled))
    have = set(names)
    for layout, columns in candidates:
        if have == set(columns) and (layout is not OCCUPATION_PROJECTIONS or years):
            return layout
    if len(names) == 1 and re.search(r"[;\t|]", names[0]):
        raise Refused(
            f"{shown}: the columns are separated by semicolons, tabs or bars; the published files use commas. "
            "Save it again as a comma-separated CSV, or use the file as it was downloaded."
        )
    layout, columns = max(candidates, key=lambda pair: len(have & set(pair[1])) / len(have | set(pair[1])))
    if len(have & set(columns)) < 0.4 * len(columns):
        known = "; ".join(candidate.title for candidate, _ in candidates)
        raise Refused(f"{shown}: this is not a file that Shared Table knows. It knows: {known}.")
    missing = [name for name in columns if name not in have]
    new = [name for name in names if name not in set(columns)]
    parts = []
    if missing:
        parts.append(f"missing: {_list(missing)}")
    if new:
        parts.append(f"new: {_list(new)}")
    raise Refused(
        f"{shown}: the header looks like {layout.title} but it changed ({'; '.join(parts)}). "
        "Nothing was read, because a changed column may mean a changed figure."
    )


def _list(names: Sequence[str], most: int = 8) -> str:
    shown = [f"'{name[:60]}'" for name in names[:most]]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown) + more
