"""Calendar files: what RFC 5545 and 5546 ask, written out as rules, and hours that stay when the clocks change."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.exports import Attendee, Event, to_ics
from tests.exports.test_any_text import ANY

COLUMBUS = ZoneInfo("America/New_York")
CHANGED = datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)
CHAIR, READER = Attendee("chair@plastics.example", "Casey Chair"), Attendee("pat@college.example", 'Pat "P." Lee; Dean')


def meeting(**changes: object) -> Event:
    event = Event(
        uid="meeting-12@sharedtable.example",
        title="Launch: plastics, in Lakeside; bring questions",
        starts=datetime(2027, 3, 12, 9, 0, tzinfo=COLUMBUS),
        ends=datetime(2027, 3, 12, 11, 0, tzinfo=COLUMBUS),
        changed_at=CHANGED,
        place="Lakeside Community College, room 2",
        description="Nine to eleven.\nCoffee from half past eight.",
        address="https://sharedtable.example/m/12",
        organizer=CHAIR,
        reader=READER,
    )
    return replace(event, **changes)


def check(data: bytes) -> icalendar.Calendar:
    """The rules of the RFCs that calendars really trip over."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in lines), "lines are folded at 75 octets"
    text = data.decode("utf-8").replace("\r\n ", "")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text.replace("\r\n", ""))
    calendar = icalendar.Calendar.from_ical(data)
    assert not calendar.errors
    assert (calendar["version"], calendar["calscale"]) == ("2.0", "GREGORIAN")
    assert calendar["prodid"]
    assert len(calendar.walk("VCALENDAR")) == 1
    zones = [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")]
    assert len(set(zones)) == len(zones)
    used = set(re.findall(r"TZID=([^:;]+)[:;]", text))
    assert used == set(zones), "each zone that is named has its rules in the file, and no other"
    uids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert len(set(uids)) == len(uids)
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"):
            assert len(re.findall(rf"^{name}[;:]", event.to_ical().decode(), re.MULTILINE)) == 1, name
        assert event["dtstamp"].dt.tzinfo is not None and event["dtstamp"].dt.utcoffset() == timedelta(0)
        assert event["dtend"].dt > event["dtstart"].dt
        people = event.get("attendee", [])
        people = people if isinstance(people, list) else [people]
        if calendar["method"] == "PUBLISH":
            assert people == []  # RFC 5546, 3.2.1
        else:
            assert len(people) == 1
            assert "organizer" in event
            assert str(people[0]).startswith("mailto:")
    return calendar


def by_the_rules(zone: icalendar.Timezone, local: datetime) -> timedelta:
    """The offset at a wall clock time as the VTIMEZONE itself says it: an own reading of the rules, for the test."""
    latest, offset = None, None
    for part in zone.subcomponents:
        begins = part["dtstart"].dt
        times = [begins]
        if "rrule" in part:
            times = list(rrulestr(part["rrule"].to_ical().decode(), dtstart=begins).between(begins, local, inc=True))
        for at in times:
            if at <= local and (latest is None or at > latest):
                latest, offset = at, part["tzoffsetto"].td
    assert offset is not None
    return offset


def test_an_invitation_names_only_the_one_who_reads_it() -> None:
    event = check(to_ics([meeting()], method="REQUEST")).walk("VEVENT")[0]
    assert str(event["attendee"]) == "mailto:pat@college.example"
    assert event["attendee"].params["RSVP"] == "TRUE"
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert str(event["organizer"]) == "mailto:chair@plastics.example"
    assert event["summary"] == "Launch: plastics, in Lakeside; bring questions"
    assert event["description"] == "Nine to eleven.\nCoffee from half past eight."


def test_a_change_keeps_the_uid_and_counts_up_and_a_cancellation_takes_it_away() -> None:
    first = check(to_ics([meeting()], method="REQUEST")).walk("VEVENT")[0]
    moved = meeting(sequence=1, place="Room 9")
    second = check(to_ics([moved], method="REQUEST")).walk("VEVENT")[0]
    gone = check(to_ics([replace(moved, sequence=2)], method="CANCEL"))
    assert first["uid"] == second["uid"] == gone.walk("VEVENT")[0]["uid"]
    assert [one["sequence"] for one in (first, second, gone.walk("VEVENT")[0])] == [0, 1, 2]
    assert (gone["method"], gone.walk("VEVENT")[0]["status"]) == ("CANCEL", "CANCELLED")
    assert "RSVP" not in gone.walk("VEVENT")[0]["attendee"].params


@pytest.mark.parametrize(
    "day", [(2027, 3, 12), (2027, 3, 15), (2027, 11, 5), (2027, 11, 8), (2027, 1, 4), (2028, 7, 3)]
)
def test_nine_o_clock_stays_nine_o_clock_before_and_after_the_clocks_change(day: tuple[int, int, int]) -> None:
    starts = datetime(*day, 9, 0, tzinfo=COLUMBUS)
    calendar = check(to_ics([meeting(starts=starts, ends=starts + timedelta(hours=2))], method="REQUEST"))
    event, zone = calendar.walk("VEVENT")[0], calendar.walk("VTIMEZONE")[0]
    assert event["dtstart"].to_ical() == starts.strftime("%Y%m%dT090000").encode()
    assert by_the_rules(zone, starts.replace(tzinfo=None)) == starts.utcoffset()


def test_outlook_gets_one_rule_for_each_half_of_the_year() -> None:
    zone = check(to_ics([meeting()])).walk("VTIMEZONE")[0]
    assert sorted(part.name for part in zone.subcomponents) == ["DAYLIGHT", "STANDARD"]
    assert all("rrule" in part for part in zone.subcomponents)


AMERICAN = sorted(name for name in available_timezones() if name.startswith(("America/", "US/", "Pacific/H")))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([*AMERICAN, "Europe/Madrid", "Australia/Sydney", "Africa/Casablanca", "Asia/Kathmandu"]),
    st.dates(date(2015, 1, 1), date(2031, 12, 31)),
)
def test_in_every_zone_the_rules_of_the_file_give_the_offset_of_the_day(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    starts = datetime(day.year, day.month, day.day, 12, tzinfo=zone)  # no clock changes at noon
    calendar = check(to_ics([meeting(starts=starts, ends=starts + timedelta(hours=1))]))
    assert by_the_rules(calendar.walk("VTIMEZONE")[0], starts.replace(tzinfo=None)) == starts.utcoffset()


def test_a_night_meeting_across_the_change_lasts_as_long_as_it_really_does() -> None:
    night = meeting(
        starts=datetime(2027, 3, 14, 1, 0, tzinfo=COLUMBUS), ends=datetime(2027, 3, 14, 4, 0, tzinfo=COLUMBUS)
    )
    assert night.length == timedelta(hours=2)
    check(to_ics([night]))


def test_a_day_that_something_is_due_blocks_no_time_and_needs_no_zone() -> None:
    due = meeting(starts=date(2027, 4, 1), ends=date(2027, 4, 2))
    calendar = check(to_ics([due], name="Fechas: café"))
    assert calendar.walk("VTIMEZONE") == []
    assert calendar.walk("VEVENT")[0]["dtstart"].to_ical() == b"20270401"
    assert calendar.walk("VEVENT")[0]["transp"] == "TRANSPARENT"
    assert calendar["x-wr-calname"] == "Fechas: café"


def test_a_feed_of_several_meetings_names_nobody_as_invited() -> None:
    data = to_ics([meeting(), meeting(uid="meeting-13@sharedtable.example")])
    check(data)
    assert b"pat@college" not in data.replace(b"\r\n ", b"")


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_any_text_makes_a_calendar_that_keeps_the_rules(text: str, other: str) -> None:
    event = meeting(title=f"x{text}", description=other, place=text, reader=Attendee("a@b.example", other))
    back = check(to_ics([event], method="REQUEST")).walk("VEVENT")[0]
    assert back["summary"] == event.title
    assert back.get("description", "") == event.description


@pytest.mark.parametrize(
    "change",
    [
        {"uid": "with space"},
        {"uid": ""},
        {"title": " "},
        {"sequence": -1},
        {"address": "javascript:alert(1)"},
        {"starts": CHANGED.replace(tzinfo=None)},
        {"starts": datetime(2027, 3, 12, 9, 0, tzinfo=UTC)},
        {"starts": date(2027, 3, 12)},
        {"ends": datetime(2027, 3, 12, 8, 0, tzinfo=COLUMBUS)},
        {"changed_at": CHANGED.replace(tzinfo=None)},
    ],
)
def test_an_event_that_no_calendar_could_read_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Refused):
        meeting(**change)


def test_an_address_cannot_bring_lines_of_its_own() -> None:
    for address in ("a@b.example\r\nATTENDEE:mailto:x@y.example", "a b@c.example", "nobody", "a;b@c.example"):
        with pytest.raises(Refused):
            Attendee(address)


def test_a_request_without_a_reader_or_about_two_things_is_refused() -> None:
    for events in ([meeting(reader=None)], [meeting(organizer=None)], [meeting(), meeting(uid="other@x.example")], []):
        with pytest.raises(Refused):
            to_ics(events, method="REQUEST")
