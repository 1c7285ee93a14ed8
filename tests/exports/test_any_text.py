"""Whatever people type, in whatever block, each writer makes a file that opens."""

import io
from datetime import date
from html import escape

import docx
import pikepdf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sharedtable.exports import (
    BlankLines,
    Bullets,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Sheet,
    Side,
    Table,
    Workbook,
    read_layout,
    to_docx,
    to_pdf,
    to_xlsx,
)
from sharedtable.exports.format import clean_text

# Text as it arrives: any code point, with the troublesome ones more often.
TROUBLE = (
    "\x00\x01\x0b\x1f\x7f\x85\u2028\u202e\ufeff\ufffe\uffff\ud800\u200d\u0301\u0e33#$*_\\`@<>&\"'[]{}=\t\r\n😀中עم"
)
ANY = st.text(st.one_of(st.sampled_from(TROUBLE), st.characters(codec=None)), max_size=25)


def every_block(text: str) -> Document:
    named = f"x{text}"
    table = Table(named, (Column("a", named), Column("b", named, "integer")), ({"a": text, "s": text},), text, "s")
    svg = (
        f'<svg viewBox="0 0 90 20"><text x="1" y="15" font-family="Public Sans">{escape(clean_text(text))}</text></svg>'
    )
    blocks = (
        Heading(1, named),
        *(Paragraph(text, style) for style in ("normal", "lead", "note", "quote")),
        Bullets((text, named)),
        KeyFigures((KeyFigure(named, text, "text", text),)),
        table,
        Figure(svg, named, text),
        BlankLines(1, named),
        Side((Paragraph(text),), (table,)),
    )
    return Document(named, date(2026, 11, 22), blocks, "es", text, text, (text,), text)


@settings(max_examples=60, deadline=None)
@given(ANY)
def test_any_text_makes_a_tagged_pdf(text: str) -> None:
    pdf = pikepdf.open(io.BytesIO(to_pdf(every_block(text))))
    assert "/StructTreeRoot" in pdf.Root


@settings(max_examples=25, deadline=None)
@given(ANY)
def test_any_text_makes_a_word_file_that_holds_it(text: str) -> None:
    document = every_block(text)
    word = docx.Document(io.BytesIO(to_docx(document)))
    assert document.blocks[0].text in [p.text for p in word.paragraphs if p.style.name == "Heading 1"]


@settings(max_examples=25, deadline=None)
@given(ANY, ANY)
def test_any_text_makes_a_workbook_that_holds_it(text: str, other: str) -> None:
    columns = (Column("a", f"x{text}", note=other), Column("b", f"x{other}", "code"))
    assume(text != other)
    sheets = (Sheet("Data", columns, ({"a": text, "b": other},), "status"),)
    workbook = Workbook("any", 1, f"x{text}", date(2026, 11, 22), {"k": other}, sheets, (text or "x",), other)
    layout = read_layout(to_xlsx(workbook), "any")
    assert layout.about["k"] == (clean_text(other) or None)
    if clean_text(text) or clean_text(other):
        assert layout.sheets["Data"] == [
            {"a": clean_text(text) or None, "b": clean_text(other) or None, "status": None}
        ]
