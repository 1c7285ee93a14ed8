"""The way in for files: check them aside, say what they hold and what is wrong, and only then use them."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.lmi.intake.fetch import Manners
from sharedtable.lmi.intake.fetch import fetch as fetch_figures
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.places import areas
from sharedtable.lmi.progress import Progress, Step
from sharedtable.lmi.store import Store
from sharedtable.studies import incoming, reimport
from sharedtable.studies.incoming import Delivery
from sharedtable.studies.questions import store_folder
from sharedtable.studies.workbook_worker import read_workbook

QUICK_SECONDS = 2.5  # how long a page waits for a small file before it shows the progress
WRITES_EVERY_SECONDS = 0.4
MANNERS = Manners(attempts=3)


def _must_be_operator(by: Actor) -> None:
    """Fails with Refused for anybody but the operator: the facts are one store for everybody on this installation."""
    if not by.is_operator:
        raise Refused(_("Only the person at the machine on which this runs can change that. Nothing was changed."))


def check(delivery: Delivery, *, by: Actor) -> Delivery:
    """Begin to read what came in, aside from the facts. Gives the state after a short wait; it may still be at work."""
    _must_be_operator(by)
    incoming.own(delivery.token, by)
    return _in_background(replace(delivery, state="working"), _check)


def _check(delivery: Delivery, progress: Progress) -> Delivery:
    figures, books = [], []
    for path in incoming.files(delivery.token):
        found = read_workbook(path)
        if found is None:
            figures.append(path)
        else:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            books.append(reimport.looked_at(found, path.name, digest))
    report: dict[str, Any] = {"files": [], "changes": [], "books": books}
    if figures:
        aside = Store(incoming.folder(delivery.token) / "check", create=True)
        read = load(figures, aside, progress=progress)
        for one in read.files:
            report["files"].append(
                {
                    "name": Path(one.path).name,
                    "kind": one.kind,
                    "rows": one.rows,
                    "years": list(one.years),
                    "areas": len(one.areas),
                    "titles": [_title(code) for code in one.areas[:8]],
                    "notes": list(one.notes),
                }
            )
        report["changes"] = _changes(aside)
    return replace(delivery, state="checked", report=report)


def _title(code: str) -> str:
    try:
        return areas.area_title(code)
    except Missing:
        return code


def _changes(aside: Store) -> list[dict[str, Any]]:
    """What using the files would change: for each table and year the areas that are new, different, the same."""
    try:
        kept: Store | None = Store.open(store_folder())
    except Missing:
        kept = None
    found = []
    for table in aside.tables():
        if table == "us_base":
            continue
        for year in aside.years(table):
            new = _digests(aside, table, year)
            old = _digests(kept, table, year) if kept is not None and year in kept.years(table) else {}
            found.append(
                {
                    "table": table,
                    "year": year,
                    "new": sum(key not in old for key in new),
                    "different": sum(key in old and old[key] != value for key, value in new.items()),
                    "same": sum(old.get(key) == value for key, value in new.items()),
                }
            )
    return found


_GROUPS = {"qcew": "area_code", "qcew_quarterly": "area_code || ' ' || quarter", "industry_projections": "source_name"}


def _digests(store: Store, table: str, year: int) -> dict[str, str]:
    group = _GROUPS.get(table, "''")
    rows = (
        store.cursor()
        .execute(
            f"SELECT {group}, bit_xor(hash(t))::VARCHAR, count(*) FROM read_parquet(?) t GROUP BY 1",  # noqa: S608 - one of ours
            [str(store.path(table, year))],
        )
        .fetchall()
    )
    return {str(key): f"{digest} {count}" for key, digest, count in rows}


def use(token: str, *, by: Actor) -> Delivery:
    """Make checked files part of the facts, and keep checked workbooks as studies.

    Fails with Refused when they were not checked, or not found right.
    """
    _must_be_operator(by)
    found = incoming.own(token, by)
    if found.state != "checked":
        raise Refused(_("These files are not ready to be used. Look at what the check says first."))
    with transaction.atomic():
        studies = [reimport.keep(book, by=by) for book in found.report.get("books", [])]
        _record(by, "facts.use", {"files": len(found.report.get("files", [])), "studies": len(studies)})
    found = replace(found, state="loading", report={**found.report, "studies": [[s.pk, s.title] for s in studies]})
    return _in_background(found, _use)


def _use(delivery: Delivery, progress: Progress) -> Delivery:
    names = {one["name"] for one in delivery.report.get("files", [])}
    paths = [path for path in incoming.files(delivery.token) if path.name in names]
    changed: dict[str, list[int]] = {}
    if paths:
        done = load(paths, Store(store_folder(), create=True), progress=progress)
        changed = {table: list(years) for table, years in done.changed.items()}
    return replace(delivery, state="used", report={**delivery.report, "changed": changed})


def drop(token: str, *, by: Actor) -> None:
    """Throw a delivery away. Fails with Refused while somebody works on it."""
    _must_be_operator(by)
    if incoming.own(token, by).is_busy:
        raise Refused(_("This is being worked on right now. Wait until it is done."))
    with transaction.atomic():
        _record(by, "facts.drop", {})
    incoming.discard(token)


def fetch(source_id: str, years: Sequence[int], codes: Sequence[str], *, by: Actor) -> Delivery:
    """Begin to fetch figures from their publisher and load them. Fails with Refused while another fetch is at work."""
    _must_be_operator(by)
    if incoming.busy("fetch") is not None:
        raise Refused(_("A fetch is already under way. Wait until it is done."))

    def work(delivery: Delivery, progress: Progress) -> Delivery:
        store = Store(store_folder(), create=True)
        taken = fetch_figures(store, source_id, years=years, areas=codes or None, progress=progress, manners=MANNERS)
        names = [receipt.file_name for receipt in taken]
        return replace(delivery, state="used", report={"fetched": names, "years": list(years)})

    delivery = incoming.begin("fetch", source_id, by=by)
    with transaction.atomic():
        _record(by, "facts.fetch", {"source": source_id, "years": list(years), "areas": len(codes)})
    return _in_background(replace(delivery, state="working"), work)


def _record(by: Actor, verb: str, details: Mapping[str, Any]) -> None:
    """The facts belong to the whole installation, so what happens to them stands in its own chain."""
    record(by=by.ref, verb=verb, kind="delivery", details=details)


def _in_background(delivery: Delivery, work: Callable[[Delivery, Progress], Delivery]) -> Delivery:
    """Work in a thread and note each step; wait a moment, so that small files need no second look."""
    started, language = threading.Event(), translation.get_language()

    def run() -> None:
        # The thread's own database connections would outlive it.
        from django.db import connections

        with incoming.alive(delivery.token), translation.override(language):
            current, written = incoming.write(delivery), time.monotonic()
            started.set()

            def report(step: Step) -> None:
                nonlocal current, written
                current = replace(current, task=step.task, done=step.done, total=step.total, unit=step.unit)
                if time.monotonic() - written > WRITES_EVERY_SECONDS:
                    with contextlib.suppress(OSError):
                        incoming.write(current)
                    written = time.monotonic()

            try:
                finished = work(current, report)
            except Refused as refusal:
                finished = replace(current, state="refused", problem=str(refusal))
            except OSError as problem:
                finished = replace(current, state="refused", problem=incoming.disk_sentence(problem))
            except Exception:
                _log(delivery)
                sentence = _("Something broke on our side while the files were read. The figures are as they were.")
                finished = replace(current, state="refused", problem=sentence)
            if finished.state in ("used", "refused"):
                incoming.clear(delivery.token)
            try:
                incoming.write(finished)
            except OSError:
                incoming.discard(delivery.token)
            connections.close_all()

    thread = threading.Thread(target=run, name=f"delivery-{delivery.token[:6]}", daemon=True)
    thread.start()
    started.wait(QUICK_SECONDS)
    thread.join(QUICK_SECONDS)
    return incoming.read(delivery.token)


def _log(delivery: Delivery) -> None:
    import logging

    logging.getLogger("django.request").exception("delivery %s broke", delivery.token)
