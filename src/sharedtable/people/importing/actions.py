"""Every step of bringing a list in, as a verb: begin, name the columns, compare, decide, write, undo, discard."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connections, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record as write_entry
from sharedtable.people.import_models import ColumnMemory, Import, ImportRow, Kind
from sharedtable.people.importing import columns, doubles, planning, undoing, writing
from sharedtable.people.importing.limits import KEPT_FOR
from sharedtable.people.models import Organisation, Person

SILENT = timedelta(seconds=90)  # a comparison that says nothing for so long was interrupted
AT_ONCE_ROWS = 300  # longer lists are compared beside the request, with progress
SAMPLE_ROWS = 5
# What a row is asked about, and the column that says of which entry or earlier row.
ABOUT = {
    "organisation": "organisation_ref", "person": "person_ref",
    "organisation_twin": "organisation_twin", "person_twin": "person_twin",
}  # fmt: skip


def imported(by: Actor, number: int) -> Import:
    """One list of the actor's space: all of them for who imports for the team, else those of their agency."""
    found = Import.objects.select_related("agency").defer("content").filter(space=by.space, pk=number).first()
    if found is None or not by.may("people.import", found) or not _is_own(by, found):
        raise Missing(_("That list is not here, or not for you."))
    if found.state == Import.State.CHECKING and found.touched_at < timezone.now() - SILENT:
        found.state = Import.State.BROKEN
    return found


def _is_own(by: Actor, batch: Import) -> bool:
    return by.may_everywhere("people.change") or (bool(by.agency_id) and batch.agency_id == by.agency_id)


def _must(by: Actor, batch: Import) -> None:
    """Fails with Missing unless the actor may work on this list: their team's, or their own agency's."""
    by.must("people.import", batch)
    if not _is_own(by, batch):
        raise Missing(_("That list is not here, or not for you."))


def begin(*, by: Actor, data: bytes, file_name: str, source: str, basis: str, agency_id: int = 0) -> Import:
    """Take a file or a pasted table and guess its columns. Fails with Refused when it cannot be used."""
    by.must_in_space("people.import")
    agency = _agency(by, agency_id)
    source, basis = " ".join(source.split())[:120], " ".join(basis.split())[:300]
    if not source:
        raise Refused(_("Say where this list comes from, such as “Chamber members, November 2026”."))
    if not basis:
        raise Refused(_("Say why the team may use this list. Without that it cannot be brought in."))
    table = planning.read_table(data, file_name)
    header, rows = table["header"], table["rows"]
    known = _memory(by, header, agency)
    guessed = list(known.columns) if known else columns.guess(header, rows)
    kind = known.kind if known else columns.guess_kind(guessed)
    if not known and kind == Kind.COMPANIES:
        guessed = columns.guess(header, rows, kind)
    now = timezone.now()
    with transaction.atomic():
        batch = Import.objects.create(
            space_id=by.space_id, agency=agency, kind=kind, file_name=_shown(file_name), source=source, basis=basis,
            content=data, header=header, columns=guessed, sample=rows[:SAMPLE_ROWS], notes=table["notes"],
            row_count=len(rows), made_by=by.ref, made_at=now, touched_at=now,
        )  # fmt: skip
        details = {"rows": len(rows), "kind": str(kind)}
        write_entry(
            by=by.ref, verb="import.begin", kind="import", object_id=batch.pk, space_id=by.space_id, details=details
        )
    return batch


def _shown(name: str) -> str:
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in plain if sign.isprintable())[:120] or "list"


def _agency(by: Actor, agency_id: int) -> Organisation | None:
    """Whose list it becomes: staff of an agency bring lists into their own, and nobody else's."""
    if not by.may_everywhere("people.change"):
        if not by.agency_id:
            raise Refused(_("Your account belongs to no agency yet. Ask an administrator to name it."))
        agency_id = by.agency_id
    if not agency_id:
        return None
    found = Organisation.objects.filter(space=by.space, pk=agency_id, merged_into=None, erased_at=None).first()
    if found is None:
        raise Refused(_("That agency is not here. Choose one of the list."))
    return found


def _memory(by: Actor, header: list[str], agency: Organisation | None) -> ColumnMemory | None:
    found = ColumnMemory.objects.filter(space=by.space, signature=columns.signature(header), agency=agency)
    return found.order_by("-at").first()


def choose_columns(*, by: Actor, batch: Import, kind: str, chosen: list[str], version: int) -> Import:
    """Say which column fills which field, remember it for this source, and compare the rows with the record."""
    _must(by, batch)
    allowed = {field.key for field in columns.fields_of(kind)} | {""}
    if kind not in Kind.values or len(chosen) != len(batch.header) or not set(chosen) <= allowed:
        raise Refused(_("These columns do not belong to this list. Look at it again."))
    filled = [key for key in chosen if key]
    doubled = next((key for key in filled if filled.count(key) > 1), "")
    if doubled:
        title = columns.BY_KEY[doubled].title
        raise Refused(_("Two columns fill “%(field)s”. Choose one of them.") % {"field": title})
    if kind == Kind.COMPANIES and "company" not in filled:
        raise Refused(_("No column fills “Company”. Without a name a company cannot be brought in."))
    if kind == Kind.PEOPLE and not {"family_name", "name", "given_name"} & set(filled):
        raise Refused(_("No column fills a name. Without a name a person cannot be brought in."))
    now = timezone.now()
    states = (Import.State.COLUMNS, Import.State.REVIEW, Import.State.CHECKING, Import.State.BROKEN)
    with transaction.atomic():
        held = Import.objects.filter(pk=batch.pk, version=version, state__in=states).exclude(
            state=Import.State.CHECKING, touched_at__gt=now - SILENT
        )
        fields = {"kind": kind, "columns": chosen, "state": Import.State.CHECKING, "done_count": 0, "total_count": 0}
        if not held.update(**fields, version=version + 1, touched_at=now):
            raise Refused(_("This list was changed meanwhile. Look at it again."))
        ColumnMemory.objects.update_or_create(
            space_id=batch.space_id, agency=batch.agency, signature=columns.signature(batch.header), kind=kind,
            defaults={"columns": chosen, "source": batch.source, "basis": batch.basis, "at": now},
        )  # fmt: skip
        write_entry(
            by=by.ref, verb="import.columns", kind="import", object_id=batch.pk, space_id=batch.space_id,
            details={"columns": len(filled)},
        )  # fmt: skip
    batch.refresh_from_db()
    if batch.row_count <= AT_ONCE_ROWS:
        planning.plan(batch, by=by)
    else:
        threading.Thread(target=_compare, args=(batch, by), name=f"import-{batch.pk}", daemon=True).start()
    batch.refresh_from_db()
    return batch


