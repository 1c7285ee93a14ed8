"""What a calendar file is made of: one frozen event, with the one person who reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sharedtable.errors import Refused
from sharedtable.exports.format import clean_text

_UID = re.compile(r"[\x21-\x7e]{3,200}")
_ADDRESS = re.compile(r"[^\s@<>\",;:\x00-\x1f]+@[^\s@<>\",;:\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Attendee:
    """A name and a mail address."""

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(clean_text(self.name).split()))
        if not _ADDRESS.fullmatch(self.address):
            raise Refused(f"“{self.address[:60]}” is no mail address, so it cannot stand in a calendar file.")


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment, or a day that something is due.

    `uid` stays the same for as long as it is the same appointment; `sequence` goes up with each change, so that a
    calendar takes the newer one. `starts` and `ends` are times with a named zone, as people there read the clock, or
    two dates for whole days (`ends` is then the day after the last one). `changed_at` is when it was last changed.
    `reader` is the one person whose calendar this is for: nobody else is ever named in the file.
    """

    uid: str
    title: str
    starts: date
    ends: date
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    description: str = ""
    address: str = ""
    organizer: Attendee | None = None
    reader: Attendee | None = None

    def __post_init__(self) -> None:
        for name in ("title", "place"):
            object.__setattr__(self, name, " ".join(clean_text(getattr(self, name)).split()))
        object.__setattr__(self, "description", clean_text(self.description).strip())
        if not self.title:
            raise Refused("An event has an empty title: a calendar would show a bar without words.")
        if not _UID.fullmatch(self.uid):
            raise Refused(f"The event {self.title!r} needs a uid of plain signs that stays the same for good.")
        if self.sequence < 0:
            raise Refused(f"The event {self.title!r} has the sequence {self.sequence}; it counts from 0 up.")
        if self.address and not re.fullmatch(r"https?://[\x21-\x7e]+", self.address):
            raise Refused(f"The event {self.title!r} has a web address that does not begin with https://.")
        if self.changed_at.tzinfo is None:
            raise Refused(f"The event {self.title!r} was changed at a time without a zone.")
        if isinstance(self.starts, datetime) != isinstance(self.ends, datetime):
            raise Refused(f"The event {self.title!r} begins with a time and ends with a day, or the other way round.")
        for moment in (self.starts, self.ends):
            if isinstance(moment, datetime) and not isinstance(moment.tzinfo, ZoneInfo):
                raise Refused(f"The event {self.title!r} needs times in a named zone, such as America/New_York.")
        if self.length <= timedelta(0):
            raise Refused(f"The event {self.title!r} ends before it begins.")

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of its clock; None for whole days."""
        return self.starts.tzinfo if isinstance(self.starts, datetime) else None  # type: ignore[return-value]

    @property
    def length(self) -> timedelta:
        """How long it really lasts, also across a change of the clock."""
        if isinstance(self.starts, datetime) and isinstance(self.ends, datetime):
            return timedelta(seconds=self.ends.timestamp() - self.starts.timestamp())
        return self.ends - self.starts
