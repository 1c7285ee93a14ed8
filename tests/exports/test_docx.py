"""The Word file: real styles, header rows, words for pictures, language, and that a word processor opens it."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from sharedtable import exports
from sharedtable.errors import Missing
from sharedtable.exports import Column, Document, Figure, Heading, Paragraph, Table, to_docx
from tests.exports.samples import svg_bars

DAY = date(2026, 11, 22)


def opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def test_headings_title_and_lists_use_the_styles_of_word(profile: Document) -> None:
    word = opened(to_docx(profile))
    styled = [(p.style.name, p.text) for p in word.paragraphs]
    assert ("Title", profile.title) in styled
    assert ("Heading 1", "How it grew") in styled
    assert ("Heading 2", "What to ask") in styled
    assert len([1 for style, _ in styled if style == "List Bullet"]) == 3
    assert ("Caption", "Industries by jobs, 2025") in styled
    assert ("Quote", "We turned down orders last spring because we could not staff a third shift.") in styled


def test_language_title_and_author_are_set_and_nothing_of_the_template_is_left(profile: Document) -> None:
    word = opened(to_docx(replace(profile, language="es")))
    assert {element.get(qn("w:val")) for element in word.styles.element.iter(qn("w:lang"))} == {"es-US"}
    core = word.core_properties
    assert (core.title, core.author, core.language) == (profile.title, profile.author, "es")
    assert (core.comments, core.created.date()) == ("", DAY)


def test_each_table_marks_its_header_row_and_says_what_it_shows(profile: Document) -> None:
    tables = opened(to_docx(profile)).tables
    assert len(tables) == 3
    for table in tables:
        headers = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert headers == [True] + [False] * (len(table.rows) - 1)
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"
    industries = tables[1]
    assert industries._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Industries by jobs, 2025"
    assert [cell.text for cell in industries.rows[1].cells][:5] == [
        "3261",
        "Plastics product manufacturing",
        "6,240",
        "+4.1%",
        "+18.3%",
    ]
    assert industries.rows[5].cells[2].text == "–\u00a0w"
    assert industries.rows[4].cells[1].text == "Machine shops and turned products\u00a0p"


def test_a_picture_carries_its_words(profile: Document) -> None:
    shapes = opened(to_docx(profile)).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [
        "Jobs rose from 21,400 in 2015 to 24,310 in 2025."
    ]


def test_the_footer_has_the_source_and_live_page_numbers(profile: Document) -> None:
    footer = opened(to_docx(profile)).sections[0].footer
    assert profile.footer in footer.paragraphs[0].text
    fields = [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_libreoffice_opens_it_and_shows_all_of_it_in_order(
    profile: Document, convert: Callable[..., bytes], pdf_text: Callable[[bytes], str]
) -> None:
    text = pdf_text(convert(to_docx(profile), "docx", "pdf"))
    expected = [
        "Industry profile",
        "one in eleven jobs",
        "Jobs in 2025",
        "How it grew",
        "What to ask",
        "Motor vehicle parts",
        "withheld: the agency",
        "Machinists",
        "We turned down orders",
        "Whom should we ask next?",
        "Sources",
        "May 2025",
    ]
    last = 0
    for words in expected:
        last = text.index(words, last)
    assert re.search(r"Page 1 of [34]\b", text)


def test_line_breaks_and_signs_of_markup_stay_text() -> None:
    text = 'a < b & c > "d"\n=SUM(A1) {{x}} <w:p/>'
    table = Table(text, (Column("a", text),), ({"a": text},))
    word = opened(to_docx(Document(text, DAY, (Heading(1, text), Paragraph(text), table))))
    assert [p.text for p in word.paragraphs if p.style.name in ("Heading 1", "Normal")] == [text, text]
    assert [row.cells[0].text for row in word.tables[0].rows] == [text, text]


def test_a_landscape_page_is_wide_and_its_picture_fits() -> None:
    word = opened(to_docx(Document("T", DAY, (Figure(svg_bars(), "Bars", "", 0.5),), is_landscape=True)))
    section = word.sections[0]
    assert section.page_width > section.page_height
    line = section.page_width - section.left_margin - section.right_margin
    assert abs(word.inline_shapes[0].width - line / 2) < 10


def test_the_base_install_names_the_extra_that_brings_word_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "sharedtable.exports.docx")
    with pytest.raises(Missing, match=r"sharedtable\[web\]"):
        exports.to_docx(Document("T", DAY, ()))


def test_reading_and_csv_load_neither_word_nor_pdf_libraries() -> None:
    loaded = "any(name in sys.modules for name in ('docx', 'typst', 'openpyxl', 'xlsxwriter'))"
    code = f"import sys; from sharedtable.exports import rows_to_csv; sys.exit({loaded})"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
