"""The talk among partners after the launch: who gets there, what they may bring along, who may read it."""

from __future__ import annotations

import pytest

from sharedtable.accounts.links import hash_of
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import joining
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall import actions, debriefing, reading
from sharedtable.wall.models import Note
from sharedtable.wall.writer import Done, Submission, write
from tests.wall.rooms import Room, key

pytestmark = pytest.mark.django_db


def send(place: Participant, do: str, **given: object) -> object:
    board = actions.board_of(place.meeting)
    return write(board.pk, [Submission(board.pk, place.pk, [{"key": key(), "do": do, **given}])])[0][0]


@pytest.fixture
def opened(room: Room) -> Participant:
    """The facilitator's place in the debrief."""
    return debriefing.open_debrief(by=room.places["fay"])[0]


def test_one_press_opens_a_meeting_of_its_own_that_follows_the_launch_and_a_second_finds_it(room):
    first, _token = debriefing.open_debrief(by=room.places["fay"])
    again, token = debriefing.open_debrief(by=room.places["fay"])
    assert (first.meeting.run, first.meeting.follows, again.pk) == ("debrief", room.meeting, first.pk)
    assert joining.place_of(token, first.meeting_id) == again
    assert Meeting.objects.filter(run="debrief").count() == 1
    assert Entry.objects.filter(verb="meeting.debrief").count() == 1
    room.number("ann", "note.add", text="private", private=True)
    board = type(room.board).objects.get(pk=room.board.pk)
    assert board.stage["debrief"] == first.meeting_id


@pytest.mark.parametrize("who", ["sam", "screen", "ann", "pat"])
def test_nobody_but_a_facilitator_opens_it(room, who):
    with pytest.raises(Missing):
        debriefing.open_debrief(by=room.places[who])
    assert Meeting.objects.filter(run="debrief").count() == 0


def test_a_partner_goes_over_with_one_press_and_keeps_one_place(room, opened):
    place, _old = debriefing.go_over(by=room.places["pat"])
    again, token = debriefing.go_over(by=room.places["pat"])
    assert (place.pk, place.table, place.admitted_at is not None) == (again.pk, "outer", True)
    assert joining.place_of(token, opened.meeting_id) == place
    assert Entry.objects.filter(verb="meeting.go_over").count() == 2  # the facilitator and the partner
    assert isinstance(send(place, "segment.start", segment="heard"), object)


@pytest.mark.parametrize("who", ["ann", "sam", "screen"])
def test_nobody_else_is_taken_along(room, opened, who):
    with pytest.raises(Missing):
        debriefing.go_over(by=room.places[who])


def test_who_waits_was_shown_out_or_changed_tables_stays_behind(room, opened):
    pat = room.places["pat"]
    for change in ({"admitted_at": None}, {"removed_at": pat.asked_at}, {"table": "inner", "role": "participant"}):
        before = {name: getattr(pat, name) for name in change}
        Participant.objects.filter(pk=pat.pk).update(**change)
        with pytest.raises(Missing):
            debriefing.go_over(by=pat)
        Participant.objects.filter(pk=pat.pk).update(**before)
    place, _token = debriefing.go_over(by=pat)
    Participant.objects.filter(pk=place.pk).update(removed_at=pat.asked_at)
    with pytest.raises(Missing):
        debriefing.go_over(by=pat)


def test_there_is_nothing_to_go_to_before_it_is_opened(room):
    with pytest.raises(Missing):
        debriefing.go_over(by=room.places["pat"])


def test_no_door_of_the_debrief_lets_the_inner_table_in(room, opened, cast):
    meeting = opened.meeting
    with pytest.raises(Refused):
        joining.ask(meeting=meeting, name="Ann Alvarez", company="Lakeside Plastics")
    with pytest.raises(Refused):
        joining.ask(meeting=meeting, seat_id=cast.ohio.chair_seat.pk)
    assert {one.table for one in joining.invited(meeting)} == {"outer"}
    pat, _token = debriefing.go_over(by=room.places["pat"])
    with pytest.raises(Refused):
        actions.change_table(by=opened, number=pat.pk, table="inner")
    written = actions.write_down(by=opened, name="Sol", company="A board")
    assert written.table == "outer"


