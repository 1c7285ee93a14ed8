"""Profiles and rankings as tables: the columns of workbooks and CSV, with keys that stay the same.

The layout `sharedtable-profile` version 1 is a promise (row C15): a workbook that a person has filled in or corrected
can be read back by these sheet names and keys, so none may change without a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.utils.translation import gettext as _

from sharedtable.exports import Absent, Column, Language, Sheet, Workbook, rows_to_csv
from sharedtable.method.guideposts import guideposts
from sharedtable.studies.data_points import cautions, data_points, occupation_source_lines, source_lines
from sharedtable.studies.data_queries import notes_about
from sharedtable.studies.queries import Industries, ProfilePage
from sharedtable.studies.readings import lines

PROFILE_LAYOUT, RANKING_LAYOUT, LAYOUT_VERSION = "sharedtable-profile", "sharedtable-ranking", 1
Cells = dict[str, Any]


def profile_workbook(page: ProfilePage, made_on: date) -> Workbook:
    """The profile in the stable layout: About, Ten data points, History, Parts, Occupations, Notes."""
    found, row = page.profile, page.row
    language = cast(Language, page.question.language)
    since = found.measures.base_method or "none"
    return Workbook(
        layout=PROFILE_LAYOUT,
        layout_version=LAYOUT_VERSION,
        title=f"{page.sector.name}, {found.region.name}",
        created_on=made_on,
        language=language,
        about={
            "region": found.region.to_text(),
            "sector": page.sector.to_text(),
            "year": found.year,
            "ownership": found.measures.ownership,
            "base": found.measures.base,
            "base_method": since,
            "pay_threshold_usd": found.pay_threshold_usd,
            "status": str(row["status"]),
            "language": language,
            "attribution": page.guideposts.attribution,
        },
        about_titles={
            "region": _("Region"),
            "sector": _("Sector"),
            "year": _("Year"),
            "ownership": _("Employers"),
            "base": _("Compared with"),
            "base_method": _("How the base was found"),
            "pay_threshold_usd": _("Family-sustaining pay"),
            "status": _("Published?"),
            "language": _("Language"),
            "attribution": _("Method"),
        },
        sources=(*source_lines(found.sources, language), *occupation_source_lines(found, language)),
        sheets=(
            Sheet("Ten data points", point_columns(), tuple(point_rows(page)), mark_key="status"),
            Sheet("History", _history_columns(), tuple(_history_rows(page)), mark_key="status"),
            Sheet("Parts", _part_columns(), tuple(_flat(found.parts)), mark_key="status"),
            Sheet("Occupations", _occupation_columns(), tuple(_occupation_rows(page))),
            Sheet("Notes", _note_columns(), tuple(_note_rows(page))),
        ),
    )


def profile_csv(page: ProfilePage) -> bytes:
    """The ten data points as CSV."""
    return rows_to_csv(point_columns(), point_rows(page), mark_key="status")


def point_columns() -> tuple[Column, ...]:
    """One row for each figure of the ten data points: number, unit, year, and how to read it."""
    return (
        Column("data_point", _("Data point"), "text", 1.4),
        Column("measure", _("Measure"), "text", 2.0),
        Column("value", _("Value"), "decimal", 1.2),
        Column("unit", _("Unit"), "text", 0.9),
        Column("year", _("Year"), "code", 0.7),
        Column("in_words", _("In words"), "text", 3.0),
        Column("tells", _("What it tells"), "text", 4.0),
        Column("tells_not", _("What it does not tell"), "text", 4.0),
        Column("local_note", _("What people here know"), "text", 4.0),
    )


_FIGURES: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "employment": (("employment_jobs", "jobs", "now"),),
    "change_short": (("employment_change_2y_jobs", "jobs", "now"), ("employment_change_2y_pct", "pct", "now")),
    "change_long": (("employment_change_10y_jobs", "jobs", "now"), ("employment_change_10y_pct", "pct", "now")),
    "location_quotient": (
        ("location_quotient_ratio", "ratio", "now"),
        ("location_quotient_then_ratio", "ratio", "then"),
    ),
    "pay": (("average_annual_pay_usd", "usd", "now"), ("pay_against_threshold_pct", "pct", "now")),
    "establishments": (("establishments", "count", "now"),),
    "size": (("jobs_per_establishment", "jobs", "now"),),
    "projections": (("projected_change_pct", "pct", "ahead"),),
    "occupations": (),
    "knowledge": (),
}


def point_rows(page: ProfilePage) -> list[Cells]:
    """The rows of the sheet "Ten data points"; a point without figures of its own has one row for words."""
    row = page.row
    years = {"now": page.profile.year, "then": row["change_since_year"], "ahead": row["projected_to_year"]}
    made = []
    for point in data_points(page):
        shared = {
            "data_point": point.id,
            "in_words": f"{point.value}. {point.note}",
            "tells": point.guidepost.tells,
            "tells_not": point.guidepost.tells_not,
            "local_note": None,
        }
        for measure, unit, when in _FIGURES[point.id]:
            value = row[measure]
            made.append(
                {
                    **shared,
                    "measure": measure,
                    "value": Absent(point.reason) if value is None and point.reason else value,
                    "unit": unit,
                    "year": str(years[when] or ""),
                    "status": point.reason or "published",
                }
            )
        if not _FIGURES[point.id]:
            made.append({**shared, "measure": point.id, "value": None, "unit": "words", "year": "", "status": ""})
    return made


def _history_columns() -> tuple[Column, ...]:
    return (
        Column("year", _("Year"), "code", 0.8),
        Column("employment_jobs", _("Jobs"), "integer"),
        Column("establishments", _("Establishments"), "integer"),
        Column("average_annual_pay_usd", _("Average pay"), "usd"),
        Column("location_quotient_ratio", _("Location quotient"), "ratio"),
        Column("withheld_cells", _("Withheld figures"), "integer"),
    )


def _history_rows(page: ProfilePage) -> list[Cells]:
    return [
        {**row, "year": str(row["year"]), "status": "not_comparable" if row["is_cut"] else row["status"]}
        for row in page.profile.history.rows
    ]


def _part_columns() -> tuple[Column, ...]:
    return (
        Column("industry_code", _("Code"), "code", 0.9),
        Column("industry_title", _("Industry"), "text", 4.0),
        *_measure_columns(None),
    )


def _measure_columns(since: int | None) -> tuple[Column, ...]:
    long = _("Change since %(year)d") % {"year": since} if since else _("Long change")
    return (
        Column("employment_jobs", _("Jobs"), "integer", 1.0),
        Column("employment_change_2y_pct", _("Change over 2 years"), "change_pct", 1.0),
        Column("employment_change_10y_pct", long, "change_pct", 1.0),
        Column("location_quotient_ratio", _("Location quotient"), "ratio", 1.0),
        Column("average_annual_pay_usd", _("Average pay"), "usd", 1.1),
        Column("establishments", _("Establish\u00adments"), "integer", 1.0),
        Column("jobs_per_establishment", _("Jobs per establish\u00adment"), "decimal", 1.0),
        Column("projected_change_pct", _("Projected change"), "change_pct", 1.0),
        Column("employment_change_2y_jobs", _("Change over 2 years, jobs"), "change", 1.0),
        Column("employment_change_10y_jobs", _("Long change, jobs"), "change", 1.0),
        Column("change_since_year", _("Long change since"), "code", 0.8),
        Column("location_quotient_then_ratio", _("Location quotient then"), "ratio", 1.0),
        Column("location_quotient_low_ratio", _("Location quotient, at least"), "ratio", 1.0),
        Column("location_quotient_high_ratio", _("Location quotient, at most"), "ratio", 1.0),
        Column("pay_against_threshold_pct", _("Pay against the threshold"), "change_pct", 1.0),
        Column("withheld_cells", _("Withheld figures"), "integer", 0.9),
        Column("withheld_jobs_max_pct", _("Withheld jobs, at most"), "pct", 1.0),
    )


def _occupation_columns() -> tuple[Column, ...]:
    return (
        Column("occupation_code", _("Code"), "code", 1.0),
        Column("occupation_title", _("Occupation"), "text", 4.0),
        Column("estimated_jobs", _("Jobs (estimate)"), "integer"),
        Column("share_pct", _("Share of jobs"), "pct"),
        Column("pay_p10_usd", _("10th percentile"), "usd"),
        Column("pay_p25_usd", _("Entry (25th percentile)"), "usd"),
        Column("pay_median_usd", _("Median"), "usd"),
        Column("pay_p75_usd", _("Experienced (75th percentile)"), "usd"),
        Column("pay_p90_usd", _("90th percentile"), "usd"),
        Column("reaches_threshold", _("Family-sustaining?"), "text", 1.6),
        Column("pay_area_title", _("Wage area"), "text", 2.0),
        Column("top_coded_columns", _("Above the published limit"), "text", 1.6),
        Column("national_change_pct", _("National outlook"), "change_pct"),
        Column("national_openings_year_jobs", _("National openings a year"), "integer"),
        Column("entry_education_title", _("Usual schooling at entry"), "text", 2.0),
    )


def _occupation_rows(page: ProfilePage) -> list[Cells]:
    table = page.profile.occupations
    if table is None:
        return []
    return [{**row, "reaches_threshold": threshold_words(row)} for row in table.rows]


def threshold_words(row: Mapping[str, Any]) -> str:
    """Whether an occupation's pay reaches the team's threshold: from the start, at the median, or not."""
    if row["clears_threshold_at_entry"]:
        return _("at entry pay")
    if row["clears_threshold_at_median"]:
        return _("at median pay")
    return _("not at median") if row["clears_threshold_at_median"] is False else ""


def _note_columns() -> tuple[Column, ...]:
    return (Column("kind", _("Kind"), "text", 1.0), Column("text", _("Text"), "text", 8.0))


def _note_rows(page: ProfilePage) -> list[Cells]:
    rows = [{"kind": "caution", "text": text} for text in cautions(page)]
    rows += [{"kind": str(note.kind), "text": note.text} for note in notes_about(page.question)]
    for point in data_points(page):
        rows += [
            {"kind": "walk", "text": f"{point.title}: {text}"} for text in lines(point.beside, page.question.language)
        ]
    return [*rows, *({"kind": "letter", "text": text} for text in page.profile.letter_lines)]


def shift_titles() -> list[tuple[str, str]]:
    """The parts of a shift-share row, in plain words, with their sum last."""
    return [
        ("national_growth_jobs", _("The whole economy grew or shrank")),
        ("industry_mix_jobs", _("This industry did better or worse everywhere")),
        ("regional_shift_jobs", _("This region did better or worse than elsewhere")),
        ("employment_change_jobs", _("All together")),
    ]


def ranking_columns(found: Industries) -> tuple[Column, ...]:
    """The columns of a ranking: the ten of the table first, then what belongs to them."""
    return (
        Column("rank", _("Rank"), "integer", 0.6),
        Column("industry_code", _("Code"), "code", 0.8),
        Column("industry_title", _("Industry"), "text", 3.6),
        *_measure_columns(found.since_year),
        Column("score", _("Score"), "decimal", 0.8),
        Column("explanation", _("Why it stands here"), "text", 5.0),
    )


def ranking_rows(found: Industries) -> list[Cells]:
    """Ranked rows, then those listed apart, with empty ranks."""
    return _flat([*found.ranked, *found.apart])


def ranking_workbook(found: Industries, made_on: date) -> Workbook:
    """The ranking as a workbook: the ranked rows, those listed apart, and what was asked."""
    language = cast(Language, found.question.language)
    columns = ranking_columns(found)
    question = found.question
    return Workbook(
        layout=RANKING_LAYOUT,
        layout_version=LAYOUT_VERSION,
        title=_("Industries of %(region)s") % {"region": found.region.name},
        created_on=made_on,
        language=language,
        about={
            "region": found.region.to_text(),
            "sector": question.sector.to_text() if question.sector else None,
            "year": found.year,
            "digits": question.digits,
            "ownership": question.ownership,
            "base": question.base,
            "pay_threshold_usd": question.pay_threshold_usd,
            "weights": ", ".join(f"{name} {weight:g}" for name, weight in found.ranking.weights.items()),
            "withheld_jobs_pct": found.withheld_jobs_pct,
            "attribution": guideposts(found.question.language).attribution,
        },
        about_titles={
            "region": _("Region"),
            "sector": _("Sector"),
            "year": _("Year"),
            "digits": _("Depth in digits"),
            "ownership": _("Employers"),
            "base": _("Compared with"),
            "pay_threshold_usd": _("Family-sustaining pay"),
            "weights": _("Weights"),
            "withheld_jobs_pct": _("Jobs withheld at this depth, percent"),
            "attribution": _("Method"),
        },
        sources=tuple(source_lines(found.facts["sources"], language)),
        sheets=(
            Sheet("Ranked", columns, tuple(_flat(found.ranked)), mark_key="status"),
            Sheet("Listed apart", columns, tuple(_flat(found.apart)), mark_key="status"),
        ),
    )


def _flat(rows: Sequence[Mapping[str, Any]]) -> list[Cells]:
    made = []
    for row in rows:
        flat = {key: value for key, value in row.items() if not isinstance(value, dict | list)}
        flat["change_since_year"] = str(row["change_since_year"] or "")
        made.append(flat)
    return made
