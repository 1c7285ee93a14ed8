"""From the bytes of a file to a table of texts. Runs only in the worker; knows no Django.

A refusal is a `Broken` with a code and what belongs to it; `sentences.py` has the words.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sharedtable.people.importing.limits import (
    MOST_BYTES,
    MOST_CELL,
    MOST_COLUMNS,
    MOST_INFLATED,
    MOST_MEMBERS,
    MOST_ROWS,
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What else people choose by mistake, by its first bytes.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "old_excel"), (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"), (b"{\\rtf", "document"), (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"), (b"SQLite format 3", "database"),
)  # fmt: skip
_DELIMITERS = ",;\t|"
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Signs that no text has, and those that show it otherwise than it is written: turned round, or not at all.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]|[\ud800-\udfff]"
    r"|[\u200b\u2060\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)


class Broken(Exception):
    """A file that cannot be used: the code of the sentence, and what it needs."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


@dataclass
class Table:
    """What a file holds. `numbers`: the row in the file of each row. `notes`: codes of what was seen on the way."""

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    shape: str
    notes: list[dict[str, Any]] = field(default_factory=list)


def read(data: bytes, name: str) -> Table:
    """The table in a file of any of the kinds that are read. Fails with Broken."""
    if len(data) > MOST_BYTES:
        raise Broken("too_large", megabytes=round(len(data) / 1e6), most=MOST_BYTES // 1_000_000)
    if not data.strip(b" \t\r\n\0"):
        raise Broken("empty")
    for start, kind in _OTHERS:
        if data.startswith(start):
            raise Broken(kind)
    if data[:2] == b"PK":
        return _workbook(data)
    text, notes = _decoded(data)
    head = text[:2000].lstrip().casefold()
    if head.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise Broken("web_page")
    is_cards = head.startswith("begin:vcard") or name.casefold().endswith(".vcf")
    table = _cards(text) if is_cards else _separated(text)
    table.notes = notes + table.notes
    return table


# --- text -------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> tuple[str, list[dict[str, Any]]]:
    notes: list[dict[str, Any]] = []
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _cleaned(data.decode(name, "replace"), notes)
    zeros = data[:4000].count(0)
    if zeros > len(data[:4000]) // 4:  # UTF-16 without its mark, as some exports have it
        name = "utf-16-le" if data[1:4000:2].count(0) > data[0:4000:2].count(0) else "utf-16-be"
        return _cleaned(data.decode(name, "replace"), notes)
    try:
        return _cleaned(data.decode("utf-8"), notes)
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    likely = ["cp1252", "latin_1", "mac_roman", "cp850", "cp437"]
    best = from_bytes(data[:100_000], cp_isolation=likely, steps=5, chunk_size=512).best()
    name = best.encoding if best is not None else "cp1252"
    # Excel on Windows writes this one; two encodings that fit equally well are decided for it.
    if name in ("latin_1", "cp850", "cp437") and not any(0x80 <= byte <= 0x9F for byte in data):
        name = "cp1252"
    notes.append({"code": "encoding", "name": name})
    return _cleaned(data.decode(name, "replace"), notes)


def _cleaned(text: str, notes: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    if "\0" in text:
        notes.append({"code": "zeros"})
    return _CONTROL.sub("", text), notes


def _separated(text: str) -> Table:
    notes: list[dict[str, Any]] = []
    given = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if given:
        delimiter, text = given.group(1), text[given.end() :]
    else:
        delimiter = _delimiter(text)
    skipped = 1 if given else 0
    # The limit is one for the whole process: whoever reads next must find it as it was.
    usual = csv.field_size_limit(1_000_000)
    lines: list[list[str]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
                raise Broken("columns", most=MOST_COLUMNS, row=len(lines) + 1)
            if any(cell.strip() for cell in cells):
                if len(lines) > MOST_ROWS + 25:
                    raise Broken("rows", most=MOST_ROWS)
                lines.append([_cell(cell) for cell in cells[:MOST_COLUMNS]])
                numbers.append(reader.line_num + skipped)
    except csv.Error as problem:
        raise Broken("cell", most=1_000_000, row=reader.line_num) from problem
    finally:
        csv.field_size_limit(usual)
    return _table(lines, numbers, "text", notes)


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into the same number of cells, above one."""
    lines = [line for line in text[:60_000].splitlines()[:40] if line.strip()]
    best, best_score = ",", 0.0
    for sign in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count) if widths else 1
        score = widths.count(usual) / len(widths) * min(usual, 12) if usual > 1 else 0.0
        if score > best_score + 1e-9:
            best, best_score = sign, score
    return best


def _cell(text: str) -> str:
    """A cell as a person sees it: Excel's ="00123" is 00123, '00123 too."""
    found = " ".join(text.replace("\u00a0", " ").split())
    if found.startswith('="') and found.endswith('"') and len(found) > 3:
        found = found[2:-1]
    if len(found) > 1 and found[0] == "'" and (found[1].isdigit() or found[1] in "=+-@"):
        found = found[1:]
    return found[:MOST_CELL]


def _table(lines: list[list[str]], numbers: list[int], shape: str, notes: list[dict[str, Any]]) -> Table:
    """Finds the header among the first rows, drops what is empty, makes all rows as wide as the header."""
    if not lines:
        raise Broken("empty")
    at = _header_row(lines)
    header = lines[at]
    width = max([len(header), *(len(line) for line in lines[at + 1 : at + 200])])
    while width > 1 and not any(line[width - 1 : width] and line[width - 1] for line in lines[at:]):
        width -= 1
    if width > MOST_COLUMNS:
        raise Broken("columns", most=MOST_COLUMNS, row=numbers[at])
    if at:
        notes.append({"code": "above", "rows": at})
    rows = [[*line[:width], *[""] * (width - len(line))] for line in lines[at + 1 :]]
    if len(rows) > MOST_ROWS:
        raise Broken("rows", most=MOST_ROWS)
    if not rows:
        raise Broken("no_rows")
    names = [(header[place] if place < len(header) else "")[:120] for place in range(width)]
    return Table(names, rows, numbers[at + 1 :], shape, notes)


def _header_row(lines: list[list[str]]) -> int:
    """A title above the table has one cell; the header is the first row with most of its cells filled."""
    widest = max(sum(1 for cell in line if cell) for line in lines[:40])
    for number, line in enumerate(lines[:20]):
        filled = [cell for cell in line if cell]
        if len(filled) >= max(1, min(widest, 2)) and len(filled) * 2 >= widest:
            return number
    return 0


# --- workbooks --------------------------------------------------------------------------------------------------------


def _workbook(data: bytes) -> Table:
    _check_container(data)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it does not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            notes: list[dict[str, Any]] = []
            best: tuple[int, str, list[list[str]], list[int]] | None = None
            sheets = book.worksheets[:20]
            for sheet in sheets:
                if sheet.sheet_state != "visible":
                    continue
                lines, numbers = _sheet(sheet)
                if lines and (best is None or len(lines) > best[0]):
                    best = len(lines), sheet.title, lines, numbers
    except Broken:
        raise
    except MemoryError:
        raise
    except Exception as problem:  # a hostile workbook makes openpyxl raise nearly anything
        raise Broken("damaged") from problem
    if best is None:
        raise Broken("empty")
    if len(sheets) > 1:
        notes.append({"code": "sheet", "name": best[1][:60]})
    return _table(best[2], best[3], "workbook", notes)


def _sheet(sheet: Any) -> tuple[list[list[str]], list[int]]:
    # What a file says about its own size may be wrong; read the cells instead.
    sheet.reset_dimensions()
    lines: list[list[str]] = []
    numbers: list[int] = []
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
        if len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS] is not None:
            raise Broken("columns", most=MOST_COLUMNS, row=number)
        texts = [_shown(value) for value in cells[:MOST_COLUMNS]]
        if not any(texts):
            blank += 1
            if blank > 100_000:
                break  # a sheet that was formatted down to its last row
            continue
        if len(lines) > MOST_ROWS + 25:
            raise Broken("rows", most=MOST_ROWS)
        lines.append(texts)
        numbers.append(number)
    return lines, numbers


def _shown(value: Any) -> str:
    """A cell as text: whole numbers without a point, so that codes and phones stay what they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return _cell(_CONTROL.sub("", str(value)[: MOST_CELL * 2]))


def _check_container(data: bytes) -> None:
    """Before anything is parsed: members, inflated size counted while inflating, no document type declaration."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = container.infolist()
            if len(members) > MOST_MEMBERS:
                raise Broken("members", members=len(members), most=MOST_MEMBERS)
            names = set(container.namelist())
            if "xl/workbook.xml" not in names:
                if "content.xml" in names and "mimetype" in names:
                    raise Broken("open_document")
                raise Broken("document" if "word/document.xml" in names else "archive")
            total = 0
            for member in members:
                if member.flag_bits & 1:
                    raise Broken("locked")
                total = _inflate(container, member, total)
    except Broken:
        raise
    except MemoryError:
        raise
    except Exception as problem:  # zipfile, zlib and struct each fail in their own way
        raise Broken("damaged") from problem


def _inflate(container: zipfile.ZipFile, member: zipfile.ZipInfo, total: int) -> int:
    tail = b""
    with container.open(member) as stream:
        while chunk := stream.read(65_536):
            total += len(chunk)
            if total > MOST_INFLATED:
                raise Broken("bomb", most=MOST_INFLATED // 1_000_000)
            # Zeros out, so that UTF-16 cannot hide it.
            plain = (tail + chunk).replace(b"\0", b"")
            if _ENTITY.search(plain):
                raise Broken("doctype")
            tail = chunk[-64:]
    return total


# --- cards ------------------------------------------------------------------------------------------------------------

CARD_COLUMNS = [
    "First name",
    "Last name",
    "Company",
    "Title",
    "Email",
    "Phone",
    "Mobile",
    "Street",
    "City",
    "State",
    "ZIP",
    "Website",
]


def _cards(text: str) -> Table:
    import vobject

    rows: list[list[str]] = []
    numbers: list[int] = []
    blocks = re.split(r"(?im)^(?=BEGIN:VCARD)", text)
    bad = 0
    for block in blocks:
        if not block.strip():
            continue
        if len(rows) >= MOST_ROWS:
            raise Broken("rows", most=MOST_ROWS)
        try:
            card = vobject.readOne(block, ignoreUnreadable=True, allowQP=True)
            row = _card(card)
        except MemoryError:
            raise
        except Exception:  # vobject fails in many ways on what is no card
            bad += 1
            continue
        if any(row):
            rows.append(row)
            numbers.append(len(rows) + bad)
    if not rows:
        raise Broken("no_cards")
    notes: list[dict[str, Any]] = [{"code": "cards_left_out", "count": bad}] if bad else []
    return Table(list(CARD_COLUMNS), rows, numbers, "cards", notes)


def _card(card: Any) -> list[str]:
    def first(name: str) -> Any:
        found = card.contents.get(name) or []
        return found[0].value if found else ""

    name, address = first("n"), first("adr")
    given, family = _line(getattr(name, "given", "")), _line(getattr(name, "family", ""))
    if not (given or family):
        whole = _line(first("fn")).split()
        given, family = " ".join(whole[:-1]), whole[-1] if whole else ""
    organisation = first("org")
    phone = mobile = ""
    for tel in card.contents.get("tel", []):
        kinds = {str(kind).upper() for kind in tel.params.get("TYPE", [])} | {
            str(s).upper() for s in getattr(tel, "singletonparams", [])
        }
        number = _line(str(tel.value).removeprefix("tel:"))
        if "FAX" in kinds:
            continue
        if "CELL" in kinds:
            mobile = mobile or number
        else:
            phone = phone or number
    company = organisation[0] if isinstance(organisation, list) and organisation else organisation
    return [
        given, family, _line(company), _line(first("title")), _line(first("email")), phone, mobile,
        _line(getattr(address, "street", "")), _line(getattr(address, "city", "")),
        _line(getattr(address, "region", "")), _line(getattr(address, "code", "")), _line(first("url")),
    ]  # fmt: skip


def _line(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = " ".join(str(one) for one in value)
    return _cell(_CONTROL.sub("", str(value or "")))
