"""A `Document` as slides for PowerPoint, with real titles, words for pictures, and notes for whoever speaks."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from sharedtable.errors import Missing
from sharedtable.exports.document import WORDS, BlankLines, Document, Figure, KeyFigures
from sharedtable.exports.format import format_date, format_value
from sharedtable.exports.slides import Grid, Line, Slide, slides_of, table_type
from sharedtable.exports.typesetter import svg_to_png

TEAL, INK, MUTED, TINT = "0B4F55", "16242B", "4D5D66", "EEF4F3"
BODY_FONT, HEADING_FONT = "Calibri", "Georgia"
_WIDTH, _HEIGHT, _SIDE, _TOP = 13.333, 7.5, 0.7, 1.55
_INSIDE = _WIDTH - 2 * _SIDE
_SIZES = {"lead": 24, "normal": 20, "bullet": 20, "quote": 20, "strong": 20, "note": 13}
_TITLE_ONLY, _TITLE_AND_BODY, _OPENING = 5, 1, 0
_BAR = (
    '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="99" name="Bar"/>'
    '<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
    f'<a:ext cx="{Inches(_WIDTH)}" cy="{Inches(0.14)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    f'<a:solidFill><a:srgbClr val="{TEAL}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)


def to_pptx(document: Document) -> bytes:
    """The document as wide slides: a title slide, a slide or more for each heading, table, picture and row of figures.

    Every slide has its own title and is read from top to bottom. Pictures become PNG with their words; where nothing
    can draw them, the words stand instead. Fails with `Refused` when a picture is not safe, self-contained SVG.
    """
    return _Writer(document).file()


class _Writer:
    """Holds the presentation while slides are added."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lang = "es-US" if document.language == "es" else "en-US"
        self.deck: Any = Presentation()
        self.number = 0
        self._look()
        self._properties()

    def file(self) -> bytes:
        self.opening()
        for slide in slides_of(self.document):
            self.slide(slide)
        out = io.BytesIO()
        self.deck.save(out)
        return out.getvalue()

    def opening(self) -> None:
        document = self.document
        page = self._page(_OPENING, document.title)
        byline = [document.author, format_date(document.created_on, document.language)]
        body = page.placeholders[1].text_frame
        self._write(body.paragraphs[0], document.subject or byline[-1], 22, MUTED)
        if document.subject:
            self._write(body.add_paragraph(), "  ·  ".join(text for text in byline if text), 16, MUTED)
        for paragraph in body.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT
        self._notes(page, [document.subject, *document.sources, document.attribution])

    def slide(self, slide: Slide) -> None:
        content = slide.content
        is_text = content is None or isinstance(content, BlankLines)
        page = self._page(_TITLE_AND_BODY if is_text else _TITLE_ONLY, slide.title)
        match content:
            case None:
                self.lines(page.placeholders[1].text_frame, slide.lines)
            case Grid():
                self.grid(page, content, slide.title)
            case Figure():
                self.figure(page, content, slide.title)
            case KeyFigures():
                self.key_figures(page, content)
            case BlankLines():
                # The empty field below the title is where the group's words are typed.
                top, body = self._caption(page, content.label, slide.title), page.placeholders[1]
                body.left, body.top, body.width = Inches(_SIDE), Inches(top + 0.1), Inches(_INSIDE)
                body.height = Inches(_HEIGHT - top - 0.75)
                page.shapes._spTree.append(body._element)
        self._foot(page)
        self._notes(page, slide.spoken)

    def lines(self, frame: Any, lines: list[Line]) -> None:
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            if line.style != "bullet":
                _without_bullet(paragraph)
            color = MUTED if line.style == "note" else TEAL if line.style == "strong" else INK
            self._write(paragraph, line.text, _SIZES[line.style], color, line.style == "strong", line.style == "quote")
            paragraph.space_after = Pt(4 if line.style == "note" else 8)

    def grid(self, page: Any, grid: Grid, title: str) -> None:
        table = grid.table
        top = self._caption(page, table.caption, title)
        shape = page.shapes.add_table(
            len(grid.rows) + 1, len(table.columns), Inches(_SIDE), Inches(top), Inches(_INSIDE), Inches(0.3)
        )
        _describe(shape._element.nvGraphicFramePr.cNvPr, table.caption)
        made, size = shape.table, table_type(table)[0]
        made.first_row, made.horz_banding = True, False
        total = sum(column.weight for column in table.columns)
        for column, cells in zip(table.columns, made.columns, strict=True):
            cells.width = Emu(int(Inches(_INSIDE) * column.weight / total))
        for i, column in enumerate(table.columns):
            self._cell(made.cell(0, i), column.title, size, column.is_number, TINT, TEAL, is_bold=True)
        for number, row in enumerate(grid.rows, 1):
            made.rows[number].height = Inches(0.26)
            for i, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                text = f"{cell.text}\u00a0{cell.mark}" if cell.mark else cell.text
                self._cell(made.cell(number, i), text, size, column.is_number, "FFFFFF", INK)
        if grid.notes:
            frame = self._box(page, _HEIGHT - 0.62 - 0.22 * len(grid.notes), 0.22 * len(grid.notes), "Note")
            self.lines(frame, [Line(text, "note") for text in grid.notes])

    def figure(self, page: Any, figure: Figure, title: str) -> None:
        top = self._caption(page, figure.caption, title)
        try:
            png = svg_to_png(figure.svg, width_cm=26)
        except Missing:
            frame = self._box(page, top, 3, "Figure")
            self.lines(frame, [Line(figure.alt, "normal")])
            return
        room = Inches(_HEIGHT - top - 0.7)
        shape = page.shapes.add_picture(io.BytesIO(png), Inches(_SIDE), Inches(top), width=Inches(_INSIDE))
        if shape.height > room:
            shape.width, shape.height = int(shape.width * room / shape.height), room
            shape.left = int((Inches(_WIDTH) - shape.width) / 2)
        _describe(shape._element.nvPicPr.cNvPr, figure.alt)

    def key_figures(self, page: Any, block: KeyFigures) -> None:
        across = 2 if len(block.items) == 4 else min(3, len(block.items))
        width, height = _INSIDE / across, 2.5
        for number, item in enumerate(block.items):
            left, top = _SIDE + width * (number % across), _TOP + 0.3 + height * (number // across)
            shape = page.shapes.add_textbox(Inches(left), Inches(top), Inches(width - 0.3), Inches(height - 0.3))
            shape.name = item.label
            frame = shape.text_frame
            frame.word_wrap = True
            value = format_value(item.value, item.kind, self.document.language)
            self._write(frame.paragraphs[0], item.label, 16, MUTED, is_bold=True)
            self._write(frame.add_paragraph(), value, 40 if len(value) < 13 else 24, TEAL, font=HEADING_FONT)
            if item.note:
                self._write(frame.add_paragraph(), item.note, 14, MUTED)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _page(self, layout: int, title: str) -> Any:
        self.number += 1
        page = self.deck.slides.add_slide(self.deck.slide_layouts[layout])
        frame = page.shapes.title.text_frame
        size = 40 if layout == _OPENING else 30 if len(title) < 60 else 24
        self._write(frame.paragraphs[0], title, size, TEAL, True, font=HEADING_FONT)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        return page

    def _caption(self, page: Any, caption: str, title: str) -> float:
        """The caption below the title unless it says the same; gives where the rest may begin, in inches."""
        if not caption or title.startswith(caption):
            return _TOP
        self.lines(self._box(page, _TOP - 0.15, 0.35, "Caption"), [Line(caption, "note")])
        return _TOP + 0.3

    def _box(self, page: Any, top: float, height: float, name: str) -> Any:
        shape = page.shapes.add_textbox(Inches(_SIDE), Inches(top), Inches(_INSIDE), Inches(height))
        shape.name = name
        shape.text_frame.word_wrap = True
        return shape.text_frame

    def _foot(self, page: Any) -> None:
        words = WORDS[self.document.language]
        frame = self._box(page, _HEIGHT - 0.5, 0.3, "Footer")
        text = "  ·  ".join(part for part in (self.document.footer, f"{words['page']} {self.number}") if part)
        self._write(frame.paragraphs[0], text, 10, MUTED)

    def _notes(self, page: Any, spoken: list[str]) -> None:
        text = "\n".join(part for part in dict.fromkeys(spoken) if part)
        if text:
            page.notes_slide.notes_text_frame.text = text

    def _cell(
        self, cell: Any, text: str, size: int, is_number: bool, fill: str, color: str, *, is_bold: bool = False
    ) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = _color(fill)
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.margin_left = cell.margin_right = Inches(0.06)
        cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_bold else MSO_ANCHOR.TOP
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
        self._write(paragraph, text, size, color, is_bold)

    def _write(
        self,
        paragraph: Any,
        text: str,
        size: int,
        color: str,
        is_bold: bool = False,
        is_italic: bool = False,
        font: str = BODY_FONT,
    ) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                paragraph.add_line_break()
            run = paragraph.add_run()
            run.text = part
            run.font.size, run.font.bold, run.font.italic, run.font.name = Pt(size), is_bold, is_italic, font
            run.font.color.rgb = _color(color)
            run._r.get_or_add_rPr().set("lang", self.lang)

    # --- the whole ----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Wide slides with our type and one bar of colour, instead of the template's own."""
        deck = self.deck
        deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
        master = deck.slide_master
        master.shapes._spTree.append(parse_xml(_BAR))
        theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        theme._blob = theme.blob.replace(b'<a:latin typeface="Calibri"', f'<a:latin typeface="{BODY_FONT}"'.encode())
        for holder in [*master.placeholders, *(one for layout in deck.slide_layouts for one in layout.placeholders)]:
            kind = holder.placeholder_format.type
            is_title = "TITLE" in str(kind) and "SUBTITLE" not in str(kind)
            top, height = (0.4, 1.0) if is_title else (_TOP, _HEIGHT - _TOP - 0.65)
            holder.left, holder.width = Inches(_SIDE), Inches(_INSIDE)
            holder.top, holder.height = Inches(top), Inches(height)
        for layout in (master, deck.slide_layouts[_TITLE_ONLY], deck.slide_layouts[_TITLE_AND_BODY]):
            for holder in layout.placeholders:
                _lean(holder, MSO_ANCHOR.BOTTOM if "TITLE" in str(holder.placeholder_format.type) else MSO_ANCHOR.TOP)
        opening = deck.slide_layouts[_OPENING].placeholders
        for holder, top, height in ((opening[0], 1.6, 2.4), (opening[1], 4.2, 1.8)):
            holder.top, holder.height = Inches(top), Inches(height)
            _lean(holder, MSO_ANCHOR.BOTTOM if top < 4 else MSO_ANCHOR.TOP)
        for layout in (master, *deck.slide_layouts):
            for holder in list(layout.placeholders):
                if str(holder.placeholder_format.type).split()[0] in ("DATE", "FOOTER", "SLIDE_NUMBER"):
                    holder._element.getparent().remove(holder._element)

    def _properties(self) -> None:
        document, core = self.document, self.deck.core_properties
        made = datetime.combine(document.created_on, time(), UTC).replace(tzinfo=None)
        core.title, core.author, core.subject = document.title[:255], document.author[:255], document.subject[:255]
        core.language, core.comments, core.keywords = document.language, document.attribution[:255], ""
        core.last_modified_by, core.created, core.modified, core.revision = document.author[:255], made, made, 1


def _color(code: str) -> Any:
    make: Any = RGBColor  # python-pptx has no types
    return make(*bytes.fromhex(code))


def _lean(holder: Any, anchor: Any) -> None:
    frame = holder.text_frame
    frame.vertical_anchor, frame.word_wrap = anchor, True
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT


def _describe(properties: Any, words: str) -> None:
    properties.set("descr", words)


def _without_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(properties.makeelement(qn("a:buNone"), {}))
