"""A `Workbook` as an XLSX file in a stable layout that opens right in Excel and that `read_layout` reads back."""

import io
from datetime import UTC, date, datetime, time
from typing import Any

from sharedtable.exports.document import Column
from sharedtable.exports.format import Value, clean_text, is_missing
from sharedtable.exports.table_csv import guarded
from sharedtable.exports.workbook import ABOUT, COLUMNS, MAX_CELL_CHARS, Sheet, Workbook, plain_rows, with_status

_NUMBER_FORMATS = {
    "code": "@",
    "integer": "#,##0",
    "decimal": "#,##0.0",
    "ratio": "0.00",
    "pct": '0.0"%"',
    "usd": "$#,##0",
    "date": "yyyy-mm-dd",
    "change": "+#,##0;-#,##0;0",
    "change_pct": '+0.0"%";-0.0"%";0.0"%"',
}
_WORDS = {
    "en": {
        "key": "Key",
        "what": "What",
        "value": "Value",
        "sheet": "Sheet",
        "title": "Title",
        "kind": "Kind",
        "note": "Note",
        "layout": "Layout",
        "layout_version": "Layout version",
        "created_on": "Made on",
        "source": "Source",
    },
    "es": {
        "key": "Clave",
        "what": "Qué es",
        "value": "Valor",
        "sheet": "Hoja",
        "title": "Título",
        "kind": "Tipo",
        "note": "Nota",
        "layout": "Formato",
        "layout_version": "Versión",
        "created_on": "Fecha",
        "source": "Fuente",
    },
}


