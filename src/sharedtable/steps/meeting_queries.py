"""The meetings of one partnership, and which of them the clock knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.meetings.actions import LAUNCH
from sharedtable.meetings.models import Meeting
from sharedtable.meetings.reviewing import REVIEWS
from sharedtable.method import runs
from sharedtable.partnerships.models import Partnership
from sharedtable.steps.facts import SESSION


@dataclass(frozen=True)
class Line:
    """One meeting: what it is, who came, whether its day runs on the clock, whether a look back can be sent."""

    meeting: Meeting
    run: str
    day: date
    came: int
    partners: int
    is_on_clock: bool
    is_session: bool
    may_review: bool


@dataclass(frozen=True)
class MeetingsPage:
    """Meetings ahead, nearest first, and those that were held, newest first."""

    ahead: Sequence[Line]
    held: Sequence[Line]
    launch_on: date | None
    has_launch: bool
    may_plan: bool

    @property
    def lacks_meeting(self) -> bool:
        """The clock has a day for the launch, and no meeting is planned for it."""
        return self.launch_on is not None and not self.has_launch


def of_partnership(by: Actor, partnership: Partnership, language: str) -> MeetingsPage:
    """The meetings of a partnership: two queries."""
    by.must("meetings.see", partnership)
    there = Q(participants__admitted_at__isnull=False, participants__removed_at=None)
    known = Q(participants__person__isnull=False, participants__table="outer")
    rows = Meeting.objects.filter(partnership=partnership).annotate(
        came=Count("participants", filter=there & Q(participants__role__in=("participant", "partner"))),
        partners=Count("participants", filter=there & known),
    )
    on_clock = set(partnership.deadlines.exclude(key="").values_list("meeting_on", flat=True))
    may_run, now = by.may("worksheets.run", partnership), timezone.now()
    lines = [
        Line(
            row,
            runs.said(runs.run(row.run).titles, language),
            (day := timezone.localtime(row.starts_at).date()),
            row.came,
            row.partners,
            day in on_clock and not row.is_practice,
            row.run == SESSION,
            may_run and row.run in REVIEWS and row.starts_at <= now and row.partners > 0,
        )
        for row in rows.order_by("starts_at", "id")
    ]
    return MeetingsPage(
        [line for line in lines if line.meeting.starts_at > now],
        [line for line in lines if line.meeting.starts_at <= now][::-1],
        partnership.launch_on,
        any(line.meeting.run == LAUNCH and not line.meeting.is_practice for line in lines),
        by.may("meetings.change", partnership),
    )
