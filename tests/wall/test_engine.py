"""The log and what follows from it: numbers, keys, groups, the table rule, undo, stale changes."""

from __future__ import annotations

import pytest

from sharedtable.wall import commands, tables
from sharedtable.wall.models import Board, Event, Note
from sharedtable.wall.state import fold
from sharedtable.wall.writer import Done, Not, Submission, write
from tests.wall.rooms import key

pytestmark = pytest.mark.django_db


def state_of(room):
    return fold(tables.events_after(room.board.pk, 0))


def assert_tables_follow(room):
    board = Board.objects.get(pk=room.board.pk)
    state = state_of(room)
    assert tables.stored(board) == tables.expected(state)
    assert (board.last_number, board.stage) == (state.number, state.stage)


def test_a_card_gets_the_next_number_and_stands_in_the_tables(room):
    room.number("fay", "segment.start", segment="opportunities")
    first = room.number("ann", "note.add", text="  Robots\x00 for   small shops ")
    second = room.number("bo", "note.add", text="Export to Mexico")
    assert second == first + 1
    assert Note.objects.get(number=first).text == "Robots for small shops"
    assert list(Event.objects.values_list("number", flat=True)) == list(range(1, second + 1))
    assert_tables_follow(room)


def test_the_same_key_again_is_the_same_card(room):
    room.number("fay", "segment.start", segment="opportunities")
    command = {"key": key(), "do": "note.add", "text": "Once"}
    ann = room.places["ann"].pk
    answers = write(room.board.pk, [Submission(room.board.pk, ann, [command, command])])[0]
    again = write(room.board.pk, [Submission(room.board.pk, ann, [command])])[0][0]
    assert [one.number for one in answers] == [again.number] * 2
    assert again.is_repeat
    assert Note.objects.count() == 1


def test_somebody_elses_key_tells_nothing_and_does_nothing(room):
    room.number("fay", "segment.start", segment="opportunities")
    command = {"key": key(), "do": "note.add", "text": "Mine"}
    write(room.board.pk, [Submission(room.board.pk, room.places["ann"].pk, [command])])
    answer = write(room.board.pk, [Submission(room.board.pk, room.places["bo"].pk, [command])])[0][0]
    assert isinstance(answer, Not)
    assert answer.turned.code == "not_yours"


def test_a_bad_command_in_a_group_takes_no_other_with_it(room):
    room.number("fay", "segment.start", segment="opportunities")
    ann, bo = room.places["ann"].pk, room.places["bo"].pk
    bad = [{"key": key(), "do": "note.add", "text": 5}, {"key": "x"}, {"do": "note.add"}, {"key": key(), "do": "drop"}]
    good = {"key": key(), "do": "note.add", "text": "Good"}
    answers = write(room.board.pk, [Submission(room.board.pk, ann, bad), Submission(room.board.pk, bo, [good])])
    assert all(isinstance(one, Not) for one in answers[0])
    assert isinstance(answers[1][0], Done)
    assert Note.objects.get().text == "Good"


@pytest.mark.parametrize("do", sorted(commands.COMMANDS))
@pytest.mark.parametrize("who", ["pat", "screen"])
def test_the_outer_table_and_the_screen_change_nothing_on_the_wall_whatever_they_send(room, do, who):
    room.number("fay", "segment.start", segment="requirements")
    note = room.number("ann", "note.add", text="A card")
    area = room.number("fay", "cluster.create", title="An area")
    before = state_of(room).picture("facilitator")
    everything = {
        "text": "Mine", "note": note, "notes": [note], "cluster": area, "into": area, "title": "Theirs", "name": "Me",
        "participant": room.places["ann"].pk, "people": [{"n": room.places[who].pk, "role": "facilitator"}],
        "segment": "welcome", "minutes": 5, "set": {"hides": True}, "tags": [], "parked": "ours", "base": note,
        "n": area, "peer": 1, "role": "facilitator", "table": "inner", "by": room.places["fay"].pk,
    }  # fmt: skip
    assert room.code(who, do, **everything) in ("listening", "not_yours", "gone")
    assert state_of(room).picture("facilitator") == before


def test_the_outer_table_writes_private_notes_that_nobody_else_sees(room):
    room.number("fay", "segment.start", segment="opportunities")
    note = room.number("pat", "note.add", text="Ask about welding", private=True)
    state = state_of(room)
    assert [state.view(("notes", note), audience) for audience in ("stage", "wall", "facilitator")] == [None] * 3
    assert room.code("fay", "note.withdraw", note=note) == "gone"
    assert room.number("pat", "note.edit", note=note, text="Ask about welders", base=note)
    assert Note.objects.get().text == "Ask about welders"


def test_who_was_shown_out_writes_nothing_any_more(room):
    from sharedtable.wall import actions

    room.number("fay", "segment.start", segment="opportunities")
    actions.show_out(by=room.places["fay"], number=room.places["ann"].pk)
    assert room.code("ann", "note.add", text="Still here") == "not_yours"


def test_a_facilitator_has_no_cards_of_their_own_but_writes_down_for_others(room):
    room.number("fay", "segment.start", segment="opportunities")
    assert room.code("fay", "note.add", text="My own idea") == "empty"
    room.number("sam", "note.add", text="Said aloud", **{"for": "Ann Alvarez, Lakeside Plastics"})
    assert Note.objects.get().typed_for == "Ann Alvarez, Lakeside Plastics"


def test_a_stale_rename_is_told_the_present_name(room):
    room.number("fay", "segment.start", segment="opportunities")
    area = room.number("fay", "cluster.create", title="People")
    room.number("fay", "cluster.rename", cluster=area, title="Skills", base=area)
    answer = room.send("fay", "cluster.rename", cluster=area, title="Talent", base=area)
    assert isinstance(answer, Not)
    assert (answer.turned.code, answer.turned.now["title"]) == ("changed", "Skills")


