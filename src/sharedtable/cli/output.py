"""How answers leave a command: a table for people; JSON, CSV or a workbook for programs. Numbers are never reshaped."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedtable.errors import Refused
from sharedtable.exports import Column, Sheet, Workbook, rows_to_csv, to_xlsx

if TYPE_CHECKING:
    from rich.console import Console


# Answers go to standard output, so that a program can read them; everything else goes here.
@cache
def notices() -> Console:
    """Where notices go: standard error. Its library loads with the first one; a server has none to give."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


# On a narrow terminal these columns stay away, so that names and figures stay whole; the other forms hold them all.
WIDE = 150
SPARE_COLUMNS = frozenset(
    {"employment_change_2y_pct", "location_quotient_then_ratio", "jobs_per_establishment", "projected_change_pct"}
    | {"change_span_years", "withheld_cells", "pay_p75_usd", "entry_education_title", "lag"}
)

_KINDS = {"_code": "code", "_pct": "pct", "_usd": "usd", "_jobs": "integer", "_ratio": "decimal", "_on": "date"}


class Format(StrEnum):
    """The forms an answer can take."""

    table = "table"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"


def emit(
    answer: Mapping[str, Any],
    *,
    form: Format,
    title: str,
    shown: Sequence[tuple[str, str]],
    out: Path | None,
    notes: Sequence[str] = (),
) -> None:
    """Write an answer that holds `rows` to `out`, or to standard output.

    `shown`: key and heading of the columns of the table form; the other forms hold every column.
    """
    if out is not None and form is Format.table:
        form = _form_of(out)
    if form is Format.table:
        _table(answer["rows"], title, shown, notes)
        return
    if form is Format.json:
        content = (json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")
    else:
        columns, rows = flat(answer["rows"])
        content = rows_to_csv(columns, rows) if form is Format.csv else _workbook(answer, title, columns, rows)
    if out is not None:
        _write(out, content)
        notices().print(f"Wrote {out}.")
    elif form is Format.xlsx and sys.stdout.isatty():
        raise Refused("A workbook cannot be shown in a terminal. Name a file with --out.")
    else:
        sys.stdout.buffer.write(content)


def _form_of(out: Path) -> Format:
    """The form that a file's name asks for."""
    for form in (Format.json, Format.csv, Format.xlsx):
        if out.suffix.lower() == f".{form.value}":
            return form
    raise Refused(f"The name {out.name} does not say which form to write. End it in .xlsx, .csv or .json.")


def _write(out: Path, content: bytes) -> None:
    """Beside first, then renamed, so that a full disk leaves an older file whole."""
    beside = out.with_name(f".{out.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise Refused(f"The file {out} cannot be written: {problem.strerror}.") from problem


def flat(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[Column, ...], list[dict[str, Any]]]:
    """Rows without nested values, and what each column holds: `criteria_pct` becomes `criteria_pct_size` and so on."""
    made: list[dict[str, Any]] = []
    for row in rows:
        one: dict[str, Any] = {}
        for key, value in row.items():
            if isinstance(value, Mapping):
                one |= {f"{key}_{inner}": held for inner, held in value.items()}
            else:
                one[key] = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        made.append(one)
    names = list(dict.fromkeys(name for row in made for name in row))
    return tuple(Column(name, name.replace("_", " "), _kind(name, made)) for name in names), made


def _kind(name: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    values = [row[name] for row in rows if row.get(name) is not None]
    if any(isinstance(value, (str, bool)) for value in values):
        return "code" if name.endswith("_code") else "text"
    for ending, kind in _KINDS.items():
        if name.endswith(ending):
            return kind
    return "integer" if all(isinstance(value, int) for value in values) else "decimal"


def _workbook(answer: Mapping[str, Any], title: str, columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> bytes:
    about = {
        key: value if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)
        for key, value in answer.items()
        if key not in ("rows", "sources") and not isinstance(value, (list, bool)) and value is not None
    }
    sources = tuple(f"{s['publisher']}: {s['title']}, {s['vintage']}" for s in answer.get("sources", ()))
    text_rows = tuple({k: str(v).lower() if isinstance(v, bool) else v for k, v in row.items()} for row in rows)
    return to_xlsx(
        Workbook(
            layout="sharedtable-rows",
            layout_version=1,
            title=title,
            created_on=datetime.now(UTC).astimezone().date(),
            about=about,
            sheets=(Sheet("Rows", columns, text_rows),),
            sources=sources,
        )
    )


def _table(
    rows: Sequence[Mapping[str, Any]], title: str, shown: Sequence[tuple[str, str]], notes: Sequence[str]
) -> None:
    # A pipe is as wide as the table needs: cutting words for a width that nobody set would lose figures.
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    if console.width < WIDE:
        shown = [(key, heading) for key, heading in shown if key not in SPARE_COLUMNS]
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for key, heading in shown:
        is_text = key.endswith(("_code", "_title", "status", "name")) or key in ("kind", "path", "source", "areas")
        is_long = key.endswith(("_title", "name")) or key in ("title", "lag", "sources", "value")
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold", no_wrap=not is_long)
    for row in rows:
        table.add_row(*(cell(key, row) for key, _ in shown))
    console.print(table)
    for note in notes:
        console.print(note, style="dim")


def cell(key: str, row: Mapping[str, Any]) -> str:
    """One figure as the table shows it."""
    value = row.get(key)
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        value = f"{value:+,.1f}" if "change" in key else f"{value:,.2f}" if key.endswith("_ratio") else f"{value:,.1f}"
    elif isinstance(value, int) and not key.endswith("year"):
        value = f"{value:+,}" if "change" in key and key.endswith("_jobs") else f"{value:,}"
    # A sum with withheld parts is a floor, and is never shown as if it were the whole.
    floor = key == "employment_jobs" and row.get("status") == "partly_withheld"
    return f"≥ {value}" if floor else str(value)
