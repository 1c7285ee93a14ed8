"""Letters in English and Spanish at once, for whoever chose both: one mail, one set of links, each half complete."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from sharedtable.accounts.actors import actor_of_link
from sharedtable.accounts.links import make_link, open_link
from sharedtable.accounts.models import PersonalLink
from sharedtable.ledger import message
from sharedtable.ledger.models import Entry, Letter
from sharedtable.meetings import actions as meetings
from sharedtable.meetings import sending
from sharedtable.partnerships import seat_acts, seating
from sharedtable.people.importing import actions as importing
from sharedtable.people.models import Person
from sharedtable.web.actor import link_cookie
from tests.cast import Cast
from tests.people.lists import bring, csv_bytes
from tests.web.conftest import words


@pytest.fixture
def chair(cast: Cast) -> Person:
    """Somebody who reads both."""
    Person.objects.filter(pk=cast.ohio.chair.pk).update(language="both")
    return Person.objects.get(pk=cast.ohio.chair.pk)


def tokens(body: str, kind: str = "l") -> list[str]:
    return re.findall(rf"/{kind}/([\w-]+)", body)


def halves(body: str) -> tuple[str, str]:
    english, spanish = body.split("\n\n* * *\n\n")
    return english, spanish


def test_a_link_to_a_meeting_comes_once_in_both_languages_also_as_a_draft(cast: Cast, chair: Person) -> None:
    by = cast.ohio.actor("convener")
    launch = meetings.plan(
        by=by, partnership=cast.ohio.partnership, run="launch", title="Launch", place="Hall 2",
        starts_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    sample = sending.to_send(by=by, meeting=launch).review.letters
    assert ["in both" for one in sample if "Su enlace para Launch" in one.subject] == ["in both"]
    sending.send_links(by=by, meeting=launch)
    letter = Letter.objects.get(person_id=chair.pk)
    assert letter.subject == "Your link for Launch / Su enlace para Launch"
    assert letter.body.startswith("Primero en inglés, después en español.\n\n")
    english, spanish = halves(letter.body.partition("-- \n")[0])
    assert "Open it on your phone when the meeting begins." in english and "Hall 2" in english
    assert "Ábralo en su teléfono" in spanish and "Hall 2" in spanish
    assert tokens(english) == tokens(spanish) and len(tokens(english)) == 1
    assert open_link(tokens(english)[0]).person_id == chair.pk
    assert PersonalLink.objects.filter(person_id=chair.pk, purpose="meeting").count() == 1
    ends = tokens(letter.body, "stop") or tokens(letter.body.partition("-- \n")[2])
    assert len(set(ends)) == 1 and len(ends) == 2  # the way out, said in both languages
    assert Entry.objects.filter(verb="letter.queue", object_id=letter.pk).count() == 1
    assert message.build(letter)["Content-Language"] == "en, es"

    client = cast.client("convener")
    review = words(client.get(reverse("letters-review", args=["ohio"]), {"letter": [letter.pk]}))
    assert "Your link for Launch / Su enlace para Launch" in review and "* * *" in review
    answer = client.post(reverse("letters-drafts", args=["ohio"]), {"letter": [letter.pk]})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    name = next(name for name in archive.namelist() if name.endswith(".eml"))
    mail = message_from_bytes(archive.read(name), policy=default)
    assert mail["Subject"] == letter.subject and halves(mail.get_content().replace("\r\n", "\n"))
    sheet = load_workbook(io.BytesIO(archive.read("mail-merge.xlsx")))["letters"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert letter.subject in cells and any("* * *" in cell for cell in cells)


def test_a_seat_is_asked_about_and_its_answer_confirmed_in_both_with_one_link_each(cast: Cast, chair: Person) -> None:
    by, seat = cast.ohio.actor("convener"), cast.ohio.chair_seat
    seat.refresh_from_db()
    asked = seating.ask(by=by, seat=seat)
    english, spanish = halves(asked.body.partition("-- \n")[0])
    assert "Chair" in asked.subject and "Quien preside" in asked.subject
    assert "Dear " in english and "Dear " not in spanish
    assert tokens(english) == tokens(spanish) and len(tokens(english)) == 1

    seat_acts.answer(by=actor_of_link(open_link(tokens(english)[0])), is_yes=True)
    confirmed = Letter.objects.get(kind="confirmation")
    english, spanish = halves(confirmed.body)
    assert "You accepted the seat “Chair”" in english and "Usted aceptó el asiento «Quien preside»" in spanish
    assert tokens(english) == tokens(spanish) and len(tokens(english)) == 1
    assert PersonalLink.objects.filter(purpose="undo").count() == 1
    assert Entry.objects.filter(verb="seat.accept").count() == 1


def test_both_is_chosen_on_the_page_of_a_person_and_for_many_at_once(cast: Cast) -> None:
    client, chair = cast.client("convener"), cast.ohio.chair
    edit = reverse("person-edit", args=["ohio", chair.pk])
    assert "English and Spanish" in words(client.get(edit))
    client.post(edit, {"version": chair.version, "name": chair.name, "email": chair.email, "language": "both",
                       "agency": "0"})  # fmt: skip
    chair.refresh_from_db()
    assert chair.language == "both"
    many = {"thing": "people", "id": [cast.ohio.champion.pk], "change": "language", "value_language": "both"}
    assert "English and Spanish" in words(client.post(reverse("people-bulk", args=["ohio"]), many))
    client.post(reverse("people-bulk", args=["ohio"]), {**many, "confirm": "1"})
    assert Person.objects.filter(language="both").count() == 2
    narrowed = words(client.get(reverse("people", args=["ohio"]), {"language": "both"}))
    assert chair.name in narrowed and "English and Spanish" in narrowed and cast.ohio.partner.name not in narrowed


@pytest.mark.parametrize(("reads", "heading"), [("en", "Language of your mail"), ("es", "Idioma de sus correos")])
def test_somebody_chooses_both_by_link_and_pages_speak_the_language_of_the_browser(
    cast: Cast, reads: str, heading: str
) -> None:
    chair = cast.ohio.chair
    link, token = make_link(by=cast.ohio.actor("convener"), purpose="held", person_id=chair.pk)
    mine = Client(headers={"accept-language": reads})
    mine.cookies[link_cookie(link.pk)] = token
    mine.post(reverse("held-contact", args=[link.pk]), {"email": chair.email, "language": "both"})
    chair.refresh_from_db()
    assert chair.language == "both"
    page = mine.get(reverse("held", args=[link.pk]))
    assert f'<html lang="{reads}">' in page.content.decode() and heading in words(page)
    english, spanish = halves(Letter.objects.get(kind="confirmation").body)
    assert "You changed how to reach you." in english and "undo it here" in english
    assert "You changed" not in spanish and tokens(english) == tokens(spanish)


@pytest.mark.parametrize("cell", ["both", "English and Spanish", "Inglés y español", "en/es"])
def test_both_comes_in_with_a_list(cast: Cast, cell: str) -> None:
    by = cast.ohio.actor("convener")
    rows = [["Name", "Email", "Language"], ["Robin New", "robin@new.example", cell]]
    batch = bring(by, csv_bytes(rows))
    importing.write(by=by, batch=batch)
    assert Person.objects.get(name="Robin New").language == "both"


def test_a_language_that_the_site_does_not_speak_is_left_out_of_a_list_and_told(cast: Cast) -> None:
    by = cast.ohio.actor("convener")
    batch = bring(by, csv_bytes([["Name", "Email", "Language"], ["Robin New", "robin@new.example", "Klingon"]]))
    assert batch.rows.get().problems == [{"code": "language", "field": "language", "value": "Klingon"}]
    importing.write(by=by, batch=batch)
    assert Person.objects.get(name="Robin New").language == "en"
