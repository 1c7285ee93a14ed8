"""The pages of the partners' debrief, of a brainstorm, of the yearly refresh and of a practice launch."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from sharedtable.meetings import actions as meetings
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall import actions, debriefing, practicing
from sharedtable.wall.models import Cluster, Note
from sharedtable.wall.writer import Done, Submission, write
from tests.wall.rooms import Room, key, make_room
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SPACE = "ohio"


def sit(place: Participant) -> Client:
    """A browser that holds the token of a place."""
    from sharedtable.accounts.links import hash_of

    token = f"token-{place.pk}"
    Participant.objects.filter(pk=place.pk).update(token_hash=hash_of(token))
    browser = Client(headers={"host": "testserver", "origin": "http://testserver"})
    browser.cookies[f"place-{place.meeting_id}"] = token
    return browser


def send(place: Participant, do: str, **given: object) -> int:
    board = actions.board_of(place.meeting)
    answer = write(board.pk, [Submission(board.pk, place.pk, [{"key": key(), "do": do, **given}])])[0][0]
    assert isinstance(answer, Done), answer
    return answer.number


@pytest.fixture
def room(cast) -> Room:
    return make_room(cast.ohio)


def test_a_partner_comes_from_listening_to_the_board_with_their_notes_and_without_a_code(room, cast):
    """Rows E19 and E22, without a script: listen, go over, put one's own note on the board, read the result."""
    launch, pat, fay = room.meeting.pk, sit(room.places["pat"]), sit(room.places["fay"])
    note = room.number("pat", "note.add", text="They named the welding lab twice", private=True)
    page = words(pat.get(reverse("live", args=[launch])))
    assert "You are here to listen" in page
    assert pat.post(reverse("live-over", args=[launch])).status_code == 404  # nothing is open yet
    answer = fay.post(reverse("live-debrief", args=[launch]))
    debrief = Meeting.objects.get(run="debrief")
    assert answer.url == reverse("live-console", args=[debrief.pk])
    assert answer.cookies[f"place-{debrief.pk}"]["path"] == f"/live/{debrief.pk}/"
    assert "Go over" in words(pat.get(reverse("live", args=[launch])))
    answer = pat.post(reverse("live-over", args=[launch]))
    assert answer.url == reverse("live", args=[debrief.pk])
    there = words(pat.get(answer.url))
    assert "Your notes from the launch" in there
    assert "They named the welding lab twice" in there
    facilitator = Participant.objects.get(meeting=debrief, role="facilitator")
    send(facilitator, "segment.start", segment="heard")
    pat.post(reverse("live-carry", args=[debrief.pk]), {"note": str(note)})
    assert "on the board" in words(pat.get(answer.url))
    area = send(facilitator, "cluster.create", title="A place to weld")
    send(facilitator, "note.place", note=Note.objects.get(board__meeting=debrief).number, cluster=area)
    result = words(cast.client("convener").get(reverse("meeting-result", args=[SPACE, debrief.pk])))
    for text in ("A place to weld", "They named the welding lab twice", "Pat Partner", "Outer table"):
        assert text in result


@pytest.mark.parametrize("who", ["ann", "sam", "screen"])
def test_nobody_else_gets_there_by_sending_what_a_partner_sends(room, who):
    debrief, _token = debriefing.open_debrief(by=room.places["fay"])
    browser = sit(room.places[who])
    assert browser.post(reverse("live-over", args=[room.meeting.pk])).status_code == 404
    assert browser.post(reverse("live-debrief", args=[room.meeting.pk])).status_code == 404
    assert browser.get(reverse("live", args=[debrief.meeting_id])).status_code == 404
    assert "Go over" not in words(browser.get(reverse("live", args=[room.meeting.pk]), follow=True))


