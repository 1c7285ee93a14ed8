"""The pages around a meeting: prepare, links, who came, photos, papers; who may, and what is shown again."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sharedtable.accounts.links import make_link
from sharedtable.ledger.models import Letter
from sharedtable.meetings import actions
from sharedtable.meetings.models import Meeting, Participant, Photo
from sharedtable.partnerships.models import Scope
from sharedtable.studies.questions import Sector, default_region
from sharedtable.wall import actions as wall
from sharedtable.worksheets.models import Round
from tests.web.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def launch(cast) -> Meeting:
    return actions.plan(
        by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, run="launch", title="Launch", place="Hall",
        starts_at=timezone.now(),
    )  # fmt: skip


def at(name: str, launch: Meeting, *more: object) -> str:
    return reverse(f"meeting-{name}" if name else "meeting", args=["ohio", launch.pk, *more])


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "#336699").save(out, "JPEG")
    return out.getvalue()


def test_the_plan_form_offers_each_length_with_its_words(cast):
    page = cast.client("convener").get(reverse("meetings", args=["ohio"])).content.decode()
    assert 'value="launch:ninety-minutes"' in page
    assert "Launch meeting, 90 minutes" in page
    assert 'value="brainstorm"' in page


def test_the_run_is_arranged_on_the_page_and_a_missing_end_is_said(cast, launch):
    client = cast.client("convener")
    page = client.get(at("prepare", launch)).content.decode()
    assert "This meeting ends in all that it should" in page
    assert "S1:365-420" in page  # where the lengths come from
    given = {"version": "1"}
    for place, name in enumerate(re.findall(r'name="has-(\w+)"', page), start=1):
        given |= {f"place-{name}": str(20 - place), f"minutes-{name}": "10"}
        if name != "commitments":
            given[f"has-{name}"] = "on"
    assert client.post(at("arrange", launch), given).status_code == 302
    page = words(client.get(at("prepare", launch)))
    assert "Something is missing at the end of this meeting" in page
    assert "60 minutes" in page
    stale = client.post(at("arrange", launch), {**given, "minutes-welcome": "77"})
    assert stale.status_code == 422
    assert 'value="77"' in stale.content.decode()  # nothing that was typed is lost


def test_facilitator_and_ticks_are_kept_and_shown(cast, launch):
    client = cast.client("convener")
    client.post(at("facilitator", launch), {"person": cast.ohio.partner.pk})
    client.post(at("materials", launch), {"ready": ["markers", "tape"]})
    page = client.get(at("prepare", launch)).content.decode()
    assert f"<b>{cast.ohio.partner.name}</b>" in page
    assert "2/11" in page
    assert client.post(at("facilitator", launch), {"person": cast.maine.partner.pk}).status_code == 404


def test_the_seating_plan_is_drawn_on_the_page_and_said_in_a_list(cast, launch):
    page = cast.client("convener").get(at("prepare", launch)).content.decode()
    assert page.count('class="seat-plan__chair is-inner"') == 1
    assert f"{cast.ohio.partner.name}, {cast.ohio.college.name}" in page
    assert re.search(r'viewBox="0 0 \d+ \d+"', page)


def test_papers_come_as_files_for_the_team_alone(cast, launch):
    answer = cast.client("agency").get(at("paper", launch, "name-tags", "pdf"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="launch-name-tags.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert cast.client("economist").get(at("paper", launch, "agenda", "pdf")).status_code == 404
    assert cast.client("convener").get(at("paper", launch, "agenda", "exe")).status_code == 404
    assert cast.client("agency").get(at("attendance-file", launch)).status_code == 404
    assert cast.client("convener").get(at("attendance-file", launch)).content.startswith(b"PK")


def test_links_are_looked_over_sent_once_and_shown_as_sent(cast, launch):
    client = cast.client("convener")
    page = client.get(at("links", launch))
    assert "2 letters" in words(page)
    assert not Letter.objects.exists()
    for _twice in range(2):
        assert client.post(at("links", launch)).status_code == 302
    assert Letter.objects.filter(kind="meeting").count() == 2
    assert "2 people were sent one already" in words(client.get(at("links", launch)))
    assert cast.client("agency").get(at("links", launch)).status_code == 404


def test_slips_come_as_a_pdf_for_people_without_mail(cast, launch):
    client, partner = cast.client("convener"), cast.ohio.partner
    assert client.post(at("slips", launch)).status_code == 422
    partner.email = ""
    partner.save()
    assert partner.name in words(client.get(at("links", launch)))
    answer = client.post(at("slips", launch))
    assert answer.content.startswith(b"%PDF")


def test_a_personal_link_waits_for_the_doors_gives_a_calendar_and_then_lets_in(cast, launch):
    by, chair = cast.ohio.actor("convener"), cast.ohio.chair
    link, token = make_link(by=by, purpose="meeting", person_id=chair.pk, kind="meeting", object_id=launch.pk)
    phone = cast.client("visitor")
    phone.get(f"/l/{token}", follow=True)
    page = phone.get(f"/me/{link.pk}/meeting")
    assert "The doors open shortly before the meeting begins" in words(page)
    assert phone.post(f"/me/{link.pk}/meeting").status_code == 422
    calendar = phone.get(f"/me/{link.pk}/meeting.ics")
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert b"SUMMARY" in calendar.content
    assert not Participant.objects.exists()
    actions.open_doors(by=by, meeting=launch)
    assert phone.post(f"/me/{link.pk}/meeting", {"is_listed": "yes"}).status_code == 302
    place = Participant.objects.get()
    assert (place.person, place.is_listed, place.title) == (chair, True, "President")


def test_a_walk_in_says_their_title_and_is_on_no_list_unasked(cast, launch):
    by = cast.ohio.actor("convener")
    code = actions.open_doors(by=by, meeting=launch).code
    phone = cast.client("visitor")
    page = phone.get(f"/j/{code}/").content.decode()
    assert 'name="is_listed" value="yes"' in page
    assert "checked" not in page.split('name="is_listed"')[1][:40]
    phone.post(f"/j/{code}/", {"name": "Dee", "company": "Delta", "title": "Owner"})
    place = Participant.objects.get()
    assert (place.title, place.is_listed) == ("Owner", False)


def test_the_paper_list_is_typed_in_and_a_problem_keeps_the_lines(cast, launch):
    client = cast.client("convener")
    wrong = client.post(at("check-in", launch), {"company-0": "Only a company", "name-1": "Bo", "company-1": "Beta"})
    assert wrong.status_code == 422
    assert 'value="Only a company"' in wrong.content.decode()
    assert 'value="Bo"' in wrong.content.decode()
    seat = str(cast.ohio.chair_seat.pk)
    given = {"seat": [seat], "agreed": [seat], "name-0": "Dee", "company-0": "Delta", "title-0": "Owner"}
    assert client.post(at("check-in", launch), given).status_code == 302
    page = words(client.get(at("attendance", launch)))
    assert "2 people were there" in page
    assert "Under 10 companies a launch is in trouble" in page
    assert "names the 1 person who agreed" in page
    assert cast.client("agency").get(at("attendance", launch)).status_code == 200
    assert "Type in the paper list" not in words(cast.client("agency").get(at("attendance", launch)))
    assert cast.client("agency").post(at("check-in", launch), given).status_code == 404


def test_somebody_goes_on_the_list_and_out(cast, launch):
    client = cast.client("convener")
    client.post(at("check-in", launch), {"name-0": "Dee"})
    place = Participant.objects.get()
    client.post(at("place", launch), {"place": place.pk, "do": "list"})
    place.refresh_from_db()
    assert place.is_listed
    client.post(at("place", launch), {"place": place.pk, "do": "take_out"})
    assert "0 people were there" in words(client.get(at("attendance", launch)))


def test_a_photo_is_sent_shown_as_a_file_and_deleted(cast, launch):
    client = cast.client("convener")
    sent = SimpleUploadedFile("wall.html", jpeg(), content_type="text/html")
    assert client.post(at("photo-add", launch), {"photo": sent, "shows": "Left half"}).status_code == 302
    photo = Photo.objects.get()
    answer = client.get(at("photo", launch, photo.pk))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "private, no-store" in answer.headers["Cache-Control"]
    for stranger in (cast.client("economist"), cast.client("convener", "maine"), cast.client("visitor")):
        assert stranger.get(at("photo", launch, photo.pk)).status_code == 404
    assert "Left half" in words(client.get(at("attendance", launch)))
    assert cast.client("agency").post(at("photo-remove", launch, photo.pk)).status_code == 404
    client.post(at("photo-remove", launch, photo.pk))
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wall.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("wall.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("wall.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
    ],
)
def test_what_is_no_photo_is_refused_in_words(cast, launch, name, content):
    client = cast.client("convener")
    sent = SimpleUploadedFile(name, content, content_type="image/jpeg")
    page = client.post(at("photo-add", launch), {"photo": sent}, follow=True)
    assert "This is no photo that can be read here" in words(page)
    assert not Photo.objects.exists()
    assert "Choose a photo first" in words(client.post(at("photo-add", launch), follow=True))


def test_the_look_back_is_asked_of_the_partners_who_were_there_once(cast, launch):
    client = cast.client("convener")
    assert "No support partner" in words(client.post(at("review", launch), follow=True))
    client.post(at("check-in", launch), {"seat": [str(cast.ohio.partner_seat.pk), str(cast.ohio.chair_seat.pk)]})
    places = {client.post(at("review", launch)).headers["Location"] for _twice in range(2)}
    made = Round.objects.get()
    assert places == {reverse("round", args=["ohio", made.pk])}
    assert (made.tool_id, made.state) == ("review-launch", "draft")
    assert [one.person for one in made.asked.all()] == [cast.ohio.partner]
    assert cast.client("agency").post(at("review", launch)).status_code == 404


def seated(cast, launch, role: str):
    client = cast.client("convener")
    client.post(reverse("meeting-enter", args=["ohio", launch.pk]), {"role": role})
    return client


def test_the_console_has_the_counts_and_the_scribe_a_page_and_a_phone_neither(cast, launch):
    wall.type_in(by=cast.ohio.actor("convener"), meeting=launch, lines=[])
    console = seated(cast, launch, "facilitator")
    console.post(at("check-in", launch), {"seat": [str(cast.ohio.chair_seat.pk)]})
    assert console.get(f"/live/{launch.pk}/attendance").json() == {
        "says": "1 company · 1 senior title · 0 partners (at least 12, better 25 companies)", "level": "red",
    }  # fmt: skip
    scribe = cast.client("convener")
    entered = scribe.post(reverse("meeting-enter", args=["ohio", launch.pk]), {"role": "scribe"})
    assert entered.headers["Location"] == f"/live/{launch.pk}/scribe"
    assert "Who said it" in words(scribe.get(f"/live/{launch.pk}/scribe"))
    code = actions.open_doors(by=cast.ohio.actor("convener"), meeting=launch).code
    phone = cast.client("visitor")
    phone.post(f"/j/{code}/", {"name": "Dee"})
    for path in ("attendance", "scribe"):
        assert phone.get(f"/live/{launch.pk}/{path}").status_code == 404
    assert phone.post(f"/live/{launch.pk}/people", {"do": "write_down", "name": "Me"}).status_code == 404
    assert scribe.post(f"/live/{launch.pk}/people", {"do": "admit"}).status_code == 404


def test_the_screen_of_the_room_has_one_slide_with_the_facts_of_the_sector(cast, launch, facts):
    region, sector = default_region(), Sector.of("326", "Plastics")
    assert 'id="slide"' not in seated(cast, launch, "projector").get(f"/live/{launch.pk}/wall").content.decode()
    Scope.objects.create(
        space=cast.ohio.space, partnership=cast.ohio.partnership, version=1, region_text=region.to_text(),
        region_name=region.name, sector_text=sector.to_text(), sector_name="Plastics", company_rules=[],
        made_at=timezone.now(), made_by="operator",
    )  # fmt: skip
    page = seated(cast, launch, "projector").get(f"/live/{launch.pk}/wall").content.decode()
    slide = page.split('id="slide"')[1].split("</section>")[0]
    assert slide.count("<dt>") == 4
    assert "Quarterly Census of Employment and Wages" in slide
    assert re.search(r"<rect[^>]+height=\"\d", slide)


def test_the_pages_ask_the_database_a_few_times_however_many_came(cast, launch, django_assert_max_num_queries):
    client = cast.client("convener")
    client.post(at("check-in", launch), {f"name-{n}": f"Person {n}" for n in range(6)})
    for name, most in (("prepare", 30), ("attendance", 26), ("links", 30)):
        with django_assert_max_num_queries(most):
            assert client.get(at(name, launch)).status_code == 200


def test_a_meeting_of_another_team_is_not_here(cast, launch):
    stranger = cast.client("convener", "maine")
    for name in ("prepare", "links", "attendance", "calendar"):
        assert stranger.get(f"/s/maine/meetings/{launch.pk}/{name}").status_code == 404
    for name in ("arrange", "facilitator", "materials", "slips", "check-in", "place", "photos", "review"):
        assert stranger.post(f"/s/maine/meetings/{launch.pk}/{name}").status_code == 404
