"""What the record and the facts answer by themselves, so that nobody types it twice. One function a key.

A question of the kind `evidence` names a key of `EVIDENCE`. Each function takes the space, the partnership (None: the
whole team) and the language, and gives lines of a name and a value. Add one with `@evidence("key")`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from sharedtable.accounts.models import Space
from sharedtable.errors import Refused
from sharedtable.method.questions import Worksheet
from sharedtable.partnerships.models import CompanyMark, Decision, Partnership, Pledge, Program, Scope, Seat
from sharedtable.people.models import Organisation
from sharedtable.studies import queries as facts
from sharedtable.studies.data_points import data_points
from sharedtable.studies.questions import Question, Region, Sector

Lines = list[tuple[str, str]]
Finder = Callable[[Space, Partnership | None, str], Lines]
EVIDENCE: dict[str, Finder] = {}
LEADERS = ("chair", "champion", "lead_champion")
CONVENERS = ("convener", "co_convener")
FIGURES = ("employment", "change_short", "change_long", "location_quotient", "pay", "establishments")
MOST_INDUSTRIES = 8


def evidence(key: str) -> Callable[[Finder], Finder]:
    """Register a function as the answer to evidence questions of that key."""

    def keep(finder: Finder) -> Finder:
        EVIDENCE[key] = finder
        return finder

    return keep


def gather(worksheet: Worksheet, space: Space, partnership: Partnership | None) -> dict[str, list[list[str]]]:
    """The lines of every evidence question of a worksheet, by question, in its language."""
    found: dict[str, list[list[str]]] = {}
    with override(worksheet.language):
        for question in worksheet.questions:
            if question.kind == "evidence" and (finder := EVIDENCE.get(question.evidence)):
                lines = finder(space, partnership, worksheet.language)
                found[question.id] = [list(line) for line in lines] or [[_("The record"), _("nothing yet")]]
    return found


def unknown_keys(worksheet: Worksheet) -> list[str]:
    """Keys of evidence questions for which there is no query."""
    return sorted({q.evidence for q in worksheet.questions if q.kind == "evidence"} - EVIDENCE.keys())


def _seats(space: Space, partnership: Partnership | None) -> Any:
    found = Seat.objects.filter(space=space, ended_on=None).exclude(notice=Seat.Notice.LEFT)
    return found.filter(partnership=partnership) if partnership else found


def _count(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def _tally(rows: Any, key: str, titles: Mapping[str, Any]) -> Lines:
    return [(str(titles.get(row[key]) or _("not said")), _count(row["n"])) for row in rows]


@evidence("members_by_table")
def _members_by_table(space: Space, partnership: Partnership | None, language: str) -> Lines:
    rows = _seats(space, partnership).values("table").annotate(n=Count("id")).order_by("table")
    return _tally(rows, "table", dict(Seat.Table.choices))


@evidence("members_by_system")
def _members_by_system(space: Space, partnership: Partnership | None, language: str) -> Lines:
    seats = _seats(space, partnership).exclude(table=Seat.Table.INNER)
    people = seats.filter(person__memberships__ended_on=None, person__memberships__is_main=True).values_list(
        "person__memberships__organisation_id", flat=True
    )
    direct = seats.exclude(organisation=None).values_list("organisation_id", flat=True)
    organisations = Organisation.objects.filter(space=space, pk__in={*people, *direct} - {None})
    rows = organisations.values("system").annotate(n=Count("id")).order_by("system")
    return _tally(rows, "system", dict(Organisation.System.choices))


@evidence("leaders")
def _leaders(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = dict(_seats(space, partnership).filter(role__in=LEADERS).values_list("role").annotate(Count("id")))
    return [
        (_("Chairs"), _count(found.get("chair", 0))),
        (_("Champions"), _count(found.get("champion", 0) + found.get("lead_champion", 0))),
    ]


@evidence("conveners")
def _conveners(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = _seats(space, partnership).filter(role__in=CONVENERS).aggregate(n=Count("id"))
    promised = Pledge.objects.filter(space=space, ended_on=None)
    promised = promised.filter(partnership=partnership) if partnership else promised
    hours = promised.aggregate(hours=Sum("hours_a_week"))["hours"]
    return [
        (_("Conveners"), _count(found["n"])),
        (_("Promised hours a week"), number_format(hours, use_l10n=True) if hours is not None else _("not said")),
    ]


@evidence("scope")
def _scope(space: Space, partnership: Partnership | None, language: str) -> Lines:
    newest = _newest_scope(space, partnership)
    if newest is None:
        return [(_("Scope"), _("not set yet"))]
    return [
        (_("Industry"), newest.sector_name),
        (_("Region"), newest.region_name),
        (
            _("Version"),
            f"{newest.version}, {date_format(timezone.localdate(newest.made_at, space.zone), 'DATE_FORMAT')}",
        ),
        (_("Good enough to work with"), _("yes") if newest.is_good_enough else _("not yet")),
    ]


@evidence("companies")
def _companies(space: Space, partnership: Partnership | None, language: str) -> Lines:
    marks = CompanyMark.objects.filter(space=space, is_in=True)
    marks = marks.filter(partnership=partnership) if partnership else marks
    known = Organisation.objects.filter(
        space=space, kind=Organisation.Kind.BUSINESS, merged_into=None, archived_at=None, erased_at=None
    )
    return [
        (_("Companies in the record"), _count(known.count())),
        (_("Companies marked as in"), _count(marks.count())),
    ]


@evidence("decisions")
def _decisions(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = Decision.objects.filter(space=space, partnership=partnership).exclude(decided_on=None)[:5]
    return [
        (one.question, f"{one.chosen} ({date_format(one.decided_on, 'DATE_FORMAT')})")
        for one in found
        if one.decided_on
    ]


@evidence("outreach")
def _outreach(space: Space, partnership: Partnership | None, language: str) -> Lines:
    found = Program.objects.filter(space=space, ended_on=None)
    total, owned = found.count(), found.exclude(outreach_owner=None).count()
    return [(_("Programs that contact companies"), _count(total)), (_("Of these with a named owner"), _count(owned))]


@evidence("sector_facts")
def _sector_facts(space: Space, partnership: Partnership | None, language: str) -> Lines:
    newest = _newest_scope(space, partnership)
    if newest is None:
        return [(_("Figures"), _("The scope is not set yet, so there is no sector to look up."))]
    try:
        asked = Question(Region.parse(newest.region_text), Sector.parse(newest.sector_text), language=language)
        page = facts.profile_page(asked)
    except Refused as problem:
        return [(_("Figures"), str(problem))]
    points = {point.id: point for point in data_points(page)}
    year = _("QCEW %(year)d, U.S. Bureau of Labor Statistics") % {"year": page.profile.year}
    return [*((points[name].title, points[name].value) for name in FIGURES), (_("Source"), year)]


@evidence("top_industries")
def _top_industries(space: Space, partnership: Partnership | None, language: str) -> Lines:
    newest = _newest_scope(space, partnership)
    if newest is None:
        return [(_("Figures"), _("The region is not set yet. Keep one, then they show here."))]
    try:
        found = facts.suggestions(Question(Region.parse(newest.region_text), language=language), MOST_INDUSTRIES)
    except Refused as problem:
        return [(_("Figures"), str(problem))]
    year = _("QCEW %(year)d, U.S. Bureau of Labor Statistics") % {"year": found.year}
    lines = [
        (str(row["industry_title"]), _("%(jobs)s jobs") % {"jobs": _count(row["employment_jobs"])})
        for row in found.ranked
    ]
    return [*lines, (_("Source"), year)]


def _newest_scope(space: Space, partnership: Partnership | None) -> Scope | None:
    if partnership is None:
        return None
    return Scope.objects.filter(space=space, partnership=partnership).order_by("-version").first()
