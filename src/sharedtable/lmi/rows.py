"""Measures as rows: one flat dictionary per industry or sector, null for what is not known, ready for any output."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sharedtable.lmi import naics, sentences
from sharedtable.lmi.base import us_shares
from sharedtable.lmi.cube import DepthAxis
from sharedtable.lmi.frames import state_areas
from sharedtable.lmi.measures import Measures
from sharedtable.lmi.sources import SOURCES

if TYPE_CHECKING:
    from sharedtable.lmi.definitions import Sector
    from sharedtable.lmi.store import Store
    from sharedtable.lmi.workforce.projections import ProjectedChange

SERIES = "Quarterly Census of Employment and Wages"
PUBLISHED, PARTLY, WITHHELD = "published", "partly_withheld", "withheld"


def make(
    measures: Measures,
    columns: Sequence[int],
    outlook: Mapping[str, ProjectedChange],
    pay_threshold_usd: float | None,
    labels: Sequence[tuple[str, str]] | None = None,
) -> list[dict[str, Any]]:
    """One row per column. `labels` gives code and title of each column of an axis that is not a depth of NAICS.

    Units: `_jobs` jobs (annual average), `_usd` dollars a year, `_pct` percent, `_ratio` a quotient, `_years` years.
    """
    made = []
    hidden = measures.is_withheld
    for c in columns:
        code, title = labels[c] if labels is not None else _label(measures, c)
        jobs = None if hidden[c] else int(measures.jobs[c])
        most = float(measures.at_most_jobs[c])
        cells = int(measures.withheld_cells[c])
        projected = outlook.get(code)
        pay = _whole(measures.pay_usd[c])
        row: dict[str, Any] = {
            "industry_code": code,
            "industry_title": title,
            "employment_jobs": jobs,
            **_change(measures, c),
            "location_quotient_ratio": _number(measures.lq_ratio[c]),
            "location_quotient_then_ratio": _number(measures.long.lq_then_ratio[c]) if measures.long else None,
            "location_quotient_low_ratio": _number(measures.lq_low_ratio[c]),
            "location_quotient_high_ratio": _number(measures.lq_high_ratio[c]),
            "average_annual_pay_usd": pay,
            "pay_against_threshold_pct": (
                _half_up(100 * pay / pay_threshold_usd - 100, 1) if pay and pay_threshold_usd else None
            ),
            "establishments": int(measures.establishments[c]),
            "jobs_per_establishment": _number(measures.jobs_per_establishment[c], 1),
            "projected_change_pct": projected.change_pct if projected else None,
            "projected_from_year": projected.base_year if projected else None,
            "projected_to_year": projected.projected_year if projected else None,
            "withheld_jobs_pct": _withheld_jobs_pct(cells, most),
            "withheld_jobs_max_pct": _withheld_jobs_max_pct(int(measures.jobs[c]), cells, most),
            "withheld_establishments_pct": _share_pct(
                int(measures.withheld_establishments[c]), int(measures.establishments[c])
            ),
            "withheld_cells": cells,
            "status": PUBLISHED if cells == 0 else WITHHELD if hidden[c] else PARTLY,
        }
        row["is_declining"], row["declining_because"] = _declining(row)
        made.append(row)
    return made


def _label(measures: Measures, column: int) -> tuple[str, str]:
    axis = measures.axis
    assert isinstance(axis, DepthAxis)  # noqa: S101 - sector axes come with labels
    code = axis.codes[column]
    return code, naics.title(code, axis.vintage)


def _change(measures: Measures, column: int) -> dict[str, Any]:
    short, long = measures.short, measures.long
    since = int(long.since_years[column]) if long else 0
    axis_cut = bool(long is not None and since == 0)
    return {
        "employment_change_2y_jobs": _whole(short.jobs[column]) if short else None,
        "employment_change_2y_pct": _number(short.pct[column]) if short else None,
        "employment_change_10y_jobs": _whole(long.jobs[column]) if long else None,
        "employment_change_10y_pct": _number(long.pct[column]) if long else None,
        "change_span_years": measures.year - since if since else None,
        "change_since_year": since or None,
        # False: the change compares only those counties that publish the figure in both years.
        "change_is_complete": bool(long.is_complete[column]) if long and since else None,
        "is_cut": axis_cut,
    }


def _withheld_jobs_pct(cells: int, most: float) -> float | None:
    """Exact or nothing: without withheld cells none is missing; with them the share is known when they have no room."""
    return 0.0 if cells == 0 or most == 0 else None


def _withheld_jobs_max_pct(jobs: int, cells: int, most: float) -> float | None:
    if cells == 0:
        return 0.0
    if math.isnan(most):
        return None
    return _share_pct(int(most), jobs + int(most)) or 0.0


def _share_pct(part: int, whole: int) -> float | None:
    return _half_up(100 * part / whole, 1) if whole else None


def _declining(row: Mapping[str, Any]) -> tuple[bool, str | None]:
    """Whether to flag decline, and which figure says so: `projection` or `history`."""
    if row["projected_change_pct"] is not None:
        return (True, "projection") if row["projected_change_pct"] < 0 else (False, None)
    spans = [row["employment_change_2y_pct"], row["employment_change_10y_pct"]]
    if all(pct is not None and pct < 0 for pct in spans):
        return True, "history"
    return False, None


def judge(made: Sequence[dict[str, Any]], sector: Sector | None) -> None:
    """Mark each row as in or out of a sector that has rules, with the reasons (C26); without rules nothing is added."""
    if sector is None or not sector.rules:
        return
    for row in made:
        verdict = sector.judge(row)
        row["is_in_sector"], row["rule_reasons"] = verdict.is_in, list(verdict.reasons)


def heading(store: Store, measures: Measures) -> dict[str, Any]:
    """What every answer carries at its head: region, year, ownership, base and sources."""
    region = measures.region
    return {
        "region": {
            "name": region.name,
            "areas": list(region.areas),
            "version": region.version,
        },
        "year": measures.year,
        "years_loaded": list(measures.years),
        "ownership": measures.ownership,
        "base": base_facts(store, measures),
        "sources": sources(store, measures),
        "covered_jobs": _whole(measures.covered_jobs),
        "ownership_jobs": _whole(measures.owned_jobs),
    }


def base_facts(store: Store, measures: Measures) -> dict[str, Any]:
    """Which base the quotients use, how its shares were found and how exact they are."""
    facts: dict[str, Any] = {"name": measures.base, "method": measures.base_method}
    if measures.base == "state":
        facts["areas"] = list(state_areas(measures.region))
    with np.errstate(invalid="ignore"):
        width = (measures.lq_high_ratio - measures.lq_low_ratio) / 2
    width = width[~np.isnan(width)]
    facts["quotient_half_width_median_ratio"] = round(float(np.median(width)), 4) if len(width) else None
    facts["known_industries"] = len(us_shares(store, measures.year)) if measures.base == "us" else None
    facts["note"] = sentences.base_note(measures.base, measures.base_method)
    return facts


def sources(store: Store, measures: Measures) -> list[dict[str, Any]]:
    """One entry per source and year that the figures stand on: publisher, address, licence, vintage, lag, loaded at."""
    wanted = {measures.year}
    for change in (measures.short, measures.long):
        if change is not None:
            wanted |= set(np.unique(change.since_years[change.since_years > 0]).tolist())
    mine = {*measures.region.areas, *(state_areas(measures.region) if measures.base == "state" else ())}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for year in sorted(wanted):
        receipts = store.provenance("qcew", year)
        annual = {area for receipt in receipts for area in receipt.areas}
        # Areas without annual files have their annual figures from four quarters.
        receipts += [r for r in store.provenance("qcew_quarterly", year) if not annual.issuperset(r.areas)]
        for receipt in receipts:
            if receipt.areas and mine.isdisjoint(receipt.areas):
                continue
            source = SOURCES[receipt.source_id]
            entry = found.setdefault(
                (source.id, year),
                {
                    "id": source.id,
                    "title": source.title,
                    "series": SERIES,
                    "publisher": source.publisher,
                    "address": receipt.address or source.homepage,
                    "licence": source.licence,
                    "vintage": str(year),
                    "lag": source.lag,
                    "files": 0,
                    "loaded_at": receipt.loaded_at,
                },
            )
            entry["files"] += 1
            entry["loaded_at"] = max(entry["loaded_at"], receipt.loaded_at)
    return list(found.values())


def explain(row: Mapping[str, Any], ranked: int, measures: Measures, language: str) -> str:
    """One plain sentence: why this industry stands where it stands."""
    return sentences.why(row, ranked, base=measures.base, language=language)


def _number(value: float, digits: int = 2) -> float | None:
    value = float(value)
    return None if math.isnan(value) else _half_up(value, digits)


def _half_up(value: float, digits: int) -> float:
    """As `measures.half_up`, for one number: Python's `round` would print 1.25 as 1.2."""
    scale = float(10**digits)
    return math.floor(value * scale + (0.5 + 1e-9)) / scale


def _whole(value: float) -> int | None:
    value = float(value)
    return None if math.isnan(value) else round(value)
