"""The occupations of a sector in a region: how many jobs, what they pay there, and where they are heading nationally.

Nobody publishes occupations by industry for a county. The jobs here are an estimate: each industry's national staffing
pattern applied to the region's jobs of that industry, at the deepest industry that OEWS shows. The wages are published
figures of the wage areas that hold the region (mixed where there are several, see `oews_wages`), for all industries
together. Outlook and education are national.

Sources: BLS, Occupational Employment and Wage Statistics; BLS, Employment Projections; BLS, QCEW for the jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sharedtable.errors import Refused
from sharedtable.lmi import naics
from sharedtable.lmi.sources import SOURCES
from sharedtable.lmi.tables import Tabular
from sharedtable.lmi.workforce.oews_wages import PAY_COLUMNS, MixedWage, RegionWages, region_wages
from sharedtable.lmi.workforce.staffing import (
    Ownership,
    Pattern,
    Patterns,
    dashed,
    nearest_year,
    patterns,
    plain,
    prefixes,
    remember,
)

if TYPE_CHECKING:
    from sharedtable.lmi.definitions import Region, Sector
    from sharedtable.lmi.store import Store

ESTIMATE = "estimate: national staffing pattern applied to the region's jobs"
# The columns of pay and the method's words for them, in the order of the OEWS columns.
PAY_LABELS = {
    "pay_p10_usd": "Entry, lower (10th percentile)",
    "pay_p25_usd": "Entry (25th percentile)",
    "pay_median_usd": "Median",
    "pay_p75_usd": "Experienced (75th percentile)",
    "pay_p90_usd": "90th percentile",
    "pay_mean_usd": "Mean",
}
_NO_OUTLOOK = {"national_change_pct": None, "national_openings_year_jobs": None, "entry_education_title": None}


@dataclass(frozen=True)
class PatternUse:
    """Which OEWS industry's pattern an industry of the sector took, and how much of that pattern is published.

    `listed_ratio`: part of the pattern's jobs on published occupations; `withheld_occupations`: how many are not;
    `reason`: why there is no pattern, else None.
    """

    industry_code: str
    jobs: int | None
    oews_industry_code: str | None
    listed_ratio: float | None
    withheld_occupations: int | None
    reason: str | None


@dataclass(frozen=True, repr=False)
class OccupationTable(Tabular):
    """The occupations of a sector in a region, most jobs first.

    Each row: `occupation_code` ('51-4072'), `occupation_title`, `estimated_jobs` (modelled), `share_pct` (of the
    sector's jobs that have a pattern), `pay_…_usd` (dollars a year before tax, for the occupation in all industries of
    the wage area), `pay_area_title` (which wage areas), `pay_note`, `top_coded_columns` (names of pay columns where
    OEWS only says "at or above its cap", else None), `clears_threshold_at_entry` and `…_at_median` (whether that pay
    reaches the team's threshold), and of the nation `national_change_pct`, `national_openings_year_jobs` and
    `entry_education_title`. None means not known or not published.

    `sector_jobs`: known jobs given by the caller; `covered_jobs`: those whose industry has a pattern; `listed_jobs`:
    those that fall on a published occupation (the rest is withheld in the pattern); `shown_jobs`: those in `rows`.
    """

    region: str
    sector: str
    year: int
    wage_year: int
    projection_years: tuple[int, int] | None
    ownership: Ownership
    label: str
    sector_jobs: int
    covered_jobs: int
    listed_jobs: int
    shown_jobs: int
    withheld_industries: tuple[str, ...]
    pay_threshold_usd: float | None
    rows: tuple[dict[str, Any], ...]
    patterns: tuple[PatternUse, ...]
    wage_areas: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[dict[str, Any], ...]

    @property
    def covered_jobs_pct(self) -> float | None:
        """Share of the sector's known jobs whose industry has a staffing pattern."""
        return round(100 * self.covered_jobs / self.sector_jobs, 1) if self.sector_jobs else None

    @property
    def listed_jobs_pct(self) -> float | None:
        """Share of the sector's known jobs that the pattern puts on a published occupation."""
        return round(100 * self.listed_jobs / self.sector_jobs, 1) if self.sector_jobs else None

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, ready for JSON."""
        return asdict(self) | {"covered_jobs_pct": self.covered_jobs_pct, "listed_jobs_pct": self.listed_jobs_pct}


def occupations(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    jobs_by_industry: Mapping[str, int | None],
    year: int | None = None,
    ownership: Ownership = "private",
    pay_threshold_usd: float | None = None,
    limit: int | None = None,
) -> OccupationTable:
    """The occupations of a sector in a region: estimated jobs, regional pay, national outlook.

    Takes: `jobs_by_industry`, the region's jobs in each industry of the sector (NAICS code of the year's vintage →
    jobs; None = withheld), no industry inside another; `year` of those jobs (default: the latest year of QCEW here);
    `limit`, how many rows to give. Gives: rows by falling jobs. Jobs are an estimate; occupations that OEWS withholds
    for an industry are not in it (see `listed_jobs_pct`). The OEWS year is the loaded one nearest to `year`.
    Fails with Missing when no OEWS release is loaded, Refused when industries overlap or a number is negative.
    Source: BLS OEWS, Employment Projections, QCEW.
    """
    _check(jobs_by_industry, limit)
    if year is None:
        year = max(store.years("qcew"), default=None) or nearest_year(store.years("oews"), 9999, "OEWS wages")
    wage_year = nearest_year(store.years("oews_staffing"), year, "OEWS staffing patterns")
    book = patterns(store, wage_year)
    wages = region_wages(store, region.areas, year, wage_year)
    outlook, years = _outlook(store, year)
    jobs, uses = _apply(book, jobs_by_industry, naics.vintage_of_year(year), ownership)
    covered = sum(u.jobs or 0 for u in uses if u.oews_industry_code)
    order = sorted((i for i in np.flatnonzero(jobs >= 0.5)), key=lambda i: (-jobs[i], book.occupations[i]))
    rows = []
    for i in order[:limit]:
        code = book.occupations[i]
        rows.append(
            {
                "occupation_code": dashed(code),
                "occupation_title": book.titles[i],
                "estimated_jobs": int(jobs[i] + 0.5),
                "share_pct": round(100 * float(jobs[i]) / covered, 2),
                **_pay(wages, code, pay_threshold_usd),
                **outlook.get(code, _NO_OUTLOOK),
            }
        )
    withheld = tuple(sorted(c for c, n in jobs_by_industry.items() if n is None))
    total = sum(n for n in jobs_by_industry.values() if n is not None)
    return OccupationTable(
        region=region.name,
        sector=sector.name,
        year=year,
        wage_year=wage_year,
        projection_years=years,
        ownership=ownership,
        label=ESTIMATE,
        sector_jobs=total,
        covered_jobs=covered,
        listed_jobs=int(jobs.sum() + 0.5),
        shown_jobs=int(sum(jobs[i] for i in order[:limit]) + 0.5),
        withheld_industries=withheld,
        pay_threshold_usd=pay_threshold_usd,
        rows=tuple(rows),
        patterns=uses,
        wage_areas=tuple(part.label for part in wages.parts),
        notes=_notes(year, wage_year, years, withheld, uses, wages),
        sources=_sources(store, region.areas, year, wage_year, years),
    )


def _check(jobs_by_industry: Mapping[str, int | None], limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise Refused(f"The number of occupations to show must be at least 1, not {limit}.")
    for code, jobs in jobs_by_industry.items():
        if jobs is not None and jobs < 0:
            raise Refused(f"Industry {code} has {jobs} jobs. Jobs cannot be negative.")
    spans = sorted((p, c) for c in jobs_by_industry for p in prefixes(c))
    for (short, outer), (long, inner) in zip(spans, spans[1:], strict=False):
        # Sorted, a prefix stands right before the first text that it begins.
        if long.startswith(short):
            raise Refused(f"Industry {inner} is part of industry {outer}: its jobs would count twice. Leave one out.")


def _apply(
    book: Patterns, jobs_by_industry: Mapping[str, int | None], vintage: int, ownership: Ownership
) -> tuple[NDArray[np.float64], tuple[PatternUse, ...]]:
    """Jobs by occupation (same order as the patterns' occupations), and which pattern each industry took."""
    jobs = np.zeros(len(book.occupations))
    uses = []
    for code, own in sorted(jobs_by_industry.items()):
        pattern, reason = book.fit(code, vintage=vintage, ownership=ownership)
        if pattern is not None and own:
            jobs[pattern.occupations] += own * pattern.shares
        uses.append(_use(code, own, pattern, reason))
    return jobs, tuple(uses)


def _use(code: str, jobs: int | None, pattern: Pattern | None, reason: str | None) -> PatternUse:
    if pattern is None:
        return PatternUse(code, jobs, None, None, None, reason)
    return PatternUse(code, jobs, pattern.industry.code, round(pattern.listed_ratio, 4), pattern.withheld, None)


def _pay(wages: RegionWages, code: str, threshold: float | None) -> dict[str, Any]:
    wage = wages.of(code)
    values = (None,) * len(PAY_COLUMNS) if wage is None else (*wage.percentiles, wage.mean)
    pay: dict[str, Any] = dict(zip(PAY_LABELS, values, strict=True))
    top = wage.top_coded if wage else frozenset()
    pay["pay_area_title"] = wages.titles(wage.areas) or None if wage else None
    pay["pay_note"] = _pay_note(wage) if wage else "OEWS publishes no wages for this occupation here."
    pay["top_coded_columns"] = (
        ", ".join(key for key, column in zip(PAY_LABELS, PAY_COLUMNS, strict=True) if column in top) or None
    )
    for flag, key in (("entry", "pay_p25_usd"), ("median", "pay_median_usd")):
        known = threshold is not None and pay[key] is not None
        pay[f"clears_threshold_at_{flag}"] = pay[key] >= threshold if known else None
    return pay


def _pay_note(wage: MixedWage) -> str:
    if not wage.areas:
        return (
            "Published by the hour only."
            if wage.is_hourly_only
            else "OEWS withholds the wages of this occupation here."
        )
    notes = []
    if wage.top_coded:
        notes.append("OEWS only says that the marked pay is at or above its cap.")
    if wage.is_mixed:
        notes.append("Several wage areas together.")
    if wage.is_weighted_by_area_size:
        notes.append("The areas are weighted by all their jobs, because the occupation's own jobs are withheld.")
    return " ".join(notes)


def _outlook(store: Store, year: int) -> tuple[dict[str, dict[str, Any]], tuple[int, int] | None]:
    """National projections by occupation, of the loaded base year nearest to `year`; empty when none is loaded."""
    years = store.years("occupation_projections")
    if not years:
        return {}, None
    chosen = nearest_year(years, year, "occupational projections")
    return remember((str(store.root), store.revision, "outlook", chosen), lambda: _read_outlook(store, chosen))


def _read_outlook(store: Store, base: int) -> tuple[dict[str, dict[str, Any]], tuple[int, int] | None]:
    sql = (
        "select occupation_code, change_pct, openings_year_jobs, entry_education, base_year, projected_year "
        "from read_parquet(?)"
    )
    rows = store.cursor().execute(sql, [str(store.path("occupation_projections", base))]).fetchall()
    keys = ("national_change_pct", "national_openings_year_jobs", "entry_education_title")
    table = {plain(code): dict(zip(keys, own, strict=True)) for code, *own, _, _ in rows}
    return table, (rows[0][4], rows[0][5]) if rows else None


def _notes(
    year: int,
    wage_year: int,
    years: tuple[int, int] | None,
    withheld: tuple[str, ...],
    uses: tuple[PatternUse, ...],
    wages: RegionWages,
) -> tuple[str, ...]:
    notes = [
        f"Jobs are an {ESTIMATE} (jobs of {year}, patterns of May {wage_year}). Firms here may be staffed differently.",
        f"Pay is for the occupation in all industries of the wage area, May {wage_year}, without the self-employed.",
    ]
    if withheld:
        notes.append(f"The jobs of {', '.join(withheld)} are withheld in this region and are not in the estimate.")
    lost = {u.industry_code: u.reason for u in uses if u.oews_industry_code is None}
    notes += [f"{code} is not in the estimate. {reason}" for code, reason in lost.items()]
    if years:
        notes.append(f"Outlook and yearly openings are national ({years[0]} to {years[1]}), not for this region.")
    else:
        notes.append("No occupational projections are loaded, so outlook and education are not known.")
    return (*notes, *wages.notes)


def _sources(
    store: Store, areas: tuple[str, ...], year: int, wage_year: int, years: tuple[int, int] | None
) -> tuple[dict[str, Any], ...]:
    """One entry for each source, in the shape that the rankings use."""
    used = [("qcew", year, str(year)), ("oews", wage_year, f"May {wage_year}")]
    if years:
        used.append(("occupation_projections", years[0], f"{years[0]} to {years[1]}"))
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for table, of_year, vintage in used:
        for receipt in store.provenance(table, of_year):
            if table == "qcew" and receipt.areas and not set(areas) & set(receipt.areas):
                continue
            source = SOURCES[receipt.source_id]
            entry = found.setdefault(
                (source.id, vintage),
                {
                    "id": source.id,
                    "title": source.title,
                    "publisher": source.publisher,
                    "address": receipt.address or source.address,
                    "licence": source.licence,
                    "vintage": vintage,
                    "lag": source.lag,
                    "files": 0,
                    "loaded_at": receipt.loaded_at,
                },
            )
            entry["files"] += 1
            entry["loaded_at"] = max(entry["loaded_at"], receipt.loaded_at)
    return tuple(found.values())
