"""The pages of a data walk without scripts: setting it up, marking, what stays on the profile and in its files."""

from __future__ import annotations

import gzip
import io
import re

import docx
import openpyxl
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts.links import hash_of
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships.models import Decision
from sharedtable.studies import documents, queries
from sharedtable.studies.models import Reading, Voice
from sharedtable.studies.questions import Question, default_region
from sharedtable.walks import actions
from sharedtable.walks.models import Walk
from tests.data_walk.conftest import SECTORS, Walked
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
SPACE = "ohio"
SECRET = "Two plants close in May"


def phone_of(cast, walked: Walked, who: str) -> Client:
    """The browser of somebody in the room."""
    place = walked.room.places[who]
    Participant.objects.filter(pk=place.pk).update(token_hash=hash_of(f"token-{who}"))
    client = cast.client("visitor")
    client.cookies[f"place-{walked.room.meeting.pk}"] = f"token-{who}"
    return client


def profile_of(cast, role: str, team: str = "ohio", **given: str):
    return read_profile(cast.client(role, team), **given)


def read_profile(client: Client, **given: str):
    query = {"areas": ",".join(default_region().areas), "industries": "3261", **given}
    return client.get(reverse("profile"), query)


def revealed(walked: Walked) -> str:
    stop = walked.show()
    walked.mark("ann", stop, "doubtful", SECRET)
    walked.mark("bo", stop, "real")
    actions.reveal(by=walked.fay, stop=stop)
    return stop


def test_a_walk_is_planned_and_set_up_from_the_pages(cast, settings, walk_data):
    settings.DATA = walk_data
    client = cast.client("convener")
    client.post(
        reverse("meeting-plan", args=[SPACE]),
        {
            "partnership": cast.ohio.partnership.pk, "run": "data-walk", "title": "Data walk", "place": "Hall",
            "starts_at": "2027-01-14T09:00",
        },
    )  # fmt: skip
    meeting = Meeting.objects.get()
    page = client.get(reverse("meeting", args=[SPACE, meeting.pk]))
    address = reverse("walk", args=[SPACE, meeting.pk])
    assert address in page.content.decode() and "Figure by figure" in words(page)
    assert "Choose what to walk through" in words(client.get(address))
    given = {
        "version": 0,
        "region": "",
        "industry": ["3261"],
        "codes": "3363, 123456",
        "measure": ["employment", "pay"],
    }
    wrong = client.post(reverse("walk-set-up", args=[SPACE, meeting.pk]), given)
    assert wrong.status_code == 422 and "3363, 123456" in wrong.content.decode()
    assert client.post(reverse("walk-set-up", args=[SPACE, meeting.pk]), given | {"codes": "3363"}).status_code == 302
    assert [one["name"] for one in Walk.objects.get().industries] == [one.name for one in SECTORS]
    assert "5 stops" in words(client.get(address))
    assert client.get(reverse("walk", args=[SPACE, 999_999])).status_code == 404
    assert cast.client("convener", "maine").get(f"/s/maine/meetings/{meeting.pk}/walk/").status_code == 404


def test_a_phone_without_scripts_marks_changes_and_sees_the_reveal(cast, walked):
    ann, number = phone_of(cast, walked, "ann"), walked.room.meeting.pk
    assert "The next figure comes in a moment" in words(ann.get(f"/live/{number}/"))
    stop = walked.show()
    page = ann.get(f"/live/{number}/").content.decode()
    assert "Jobs today" in page and f'name="stop" value="{stop}"' in page
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    for _ in range(2):  # a page that is sent twice
        ann.post(f"/live/{number}/mark", {"key": key, "stop": stop, "mark": "doubtful", "text": SECRET})
    page = ann.get(f"/live/{number}/").content.decode()
    assert 'value="doubtful" checked' in page and SECRET in page
    assert "You can change it until it is revealed" in page
    # Nobody else's page says anything of it, not even that of the facilitator.
    for who, path in (("bo", ""), ("pat", ""), ("screen", "wall"), ("fay", "console"), ("sam", "console")):
        answer = phone_of(cast, walked, who).get(f"/live/{number}/{path}")
        assert answer.status_code == 200 and SECRET not in answer.content.decode()
    actions.reveal(by=walked.fay, stop=stop)
    for who in ("bo", "pat"):
        assert SECRET in words(phone_of(cast, walked, who).get(f"/live/{number}/"))
    late = phone_of(cast, walked, "bo").post(
        f"/live/{number}/mark", {"stop": stop, "mark": "real", "text": "x"}, follow=True
    )
    assert "revealed already" in words(late)


