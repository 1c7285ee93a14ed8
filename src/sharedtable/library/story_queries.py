"""Twenty-five ways to tell the story of a partnership, with the numbers that the record knows (L20)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.meetings.models import Meeting
from sharedtable.method import articles
from sharedtable.partnerships import doors, seat_queries
from sharedtable.partnerships.models import Partnership, Pledge, Program, Seat
from sharedtable.partnerships.seat_queries import Chair
from sharedtable.privacy import Privacy
from sharedtable.studies.questions import Region
from sharedtable.worksheets.models import Round, Sheet

BLANK = "____"
YEAR_DAYS = 365
_BRACES = re.compile(r"\{(\w+)(?::([^|{}]+)\|([^|{}]+))?\}")


@dataclass(frozen=True)
class Prompt:
    """One way to tell the story. `pieces`: its text in pieces, each True where it came from the record.

    `is_ready`: the record knows every number in it, and none of them is zero.
    """

    title: str
    group: str
    pieces: Sequence[tuple[str, bool]]
    is_ready: bool

    @property
    def text(self) -> str:
        """The sentence with its numbers."""
        return "".join(piece for piece, _is_known in self.pieces)


@dataclass(frozen=True)
class StoryPage:
    """The prompts of a partnership: those that can be told now, and those for which the record lacks something."""

    partnership: Partnership
    ready: Sequence[Prompt]
    waiting: Sequence[Prompt]


def story_page(by: Actor, slug: str, language: str) -> StoryPage:
    """The prompts with the numbers of a partnership, in a fixed number of queries."""
    partnership = doors.partnership(by, slug)
    numbers = story_numbers(by, partnership)
    made = [_prompt(found, numbers, language) for found in articles.shelf("prompts").values()]
    return StoryPage(partnership, [one for one in made if one.is_ready], [one for one in made if not one.is_ready])


def _prompt(found: articles.Article, numbers: Mapping[str, str | None], language: str) -> Prompt:
    pieces: list[tuple[str, bool]] = []
    used: list[str | None] = []
    text, at = found.text(language), 0
    for hit in _BRACES.finditer(text):
        value = numbers[hit[1]]
        used.append(value)
        pieces.append((text[at : hit.start()], False))
        if hit[2]:
            pieces.append((hit[2] if value == "1" else hit[3], False))
        else:
            pieces.append((value or BLANK, value is not None))
        at = hit.end()
    pieces.append((text[at:], False))
    is_ready = all(value not in (None, "0") for value in used)
    return Prompt(found.title(language), found.more["group"], pieces, is_ready)


def story_numbers(by: Actor, partnership: Partnership) -> dict[str, str | None]:
    """What the record says for each place of a prompt; None where it does not know. A zero is a real zero."""
    by.must("partnerships.see", partnership)
    today = timezone.localdate()
    tables = seat_queries.tables(partnership, today)
    scope = partnership.scopes.first()
    business = [chair for chair in tables.inner if chair.seat.role not in ("early_voice", "delegate")]
    systems = {chair.organisation.system for chair in tables.outer if chair.organisation and chair.organisation.system}
    pledges = [
        pledge.hours_a_week or Decimal(0)
        for pledge in Pledge.objects.filter(partnership=partnership, ended_on=None, started_on__lte=today)
        if pledge.ends_on is None or pledge.ends_on >= today
    ]
    began = _began(partnership)
    levels = [Privacy.TEAM, Privacy.PUBLIC]
    levels += [Privacy.INNER] if by.may("partnerships.inner", partnership) else []
    rounds = list(Round.objects.filter(partnership=partnership).exclude(revealed_at=None).values_list("pk", flat=True))
    everybody = (*tables.inner, *tables.outer, *tables.network)
    counted: dict[str, int | None] = {
        "counties": _counties(scope.region_text) if scope else None,
        "companies": _places(business),
        "members": len({_who(chair) for chair in business}),
        "champions": len({_who(chair) for chair in tables.of("champion", "lead_champion")}),
        "chairs": len({_who(chair) for chair in tables.of("chair")}),
        "partners": _places(tables.outer),
        "supporters": len({_who(chair) for chair in tables.network}),
        "partner_systems": len(systems),
        "conveners": len({_who(chair) for chair in tables.of("convener")}),
        "months": (today.year - began.year) * 12 + today.month - began.month - (today.day < began.day),
        "meetings": len(_meeting_days(partnership)),
        "decisions": partnership.decisions.filter(level__in=levels, replaced_by=None).count(),
        "early_voices": len({_who(chair) for chair in tables.of("early_voice")}),
        "action_areas": len({chair.seat.area for chair in tables.of("lead_champion") if chair.seat.area}),
        "new_members": len({_who(c) for c in business if (today - c.seat.started_on).days <= YEAR_DAYS}),
        "seat_changes": Seat.objects.filter(partnership=partnership, ended_on__lte=today).count(),
        "rounds": len(rounds),
        "answers": Sheet.objects.filter(round__in=rounds, is_handed_in=True).count(),
        "contributions": len({_who(chair) for chair in everybody if chair.seat.contribution}),
        "programs": Program.objects.filter(space_id=by.space_id, ended_on=None).count(),
    }
    hours = sum(pledges, Decimal(0))
    return {
        **{key: None if value is None else f"{value:,}" for key, value in counted.items()},
        "partnership": partnership.name,
        "sector": scope.sector_name if scope else None,
        "region": scope.region_name if scope else None,
        "convener_hours": f"{hours.normalize():f}" if hours else None,
        "launch": _day(partnership),
    }


def _began(partnership: Partnership) -> date:
    """When it was founded, or else when its first seat began."""
    first = Seat.objects.filter(partnership=partnership).aggregate(first=Min("started_on"))["first"]
    entered = timezone.localdate(partnership.made_at)
    return partnership.founded_on or min(first or entered, entered)


def _meeting_days(partnership: Partnership) -> set[date]:
    """The days on which it has met: run here, or set in its clock."""
    now = timezone.now()
    run = Meeting.objects.filter(partnership=partnership, is_practice=False, starts_at__lt=now)
    set_days = partnership.deadlines.filter(meeting_on__lte=timezone.localdate())
    days = {timezone.localdate(at) for at in run.values_list("starts_at", flat=True)}
    return days | {day for day in set_days.values_list("meeting_on", flat=True) if day is not None}


def _day(partnership: Partnership) -> str | None:
    """The day of the launch, once it is past: a launch that is to come is no story yet."""
    day = partnership.launch_on
    return date_format(day, "DATE_FORMAT") if day and day <= timezone.localdate() else None


def _who(chair: Chair) -> tuple[str, int]:
    """The person of a seat, or the organisation where nobody is named."""
    if chair.seat.person_id:
        return ("person", chair.seat.person_id)
    return ("organisation", chair.seat.organisation_id or 0)


def _places(chairs: Sequence[Chair]) -> int:
    return len({chair.organisation.pk for chair in chairs if chair.organisation})


def _counties(text: str) -> int | None:
    try:
        return len(Region.parse(text).areas)
    except Refused:
        return None


def group_title(group: str) -> str:
    """What a group of prompts is called."""
    return {
        "people": _("People"), "work": _("How you work"), "results": _("What came of it"),
        "voices": _("In their own words"), "next": _("What comes next"),
    }[group]  # fmt: skip
