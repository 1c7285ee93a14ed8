"""Getting into a meeting: by code, from the list, by link; which table follows from the record; wrong codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sharedtable.accounts.actors import actor_of_link
from sharedtable.accounts.links import make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import actions, joining
from sharedtable.meetings.codes import ALPHABET
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall import actions as wall

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast) -> Meeting:
    by = cast.ohio.actor("convener")
    made = actions.plan(
        by=by, partnership=cast.ohio.partnership, run="launch", title="Launch", place="Hall", starts_at=timezone.now()
    )
    return actions.open_doors(by=by, meeting=made)


def test_a_code_has_seven_letters_of_thirty_one_and_opens_its_meeting(meeting):
    assert len(meeting.code) == 7
    assert len(set(ALPHABET)) == 31
    assert joining.meeting_of_code(f" {meeting.code.lower()[:3]}-{meeting.code[3:]} ", address="a") == meeting


def test_wrong_early_late_full_and_closed_all_read_alike(meeting, cast):
    said = set()

    def refused(code: str) -> None:
        with pytest.raises(Missing) as problem:
            joining.meeting_of_code(code, address="a")
        said.add(str(problem.value))

    refused("ZZZZZZZ")
    refused("no code")
    now = timezone.now()
    for changes in (
        {"opens_at": now + timedelta(hours=1)},
        {"opens_at": now - timedelta(hours=9), "closes_at": now - timedelta(hours=1)},
        {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1), "seats": 0},
        {"seats": 9, "frozen_at": now},
    ):
        Meeting.objects.filter(pk=meeting.pk).update(**changes)
        refused(meeting.code)
    assert len(said) == 1


def test_wrong_codes_are_limited_and_right_ones_never(meeting):
    kinds = []
    for _ in range(70):
        with pytest.raises(Missing) as problem:
            joining.meeting_of_code("ZZZZZZZ", address="the room")
        kinds.append(type(problem.value))
    assert kinds[0] is Missing
    assert kinds[-1] is joining.TooMany
    for _ in range(70):
        assert joining.meeting_of_code(meeting.code, address="the room") == meeting
    Meeting.objects.filter(pk=meeting.pk).update(has_lobby=False)
    place, _token = joining.ask(meeting=Meeting.objects.get(pk=meeting.pk), name="Dee", company="Delta")
    assert place.admitted_at is None  # while codes are being guessed, everybody waits at the door


def test_the_table_follows_from_the_record_whatever_is_claimed(meeting, cast):
    team = cast.ohio
    chair, _token = wall.ask(meeting=meeting, seat_id=team.chair_seat.pk)
    partner, _token = wall.ask(meeting=meeting, seat_id=team.partner_seat.pk)
    by_name, _token = wall.ask(
        meeting=meeting, name=team.partner.name.upper(), company="My own company", is_business=True
    )
    by_firm, _token = wall.ask(meeting=meeting, name="New Person", company=team.college.name, is_business=True)
    walk_in, _token = wall.ask(meeting=meeting, name="Dee Diaz", company="Delta Foods", is_business=True)
    assert [one.table for one in (chair, partner, by_name, by_firm, walk_in)] == [
        "inner", "outer", "outer", "outer", "inner",
    ]  # fmt: skip
    assert (walk_in.is_walk_in, chair.is_walk_in) == (True, False)
    assert all(one.admitted_at is None for one in (chair, partner, by_name, by_firm, walk_in))


def test_a_name_of_another_team_cannot_be_picked(meeting, cast):
    with pytest.raises(Refused):
        wall.ask(meeting=meeting, seat_id=cast.maine.chair_seat.pk)


def test_one_tap_lets_everybody_in_and_the_ledger_says_so_once(meeting, cast):
    fay, _token = wall.take_place(by=cast.ohio.actor("convener"), meeting=meeting, role="facilitator")
    for name in ("Ann", "Bo", "Cy"):
        wall.ask(meeting=meeting, name=name)
    assert wall.admit(by=fay) == 3
    assert Participant.objects.filter(admitted_at=None).count() == 0
    entry = Entry.objects.get(verb="meeting.admit")
    assert entry.details == {"count": 3}


def test_nobody_but_a_facilitator_lets_people_in(meeting, cast):
    scribe, _token = wall.take_place(by=cast.ohio.actor("convener"), meeting=meeting, role="scribe")
    with pytest.raises(Missing):
        wall.admit(by=scribe)


def test_a_break_in_the_last_write_leaves_nobody_at_the_door(meeting, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the line to the log broke")

    monkeypatch.setattr(wall, "write", broken)
    with pytest.raises(RuntimeError):
        wall.ask(meeting=meeting, name="Dee")
    assert Participant.objects.count() == 0


def test_a_personal_link_for_the_meeting_goes_straight_in_and_only_there(meeting, cast):
    team = cast.ohio
    by = team.actor("convener")
    link, _token = make_link(by=by, purpose="meeting", person_id=team.chair.pk, kind="meeting", object_id=meeting.pk)
    place, token = wall.enter_by_link(by=actor_of_link(link))
    assert (place.table, place.admitted_at is not None) == ("inner", True)
    assert joining.place_of(token, meeting.pk) == place
    assert joining.place_of(token, meeting.pk + 1) is None
    other, _token = make_link(by=by, purpose="profile", person_id=team.chair.pk, kind="meeting", object_id=meeting.pk)
    with pytest.raises(Missing):
        wall.enter_by_link(by=actor_of_link(other))


@pytest.mark.parametrize("role", ["agency", "economist", "adviser", "state", "admin"])
def test_only_those_who_run_the_partnership_plan_and_open(meeting, cast, role):
    by = cast.ohio.actor(role)
    with pytest.raises(Missing):
        actions.open_doors(by=by, meeting=meeting)
    with pytest.raises(Missing):
        wall.take_place(by=by, meeting=meeting, role="facilitator")
    with pytest.raises(Missing):
        actions.plan(
            by=by, partnership=cast.ohio.partnership, run="launch", title="X", place="", starts_at=timezone.now()
        )


def test_a_convener_of_another_team_cannot_open_it(meeting, cast):
    with pytest.raises(Missing):
        actions.open_doors(by=cast.maine.actor("convener"), meeting=meeting)


def test_a_stale_change_is_refused_and_a_fresh_one_kept(meeting, cast):
    by = cast.ohio.actor("convener")
    given = {
        "title": "Launch", "place": "Barn", "starts_at": meeting.starts_at, "minutes": {"welcome": 7},
        "has_lobby": True, "shows_list": False,
    }  # fmt: skip
    changed = actions.change(by=by, meeting=meeting, version=1, **given)
    assert (changed.minutes, changed.place) == ({"welcome": 7}, "Barn")
    with pytest.raises(Refused):
        actions.change(by=by, meeting=meeting, version=1, **given)


def test_a_revoked_grant_ends_the_place_of_who_ran_the_meeting(meeting, cast):
    from sharedtable.accounts.models import Grant
    from sharedtable.wall import queries, reading

    _place, token = wall.take_place(by=cast.ohio.actor("convener"), meeting=meeting, role="facilitator")
    assert queries.place(token, meeting.pk) is not None
    Grant.objects.filter(user=cast.ohio.users["convener"]).update(revoked_at=timezone.now())
    assert queries.place(token, meeting.pk) is None
    from sharedtable.accounts.links import hash_of

    assert reading.sittings([(hash_of(token), meeting.pk)]) == {}
