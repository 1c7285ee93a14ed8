"""Who came: typed in from paper, counted once, compared with the method; named to others only who agreed."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import attending, pack
from sharedtable.meetings.attendance import attendance
from sharedtable.meetings.attending import Line
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall import actions as wall
from sharedtable.wall.models import Event

pytestmark = pytest.mark.django_db


def typed(cast, launch, *lines: Line) -> list[Participant]:
    return wall.type_in(by=cast.ohio.actor("convener"), meeting=launch, lines=lines)


def test_the_paper_list_is_typed_once_and_the_tables_follow_from_the_record(cast, launch):
    team = cast.ohio
    lines = (
        Line(seat_id=team.chair_seat.pk, is_listed=True),
        Line(name=team.partner.name.upper()),
        Line(name="Dee Diaz", company="Delta Foods", title="Owner"),
        Line(name="New Dean", company=team.college.name, is_business=True),
    )
    made = typed(cast, launch, *lines)
    assert [(one.table, one.is_walk_in, one.is_listed) for one in made] == [
        ("inner", False, True), ("outer", False, False), ("inner", True, False), ("outer", True, False),
    ]  # fmt: skip
    assert all(one.token_hash is None and one.admitted_at for one in made)
    assert made[0].person == team.chair
    assert typed(cast, launch, *lines) == []
    assert Entry.objects.filter(verb="meeting.type_in").count() == 1
    assert Event.objects.filter(kind="participant.admitted").count() == 1  # the board knows them too


def test_counts_are_of_companies_and_people_not_of_phones(cast, launch):
    team = cast.ohio
    typed(cast, launch, Line(seat_id=team.chair_seat.pk), Line(name="Ann A", company="Lakeside Plastics", title="HR"))
    wall.ask(meeting=launch, seat_id=team.chair_seat.pk)  # the same person with a phone
    Participant.objects.update(admitted_at=timezone.now())
    came, counts = attendance(launch)
    assert len(came) == 2
    assert (counts.companies, counts.business_people, counts.senior, counts.partners) == (1, 2, 1, 0)
    assert (counts.level, counts.red, counts.floor, counts.target) == ("red", 10, 12, 25)


@pytest.mark.parametrize(("many", "level"), [(9, "red"), (10, "short"), (12, "enough"), (25, "good"), (61, "many")])
def test_the_counts_are_held_against_the_numbers_of_the_method(cast, launch, many, level):
    typed(cast, launch, *(Line(name=f"Person {n}", company=f"Company {n}") for n in range(many)))
    assert attendance(launch)[1].level == level


def test_the_list_to_hand_on_names_nobody_who_did_not_agree_and_says_no_more_than_name_and_company(cast, launch):
    typed(
        cast, launch, Line(name="=Ann", company="Alpha", title="Owner", is_listed=True), Line(name="Bo", company="Beta")
    )
    book = openpyxl.load_workbook(io.BytesIO(pack.paper(launch, "attendance-list", "xlsx", "en").content))
    rows = list(book["Attendance"].values)
    assert rows[2:] == [("=Ann", "Alpha")]
    assert book["Attendance"]["A3"].data_type == "s"  # text, never a formula
    full = pack.attendance_workbook(cast.ohio.actor("convener"), launch, "en")
    names = [row[0] for row in openpyxl.load_workbook(io.BytesIO(full.content))["Attendance"].values]
    assert names[2:] == ["=Ann", "Bo"]
    with pytest.raises(Missing):
        pack.attendance_workbook(cast.ohio.actor("agency"), launch, "en")


def test_one_may_go_on_the_list_off_it_and_out(cast, launch):
    by, place = cast.ohio.actor("convener"), typed(cast, launch, Line(name="Ann"))[0]
    assert attending.agree_to_list(by=by, meeting=launch, place=place.pk, is_listed=True).is_listed
    wall.take_out(by=by, meeting=launch, place=place.pk)
    assert attendance(launch)[1].business_people == 0
    with pytest.raises(Missing):
        wall.take_out(by=by, meeting=launch, place=place.pk)
    with pytest.raises(Missing):
        attending.agree_to_list(by=cast.ohio.actor("agency"), meeting=launch, place=place.pk, is_listed=True)


def test_nobody_is_typed_into_a_closed_meeting_or_by_somebody_else(cast, launch):
    with pytest.raises(Missing):
        wall.type_in(by=cast.ohio.actor("agency"), meeting=launch, lines=[Line(name="Ann")])
    with pytest.raises(Refused, match="no name"):
        typed(cast, launch, Line(company="Only a company"))
    with pytest.raises(Refused):
        typed(cast, launch, Line(seat_id=cast.maine.chair_seat.pk))
    Meeting.objects.filter(pk=launch.pk).update(frozen_at=timezone.now())
    with pytest.raises(Refused):
        typed(cast, launch, Line(name="Ann"))
    assert not Participant.objects.exists()
