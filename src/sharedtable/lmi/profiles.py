"""One sector in one region: the ten data points, its history, its parts, its occupations, its gaps and its sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sharedtable.lmi import naics, rows, sentences
from sharedtable.lmi.cube import Ownership, SectorAxis, cube_of
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.frames import Base
from sharedtable.lmi.measures import Measures, axis_of, choose_year, measure
from sharedtable.lmi.ruled import Ruled, depth, judged, ruled
from sharedtable.lmi.sector_jobs import sector_occupations
from sharedtable.lmi.shifts import ShiftShare, shift_share
from sharedtable.lmi.tables import Tabular
from sharedtable.lmi.workforce import projections
from sharedtable.lmi.workforce.occupations import OccupationTable
from sharedtable.lmi.workforce.projections import ProjectedChange

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store


@dataclass(frozen=True)
class History(Tabular):
    """A sector's figures per loaded year, ascending; `is_cut` years have null figures and a `cut_reason`."""

    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Profile(Tabular):
    """Everything the method asks about one sector; `row` holds the ten data points of the asked year.

    With rules in the definition, every total counts `counted`, the industries that are in: see `ruled`; and `whole` is
    the profile of all of them, to stand beside it.
    """

    store: Store = field(repr=False)
    measures: Measures = field(repr=False)
    sector: Sector
    row: dict[str, Any]
    pay_threshold_usd: float | None
    language: str = "en"
    parts_digits: int | None = None
    ruled: Ruled | None = None

    @property
    def counted(self) -> Sector:
        """The sector whose figures these are: what is in, when there are rules."""
        return self.ruled.counted if self.ruled is not None else self.sector

    @cached_property
    def whole(self) -> Profile:
        """The same without the rules: all its industries. Itself when there are none."""
        if self.ruled is None:
            return self
        m = self.measures
        return profile(
            self.store,
            self.region,
            replace(self.sector, rules=()),
            year=m.year,
            ownership=m.ownership,
            base=m.base,
            pay_threshold_usd=self.pay_threshold_usd,
            language=self.language,
            parts_digits=self.parts_digits,
        )

    @property
    def region(self) -> Region:
        """The region that was asked about."""
        return self.measures.region

    @property
    def year(self) -> int:
        """The year of the figures."""
        return self.measures.year

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The one row of the profile, for `to_pandas` and friends."""
        return [self.row]

    @cached_property
    def history(self) -> History:
        """Jobs, establishments, pay and quotient of every loaded year."""
        m = self.measures
        return history(self.store, self.region, self.counted, year=m.year, ownership=m.ownership, base=m.base)

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """The industries inside the sector, one step deeper, largest first."""
        m = self.measures
        return parts(
            self.store,
            self.region,
            self.sector,
            digits=self.parts_digits,
            year=m.year,
            ownership=m.ownership,
            base=m.base,
        )

    @cached_property
    def shift_share(self) -> ShiftShare:
        """How much of the change the nation, the industry and the region explain."""
        m = self.measures
        return shift_share(
            self.store,
            self.region,
            (self.counted,),
            year=m.year,
            ownership=m.ownership,
            base=m.base,
            language=self.language,
        )

    @cached_property
    def occupations(self) -> OccupationTable | None:
        """Occupations with estimated jobs and regional pay; None when no OEWS release is loaded."""
        return sector_occupations(
            self.store,
            self.region,
            self.counted,
            year=self.year,
            ownership=self.measures.ownership,
            pay_threshold_usd=self.pay_threshold_usd,
        )

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """Where the figures come from."""
        return rows.sources(self.store, self.measures)

    @property
    def letter_lines(self) -> list[str]:
        """One or two sourced sentences for an invitation; none for a sector with rules.

        A letter could not say in a sentence which industries the rules leave out.
        """
        if not self.sources or self.sector.rules:
            return []
        return sentences.fact_lines(
            self.row,
            sector=self.sector.name,
            region=self.region.name,
            year=self.year,
            base=self.measures.base,
            ownership=self.measures.ownership,
            source=self.sources[-1],
            language=self.language,
        )

    def heading(self) -> dict[str, Any]:
        """Region, year, ownership, base and sources."""
        return rows.heading(self.store, self.measures)

    def to_dict(self) -> dict[str, Any]:
        """The profile as one object of plain values, ready for JSON."""
        table = self.occupations
        return {
            **self.heading(),
            "sector": {
                "name": self.sector.name,
                "include": list(self.sector.include),
                "exclude": list(self.sector.exclude),
                "version": self.sector.version,
                "rules": [rule.to_text() for rule in self.sector.rules],
            },
            "ruled": self._ruled_facts(),
            "pay_threshold_usd": self.pay_threshold_usd,
            "rows": self.rows,
            "history": self.history.rows,
            "parts": self.parts,
            "shift_share": {
                "since_year": self.shift_share.since_year,
                "rows": self.shift_share.rows,
                "missing": self.shift_share.missing,
            },
            "occupations": table.to_dict() if table else None,
            "letter_lines": self.letter_lines,
        }

    def _ruled_facts(self) -> dict[str, Any] | None:
        if self.ruled is None:
            return None
        kept = {key: list(getattr(self.ruled, key)) for key in ("taken", "left", "open")}
        return {"digits": self.ruled.digits, **kept, "whole": self.whole.row}


def profile(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
    pay_threshold_usd: float | None = None,
    language: str = "en",
    parts_digits: int | None = None,
) -> Profile:
    """The profile of `sector` in `region`; see `Profile`. Its parts have `parts_digits` digits, or one more than its
    broadest code. Missing when the store lacks the region or the year.

    >>> found = profile(example_store, Region.of("39041,39049"), Sector.of("52", name="Finance"), year=2022)
    >>> found.row["status"]
    'published'
    """
    return compare(
        store,
        region,
        (sector,),
        year=year,
        ownership=ownership,
        base=base,
        pay_threshold_usd=pay_threshold_usd,
        language=language,
        parts_digits=parts_digits,
    )[0]


def compare(
    store: Store,
    region: Region,
    sectors: Sequence[Sector],
    *,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
    pay_threshold_usd: float | None = None,
    language: str = "en",
    parts_digits: int | None = None,
) -> list[Profile]:
    """The profiles of several sectors in one region, measured together."""
    now = choose_year(cube_of(store), region, year)
    vintage = naics.vintage_of_year(now)
    verdicts = [ruled(store, region, s, digits=parts_digits, year=now, ownership=ownership, base=base) for s in sectors]
    counted = [one.counted if one else sector for one, sector in zip(verdicts, sectors, strict=True)]
    axis = SectorAxis(tuple(s.leaves(vintage) for s in counted), vintage)
    found = measure(store, region, axis, year=now, ownership=ownership, base=base)
    made = []
    for column, sector in enumerate(counted):
        codes = naics.cover(axis.sectors[column], vintage)
        # The codes that were asked for, so that rows can be joined; the cover says 493 for 4931, its only part. Sorted
        # as the cover is, so that one sector has one label, however its codes were written down.
        is_plain = not sector.exclude and all(naics.is_known(code, vintage) for code in sector.include)
        label = (", ".join(sorted(sector.include) if is_plain else codes), sector.name)
        outlook = _together(projections.projected_change(store, region, codes, year=now), label[0])
        row = rows.make(found, [column], {label[0]: outlook}, pay_threshold_usd, labels=[label] * (column + 1))[0]
        asked = (sectors[column], row, pay_threshold_usd, language, parts_digits, verdicts[column])
        made.append(Profile(store, found, *asked))
    return made


def _together(found: dict[str, ProjectedChange], code: str) -> ProjectedChange:
    """One projected change for a sector of several industries; not known unless all come from one projection."""
    changes = list(found.values())
    if len(changes) == 1:
        return changes[0]
    first = changes[0]
    alike = {(c.base_year, c.projected_year, c.area_title, c.source) for c in changes}
    starts = [c.jobs_base for c in changes if c.jobs_base is not None]
    ends = [c.jobs_projected for c in changes if c.jobs_projected is not None]
    start, end = sum(starts), sum(ends)
    if len(alike) > 1 or not start or not len(starts) == len(ends) == len(changes):
        unknown = next((c for c in changes if c.change_pct is None), None)
        note = unknown.note if unknown else "The parts of this sector come from different projections."
        return ProjectedChange(code, None, note=note)
    return replace(
        first, industry_code=code, change_pct=round(100 * (end / start - 1), 1), jobs_base=start, jobs_projected=end
    )


def history(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
) -> History:
    """The sector's figures of every year that holds the region, in the codes of `year`."""
    cube = cube_of(store)
    now = choose_year(cube, region, year)
    vintage = naics.vintage_of_year(now)
    leaves = sector.leaves(vintage)
    axis = SectorAxis((leaves,), vintage)
    found = []
    for then in cube.years_of(region.areas):
        if axis.cut_in(then)[0]:
            carried = naics.translate(leaves, vintage, naics.vintage_of_year(then))
            found.append({**_no_figures(then), "cut_reason": carried.reason})
            continue
        measured = measure(store, region, _in_codes_of(axis, then), year=then, ownership=ownership, base=base)
        row = rows.make(measured, [0], {}, None, labels=[("", sector.name)])[0]
        found.append({"year": then, **{k: row[k] for k in _HISTORY}, "is_cut": False, "cut_reason": None})
    return History(found)


