"""What a document is made of: a few frozen blocks, the same for Word and PDF.

Blocks hold data, never markup. Texts are cleaned when a block is made (see `format.clean_text`), so a writer can
trust them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sharedtable.errors import Refused
from sharedtable.exports.format import (
    KINDS,
    LANGUAGES,
    PLAIN_MARKS,
    REASONS,
    Absent,
    Kind,
    Language,
    Value,
    clean_text,
    format_value,
    is_missing,
    reason_line,
    reason_word,
)

# Whoever made the method asks that each tool says where it comes from (M19); every document does so by itself.
ATTRIBUTION: dict[str, str] = {
    "en": "Based on the Next Gen Sector Partnerships toolkit and the Regional Sector Partnership Convener Training "
    "Workbook.",
    "es": "Basado en los materiales «Next Gen Sector Partnerships» y en el «Regional Sector Partnership Convener "
    "Training Workbook».",
}
# How wide a column is when nobody says so, relative to the others.
_WIDTHS: dict[str, float] = {"text": 3.2, "code": 0.9, "date": 1.6, "usd": 1.25, "integer": 1.15}


def _clean(block: object, *names: str) -> None:
    for name in names:
        value = getattr(block, name)
        if not isinstance(value, str):
            raise Refused(f"{type(block).__name__}.{name} needs text, not {type(value).__name__}.")
        object.__setattr__(block, name, clean_text(value).strip())


def _required(block: object, name: str, why: str) -> None:
    if not getattr(block, name):
        raise Refused(f"{type(block).__name__} has an empty {name}: {why}.")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the highest below the title of the document."""

    level: int
    text: str

    def __post_init__(self) -> None:
        _clean(self, "text")
        _required(self, "text", "people who listen to the page move from heading to heading")
        if self.level not in (1, 2, 3):
            raise Refused(f"Heading {self.text!r} has level {self.level}; use 1, 2 or 3.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `lead` opens a page, `note` is a small remark, `quote` gives somebody's own words."""

    text: str
    style: Literal["normal", "lead", "note", "quote"] = "normal"

    def __post_init__(self) -> None:
        _clean(self, "text")
        if self.style not in ("normal", "lead", "note", "quote"):
            raise Refused(f"Paragraph style {self.style!r} is unknown; use normal, lead, note or quote.")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with bullets."""

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(text for item in self.items if (text := clean_text(item).strip())))


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure: what it is, the value, its kind, and a short remark (base, span, rank)."""

    label: str
    value: Value
    kind: Kind = "text"
    note: str = ""

    def __post_init__(self) -> None:
        _clean(self, "label", "note")
        _required(self, "label", "a figure without a name says nothing")
        _check_kind(self.label, self.kind)


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A row of large figures; Word gets them as a small table."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: key in the rows, title for people, kind (see `format.Kind`), relative width, note."""

    key: str
    title: str
    kind: Kind = "text"
    width: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        _clean(self, "key", "title", "note")
        _required(self, "key", "it names the field of the rows")
        _required(self, "title", "a table needs a title in each header cell")
        _check_kind(self.title, self.kind)

    @property
    def is_number(self) -> bool:
        """True when the column is set flush right."""
        return self.kind not in ("text", "code", "date")

    @property
    def weight(self) -> float:
        """Relative width: the hint, or one that suits the kind."""
        return self.width if self.width else _WIDTHS.get(self.kind, 1.0)


def _check_kind(name: str, kind: str) -> None:
    if kind not in KINDS:
        raise Refused(f"{name!r} has the unknown kind {kind!r}; use one of {', '.join(KINDS)}.")


def check_columns(columns: Sequence[Column]) -> None:
    """Fails with `Refused` when there are no columns or two have the same key."""
    keys = [column.key for column in columns]
    if not keys:
        raise Refused("A table needs at least one column.")
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise Refused(f"Two columns have the same key: {', '.join(sorted(twice))}. Give each column its own key.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rows (mappings from column key to value; a key that is absent counts as None).

    `mark_key` names the field of a row that says why values are missing (`status` with `withheld` or
    `partly_withheld`): missing values of that row carry its letter, and the line below the table explains it. A
    single value can carry its own reason: `Absent("not_loaded")`.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Value], ...]
    note: str = ""
    mark_key: str = ""

    def __post_init__(self) -> None:
        _clean(self, "caption", "note")
        _required(self, "caption", "a table needs a caption that says what it shows")
        check_columns(self.columns)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, ready to be shown: the text, and the letter of its reason."""

    text: str
    mark: str = ""


def table_cells(table: Table, language: Language) -> tuple[list[list[Cell]], list[str]]:
    """The cells of a table as people read them, and the lines that explain the letters in it."""
    used: dict[str, None] = {}
    words = next((i for i, column in enumerate(table.columns) if column.kind == "text"), 0)

    def cell(column: Column, value: Value, row_reason: str, carries_mark: bool) -> Cell:
        missing = is_missing(value)
        reason = value.reason if isinstance(value, Absent) else row_reason if missing or carries_mark else ""
        text = format_value(None if missing else value, column.kind, language)
        if reason in PLAIN_MARKS:
            return Cell(text)
        if reason in REASONS:
            used[reason] = None
            return Cell(text, REASONS[reason].letter)
        return Cell(text, reason_word(reason, language))

    lines = []
    for row in table.rows:
        reason = str(row.get(table.mark_key) or "") if table.mark_key else ""
        gaps = any(is_missing(row.get(column.key)) for column in table.columns)
        # A weak row whose values are all there carries its letter at its name, else nobody would see it.
        mark_name = not gaps or reason == "partly_withheld"
        lines.append([cell(c, row.get(c.key), reason, mark_name and i == words) for i, c in enumerate(table.columns)])
    return lines, [reason_line(reason, language) for reason in REASONS if reason in used]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: self-contained SVG text (presentation attributes, no style sheet), what it shows in words, caption."""

    svg: str
    alt: str
    caption: str = ""
    width: float = 1.0

    def __post_init__(self) -> None:
        _clean(self, "alt", "caption")
        _required(self, "alt", "say in words what the picture shows, for people who cannot see it")
        if not 0.1 <= self.width <= 1:
            raise Refused(f"Figure width {self.width} is outside 0.1 to 1 (the share of the line that it takes).")


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True, slots=True)
class BlankLines:
    """Ruled lines to write on by hand, below a label such as "What people here know"."""

    count: int
    label: str

    def __post_init__(self) -> None:
        _clean(self, "label")
        _required(self, "label", "people must know what to write there")
        if not 1 <= self.count <= 40:
            raise Refused(f"BlankLines needs 1 to 40 lines, not {self.count}.")


