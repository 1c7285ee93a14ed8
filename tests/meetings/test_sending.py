"""Personal links to a meeting: looked over, sent once each, held; slips for the others; the calendar behind a link."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar
import pytest
from django.utils import timezone

from sharedtable.accounts.actors import actor_of_link
from sharedtable.accounts.links import open_link
from sharedtable.accounts.models import PersonalLink
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import suppression
from sharedtable.ledger.models import Entry, Letter, Suppression
from sharedtable.meetings import calendar, joining, pack, sending
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return cast.ohio.actor("convener")


def test_looking_over_says_who_gets_one_and_changes_nothing(cast, launch, by):
    Person.objects.filter(pk=cast.ohio.partner.pk).update(email="")
    ready = sending.to_send(by=by, meeting=launch)
    assert ready.review.names == [cast.ohio.chair.name]
    assert [one.name for one in ready.on_paper] == [cast.ohio.partner.name]
    assert not PersonalLink.objects.exists()
    assert not Letter.objects.exists()
    sample = ready.review.sample
    assert sample is not None
    assert "/l/" not in sample.body


def test_each_person_gets_one_letter_in_their_language_however_often_the_button_is_pressed(cast, launch, by):
    Person.objects.filter(pk=cast.ohio.partner.pk).update(language="es")
    assert sending.send_links(by=by, meeting=launch) == 2
    assert sending.send_links(by=by, meeting=launch) == 0
    letters = {letter.person_id: letter for letter in Letter.objects.all()}
    assert len(letters) == 2
    assert letters[cast.ohio.partner.pk].subject == "Su enlace para Launch"
    letter = letters[cast.ohio.chair.pk]
    assert (letter.state, letter.verb, letter.partnership_id) == ("held", "links.make", launch.partnership_id)
    assert letter.hold_until > timezone.now() + timedelta(minutes=9)
    assert Entry.objects.get(verb="meeting.links").details == {"letters": 2}
    token = re.search(r"/l/(\S+)", letter.body)[1]
    link = open_link(token)
    assert (link.purpose, link.object_id, link.person_id) == ("meeting", launch.pk, cast.ohio.chair.pk)
    assert link.expires_at < launch.starts_at + timedelta(days=3)
    assert sending.to_send(by=by, meeting=launch).review.count == 0


def test_whoever_asked_for_no_mail_is_left_out_and_named(cast, launch, by):
    suppression.suppress(
        cast.ohio.chair.email, level=Suppression.Level.SPACE, cause=suppression.Cause.ASKED, by="link:1",
        space_id=cast.ohio.space.pk,
    )  # fmt: skip
    ready = sending.to_send(by=by, meeting=launch)
    assert [letter.to_name for letter, _why in ready.review.left_out] == [cast.ohio.chair.name]
    assert sending.send_links(by=by, meeting=launch) == 1
    assert not PersonalLink.objects.filter(person_id=cast.ohio.chair.pk, purpose="meeting").exists()


def test_slips_are_for_people_without_mail_and_an_older_slip_ends(cast, launch, by):
    with pytest.raises(Refused, match="mail address"):
        sending.slips(by=by, meeting=launch)
    Person.objects.filter(pk=cast.ohio.partner.pk).update(email="")
    first, second = (sending.slips(by=by, meeting=launch) for _twice in range(2))
    assert [slip.name for slip in second] == [cast.ohio.partner.name]
    with pytest.raises(Missing):
        open_link(first[0].address.rpartition("/")[2])
    assert open_link(second[0].address.rpartition("/")[2]).person_id == cast.ohio.partner.pk
    assert pack.slips_pdf(launch, second, "en").startswith(b"%PDF")


def test_a_meeting_that_is_over_sends_nothing(cast, launch, by):
    Meeting.objects.filter(pk=launch.pk).update(starts_at=timezone.now() - timedelta(days=9))
    launch.refresh_from_db()
    with pytest.raises(Refused):
        sending.send_links(by=by, meeting=launch)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("role", ["agency", "admin", "economist"])
def test_nobody_else_sends_links(cast, launch, role):
    actor = cast.ohio.actor(role)
    for act in (sending.send_links, sending.slips, sending.to_send):
        with pytest.raises(Missing):
            act(by=actor, meeting=launch)


def test_a_break_in_the_last_write_sends_nothing(cast, launch, by, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("no line")

    monkeypatch.setattr(sending, "_record", broken)
    with pytest.raises(RuntimeError):
        sending.send_links(by=by, meeting=launch)
    assert not Letter.objects.exists()
    assert not PersonalLink.objects.exists()


def test_a_link_lets_nobody_in_before_the_doors_open(cast, launch, by):
    sending.send_links(by=by, meeting=launch)
    holder = actor_of_link(PersonalLink.objects.get(person_id=cast.ohio.chair.pk, purpose="meeting"))
    with pytest.raises(Refused, match="doors open"):
        joining.enter_by_link(by=holder)
    assert not Participant.objects.exists()


def test_the_calendar_is_one_appointment_that_grows_newer_with_each_change(launch):
    found = icalendar.Calendar.from_ical(calendar.file_of(launch, "en").content).walk("VEVENT")[0]
    assert (str(found["SUMMARY"]), str(found["LOCATION"]), found["SEQUENCE"]) == ("Launch", "Hall 2", 0)
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=120)
    launch.version = 4
    newer = icalendar.Calendar.from_ical(calendar.file_of(launch, "en").content).walk("VEVENT")[0]
    assert (newer["UID"], newer["SEQUENCE"]) == (found["UID"], 3)
    assert "ATTENDEE" not in newer
