"""From a wall with cards to the frozen record: what is written, what is refused, and nothing by halves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sharedtable.accounts.models import Space
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships.models import Deadline
from sharedtable.plans import actions, closing_queries, documents, queries
from sharedtable.plans.models import Card, Champion, Closing, Priority, Shelved, Task
from sharedtable.wall import doorbell
from sharedtable.wall.actions import admit, change_table, show_out, write_down
from sharedtable.wall.models import Board, Event
from tests.cast import Cast
from tests.plans.conftest import DAY, ZONE, Launch, make_launch

EVERY = (Closing, Priority, Champion, Shelved, Card, Task)


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in EVERY}


def test_a_wall_becomes_the_record(launch: Launch) -> None:
    closing = launch.freeze()
    assert closing is not None
    assert Meeting.objects.get(pk=launch.room.meeting.pk).frozen_at
    skills = Priority.objects.get()
    assert (skills.title, skills.said, skills.champions_count, skills.business_cards_count) == (
        "Skills", "Start with one class", 2, 3,
    )  # fmt: skip
    names = {(one.name, one.company, one.person) for one in skills.champions.all()}
    assert names == {
        ("Ann Alvarez", "Lakeside Plastics", launch.team.champion), ("Bo Baker", "Northern Tool", None),
    }  # fmt: skip
    assert {(one.title, one.reason) for one in Shelved.objects.all()} == {("Rail", "no_words"), ("Export", "no_name")}
    assert (closing.next_local, closing.next_zone) == (DAY, ZONE)
    assert closing.companies == ["Lakeside Plastics", "Northern Tool"]
    assert (closing.inner_count, closing.outer_count) == (2, 1)


def test_only_those_who_were_there_are_counted_and_each_once(launch: Launch) -> None:
    fay, now = launch.room.places["fay"], timezone.now()
    wrong = write_down(by=fay, name="Wrong Person", company="Wrong Company")
    show_out(by=fay, number=wrong.pk)
    again = {"name": "Bo Baker", "company": "Northern Tool", "role": "participant", "table": "inner"}  # a second phone
    Participant.objects.create(
        space=launch.team.space, meeting=launch.room.meeting, asked_at=now, admitted_at=now, **again
    )
    closing = launch.freeze()
    assert closing is not None
    assert closing.companies == ["Lakeside Plastics", "Northern Tool"]
    assert (closing.inner_count, closing.outer_count) == (2, 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda fay, ann: write_down(by=fay, name="Late Person", company="Late Company"),
        lambda fay, ann: show_out(by=fay, number=ann.pk),
        lambda fay, ann: change_table(by=fay, number=ann.pk, table="outer"),
        lambda fay, ann: admit(by=fay),
    ],
)
def test_nobody_changes_who_was_there_once_the_meeting_is_closed(launch: Launch, act) -> None:
    launch.freeze()
    people = list(Participant.objects.order_by("pk").values())
    fay = Participant.objects.select_related("meeting").get(pk=launch.room.places["fay"].pk)
    with pytest.raises(Refused, match="closed"):
        act(fay, launch.room.places["ann"])
    assert list(Participant.objects.order_by("pk").values()) == people


def test_an_evening_meeting_starts_the_clock_on_its_own_day_and_not_on_that_of_utc(launch: Launch) -> None:
    Space.objects.filter(pk=launch.team.space.pk).update(time_zone="America/New_York")
    evening = datetime(2027, 1, 14, 19, 30, tzinfo=ZoneInfo("America/New_York"))
    Meeting.objects.filter(pk=launch.room.meeting.pk).update(starts_at=evening)
    launch.room.meeting.refresh_from_db()
    launch.freeze()
    launch.team.partnership.refresh_from_db()
    assert launch.team.partnership.launch_on == evening.date()
    assert set(Deadline.objects.exclude(key="").values_list("meeting_on", flat=True)) == {evening.date()}
    assert Deadline.objects.get(key="second_meeting").planned_on is not None
    made = documents.product_document(queries.product(launch.convener, launch.room.meeting.pk))
    assert made.created_on == evening.date()


def test_every_priority_leads_back_to_the_cards_and_who_wrote_them(launch: Launch) -> None:
    launch.freeze()
    cards = {one.text: one for one in Priority.objects.get().cards.all()}
    assert set(cards) == {"Train welders with the college", "Shop math before the first day", "Share one trainer"}
    weld, shared = cards["Train welders with the college"], cards["Share one trainer"]
    assert (weld.participant, weld.table, weld.answers) == (launch.room.places["ann"], "inner", "New products")
    # The scribe wrote it; the words are Bo's.
    assert (shared.participant, shared.said_by) == (launch.room.places["bo"], "Bo Baker")


def test_no_private_withdrawn_or_hidden_card_gets_into_the_record(launch: Launch) -> None:
    launch.freeze()
    texts = set(Card.objects.values_list("text", flat=True))
    assert not texts & {"Ask about the lab", "Never mind", "Not for the screen"}
    tax = Card.objects.get(text="Lower the federal tax")
    assert tax.is_parked and tax.priority is None and tax.shelved is None


def test_a_champion_on_cards_of_partners_alone_makes_no_priority(launch: Launch) -> None:
    launch.freeze()
    rail = Shelved.objects.get(title="Rail")
    assert rail.reason == Shelved.Reason.NO_WORDS
    assert rail.cards.get().table == "outer"


def test_an_area_becomes_a_priority_once_a_business_member_says_it_in_their_words(launch: Launch) -> None:
    launch.room.number("fay", "segment.start", segment="requirements")
    card = launch.room.number("bo", "note.add", text="We ship by truck what should go by rail")
    launch.room.number("fay", "note.place", note=card, cluster=launch.areas["Rail"])
    launch.freeze()
    assert set(Priority.objects.values_list("title", flat=True)) == {"Skills", "Rail"}


def test_somebody_moved_to_the_outer_table_after_signing_is_no_champion(launch: Launch) -> None:
    Participant.objects.filter(pk=launch.room.places["ann"].pk).update(table="outer", role="partner")
    Participant.objects.filter(pk=launch.room.places["bo"].pk).update(table="outer", role="partner")
    launch.freeze()
    assert not Priority.objects.exists()
    assert set(Shelved.objects.values_list("title", flat=True)) == {"Skills", "Rail", "Export"}


def test_the_database_itself_refuses_a_priority_without_a_champion(launch: Launch) -> None:
    launch.freeze()
    for field in ("champions_count", "business_cards_count"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Priority.objects.update(**{field: 0})


def test_one_invitation_for_each_missing_peer_with_who_suggested_them(launch: Launch) -> None:
    launch.freeze()
    task = Task.objects.get()
    assert (task.name, task.company, task.area) == ("Gil Grant", "Granite Works", "Skills")
    assert task.suggested_by == launch.room.places["bo"]
    assert task.due_on is not None and task.due_on.isoformat() == "2099-01-19"  # five weeks before the next meeting


def test_closing_starts_the_clock_and_plans_the_day_that_the_room_chose(launch: Launch) -> None:
    launch.freeze()
    found = {one.key: one for one in Deadline.objects.filter(partnership=launch.team.partnership)}
    assert {"summary", "calls", "second_meeting", "early_wins"} <= set(found)
    assert found["second_meeting"].planned_on.isoformat() == "2099-02-23"


def test_closing_leaves_one_entry_of_each_kind_in_the_ledger(launch: Launch) -> None:
    before = Entry.objects.count()
    launch.freeze()
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))[before:]
    assert sorted(verbs) == sorted(
        ["closing.attendance", "priorities.write", "champions.write", "shelf.write", "cards.write", "tasks.write",
         "meeting.set", "meeting.freeze"]
    )  # fmt: skip


def test_closing_twice_is_closing_once(launch: Launch) -> None:
    first = launch.freeze()
    counts, entries = rows(), Entry.objects.count()
    assert launch.freeze() == first
    assert (rows(), Entry.objects.count()) == (counts, entries)


def test_after_it_nobody_writes(launch: Launch) -> None:
    launch.freeze()
    number = Board.objects.get(pk=launch.room.board.pk).last_number
    launch.room.board.meeting.refresh_from_db()
    for who in ("fay", "sam", "ann", "pat"):
        assert launch.room.code(who, "note.add", text="Too late", private=True) == "not_yours"
    assert launch.room.code("fay", "undo", n=number - 1) == "not_yours"
    assert Board.objects.get(pk=launch.room.board.pk).last_number == number


def test_a_writer_that_still_holds_the_open_meeting_writes_nothing_after_the_close(launch: Launch) -> None:
    # On PostgreSQL, who waited for the board reads the meeting as it was before; the stage tells the truth.
    launch.freeze()
    Meeting.objects.filter(pk=launch.room.meeting.pk).update(frozen_at=None)
    assert launch.room.code("ann", "note.add", text="Slipped in") == "not_yours"


@pytest.mark.parametrize("last", ["tasks.write", "meeting.freeze"])
def test_a_break_in_the_last_write_leaves_nothing(launch: Launch, monkeypatch, last: str) -> None:
    counts, entries, events = rows(), Entry.objects.count(), Event.objects.count()
    real = actions.record

    def breaks(**given):
        if given["verb"] == last:
            raise RuntimeError("the power went")
        return real(**given)

    monkeypatch.setattr(actions, "record", breaks)
    with pytest.raises(RuntimeError):
        launch.freeze()
    assert rows() == counts == dict.fromkeys(counts, 0)
    assert (Entry.objects.count(), Event.objects.count()) == (entries, events)
    assert Meeting.objects.get(pk=launch.room.meeting.pk).frozen_at is None
    assert Board.objects.get(pk=launch.room.board.pk).stage["frozen"] is False
    monkeypatch.undo()
    doorbell_number = Board.objects.get(pk=launch.room.board.pk).last_number
    assert doorbell_number == events and doorbell is not None
    # The meeting goes on, and can be closed.
    launch.room.number("fay", "stage.set", set={"reads": True})
    assert launch.freeze() is not None


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_only_who_runs_meetings_may_close_one(launch: Launch, role: str) -> None:
    with pytest.raises(Missing):
        actions.freeze(by=launch.team.actor(role), meeting=launch.room.meeting)
    assert rows() == dict.fromkeys(rows(), 0)


def test_no_other_team_may_close_it(launch: Launch, cast) -> None:
    with pytest.raises(Missing):
        actions.freeze(by=cast.maine.actor("convener"), meeting=launch.room.meeting)


@pytest.mark.parametrize("who", ["ann", "pat", "sam", "screen"])
def test_no_place_but_the_facilitator_runs_the_close(launch: Launch, who: str) -> None:
    with pytest.raises(Missing):
        actions.actor_of_place(launch.room.places[who])


def test_a_facilitator_without_an_account_may_close_this_meeting_and_no_other(launch: Launch, cast) -> None:
    Participant.objects.filter(pk=launch.room.places["fay"].pk).update(user_id=0)
    place = Participant.objects.select_related("meeting", "space").get(pk=launch.room.places["fay"].pk)
    by = actions.actor_of_place(place)
    assert by.may("meetings.run", launch.room.meeting)
    assert not by.may("meetings.run", cast.maine.partnership)
    assert actions.freeze(by=by, meeting=launch.room.meeting) is not None


def test_a_practice_meeting_leaves_no_record(cast: Cast) -> None:
    launch = make_launch(cast.ohio, is_practice=True)
    assert launch.freeze() is None
    assert rows() == dict.fromkeys(rows(), 0)
    assert Meeting.objects.get(pk=launch.room.meeting.pk).frozen_at


# --- dates in the room ------------------------------------------------------------------------------------------------


def test_the_stage_counts_hands_and_says_nobodys_name(launch: Launch) -> None:
    stage = Board.objects.get(pk=launch.room.board.pk).stage
    assert stage["hands"] == {DAY: 1}
    launch.room.number("bo", "date.say", dates=[DAY, "2099-02-24T09:00"])
    launch.room.number("ann", "date.say", dates=["2099-02-24T09:00"])
    assert Board.objects.get(pk=launch.room.board.pk).stage["hands"] == {DAY: 1, "2099-02-24T09:00": 2}
    assert launch.room.code("pat", "date.say", dates=[DAY]) == "listening"
    assert launch.room.code("ann", "date.say", dates=["2099-03-01T09:00"]) == "changed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"dates": ["2099-02-23T09:00"] * 2}, {"dates": ["2020-02-23T09:00"]}, {"date": "tomorrow"}, {"zone": "Mars"},
        {"dates": [f"2099-02-2{n}T09:00" for n in range(4)]}, {"date": "2099-02-31T09:00"}, {"unsaid": [99999]},
        {"frozen": True}, {"reads": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_date_or_a_stage_that_makes_no_sense_is_refused(launch: Launch, wrong) -> None:
    assert launch.room.code("fay", "stage.set", set=wrong) == "unreadable"


def test_nobody_in_the_room_can_send_the_command_that_freezes(launch: Launch) -> None:
    for who in ("fay", "ann"):
        assert launch.room.code(who, "meeting.freeze") == "not_yours"
    assert launch.room.code("pat", "meeting.freeze") == "listening"


# --- what the console sees before -------------------------------------------------------------------------------------


def test_the_console_is_told_what_closing_would_write(launch: Launch) -> None:
    told = closing_queries.check(launch.room.places["fay"])
    assert [one["title"] for one in told["priorities"]] == ["Skills"]
    assert told["unsaid"] == [launch.areas["Rail"]]
    assert (told["hidden"], told["missing"]) == (1, 2)
    assert "2 to 5" in told["hint"]  # one priority is few (F35)
    with pytest.raises(Missing):
        closing_queries.check(launch.room.places["ann"])


@pytest.mark.parametrize(("count", "says"), [(0, "Fewer"), (1, "Fewer"), (2, ""), (5, ""), (6, "More")])
def test_the_number_of_priorities_has_a_hint_outside_of_two_to_five(count: int, says: str) -> None:
    hint = queries.number_hint(count)
    assert hint.startswith(says) if says else hint == ""


# --- opened again -----------------------------------------------------------------------------------------------------


def test_a_close_by_mistake_is_taken_back_with_a_reason_and_can_be_done_again(launch: Launch) -> None:
    first = launch.freeze()
    admin = launch.team.actor("admin")
    with pytest.raises(Refused, match="why"):
        actions.reopen(by=admin, meeting=launch.room.meeting, reason=" ")
    actions.reopen(by=admin, meeting=launch.room.meeting, reason="Pressed too early")
    assert queries.closing_of(launch.room.meeting) is None
    assert queries.overview(launch.convener, launch.team.partnership).priorities == []
    launch.room.board.meeting.refresh_from_db()
    launch.room.number("fay", "segment.start", segment="commitments")
    launch.room.number("bo", "champion.sign", cluster=launch.areas["Export"])
    second = launch.freeze()
    assert second != first
    assert {kept.area.title for kept in queries.product(launch.convener, launch.room.meeting.pk).priorities} == {
        "Skills", "Export",
    }  # fmt: skip


def test_after_a_day_or_a_letter_it_stays_closed(launch: Launch) -> None:
    launch.freeze()
    Task.objects.update(has_letter=True)
    with pytest.raises(Refused, match="invitation"):
        actions.reopen(by=launch.convener, meeting=launch.room.meeting, reason="r")
    Task.objects.update(has_letter=False)
    Meeting.objects.update(frozen_at=timezone.now() - actions.REOPEN_FOR * 1.1)
    with pytest.raises(Refused, match="for a day"):
        actions.reopen(by=launch.convener, meeting=launch.room.meeting, reason="r")
    with pytest.raises(Missing):
        actions.reopen(by=launch.team.actor("agency"), meeting=launch.room.meeting, reason="r")
