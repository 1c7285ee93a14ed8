"""The facts beside the tests of a scope: how much of a state it is, whose commuters it cuts off, how many employers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import naics
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.places import areas
from sharedtable.studies import sector_queries
from sharedtable.studies.queries import profile_page
from sharedtable.studies.questions import Question
from sharedtable.studies.region_queries import totals

NEWEST = naics.VINTAGES[-1]
TWO_DIGITS, GROUP_DIGITS = 2, 4
MOST_ROWS = 60


@dataclass(frozen=True)
class StateShare:
    """How much of a state a region takes in. `jobs_pct` None: the state's total, or a county's, is not loaded."""

    code: str
    name: str
    counties: int
    all_counties: int
    jobs_pct: float | None

    @property
    def counties_pct(self) -> float:
        """Counties of the region, in percent of the state's."""
        return 100 * self.counties / self.all_counties if self.all_counties else 0.0


@dataclass(frozen=True)
class Shed:
    """A commuting zone that a region touches, the land across which people drive to work. `missing`: code and name."""

    code: str
    title: str
    counties: int
    all_counties: int
    missing: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class EmployerRow:
    """One industry of a sector: employers in the region, and jobs where they are published (None: withheld)."""

    code: str
    title: str
    establishments: int
    jobs: int | None
    is_least: bool


@dataclass(frozen=True)
class SectorFacts:
    """What the facts say about a sector in a region. `problem`: why they say nothing, else ''.

    `jobs` None: all of them are withheld. With withheld cells, jobs are at least `jobs` and at most `most_jobs`.
    `region_jobs`: all jobs of the region, private and government; None where no total is published.
    """

    year: int | None = None
    establishments: int | None = None
    jobs: int | None = None
    most_jobs: int | None = None
    withheld_cells: int = 0
    region_jobs: int | None = None
    problem: str = ""

    @property
    def share_pct(self) -> float | None:
        """Published jobs of the sector, in percent of the region's."""
        return 100 * self.jobs / self.region_jobs if self.jobs is not None and self.region_jobs else None

    @property
    def most_share_pct(self) -> float | None:
        """The same with as many jobs as can stand in the withheld cells; None when nothing is withheld."""
        if not self.withheld_cells or self.most_jobs is None or not self.region_jobs:
            return None
        return min(100 * self.most_jobs / self.region_jobs, 100.0)


def state_shares(region: Region) -> list[StateShare]:
    """What share of each of its states a region takes in, the largest first."""
    found, jobs = [], totals().jobs
    for code in region.states:
        inside = [county for county in region.counties if county[:2] == code]
        whole = areas.counties_of(f"{code}000")
        found.append(
            StateShare(code, areas.state(code).name, len(inside), len(whole), _jobs_pct(jobs, code, inside, whole))
        )
    return sorted(found, key=lambda share: (-share.counties_pct, share.name))


def _jobs_pct(jobs: Mapping[str, int | None], code: str, inside: Sequence[str], whole: Sequence[str]) -> float | None:
    state = jobs.get(f"{code}000")
    if state is None:
        values = [jobs.get(county) for county in whole]
        state = None if None in values else sum(value or 0 for value in values)
    own = [jobs.get(county) for county in inside]
    if not state or None in own:
        return None
    return 100 * sum(value or 0 for value in own) / state


def sheds(region: Region) -> list[Shed]:
    """The commuting zones that a region touches, those that it holds most of first."""
    inside, found = set(region.counties), []
    for code, title in region.crosses().zones.items():
        whole = areas.counties_of(code)
        missing = [(county, areas.county(county).title) for county in whole if county not in inside]
        bare = title.partition(" (")[0]
        found.append(Shed(code, bare, len(whole) - len(missing), len(whole), missing))
    return sorted(found, key=lambda shed: (-shed.counties, shed.title))


def breadth(sector: Sector) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The two-digit industries and the four-digit groups that a sector reaches into: code and title."""
    leaves = sector.leaves(NEWEST)
    wide = [code for code in naics.codes(NEWEST, TWO_DIGITS) if naics.leaves(code, NEWEST) & leaves]
    groups = [code for code in naics.codes(NEWEST, GROUP_DIGITS) if naics.leaves(code, NEWEST) & leaves]
    return [(code, naics.title(code, NEWEST)) for code in wide], [(code, naics.title(code, NEWEST)) for code in groups]


def words_of(sector: Sector) -> list[str]:
    """How the classification calls what a sector takes in, and the wider industries around it."""
    found: dict[str, None] = {}
    for pattern, title in sector_queries.titled(sector.include):
        found[title] = None
        code = pattern.rstrip("*")
        while naics.is_known(code, NEWEST) and (code := naics.parent(code, NEWEST) or "") and code != naics.TOTAL:
            found[naics.title(code, NEWEST)] = None
    return list(found)


def sector_facts(region: Region, sector: Sector, language: str = "en") -> SectorFacts:
    """Employers, jobs and the share of all jobs; a refusal of the facts becomes the `problem`."""
    try:
        page = profile_page(Question(region, sector, language=language))
    except (Refused, Missing) as problem:
        return SectorFacts(problem=str(problem))
    row = page.row
    known = totals()
    values = [known.jobs.get(code) for code in region.areas]
    published = row["employment_jobs"] or 0
    room = float(page.profile.measures.at_most_jobs[0])
    return SectorFacts(
        page.profile.year,
        row["establishments"],
        row["employment_jobs"],
        published + round(room) if room == room else None,
        row["withheld_cells"],
        sum(value or 0 for value in values) if known.year == page.profile.year and None not in values else None,
    )


def employers(region: Region, sector: Sector, language: str = "en") -> list[EmployerRow]:
    """Employers by industry inside a sector, most first; empty when the facts have none."""
    try:
        parts = profile_page(Question(region, sector, language=language)).profile.parts
    except (Refused, Missing):
        return []
    rows = [
        EmployerRow(
            row["industry_code"],
            row["industry_title"],
            row["establishments"],
            row["employment_jobs"],
            row["withheld_cells"] > 0,
        )
        for row in parts
    ]
    return sorted(rows, key=lambda row: (-row.establishments, row.code))[:MOST_ROWS]
