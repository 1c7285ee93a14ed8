"""Opening a closed meeting again takes back what the closing put on the clock, and keeps what was built on it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from sharedtable.ledger.models import Entry
from sharedtable.meetings.actions import day_of
from sharedtable.partnerships import clocking
from sharedtable.partnerships.models import Deadline
from sharedtable.people.actions.entries import add_person
from sharedtable.people.actions.erasing import erase
from sharedtable.plans import actions, inviting, nexting
from sharedtable.plans.models import Closing, Task
from sharedtable.steps.facts import Facts
from tests.cast import Cast
from tests.plans.conftest import DAY, Launch
from tests.plans.test_pages import page


def keys(launch: Launch) -> set[str]:
    return set(Deadline.objects.filter(partnership=launch.team.partnership).values_list("key", flat=True))


def reopen(launch: Launch) -> None:
    actions.reopen(by=launch.convener, meeting=launch.room.meeting, reason="Pressed too early")
    launch.room.board.meeting.refresh_from_db()
    launch.team.partnership.refresh_from_db()


def test_the_dates_that_the_closing_started_go_with_it(launch: Launch) -> None:
    own = clocking.add_deadline(
        by=launch.convener, partnership=launch.team.partnership, title="Ours", due_on=date(2027, 1, 1)
    )
    launch.freeze()
    assert len(keys(launch)) > 4
    before = Entry.objects.count()
    reopen(launch)
    assert list(Deadline.objects.filter(partnership=launch.team.partnership)) == [own]
    assert launch.team.partnership.launch_on is None
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True))[before:] == [
        "meeting.unset", "meeting.reopen",
    ]  # fmt: skip
    # Closed anew, they start again, once.
    launch.freeze()
    assert Deadline.objects.filter(partnership=launch.team.partnership, key="second_meeting").count() == 1


def test_a_date_that_somebody_worked_on_stays(launch: Launch) -> None:
    launch.freeze()
    found = {one.key: one for one in Deadline.objects.filter(partnership=launch.team.partnership)}
    by = launch.convener
    clocking.change_deadline(by=by, deadline=found["summary"], done_on=timezone.localdate())
    clocking.change_deadline(by=by, deadline=found["calls"], seat=launch.team.chair_seat)
    clocking.change_deadline(by=by, deadline=found["early_wins"], note="With the college")
    clocking.change_deadline(by=by, deadline=found["second_meeting"], planned_on=date(2099, 3, 1))
    reopen(launch)
    assert keys(launch) == {"summary", "calls", "early_wins", "second_meeting"}
    launch.freeze()
    assert Deadline.objects.filter(partnership=launch.team.partnership, key="summary").count() == 1


def test_a_clock_that_ran_before_the_closing_runs_on_as_it_was(launch: Launch) -> None:
    day = day_of(launch.room.meeting)
    clocking.set_meeting(by=launch.convener, partnership=launch.team.partnership, on=day, is_launch=True)
    second = Deadline.objects.get(partnership=launch.team.partnership, key="second_meeting")
    clocking.change_deadline(by=launch.convener, deadline=second, planned_on=date(2099, 1, 1))
    before = keys(launch)
    launch.freeze()
    second.refresh_from_db()
    assert second.planned_on == date.fromisoformat(DAY[:10])
    reopen(launch)
    second.refresh_from_db()
    assert second.planned_on == date(2099, 1, 1)
    assert keys(launch) == before and launch.team.partnership.launch_on == day


def test_the_clock_of_another_launch_comes_back(launch: Launch) -> None:
    earlier = day_of(launch.room.meeting) - timedelta(days=30)
    clocking.set_meeting(by=launch.convener, partnership=launch.team.partnership, on=earlier, is_launch=True)
    calls = Deadline.objects.get(partnership=launch.team.partnership, key="calls")
    clocking.change_deadline(by=launch.convener, deadline=calls, seat=launch.team.chair_seat)
    before = set(Deadline.objects.values_list("key", "meeting_on", "due_on", "seat"))
    launch.freeze()
    assert not Deadline.objects.filter(meeting_on=earlier).exists()
    reopen(launch)
    assert set(Deadline.objects.values_list("key", "meeting_on", "due_on", "seat")) == before
    assert launch.team.partnership.launch_on == earlier


def test_whom_somebody_found_for_an_invitation_and_the_planned_meeting_are_kept_for_the_next_closing(
    launch: Launch,
) -> None:
    closing = launch.freeze()
    assert closing is not None
    person = add_person(by=launch.convener, values={"name": "Gil Grant", "email": "g@x.example"})
    inviting.link(by=launch.convener, task=Task.objects.get(), person_id=person.pk)
    planned = nexting.plan_next(by=launch.convener, closing=closing)
    reopen(launch)
    again = launch.freeze()
    assert again is not None and again != closing
    assert again.tasks.get().person == person
    assert again.next_meeting == planned


def test_priorities_of_a_closing_that_was_taken_back_count_nowhere(launch: Launch) -> None:
    launch.freeze()
    assert len(Facts(launch.convener, launch.team.partnership).priorities) == 1
    reopen(launch)
    assert Facts(launch.convener, launch.team.partnership).priorities == []


def test_the_page_says_what_opening_again_takes_back_and_what_it_leaves(launch: Launch, cast: Cast) -> None:
    launch.freeze()
    for language, words in (
        ("en", ("This takes back", "This leaves", "dates that the closing put on the clock")),
        ("es", ("Esto se retira", "Esto se queda", "fechas que el cierre puso en el reloj")),
    ):
        convener = cast.client("convener")
        convener.cookies["language"] = language
        shown = page(convener, "meeting-product", "ohio", launch.room.meeting.pk)
        assert all(one in shown for one in words)


def test_a_person_who_is_erased_is_not_named_in_the_reason_either(launch: Launch) -> None:
    launch.freeze()
    name = launch.team.champion.name
    actions.reopen(by=launch.convener, meeting=launch.room.meeting, reason=f"{name} asked us to")
    erase(by=launch.convener, pk=launch.team.champion.pk)
    assert name not in Closing.objects.get().reason and "asked us to" in Closing.objects.get().reason