def test_the_choice_is_made_on_a_phone_without_scripts(cast, walked):
    stop, number = walked.show(4), walked.room.meeting.pk
    ann = phone_of(cast, walked, "ann")
    assert SECTORS[1].name in words(ann.get(f"/live/{number}/"))
    ann.post(f"/live/{number}/mark", {"stop": stop, "first": "1", "next": "0", "text": "Orders"})
    actions.reveal(by=walked.fay, stop=stop)
    assert Voice.objects.get().mark == "1,0"
    assert f"{SECTORS[1].name} first: 1, next: 0" in words(ann.get(f"/live/{number}/"))


def test_only_those_who_run_the_meeting_reach_its_buttons(cast, walked):
    number, stop = walked.room.meeting.pk, walked.stops[0]
    address = f"/live/{number}/walk"
    for who in ("ann", "pat", "screen"):
        assert phone_of(cast, walked, who).post(address, {"do": "show", "stop": stop}).status_code == 404
    assert cast.client("visitor").post(address, {"do": "show", "stop": stop}).status_code == 404
    scribe = phone_of(cast, walked, "sam")
    assert scribe.post(address, {"do": "show", "stop": stop}).status_code == 404
    fay = phone_of(cast, walked, "fay")
    assert fay.post(address, {"do": "show", "stop": stop}).json() == {"says": ""}
    assert fay.post(address, {"do": "reveal", "stop": stop}).status_code == 200
    assert "revealed already" in fay.post(address, {"do": "reveal", "stop": stop}).json()["says"]
    assert scribe.post(address, {"do": "hear", "stop": stop, "text": "Aloud"}).status_code == 200
    assert fay.post(address, {"do": "dance"}).status_code == 404


def test_doubts_stand_beside_the_figure_for_the_team_and_for_nobody_else(cast, walked):
    revealed(walked)
    page = profile_of(cast, "economist")
    body = page.content.decode()
    point = body[body.index('id="point-employment"') : body.index('id="point-change_short"')]
    assert SECRET in point and "I doubt it" in point and "real 1, doubtful 1, misses something 0" in point
    assert "Ann Alvarez" not in body
    for role, team in (("visitor", "ohio"), ("state", "ohio"), ("convener", "maine")):
        assert SECRET not in profile_of(cast, role, team).content.decode()
    assert SECRET not in profile_of(cast, "economist", industries="3363").content.decode()


def test_doubts_print_with_the_profile_in_every_file_of_it(cast, walked):
    revealed(walked)
    by = cast.ohio.actor("convener")
    page = queries.profile_page(Question(region=default_region(), sector=SECTORS[0], by=by))
    file = docx.Document(io.BytesIO(documents.profile_file(page, "docx").content))
    cells = " ".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
    assert SECRET in cells and "Ann Alvarez" not in cells
    book = openpyxl.load_workbook(io.BytesIO(documents.profile_file(page, "xlsx").content))
    rows = [str(cell) for row in book["Notes"].iter_rows(values_only=True) for cell in row]
    assert f"Jobs today: I doubt it: {SECRET}" in rows
    assert documents.profile_file(page, "pdf").content.startswith(b"%PDF")
    spanish = queries.profile_page(Question(region=default_region(), sector=SECTORS[0], by=by, language="es"))
    file = docx.Document(io.BytesIO(documents.profile_file(spanish, "docx").content))
    assert "Empleos actuales" in " ".join(
        cell.text for table in file.tables for row in table.rows for cell in row.cells
    )


