"""The shared product opened and read back: Word, PDF, workbook and calendar, and how long they take."""

from __future__ import annotations

import io
import time

import pytest
from django.utils import translation
from docx import Document as read_docx

from sharedtable.errors import Missing
from sharedtable.exports import read_layout
from sharedtable.exports.document import ATTRIBUTION
from sharedtable.meetings.models import Participant
from sharedtable.plans import documents, queries
from sharedtable.plans.models import Card, Closing
from sharedtable.wall.writer import Submission, write
from tests.papers import pdf_text
from tests.plans.conftest import Launch
from tests.wall.rooms import key


@pytest.fixture
def found(launch: Launch) -> queries.Product:
    launch.freeze()
    return queries.product(launch.convener, launch.room.meeting.pk)


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in read_docx(io.BytesIO(content)).paragraphs if one.text]


def test_the_word_file_says_who_carries_what_in_whose_words(found: queries.Product) -> None:
    lines = paragraphs(documents.product_file(found, "docx").content)
    headings = [text for style, text in lines if style.startswith("Heading")]
    assert headings == [
        "Our priorities", "1. Skills", "In the words of the companies", "Resting for now", "Rail", "Export",
        "The opportunities that we saw", "New products", "For somebody else", "Who was there", "What happens next",
    ]  # fmt: skip
    text = "\n".join(line for _style, line in lines)
    for part in (
        "Champions: Ann Alvarez (Lakeside Plastics); Bo Baker (Northern Tool)", "Answers to: New products",
        "Start with one class", "Train welders with the college", "A rail spur would help [from a partner]",
        "shown again at the yearly refresh", "Lower the federal tax", "Lakeside Plastics; Northern Tool",
        "2 business leaders and 1 support partner.", "1 colleague who is missing will be invited.",
        "(New York)", ATTRIBUTION["en"],
    ):  # fmt: skip
        assert part in text
    assert text.index("Lower the federal tax") > text.index("For somebody else")


def test_no_paper_tells_who_wrote_a_card_or_who_is_missing(found: queries.Product) -> None:
    text = "\n".join(line for _style, line in paragraphs(documents.product_file(found, "docx").content))
    for hidden in ("Gil Grant", "Granite", "Pat Partner", "Not for the screen", "Ask about the lab"):
        assert hidden not in text


def test_the_pdf_and_spanish_say_the_same(found: queries.Product) -> None:
    text = pdf_text(documents.product_file(found, "pdf").content)
    for part in ("Our priorities", "Skills", "Share one trainer", "Resting for now"):
        assert part in text
    with translation.override("es"):
        lines = paragraphs(documents.product_file(found, "docx").content)
    spanish = "\n".join(line for _style, line in lines)
    assert "Nuestras prioridades" in spanish and "Train welders with the college" in spanish
    assert ATTRIBUTION["es"] in spanish


def test_the_workbook_has_every_card_and_authors_only_for_who_may_know(found: queries.Product) -> None:
    for authors in (False, True):
        layout = read_layout(documents.product_file(found, "xlsx", authors=authors).content, documents.LAYOUT)
        cards = layout.sheets["cards"]
        assert {row["text"] for row in cards} == set(Card.objects.values_list("text", flat=True))
        assert ("said_by" in cards[0]) is authors


def test_the_next_date_is_a_calendar_file_with_its_zone_and_nobodys_name(found: queries.Product) -> None:
    from icalendar import Calendar

    made = Calendar.from_ical(documents.next_date(found).content)
    event = made.walk("VEVENT")[0]
    assert event["DTSTART"].dt.isoformat() == "2099-02-23T09:00:00-05:00"
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 120 * 60
    assert made.walk("VTIMEZONE") and "ATTENDEE" not in event
    assert str(event["UID"]).startswith(f"next-after-meeting-{found.meeting.pk}@")


def test_without_a_date_there_is_no_calendar_file(launch: Launch) -> None:
    launch.room.number("fay", "stage.set", set={"date": ""})
    launch.freeze()
    found = queries.product(launch.convener, launch.room.meeting.pk)
    assert found.next_at is None
    with pytest.raises(Missing):
        documents.next_date(found)
    assert "We meet again" not in str(paragraphs(documents.product_file(found, "docx").content))


def test_a_meeting_of_150_people_and_500_cards_is_on_paper_within_a_minute(launch: Launch, record_property) -> None:
    room = launch.room
    Participant.objects.bulk_create(
        Participant(
            space=launch.team.space, meeting=room.meeting, role="participant", table="inner", name=f"Person {n}",
            company=f"Company {n}", asked_at=room.meeting.made_at, admitted_at=room.meeting.made_at,
        )
        for n in range(148)
    )  # fmt: skip
    people = list(Participant.objects.filter(meeting=room.meeting, name__startswith="Person"))
    told = [
        {"n": one.pk, "name": one.name, "company": one.company, "table": "inner", "role": one.role} for one in people
    ]

    def send(by: int, command: dict[str, object]) -> None:
        write(room.board.pk, [Submission(room.board.pk, by, [{"key": key(), **command}])])

    send(0, {"do": "participant.admit", "people": told})
    room.number("fay", "segment.start", segment="requirements")
    for n in range(500):
        send(people[n % 148].pk, {"do": "note.add", "text": f"What we need, number {n}, in a sentence of usual length"})
    numbers = list(
        room.board.notes.filter(text__startswith="What we need").order_by("number").values_list("number", flat=True)
    )
    for at, area in enumerate(launch.areas.values()):
        for number in numbers[at::3]:
            send(room.places["fay"].pk, {"do": "note.place", "note": number, "cluster": area})
    room.number("fay", "segment.start", segment="commitments")
    for at, one in enumerate(people):
        send(one.pk, {"do": "champion.sign", "cluster": list(launch.areas.values())[at % 3]})
    begun = time.perf_counter()
    assert isinstance(launch.freeze(), Closing)
    frozen = time.perf_counter()
    found = queries.product(launch.convener, room.meeting.pk)
    assert len(found.cards) > 500
    made = {}
    for kind in ("docx", "pdf", "xlsx"):
        start = time.perf_counter()
        assert documents.product_file(found, kind).content
        made[kind] = round(time.perf_counter() - start, 2)
    seconds = {"freeze": round(frozen - begun, 2), **made}
    record_property("seconds", seconds)
    print(seconds)
    assert time.perf_counter() - begun < 60
