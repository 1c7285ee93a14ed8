"""The pages of a meeting without scripts: planning, the door, the phone, the console."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall.models import Note, SignUp
from tests.wall.rooms import Room
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SPACE = "ohio"


def planned(cast) -> Meeting:
    client = cast.client("convener")
    answer = client.post(
        reverse("meeting-plan", args=[SPACE]),
        {
            "partnership": cast.ohio.partnership.pk,
            "run": "launch",
            "title": "Launch",
            "place": "Hall",
            "starts_at": "2027-01-14T09:00",
        },
    )
    assert answer.status_code == 302
    made = Meeting.objects.get()
    client.post(reverse("meeting-doors", args=[SPACE, made.pk]), {"do": "open"})
    made.refresh_from_db()
    return made


def test_a_meeting_is_planned_and_shows_its_run_of_show_and_its_doors(cast):
    made = planned(cast)
    page = words(cast.client("convener").get(reverse("meeting", args=[SPACE, made.pk])))
    assert "The doors are open" in page
    assert "120 minutes" in page
    assert "Begin with what could grow" in page
    assert cast.client("state").get(reverse("meeting", args=[SPACE, made.pk])).status_code == 404
    assert cast.client("convener", "maine").get(f"/s/maine/meetings/{made.pk}/").status_code == 404


def test_the_newest_meeting_stands_first_in_the_list_whatever_was_planned_first(cast):
    for day in ("2027-03-01", "2028-03-01", "2026-03-01"):
        given = {"partnership": cast.ohio.partnership.pk, "title": f"Of {day}", "starts_at": f"{day}T09:00"}
        cast.client("convener").post(reverse("meeting-plan", args=[SPACE]), given)
    shown = cast.client("convener").get(reverse("meetings", args=[SPACE])).content.decode()
    assert [day[:7] for day in shown.split(">Of ")[1:]] == ["2028-03", "2027-03", "2026-03"]


@pytest.mark.parametrize(("run", "starts"), [("brainstorm", False), ("data-walk", False), ("after-launch", True)])
def test_only_meetings_that_start_dates_offer_and_start_the_clock(cast, run, starts):
    convener = cast.client("convener")
    shown = convener.get(reverse("meetings", args=[SPACE])).content.decode()
    assert (f'<option value="{run}" data-clock' in shown) is starts
    given = {"partnership": cast.ohio.partnership.pk, "title": "M", "starts_at": "2027-03-01T09:00", "run": run}
    convener.post(reverse("meeting-plan", args=[SPACE]), {**given, "starts_clock": "on"})
    assert Meeting.objects.filter(run=run).exists()
    assert cast.ohio.partnership.deadlines.exists() is starts


def test_a_problem_keeps_what_was_typed(cast):
    answer = cast.client("convener").post(
        reverse("meeting-plan", args=[SPACE]),
        {"partnership": cast.ohio.partnership.pk, "title": "Kept title", "starts_at": "x"},
    )
    assert answer.status_code == 422
    assert "Kept title" in answer.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31T23:59", "0001-01-01T00:00", "2201-01-01T09:00"])
def test_a_day_that_no_calendar_can_count_on_from_is_asked_for_again(cast, day):
    given = {"partnership": cast.ohio.partnership.pk, "title": "Launch", "starts_at": day, "starts_clock": "1"}
    answer = cast.client("convener").post(reverse("meeting-plan", args=[SPACE]), given)
    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def test_a_phone_goes_from_code_to_wall_without_scripts(cast):
    made = planned(cast)
    console = cast.client("convener")
    assert console.post(reverse("meeting-enter", args=[SPACE, made.pk]), {"role": "facilitator"}).status_code == 302
    assert console.get(f"/live/{made.pk}/console").status_code == 200
    phone = cast.client("visitor")
    assert phone.get("/j/").status_code == 200
    assert phone.post("/j/", {"code": "WRONGXX"}).status_code == 404
    assert phone.post("/j/", {"code": made.code.lower()}).headers["Location"] == f"/j/{made.code}/"
    assert "Casey" in words(phone.get(f"/j/{made.code}/"))
    assert phone.post(f"/j/{made.code}/", {"seat": cast.ohio.chair_seat.pk}).headers["Location"] == f"/live/{made.pk}/"
    assert "You are at the door" in words(phone.get(f"/live/{made.pk}/"))
    console.post(f"/live/{made.pk}/people", {"do": "admit"})
    room = Room(made, made.boards.get(), {"fay": Participant.objects.get(role="facilitator")})
    room.number("fay", "segment.start", segment="opportunities")
    page = phone.get(f"/live/{made.pk}/").content.decode()
    assert "What are the big opportunities" in page
    key = page.split('name="key" value="')[1].split('"')[0]
    for _ in range(2):  # a page that is sent twice
        phone.post(f"/live/{made.pk}/write", {"key": key, "do": "note.add", "text": "Robots <b>here</b>"})
    assert Note.objects.get().text == "Robots <b>here</b>"
    assert "Robots &lt;b&gt;here" in phone.get(f"/live/{made.pk}/").content.decode()
    room.number("fay", "segment.start", segment="requirements")
    area = room.number("fay", "cluster.create", title="Skills")
    room.number("fay", "segment.start", segment="commitments")
    phone.post(f"/live/{made.pk}/write", {"key": "k" * 16, "do": "champion.sign", "cluster": area})
    assert SignUp.objects.get().company == cast.ohio.company.name


def test_who_has_no_place_finds_no_page(cast):
    made = planned(cast)
    stranger = cast.client("visitor")
    for path in ("", "wall", "console", "help"):
        assert stranger.get(f"/live/{made.pk}/{path}").status_code == 404
    assert stranger.post(f"/live/{made.pk}/write", {"do": "note.add"}).status_code == 404
    assert stranger.post(f"/live/{made.pk}/people", {"do": "admit"}).status_code == 404


def test_a_phone_finds_no_console_and_lets_nobody_in(cast):
    made = planned(cast)
    phone = cast.client("visitor")
    phone.post(f"/j/{made.code}/", {"name": "Dee", "company": "Delta"})
    assert phone.get(f"/live/{made.pk}/console").status_code == 404
    assert phone.post(f"/live/{made.pk}/people", {"do": "admit"}).status_code == 404
    assert Participant.objects.get().admitted_at is None


def test_the_picture_of_a_code_tells_nothing_about_whether_there_is_a_meeting(cast):
    made = planned(cast)
    visitor = cast.client("visitor")
    assert visitor.get(f"/j/{made.code}/qr.svg").headers["Content-Type"] == "image/svg+xml"
    assert visitor.get("/j/ABCDEFG/qr.svg").status_code == 200
    assert visitor.get("/j/nothing-at-all/qr.svg").status_code == 404


def test_opening_pages_changes_nothing(cast):
    made = planned(cast)
    for client in (cast.client("visitor"), cast.client("convener")):
        for _ in range(2):
            for path in (f"/j/{made.code}/", "/j/", f"/s/{SPACE}/meetings/", f"/s/{SPACE}/meetings/{made.pk}/"):
                client.get(path)
                client.head(path)
    assert Participant.objects.count() == 0
    assert not made.boards.exists()


def test_the_pages_ask_the_database_a_few_times_however_many_cards_there_are(cast, django_assert_max_num_queries):
    made = planned(cast)
    console = cast.client("convener")
    console.post(reverse("meeting-enter", args=[SPACE, made.pk]), {"role": "facilitator"})
    phone = cast.client("visitor")
    phone.post(f"/j/{made.code}/", {"name": "Dee", "company": "Delta"})
    console.post(f"/live/{made.pk}/people", {"do": "admit"})
    room = Room(
        made, made.boards.get(),
        {"fay": Participant.objects.get(role="facilitator"), "dee": Participant.objects.get(role="participant")},
    )  # fmt: skip
    room.number("fay", "segment.start", segment="opportunities")
    for number in range(30):
        room.number("dee", "note.add", text=f"Card {number}")
    with django_assert_max_num_queries(8):
        phone.get(f"/live/{made.pk}/")
    with django_assert_max_num_queries(22):
        console.get(f"/live/{made.pk}/console")


def test_a_console_shows_the_script_and_the_tips(cast):
    made = planned(cast)
    console = cast.client("convener")
    console.post(reverse("meeting-enter", args=[SPACE, made.pk]), {"role": "facilitator"})
    page = console.get(f"/live/{made.pk}/console").content.decode()
    assert "Begin with what could grow" in page
    assert "Let silence stand." in page
