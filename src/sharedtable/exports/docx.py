"""A `Document` as a Word file with real styles, header rows, alternative texts, language and properties."""

import io
from datetime import UTC, datetime, time
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document as new_word_file
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from sharedtable.exports.document import (
    WORDS,
    BlankLines,
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigures,
    PageBreak,
    Paragraph,
    Side,
    Table,
    table_cells,
)
from sharedtable.exports.format import format_date, format_value
from sharedtable.exports.typesetter import svg_to_png

TEAL, INK, MUTED, RULE, TINT = "0B4F55", "16242B", "4D5D66", "C9D6D6", "EEF4F3"
# Typefaces that Word has on Windows and Mac; LibreOffice sets them in metric-compatible ones.
BODY_FONT, HEADING_FONT = "Calibri", "Georgia"
_CM_PER_EMU = 1 / 360_000
_EMU_PER_TWENTIETH = 635  # Word measures tables in twentieths of a point
# Calm rules, and what a screen reader says first: the caption, and that the first row holds the headers.
_TABLE_PROPERTIES = (
    '<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblInd w:w="70" w:type="dxa"/><w:tblBorders>'
    f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{TEAL}"/>'
    f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
    '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
    'w:noVBand="1"/>'
    "<w:tblCaption w:val={caption}/></w:tblPr>"
)


def to_docx(document: Document) -> bytes:
    """The document as a letter-size Word file that a screen reader can walk through.

    Side-by-side groups follow one another. Pictures become PNG with their alternative text. Fails with `Refused` when a
    picture is not safe, self-contained SVG, with `Missing` when there are pictures and typst is not installed.
    """
    return _Writer(document).file()


