"""A `Document` as tagged PDF (PDF/UA-1), set by typst from one fixed template."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.exports.document import (
    WORDS,
    BlankLines,
    Block,
    Bullets,
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
from sharedtable.exports.format import Language, format_date, format_value
from sharedtable.exports.typesetter import REPLACEMENT, checked_svg, showable, typeset

_LOST = {
    "en": f"The typeface of this file lacks some characters; they are shown as {REPLACEMENT}. The Word file has them.",
    "es": f"A la letra de este archivo le faltan caracteres; se muestran como {REPLACEMENT}. El de Word los tiene.",
}


def to_pdf(document: Document) -> bytes:
    """The document as a letter-size PDF that passes the checks of PDF/UA-1: tags, language, title, alternative texts.

    The same document gives the same bytes. Fails with `Refused` when a picture is not safe, self-contained SVG, with
    `Missing` when typst is not installed. A character that the shipped typefaces lack is shown as U+FFFD and a line
    says so.
    """
    language = document.language
    data: dict[str, Any] = {
        "language": language,
        "title": document.title,
        "subject": document.subject,
        "author": document.author,
        "created_on": [document.created_on.year, document.created_on.month, document.created_on.day],
        "date": format_date(document.created_on, language),
        "landscape": document.is_landscape,
        "words": WORDS[language],
        "sources": list(document.sources),
        "footer": document.footer,
        "attribution": document.attribution,
        "blocks": [_block(block, language) for block in document.blocks],
    }
    shown = _showable(data)
    shown["lost"] = _LOST[language] if shown != data else ""
    return typeset(_template(), {"document": json.dumps(shown, ensure_ascii=False)})


@cache
def _template() -> str:
    return (Path(__file__).parent / "document.typ").read_text(encoding="utf-8")


def _showable(data: Any) -> Any:
    if isinstance(data, str):
        return showable(data)
    if isinstance(data, list):
        return [_showable(item) for item in data]
    if isinstance(data, dict):
        return {key: _showable(value) for key, value in data.items()}
    return data


def _block(block: Block, language: Language) -> dict[str, Any]:
    match block:
        case Heading():
            return {"type": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"type": block.style, "text": block.text}
        case Bullets():
            return {"type": "bullets", "items": list(block.items)}
        case KeyFigures():
            items = [
                {"label": i.label, "value": format_value(i.value, i.kind, language), "note": i.note}
                for i in block.items
            ]
            return {"type": "figures", "items": items}
        case Table():
            return _table(block, language)
        case Figure():
            svg = checked_svg(block.svg)
            return {"type": "picture", "svg": svg, "alt": block.alt, "caption": block.caption, "width": block.width}
        case PageBreak():
            return {"type": "break"}
        case BlankLines():
            return {"type": "lines", "count": block.count, "label": block.label}
        case Side():
            left, right = ([_block(b, language) for b in part] for part in (block.left, block.right))
            return {"type": "side", "left": left, "right": right, "share": block.left_share}


def _table(table: Table, language: Language) -> dict[str, Any]:
    rows, legend = table_cells(table, language)
    return {
        "type": "table",
        "caption": table.caption,
        "header": [column.title for column in table.columns],
        "numeric": [column.is_number for column in table.columns],
        "weights": [column.weight for column in table.columns],
        "rows": [[{"text": cell.text, "mark": cell.mark} for cell in row] for row in rows],
        "legend": legend,
        "note": table.note,
    }
