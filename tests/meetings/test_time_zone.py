"""A team reads the clock of its own place: meetings are typed, shown and put into calendars in its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts import zones
from sharedtable.accounts.actions import change_space
from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import Space
from sharedtable.errors import Refused
from sharedtable.meetings import actions, calendar
from sharedtable.meetings.models import Meeting
from sharedtable.partnerships import clocking
from sharedtable.partnerships.models import Scope
from sharedtable.people.models import Consent
from sharedtable.plans import correcting
from sharedtable.plans.models import Priority, Shelved
from sharedtable.web.actor import link_cookie
from sharedtable.worksheets import evidence
from tests.plans.conftest import make_launch
from tests.web.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def east(cast):
    """The team of Ohio, on Eastern time."""
    Space.objects.filter(pk=cast.ohio.space.pk).update(time_zone="America/New_York")
    return cast


def plan(cast, starts_at: str, **more: str):
    form = {"partnership": cast.ohio.partnership.pk, "run": "launch", "title": "Launch", "starts_at": starts_at, **more}
    return cast.client("convener").post(reverse("meeting-plan", args=["ohio"]), form)


@pytest.mark.parametrize(("typed", "instant", "shown"), [
    ("2027-01-14T09:00", datetime(2027, 1, 14, 14, tzinfo=UTC), "9 a.m. EST"),
    ("2027-07-14T09:00", datetime(2027, 7, 14, 13, tzinfo=UTC), "9 a.m. EDT"),
    ("2027-11-07T01:30", datetime(2027, 11, 7, 5, 30, tzinfo=UTC), "1:30 a.m."),  # comes twice: the first
])  # fmt: skip
def test_a_meeting_is_typed_and_shown_in_the_zone_of_the_team_on_both_sides_of_the_change(east, typed, instant, shown):
    assert plan(east, typed).status_code == 302
    made = Meeting.objects.get()
    assert made.starts_at == instant
    page = east.client("convener").get(reverse("meeting", args=["ohio", made.pk]))
    assert shown in words(page) and "America/New_York" in words(page)
    assert f'value="{typed}"' in page.content.decode()


def test_an_hour_that_the_clocks_skip_is_refused_with_what_was_typed(east):
    answer = plan(east, "2027-03-14T02:30")
    assert answer.status_code == 422
    assert "That hour does not exist" in words(answer)
    assert 'value="2027-03-14T02:30"' in answer.content.decode()
    assert not Meeting.objects.exists()


def test_the_calendar_file_carries_the_zone_and_its_rules(east):
    plan(east, "2027-03-13T23:30", place="Hall")
    made = Meeting.objects.get()
    answer = east.client("convener").get(reverse("meeting-calendar", args=["ohio", made.pk]))
    assert answer["Content-Type"].startswith("text/calendar")
    found = icalendar.Calendar.from_ical(answer.content)
    assert [one["TZID"] for one in found.walk("VTIMEZONE")] == ["America/New_York"]
    event = found.walk("VEVENT")[0]
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=-5)
    # Two hours on the clock, across the night on which it goes forward at two.
    assert event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC) == timedelta(minutes=120)
    assert b"\r\n" in answer.content
    before = int(event["SEQUENCE"])
    actions.change(
        by=east.ohio.actor("convener"), meeting=made, version=made.version, title="Launch", place="Other hall",
        starts_at=made.starts_at, minutes={}, has_lobby=True, shows_list=True,
    )  # fmt: skip
    made.refresh_from_db()
    assert calendar.event_of(made).sequence == before + 1
    assert calendar.event_of(made).uid == str(event["UID"])


def test_a_team_without_a_zone_reads_world_time(cast):
    assert plan(cast, "2027-07-14T09:00").status_code == 302
    assert Meeting.objects.get().starts_at == datetime(2027, 7, 14, 9, tzinfo=UTC)
    assert "9 a.m. UTC" in words(
        cast.client("convener").get(reverse("meeting", args=["ohio", Meeting.objects.get().pk]))
    )


def test_one_team_does_not_see_the_clock_of_another(east):
    plan(east, "2027-01-14T09:00")
    form = {"partnership": east.maine.partnership.pk, "run": "launch", "title": "L", "starts_at": "2027-01-14T09:00"}
    client = east.client("convener", "maine")
    assert client.post(reverse("meeting-plan", args=["maine"]), form).status_code == 302
    made = Meeting.objects.get(space=east.maine.space)
    assert "9 a.m. UTC" in words(client.get(reverse("meeting", args=["maine", made.pk])))


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_zone_is_chosen_in_the_settings_from_a_list_alone(cast):
    client, page = cast.client("admin"), reverse("team-settings", args=["ohio"])
    said = words(client.get(page))
    assert "Eastern time" in said and "Time zone" in said
    space = cast.ohio.space
    form = {"name": space.name, "reply_to": "", "language": "en", "records_notice": "", "version": space.version}
    assert client.post(page, {**form, "time_zone": "America/Denver"}).status_code == 302
    space.refresh_from_db()
    assert space.zone.key == "America/Denver"
    assert client.post(page, {**form, "version": space.version, "time_zone": "Mars/Base"}).status_code == 422
    given = {**form, "version": space.version, "time_zone": "Mars/Base"}
    with pytest.raises(Refused, match="from the list"):
        change_space(by=cast.ohio.actor("admin"), **given)


def test_every_state_has_a_zone_and_every_zone_exists():
    assert len(zones.USUAL) >= 51
    assert set(zones.USUAL.values()) <= set(zones.names())
    assert all(zones.zone(name).key == name for name in zones.names()[:40])
    assert zones.zone("No/Such").key == "UTC"


# --- the clock and the meeting are one --------------------------------------------------------------------------------


def test_planning_a_launch_sets_its_day_on_the_clock_and_moving_it_moves_the_clock(east):
    assert plan(east, "2027-01-14T22:00", starts_clock="on").status_code == 302
    one = east.ohio.partnership
    one.refresh_from_db()
    assert one.launch_on == date(2027, 1, 14)  # the day there, although it is the fifteenth in world time
    days = set(one.deadlines.values_list("meeting_on", flat=True))
    assert days == {date(2027, 1, 14)}
    made = Meeting.objects.get()
    actions.change(
        by=east.ohio.actor("convener"), meeting=made, version=made.version, title="Launch", place="",
        starts_at=made.starts_at + timedelta(days=7), minutes={}, has_lobby=True, shows_list=True,
    )  # fmt: skip
    one.refresh_from_db()
    assert one.launch_on == date(2027, 1, 21)
    assert set(one.deadlines.values_list("meeting_on", flat=True)) == {date(2027, 1, 21)}


def test_without_the_tick_the_clock_stays_and_a_practice_never_touches_it(cast):
    assert plan(cast, "2027-01-14T09:00").status_code == 302
    cast.ohio.partnership.refresh_from_db()
    assert cast.ohio.partnership.launch_on is None
    actions.plan(
        by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, run="launch", title="Try", place="",
        starts_at=datetime(2027, 1, 7, 9, tzinfo=UTC), is_practice=True, starts_clock=True,
    )  # fmt: skip
    assert not cast.ohio.partnership.deadlines.exists()


def test_a_meeting_without_a_clock_moves_nothing(cast):
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    clocking.set_meeting(by=by, partnership=one, on=date(2027, 2, 1), is_launch=True)
    assert (
        clocking.move_meeting(by=by, partnership=one, old=date(2027, 3, 1), new=date(2027, 3, 8), is_launch=True) == []
    )
    one.refresh_from_db()
    assert one.launch_on == date(2027, 2, 1)


def test_the_meetings_of_a_partnership_stand_on_their_own_tab(east):
    plan(east, "2030-01-14T09:00", starts_clock="on")
    page = words(east.client("convener").get("/s/ohio/p/plastics/meetings/"))
    assert "Launch" in page and "on the clock" in page and "For my calendar" in page
    assert east.client("adviser").get("/s/ohio/p/plastics/meetings/").status_code == 404
    Meeting.objects.all().delete()
    assert "The launch has a day, but no meeting" in words(east.client("convener").get("/s/ohio/p/plastics/meetings/"))


# The evening of February 28 in Ohio is March 1 in UTC.
EVENING = datetime(2027, 3, 1, 2, 30, tzinfo=UTC)


def test_what_is_written_of_an_evening_bears_the_day_of_the_team(east):
    team = east.ohio
    team.space.refresh_from_db()
    Consent.objects.create(
        space=team.space,
        person=team.chair,
        key="listed_as_member",
        is_given=True,
        how="said",
        at=EVENING,
        by="operator",
    )
    link, token = make_link(by=team.actor("convener"), purpose="held", person_id=team.chair.pk)
    browser = east.client("visitor")
    browser.cookies[link_cookie(link.pk)] = token
    copy = browser.get(reverse("held-copy", args=[link.pk, "csv"])).content.decode()
    assert "2027-02-28" in copy and "2027-03-01" not in copy
    Scope.objects.create(
        space=team.space, partnership=team.partnership, version=1, region_name="R", sector_name="S", made_at=EVENING,
        made_by="operator",
    )  # fmt: skip
    lines = dict(evidence.EVIDENCE["scope"](team.space, team.partnership, "en"))
    assert lines["Version"] == "1, February 28, 2027"


def test_a_priority_that_loses_its_last_champion_in_the_evening_rests_from_that_day(east, monkeypatch):
    Space.objects.filter(pk=east.ohio.space.pk).update(time_zone="America/New_York")
    launch = make_launch(east.ohio)
    launch.freeze()
    priority = Priority.objects.get(title="Skills")
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    for version, champion in enumerate(priority.champions.all(), 1):
        correcting.withdraw_champion(by=launch.convener, champion=champion, version=version, reason="r")
    assert Shelved.objects.get(title="Skills").rests_until == date(2028, 2, 28)
