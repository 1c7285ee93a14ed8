"""What the pages of a scope workshop show: what is tried, each test on it, the clock, the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method.presets import preset
from sharedtable.partnerships import (
    company_rules,
    courting,
    partnership_queries,
    scope_tests,
    seat_queries,
    sector_tests,
)
from sharedtable.partnerships.models import Decision, Partnership, Scope, ScopeWorkshop
from sharedtable.partnerships.scope_tests import Checked, Numbers, Verdict, shipped
from sharedtable.partnerships.typed import months_later
from sharedtable.studies import scope_facts
from sharedtable.studies.questions import Region, Sector
from sharedtable.studies.scope_facts import EmployerRow, SectorFacts

PARTS = 4  # region, industry, firms, close: a quarter of the hour each, as the sheet of the session has it
MOST_HISTORY = 30


@dataclass(frozen=True)
class Trial:
    """What is tried: not kept until it is good enough. `said`: 'streets' or 'town', what only people can say."""

    region: Region | None = None
    sector: Sector | None = None
    rules: Sequence[dict[str, Any]] = ()
    said: str = ""
    launch: int | None = None
    members: int | None = None


@dataclass(frozen=True)
class Clock:
    """The hour of a session. `part`: which of the four parts it is time for, from 0; 4 when the time is over."""

    session: ScopeWorkshop
    ends_at: datetime
    left_minutes: int
    part: int

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.part >= PARTS

    @property
    def used_minutes(self) -> int:
        """Minutes gone, at most all of them."""
        return self.session.minutes - self.left_minutes


@dataclass(frozen=True)
class Group:
    """The tests of one part of the workshop, and the one word that stands over them."""

    key: str
    title: str
    tests: Sequence[Checked]

    @property
    def verdict(self) -> Verdict:
        """What counts most among them."""
        return scope_tests.worst(self.tests)


@dataclass(frozen=True)
class Workshop:
    """Everything that the workshop shows about what is tried."""

    newest: Scope | None
    trial: Trial
    extent: str
    region: Sequence[Checked]
    partners: Sequence[Checked]
    sector: Sequence[Checked]
    launch: Sequence[Checked]
    courting: Checked | None
    facts: SectorFacts
    counts: Mapping[str, int] | None
    clock: Clock | None
    history: Sequence[ScopeWorkshop]
    obstacles: Sequence[Decision]
    review_on: date

    @property
    def tests(self) -> list[Checked]:
        """Every test, in the order of the hour."""
        return [test for group in self.groups for test in group.tests]

    @property
    def groups(self) -> list[Group]:
        """The tests by the parts of the workshop."""
        about_sector = [*self.sector[:3], *([self.courting] if self.courting else [])]
        return [
            Group("region", _("Region"), [*self.region, *self.partners]),
            Group("sector", _("Industry"), about_sector),
            Group("firms", _("Firms"), self.sector[3:]),
            Group("launch", _("Champions and members"), self.launch),
        ]

    @property
    def is_whole(self) -> bool:
        """Whether there is a region and an industry to keep."""
        return self.trial.region is not None and self.trial.sector is not None


def start(partnership: Partnership) -> tuple[Scope | None, Trial]:
    """The newest version, and what a workshop begins with: that version, and the numbers of the last workshop."""
    newest = partnership.scopes.first()
    if newest is None:
        return None, Trial(rules=company_rules.usual_rules())
    last = partnership.scope_workshops.exclude(scope=None).first()
    return newest, Trial(
        Region.parse(newest.region_text),
        Sector.parse(newest.sector_text),
        newest.company_rules,
        "",
        last.launch_planned if last else None,
        last.members_planned if last else None,
    )


def workshop(
    actor: Actor, partnership: Partnership, newest: Scope | None, trial: Trial, numbers: Numbers = shipped
) -> Workshop:
    """Every test on what is tried."""
    actor.must("partnerships.see", partnership)
    tables = seat_queries.tables(partnership)
    language, region, sector = get_language() or "en", trial.region, trial.sector
    facts, counts, extent = SectorFacts(problem=_("Choose a region and an industry first.")), None, ""
    region_tests: list[Checked] = []
    about_sector: list[Checked] = []
    if region is not None:
        shares, sheds = scope_facts.state_shares(region), scope_facts.sheds(region)
        extent = scope_tests.extent(region, shares, len(sheds), trial.said, numbers)
        region_tests = scope_tests.region_tests(region, shares, sheds, trial.said, numbers)
    if region is not None and sector is not None:
        facts = scope_facts.sector_facts(region, sector, language)
        counts = company_rules.counted(as_scope(partnership, trial))
    if sector is not None:
        wide, groups = scope_facts.breadth(sector)
        about_sector = sector_tests.sector_tests(wide, groups, facts, counts, numbers)
    at_table = seat_queries.companies_at_table(tables)
    sessions = list(partnership.scope_workshops.select_related("scope", "review")[:MOST_HISTORY])
    return Workshop(
        newest,
        trial,
        extent,
        region_tests,
        scope_tests.partner_tests(scope_tests.places(tables), numbers),
        about_sector,
        sector_tests.launch_tests(
            trial.launch, trial.members, seat_queries.invited_count(tables), len(at_table), numbers
        ),
        _courting(partnership, sector, numbers),
        facts,
        counts,
        next((clock_of(one) for one in sessions if one.ended_at is None), None),
        [one for one in sessions if one.ended_at is not None],
        partnership_queries.decisions(actor, partnership, Decision.Kind.OBSTACLE),
        months_later(timezone.localdate(), int(numbers("review_months"))),
    )


def _courting(partnership: Partnership, sector: Sector | None, numbers: Numbers) -> Checked | None:
    if sector is None:
        return None
    return sector_tests.courting_test(courting.courting(partnership.space_id, sector), numbers)


def as_scope(partnership: Partnership, trial: Trial) -> Scope:
    """What is tried as a scope that is not kept, so that companies can be counted against it."""
    region, sector = trial.region, trial.sector
    return Scope(
        space_id=partnership.space_id,
        partnership=partnership,
        region_text=region.to_text() if region else "",
        sector_text=sector.to_text() if sector else "",
        company_rules=list(trial.rules),
    )


def clock_of(session: ScopeWorkshop, now: datetime | None = None) -> Clock:
    """How far the hour is."""
    whole = timedelta(minutes=session.minutes)
    gone = max((now or timezone.now()) - session.began_at, timedelta())
    left = max(whole - gone, timedelta())
    part = PARTS if gone >= whole else int(PARTS * gone / whole)
    return Clock(session, session.began_at + whole, -(-int(left.total_seconds()) // 60), part)


@dataclass(frozen=True)
class Firms:
    """Employers by industry, from the facts, beside the companies of the record (C28, C26)."""

    rows: Sequence[tuple[EmployerRow, int]]
    counts: Mapping[str, int] | None
    least: int
    source: str


def firms(actor: Actor, partnership: Partnership, trial: Trial, numbers: Numbers = shipped) -> Firms:
    """Employers of each industry inside the sector, with how many companies of the record carry its code and are in."""
    actor.must("partnerships.see", partnership)
    source, least = preset("companies_in_definition").source, int(numbers("companies_in_definition"))
    if trial.region is None or trial.sector is None:
        return Firms((), None, least, source)
    scope = as_scope(partnership, trial)
    found = scope_facts.employers(trial.region, trial.sector, get_language() or "en")
    codes = list(company_rules.with_verdict(scope, "in").values_list("naics_code", flat=True))
    rows = [(row, sum(code.startswith(_beginning(row.code)) for code in codes)) for row in found]
    return Firms(rows, company_rules.counted(scope), least, source)


def _beginning(code: str) -> tuple[str, ...]:
    return company_rules.beginnings([code])
