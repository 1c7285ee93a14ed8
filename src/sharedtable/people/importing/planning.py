"""The dry run: what each row would become. Nothing of the record changes here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.people.import_models import Import, ImportRow
from sharedtable.people.importing import doubles, record, sentences, values, worker
from sharedtable.people.importing.columns import confidential
from sharedtable.people.matching.records import Answer, Firm, Match
from sharedtable.people.matching.splinking import match
from sharedtable.people.models import Membership, Organisation, Person

Runner = Callable[[bytes, str], dict[str, Any]]
Outcome = ImportRow.Outcome


def read_table(data: bytes, name: str, runner: Runner | None = None) -> dict[str, Any]:
    """The table of a file, read in the worker. Fails with Refused, in a sentence, when it cannot be used."""
    found = (runner or worker.run)(data, name)
    if "refused" in found:
        raise Refused(sentences.sentence(sentences.REFUSALS, found["refused"], found.get("details", {})))
    table: dict[str, Any] = found["table"]
    column = confidential(table["header"])
    if column:
        raise Refused(sentences.sentence(sentences.REFUSALS, "confidential", {"column": column}))
    return table


def plan(batch: Import, *, by: Actor, runner: Runner | None = None) -> None:
    """Compare every row of a list with the record and within itself; writes the rows and counts of the dry run.

    Replaces an earlier dry run of the same list. Fails with Refused when the file cannot be read.
    """
    table = read_table(bytes(batch.content or b""), batch.file_name, runner)
    rows = _checked(batch, table)
    usable = [row for row in rows if row.outcome != Outcome.REFUSED]
    _match_organisations(batch, usable)
    if batch.kind == "people":
        _match_people(batch, usable)
    _judge(batch, usable, by)
    counts = Counter(row.outcome for row in rows)
    with transaction.atomic():
        batch.rows.all().delete()
        ImportRow.objects.bulk_create(rows, batch_size=200)
        Import.objects.filter(pk=batch.pk, state=Import.State.CHECKING).update(
            state=Import.State.REVIEW, counts=dict(counts), row_count=len(rows), touched_at=timezone.now()
        )


def told_to(batch: Import) -> Callable[[int, int], None]:
    """Writes down how far the comparison is, for the page that waits."""

    def told(done: int, total: int) -> None:
        Import.objects.filter(pk=batch.pk).update(done_count=done, total_count=total, touched_at=timezone.now())

    return told


def _checked(batch: Import, table: dict[str, Any]) -> list[ImportRow]:
    rows: list[ImportRow] = []
    places = [(place, key) for place, key in enumerate(batch.columns) if key]
    for number, cells in zip(table["numbers"], table["rows"], strict=True):
        given = {key: cells[place] for place, key in places if place < len(cells)}
        made, problems, is_usable = values.check(given, batch.kind)
        rows.append(
            ImportRow(
                space_id=batch.space_id,
                batch=batch,
                number=number,
                outcome=Outcome.NEW if is_usable else Outcome.REFUSED,
                values=made,
                problems=problems,
            )
        )
    return rows


def _match_organisations(batch: Import, rows: Sequence[ImportRow]) -> None:
    """Each different company of the list is compared once; all its rows get the answer."""
    groups: dict[Firm, list[ImportRow]] = defaultdict(list)
    for row in rows:
        if row.values.get("company"):
            firm = record.firm_of(0, row.values)
            # Of people, a company is told by its own columns, not by each one's mail address.
            groups[firm if batch.kind == "companies" else _without_mail(firm, row)].append(row)
    firms = [replace(firm, key=number) for number, firm in enumerate(groups)]
    members = list(groups.values())
    found = match(firms, record.live_organisations(batch.space_id), told=told_to(batch))
    best = _best(found)
    for number, one in best.items():
        for row in members[number]:
            row.organisation_ref, row.organisation_answer = one.right, str(one.answer)
            row.organisation_reasons = [asdict(reason) for reason in one.reasons]
    doubles.mark(firms, members, "organisation", batch.kind)


def _without_mail(firm: Firm, row: ImportRow) -> Firm:
    return replace(firm, web=tuple(web for web in firm.web if web != row.values.get("email")))


def _match_people(batch: Import, rows: Sequence[ImportRow]) -> None:
    humans = [record.human_of(number, row.values) for number, row in enumerate(rows)]
    best = _best(match(humans, record.live_people(batch.space_id), told=told_to(batch)))
    for number, one in best.items():
        row = rows[number]
        row.person_ref, row.person_answer = one.right, str(one.answer)
        row.person_reasons = [asdict(reason) for reason in one.reasons]
    doubles.mark(humans, [[row] for row in rows], "person", batch.kind)


def _best(found: Sequence[Match]) -> dict[int, Match]:
    """For each record of the list the one it is, else the one it may be most likely."""
    best: dict[int, Match] = {}
    for one in found:
        known = best.get(one.left)
        if known is None or (one.answer is Answer.SAME and known.answer is not Answer.SAME):
            best[one.left] = one
    return best


def _judge(batch: Import, rows: Sequence[ImportRow], by: Actor) -> None:
    """What each usable row becomes."""
    organisations = entries_of(Organisation, batch.space_id, {row.organisation_ref for row in rows})
    people = entries_of(Person, batch.space_id, {row.person_ref for row in rows})
    jobs = jobs_of(batch.space_id, people)
    for row in rows:
        organisation, person = organisations.get(row.organisation_ref), people.get(row.person_ref)
        row.outcome = outcome_of(row, batch.kind, organisation, person, jobs)
        if row.outcome == Outcome.UPDATE and adds_a_job(row, organisation, person, jobs):
            row.problems = [*row.problems, {"code": "adds_job", "company": row.values["company"]}]
        main = people.get(row.person_ref) if batch.kind == "people" else organisations.get(row.organisation_ref)
        if row.outcome in (Outcome.UPDATE, Outcome.KNOWN) and main is not None and not may_change(by, main):
            row.outcome = Outcome.KNOWN
            row.problems = [*row.problems, {"code": "kept_by_other"}]


Jobs = Mapping[int, Mapping[int, str]]


def jobs_of(space_id: int, people: Iterable[int]) -> Jobs:
    """Where these people work now: person → organisation → title."""
    found: dict[int, dict[int, str]] = {}
    for some in record.chunks(sorted(people)):
        live = Membership.objects.filter(space_id=space_id, person_id__in=some, ended_on=None)
        for person, organisation, title in live.values_list("person_id", "organisation_id", "title"):
            found.setdefault(person, {})[organisation] = title
    return found


def adds_a_job(row: ImportRow, organisation: Organisation | None, person: Person | None, jobs: Jobs) -> bool:
    """Whether the row says that somebody in the record works where, or as what, the record does not know yet."""
    if person is None or not row.values.get("company"):
        return False
    held = jobs.get(person.pk, {})
    if organisation is None or row.organisation_answer != "same" or organisation.pk not in held:
        return True
    title = row.values.get("title", "")
    return bool(title) and title != held[organisation.pk]


def outcome_of(row: ImportRow, kind: str, organisation: Organisation | None, person: Person | None, jobs: Jobs) -> str:
    """New, update, nothing new or possible match, from the answers about its organisation and its person."""
    if any(doubles.open_question(row, thing) for thing in ("organisation", "person")):
        return str(Outcome.PERHAPS)
    main, thing = (person, "person") if kind == "people" else (organisation, "organisation")
    answer = row.person_answer if kind == "people" else row.organisation_answer
    if doubles.is_double(row, thing):
        return str(Outcome.KNOWN)
    if main is None or answer != "same":
        return str(Outcome.NEW)
    changes = record.differences(main, record.given_to(thing, row.values))
    if kind == "people" and organisation is not None and row.organisation_answer == "same":
        changes |= record.differences(organisation, record.given_to("organisation", row.values))
    is_more = bool(changes) or (kind == "people" and adds_a_job(row, organisation, person, jobs))
    return str(Outcome.UPDATE if is_more else Outcome.KNOWN)


def entries_of(model: type[Any], space_id: int, numbers: set[int], *, hold: bool = False) -> dict[int, Any]:
    """The live entries of these numbers; with `hold`, nobody else changes them before the transaction ends."""
    found: dict[int, Any] = {}
    for some in record.chunks(sorted(numbers - {0})):
        live = model.objects.filter(space_id=space_id, pk__in=some, merged_into=None, archived_at=None, erased_at=None)
        found |= {one.pk: one for one in (live.order_by("pk").select_for_update() if hold else live)}
    return found


def may_change(by: Actor, entry: record.Entry) -> bool:
    """Whether the actor may change this entry; what others keep stays as it is."""
    return by.may("people.change", entry)
