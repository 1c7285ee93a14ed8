"""The pages of what came out of a meeting, asked as a browser without scripts asks them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from sharedtable.accounts.links import hash_of
from sharedtable.ledger.models import Letter
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.plans.models import Closing, Priority, Task
from sharedtable.wall.models import Board
from tests.cast import HOST, Cast
from tests.plans.conftest import DAY, Launch


def client_of(launch: Launch, who: str) -> Client:
    """The browser of somebody in the room."""
    token = f"token-of-{who}"
    place = launch.room.places[who]
    Participant.objects.filter(pk=place.pk).update(token_hash=hash_of(token))
    client = Client(headers={"host": HOST, "origin": f"http://{HOST}"}, REMOTE_ADDR="203.0.113.9")
    client.cookies[f"place-{place.meeting_id}"] = token
    return client


def page(client: Client, name: str, *arguments: object, **query: object) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_a_phone_without_scripts_sees_the_dates_and_the_read_back_and_says_what_suits(launch: Launch) -> None:
    number = launch.room.meeting.pk
    launch.room.number("fay", "stage.set", set={"date": "", "reads": True})
    bo = client_of(launch, "bo")
    shown = page(bo, "live", number)
    assert 'value="2099-02-23T09:00"' in shown and "This is what we agreed on" in shown
    bo.post(reverse("live-write", args=[number]), {"do": "date.say", "key": "press-bo-1", "dates": [DAY]})
    assert Board.objects.get(pk=launch.room.board.pk).stage["hands"] == {DAY: 2}
    assert "date.say" not in page(client_of(launch, "pat"), "live", number)


def test_only_the_facilitator_closes_and_everybody_gets_the_end_page(launch: Launch) -> None:
    number = launch.room.meeting.pk
    close = reverse("live-close", args=[number])
    for who in ("ann", "pat", "sam", "screen"):
        assert client_of(launch, who).post(close).status_code == 404
        assert client_of(launch, who).get(close).status_code == 405
    assert Meeting.objects.get(pk=number).frozen_at is None
    fay = client_of(launch, "fay")
    assert fay.post(close).url == fay.post(close).url == reverse("live-thanks", args=[number])
    assert Closing.objects.count() == 1
    ann, pat = client_of(launch, "ann"), client_of(launch, "pat")
    shown = page(ann, "live-thanks", number)
    assert "Your name is on this" in shown and "February 23, 2099" in shown and "Gil Grant" not in shown
    assert "Your name is on this" not in page(pat, "live-thanks", number)
    assert reverse("meeting-product", args=["ohio", number]) in page(fay, "live-thanks", number)
    assert "All of it is on your phone now." in page(client_of(launch, "screen"), "live-thanks", number)
    for who in (ann, fay, client_of(launch, "screen")):
        for name in ("live", "live-wall"):
            assert who.get(reverse(name, args=[number])).status_code == 302
    assert ann.get(reverse("live-next", args=[number]))["Content-Type"].startswith("text/calendar")
    assert ann.get(reverse("live-product", args=[number, "pdf"])).content.startswith(b"%PDF")
    assert ann.get(reverse("live-product", args=[number, "xlsx"])).status_code == 404


def test_a_card_in_no_area_stands_in_the_product(launch: Launch, cast: Cast) -> None:
    launch.room.number("sam", "note.add", text="One course for welders", **{"for": "Bo Baker, Northern Tool"})
    launch.freeze()
    shown = page(cast.client("convener"), "meeting-product", "ohio", launch.room.meeting.pk)
    seen, loose = shown.split("Also said, in no area")
    assert "One course for welders" in loose and "One course for welders" not in seen


def test_from_the_end_page_the_talk_among_partners_is_opened_and_gone_to(launch: Launch) -> None:
    number = launch.room.meeting.pk
    launch.freeze()
    fay, pat, ann = (client_of(launch, who) for who in ("fay", "pat", "ann"))
    over = reverse("live-over", args=[number])
    assert "hidden" in page(pat, "live-thanks", number).split('id="over"')[1].split(">")[0]
    assert "Open the partners" in page(fay, "live-thanks", number)
    there = fay.post(reverse("live-debrief", args=[number])).url
    assert there != reverse("live-console", args=[number])
    assert "Go to the partners" in page(fay, "live-thanks", number)
    assert "hidden" not in page(pat, "live-thanks", number).split('id="over"')[1].split(">")[0]
    assert over not in page(ann, "live-thanks", number) and over not in page(fay, "live-thanks", number)
    assert pat.post(over).status_code == 302 and ann.post(over).status_code == 404
    # The debrief has no priorities, and its end does not speak of any.
    debrief = Meeting.objects.get(follows=number)
    fay.post(reverse("live-close", args=[debrief.pk]))
    shown = page(fay, "live-thanks", debrief.pk)
    assert "Thank you" in shown and "Our priorities" not in shown


def test_before_the_close_there_is_no_end_page(launch: Launch) -> None:
    ann, number = client_of(launch, "ann"), launch.room.meeting.pk
    assert ann.get(reverse("live-thanks", args=[number])).url == reverse("live", args=[number])
    for name in ("live-next", "live-check"):
        assert ann.get(reverse(name, args=[number])).status_code == 404


def test_the_shared_product_is_on_its_page_and_in_its_files(launch: Launch, cast: Cast) -> None:
    number = launch.room.meeting.pk
    convener, agency = cast.client("convener"), cast.client("agency")
    convener.post(reverse("meeting-freeze", args=["ohio", number]))
    shown = page(convener, "meeting-product", "ohio", number)
    for part in ("Skills", "Ann Alvarez", "Train welders with the college", "Bo Baker, Northern Tool", "Export"):
        assert part in shown
    # Who may not see what is of the inner table sees the words, not who wrote them.
    assert "quotes__by" in shown and "quotes__by" not in page(agency, "meeting-product", "ohio", number)
    for kind in ("docx", "pdf", "xlsx", "ics"):
        answer = convener.get(reverse("meeting-product-file", args=["ohio", number, kind]))
        assert answer.status_code == 200 and f'.{kind}"' in answer["Content-Disposition"]
    assert convener.get(reverse("meeting-product-file", args=["ohio", number, "exe"])).status_code == 404
    assert "What the meeting agreed on" in page(convener, "meeting", "ohio", number)
    assert cast.client("convener", "maine").get(reverse("meeting-product", args=["maine", number])).status_code == 404


def test_a_close_by_mistake_is_taken_back_on_the_page(launch: Launch, cast: Cast) -> None:
    number = launch.room.meeting.pk
    launch.freeze()
    admin = cast.client("admin")
    address = reverse("meeting-reopen", args=["ohio", number])
    assert cast.client("agency").post(address, {"reason": "r"}).status_code == 404
    shown = admin.post(address, {"reason": " "}, follow=True).content.decode()
    assert "Say why the meeting is opened again" in shown
    admin.post(address, {"reason": "Pressed too early"})
    assert Meeting.objects.get(pk=number).frozen_at is None


def test_who_may_not_see_meetings_sees_what_came_out_of_them_without_their_name(launch: Launch, cast: Cast) -> None:
    launch.freeze()
    slug, title = launch.team.partnership.slug, launch.room.meeting.title
    skills = Priority.objects.get()
    for role, sees in (("agency", True), ("convener", True), ("economist", False), ("adviser", False)):
        client = cast.client(role)
        shown = page(client, "partnership-priorities", "ohio", slug)
        assert "Skills" in shown and (title in shown) is sees
        assert ("Shared products" in shown) is sees  # they lead to pages that are not for everybody
        assert (title in page(client, "priority", "ohio", slug, skills.pk)) is sees


def test_the_tab_of_priorities_leads_to_one_and_its_correction(launch: Launch, cast: Cast) -> None:
    launch.freeze()
    convener, slug = cast.client("convener"), launch.team.partnership.slug
    shown = page(convener, "partnership-priorities", "ohio", slug)
    assert "Skills" in shown and "On the shelf" in shown and "Invite Gil Grant" in shown
    assert "Gil Grant" not in page(cast.client("adviser"), "partnership-priorities", "ohio", slug)
    skills = Priority.objects.get()
    given = {"version": skills.version, "title": "Welders", "said": "", "reason": "better word"}
    convener.post(reverse("priority-correct", args=["ohio", slug, skills.pk]), given)
    shown = page(convener, "priority", "ohio", slug, skills.pk)
    assert "<del>Skills</del>" in shown and "better word" in shown
    stale = convener.post(reverse("priority-correct", args=["ohio", slug, skills.pk]), given, follow=True)
    assert "in the meantime" in stale.content.decode()
    seat = launch.team.chair_seat.pk
    convener.post(
        reverse("priority-champion", args=["ohio", slug, skills.pk]), {"version": 2, "seat": seat, "reason": "by phone"}
    )
    added = skills.champions.get(seat=seat)
    convener.post(reverse("champion-withdraw", args=["ohio", slug, added.pk]), {"version": 3, "reason": "left"})
    added.refresh_from_db()
    assert added.ended_at is not None
    convener.post(reverse("task-add", args=["ohio", slug]), {"what": "Book the hall", "who": "Cora", "due_on": "x"})
    task = Task.objects.get(kind="other")
    convener.post(reverse("task-end", args=["ohio", slug, task.pk]), {"state": "done"})
    assert Task.objects.get(pk=task.pk).state == "done"


def test_the_page_of_who_is_missing_leads_to_a_letter_in_the_outbox(launch: Launch, cast: Cast) -> None:
    launch.freeze()
    convener, slug = cast.client("convener"), launch.team.partnership.slug
    assert "suggested by Bo Baker" in page(convener, "partnership-missing", "ohio", slug)
    task = Task.objects.get()
    where = reverse("missing-task", args=["ohio", slug, task.pk])
    assert "Nobody in the record has this name" in convener.get(where).content.decode()
    wrong = convener.post(where, {"do": "add", "name": " ", "company": "Granite Works", "email": "x"})
    assert wrong.status_code == 422 and "Granite Works" in wrong.content.decode()
    convener.post(where, {"do": "add", "name": "Gil Grant", "company": "Granite Works", "email": "gil@granite.example"})
    shown = page(convener, "missing-invite", "ohio", slug, task=task.pk, names_peer="1")
    assert "Bo Baker (Northern Tool)" in shown and not Letter.objects.filter(kind="invitation").exists()
    convener.post(reverse("missing-invite", args=["ohio", slug]), {"task": task.pk})
    assert Letter.objects.get(kind="invitation").to_name == "Gil Grant"
    assert cast.client("agency").get(reverse("partnership-missing", args=["ohio", slug])).status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_there_in_both_languages(launch: Launch, cast: Cast, language: str) -> None:
    launch.freeze()
    convener, slug, number = cast.client("convener"), launch.team.partnership.slug, launch.room.meeting.pk
    convener.cookies["language"] = language
    for name, arguments in (
        ("meeting-product", [number]), ("partnership-priorities", [slug]), ("partnership-missing", [slug]),
        ("priority", [slug, Priority.objects.get().pk]), ("missing-task", [slug, Task.objects.get().pk]),
    ):  # fmt: skip
        shown = page(convener, name, "ohio", *arguments)
        assert ("Skills" in shown or "Gil Grant" in shown) and f'lang="{language}"' in shown


def test_hostile_numbers_and_texts_are_answered_in_words_and_change_nothing(launch: Launch, cast: Cast) -> None:
    launch.freeze()
    convener, slug = cast.client("convener"), launch.team.partnership.slug
    found = Priority.objects.get()
    where = reverse("priority-correct", args=["ohio", slug, found.pk])
    given = {"title": "Another", "said": "", "reason": "r"}
    for version in ("9" * 5000, "-1", "²", "1e3", "", "9" * 19):
        assert convener.post(where, {**given, "version": version}).status_code == 302
    for field in ("title", "said", "reason", "version"):
        assert convener.post(where, {**given, "version": "1", field: "a\0b"}).status_code == 400
    assert convener.post(where, {**given, "version": "1", "a\0b": "x"}).status_code == 400
    found.refresh_from_db()
    assert (found.title, found.version) == ("Skills", 1)
