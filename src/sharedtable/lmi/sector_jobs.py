"""The occupations of a sector: its jobs split into industries as deep as they are published, and staffed from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharedtable.lmi import naics
from sharedtable.lmi.cube import DepthAxis, Ownership, cube_of
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.measures import Measures, axis_of, choose_year, measure
from sharedtable.lmi.workforce.occupations import OccupationTable, occupations

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

# A sector is split into deeper industries for its staffing only while the published parts hold most of its jobs.
ENOUGH_PUBLISHED_RATIO = 0.9
STAFFING_DIGITS = 4


def sector_occupations(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    year: int | None = None,
    ownership: Ownership = "private",
    pay_threshold_usd: float | None = None,
    limit: int | None = None,
) -> OccupationTable | None:
    """The occupations of a sector from the region's own jobs; None when no OEWS release is loaded.

    Staffing patterns fit best at four digits, but a region's four-digit cells are often withheld: an industry is
    split only while its published parts hold nine tenths of its published jobs.
    """
    if not store.years("oews_staffing"):
        return None
    now = choose_year(cube_of(store), region, year)
    vintage = naics.vintage_of_year(now)
    jobs = _Jobs(store, region, now, ownership)
    by_industry: dict[str, int | None] = {}
    for code in naics.cover(sector.leaves(vintage), vintage):
        by_industry |= jobs.split(code, vintage)
    return occupations(
        store,
        region,
        sector,
        jobs_by_industry=by_industry,
        year=now,
        ownership=ownership,
        pay_threshold_usd=round(pay_threshold_usd) if pay_threshold_usd else None,
        limit=limit,
    )


class _Jobs:
    """Published jobs of single industries of a region in one year, measured a depth at a time."""

    def __init__(self, store: Store, region: Region, year: int, ownership: Ownership):
        self.store, self.region, self.year, self.ownership = store, region, year, ownership
        self.depths: dict[int, tuple[DepthAxis, Measures]] = {}

    def of(self, code: str) -> int | None:
        """Published jobs; None when all of them are withheld."""
        digits = naics.digits_of(code)
        if digits not in self.depths:
            axis = axis_of(digits, self.year)
            self.depths[digits] = (
                axis,
                measure(self.store, self.region, axis, year=self.year, ownership=self.ownership),
            )
        axis, found = self.depths[digits]
        column = axis.codes.index(code)
        return None if found.is_withheld[column] else int(found.jobs[column])

    def split(self, code: str, vintage: int) -> dict[str, int | None]:
        """The industry itself, or its parts where they are published well enough to stand for it."""
        jobs = self.of(code)
        if naics.digits_of(code) >= STAFFING_DIGITS:
            return {code: jobs}
        inside = naics.children(code, vintage)
        published = sum(self.of(part) or 0 for part in inside)
        if jobs is not None and published < ENOUGH_PUBLISHED_RATIO * jobs:
            return {code: jobs}
        found: dict[str, int | None] = {}
        for part in inside:
            found |= self.split(part, vintage)
        return found