def test_joining_two_areas_moves_cards_and_names_and_its_undo_brings_them_back(room):
    room.number("fay", "segment.start", segment="requirements")
    note = room.number("ann", "note.add", text="Welders")
    one, two = (room.number("fay", "cluster.create", title=title) for title in ("Skills", "People"))
    room.number("fay", "note.place", note=note, cluster=two)
    room.number("fay", "segment.start", segment="commitments")
    room.number("ann", "champion.sign", cluster=two)
    before = state_of(room).picture("wall")
    step = room.number("fay", "cluster.merge", cluster=two, into=one, base=two)
    assert state_of(room).notes[note]["cluster"] == one
    assert list(state_of(room).picture("stage")["set"]["signs"]) == [f"{one}:{room.places['ann'].pk}"]
    undone = room.number("fay", "undo", n=step)
    after = state_of(room).picture("wall")
    for part in (before, after):
        for row in part["set"]["clusters"].values():
            row.pop("v")
    assert after["set"]["notes"] == before["set"]["notes"]
    assert after["set"]["clusters"] == before["set"]["clusters"]
    assert list(after["set"]["signs"]) == list(before["set"]["signs"])
    assert room.code("fay", "undo", n=step) == "gone"
    room.number("fay", "undo", n=undone)  # an undo can be undone
    assert state_of(room).notes[note]["cluster"] == one
    assert_tables_follow(room)


def test_an_undo_of_what_somebody_has_changed_since_is_refused(room):
    room.number("fay", "segment.start", segment="opportunities")
    note = room.number("ann", "note.add", text="Welders")
    one, two = (room.number("fay", "cluster.create", title=title) for title in ("Skills", "People"))
    step = room.number("fay", "note.place", note=note, cluster=one)
    room.number("fay", "note.place", note=note, cluster=two)
    assert room.code("fay", "undo", n=step) == "changed"


def test_stepping_back_to_an_earlier_round_opens_it_again_with_all_its_cards(room):
    room.number("fay", "segment.start", segment="opportunities")
    room.number("ann", "note.add", text="First round")
    room.number("fay", "segment.start", segment="requirements")
    room.number("fay", "stage.set", set={"round": "opportunities", "is_open": True})
    assert room.number("bo", "note.add", text="One more")
    assert set(Note.objects.values_list("round", flat=True)) == {"opportunities"}


def test_a_card_typed_in_time_and_sent_late_is_taken_and_marked(room, time_machine=None):
    room.number("fay", "segment.start", segment="opportunities")
    typed = state_of(room).stage["started_at"] + 1
    room.number("fay", "segment.end")
    stage = state_of(room).stage
    typed = min(typed, stage["closed"]["opportunities"])
    assert room.code("ann", "note.add", text="Too late", typed_at=stage["closed"]["opportunities"] + 60_000) == "closed"
    room.number("ann", "note.add", text="From the lift", round="opportunities", typed_at=typed)
    assert Note.objects.get().is_late


def test_hidden_cards_reach_the_wall_only_when_they_are_opened(room):
    room.number("fay", "stage.set", set={"hides": True})
    room.number("fay", "segment.start", segment="opportunities")
    note = room.number("ann", "note.add", text="Not yet")
    assert state_of(room).view(("notes", note), "wall") is None
    assert state_of(room).picture("wall")["set"]["counts"]["counts"] == {"opportunities": 1}
    room.number("fay", "note.open", notes="all")
    shown = state_of(room).view(("notes", note), "wall")
    assert shown["text"] == "Not yet"
    assert "author" not in shown


def test_names_go_on_areas_one_at_a_time_or_all_and_an_area_without_one_goes_to_the_shelf(room):
    room.number("fay", "segment.start", segment="requirements")
    skills, roads = (room.number("fay", "cluster.create", title=title) for title in ("Skills", "Roads"))
    assert room.code("ann", "champion.sign", cluster=skills) == "closed"
    room.number("fay", "segment.start", segment="commitments")
    room.number("fay", "stage.set", set={"signup": "one", "turn": room.places["bo"].pk})
    assert room.code("ann", "champion.sign", cluster=skills) == "closed"
    room.number("bo", "champion.sign", cluster=skills)
    assert room.code("fay", "champion.sign", cluster=skills, participant=room.places["pat"].pk) == "not_inner"
    room.number("fay", "stage.set", set={"signup": "all"})
    room.number("ann", "champion.sign", cluster=skills)
    room.number("ann", "peer.name", name="Dee Diaz", company="Delta Foods")
    step = room.number("fay", "segment.start", segment="wrap_up")
    clusters = state_of(room).clusters
    assert [clusters[n]["shelved"] for n in (skills, roads)] == [False, True]
    assert [one["name"] for one in state_of(room).picture("facilitator")["set"]["peers"].values()] == ["Dee Diaz"]
    assert "peers" not in state_of(room).picture("wall")["set"]
    room.number("fay", "undo", n=step)
    assert not state_of(room).clusters[roads]["shelved"]
    assert_tables_follow(room)


def test_a_log_can_be_told_again_into_empty_tables(room):
    from django.db import transaction

    room.number("fay", "segment.start", segment="opportunities")
    note = room.number("ann", "note.add", text="Welders")
    area = room.number("fay", "cluster.create", title="Skills", notes=[note])
    room.number("fay", "suggestion.dismiss", note=note, cluster=area)
    Note.objects.all().delete()
    with transaction.atomic():
        tables.rebuild(room.board)
    assert_tables_follow(room)
    assert Note.objects.count() == 1


def test_the_database_itself_refuses_to_change_an_event(room):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(payload={})
    assert Event.objects.first().payload != {}
