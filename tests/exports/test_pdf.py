"""The tagged PDF: its structure as a screen reader finds it, its text in reading order, and what it never does."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from sharedtable.errors import Refused
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
    Side,
    Table,
    to_pdf,
)
from sharedtable.exports.typesetter import REPLACEMENT, checked_svg, showable, svg_to_png, typeset
from tests.exports.samples import OCCUPATION_COLUMNS, OCCUPATION_ROWS, svg_bars

DAY = date(2026, 11, 22)
MARKUP = '#read("/etc/passwd") $x^2$ *bold* _it_ \\ `raw` @ref <label> [x] = Title // gone /* gone */ https://e.org'


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """The structure elements of a tagged PDF, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in elements(pdf.Root.StructTreeRoot)]


def test_it_says_what_it_is_to_a_screen_reader(profile: Document) -> None:
    pdf = opened(to_pdf(profile))
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "en-US"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == profile.title
        assert metadata["pdfuaid:part"] == "1"
    assert str(pdf.docinfo["/Author"]) == profile.author


def test_spanish_is_declared_and_spoken(profile: Document, pdf_text: Callable[[bytes], str]) -> None:
    data = to_pdf(replace(profile, language="es"))
    assert str(opened(data).Root.Lang) == "es-US"
    text = pdf_text(data)
    for words in ("22 de noviembre de 2026", "Página 1 de 2", "Fuentes", "reservado:"):
        assert words in text


def test_headings_tables_lists_and_pictures_are_tagged(profile: Document) -> None:
    pdf = opened(to_pdf(profile))
    found = tags(pdf)
    assert [tag for tag in found if tag in ("/H1", "/H2", "/H3")].count("/H2") == 1
    assert found.count("/Table") == 2
    # Eight and six columns: a header cell for each, none in the rows below.
    assert found.count("/TH") == 14
    assert found.count("/TD") == 6 * 8 + 5 * 6
    assert found.count("/LI") == 3 + 2
    header = next(element for element in elements(pdf.Root.StructTreeRoot) if str(element.S) == "/TH")
    assert "/Scope" in str(header.A.keys() if isinstance(header.A, pikepdf.Dictionary) else header.A[0].keys())


def test_each_picture_carries_its_words(profile: Document) -> None:
    pdf = opened(to_pdf(profile))
    pictures = [element for element in elements(pdf.Root.StructTreeRoot) if "/Alt" in element]
    assert [str(element.Alt) for element in pictures] == ["Jobs rose from 21,400 in 2015 to 24,310 in 2025."]


def test_the_profile_fits_two_letter_pages(profile: Document) -> None:
    pdf = opened(to_pdf(profile))
    assert len(pdf.pages) == 2
    assert [float(x) for x in pdf.pages[0].mediabox] == [0, 0, 612, 792]
    landscape = opened(to_pdf(replace(profile, is_landscape=True)))
    assert [float(x) for x in landscape.pages[0].mediabox] == [0, 0, 792, 612]


def test_text_comes_in_reading_order(profile: Document, pdf_text: Callable[[bytes], str]) -> None:
    text = pdf_text(to_pdf(profile))
    expected = [
        "Industry profile",
        "Advanced manufacturing",
        "one in eleven jobs",
        "Jobs in 2025",
        "24,310",
        "+5.9% in two years",
        "Concentration",
        "How it grew",
        "What to ask",
        "The industries inside",
        "Plastics product manufacturing",
        "withheld: the agency",
        "Who works there",
        "We turned down orders",
        "What do these figures miss?",
        "Sources",
    ]
    places = [text.find(words, 0) for words in expected]
    assert -1 not in places
    places = []
    for words in expected:
        places.append(text.index(words, places[-1] if places else 0))
    assert places == sorted(places)


def test_only_shipped_typefaces_are_used_and_all_are_embedded(profile: Document) -> None:
    names = set()
    pdf = opened(to_pdf(profile))
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/FontName" in item:
            names.add(str(item.FontName).split("+")[1].split("-")[0])
            assert any(key in item for key in ("/FontFile2", "/FontFile3"))
    assert names == {"PublicSans", "SourceSerif4"}


def test_the_same_document_gives_the_same_bytes(profile: Document) -> None:
    assert to_pdf(profile) == to_pdf(profile)


