"""The clock: what a meeting makes due, what is late, and the sample of the method."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import clock_queries, clocking


def states(world, today: date) -> dict[str, clock_queries.Due]:
    return {due.deadline.key: due for due in clock_queries.clock(world.by, world.one, today)}


def test_the_sample_summary_of_2012_has_its_calls_and_its_second_meeting_late(world) -> None:
    clocking.set_meeting(by=world.by, partnership=world.one, on=date(2012, 12, 18), is_launch=True)
    for key, day in (("calls", date(2013, 1, 21)), ("second_meeting", date(2013, 2, 26))):
        deadline = world.one.deadlines.get(key=key)
        clocking.change_deadline(by=world.by, deadline=deadline, planned_on=day)
    found = states(world, date(2012, 12, 20))  # told on the day on which it is planned, not when it is too late
    assert found["calls"].is_late and found["second_meeting"].is_late
    assert found["calls"].says == "Day 34 after the meeting; due by day 30."
    assert found["second_meeting"].says == "Day 70 after the meeting; due by day 60."
    assert not found["summary"].is_late


def test_a_launch_makes_everything_due_that_the_method_names(world, entries) -> None:
    clocking.set_meeting(by=world.by, partnership=world.one, on=date(2026, 3, 2), is_launch=True)
    due = {deadline.key: deadline.due_on for deadline in world.one.deadlines.all()}
    assert due == {
        "summary": date(2026, 3, 9),
        "calls": date(2026, 4, 1),
        "updates": date(2026, 4, 27),
        "second_meeting": date(2026, 5, 1),
        "early_wins": date(2026, 5, 1),
        "next_meeting": date(2026, 6, 2),
    }
    assert world.one.launch_on == date(2026, 3, 2)
    assert entries("meeting.set") == 1


def test_a_later_meeting_starts_only_what_every_meeting_starts_and_twice_is_harmless(world) -> None:
    for _again in range(2):
        clocking.set_meeting(by=world.by, partnership=world.one, on=date(2026, 6, 1), is_launch=False)
    assert {deadline.key for deadline in world.one.deadlines.all()} == {"summary", "updates", "next_meeting"}
    assert world.one.launch_on is None


def test_a_launch_that_moves_takes_what_is_not_done_along(world) -> None:
    clocking.set_meeting(by=world.by, partnership=world.one, on=date(2026, 3, 2), is_launch=True)
    done = world.one.deadlines.get(key="summary")
    clocking.change_deadline(by=world.by, deadline=done, done_on=date(2026, 3, 5))
    clocking.set_meeting(by=world.by, partnership=world.one, on=date(2026, 4, 2), is_launch=True)
    assert world.one.deadlines.filter(meeting_on=date(2026, 3, 2)).get().key == "summary"
    assert world.one.deadlines.get(key="calls").due_on == date(2026, 5, 2)


def test_late_today_soon_and_done_are_told_apart(world) -> None:
    today = timezone.localdate()
    for title, days in (("late", -1), ("today", 0), ("soon", 3), ("ahead", 40)):
        clocking.add_deadline(by=world.by, partnership=world.one, title=title, due_on=today + timedelta(days=days))
    for due in clock_queries.clock(world.by, world.one, today):
        assert due.state == due.title
    late = world.one.deadlines.get(title="late")
    clocking.change_deadline(by=world.by, deadline=late, done_on=today)
    assert clock_queries.due(world.one.deadlines.get(pk=late.pk), today).state == "done_late"


def test_nobody_is_done_tomorrow_and_nothing_goes_to_a_seat_that_ended(world) -> None:
    made = clocking.add_deadline(by=world.by, partnership=world.one, title="Call", due_on=timezone.localdate())
    with pytest.raises(Refused, match="still to come"):
        clocking.change_deadline(by=world.by, deadline=made, done_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Missing):
        clocking.live_seat(world.one, world.cast.maine.chair_seat.pk)


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_nobody_but_a_convener_sets_the_clock(world, role) -> None:
    with pytest.raises(Missing):
        clocking.set_meeting(by=world.team.actor(role), partnership=world.one, on=date(2026, 3, 2), is_launch=True)
    assert world.one.deadlines.count() == 0
