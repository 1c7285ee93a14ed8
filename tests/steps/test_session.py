"""The work session of the support team: its blocks write into the workspace, and its last page says what."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings.models import Meeting
from sharedtable.partnerships.models import Deadline, Seat
from sharedtable.people.models import Organisation, Person
from sharedtable.steps import session
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
S = "/s/ohio/p/plastics/sessions/"


@pytest.fixture
def held(cast) -> Meeting:
    """A session that has just begun."""
    answer = cast.client("convener").post(S + "begin", {"place": "Library"})
    assert answer.status_code == 302
    return Meeting.objects.get(run="support-team")


def write(cast, held: Meeting, block: str, **typed: object):
    return cast.client("convener").post(f"{S}{held.pk}/write", {"block": block, **typed})


def test_a_session_writes_members_gaps_and_roles_and_says_so(cast, held):
    client = cast.client("convener")
    page = words(client.get(f"{S}{held.pk}/?block=members"))
    assert "Who is on the team" in page and "Add to the team" in page
    typed = {"name": "Nell Newcomer", "place": "Lakeside Library", "system": "education", "email": "nell@lib.example"}
    assert write(cast, held, "members", **typed).status_code == 302
    seat = Seat.objects.get(person__name="Nell Newcomer")
    assert (seat.role, seat.table) == ("support_team", "outer")
    assert Organisation.objects.get(name="Lakeside Library").system == "education"
    gap = {"gap": "A voice of the unions", "seat": seat.pk, "due_on": "2027-03-01"}
    assert write(cast, held, "gaps", **gap).status_code == 302
    due = Deadline.objects.get()
    assert due.seat == seat and "A voice of the unions" in due.title
    assert write(cast, held, "roles", seat=seat.pk, role="core_partner").status_code == 302
    assert Seat.objects.filter(person=seat.person, role="core_partner").exists()
    said = words(client.get(f"{S}{held.pk}/written"))
    for part in ("Nell Newcomer", "A voice of the unions", "Core partner", cast.ohio.users["convener"].name):
        assert part in said
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"meeting.plan", "organisation.add", "person.add", "seat.give", "deadline.add"} <= verbs


def test_somebody_of_the_record_joins_without_being_typed_again(cast, held):
    before = Person.objects.count()
    Seat.objects.filter(person=cast.ohio.partner).delete()
    assert write(cast, held, "members", person=cast.ohio.partner.pk).status_code == 302
    assert Person.objects.count() == before
    assert Seat.objects.filter(person=cast.ohio.partner, role="support_team").exists()


def test_what_is_refused_stands_in_the_block_as_it_was_typed_and_nothing_is_written(cast, held):
    entries = Entry.objects.count()
    answer = write(cast, held, "members", name="Nell Newcomer")
    assert answer.status_code == 422
    assert "Say for which organization Nell Newcomer speaks" in words(answer)
    assert 'value="Nell Newcomer"' in answer.content.decode()
    assert Entry.objects.count() == entries
    assert write(cast, held, "gaps", gap="x", due_on="no day").status_code == 422
    assert "writes nothing" in words(write(cast, held, "welcome"))


def test_a_break_in_the_seat_leaves_neither_person_nor_place(cast, held, monkeypatch):
    def broken(**_given: object) -> None:
        raise Refused("The table broke.")

    monkeypatch.setattr(session.seating, "give_seat", broken)
    people, places = Person.objects.count(), Organisation.objects.count()
    assert write(cast, held, "members", name="N N", place="New Place").status_code == 422
    assert (Person.objects.count(), Organisation.objects.count()) == (people, places)


def test_the_clock_of_the_blocks_runs_from_the_beginning(cast, held):
    page = session.page(cast.ohio.actor("convener"), cast.ohio.partnership, held.pk)
    assert page.blocks[0].is_now and page.open.id == "welcome"
    assert page.blocks[1].begins == page.blocks[0].ends
    Meeting.objects.filter(pk=held.pk).update(starts_at="2027-05-05T09:00Z")
    later = session.page(cast.ohio.actor("convener"), cast.ohio.partnership, held.pk)
    assert not later.has_begun
    assert cast.client("convener").post(f"{S}{held.pk}/now").status_code == 302
    assert session.page(cast.ohio.actor("convener"), cast.ohio.partnership, held.pk).blocks[0].is_now


def test_the_button_pressed_twice_begins_one_session(cast, held):
    assert cast.client("convener").post(S + "begin", {}).status_code == 302
    assert Meeting.objects.filter(run="support-team").count() == 1


def test_only_who_may_change_the_partnership_writes_and_another_meeting_is_no_session(cast, held):
    assert cast.client("agency").post(f"{S}{held.pk}/write", {"block": "gaps"}).status_code == 404
    assert cast.client("agency").post(S + "begin").status_code == 404
    assert cast.client("agency").get(f"{S}{held.pk}/").status_code == 200
    assert cast.client("economist").get(f"{S}{held.pk}/").status_code == 404
    assert cast.client("convener", "maine").get(f"/s/maine/p/plastics/sessions/{held.pk}/").status_code == 404
    Meeting.objects.filter(pk=held.pk).update(run="launch")
    with pytest.raises(Missing):
        session.of_number(cast.ohio.actor("convener"), cast.ohio.partnership, held.pk)
    assert cast.client("convener").get(reverse("work-sessions", args=["ohio", "plastics"])).status_code == 200
