"""The nation's outlook for the kinds of jobs in a sector: staffing patterns × national occupational projections.

It says where those occupations are heading in the whole country, and nothing about the sector or a region.
Sources: BLS, Occupational Employment and Wage Statistics; BLS, Employment Projections.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharedtable.lmi import naics
from sharedtable.lmi.workforce.staffing import OEWS_VINTAGE, Pattern, Patterns, nearest_year, patterns, plain

if TYPE_CHECKING:
    from sharedtable.lmi.definitions import Sector
    from sharedtable.lmi.store import Store


@dataclass(frozen=True)
class MixOutlook:
    """National outlook of the occupations that a sector employs. It is not a projection of the sector or the region.

    `change_pct`: projected national change of those occupations, each with its share of the sector's national jobs.
    `covered_pct`: share of those jobs on occupations that have both a published share and a projection.
    """

    change_pct: float | None
    covered_pct: float | None
    base_year: int | None
    projected_year: int | None
    label: str
    note: str


MIX_LABEL = "national outlook of the kinds of jobs in this sector (not a projection of the sector, not of the region)"


def occupation_mix_outlook(
    store: Store, sector: Sector, *, jobs_by_industry: Mapping[str, int | None] | None = None
) -> MixOutlook:
    """Weighted national projected growth of a sector's occupations. Never a stand-in for `projected_change_pct`.

    Takes: a sector; optionally the region's jobs by industry (NAICS 2022) as weights instead of the nation's. Gives:
    a MixOutlook; its numbers are None when OEWS or the projections are not loaded. Sources: BLS OEWS and Employment
    Projections.
    """
    years = store.years("occupation_projections")
    if not years or not store.years("oews_staffing"):
        return MixOutlook(
            None, None, None, None, MIX_LABEL, "OEWS patterns and occupational projections must be loaded."
        )
    base = max(years)
    book = patterns(store, nearest_year(store.years("oews_staffing"), base, "OEWS staffing patterns"))
    sql = "select occupation_code, jobs_base, jobs_projected, projected_year from read_parquet(?)"
    rows = store.cursor().execute(sql, [str(store.path("occupation_projections", base))]).fetchall()
    growth = {plain(code): ahead / start - 1 for code, start, ahead, _ in rows if start and ahead is not None}
    weights = _weights(sector, book, jobs_by_industry)
    known = total = score = 0.0
    for pattern, jobs in weights:
        total += jobs
        for place, share in zip(pattern.occupations, pattern.shares, strict=True):
            change = growth.get(book.occupations[place])
            if change is not None:
                known += jobs * share
                score += jobs * share * change
    if not known:
        return MixOutlook(None, None, base, rows[0][3], MIX_LABEL, "OEWS shows no staffing pattern for this sector.")
    weighing = "the region's" if jobs_by_industry is not None else "the nation's"
    return MixOutlook(
        change_pct=round(100 * float(score / known), 1),
        covered_pct=round(100 * float(known / total), 1),
        base_year=base,
        projected_year=rows[0][3],
        label=MIX_LABEL,
        note=f"Weighted by {weighing} jobs in the sector's industries, patterns of May {book.year}.",
    )


def _weights(
    sector: Sector, book: Patterns, jobs_by_industry: Mapping[str, int | None] | None
) -> list[tuple[Pattern, float]]:
    if jobs_by_industry is None:
        codes: Iterable[str] = naics.cover(sector.leaves(OEWS_VINTAGE), OEWS_VINTAGE)
    else:
        codes = jobs_by_industry
    found: dict[str, tuple[Pattern, float]] = {}
    for code in codes:
        pattern, _ = book.fit(code, vintage=OEWS_VINTAGE, ownership="private")
        if pattern is None:
            continue
        if jobs_by_industry is None:
            # Two parts of one OEWS industry take its jobs once.
            found[pattern.industry.code] = (pattern, float(pattern.jobs))
        else:
            before = found.get(pattern.industry.code, (pattern, 0.0))[1]
            found[pattern.industry.code] = (pattern, before + (jobs_by_industry[code] or 0))
    return list(found.values())
