"""The third walk of the design: one sticky note, from a phone to the shared product, in the words of who wrote it.

What Ann types must arrive letter by letter at every station: other phones, an area on the screen, the priority that
carries it, the pages of the team, Word, PDF and workbook. Her name stays with it for those who may know it alone.
"""

from __future__ import annotations

import io
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as read_docx

from sharedtable.accounts.links import hash_of
from sharedtable.exports import read_layout
from sharedtable.meetings.models import Participant
from sharedtable.plans import correcting
from sharedtable.plans.actions import freeze
from sharedtable.plans.documents import LAYOUT
from sharedtable.plans.models import Card, Champion, Priority
from sharedtable.wall.models import Note
from tests.cast import HOST, Cast
from tests.papers import pdf_text
from tests.wall.rooms import Room, key, make_room

pytestmark = pytest.mark.django_db
WORDS = "Soldadores de noche: “two evenings” a week & no <long> papers, 2×30 people"


def phone_of(room: Room, who: str) -> Client:
    """The browser of somebody in the room; it has a place there and no account."""
    token = f"token-of-{who}"
    Participant.objects.filter(pk=room.places[who].pk).update(token_hash=hash_of(token))
    client = Client(headers={"host": HOST, "origin": f"http://{HOST}"}, REMOTE_ADDR="203.0.113.9")
    client.cookies[f"place-{room.meeting.pk}"] = token
    return client


def shown(client: Client, name: str, *arguments: object) -> str:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200, (name, answer.status_code)
    return unescape(answer.content.decode())


@pytest.fixture
def room(cast: Cast) -> Room:
    made = make_room(cast.ohio)
    Participant.objects.filter(pk=made.places["ann"].pk).update(person=cast.ohio.champion)
    return made


def test_a_sticky_note_reaches_the_shared_product_in_the_words_of_who_wrote_it(room: Room, cast: Cast) -> None:
    meeting = room.meeting.pk
    ann, bo, pat, screen, fay = (phone_of(room, who) for who in ("ann", "bo", "pat", "screen", "fay"))
    write = reverse("live-write", args=[meeting])

    # From her phone to the wall on another one: the words and not the name.
    room.number("fay", "segment.start", segment="requirements")
    ann.post(write, {"do": "note.add", "text": WORDS, "key": key()})
    note = Note.objects.get()
    assert (note.text, note.author) == (WORDS, room.places["ann"].pk)
    assert WORDS in shown(bo, "live", meeting)
    assert "Ann Alvarez" not in shown(bo, "live", meeting)

    # The area on the screen, and a name on it; a partner's does not get there.
    area = room.number("fay", "cluster.create", title="Evening classes", notes=[note.number])
    room.number("fay", "segment.start", segment="commitments")
    pat.post(write, {"do": "champion.sign", "cluster": str(area), "key": key()})
    ann.post(write, {"do": "champion.sign", "cluster": str(area), "key": key()})
    wall, phone = shown(screen, "live-wall", meeting), shown(bo, "live", meeting)
    assert "Evening classes" in wall and WORDS in wall
    assert "Ann Alvarez (Lakeside Plastics)" in phone and "Pat Partner" not in phone

    # The close: a priority with its champion, and the card under it as it was typed.
    assert fay.post(reverse("live-close", args=[meeting])).url == reverse("live-thanks", args=[meeting])
    priority, champion, card = Priority.objects.get(), Champion.objects.get(), Card.objects.get()
    assert (priority.title, champion.priority, champion.person) == ("Evening classes", priority, cast.ohio.champion)
    assert (card.text, card.priority, card.participant, card.said_by) == (
        WORDS, priority, room.places["ann"], "Ann Alvarez",
    )  # fmt: skip
    assert "Your name is on this" in shown(ann, "live-thanks", meeting)

    # The pages of the team: everybody there reads the words, the inner circle also whose they are.
    slug = cast.ohio.partnership.slug
    for role, knows in (("convener", True), ("agency", False)):
        for page in (
            shown(cast.client(role), "meeting-product", "ohio", meeting),
            shown(cast.client(role), "priority", "ohio", slug, priority.pk),
        ):
            assert WORDS in page
            assert ("quotes__by" in page) is knows
    assert "Evening classes" in shown(cast.client("convener"), "partnership-priorities", "ohio", slug)

    # The papers: the same letters, with the champion and without who wrote the card.
    def paper(client: Client, kind: str) -> bytes:
        return client.get(reverse("live-product", args=[meeting, kind])).content

    lines = [one.text for one in read_docx(io.BytesIO(paper(pat, "docx"))).paragraphs]
    assert any(WORDS in line and "Ann" not in line for line in lines)
    assert any("Ann Alvarez (Lakeside Plastics)" in line for line in lines)
    assert WORDS in " ".join(pdf_text(paper(ann, "pdf")).split())
    for role, author in (("convener", "Ann Alvarez"), ("agency", None)):
        book = cast.client(role).get(reverse("meeting-product-file", args=["ohio", meeting, "xlsx"])).content
        row = read_layout(book, LAYOUT).sheets["cards"][0]
        assert (row["text"], row.get("said_by")) == (WORDS, author)


def test_what_the_record_holds_stays_as_it_was_when_the_area_is_renamed_later(room: Room, cast: Cast) -> None:
    room.number("fay", "segment.start", segment="requirements")
    number = room.number("ann", "note.add", text=WORDS)
    area = room.number("fay", "cluster.create", title="Evening classes", notes=[number])
    room.number("fay", "segment.start", segment="commitments")
    room.number("ann", "champion.sign", cluster=area)
    convener = cast.ohio.actor("convener")
    freeze(by=convener, meeting=room.meeting)
    assert room.code("ann", "note.edit", note=number, text="Other words", base=number) == "not_yours"
    correcting.correct_words(
        by=convener, priority=Priority.objects.get(), version=1, title="Welders", said="", reason="a better name"
    )
    card = Card.objects.get()
    assert (card.text, card.area, card.priority.title) == (WORDS, "Evening classes", "Welders")
