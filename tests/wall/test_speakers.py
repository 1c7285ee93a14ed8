"""Whose words a card has: whoever runs the meeting writes none of their own, and none for a partner."""

from __future__ import annotations

import pytest

from sharedtable.errors import Missing
from sharedtable.wall import actions
from sharedtable.wall.models import Note
from tests.wall.rooms import Room, make_room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["fay", "sam"])
@pytest.mark.parametrize(
    "said_by", ["", "Fay Facilitator", "Sam Scribe", "Pat Partner", "Pat Partner, Lakeside Community College", "Nobody"]
)
def test_who_runs_the_meeting_cannot_author_a_card(room: Room, who: str, said_by: str):
    given = {"for": said_by} if said_by else {}
    assert room.code(who, "note.add", text="My own idea", round="opportunities", **given) in ("empty", "not_here")
    assert not Note.objects.filter(is_private=False).exists()


@pytest.mark.parametrize("said_by", ["Ann Alvarez", "ann alvarez, LAKESIDE plastics"])
def test_a_scribe_writes_the_words_of_a_business_member_and_the_card_names_them(room: Room, said_by: str):
    room.number("sam", "note.add", text="Robots", round="opportunities", **{"for": said_by})
    assert Note.objects.get().typed_for == "Ann Alvarez, Lakeside Plastics"


def test_a_paper_card_that_nobody_signed_says_so(room: Room):
    room.number("sam", "note.add", text="Robots", round="opportunities", **{"for": "-"})
    assert Note.objects.get().typed_for == "-"


def test_somebody_who_was_shown_out_says_nothing_any_more(room: Room):
    actions.show_out(by=room.places["fay"], number=room.places["ann"].pk)
    assert room.code("fay", "note.add", text="x", round="opportunities", **{"for": "Ann Alvarez"}) == "not_here"


def test_a_scribe_adds_somebody_to_the_room_and_lets_nobody_else_in(room: Room):
    actions.write_down(by=room.places["sam"], name="Dee Diaz", company="Delta")
    room.number("sam", "note.add", text="Said by Dee", round="opportunities", **{"for": "Dee Diaz, Delta"})
    with pytest.raises(Missing):
        actions.admit(by=room.places["sam"])
    with pytest.raises(Missing):
        actions.write_down(by=room.places["pat"], name="Me", company="Mine")


def test_a_partner_cannot_write_whatever_is_sent(room: Room):
    for command in (
        {"do": "note.add", "text": "x", "round": "opportunities", "for": "Ann Alvarez"},
        {"do": "stage.set", "set": {"slide": "sector"}},
        {"do": "note.tag", "note": 1, "tags": ["regional"]},
    ):
        do = command.pop("do")
        assert room.code("pat", do, **command) == "listening"


def test_in_a_run_where_the_outer_table_speaks_a_card_may_name_a_partner(cast):
    from sharedtable.method import runs

    both = [name for name, run in runs.runs().items() if "outer" in run.speaks and run.rounds]
    assert both
    for name in both:
        room = make_room(cast.ohio, run=name)
        room.number("sam", "note.add", text="x", round=runs.run(name).rounds[0].id, **{"for": "Pat Partner"})
    assert Note.objects.count() == len(both)


def test_the_slide_of_the_sector_comes_up_goes_and_ends_with_its_part(room: Room):
    room.number("fay", "segment.start", segment="purpose")
    number = room.number("fay", "stage.set", set={"slide": "sector"})
    room.board.refresh_from_db()
    assert room.board.stage["slide"] == "sector"
    room.number("fay", "undo", n=number)
    room.board.refresh_from_db()
    assert room.board.stage["slide"] == ""
    room.number("fay", "stage.set", set={"slide": "sector"})
    room.number("fay", "segment.start", segment="opportunities")
    room.board.refresh_from_db()
    assert room.board.stage["slide"] == ""
    assert room.code("fay", "stage.set", set={"slide": "<b>"}) == "unreadable"
    assert room.code("ann", "stage.set", set={"slide": "sector"}) == "not_yours"
