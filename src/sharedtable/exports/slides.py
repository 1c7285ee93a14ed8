"""How a document becomes slides: which block goes onto which slide, before anything of it is drawn.

Headings of levels 1 and 2 begin a slide; a table, a picture and a row of figures each get their own. What is too long
goes on to the next slide of the same title with a number, so that no two titles are the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sharedtable.exports.document import (
    WORDS,
    BlankLines,
    Block,
    Bullets,
    Cell,
    Document,
    Figure,
    Heading,
    KeyFigures,
    PageBreak,
    Paragraph,
    Table,
    reading_order,
    table_cells,
)

LONGEST_TITLE = 110
_MOST_LINES = 11.5  # lines of normal size that fit below a title
_LINE_SIGNS = {"normal": 82, "bullet": 80, "lead": 66, "quote": 80, "note": 120, "strong": 74}
_LINE_WORTH = {"normal": 1.0, "bullet": 1.0, "lead": 1.25, "quote": 1.0, "note": 0.7, "strong": 1.0}
_MOST_FIGURES = 6


@dataclass(frozen=True)
class Line:
    """One paragraph of a text slide. `style`: normal, bullet, lead, quote, note, strong."""

    text: str
    style: str


@dataclass(frozen=True)
class Grid:
    """A piece of a table that fits one slide."""

    table: Table
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str]


Content = Grid | Figure | KeyFigures | BlankLines


@dataclass
class Slide:
    """One slide: lines of text, or one other thing. `spoken`: what stands in the speaker's notes."""

    title: str
    lines: list[Line] = field(default_factory=list)
    content: Content | None = None
    spoken: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing below its title."""
        return not self.lines and self.content is None


def table_type(table: Table) -> tuple[int, int, int]:
    """The type of a table: its size in points, how many signs fit across a slide, and how many lines below a title."""
    columns = len(table.columns)
    return (14, 125, 17) if columns <= 7 else (12, 150, 20) if columns == 8 else (10, 180, 23)


def slides_of(document: Document) -> list[Slide]:
    """The slides of a document after its title slide, each with a title of its own; the last names the sources."""
    made = [slide for slide in _slides(document) if not slide.is_empty]
    closing = [Line(text, "note") for text in document.sources]
    if document.attribution:
        closing.append(Line(document.attribution, "note"))
    if closing:
        made += _text_slides(WORDS[document.language]["sources"], closing)
    used: dict[str, int] = {document.title: 1}
    for slide in made:
        base = textwrap.shorten(slide.title, LONGEST_TITLE, placeholder=" …") or slide.title[:LONGEST_TITLE]
        title = base
        while title in used:
            used[base] = used.get(base, 1) + 1
            title = f"{base} ({used[base]})"
        used[title] = 1
        slide.title = title
    return made


def _slides(document: Document) -> Iterator[Slide]:
    section, lines, fresh = document.subject or document.title, list[Line](), False
    for block in reading_order(document.blocks):
        if isinstance(block, Heading) and block.level <= 2:
            yield from _text_slides(section, lines)
            section, lines, fresh = block.text, [], True
        elif isinstance(block, Table | Figure | KeyFigures | BlankLines):
            title = section if fresh or isinstance(block, KeyFigures) else _caption(block) or section
            if lines:
                yield from _text_slides(section, lines)
                title = _caption(block) or section
            lines, fresh = [], False
            yield from _others(block, title, document)
        else:
            lines += _lines(block)
    yield from _text_slides(section, lines)


def _caption(block: Block) -> str:
    if isinstance(block, Table | Figure):
        return block.caption
    return block.label if isinstance(block, BlankLines) else ""


def _lines(block: Block) -> Iterator[Line]:
    match block:
        case Heading():
            yield Line(block.text, "strong")
        case Paragraph() if block.text:
            yield from (Line(part, block.style) for part in _pieces(block.text, block.style))
        case Bullets():
            for item in block.items:
                yield from (Line(part, "bullet") for part in _pieces(item, "bullet"))
        case PageBreak() | Paragraph():
            return


def _pieces(text: str, style: str) -> list[str]:
    """The text, cut between words when it is longer than a slide."""
    most = int(_MOST_LINES / _LINE_WORTH[style]) * _LINE_SIGNS[style]
    return textwrap.wrap(text, most, break_on_hyphens=False) if len(text) > most else [text]


def _height(line: Line) -> float:
    counted = sum(max(1, -(-len(part) // _LINE_SIGNS[line.style])) for part in line.text.split("\n"))
    return (counted + 0.35) * _LINE_WORTH[line.style]


def _text_slides(title: str, lines: Sequence[Line]) -> Iterator[Slide]:
    slide, filled = Slide(title), 0.0
    for line in lines:
        height = _height(line)
        if slide.lines and filled + height > _MOST_LINES + 2:
            yield slide
            slide, filled = Slide(title), 0.0
        slide.lines.append(line)
        filled += height
    if slide.lines:
        yield slide


def _others(block: Table | Figure | KeyFigures | BlankLines, title: str, document: Document) -> Iterator[Slide]:
    sources = list(document.sources)
    if isinstance(block, KeyFigures):
        for start in range(0, len(block.items), _MOST_FIGURES):
            yield Slide(title, content=KeyFigures(block.items[start : start + _MOST_FIGURES]), spoken=sources)
    elif isinstance(block, Table):
        yield from _tables(block, title, document)
    elif isinstance(block, Figure):
        yield Slide(title, content=block, spoken=[block.alt, *sources])
    else:
        yield Slide(title, content=block, spoken=[block.label])


def _tables(table: Table, title: str, document: Document) -> Iterator[Slide]:
    rows, legend = table_cells(table, document.language)
    total = sum(column.weight for column in table.columns)
    _size, across, most_lines = table_type(table)
    signs = [max(4, int(across * column.weight / total)) for column in table.columns]
    notes = [*legend, *([table.note] if table.note else [])]

    def lines(cells: Sequence[str]) -> float:
        tallest = max(
            sum(max(1, -(-len(part) // most)) for part in text.split("\n"))
            for text, most in zip(cells, signs, strict=True)
        )
        return tallest + 0.5

    head = lines([column.title for column in table.columns]) + 0.8 * len(notes)
    page, filled = list[Sequence[Cell]](), head
    for row in rows:
        height = lines([cell.text for cell in row])
        if page and filled + height > most_lines:
            yield Slide(title, content=Grid(table, page, notes), spoken=[table.caption, *notes, *document.sources])
            page, filled = [], head
        page.append(row)
        filled += height
    yield Slide(title, content=Grid(table, page, notes), spoken=[table.caption, *notes, *document.sources])
