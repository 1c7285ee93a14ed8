"""Sheets that are cut or stuck: name tags on label paper, cards to write on, slips with a picture to scan.

sheet = TagSheet("Name tags", date(2027, 1, 14), "tags", (Tag("Ann Alvarez", "Lakeside Plastics"),))
pdf, docx = tags_to_pdf(sheet), tags_to_docx(sheet)
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Refused
from sharedtable.exports.format import Language, clean_text
from sharedtable.exports.typesetter import checked_svg, showable, typeset


@dataclass(frozen=True, slots=True)
class Grid:
    """How a letter page is divided, in inches. `tags` is the common sheet of six badges of 4 by 3 inches."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    has_cuts: bool
    is_landscape: bool = False


GRIDS: dict[str, Grid] = {
    "tags": Grid(2, 3, 4.0, 3.0, 0.25, 1.0, False),
    "half": Grid(1, 2, 8.5, 5.5, 0.0, 0.0, True),
    "full": Grid(1, 1, 11.0, 8.5, 0.0, 0.0, False, True),
    "slips": Grid(1, 3, 8.5, 11 / 3, 0.0, 0.0, True),
}
MOST_TAGS = 2_000


@dataclass(frozen=True, slots=True)
class Tag:
    """One cell: the large text, a smaller one below, one line at its foot, and perhaps a picture to scan.

    `is_blank`: there is room to write between the text, which then stands small at the top, and the foot.
    """

    large: str
    small: str = ""
    foot: str = ""
    svg: str = ""
    alt: str = ""
    is_blank: bool = False

    def __post_init__(self) -> None:
        for name in ("large", "small", "foot", "alt"):
            object.__setattr__(self, name, " ".join(clean_text(getattr(self, name)).split()))
        if not self.large:
            raise Refused("A tag has no text. Give at least a name or a question.")
        if self.svg and not self.alt:
            raise Refused("A picture on a tag needs words for people who cannot see it.")

    @property
    def size(self) -> int:
        """Points of the large text: as large as it fits, readable across a table."""
        longest = max(len(word) for word in self.large.split())
        if self.is_blank:
            return 15
        return next(size for most, size in ((9, 38), (12, 32), (16, 25), (22, 20), (9_999, 13)) if longest <= most)


@dataclass(frozen=True, slots=True)
class TagSheet:
    """Tags of one kind, cell by cell over as many pages as they need."""

    title: str
    created_on: date
    kind: str
    tags: tuple[Tag, ...]
    language: Language = "en"

    def __post_init__(self) -> None:
        if self.kind not in GRIDS:
            raise Refused(f"The sheet {self.kind!r} is unknown; use one of {', '.join(GRIDS)}.")
        if not 1 <= len(self.tags) <= MOST_TAGS:
            raise Refused(f"A sheet needs 1 to {MOST_TAGS:,} tags, not {len(self.tags):,}.")

    @property
    def grid(self) -> Grid:
        """How its pages are divided."""
        return GRIDS[self.kind]


def tags_to_pdf(sheet: TagSheet) -> bytes:
    """The sheet as a tagged PDF (PDF/UA-1) in the sizes of its grid, to print at 100 %."""
    grid = sheet.grid
    data = {
        "title": showable(sheet.title),
        "language": sheet.language,
        "created_on": [sheet.created_on.year, sheet.created_on.month, sheet.created_on.day],
        "landscape": grid.is_landscape,
        "columns": grid.columns,
        "rows": grid.rows,
        "width": grid.width,
        "height": grid.height,
        "left": grid.left,
        "top": grid.top,
        "cuts": grid.has_cuts,
        "tags": [
            {
                "large": showable(one.large),
                "small": showable(one.small),
                "foot": showable(one.foot),
                "svg": checked_svg(one.svg) if one.svg else "",
                "alt": showable(one.alt),
                "blank": one.is_blank,
                "size": one.size,
            }
            for one in sheet.tags
        ],
    }
    return typeset(_template(), {"sheet": json.dumps(data, ensure_ascii=False)})


@cache
def _template() -> str:
    return (Path(__file__).parent / "tags.typ").read_text(encoding="utf-8")


def tags_to_docx(sheet: TagSheet) -> bytes:
    """The sheet as a Word file with a table of the same sizes, so that names can still be corrected by hand.

    Pictures to scan are left to the PDF.
    """
    from docx import Document as new_word_file
    from docx.enum.section import WD_ORIENT
    from docx.shared import Inches

    grid, word = sheet.grid, new_word_file()
    section = word.sections[0]
    short, long = Inches(8.5), Inches(11)
    section.page_width, section.page_height = (long, short) if grid.is_landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if grid.is_landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Inches(grid.left)
    section.top_margin, section.bottom_margin = Inches(grid.top), Inches(0)
    section.header_distance = section.footer_distance = Inches(0)
    core = word.core_properties
    core.title, core.language, core.author = sheet.title[:255], sheet.language, ""
    core.created = core.modified = datetime.combine(sheet.created_on, time(), UTC)
    _fill(word, sheet)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _fill(word: Any, sheet: TagSheet) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Inches, Pt

    grid = sheet.grid
    count = -(-len(sheet.tags) // grid.columns)
    table = word.add_table(rows=count, cols=grid.columns)
    table.autofit = False
    for number, row in enumerate(table.rows):
        row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY
        # A hair less than the paper, so that Word never moves the last row of a page to the next one.
        row.height = Inches(grid.height - 0.02)
        for place, cell in enumerate(row.cells):
            cell.width = Inches(grid.width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            at = number * grid.columns + place
            if at >= len(sheet.tags):
                continue
            tag = sheet.tags[at]
            texts = [(tag.large, tag.size, True), (tag.small, max(11, tag.size // 2), False), (tag.foot, 11, False)]
            first = cell.paragraphs[0]
            for text, size, is_bold in texts:
                if not text:
                    continue
                line = first if first is not None else cell.add_paragraph()
                first = None
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
                run = line.add_run(text)
                run.font.size, run.font.bold, run.font.name = Pt(size), is_bold, "Calibri"
