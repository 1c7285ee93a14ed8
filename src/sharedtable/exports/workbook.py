"""What a workbook is made of, and what its layout promises: the same words for the writer and the reader."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sharedtable.errors import Refused
from sharedtable.exports.document import Column, check_columns
from sharedtable.exports.format import PLAIN_MARKS, Absent, Language, Value, clean_text, is_missing

ABOUT, COLUMNS = "About", "Columns"
STATUS = "status"
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CELL_CHARS = 20, 20_000, 100, 32_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of data. `mark_key` names the field of a row that says why its values are missing."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Value], ...]
    mark_key: str = ""

    def __post_init__(self) -> None:
        check_columns(self.columns)
        name = self.name
        if (
            not name
            or len(name) > 31
            or name in (ABOUT, COLUMNS)
            or not name.replace(" ", "").replace("_", "").isalnum()
        ):
            raise Refused(
                f"The sheet name {name!r} does not work: use up to 31 letters and digits; not {ABOUT} or {COLUMNS}."
            )
        if len(self.rows) > MAX_ROWS or len(self.columns) > MAX_COLUMNS:
            raise Refused(f"The sheet {name} is too large: {MAX_ROWS:,} rows and {MAX_COLUMNS} columns are the limits.")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook in a stable layout: `About` (key, title, value), a sheet for each table, `Columns` (what each is).

    `layout` and `layout_version` name the promise that `read_layout` checks. `about` holds text, whole numbers,
    numbers, dates or None under machine keys; `about_titles` gives the words for people.
    """

    layout: str
    layout_version: int
    title: str
    created_on: date
    about: Mapping[str, Value]
    sheets: tuple[Sheet, ...]
    sources: tuple[str, ...] = ()
    author: str = ""
    language: Language = "en"
    about_titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [sheet.name.casefold() for sheet in self.sheets]
        if len(set(names)) != len(names) or len(names) > MAX_SHEETS:
            raise Refused(f"A workbook needs sheets with different names, {MAX_SHEETS} at most.")
        if taken := {"layout", "layout_version", "title", "created_on"} & set(self.about):
            raise Refused(
                f"The key {min(taken)!r} of `about` is one that the workbook writes by itself. Choose another."
            )


def with_status(columns: Sequence[Column], mark_key: str) -> tuple[Column, ...]:
    """The columns, with a text column at the end for the reasons when there is a mark key and no such column yet."""
    if mark_key and all(column.key != mark_key for column in columns):
        return (*columns, Column(mark_key, "Status", "text", 1.6, "why values are missing in this row"))
    return tuple(columns)


def plain_rows(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Value]], mark_key: str
) -> Iterator[list[str | int | float | date | None]]:
    """The rows as plain values for a file that people compute with: missing is None, the mark column has the reason.

    Codes and texts become clean text; a value that carries its own reason adds `key: reason` to the status.
    """
    for row in rows:
        own = [
            f"{c.key}: {v.reason}"
            for c in columns
            if isinstance(v := row.get(c.key), Absent) and v.reason not in PLAIN_MARKS
        ]
        line: list[str | int | float | date | None] = []
        for column in columns:
            value = row.get(column.key)
            if column.key == mark_key and own:
                line.append("; ".join([*([str(value)] if not is_missing(value) else []), *own]))
            elif is_missing(value) or isinstance(value, Absent):
                line.append(None)
            elif column.kind in ("code", "text") or isinstance(value, str):
                line.append(clean_text(str(value)))
            elif isinstance(value, int | float | date):
                line.append(value)
            else:
                line.append(float(value) if value is not None else None)
        yield line
