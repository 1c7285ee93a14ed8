"""Files that people take away: Word and PDF documents, slides, workbooks that can be read back, CSV, calendars, cards.

    document = Document("Plastics", date(2026, 11, 22), (Heading(1, "Jobs"), Paragraph("6,240 people ...")))
    pdf, docx = to_pdf(document), to_docx(document)
    csv = rows_to_csv((Column("industry_code", "NAICS", "code"), Column("employment_jobs", "Jobs", "integer")), rows)

A writer takes data and gives bytes; nothing is written to disk. `to_pdf`, `to_docx`, `to_pptx`, `to_ics`,
`to_vcard` and `svg_to_png` need the extra `web`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sharedtable.errors import Missing
from sharedtable.exports.document import (
    BlankLines,
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Side,
    Table,
)
from sharedtable.exports.event import Attendee, Event
from sharedtable.exports.format import Absent, Language, Value, format_date, format_value
from sharedtable.exports.table_csv import rows_to_csv
from sharedtable.exports.workbook import Sheet, Workbook

if TYPE_CHECKING:
    from sharedtable.exports.docx import to_docx
    from sharedtable.exports.ics import to_ics
    from sharedtable.exports.pdf import to_pdf
    from sharedtable.exports.pptx import to_pptx
    from sharedtable.exports.tags import Tag, TagSheet, tags_to_docx, tags_to_pdf
    from sharedtable.exports.typesetter import svg_to_png
    from sharedtable.exports.vcard import Card, to_vcard
    from sharedtable.exports.xlsx import to_xlsx
    from sharedtable.exports.xlsx_reader import Layout, read_layout

__all__ = [
    "Absent",
    "Attendee",
    "BlankLines",
    "Block",
    "Bullets",
    "Card",
    "Column",
    "Document",
    "Event",
    "Figure",
    "Heading",
    "KeyFigure",
    "KeyFigures",
    "Language",
    "Layout",
    "PageBreak",
    "Paragraph",
    "Sheet",
    "Side",
    "Table",
    "Tag",
    "TagSheet",
    "Value",
    "Workbook",
    "format_date",
    "format_value",
    "read_layout",
    "rows_to_csv",
    "svg_to_png",
    "tags_to_docx",
    "tags_to_pdf",
    "to_docx",
    "to_ics",
    "to_pdf",
    "to_pptx",
    "to_vcard",
    "to_xlsx",
]

# A writer's library is loaded when the first file is written. Word, slides and workbooks together take 30 MB, which a
# server that is in the middle of a meeting does not have to hold.
_WRITERS = {
    "to_docx": "docx",
    "to_pdf": "pdf",
    "to_pptx": "pptx",
    "tags_to_docx": "tags",
    "tags_to_pdf": "tags",
    "to_ics": "ics",
    "to_vcard": "vcard",
    "svg_to_png": "typesetter",
    "to_xlsx": "xlsx",
    "read_layout": "xlsx_reader",
}
_CLASSES = {"Tag": "tags", "TagSheet": "tags", "Card": "vcard", "Layout": "xlsx_reader"}


def __getattr__(name: str) -> Any:
    if name in _CLASSES:
        return _loaded(_CLASSES[name], name)
    if name not in _WRITERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def write(*args: Any, **kwargs: Any) -> Any:
        return _loaded(_WRITERS[name], name)(*args, **kwargs)

    write.__name__ = write.__qualname__ = name
    return write


def _loaded(module: str, name: str) -> Any:
    try:
        return getattr(import_module(f"{__name__}.{module}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sharedtable"):
            raise
        raise Missing(f"{name} needs the package {error.name}, which is missing. Install sharedtable[web].") from error
