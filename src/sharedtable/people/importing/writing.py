"""Everything that a list brings, written in one transaction or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record as write_entry
from sharedtable.people.import_models import Import, ImportChange, ImportRow, Twin
from sharedtable.people.importing import doubles, record, values
from sharedtable.people.importing.planning import entries_of, may_change
from sharedtable.people.models import FieldSource, Membership, Organisation, Person
from sharedtable.people.search import refresh_organisations, refresh_people

AT_ONCE = 200  # rows in one statement, below every database's limit of values


@dataclass
class Work:
    """What is to be written, collected before anything is. Rows point to their entries by row number."""

    batch: Import
    by: Actor
    now: datetime
    # Rows with one key become one entry; of the record are those that some row is surely the same as.
    keys: dict[str, dict[int, doubles.Key]] = field(default_factory=dict)
    entries: dict[tuple[str, doubles.Key], Any] = field(default_factory=dict)
    organisation_of_row: dict[int, Organisation] = field(default_factory=dict)
    person_of_row: dict[int, Person] = field(default_factory=dict)
    new: list[tuple[int, record.Entry]] = field(default_factory=list)
    changed: dict[tuple[str, int], record.Entry] = field(default_factory=dict)
    changes: list[ImportChange] = field(default_factory=list)
    said: list[tuple[int, record.Entry, str, str]] = field(default_factory=list)
    replaced: list[tuple[record.Entry, str, str]] = field(default_factory=list)
    memberships: list[tuple[int, Person, Organisation, str]] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)


def write(*, by: Actor, batch: Import) -> Counter[str]:
    """Bring a reviewed list into the record. Rows that still wait for a decision are left out and stay in the report.

    Fails with Refused when the list is not in review any more, or an entry that a row was matched with is gone; then
    nothing was written.
    """
    by.must("people.import", batch)
    now = timezone.now()
    with transaction.atomic():
        # The state is the lock: whoever comes second finds it changed.
        held = Import.objects.filter(pk=batch.pk, state=Import.State.REVIEW, version=batch.version)
        if not held.update(state=Import.State.DONE, done_at=now, touched_at=now, version=batch.version + 1):
            raise Refused(_("This list was brought in or changed meanwhile. Look at it again."))
        every = list(batch.rows.all())
        rows = [row for row in every if row.outcome not in (ImportRow.Outcome.REFUSED, ImportRow.Outcome.PERHAPS)]
        work = _collected(Work(batch, by, now), rows, {row.number: row for row in every})
        _stored(work)
        counts = dict(Counter(batch.rows.values_list("outcome", flat=True))) | {
            f"written_{name}": count for name, count in work.written.items()
        }
        Import.objects.filter(pk=batch.pk).update(counts=counts)
        write_entry(
            by=by.ref,
            verb="import.write",
            kind="import",
            object_id=batch.pk,
            space_id=batch.space_id,
            details={"rows": len(rows), **{name: int(count) for name, count in work.written.items()}},
        )
    return work.written


def _collected(work: Work, rows: list[ImportRow], every: dict[int, ImportRow]) -> Work:
    """Decide for every row what is written, before the first thing is."""
    space, is_people = work.batch.space_id, work.batch.kind == "people"
    models: dict[str, type[Any]] = {"organisation": Organisation, "person": Person}
    for thing, model in models.items():
        keys = work.keys[thing] = doubles.keys_of(every, thing, work.batch.kind)
        known = {keys[row.number][1] for row in rows if keys[row.number][0] == "ref"}
        for pk, entry in entries_of(model, space, known, hold=True).items():
            work.entries[thing, ("ref", pk)] = entry
    for row in rows:
        organisation = _organisation(work, row) if row.values.get("company") else None
        if organisation is not None:
            work.organisation_of_row[row.number] = organisation
        if is_people:
            person = _person(work, row)
            work.person_of_row[row.number] = person
            if organisation is not None:
                work.memberships.append((row.number, person, organisation, row.values.get("title", "")))
    return work


def _known(work: Work, row: ImportRow, thing: str, given: dict[str, str]) -> Any:
    """The entry that a row belongs to, with what the row says of it: of the record, or made by an earlier row."""
    key = work.keys[thing][row.number]
    known = work.entries.get((thing, key))
    if known is None and key[0] == "ref":
        raise _gone(row)
    if known is not None and getattr(row, f"{thing}_answer") == "same":
        _update(work, row, known, thing, given)
    elif known is not None:
        _fill(work, row, known, given)
    return known


def _organisation(work: Work, row: ImportRow) -> Organisation:
    given = record.given_to("organisation", row.values)
    known: Organisation | None = _known(work, row, "organisation", given)
    if known is not None:
        return known
    made = Organisation(kind=Organisation.Kind.BUSINESS, **_typed(given), **_stamp(work))
    if made.street:
        made.street = values.street(row.values)[:200]
    _made(work, row, made, given)
    if row.organisation_ref and row.organisation_answer == "different":
        work.written["kept_apart"] += 1
    return made


def _person(work: Work, row: ImportRow) -> Person:
    given = record.given_to("person", row.values)
    known: Person | None = _known(work, row, "person", given)
    if known is not None:
        return known
    whole = " ".join(given[name] for name in ("given_name", "family_name") if given.get(name))
    made = Person(name=whole[:160], **given, **_stamp(work))
    _made(work, row, made, given)
    return made


def _gone(row: ImportRow) -> Refused:
    return Refused(
        _("The entry that row %(row)s was matched with is not there any more. Nothing was written; compare again.")
        % {"row": row.number}
    )


def _stamp(work: Work) -> dict[str, Any]:
    return {
        "space_id": work.batch.space_id,
        "agency_id": work.batch.agency_id,
        "source": work.batch.source,
        "made_at": work.now,
        "changed_at": work.now,
    }


def _typed(given: dict[str, str]) -> dict[str, Any]:
    return {attribute: record.typed(attribute, text) for attribute, text in given.items()}


def _made(work: Work, row: ImportRow, made: record.Entry, given: dict[str, str]) -> None:
    thing = "person" if isinstance(made, Person) else "organisation"
    work.entries[thing, work.keys[thing][row.number]] = made
    work.new.append((row.number, made))
    work.written["made"] += 1
    work.said += [(row.number, made, attribute, text) for attribute, text in given.items()]


def _fill(work: Work, row: ImportRow, earlier: record.Entry, given: dict[str, str]) -> None:
    """A second row of the same thing adds what the first left empty; what it says otherwise is kept as a source."""
    is_open = not earlier.pk or may_change(work.by, earlier)
    for attribute, text in given.items():
        if is_open and not record.text_of(getattr(earlier, attribute)):
            if earlier.pk:
                _change(work, row, earlier, attribute, "", text)
            else:
                setattr(earlier, attribute, record.typed(attribute, text))
        work.said.append((row.number, earlier, attribute, text))


def _update(work: Work, row: ImportRow, known: record.Entry, thing: str, given: dict[str, str]) -> None:
    """Change what differs, where the actor may; what the list says is noted either way."""
    changes = record.differences(known, given) if may_change(work.by, known) else {}
    for attribute, (old, new) in changes.items():
        _change(work, row, known, attribute, old, new)
    work.said += [(row.number, known, attribute, text) for attribute, text in given.items()]


def _change(work: Work, row: ImportRow, entry: record.Entry, attribute: str, old: str, new: str) -> None:
    kind = "person" if isinstance(entry, Person) else "organisation"
    if (kind, entry.pk) not in work.changed:
        work.changed[kind, entry.pk] = entry
        entry.version += 1
        entry.changed_at = work.now
        work.written["updated"] += 1
    if old:
        work.replaced.append((entry, attribute, old))
    setattr(entry, attribute, record.typed(attribute, new))
    work.changes.append(
        ImportChange(
            space_id=work.batch.space_id, batch=work.batch, row=row.number, kind=kind, object_id=entry.pk,
            field=attribute, old=old[:400], new=new[:400], version=entry.version,
        )
    )  # fmt: skip


def _stored(work: Work) -> None:
    batch, space = work.batch, work.batch.space_id
    kinds: tuple[tuple[type[Any], str], ...] = ((Organisation, "organisation"), (Person, "person"))
    for model, kind in kinds:
        new = [(number, entry) for number, entry in work.new if isinstance(entry, model)]
        model.objects.bulk_create([entry for _number, entry in new], batch_size=AT_ONCE)
        work.changes += [
            ImportChange(space_id=space, batch=batch, row=number, kind=kind, object_id=entry.pk)
            for number, entry in new
        ]
    for entry in work.changed.values():
        entry.save()
    _memberships(work)
    _found_again(work)
    _sources(work)
    ImportChange.objects.bulk_create(work.changes, batch_size=AT_ONCE)
    _apart(work)


def _found_again(work: Work) -> None:
    """Let searches and filters see what was written: of each entry, and of people through their places of work."""
    refresh_organisations({entry.pk for _row, entry in work.new if isinstance(entry, Organisation)}, with_people=False)
    refresh_organisations({entry.pk for entry in work.changed.values() if isinstance(entry, Organisation)})
    people = {entry.pk for _row, entry in work.new if isinstance(entry, Person)}
    people |= {entry.pk for entry in work.changed.values() if isinstance(entry, Person)}
    refresh_people(people | {person.pk for _row, person, _organisation, _title in work.memberships})


def _memberships(work: Work) -> None:
    """Who works where: a new place is added, an old one is never ended by a list."""
    people = {person.pk for _row, person, _organisation, _title in work.memberships}
    known: dict[tuple[int, int], Membership] = {}
    busy: set[int] = set()
    for some in record.chunks(sorted(people)):
        for one in Membership.objects.filter(space_id=work.batch.space_id, person_id__in=some, ended_on=None):
            known[one.person_id, one.organisation_id] = one
            busy.add(one.person_id)
    new: list[tuple[int, Membership]] = []
    for row, person, organisation, title in work.memberships:
        held = known.get((person.pk, organisation.pk))
        if held is not None:
            if held.pk and title and held.title != title and may_change(work.by, person):
                work.changes.append(
                    ImportChange(
                        space_id=work.batch.space_id, batch=work.batch, row=row, kind="membership", object_id=held.pk,
                        field="title", old=held.title, new=title,
                    )
                )  # fmt: skip
                held.title = title
                held.save(update_fields=["title"])
            continue
        made = Membership(
            space_id=work.batch.space_id, person=person, organisation=organisation, title=title,
            is_main=person.pk not in busy, source=work.batch.source, made_at=work.now,
        )  # fmt: skip
        busy.add(person.pk)
        known[person.pk, organisation.pk] = made
        new.append((row, made))
    Membership.objects.bulk_create([made for _row, made in new], batch_size=AT_ONCE)
    work.changes += [
        ImportChange(space_id=work.batch.space_id, batch=work.batch, row=row, kind="membership", object_id=made.pk)
        for row, made in new
    ]


def _sources(work: Work) -> None:
    """Where each value came from; a value that was replaced keeps a line too."""
    made: list[FieldSource] = []

    def add(
        entry: record.Entry, attribute: str, text: str, source: str, at: datetime, number: int, agency: int | None
    ) -> None:
        is_person = isinstance(entry, Person)
        made.append(
            FieldSource(
                space_id=work.batch.space_id, person_id=entry.pk if is_person else None,
                organisation_id=None if is_person else entry.pk, field=attribute, value=text[:400], source=source,
                agency_id=agency, import_number=number, at=at,
            )
        )  # fmt: skip

    for entry, attribute, old in work.replaced:
        add(entry, attribute, old, entry.source or _("the record"), entry.made_at, 0, entry.agency_id)
    seen: set[tuple[str, int, str, str]] = set()
    for _row, entry, attribute, text in work.said:
        key = (type(entry).__name__, entry.pk, attribute, text)
        if key not in seen:
            seen.add(key)
            add(entry, attribute, text, work.batch.source, work.now, work.batch.pk, work.batch.agency_id)
    FieldSource.objects.bulk_create(made, batch_size=100)


def _apart(work: Work) -> None:
    """Remember what was decided to be different, so that nobody is asked again."""
    decided = Q(organisation_answer="different") | Q(person_answer="different")
    decided |= Q(organisation_twin_answer="different") | Q(person_twin_answer="different")
    for row in work.batch.rows.filter(decided).exclude(outcome=ImportRow.Outcome.PERHAPS):
        of_row: tuple[tuple[str, dict[int, Any]], ...] = (
            ("organisation", work.organisation_of_row), ("person", work.person_of_row)
        )  # fmt: skip
        for kind, made in of_row:
            others = [getattr(row, f"{kind}_ref")] if getattr(row, f"{kind}_answer") == "different" else []
            if getattr(row, f"{kind}_twin_answer") == "different":
                earlier = made.get(getattr(row, f"{kind}_twin"))
                others += [earlier.pk] if earlier is not None else []
            mine = made.get(row.number)
            for other in others:
                if not other or mine is None or mine.pk == other:
                    continue
                first, second = sorted((int(other), int(mine.pk)))
                Twin.objects.update_or_create(
                        space_id=work.batch.space_id, kind=kind, first_id=first, second_id=second,
                        defaults={
                            "state": Twin.State.APART, "found_at": work.now, "decided_at": work.now,
                            "decided_by": work.by.ref,
                        },
                    )  # fmt: skip
