"""`sharedtable facts fetch`, `load` and `status`: what is in the store, and how it gets there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sharedtable.cli.asked import FormatName, Out, StoreFolder, store_to_fill
from sharedtable.cli.output import Format, emit, notices
from sharedtable.errors import Refused
from sharedtable.lmi.intake.fetch import fetch
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.progress import Progress as Report
from sharedtable.lmi.progress import Step
from sharedtable.lmi.sources import SOURCES
from sharedtable.lmi.store import Store


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("fetch")(fetch_command)
    app.command("load")(load_command)
    app.command("status")(status_command)


def fetch_command(
    source: Annotated[str, typer.Argument(help="Which source. `sharedtable facts fetch list` names them.")],
    years: Annotated[str | None, typer.Option(help="Years: 2022, or 2012-2022, or 2012,2022.")] = None,
    areas: Annotated[str | None, typer.Option(help="Area codes, for sources that come one file an area.")] = None,
    address: Annotated[
        str | None, typer.Option(help="Another address than the publisher's: a mirror with the same paths.")
    ] = None,
    store: StoreFolder = None,
) -> None:
    """Get files from their publisher, keep a receipt for each, and load them.

    Example: `sharedtable facts fetch qcew-annual-area --years 2012-2022 --areas 39041,39045`
    """
    if source == "list":
        rows = [{"source": one.id, "title": one.title, "lag": one.lag} for one in SOURCES.values()]
        shown = (("source", "Source"), ("title", "What it is"), ("lag", "How late it comes"))
        emit({"rows": rows}, form=Format.table, title="Sources", shown=shown, out=None)
        return
    if source not in SOURCES:
        raise Refused(f"There is no source “{source}”. There are: {', '.join(SOURCES)}.")
    opened = store_to_fill(store)
    with _bar() as report:
        receipts = fetch(
            opened,
            source,
            # Without an address there is nothing to choose from: the release comes with an installed package.
            years=years_of(years) if SOURCES[source].address else [],
            areas=[a.strip() for a in areas.split(",")] if areas else None,
            base_address=address,
            progress=report,
        )
    for receipt in receipts:
        notices().print(f"{receipt.file_name}: {receipt.bytes:,} bytes, sha256 {receipt.sha256[:12]}…")
    notices().print(f"Fetched and loaded {len(receipts)} file(s).")


def load_command(
    files: Annotated[list[str], typer.Argument(help="Files, folders or patterns: CSV, CSV.GZ, ZIP, XLSX.")],
    store: StoreFolder = None,
) -> None:
    """Read files into the store: all of them or, when one is wrong, none.

    Example: `sharedtable facts load downloads/*.csv.gz`
    """
    with _bar() as report:
        found = load(files, store_to_fill(store), progress=report)
    rows = [
        {
            "path": Path(one.path).name,
            "kind": one.kind,
            "rows": one.rows,
            "years": ", ".join(map(str, one.years)),
            "areas": len(one.areas),
            "status": one.status,
        }
        for one in found.files
    ]
    shown = (
        ("path", "File"),
        ("kind", "What it is"),
        ("rows", "Rows"),
        ("years", "Years"),
        ("areas", "Areas"),
        ("status", "Status"),
    )
    emit({"rows": rows}, form=Format.table, title=f"{len(rows)} file(s)", shown=shown, out=None)
    for one in found.files:
        for note in one.notes:
            notices().print(f"{Path(one.path).name}: {note}")


def status_command(form: FormatName = Format.table, out: Out = None, store: StoreFolder = None) -> None:
    """What the store holds: tables, years, areas, sources, and when each was loaded.

    Example: `sharedtable facts status --format json`
    """
    opened = Store.open(store)
    rows = list(_held(opened))
    shown = (
        ("table_name", "Table"),
        ("year", "Year"),
        ("areas", "Areas"),
        ("rows", "Rows"),
        ("kilobytes", "kB"),
        ("loaded_at", "Loaded"),
        ("sources", "From"),
    )
    emit({"store": str(opened.root), "rows": rows}, form=form, title=f"Store {opened.root}", shown=shown, out=out)


def _held(store: Store) -> Iterator[dict[str, Any]]:
    for table in store.tables():
        for year in store.years(table):
            path, receipts = store.path(table, year), store.provenance(table, year)
            count = store.cursor().execute("select count(*) from read_parquet($1)", [str(path)]).fetchall()[0][0]
            titles = {SOURCES[r.source_id].title if r.source_id in SOURCES else r.source_id for r in receipts}
            yield {
                "table_name": table,
                "year": year,
                "areas": len(store.areas(year)) if table == "qcew" else None,
                "rows": count,
                "kilobytes": round(path.stat().st_size / 1000),
                "loaded_at": max((r.loaded_at for r in receipts), default=None),
                "files": len(receipts),
                "sources": "; ".join(sorted(titles)) or "worked out from the tables above",
            }


def years_of(text: str | None) -> list[int]:
    """`2012-2014,2022` as years."""
    if not text:
        raise Refused("Name the years: --years 2022 or --years 2012-2022.")
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdigit() and (last or first).isdigit() and 1990 <= int(first) <= int(last or first) <= 2100):
            raise Refused(f"“{part.strip()}” is no year or range of years. Write 2022 or 2012-2022.")
        found |= set(range(int(first), int(last or first) + 1))
    return sorted(found)


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=notices(), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(step: Step) -> None:
            if step.task not in tasks:
                tasks[step.task] = bar.add_task(step.task, total=step.total)
            bar.update(tasks[step.task], completed=step.done, total=step.total)

        yield report