def test_a_workbook_that_comes_back_does_not_bring_the_walk_as_new_notes(cast, walked):
    from sharedtable.studies.reimport import OWN_KINDS

    revealed(walked)
    page = queries.profile_page(Question(region=default_region(), sector=SECTORS[0], by=cast.ohio.actor("convener")))
    book = openpyxl.load_workbook(io.BytesIO(documents.profile_file(page, "xlsx").content))
    kinds = {row[0] for row in book["Notes"].iter_rows(values_only=True) if SECRET in str(row[1])}
    assert kinds == {"walk"} and kinds <= OWN_KINDS


def test_the_choice_becomes_a_decision_of_the_partnership_from_the_page(cast, walked):
    stop = walked.show(4)
    walked.mark("ann", stop, "1,0", "Orders are full")
    walked.mark("bo", stop, "1", "We hire")
    walked.mark("pat", stop, "0", "The college can train for it")
    actions.reveal(by=walked.fay, stop=stop)
    client, meeting = cast.client("convener"), walked.room.meeting
    page = client.get(reverse("walk", args=[SPACE, meeting.pk]))
    assert f"{SECTORS[0].name}: The college can train for it" in page.content.decode()
    given = {
        "question": "Which first?", "chosen": SECTORS[1].name, "next": SECTORS[0].name, "reasons": "Full order books",
        "dissent": "The college would begin with plastics.", "decided_by": "Ann Alvarez",
        "decided_on": timezone.localdate().isoformat(), "reasons-0": "Students", "reasons-1": "Orders",
    }  # fmt: skip
    address = reverse("walk-decide", args=[SPACE, meeting.pk])
    refused = client.post(address, given)
    assert refused.status_code == 422 and "The college would begin with plastics." in refused.content.decode()
    answer = client.post(address, given | {"review_on": "2099-01-31"}, follow=True)
    decision = Decision.objects.get(kind="sector")
    assert (decision.chosen, decision.next_choice, decision.dissent) == (
        SECTORS[1].name, SECTORS[0].name, "The college would begin with plastics.",
    )  # fmt: skip
    assert "At the end of a data walk" in words(answer)
    assert cast.client("agency").post(address, given).status_code == 404


def test_words_are_taken_off_by_whoever_runs_meetings(cast, walked):
    revealed(walked)
    voice, meeting = Voice.objects.exclude(text="").get(), walked.room.meeting
    address = reverse("walk-strike", args=[SPACE, meeting.pk])
    assert cast.client("agency").post(address, {"voice": voice.pk}).status_code == 404
    assert "Ann Alvarez" in words(cast.client("convener").get(reverse("walk", args=[SPACE, meeting.pk])))
    cast.client("convener").post(address, {"voice": voice.pk})
    assert SECRET not in profile_of(cast, "economist").content.decode()
    assert Reading.objects.get().counts["all"] == {"doubtful": 1, "real": 1}


def test_the_pages_ask_the_database_a_few_times_however_much_is_marked(cast, walked, django_assert_max_num_queries):
    for number in range(3):
        stop = walked.show(number)
        for who in ("ann", "bo", "pat"):
            walked.mark(who, stop, "doubtful", f"Words {number}")
        actions.reveal(by=walked.fay, stop=stop)
    phone, number = phone_of(cast, walked, "ann"), walked.room.meeting.pk
    with django_assert_max_num_queries(8):
        phone.get(f"/live/{number}/")
    console = cast.client("convener")
    with django_assert_max_num_queries(20):
        console.get(reverse("walk", args=[SPACE, number]))
    economist = cast.client("economist")
    with django_assert_max_num_queries(9):
        read_profile(economist)


def test_the_phone_of_a_walk_is_light():
    files = ["js/live.js", "js/walk.js", "js/walk-phone.js", "css/tokens.css", "css/base.css", "css/components.css"]
    weight = 0
    for name in [*files, "css/wall.css", "css/walk.css"]:
        with open(finders.find(name), "rb") as source:
            weight += len(gzip.compress(source.read()))
    assert weight <= 30 * 1024, f"{weight} bytes of script and style"