_HISTORY = (
    "employment_jobs",
    "establishments",
    "average_annual_pay_usd",
    "location_quotient_ratio",
    "withheld_cells",
    "status",
)


def _no_figures(year: int) -> dict[str, Any]:
    return {"year": year, **dict.fromkeys(_HISTORY), "is_cut": True}


def _in_codes_of(axis: SectorAxis, year: int) -> SectorAxis:
    """The same sectors in the codes of another year, so that parents and bounds are that year's own."""
    vintage = naics.vintage_of_year(year)
    carried = tuple(naics.translate(leaves, axis.vintage, vintage).leaves for leaves in axis.sectors)
    return replace(axis, sectors=carried, vintage=vintage)


def parts(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    digits: int | None = None,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
) -> list[dict[str, Any]]:
    """Rows of the industries inside a sector, of `digits` digits or one step deeper than its broadest code.

    Largest first. With rules in the sector's definition each row says whether it is in and why not (C26).
    """
    if sector.rules:
        made = judged(store, region, sector, digits=digits, year=year, ownership=ownership, base=base)
        return _largest_first(made)
    now = choose_year(cube_of(store), region, year)
    vintage = naics.vintage_of_year(now)
    leaves = sector.leaves(vintage)
    axis = axis_of(depth(leaves, vintage, digits), now)
    found = measure(store, region, axis, year=now, ownership=ownership, base=base)
    inside = np.array([naics.leaves(code, vintage) <= leaves for code in axis.codes])
    columns = np.flatnonzero(inside & found.is_present)
    return _largest_first(rows.make(found, columns.tolist(), {}, None))


def _largest_first(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(made, key=lambda r: (-(r["employment_jobs"] or 0), -r["establishments"], r["industry_code"]))