def test_a_place_of_the_inner_table_reads_nothing_there_however_it_came_about(room, opened):
    """Whatever wrote such a row: page, stream and the look every few seconds all refuse it."""
    pat, token = debriefing.go_over(by=room.places["pat"])
    Participant.objects.filter(pk=pat.pk).update(table="inner", role="participant")
    board = actions.board_of(opened.meeting)
    assert joining.place_of(token, opened.meeting_id) is None
    assert reading.sittings([(hash_of(token), opened.meeting_id)]) == {}
    assert reading.still_in(board.pk, [pat.pk]) == set()


def test_partners_speak_in_the_debrief_and_sort_nothing(room, opened):
    pat, _token = debriefing.go_over(by=room.places["pat"])
    assert isinstance(send(opened, "segment.start", segment="heard"), Done)
    assert isinstance(send(pat, "note.add", text="They need welders, not courses"), Done)
    for do in ("cluster.create", "segment.end", "note.hide"):
        assert not isinstance(send(pat, do, title="X", notes="all"), Done)


def test_the_author_alone_carries_their_own_notes_over_and_each_of_them_once(room, opened):
    mine = room.number("pat", "note.add", text="Ask about the lab", private=True)
    other = room.number("ann", "note.add", text="What Ann thinks", private=True)
    pat, _token = debriefing.go_over(by=room.places["pat"])
    assert [(one.text, one.is_carried) for one in debriefing.kept(pat)] == [("Ask about the lab", False)]
    assert "No round" in debriefing.carry(by=pat, numbers=[mine])
    send(opened, "segment.start", segment="heard")
    assert debriefing.carry(by=pat, numbers=[mine, other]) == ""
    assert debriefing.carry(by=pat, numbers=[mine]) == ""
    cards = Note.objects.filter(board__meeting=opened.meeting)
    assert [(one.text, one.author, one.is_private) for one in cards] == [("Ask about the lab", pat.pk, False)]
    assert [one.is_carried for one in debriefing.kept(pat)] == [True]
    assert Note.objects.get(board=room.board, number=mine).is_private  # what was private there stays it
    assert debriefing.kept(opened) == []


def test_notes_are_carried_into_a_debrief_and_nowhere_else(room):
    with pytest.raises(Missing):
        debriefing.carry(by=room.places["pat"], numbers=[1])


def test_a_break_in_the_last_write_opens_nothing_and_takes_nobody_along(room, opened, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the record broke")

    monkeypatch.setattr(debriefing, "record", broken)
    with pytest.raises(RuntimeError):
        debriefing.go_over(by=room.places["pat"])
    assert Participant.objects.filter(meeting=opened.meeting).count() == 1


def test_the_debrief_of_a_practice_is_practice(room):
    assert debriefing.open_debrief(by=room.places["fay"])[0].meeting.is_practice is False


def test_partners_go_over_and_bring_their_notes_also_when_the_launch_is_frozen_already(room):
    note = room.number("pat", "note.add", text="After the wrap-up", private=True)
    Meeting.objects.filter(pk=room.meeting.pk).update(frozen_at=room.meeting.made_at)
    pat = Participant.objects.select_related("meeting").get(pk=room.places["pat"].pk)
    fay, _token = debriefing.open_debrief(by=Participant.objects.get(pk=room.places["fay"].pk))
    place, _token = debriefing.go_over(by=pat)
    send(fay, "segment.start", segment="heard")
    assert debriefing.carry(by=place, numbers=[note]) == ""
    assert Note.objects.filter(board__meeting=fay.meeting).count() == 1


def test_a_debrief_that_is_closed_takes_nobody_in(room, opened):
    Meeting.objects.filter(pk=opened.meeting_id).update(frozen_at=room.meeting.made_at)
    with pytest.raises(Refused):
        debriefing.go_over(by=room.places["pat"])