class _Writer:
    """Holds the Word file while its blocks are added one by one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.word: WordFile = new_word_file()
        self._page()
        _styles(self.word, "es-US" if document.language == "es" else "en-US")
        self._properties()

    def file(self) -> bytes:
        document = self.document
        if document.subject:
            self.paragraph(document.subject, "Subtitle")
        self.word.add_paragraph(document.title, "Title")
        byline = [document.author, format_date(document.created_on, document.language)]
        _underline(self.paragraph("  ·  ".join(text for text in byline if text), "Note"), TEAL, 8)
        for block in document.blocks:
            self.block(block)
        if document.sources:
            self.paragraph(WORDS[document.language]["sources"], "Caption")
            for source in document.sources:
                self.paragraph(source, "Note")
        if document.attribution:
            self.paragraph(document.attribution, "Note").paragraph_format.space_before = Pt(6)
        self._footer()
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    def block(self, block: Block, share: float = 1.0) -> None:
        match block:
            case Heading():
                self.word.add_heading(block.text, block.level)
            case Paragraph():
                style = {"normal": "Normal", "lead": "Lead", "note": "Note", "quote": "Quote"}[block.style]
                self.paragraph(block.text, style)
            case Bullets():
                for item in block.items:
                    self.paragraph(item, "List Bullet")
            case KeyFigures():
                self.key_figures(block)
            case Table():
                self.table(block)
            case Figure():
                self.figure(block, share)
            case PageBreak():
                self.paragraph("", "Normal").add_run().add_break(WD_BREAK.PAGE)
            case BlankLines():
                self.blank_lines(block)
            case Side():
                # A picture drawn for half a page would shout at full width.
                for part, share in ((block.left, block.left_share), (block.right, 1 - block.left_share)):
                    for inner in part:
                        self.block(inner, max(0.6, share))

    def paragraph(self, text: str, style: str) -> WordParagraph:
        return self.word.add_paragraph(text, style)

    def figure(self, figure: Figure, share: float) -> None:
        if figure.caption:
            self.paragraph(figure.caption, "Caption")
        width = int(self.line_width * figure.width * share)
        png = svg_to_png(figure.svg, width_cm=round(width * _CM_PER_EMU, 2))
        shape = self.word.add_picture(io.BytesIO(png), width=Emu(width))
        shape._inline.docPr.set("descr", figure.alt)

    def blank_lines(self, block: BlankLines) -> None:
        self.paragraph(block.label, "Caption")
        for _ in range(block.count):
            line = self.paragraph("", "Normal")
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(0)
            line.paragraph_format.line_spacing = Pt(22)
            _underline(line, "9FB0B3", 4)

    def key_figures(self, block: KeyFigures) -> None:
        words = WORDS[self.document.language]
        columns = (
            Column("label", words["measure"], width=2.2),
            Column("value", words["value"], width=1.4),
            Column("note", words["note"], width=3),
        )
        values = [format_value(item.value, item.kind, self.document.language) for item in block.items]
        rows = [[Cell(i.label), Cell(v), Cell(i.note)] for i, v in zip(block.items, values, strict=True)]
        self.grid(columns, rows, ", ".join(item.label for item in block.items), "KeyFigure")
        self.after_table([])

    def table(self, block: Table) -> None:
        rows, legend = table_cells(block, self.document.language)
        self.paragraph(block.caption, "Caption")
        self.grid(block.columns, rows, block.caption)
        self.after_table([*legend, *([block.note] if block.note else [])])

    def after_table(self, notes: list[str]) -> None:
        # Word joins a table to the one that follows unless a paragraph stands between them.
        for number, text in enumerate(notes or [""]):
            line = self.paragraph(text, "Note")
            if number == 0:
                line.paragraph_format.space_before = Pt(4)

    def grid(self, columns: tuple[Column, ...], rows: list[list[Cell]], caption: str, value_style: str = "") -> None:
        """Adds a table with a marked header row. It is built as XML: python-docx needs 10 s for a thousand rows."""
        total = sum(column.weight for column in columns)
        widths = [int(self.line_width * column.weight / total / _EMU_PER_TWENTIETH) for column in columns]
        size = f'<w:rPr><w:sz w:val="{16 if len(columns) > 8 else 18}"/></w:rPr>'
        lines = [_row(columns, widths, [Cell(column.title) for column in columns], size, "TableHeader", header=True)]
        styles = ["TableText", value_style or "TableText", *["TableText"] * len(columns)]
        lines += [_row(columns, widths, row, "" if value_style else size, *styles) for row in rows]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        properties = _TABLE_PROPERTIES.format(width=sum(widths), caption=quoteattr(caption[:250]))
        xml = f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
        self.word.element.body.insert_element_before(parse_xml(xml), "w:sectPr")

    def _page(self) -> None:
        section = self.word.sections[0]
        short, long = Inches(8.5), Inches(11)
        section.page_width, section.page_height = (long, short) if self.document.is_landscape else (short, long)
        section.orientation = WD_ORIENT.LANDSCAPE if self.document.is_landscape else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = Inches(0.8)
        section.top_margin = section.bottom_margin = Inches(0.8)
        section.footer_distance = Inches(0.4)
        self.line_width = int(section.page_width - 2 * section.left_margin)

    def _properties(self) -> None:
        document, core = self.document, self.word.core_properties
        made = datetime.combine(document.created_on, time(), UTC)
        core.title, core.author, core.subject = document.title[:255], document.author[:255], document.subject[:255]
        core.language, core.comments, core.keywords = document.language, "", ""
        core.last_modified_by, core.created, core.modified, core.revision = document.author[:255], made, made, 1

    def _footer(self) -> None:
        words = WORDS[self.document.language]
        line = self.word.sections[0].footer.paragraphs[0]
        line.style = self.word.styles["Note"]
        line.paragraph_format.tab_stops.add_tab_stop(Emu(self.line_width), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"{self.document.footer}\t{words['page']} ")
        _field(line, "PAGE")
        line.add_run(f" {words['of']} ")
        _field(line, "NUMPAGES")


def _row(
    columns: tuple[Column, ...], widths: list[int], cells: list[Cell], size: str, *styles: str, header: bool = False
) -> str:
    parts = ["<w:tr><w:trPr><w:cantSplit/>", "<w:tblHeader/></w:trPr>" if header else "</w:trPr>"]
    for i, (column, width, cell) in enumerate(zip(columns, widths, cells, strict=True)):
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>' if header else ""
        side = '<w:jc w:val="right"/>' if column.is_number else ""
        mark = (
            f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>{_text(chr(0xA0) + cell.mark)}</w:r>'
            if cell.mark
            else ""
        )
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{styles[0] if header else styles[i]}"/>{side}</w:pPr>'
            f"<w:r>{size}{_text(cell.text)}</w:r>{mark}</w:p></w:tc>"
        )
    return "".join([*parts, "</w:tr>"])


def _text(text: str) -> str:
    """Text as Word stores it: line breaks and tabs are elements, the rest is escaped."""
    safe = escape(text).replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    safe = safe.replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    return f"<w:t xml:space='preserve'>{safe}</w:t>"


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _underline(paragraph: WordParagraph, color: str, size: int) -> None:
    borders = OxmlElement("w:pBdr")
    for edge in ("bottom", "between"):
        borders.append(_element(f"w:{edge}", val="single", sz=str(size), space="3", color=color))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _field(paragraph: WordParagraph, instruction: str) -> None:
    field = _element("w:fldSimple", instr=instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _styles(word: WordFile, language: str) -> None:
    """Real styles, changed in place, so that Word's own outline and style list work."""
    styles = word.styles
    for name in ("Lead", "Note", "Table Text", "Table Header", "Key Figure"):
        styles.add_style(name, 1).base_style = styles["Normal"]
    looks: dict[str, tuple[str, float, str, bool, float, float]] = {
        "Normal": (BODY_FONT, 10.5, INK, False, 0, 6),
        "Title": (HEADING_FONT, 22, TEAL, True, 0, 4),
        "Subtitle": (BODY_FONT, 9.5, MUTED, True, 0, 2),
        "Heading 1": (HEADING_FONT, 14, TEAL, True, 16, 5),
        "Heading 2": (HEADING_FONT, 11.5, TEAL, True, 12, 4),
        "Heading 3": (HEADING_FONT, 10.5, INK, True, 10, 3),
        "Caption": (BODY_FONT, 9.5, INK, True, 8, 4),
        "Lead": (BODY_FONT, 12.5, INK, False, 8, 8),
        "Note": (BODY_FONT, 8.5, MUTED, False, 0, 2),
        "Table Text": (BODY_FONT, 9, INK, False, 2, 2),
        "Table Header": (BODY_FONT, 9, TEAL, True, 2, 2),
        "Key Figure": (BODY_FONT, 13, TEAL, True, 2, 2),
        "Quote": (BODY_FONT, 10.5, INK, False, 6, 8),
        "List Bullet": (BODY_FONT, 10.5, INK, False, 0, 3),
    }
    for name, (font, size, color, bold, before, after) in looks.items():
        style = styles[name]
        style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
        style.font.color.rgb = RGBColor.from_string(color)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = (
            name.startswith(("Heading", "Caption", "Subtitle", "Table Header")) or None
        )
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{part}"), None)
        fonts.set(qn("w:cs"), font)
        for extra in ("w:spacing", "w:kern"):
            if (found := properties.find(qn(extra))) is not None:
                properties.remove(found)
    styles["Quote"].paragraph_format.left_indent = Inches(0.25)
    title_properties = styles["Title"].element.get_or_add_pPr()
    if (border := title_properties.find(qn("w:pBdr"))) is not None:
        title_properties.remove(border)
    for found in word.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), language)
