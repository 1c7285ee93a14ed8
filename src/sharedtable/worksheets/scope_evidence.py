"""Evidence questions on a scope, answered by the same tests as in the workshop: region, industry, numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sharedtable.accounts.models import Space
from sharedtable.partnerships import company_rules, courting, scope_tests, seat_queries, sector_tests
from sharedtable.partnerships.models import Partnership, Scope
from sharedtable.partnerships.scope_tests import Checked
from sharedtable.studies import scope_facts
from sharedtable.studies.questions import Region, Sector
from sharedtable.worksheets.evidence import Lines, evidence
from sharedtable.worksheets.shelf import shelf


def _newest(partnership: Partnership | None) -> tuple[Scope, Region, Sector] | None:
    scope = partnership.scopes.first() if partnership else None
    return (scope, Region.parse(scope.region_text), Sector.parse(scope.sector_text)) if scope else None


def _not_yet() -> Lines:
    return [(_("Scope"), _("not set yet"))]


def _lines(tests: Sequence[Checked]) -> Lines:
    return [(test.question, " ".join([test.says, *test.why])) for test in tests]


@evidence("scope_region_tests")
def _region(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = _newest(partnership)
    if found is None or partnership is None:
        return _not_yet()
    numbers, region = shelf(space.pk).number, found[1]
    shares, sheds = scope_facts.state_shares(region), scope_facts.sheds(region)
    places = scope_tests.places(seat_queries.tables(partnership))
    return _lines(
        [
            *scope_tests.region_tests(region, shares, sheds, "", numbers),
            *scope_tests.partner_tests(places, numbers),
        ]
    )


@evidence("scope_sector_tests")
def _sector(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = _newest(partnership)
    if found is None:
        return _not_yet()
    scope, region, sector = found
    wide, groups = scope_facts.breadth(sector)
    facts, numbers = scope_facts.sector_facts(region, sector, language), shelf(space.pk).number
    tests = sector_tests.sector_tests(wide, groups, facts, company_rules.counted(scope), numbers)
    return _lines([*tests, sector_tests.courting_test(courting.courting(space.pk, sector), numbers)])


@evidence("scope_launch_tests")
def _launch(space: Space, partnership: Partnership | None, language: str) -> Lines:
    """What the last workshop planned, or the numbers alone."""
    if partnership is None:
        return _not_yet()
    tables = seat_queries.tables(partnership)
    last = partnership.scope_workshops.exclude(scope=None).first()
    planned, members = (last.launch_planned, last.members_planned) if last else (None, None)
    at_table = len(seat_queries.companies_at_table(tables))
    return _lines(
        sector_tests.launch_tests(
            planned, members, seat_queries.invited_count(tables), at_table, shelf(space.pk).number
        )
    )