def to_xlsx(workbook: Workbook) -> bytes:
    """The workbook as XLSX: numbers as numbers, codes and texts as text, never a formula or a link.

    Each data sheet has a row of keys, a row of titles, then the rows; both header rows stay in view. A missing value
    is an empty cell and the status column gives the reason. Percentages are stored as 12.3 for 12.3 %, as their key
    says. The name `about_<key>` points to each value of the sheet About. The same workbook gives the same bytes.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    made = datetime.combine(workbook.created_on, time(), UTC)
    properties = {
        "title": clean_text(workbook.title)[:255],
        "author": clean_text(workbook.author)[:255],
        "created": made,
    }
    book.set_properties(properties)
    _Writer(book, workbook).write()
    book.close()
    return out.getvalue()


class _Writer:
    """Holds the open file and its formats."""

    def __init__(self, book: Any, workbook: Workbook) -> None:
        self.book, self.workbook, self.words = book, workbook, _WORDS[workbook.language]
        self.book.formats[0].set_font_name("Calibri")
        keys = {"font_size": 8, "font_color": "#4D5D66", "shrink": True}
        self.keys, self.keys_right = book.add_format(keys), book.add_format(keys | {"align": "right"})
        head = {
            "bold": True,
            "font_color": "#0B4F55",
            "bg_color": "#EEF4F3",
            "text_wrap": True,
            "valign": "bottom",
            "bottom": 1,
        }
        self.head = book.add_format(head)
        self.head_right = book.add_format(head | {"align": "right"})
        self._kinds: dict[tuple[str, bool, bool], Any] = {}

    def write(self) -> None:
        about = self.book.add_worksheet(ABOUT)
        sheets = [(sheet, self.book.add_worksheet(sheet.name)) for sheet in self.workbook.sheets]
        columns = self.book.add_worksheet(COLUMNS)
        self.about(about)
        for sheet, page in sheets:
            self.data(sheet, page)
        self.dictionary(columns)

    def about(self, page: Any) -> None:
        book, words = self.workbook, self.words
        lines: list[tuple[str, str, Value]] = [
            ("layout", words["layout"], book.layout),
            ("layout_version", words["layout_version"], book.layout_version),
            ("title", words["title"], book.title),
            ("created_on", words["created_on"], book.created_on),
        ]
        lines += [(key, book.about_titles.get(key, key), value) for key, value in book.about.items()]
        lines += [(f"source_{i}", words["source"], text) for i, text in enumerate(book.sources, 1)]
        self.header(page, 0, [words["key"], words["what"], words["value"]])
        for row, (key, title, value) in enumerate(lines, 1):
            self.cell(page, row, 0, key, "code")
            self.cell(page, row, 1, clean_text(title), "text")
            self.cell(page, row, 2, None if is_missing(value) else value, _kind_of(value), wrap=True)
            if key.isidentifier() and key.isascii():
                self.book.define_name(f"about_{key}", f"={ABOUT}!$C${row + 1}")
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 26)
        page.set_column(2, 2, 90)
        page.freeze_panes(1, 0)

    def data(self, sheet: Sheet, page: Any) -> None:
        columns = with_status(sheet.columns, sheet.mark_key)
        for i, column in enumerate(columns):
            page.write_string(0, i, column.key, self.keys_right if column.is_number else self.keys)
            page.write_string(1, i, column.title, self.head_right if column.is_number else self.head)
            page.set_column(i, i, _width(column, sheet))
        page.freeze_panes(2, min(2, len(columns) - 1))
        for row, line in enumerate(plain_rows(columns, sheet.rows, sheet.mark_key), 2):
            for i, (column, value) in enumerate(zip(columns, line, strict=True)):
                self.cell(page, row, i, value, column.kind)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, 1)
        page.autofilter(1, 0, max(2, len(sheet.rows) + 1), len(columns) - 1)

    def dictionary(self, page: Any) -> None:
        """One row for each column of each sheet: what it holds, and how `read_layout` reads it."""
        self.header(page, 0, [self.words[word] for word in ("sheet", "key", "title", "kind", "note")])
        row = 0
        for sheet in self.workbook.sheets:
            for column in with_status(sheet.columns, sheet.mark_key):
                row += 1
                for i, text in enumerate((sheet.name, column.key, column.title, column.kind, column.note)):
                    self.cell(page, row, i, text or None, "text")
        for i, width in enumerate((18, 32, 32, 12, 60)):
            page.set_column(i, i, width)
        page.freeze_panes(1, 0)

    def header(self, page: Any, row: int, titles: list[str]) -> None:
        page.set_landscape()
        page.fit_to_pages(1, 0)
        for i, title in enumerate(titles):
            page.write_string(row, i, title, self.head)

    def cell(self, page: Any, row: int, column: int, value: Value, kind: str, *, wrap: bool = False) -> None:
        if value is None:
            return
        if isinstance(value, str):
            text = clean_text(value)[:MAX_CELL_CHARS]
            if not text:
                return
            # The hidden apostrophe keeps a text such as "=1+1" a text when somebody edits the cell and presses Enter.
            page.write_string(row, column, text, self.look(kind, text != guarded(text), wrap))
        elif isinstance(value, date):
            page.write_datetime(row, column, value, self.look("date", False, wrap))
        else:
            page.write_number(row, column, value, self.look(kind, False, wrap))

    def look(self, kind: str, is_quoted: bool, wrap: bool) -> Any:
        key = (kind, is_quoted, wrap)
        if key not in self._kinds:
            look: dict[str, Any] = {"num_format": _NUMBER_FORMATS[kind]} if kind in _NUMBER_FORMATS else {}
            look |= {"quote_prefix": True} if is_quoted else {}
            look |= {"text_wrap": True, "align": "left", "valign": "top"} if wrap else {}
            self._kinds[key] = self.book.add_format(look)
        return self._kinds[key]


def _kind_of(value: Value) -> str:
    if isinstance(value, date):
        return "date"
    return "text" if isinstance(value, str) else "number"


def _width(column: Column, sheet: Sheet) -> float:
    """Width in characters: a text column as wide as its longest text, within reason."""
    if column.kind == "text":
        longest = max((len(str(row.get(column.key) or "")) for row in sheet.rows[:500]), default=0)
        return min(60, max(14, longest + 2))
    return {"code": 11, "date": 12, "usd": 14}.get(column.kind, 13)
