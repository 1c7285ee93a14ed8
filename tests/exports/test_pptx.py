"""The slides: titles of their own, reading order, words for pictures, notes, and that a program opens them."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pptx
import pytest
from hypothesis import given, settings

from sharedtable.errors import Missing
from sharedtable.exports import Bullets, Column, Document, Figure, Heading, Paragraph, Table, to_pptx
from sharedtable.exports.document import ATTRIBUTION
from tests.exports.samples import svg_bars
from tests.exports.test_any_text import ANY, every_block

DAY = date(2026, 11, 22)


def opened(data: bytes) -> pptx.presentation.Presentation:
    return pptx.Presentation(io.BytesIO(data))


def titles(deck: pptx.presentation.Presentation) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def words(slide: pptx.slide.Slide) -> str:
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def test_each_heading_begins_a_slide_and_no_two_titles_are_the_same(profile: Document) -> None:
    found = titles(opened(to_pptx(profile)))
    assert found[0] == profile.title
    for heading in ("How it grew", "What to ask", "The industries inside", "Who works there", "What people here know"):
        assert heading in found
    assert len(set(found)) == len(found)


def test_the_title_is_the_first_thing_that_is_read_on_every_slide(profile: Document) -> None:
    for slide in opened(to_pptx(profile)).slides:
        assert slide.shapes[0] == slide.shapes.title
        tops = [shape.top for shape in slide.shapes if shape.top is not None]
        assert tops == sorted(tops)


def test_pictures_and_tables_carry_words_and_the_first_row_holds_the_headers(profile: Document) -> None:
    deck = opened(to_pptx(profile))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    pictures = [shape._element.nvPicPr.cNvPr.get("descr") for shape in shapes if shape.shape_type == 13]
    assert pictures == ["Jobs rose from 21,400 in 2015 to 24,310 in 2025."]
    tables = [shape for shape in shapes if shape.has_table]
    assert [one._element.nvGraphicFramePr.cNvPr.get("descr") for one in tables] == [
        "Industries by jobs, 2025",
        "Largest occupations and their yearly wages",
    ]
    assert all(one.table.first_row for one in tables)
    assert [cell.text for cell in tables[0].table.rows[5].cells][2] == "–\u00a0w"


def test_notes_say_what_a_picture_shows_and_where_figures_come_from(profile: Document) -> None:
    deck = opened(to_pptx(profile))
    spoken = deck.slides[titles(deck).index("How it grew")].notes_slide.notes_text_frame.text
    assert "Jobs rose from 21,400" in spoken
    assert "U.S. Bureau of Labor Statistics" in spoken


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_last_slide_says_where_the_method_comes_from_in_the_language_of_the_document(
    profile: Document, language: str
) -> None:
    deck = opened(to_pptx(replace(profile, language=language)))
    assert ATTRIBUTION[language] in words(deck.slides[-1])
    runs = [
        run
        for s in deck.slides
        for sh in s.shapes
        if sh.has_text_frame
        for p in sh.text_frame.paragraphs
        for run in p.runs
    ]
    assert {run._r.rPr.get("lang") for run in runs} == {f"{language}-US"}


def test_a_long_table_and_a_long_list_go_on_to_numbered_slides_and_lose_nothing() -> None:
    rows = tuple({"a": f"row {i}", "b": i} for i in range(90))
    items = tuple(f"item {i} " + "long words " * 14 for i in range(30))
    document = Document(
        "T",
        DAY,
        (
            Heading(1, "All rows"),
            Table("Rows", (Column("a", "A"), Column("b", "B", "integer")), rows),
            Heading(1, "All items"),
            Bullets(items),
            Paragraph("no end " * 900),
        ),
    )
    deck = opened(to_pptx(document))
    found = titles(deck)
    assert found.count("All rows") == 1 and "All rows (2)" in found and "All items (3)" in found
    said = "\n".join(words(slide) for slide in deck.slides)
    assert all(f"row {i}\n" in said for i in range(90))
    assert all(f"item {i} " in said for i in range(30))
    assert said.count("no end") == 900


def test_without_a_rasteriser_the_words_of_a_picture_stand_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(svg: str, **_: object) -> bytes:
        raise Missing("no typst")

    monkeypatch.setattr("sharedtable.exports.pptx.svg_to_png", missing)
    deck = opened(to_pptx(Document("T", DAY, (Figure(svg_bars(), "Bars that rise", ""),))))
    assert any("Bars that rise" in words(slide) for slide in deck.slides)


def test_libreoffice_opens_it_and_shows_all_of_it_in_order(
    profile: Document, convert: Callable[..., bytes], pdf_text: Callable[[bytes], str]
) -> None:
    text = " ".join(pdf_text(convert(to_pptx(profile), "pptx", "pdf")).split())
    last = 0
    for said in ("Industry profile", "one in eleven jobs", "24,310", "What to ask", "Motor vehicle", "Machinists",
                 "could not staff", "May 2025", "Based on the Next Gen"):  # fmt: skip
        last = text.index(said, last)


@settings(max_examples=15, deadline=None)
@given(ANY)
def test_any_text_makes_slides_that_open(text: str) -> None:
    deck = opened(to_pptx(every_block(text)))
    found = titles(deck)
    assert len(set(found)) == len(found)