def _compare(batch: Import, by: Actor) -> None:
    import logging

    try:
        planning.plan(batch, by=by)
    except Exception:
        logging.getLogger("django.request").exception("import %s broke", batch.pk)
        Import.objects.filter(pk=batch.pk, state=Import.State.CHECKING).update(state=Import.State.BROKEN)
    finally:
        connections.close_all()


def decide(*, by: Actor, batch: Import, row_number: int, thing: str, answer: str) -> int:
    """Say whether a row is the entry, or (`…_twin`) the earlier row, that it may be; gives how many rows that settled.

    Of people, the answer about a company holds for every row of the list with that company.
    """
    _must(by, batch)
    if thing not in ABOUT or answer not in ("same", "different", "later"):
        raise Refused(_("That is no answer to this question."))
    with transaction.atomic():
        if not Import.objects.filter(pk=batch.pk, state=Import.State.REVIEW).update(touched_at=timezone.now()):
            raise Refused(_("This list is not open any more."))
        row = batch.rows.filter(number=row_number).first()
        if row is None or row.outcome == ImportRow.Outcome.REFUSED or not getattr(row, ABOUT[thing]):
            raise Missing(_("That row has nothing to decide."))
        alike = batch.rows.filter(**{ABOUT[thing]: getattr(row, ABOUT[thing])})
        rows = doubles.settled_with(row, thing, list(alike.exclude(outcome=ImportRow.Outcome.REFUSED)), batch.kind)
        organisations = planning.entries_of(Organisation, batch.space_id, {one.organisation_ref for one in rows})
        people = planning.entries_of(Person, batch.space_id, {one.person_ref for one in rows})
        jobs = planning.jobs_of(batch.space_id, people)
        for one in rows:
            setattr(one, f"{thing}_answer", answer)
            known = organisations.get(one.organisation_ref), people.get(one.person_ref)
            one.outcome = planning.outcome_of(one, batch.kind, *known, jobs)
        ImportRow.objects.bulk_update(rows, [f"{thing}_answer", "outcome"], batch_size=100)
        write_entry(
            by=by.ref, verb=f"import.{answer}", kind="import", object_id=batch.pk, space_id=batch.space_id,
            details={"row": row_number, "thing": thing, "rows": len(rows)},
        )  # fmt: skip
    return len(rows)


def write(*, by: Actor, batch: Import) -> None:
    """Bring a reviewed list into the record."""
    _must(by, batch)
    writing.write(by=by, batch=batch)


def undo(*, by: Actor, batch: Import) -> undoing.Preview:
    """Take a whole list back."""
    _must(by, batch)
    return undoing.undo(by=by, batch=batch)


def discard(*, by: Actor, batch: Import) -> None:
    """Throw a list away that was not brought in; its upload and rows are gone at once."""
    _must(by, batch)
    now = timezone.now()
    with transaction.atomic():
        open_states = (Import.State.COLUMNS, Import.State.REVIEW, Import.State.CHECKING, Import.State.BROKEN)
        held = Import.objects.filter(pk=batch.pk, state__in=open_states)
        if not held.update(state=Import.State.DISCARDED, touched_at=now):
            raise Refused(_("This list is not open any more."))
        _clear(batch)
        write_entry(by=by.ref, verb="import.discard", kind="import", object_id=batch.pk, space_id=batch.space_id)


def clear_old(*, by: Actor) -> int:
    """Delete uploads and rows that are older than seven days, in every space; for the worker. Gives how many lists."""
    # When somebody of a list is erased, its file goes at once (`cleared_at`), and the rows of all others wait for this.
    rows_left = Exists(ImportRow.objects.filter(batch=OuterRef("pk")))
    old = Import.objects.filter(Q(cleared_at=None) | rows_left, touched_at__lt=timezone.now() - KEPT_FOR)
    count = 0
    for batch in old.defer("content").iterator():
        with transaction.atomic():
            if batch.state not in (Import.State.DONE, Import.State.UNDONE):
                Import.objects.filter(pk=batch.pk).update(state=Import.State.DISCARDED)
            _clear(batch)
            write_entry(by=by.ref, verb="import.clear", kind="import", object_id=batch.pk, space_id=batch.space_id)
        count += 1
    return count


def _clear(batch: Import) -> None:
    Import.objects.filter(pk=batch.pk).update(content=None, sample=[], cleared_at=timezone.now())
    batch.rows.all().delete()