def test_markup_in_any_block_appears_as_it_was_typed(pdf_text: Callable[[bytes], str]) -> None:
    cells = Table(MARKUP, (Column("a", MARKUP), Column("b", "B", "code")), ({"a": MARKUP, "b": "#a"},), MARKUP)
    document = Document(
        MARKUP,
        DAY,
        (
            Heading(1, MARKUP),
            *(Paragraph(MARKUP, style) for style in ("normal", "lead", "note", "quote")),
            Bullets((MARKUP,)),
            KeyFigures((KeyFigure(MARKUP, MARKUP, "text", MARKUP),)),
            Side((Paragraph(MARKUP),), (cells,)),
            BlankLines(1, MARKUP),
            Figure(svg_bars(), MARKUP, MARKUP),
        ),
        subject=MARKUP,
        author=MARKUP,
        sources=(MARKUP,),
        footer=MARKUP,
    )
    data = to_pdf(document)
    text = "".join(pdf_text(data).split())
    assert text.count("".join(MARKUP.split())) >= 18
    assert "root:" not in text
    with opened(data).open_metadata() as metadata:
        assert metadata["dc:title"] == MARKUP


@pytest.mark.parametrize("reach", ['#read("/etc/passwd")', '#read("../../../etc/passwd")', '#image("/etc/hostname")'])
def test_even_a_template_could_not_read_a_file_of_the_machine(reach: str) -> None:
    with pytest.raises(Refused, match="could not be set"):
        typeset(f'#set document(title: "x")\n{reach}', {})


def test_a_long_table_repeats_its_header_on_each_page(pdf_text: Callable[[bytes], str]) -> None:
    data = to_pdf(Document("T", DAY, (Table("Long", OCCUPATION_COLUMNS, OCCUPATION_ROWS * 30),)))
    pages = len(opened(data).pages)
    assert pages >= 3
    assert pdf_text(data).count("Experienced") == pages


def test_a_character_without_a_glyph_is_replaced_and_the_reader_is_told(pdf_text: Callable[[bytes], str]) -> None:
    text = pdf_text(to_pdf(Document("Café 中 α Ж", DAY, (Paragraph("fine"),))))
    assert f"Café {REPLACEMENT} α Ж" in text
    assert "lacks some characters" in text
    assert "lacks some characters" not in pdf_text(to_pdf(Document("Café α Ж ñ ¿", DAY, (Paragraph("fine"),))))


def test_what_spanish_and_english_need_has_a_glyph() -> None:
    needed = "áéíóúüñÁÉÍÓÚÜÑ¿¡«»“”‘’–—…·•×−±≈≤≥½°ºª§©®™€$%†←→↑↓▲▼✓\u00a0\u202f"
    assert showable(needed) == needed


@pytest.mark.parametrize(
    ("svg", "words"),
    [
        ("<svg><script>1</script></svg>", "script"),
        ('<svg><image href="file:///etc/passwd"/></svg>', "image"),
        ('<svg><use href="http://127.0.0.1/x.svg#a"/></svg>', "outside itself"),
        ('<svg><a xmlns:x="http://www.w3.org/1999/xlink" x:href="/etc/passwd"/></svg>', "outside itself"),
        ('<svg><rect fill="url(http://127.0.0.1/)"/></svg>', "outside itself"),
        ("<svg><style>@import 'a.css';</style></svg>", "outside itself"),
        ("<svg><foreignObject/></svg>", "foreignObject"),
        ('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "not well-formed"),
        ("<svg><rect></svg>", "not well-formed"),
        ("", "not well-formed"),
        ("<html/>", "not SVG"),
        ("<svg>" + " " * 3_000_000 + "</svg>", "the limit is"),
    ],
)
def test_a_picture_that_is_not_self_contained_is_refused(svg: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        to_pdf(Document("T", DAY, (Figure(svg, "A picture"),)))


def test_a_picture_from_a_page_gets_its_namespace_and_keeps_its_gradients() -> None:
    svg = '<svg viewBox="0 0 9 9"><linearGradient id="g"/><rect fill="url(#g)" width="9" height="9"/></svg>'
    assert checked_svg(svg).startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert to_pdf(Document("T", DAY, (Figure(svg, "A square"),)))[:5] == b"%PDF-"


def test_a_picture_as_png_has_the_asked_size() -> None:
    png = svg_to_png(svg_bars(), width_cm=2.54, ppi=100)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 100