@dataclass(frozen=True, slots=True)
class Side:
    """Two groups of blocks side by side in PDF; Word gets them one after the other, which reads the same."""

    left: tuple["Block", ...]
    right: tuple["Block", ...]
    left_share: float = 0.5

    def __post_init__(self) -> None:
        if not 0.2 <= self.left_share <= 0.8:
            raise Refused(f"Side.left_share {self.left_share} is outside 0.2 to 0.8.")
        if any(isinstance(block, Side | PageBreak) for block in (*self.left, *self.right)):
            raise Refused("A Side holds neither another Side nor a PageBreak.")


Block = Heading | Paragraph | Bullets | KeyFigures | Table | Figure | PageBreak | BlankLines | Side


def reading_order(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks one after the other, as they are read aloud."""
    for block in blocks:
        if isinstance(block, Side):
            yield from block.left
            yield from block.right
        else:
            yield block


@dataclass(frozen=True, slots=True)
class Document:
    """A document for people: what it says (`blocks`), where the figures come from (`sources`), and who made it when.

    `subject` is the small line above the title, `footer` the source line at the foot of each page. The same document
    gives the same PDF bytes, so a date is needed. `is_attributed` False: this is nothing of the method. Fails
    with `Refused` on an empty title, an unknown language, or a heading that skips a level.
    """

    title: str
    created_on: date
    blocks: tuple[Block, ...]
    language: Language = "en"
    subject: str = ""
    author: str = ""
    sources: tuple[str, ...] = ()
    footer: str = ""
    is_landscape: bool = field(default=False, kw_only=True)
    is_attributed: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        _clean(self, "title", "subject", "author", "footer")
        for name in ("title", "subject", "author", "footer"):
            object.__setattr__(self, name, " ".join(getattr(self, name).split()))
        _required(self, "title", "file lists and screen readers show it")
        object.__setattr__(self, "sources", tuple(text for s in self.sources if (text := clean_text(s).strip())))
        if self.language not in LANGUAGES:
            raise Refused(f"The language {self.language!r} is not known here; use {' or '.join(LANGUAGES)}.")
        level = 0
        for block in reading_order(self.blocks):
            if isinstance(block, Heading):
                if block.level > level + 1:
                    raise Refused(
                        f"The heading {block.text!r} has level {block.level} right after level {level}; "
                        "a level must not be skipped."
                    )
                level = block.level

    @property
    def attribution(self) -> str:
        """Where the method of this document comes from; its last line. Empty when it is not attributed."""
        return ATTRIBUTION[self.language] if self.is_attributed else ""


WORDS: dict[str, dict[str, str]] = {
    "en": {"sources": "Sources", "page": "Page", "of": "of", "measure": "Measure", "value": "Value", "note": "Note"},
    "es": {"sources": "Fuentes", "page": "Página", "of": "de", "measure": "Medida", "value": "Valor", "note": "Nota"},
}