def test_the_result_is_a_word_paper_with_tables_and_without_what_is_private_hidden_or_taken_back(room, cast):
    fay, _token = debriefing.open_debrief(by=room.places["fay"])
    pat, _token = debriefing.go_over(by=room.places["pat"])
    send(fay, "segment.start", segment="heard")
    send(pat, "note.add", text="Welders, not courses")
    send(pat, "note.add", text="zq-private", private=True)
    send(pat, "note.withdraw", note=send(pat, "note.add", text="zq-taken-back"))
    send(fay, "note.hide", notes=[send(pat, "note.add", text="zq-hidden")])
    address = reverse("meeting-result-file", args=[SPACE, fay.meeting_id, "docx"])
    made = Document(BytesIO(cast.client("convener").get(address).content))
    text = "\n".join(one.text for one in made.paragraphs)
    assert "Welders, not courses" in text
    assert "zq-" not in text
    cells = [cell.text for row in made.tables[0].rows for cell in row.cells]
    assert "Pat Partner" in cells
    assert Participant(table="outer").get_table_display() in cells
    pdf = cast.client("convener").get(reverse("meeting-result-file", args=[SPACE, fay.meeting_id, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    assert (
        cast.client("convener").get(reverse("meeting-result-file", args=[SPACE, fay.meeting_id, "xlsx"])).status_code
        == 404
    )


def test_the_result_is_for_the_team_and_a_launch_has_none_here(room, cast):
    fay, _token = debriefing.open_debrief(by=room.places["fay"])
    address = reverse("meeting-result", args=[SPACE, fay.meeting_id])
    statuses = {
        role: cast.client(role).get(address).status_code for role in ("admin", "convener", "agency", "state", "visitor")
    }
    assert statuses == {"admin": 200, "convener": 200, "agency": 200, "state": 404, "visitor": 404}
    assert cast.client("convener", "maine").get(f"/s/maine/meetings/{fay.meeting_id}/result").status_code == 404
    assert cast.client("convener").get(reverse("meeting-result", args=[SPACE, room.meeting.pk])).status_code == 404


def test_the_result_page_asks_no_more_of_the_database_for_more_cards(room, cast, django_assert_max_num_queries):
    fay, _token = debriefing.open_debrief(by=room.places["fay"])
    pat, _token = debriefing.go_over(by=room.places["pat"])
    send(fay, "segment.start", segment="heard")
    for number in range(30):
        send(pat, "note.add", text=f"Heard {number}")
        if number % 10 == 0:
            send(fay, "cluster.create", title=f"Area {number}")
    from sharedtable.wall.results import result

    actor = cast.ohio.actor("convener")
    with django_assert_max_num_queries(6):
        assert result(actor, fay.meeting_id, "en").count == 30


# --- brainstorm -------------------------------------------------------------------------------------------------------


def test_a_brainstorm_takes_cards_of_both_tables_and_ends_in_a_shortlist_on_page_and_paper(cast):
    """Row J03: ten ways, whoever has them, then the few that the group wants to try."""
    room = make_room(cast.ohio, run="brainstorm")
    room.number("fay", "segment.start", segment="ideas")
    first = room.number("ann", "note.add", text="Ride along with an adviser for a day")
    room.number("pat", "note.add", text="A poster")
    room.number("fay", "segment.start", segment="shortlist")
    room.number("fay", "note.park", note=first, parked="ours")
    page = words(cast.client("convener").get(reverse("meeting-result", args=[SPACE, room.meeting.pk])))
    assert page.index("Shortlist") < page.index("Ride along with an adviser") < page.index("A poster")
    address = reverse("meeting-result-file", args=[SPACE, room.meeting.pk, "docx"])
    text = "\n".join(p.text for p in Document(BytesIO(cast.client("convener").get(address).content)).paragraphs)
    assert text.index("Shortlist") < text.index("Ride along with an adviser") < text.index("A poster")
    assert "Put it on the wall" in words(sit(room.places["pat"]).get(reverse("live", args=[room.meeting.pk])))


# --- yearly refresh ---------------------------------------------------------------------------------------------------


def test_the_yearly_refresh_shows_last_years_shelf_at_its_end_and_not_before(cast):
    """Row H30: planned by form, it follows the launch by itself; the shelf is on phones from its segment on."""
    room = make_room(cast.ohio)
    room.number("fay", "segment.start", segment="requirements")
    signed = room.number("fay", "cluster.create", title="Skills together")
    room.number("fay", "cluster.create", title="A robot pool")
    room.number("fay", "segment.start", segment="commitments")
    room.number("ann", "champion.sign", cluster=signed)
    room.number("fay", "segment.end")
    assert Cluster.objects.get(title="A robot pool").is_shelved
    client = cast.client("convener")
    client.post(
        reverse("meeting-plan", args=[SPACE]),
        {
            "partnership": cast.ohio.partnership.pk,
            "run": "refresh",
            "title": "Refresh",
            "starts_at": "2027-11-14T09:00",
        },
    )
    made = Meeting.objects.get(run="refresh")
    assert made.follows == room.meeting
    fay, _token = actions.take_place(by=cast.ohio.actor("convener"), meeting=made, role="facilitator")
    ann, _token = actions.ask(meeting=made, name="Ann Alvarez", company="Lakeside Plastics")
    actions.admit(by=fay)
    ann.refresh_from_db()
    phone = sit(ann)
    before = phone.get(reverse("live", args=[made.pk])).content.decode()
    assert 'aria-labelledby="shelf-title" hidden' in before
    send(fay, "segment.start", segment="shelf")
    after = phone.get(reverse("live", args=[made.pk])).content.decode()
    assert 'aria-labelledby="shelf-title">' in after
    assert "A robot pool" in after
    assert "Skills together" not in after
    assert '"shelf": ["A robot pool"]' in sit(fay).get(reverse("live-console", args=[made.pk])).content.decode()


def test_a_refresh_without_a_launch_before_it_has_no_shelf(cast):
    made = meetings.plan(
        by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, run="refresh", title="R", place="",
        starts_at=timezone.now(),
    )  # fmt: skip
    assert made.follows is None


# --- practice ---------------------------------------------------------------------------------------------------------


def test_a_practice_begins_with_a_button_is_marked_on_every_screen_counts_nowhere_and_is_wiped_by_a_button(cast):
    """Row E25."""
    client = cast.client("convener")
    answer = client.post(reverse("meeting-practice", args=[SPACE]), {"partnership": cast.ohio.partnership.pk})
    made = Meeting.objects.get(is_practice=True)
    assert answer.url == reverse("live-console", args=[made.pk])
    assert "PRACTICE" in words(client.get(answer.url))
    meetings.open_doors(by=cast.ohio.actor("convener"), meeting=made)
    made.refresh_from_db()
    assert "PRACTICE" in words(Client().get(reverse("join-code", args=[made.code])))
    waiting, _token = actions.ask(meeting=made, name="A colleague")
    assert "PRACTICE" in words(sit(waiting).get(reverse("live", args=[made.pk])))
    for role, page in (("projector", "live-wall"), ("scribe", "live-console")):
        place, _token = actions.take_place(by=cast.ohio.actor("convener"), meeting=made, role=role)
        assert "PRACTICE" in words(sit(place).get(reverse(page, args=[made.pk])))
    listed = words(client.get(reverse("meetings", args=[SPACE])))
    assert "Practice launch Practice" in listed
    shown = client.get(reverse("meeting", args=[SPACE, made.pk])).content.decode()
    assert "https://www.youtube.com/" in shown
    assert client.post(reverse("meeting-wipe", args=[SPACE, made.pk])).status_code == 302
    assert not Meeting.objects.filter(is_practice=True).exists()
    assert "The practice is wiped" in words(client.get(reverse("meetings", args=[SPACE])))


def test_the_button_to_wipe_is_refused_in_words_for_a_real_meeting(room, cast):
    answer = cast.client("convener").post(reverse("meeting-wipe", args=[SPACE, room.meeting.pk]))
    assert answer.status_code in (302, 409, 422)
    assert Meeting.objects.filter(pk=room.meeting.pk).exists()


def test_a_seed_that_is_typed_plays_the_same_practice(cast):
    made = practicing.begin(by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, language="en", seed=42)
    assert actions.board_of(made).stage["practice"]["seed"] == 42


# --- nobody makes an account ------------------------------------------------------------------------------------------


def test_an_executive_goes_through_a_whole_meeting_without_an_account(room, cast):
    """Row X1: from the code to a name on an area, and a partner on to the debrief: no user, no session, no password."""
    from sharedtable.accounts.models import User

    before = User.objects.count()
    Meeting.objects.filter(pk=room.meeting.pk).update(has_lobby=False)
    meetings.open_doors(by=cast.ohio.actor("convener"), meeting=room.meeting)
    room.meeting.refresh_from_db()
    browser = Client(headers={"host": "testserver", "origin": "http://testserver"})
    answer = browser.post(
        reverse("join-code", args=[room.meeting.code]),
        {"name": "Dee Diaz", "company": "Delta Foods", "from": "business"},
    )
    phone = answer.url
    room.number("fay", "segment.start", segment="requirements")
    browser.post(reverse("live-write", args=[room.meeting.pk]), {"do": "note.add", "text": "Night buses", "key": key()})
    area = room.number("fay", "cluster.create", title="Buses")
    room.number("fay", "segment.start", segment="commitments")
    browser.post(
        reverse("live-write", args=[room.meeting.pk]), {"do": "champion.sign", "cluster": str(area), "key": key()}
    )
    page = words(browser.get(phone))
    assert "Night buses" in page
    assert "Dee Diaz (Delta Foods)" in page
    assert User.objects.count() == before
    assert "sessionid" not in browser.cookies or not browser.cookies["sessionid"].value
