"""A meeting as an event for calendars, at its hour in the zone of the team, also when the clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.text import slugify

from sharedtable.exports import Attendee, Event, Language, to_ics
from sharedtable.meetings.models import Meeting
from sharedtable.meetings.queries import parts

if TYPE_CHECKING:
    from sharedtable.exports.ics import Method


@dataclass(frozen=True)
class CalendarFile:
    """A finished calendar file."""

    content: bytes
    media_type: str
    name: str

    @property
    def disposition(self) -> str:
        """The header that makes a browser save it under its name."""
        return f'attachment; filename="{self.name}"'


def minutes_of(meeting: Meeting) -> int:
    """How long it takes: the segments of its run of show that this team kept, in their minutes."""
    return sum(part.minutes for part in parts(meeting, "en"))


def event_of(
    meeting: Meeting, *, organizer: Attendee | None = None, reader: Attendee | None = None, address: str = ""
) -> Event:
    """The event; `sequence` follows the version of the meeting, so that a calendar takes the newer one."""
    starts = meeting.starts_at.astimezone(meeting.space.zone)
    # On the clock, not on the wall: an hour stays an hour when the clocks change in between.
    ends = (meeting.starts_at + timedelta(minutes=minutes_of(meeting))).astimezone(meeting.space.zone)
    host = settings.SITE_ADDRESS.split("://")[-1].split("/")[0].split(":")[0] or "shared-table"
    return Event(
        uid=meeting.uid or f"meeting-{meeting.pk}@{host}",
        title=meeting.title,
        starts=starts,
        ends=ends,
        changed_at=_changed_at(meeting),
        sequence=meeting.version - 1,
        place=meeting.place,
        address=address,
        organizer=organizer,
        reader=reader,
    )


def _changed_at(meeting: Meeting) -> datetime:
    """A stamp that grows with each version, and is the same whenever the same version is written."""
    return meeting.made_at + timedelta(seconds=meeting.version - 1)


def file_of(
    meeting: Meeting,
    language: str,
    method: Method = "PUBLISH",
    *,
    organizer: Attendee | None = None,
    reader: Attendee | None = None,
) -> CalendarFile:
    """The meeting as a file to open in a calendar; with who invites and who reads it, to that reader alone."""
    spoken: Language = "es" if language.startswith("es") else "en"
    event = event_of(meeting, organizer=organizer, reader=reader)
    content = to_ics([event], method=method, language=spoken)
    return CalendarFile(content, "text/calendar; charset=utf-8", f"{slugify(meeting.title)[:60] or 'meeting'}.ics")
