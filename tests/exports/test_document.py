"""Blocks refuse what would make a document that somebody cannot read."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import docx
import pytest

from sharedtable.errors import Refused
from sharedtable.exports import (
    Absent,
    BlankLines,
    Column,
    Document,
    Figure,
    Heading,
    Language,
    Paragraph,
    Side,
    Table,
    to_docx,
    to_pdf,
)
from sharedtable.exports.document import ATTRIBUTION, table_cells
from sharedtable.method.guideposts import guideposts

DAY = date(2026, 11, 22)


def test_a_picture_without_words_for_it_is_refused() -> None:
    with pytest.raises(Refused, match="empty alt"):
        Figure("<svg/>", "  ")


def test_a_heading_that_skips_a_level_is_refused() -> None:
    with pytest.raises(Refused, match="level must not be skipped"):
        Document("T", DAY, (Heading(1, "a"), Heading(3, "b")))
    with pytest.raises(Refused, match="level must not be skipped"):
        Document("T", DAY, (Heading(2, "a"),))
    assert Document("T", DAY, (Heading(1, "a"), Side((Heading(2, "b"),), ()), Heading(3, "c"), Heading(1, "d")))


def test_a_document_without_title_or_with_an_unknown_language_is_refused() -> None:
    with pytest.raises(Refused, match="empty title"):
        Document(" \x00 ", DAY, ())
    with pytest.raises(Refused, match="language 'fr'"):
        Document("T", DAY, (), "fr")


def test_two_columns_with_one_key_are_refused() -> None:
    with pytest.raises(Refused, match="same key: a"):
        Table("T", (Column("a", "A"), Column("a", "B")), ())
    with pytest.raises(Refused, match="unknown kind"):
        Column("a", "A", "money")


def test_a_side_holds_no_page_break_and_no_side() -> None:
    with pytest.raises(Refused, match="neither"):
        Side((Side((), ()),), ())


def test_lines_to_write_on_need_a_label_and_a_sane_number() -> None:
    with pytest.raises(Refused, match="empty label"):
        BlankLines(3, "")
    with pytest.raises(Refused, match="1 to 40"):
        BlankLines(4000, "Notes")


def test_texts_are_cleaned_when_a_block_is_made() -> None:
    assert Paragraph(" a\x00b\x1b\r\nc ").text == "ab\nc"


def test_a_withheld_row_carries_its_letter_only_where_values_are_missing() -> None:
    columns = (Column("code", "Code", "code"), Column("name", "Name"), Column("jobs", "Jobs", "integer"))
    rows = (
        {"code": "01", "name": "A", "jobs": 0, "status": "published"},
        {"code": "02", "name": "B", "jobs": None, "status": "withheld"},
        {"code": "03", "name": "C", "jobs": 7, "status": "partly_withheld"},
        {"code": "04", "name": "D", "jobs": Absent("not_loaded"), "status": "published"},
        {"code": "05", "name": "E", "status": "published"},
    )
    lines, legend = table_cells(Table("T", columns, rows, mark_key="status"), "en")
    assert [[(cell.text, cell.mark) for cell in line[1:]] for line in lines] == [
        [("A", ""), ("0", "")],
        [("B", ""), ("–", "w")],
        [("C", "p"), ("7", "")],
        [("D", ""), ("–", "n")],
        [("E", ""), ("–", "")],
    ]
    assert [line[0] for line in legend] == ["w", "p", "n"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_document_ends_with_where_the_method_comes_from(
    profile: Document, language: Language, pdf_text: Callable[[bytes], str]
) -> None:
    said = ATTRIBUTION[language]
    assert said == guideposts(language).attribution
    document = replace(profile, language=language)
    assert docx.Document(io.BytesIO(to_docx(document))).paragraphs[-1].text == said
    assert said in " ".join(pdf_text(to_pdf(document)).split())
    plain = replace(document, is_attributed=False)
    assert said not in [p.text for p in docx.Document(io.BytesIO(to_docx(plain))).paragraphs]
