"""Name tags, cards and slips: the sizes of the paper, names that are read, Word and PDF opened again."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
import qrcode
from docx import Document as open_word
from docx.shared import Inches
from qrcode.image.svg import SvgPathImage

from sharedtable.errors import Refused
from sharedtable.exports import Tag, TagSheet, tags_to_docx, tags_to_pdf

DAY = date(2027, 1, 14)


def sheet(kind: str, *tags: Tag) -> TagSheet:
    return TagSheet("Name tags", DAY, kind, tags)


def test_tags_stand_six_on_a_letter_page_and_are_tagged():
    made = sheet("tags", *(Tag(f"Ann Alvarez {n}", "Lakeside Plastics") for n in range(7)))
    with pikepdf.open(io.BytesIO(tags_to_pdf(made))) as pdf:
        assert len(pdf.pages) == 2
        assert [float(side) for side in pdf.pages[0].MediaBox] == [0, 0, 612, 792]
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-US"
    assert tags_to_pdf(made) == tags_to_pdf(made)


def test_the_word_file_has_cells_of_the_size_of_the_label_and_the_names_in_large_type():
    word = open_word(io.BytesIO(tags_to_docx(sheet("tags", Tag("Ann Alvarez", "Lakeside Plastics")))))
    cell = word.tables[0].cell(0, 0)
    assert cell.width == Inches(4)
    assert cell.text == "Ann Alvarez\nLakeside Plastics"
    assert cell.paragraphs[0].runs[0].font.size.pt >= 30


def test_a_long_name_gets_smaller_and_a_short_one_stays_large():
    sizes = [Tag(name).size for name in ("Li Wu", "Christopher M", "Maximiliano Fernández-Guadalupe-Ortiz")]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 36


def test_a_slip_has_a_picture_with_words_and_the_address():
    picture = qrcode.make("https://example.org/l/abc", image_factory=SvgPathImage, border=2).to_string().decode()
    made = sheet("slips", Tag("Ann Alvarez", "Lakeside", "https://example.org/l/abc", picture, "to scan"))
    with pikepdf.open(io.BytesIO(tags_to_pdf(made))) as pdf:
        assert len(pdf.pages) == 1
    with pytest.raises(Refused, match="words"):
        Tag("Ann", svg=picture)


def test_a_picture_that_is_no_drawing_is_refused():
    with pytest.raises(Refused):
        tags_to_pdf(sheet("slips", Tag("Ann", svg="<svg><script>1</script></svg>", alt="x")))


def test_what_makes_no_sheet_is_refused():
    with pytest.raises(Refused):
        sheet("posters", Tag("Ann"))
    with pytest.raises(Refused):
        sheet("tags")
    with pytest.raises(Refused):
        Tag("  ")
