"""Nobody changes the record in silence: the database refuses, and what is changed past it is named."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.ledger import guard, heads, queries
from sharedtable.ledger.actions import digest, record
from sharedtable.ledger.heads import Head
from sharedtable.ledger.models import Chain, Entry
from sharedtable.ledger.verify import of_this_database, verify
from tests.unguarded import unguarded


def fill(space: int = 1, count: int = 6) -> list[Entry]:
    return [
        record(
            by=f"user:{number}",
            verb="person.edit",
            kind="person",
            object_id=number or None,
            space_id=space,
            details={"fields": ["name", "email"], "version": number, "share": 0.25} if number % 2 else None,
        )
        for number in range(count)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.filter(number=2).update(by="user:9"),
        lambda: Entry.objects.filter(number=2).delete(),
        lambda: Entry.objects.all().delete(),
        lambda: Chain.objects.update(hash="0" * 64),
        lambda: Chain.objects.update(number=2),
        lambda: Chain.objects.all().delete(),
    ],
)
def test_the_database_refuses_to_change_or_take_away_what_was_recorded(change) -> None:
    fill()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()
    assert queries.verdict().holds


@pytest.mark.django_db(transaction=True)
def test_the_guard_is_there_after_the_tables_were_emptied_between_tests() -> None:
    assert guard.is_laid(connection)
    with transaction.atomic():
        fill()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"):
        cursor.execute("TRUNCATE ledger_entry" if connection.vendor == "postgresql" else "DELETE FROM ledger_entry")
    with unguarded(connection):
        assert not guard.is_laid(connection)
    assert guard.is_laid(connection)


@pytest.mark.django_db
def test_an_untouched_record_holds_and_is_counted() -> None:
    fill(1), fill(2, 3)
    found = queries.verdict()
    assert (found.entries, found.chains, found.wrong) == (9, 2, ())


CHANGES = {
    "by": "user:99", "verb": "person.add", "kind": "organisation", "object_id": 77, "details": {"version": 9},
    "at": "2026-01-02T03:04:05Z", "previous": "f" * 64, "hash": "e" * 64, "space_id": 7,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("field", CHANGES)
def test_a_change_of_any_field_of_any_entry_is_named(field: str) -> None:
    fill(1), fill(2)
    with unguarded(connection):
        Entry.objects.filter(space_id=2, number=4).update(**{field: CHANGES[field]})
    first = queries.verdict().wrong
    assert not queries.verdict().holds
    assert (2, 4) in [(one.space_id, one.number) for one in first]


@pytest.mark.django_db
def test_a_missing_entry_is_named_in_the_middle_at_the_start_and_at_the_end() -> None:
    for space, gone in ((1, 3), (2, 1), (3, 6)):
        fill(space)
        with unguarded(connection):
            Entry.objects.filter(space_id=space, number=gone).delete()
    assert [(one.space_id, one.number) for one in queries.verdict().wrong] == [(1, 3), (2, 1), (3, 6)]
    assert "missing" in str(queries.verdict().wrong[2])


@pytest.mark.django_db
def test_two_entries_that_changed_places_are_named() -> None:
    fill()
    with unguarded(connection):
        for old, new in ((3, 100), (4, 3), (100, 4)):
            Entry.objects.filter(number=old).update(number=new)
    assert [(one.space_id, one.number) for one in queries.verdict().wrong] == [(1, 3)]


@pytest.mark.django_db
def test_a_chain_that_was_rewritten_whole_is_told_by_the_hash_that_was_kept_on_its_day(settings, tmp_path) -> None:
    settings.BACKUPS = tmp_path
    fill()
    assert heads.keep(tmp_path, date(2026, 11, 28), queries.ends()) == 1
    assert queries.verdict().holds
    with unguarded(connection):
        Entry.objects.all().delete()
        Chain.objects.all().delete()
    with transaction.atomic():
        fill()  # the same doings, at another time
    assert verify(of_this_database()).holds
    assert [one.number for one in queries.verdict().wrong] == [6]
    assert "kept on its day" in str(queries.verdict().wrong[0])


@pytest.mark.django_db
def test_a_tail_that_was_cut_off_with_its_end_is_told_by_the_head() -> None:
    entries = fill()
    head = Head("2026-11-28", 1, 6, entries[-1].hash)
    with unguarded(connection):
        Entry.objects.filter(number__gt=4).delete()
        Chain.objects.update(number=4, hash=entries[3].hash)
    assert verify(of_this_database()).holds
    assert [one.number for one in verify(of_this_database(), [head]).wrong] == [5]


def test_a_half_written_last_head_is_passed_over_and_a_broken_line_before_it_is_not(tmp_path) -> None:
    heads.keep(tmp_path, date(2026, 11, 28), [(0, 3, "a" * 64), (1, 9, "b" * 64)])
    file = tmp_path / heads.FILE_NAME
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(file.read_text() + '{"day": "2026')
    assert [head.number for head in heads.read(tmp_path)] == [3, 9]
    file.write_text('{"day": "2026\n' + file.read_text())
    with pytest.raises(Refused, match="Line 1"):
        heads.read(tmp_path)


def test_the_head_of_each_day_stands_in_the_log_too(tmp_path, caplog, monkeypatch) -> None:
    import logging

    monkeypatch.setattr(logging.getLogger("sharedtable"), "propagate", True)
    with caplog.at_level("INFO", logger="sharedtable.ledger"):
        heads.keep(tmp_path, date(2026, 11, 28), [(4, 3, "a" * 64)])
    assert "space 4: entry 3, " + "a" * 64 in caplog.text


TEXTS = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=20)
VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS | st.lists(st.integers(0, 99), max_size=3)


@given(
    by=TEXTS, verb=TEXTS, kind=TEXTS, thing=st.none() | st.integers(1, 2**60), details=st.dictionaries(TEXTS, VALUES),
    at=st.datetimes(),
)  # fmt: skip
def test_the_fast_walk_agrees_with_the_plain_digest_of_each_entry(by, verb, kind, thing, details, at) -> None:
    import json
    from datetime import UTC

    entry = Entry(
        space_id=3, number=1, at=at.replace(tzinfo=UTC), by=by, verb=verb, kind=kind, object_id=thing, details=details,
        previous="",
    )  # fmt: skip
    entry.hash = digest(entry)
    row = (3, 1, str(at), by, verb, kind, thing, json.dumps(details), "", entry.hash)
    answers = {"ledger_chain": [(3, 1, entry.hash)], "ledger_entry": [row]}
    assert verify(lambda sql: next(rows for table, rows in answers.items() if f'FROM "{table}"' in sql)).holds
