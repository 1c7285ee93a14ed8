"""The next date becomes a planned meeting; and a meeting without priorities leads to what came of it, nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import calendar
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.meetings.sending import to_send
from sharedtable.method import runs
from sharedtable.partnerships.models import Deadline
from sharedtable.plans import actions, documents, inviting, nexting, queries
from sharedtable.plans.models import Closing, Task
from tests.cast import Cast
from tests.plans.conftest import DAY, ZONE, Launch
from tests.plans.test_pages import client_of, page
from tests.wall.rooms import Room, make_room


def uid_of(content: bytes) -> str:
    return next(line for line in content.decode().splitlines() if line.startswith("UID:"))


def test_the_next_date_becomes_a_meeting_with_the_run_that_fits(launch: Launch) -> None:
    closing = launch.freeze()
    assert closing is not None
    before = Entry.objects.count()
    made = nexting.plan_next(by=launch.convener, closing=closing)
    assert made.starts_at == queries.next_at(closing)
    assert (made.partnership, made.run, made.frozen_at) == (launch.team.partnership, "after-launch", None)
    assert Entry.objects.count() == before + 1
    # Links can go out at once, and calendars take the planned meeting for the date that people took home.
    assert to_send(by=launch.convener, meeting=made).review.count > 0
    assert nexting.plan_next(by=launch.convener, closing=closing) == made
    assert Meeting.objects.filter(run="after-launch").count() == 1


def test_a_calendar_has_one_entry_for_the_next_meeting_before_and_after_it_is_planned(launch: Launch) -> None:
    closing = launch.freeze()
    assert closing is not None
    first = documents.next_date(closing)
    made = nexting.plan_next(by=launch.convener, closing=closing)
    closing.refresh_from_db()
    assert uid_of(first.content) == uid_of(documents.next_date(closing).content)
    assert uid_of(first.content) == uid_of(calendar.file_of(made, "en").content)


def test_an_invitation_names_the_day_on_which_the_planned_meeting_is_now(launch: Launch) -> None:
    closing = launch.freeze()
    assert closing is not None
    task = Task.objects.select_related("closing").get()
    task.person = launch.team.partner
    assert "February 23, 2099" in inviting.draft_of(launch.convener, task).body
    made = nexting.plan_next(by=launch.convener, closing=closing)
    Meeting.objects.filter(pk=made.pk).update(starts_at=made.starts_at + timedelta(days=7))
    moved = Task.objects.select_related("closing__next_meeting").get()
    moved.person = launch.team.partner
    assert "March 2, 2099" in inviting.draft_of(launch.convener, moved).body


@pytest.mark.parametrize(
    ("run", "after"), [("launch", "after-launch"), ("after-launch", "after-launch"), ("brainstorm", "brainstorm")]
)
def test_each_run_has_one_that_fits_after_it(run: str, after: str) -> None:
    assert nexting.run_after(run) == after and after in runs.runs()


def test_without_a_date_nothing_is_planned(launch: Launch) -> None:
    launch.room.number("fay", "stage.set", set={"date": ""})
    closing = launch.freeze()
    assert closing is not None
    with pytest.raises(Refused, match="No next date"):
        nexting.plan_next(by=launch.convener, closing=closing)


def test_who_may_not_change_meetings_plans_none(launch: Launch, cast: Cast) -> None:
    closing = launch.freeze()
    assert closing is not None
    for by in (launch.team.actor("agency"), cast.maine.actor("convener")):
        with pytest.raises(Missing):
            nexting.plan_next(by=by, closing=closing)
    address = reverse("meeting-next", args=["ohio", launch.room.meeting.pk])
    assert cast.client("agency").post(address).status_code == 404
    assert not Meeting.objects.filter(run="after-launch").exists()


def test_a_break_in_the_last_write_plans_nothing(launch: Launch, monkeypatch) -> None:
    closing = launch.freeze()
    assert closing is not None
    monkeypatch.setattr(Closing, "save", lambda *_a, **_k: (_ for _ in ()).throw(RuntimeError("power")))
    with pytest.raises(RuntimeError):
        nexting.plan_next(by=launch.convener, closing=closing)
    assert not Meeting.objects.filter(run="after-launch").exists()


def test_one_button_on_the_page_after_the_close_plans_it(launch: Launch, cast: Cast) -> None:
    launch.freeze()
    number, convener = launch.room.meeting.pk, cast.client("convener")
    address = reverse("meeting-next", args=["ohio", number])
    assert address in page(convener, "meeting-product", "ohio", number)
    assert address not in page(cast.client("agency"), "meeting-product", "ohio", number)
    there = convener.post(address).url
    assert convener.post(address).url == there
    assert "What the champions settled" in convener.get(there).content.decode()
    shown = page(convener, "meeting-product", "ohio", number)
    assert there in shown and address not in shown and "another day or hour" not in shown
    Meeting.objects.filter(run="after-launch").update(starts_at=launch.room.meeting.starts_at)
    assert "another day or hour" in page(convener, "meeting-product", "ohio", number)


def held(team, run: str) -> Room:
    """A brainstorm or a meeting after the launch, with a card, a next date, and closed."""
    room = make_room(team, run=run)
    user = team.users["convener"]
    Participant.objects.filter(pk=room.places["fay"].pk).update(user_id=user.pk)
    first = next(one for one in runs.run(run).segments if one.round)
    room.number("fay", "segment.start", segment=first.id)
    room.number("ann", "note.add", text="Ask the schools")
    room.number("fay", "stage.set", set={"dates": [DAY], "date": DAY, "zone": ZONE})
    actions.freeze(by=team.actor("convener"), meeting=room.meeting)
    room.meeting.refresh_from_db()
    return room


@pytest.mark.parametrize("run", ["brainstorm", "after-launch"])
def test_a_meeting_without_priorities_leads_to_what_came_of_it(cast: Cast, run: str) -> None:
    room = held(cast.ohio, run)
    number, convener = room.meeting.pk, cast.client("convener")
    result = reverse("meeting-result", args=["ohio", number])
    assert convener.get(reverse("meeting-product", args=["ohio", number])).url == result
    assert "Ask the schools" in page(convener, "meeting-result", "ohio", number)
    for kind in ("docx", "pdf", "xlsx"):
        assert convener.get(reverse("meeting-product-file", args=["ohio", number, kind])).status_code == 404
    assert convener.get(reverse("meeting-product-file", args=["ohio", number, "ics"])).status_code == 200
    launch = Launch(room, cast.ohio, {}, {})
    fay, ann = client_of(launch, "fay"), client_of(launch, "ann")
    assert result in page(fay, "live-thanks", number)
    shown = page(ann, "live-thanks", number)
    assert "February 23, 2099" in shown and "practice" not in shown and "product.pdf" not in shown
    assert ann.get(reverse("live-next", args=[number])).status_code == 200
    assert ann.get(reverse("live-product", args=[number, "pdf"])).status_code == 404
    # Its own page has the next date, and can take the closing back.
    on_page = page(convener, "meeting", "ohio", number)
    assert reverse("meeting-next", args=["ohio", number]) in on_page and "This takes back" in on_page
    assert "areas on the shelf that the closing wrote down" not in on_page
    assert ("dates that the closing put on the clock" in on_page) is (run == "after-launch")
    assert "Change this meeting" not in on_page  # its record stays as it is
    convener.post(reverse("meeting-reopen", args=["ohio", number]), {"reason": "too early"})
    assert Meeting.objects.get(pk=number).frozen_at is None


def test_closing_from_the_page_goes_to_what_came_of_it(cast: Cast) -> None:
    room = make_room(cast.ohio, run="brainstorm")
    answer = cast.client("convener").post(reverse("meeting-freeze", args=["ohio", room.meeting.pk]))
    assert answer.url == reverse("meeting-result", args=["ohio", room.meeting.pk])


def test_a_meeting_after_the_launch_starts_its_dates_and_a_brainstorm_none(cast: Cast) -> None:
    held(cast.ohio, "brainstorm")
    assert not Deadline.objects.exists()
    held(cast.ohio, "after-launch")
    found = {one.key: one for one in Deadline.objects.all()}
    assert set(found) == {"summary", "updates", "next_meeting"}
    assert found["next_meeting"].planned_on.isoformat() == DAY[:10]
    cast.ohio.partnership.refresh_from_db()
    assert cast.ohio.partnership.launch_on is None


def test_a_partner_at_a_refresh_can_go_over_to_the_debrief_too(cast: Cast) -> None:
    first = make_room(cast.ohio)
    room = make_room(cast.ohio, run="refresh")
    Meeting.objects.filter(pk=room.meeting.pk).update(follows=first.meeting)
    pat = client_of(Launch(room, cast.ohio, {}, {}), "pat")
    assert 'id="over"' in page(pat, "live", room.meeting.pk)


def test_a_meeting_planned_for_a_date_that_the_room_changed_since_is_not_what_letters_and_calendars_say(
    launch: Launch, cast: Cast
) -> None:
    first = launch.freeze()
    assert first is not None
    made = nexting.plan_next(by=launch.convener, closing=first)
    actions.reopen(by=launch.convener, meeting=launch.room.meeting, reason="The plant is shut that day")
    launch.room.board.meeting.refresh_from_db()
    launch.room.number("fay", "stage.set", set={"date": "2099-03-09T09:00"})
    second = launch.freeze()
    assert second is not None and second.next_meeting == made and second.planned is None
    said = documents.next_date(second).content.decode()
    assert "20990309T090000" in said and "SEQUENCE:1" in said
    task = Task.objects.select_related("closing__next_meeting").filter(closing=second).get()
    task.person = launch.team.partner
    assert "March 9, 2099" in inviting.draft_of(launch.convener, task).body
    shown = page(cast.client("convener"), "meeting-product", "ohio", launch.room.meeting.pk)
    assert "another day or hour than the room chose" in shown
    Meeting.objects.filter(pk=made.pk).update(starts_at=queries.next_at(second))
    assert Closing.objects.get(pk=second.pk).planned == made
