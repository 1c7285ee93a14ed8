"""A profile that went out as a workbook comes back: the same figures, what people corrected, what they know."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.urls import reverse

from sharedtable.lmi.store import Store
from sharedtable.studies.models import LocalNote, Study
from tests.web.conftest import words
from tests.web.deliveries import finished, sent, token_of


def workbook(folder: Path, edit=None) -> bytes:
    """The profile of plastics in two counties, as it is exported; `edit` changes it as a person would."""
    from datetime import date

    import openpyxl

    from sharedtable.exports import to_xlsx
    from sharedtable.studies.queries import profile_page
    from sharedtable.studies.questions import Question, region_of, sector_of
    from sharedtable.studies.sheets import profile_workbook

    question = Question(region_of("39041,39049,39089"), sector_of("31-33", "", "Making things"))
    content = to_xlsx(profile_workbook(profile_page(question), date(2026, 11, 2)))
    if edit is None:
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def correct(book) -> None:
    points = book["Ten data points"]
    keys = [cell.value for cell in points[1]]
    for row in points.iter_rows(min_row=3):
        if row[keys.index("measure")].value == "employment_jobs":
            row[keys.index("value")].value += 500
            row[keys.index("local_note")].value = "A new plant opened in May <script>alert(1)</script>"
    notes = book["Notes"]
    notes.append(["caveat", "Two large employers moved their payroll office."])
    notes.append(["", "Shifts are hard to fill."])


@pytest.mark.django_db(transaction=True)
def test_an_exported_profile_comes_back_as_the_same_figures(operator, folder):
    page = sent(operator, ("profile.xlsx", workbook(folder)))
    assert "A profile with" in words(page)
    assert "No notes were added." in words(page)
    finished(operator, operator.post(reverse("data-use", args=[token_of(page)])))
    study = Study.objects.get()
    shown = operator.get(reverse("data-study", args=[study.pk]))
    assert "All figures are as today" in words(shown)
    assert "November 2, 2026" in words(shown) or "Nov. 2, 2026" in words(shown)
    assert study.sources
    assert LocalNote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_economist_corrects_a_figure_and_adds_cautions_in_the_workbook(operator, folder):
    before = Store(folder).revision
    page = sent(operator, ("profile.xlsx", workbook(folder, correct)))
    assert "3 notes of people come with it" in words(page)
    finished(operator, operator.post(reverse("data-use", args=[token_of(page)])))
    study = Study.objects.get()
    notes = {(note.kind, note.measure, note.text) for note in study.notes.all()}
    assert notes == {
        ("knowledge", "employment", "A new plant opened in May <script>alert(1)</script>"),
        ("caveat", "", "Two large employers moved their payroll office."),
        ("knowledge", "", "Shifts are hard to fill."),
    }
    shown = operator.get(reverse("data-study", args=[study.pk]))
    assert "1 figure is not what the loaded files say today" in words(shown)
    assert "<script>alert" not in shown.content.decode()
    assert "Shifts are hard to fill." in words(shown)
    assert Store(folder).revision == before
    # The same file once more gives the study that is there.
    page = sent(operator, ("again.xlsx", workbook(folder, correct)))
    assert Study.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_damaged_profile_names_its_cell(operator, folder):
    def spoil(book) -> None:
        book["Ten data points"]["C3"].value = "many"

    page = sent(operator, ("profile.xlsx", workbook(folder, spoil)))
    assert page.status_code == 422
    assert "Cell C3 of the sheet Ten data points" in words(page)


@pytest.mark.django_db(transaction=True)
def test_notes_stand_beside_the_profile_until_they_are_taken_back(operator, folder):
    from sharedtable.studies.knowledge import knowledge
    from sharedtable.studies.questions import Question, region_of, sector_of

    form = {
        "areas": "39041,39049", "name": "Two", "industries": "31-33", "sector": "Making", "text": "Wages rose.",
        "measure": "pay", "kind": "knowledge", "said_by": "Ada", "next": "/data/",
    }  # fmt: skip
    assert operator.post(reverse("note-add"), form)["Location"] == "/data/#knowledge"
    near = knowledge(Question(region_of("39049,39089"), sector_of("31-33")))
    assert [(note.text, note.about) for note in near.notes] == [("Wages rose.", "Average pay")]
    assert knowledge(Question(region_of("39089"), sector_of("31-33"))).notes == []
    assert knowledge(Question(region_of("39049"), sector_of("44-45"))).notes == []
    operator.post(reverse("note-withdraw", args=[near.notes[0].pk]), {"next": "//evil.example"})
    assert knowledge(Question(region_of("39049"), sector_of("31-33"))).notes == []
    assert LocalNote.objects.get().withdrawn_at is not None
