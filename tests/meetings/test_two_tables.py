"""Row A06: every list, board, vote and document knows at which table somebody sits. Walks over all of them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from sharedtable.meetings import joining
from sharedtable.meetings.models import Participant
from sharedtable.method.runs import runs
from sharedtable.partnerships.models import Seat
from sharedtable.wall import actions, queries
from sharedtable.wall.commands import COMMANDS, decide
from sharedtable.wall.models import SignUp
from sharedtable.wall.rules import Context, Turned, Who
from sharedtable.wall.state import State
from sharedtable.wall.writer import Done
from tests.wall.rooms import make_room
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
TABLES = ("inner", "outer")
NOT_FOR_YOU = {"listening", "not_yours", "not_inner"}


def turned(run: str, table: str, do: str, **given: object) -> str:
    """Why a guest of that table is turned away; nothing when the rules of the table have no objection."""
    role = "participant" if table == "inner" else "partner"
    who = Who(1, role, table, "N", "C", runs()[run].speaks)
    try:
        decide(Context(State(), runs()[run], who, 0, 0), {"do": do, **given})
    except Turned as problem:
        return problem.code
    return ""


@pytest.mark.parametrize("run", sorted(runs()))
@pytest.mark.parametrize("table", TABLES)
def test_on_every_board_only_the_tables_that_the_run_names_put_cards_on_the_wall(run, table):
    is_turned = turned(run, table, "note.add", text="t") in NOT_FOR_YOU
    assert is_turned is (table not in runs()[run].speaks)
    assert turned(run, table, "note.add", text="t", private=True) == ""  # a note of one's own is for everybody


@pytest.mark.parametrize("run", sorted(runs()))
@pytest.mark.parametrize("do", sorted(COMMANDS))
def test_on_no_board_does_a_guest_of_either_table_sort_lead_or_let_in(run, do):
    allowed = COMMANDS[do][0]
    for table in TABLES:
        speaks = table in runs()[run].speaks
        expected = bool(allowed & ({"speaks"} if speaks else {"listens"}))
        assert (turned(run, table, do) not in NOT_FOR_YOU) is expected or do.startswith(("champion.", "peer."))


@pytest.mark.parametrize("run", sorted(runs()))
@pytest.mark.parametrize("do", ["champion.sign", "champion.withdraw", "peer.name"])
def test_in_no_vote_does_the_outer_table_count(run, do):
    """Also where it speaks: a name on an area is that of a business."""
    assert turned(run, "outer", do, name="N") in NOT_FOR_YOU


def test_business_speaks_in_every_run_that_chooses_priorities_and_partners_in_none_of_them():
    choosing = [run for run in runs().values() if run.champions]
    assert {run.id for run in choosing} >= {"launch", "refresh"}
    assert all(run.speaks == {"inner"} for run in choosing)


def test_every_row_that_puts_somebody_at_a_table_says_at_which():
    """Seats and places have the table themselves, and it is never empty; what hangs on them follows them."""
    for model in (Seat, Participant):
        field = model._meta.get_field("table")
        assert not field.null
        assert not field.blank
        assert {value for value, _title in field.choices} >= set(TABLES)


def test_every_list_of_a_meeting_says_the_table_of_each_person(cast):
    team, client = cast.ohio, cast.client("convener")
    room = make_room(team)
    expected = {one.name: one.table for one in joining.invited(room.meeting)}
    assert expected[team.chair.name] == "inner"
    assert expected[team.partner.name] == "outer"
    page = words(client.get(reverse("meeting", args=["ohio", room.meeting.pk])))
    for name, table in (
        ("Ann Alvarez, Lakeside Plastics", "Inner table"),
        ("Pat Partner, Lakeside Community College", "Outer table"),
    ):
        assert f"{name} {table}" in page
    assert f"{team.partner.name}, {team.college.name} Outer table" in page
    table = words(client.get(reverse("partnership", args=["ohio", team.partnership.slug])))
    assert "Inner table" in table or "inner table" in table


def test_the_console_and_the_lobby_know_the_table_of_each_person(cast):
    room = make_room(cast.ohio)
    place, _token = actions.ask(meeting=room.meeting, name="Dee", company="A school", is_business=False)
    from sharedtable.wall import tables
    from sharedtable.wall.state import fold

    people = fold(tables.events_after(room.board.pk, 0)).picture("facilitator")["set"]["people"]
    assert {one["table"] for one in people.values()} == set(TABLES)
    assert people[str(place.pk)]["table"] == "outer"
    assert all("table" in one for one in people.values())


@pytest.mark.parametrize("run", ["debrief", "brainstorm"])
def test_every_document_of_a_meeting_names_the_table_of_whoever_was_there(cast, run):
    room = make_room(cast.ohio, run=run)
    if run == "debrief":
        Participant.objects.filter(meeting=room.meeting, table="inner").delete()
    answer = cast.client("convener").get(reverse("meeting-result-file", args=["ohio", room.meeting.pk, "docx"]))
    rows = [[cell.text for cell in row.cells] for row in Document(BytesIO(answer.content)).tables[0].rows][1:]
    there = {
        one.name: str(one.get_table_display())
        for one in Participant.objects.filter(meeting=room.meeting, role__in=("participant", "partner"))
    }
    assert {row[0]: row[2] for row in rows} == there


def test_a_name_on_an_area_is_always_that_of_somebody_at_the_inner_table(cast):
    room = make_room(cast.ohio)
    room.number("fay", "segment.start", segment="requirements")
    area = room.number("fay", "cluster.create", title="Skills")
    room.number("fay", "segment.start", segment="commitments")
    assert isinstance(room.send("ann", "champion.sign", cluster=area), Done)
    assert room.code("pat", "champion.sign", cluster=area) in NOT_FOR_YOU
    assert room.code("fay", "champion.sign", cluster=area, participant=room.places["pat"].pk) == "not_inner"
    assert room.code("sam", "champion.sign", cluster=area, participant=room.places["sam"].pk) == "not_inner"
    signers = Participant.objects.filter(pk__in=SignUp.objects.values_list("participant", flat=True))
    assert {one.table for one in signers} == {"inner"}


def test_the_phone_of_each_table_is_its_own(cast):
    room = make_room(cast.ohio)
    assert [room.places[who].speaks for who in ("ann", "pat", "fay", "sam", "screen")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert queries.show(room.places["pat"], "en")["speaks"] == ["inner"]
