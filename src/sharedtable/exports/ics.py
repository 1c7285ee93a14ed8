"""Events as an iCalendar file (RFC 5545 and 5546) that Outlook, Google and phones read the same way.

A meeting stays at its hour when the clocks change: times are written in their zone, and the zone's rules stand in the
file, as Outlook wants them: one rule for each half of the year, not a list of dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar

from sharedtable.errors import Refused
from sharedtable.exports.event import Attendee, Event
from sharedtable.exports.format import Language

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
_MAKER = "-//Shared Table//Shared Table//EN"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def to_ics(events: Sequence[Event], *, method: Method = "PUBLISH", name: str = "", language: Language = "en") -> bytes:
    """The events as one calendar file.

    REQUEST invites the one reader to one event, or tells them that it changed (same uid, higher sequence); CANCEL takes
    it away again; PUBLISH is a file or a feed of several to look at, in which nobody is named as invited. Fails with
    `Refused` when a REQUEST or CANCEL is not about exactly one event with an organizer and a reader.
    """
    if method != "PUBLISH" and (len(events) != 1 or events[0].organizer is None or events[0].reader is None):
        raise Refused(f"A {method} needs exactly one event, with who invites and who reads it.")
    if len({event.uid for event in events}) != len(events):
        raise Refused("Two events of one calendar file have the same uid.")
    calendar = icalendar.Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for zone, first, last in _zones(events):
        calendar.add_component(_timezone(zone, first, last))
    for event in sorted(events, key=lambda one: (one.starts.isoformat(), one.uid)):
        calendar.add_component(_component(event, method, language))
    return bytes(calendar.to_ical())


def _component(event: Event, method: Method, language: Language) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.changed_at.astimezone(UTC).replace(microsecond=0))
    made.add("last-modified", event.changed_at.astimezone(UTC).replace(microsecond=0))
    made.add("sequence", event.sequence)
    made.add("summary", event.title, parameters={"LANGUAGE": language})
    made.add("dtstart", _whole(event.starts))
    made.add("dtend", _whole(event.ends))
    if event.place:
        made.add("location", event.place)
    if event.description:
        made.add("description", event.description)
    if event.address:
        made.add("url", event.address)
    made.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    made.add("transp", "OPAQUE" if event.zone else "TRANSPARENT")  # a day on which something is due blocks no time
    made.add("class", "PUBLIC")
    if event.organizer is not None:
        made.add("organizer", _person(event.organizer))
    if event.reader is not None and method != "PUBLISH":
        reader = _person(event.reader)
        reader.params |= {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
        if method == "REQUEST":
            reader.params |= {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        made.add("attendee", reader)
    return made


def _whole(moment: object) -> object:
    return moment.replace(microsecond=0) if isinstance(moment, datetime) else moment


def _person(who: Attendee) -> icalendar.vCalAddress:
    made = icalendar.vCalAddress(f"mailto:{who.address}")
    if who.name:
        made.params["CN"] = who.name.replace('"', "'")  # a parameter cannot hold a double quote
    return made


# --- zones ------------------------------------------------------------------------------------------------------------


def _zones(events: Sequence[Event]) -> Iterator[tuple[ZoneInfo, int, int]]:
    """Each zone that an event uses, with the first and last year in which it does."""
    used: dict[ZoneInfo, list[int]] = {}
    for event in events:
        if event.zone is not None and event.zone.key != "UTC":  # written as …Z, which needs no rules
            used.setdefault(event.zone, []).extend((event.starts.year, event.ends.year))
    for zone in sorted(used, key=lambda one: one.key):
        yield zone, min(used[zone]), max(used[zone])


def _timezone(zone: ZoneInfo, first: int, last: int) -> icalendar.Timezone:
    """The rules of a zone, from the year before the first event on."""
    made = icalendar.Timezone()
    made.add("tzid", zone.key)
    years = range(first - 1, last + 2)
    changes = {year: _changes(zone, year) for year in years}
    shapes = {tuple(_shape(zone, at) for at in found) for found in changes.values()}
    start = datetime(first - 1, 1, 1, tzinfo=UTC)
    if shapes == {()}:
        made.add_component(_observance(zone, start.replace(tzinfo=None), start))
    elif len(shapes) == 1:
        for at in changes[first - 1]:
            made.add_component(_observance(zone, _clock_before(zone, at), at, _yearly(zone, at)))
    else:  # the law changed within these years: each change by its date
        made.add_component(_observance(zone, start.replace(tzinfo=None), start))
        for found in changes.values():
            for at in found:
                made.add_component(_observance(zone, _clock_before(zone, at), at))
    return made


def _changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The instants in a year at which the clock changes, to the minute."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=day) for day in range((datetime(year + 1, 1, 1, tzinfo=UTC) - start).days + 1)]
    found = []
    for before, after in pairwise(days):
        if _offset(zone, before) == _offset(zone, after):
            continue
        low, high = before, after
        while high - low > timedelta(minutes=1):
            middle = low + timedelta(minutes=int((high - low).total_seconds() // 120))
            low, high = (middle, high) if _offset(zone, middle) == _offset(zone, before) else (low, middle)
        found.append(high)
    return found


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _clock_before(zone: ZoneInfo, at: datetime) -> datetime:
    """What the clock shows at the moment before it is changed."""
    return (at + _offset(zone, at - timedelta(minutes=1))).replace(tzinfo=None)


def _shape(zone: ZoneInfo, at: datetime) -> tuple[object, ...]:
    """A change without its year: month, which weekday of it, hour, and between which offsets."""
    local = _clock_before(zone, at)
    before = _offset(zone, at - timedelta(minutes=1))
    return (local.month, _nth(local), local.weekday(), local.time(), before, _offset(zone, at))


def _nth(local: datetime) -> int:
    """Which one of its weekday a day is in its month; the last one counts from the end, as the laws say it."""
    is_last = (local + timedelta(days=7)).month != local.month
    return -1 if is_last else (local.day - 1) // 7 + 1


def _yearly(zone: ZoneInfo, at: datetime) -> dict[str, object]:
    local = _clock_before(zone, at)
    return {"freq": "yearly", "bymonth": local.month, "byday": f"{_nth(local)}{_DAYS[local.weekday()]}"}


def _observance(
    zone: ZoneInfo, begins: datetime, at: datetime, rule: dict[str, object] | None = None
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    local = at.astimezone(zone)
    made = icalendar.TimezoneDaylight() if local.dst() else icalendar.TimezoneStandard()
    made.add("dtstart", begins)
    made.add("tzoffsetfrom", _offset(zone, at - timedelta(minutes=1)))
    made.add("tzoffsetto", _offset(zone, at))
    made.add("tzname", local.tzname() or zone.key)
    if rule:
        made.add("rrule", rule)
    return made
