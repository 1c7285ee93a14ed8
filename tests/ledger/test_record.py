"""The ledger says that something happened, in order, and never what was written."""

from __future__ import annotations

import pytest
from django.db import transaction

from sharedtable.ledger.actions import Draft, digest, queue, record
from sharedtable.ledger.models import Entry, Letter


@pytest.mark.django_db
def test_entries_of_a_space_are_numbered_without_gaps_and_chained() -> None:
    for space in (1, 2, 1, 1):
        record(by="user:3", verb="person.add", kind="person", object_id=7, space_id=space, details={"fields": ["name"]})
    first, second, third = Entry.objects.filter(space_id=1)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert first.previous == "" and second.previous == first.hash and third.previous == second.hash
    assert all(digest(Entry.objects.get(pk=entry.pk)) == entry.hash for entry in (first, second, third))


@pytest.mark.django_db
def test_a_text_does_not_get_into_the_ledger() -> None:
    with pytest.raises(ValueError, match="is a text"):
        record(by="user:3", verb="note.add", kind="note", details={"text": "She told me in confidence"})
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(by="user:3", verb="note.add", kind="note")


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_when_what_it_records_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(by="user:3", verb="note.add", kind="note")
        raise ZeroDivisionError
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_the_same_letter_is_queued_once_and_a_name_cannot_add_a_header() -> None:
    draft = Draft("invite", "invite:5", "casey@example.org", "Hello\nBcc: all@example.org", "Text", to_name="A\r\nB: c")
    first = queue(draft, by="user:3", space_id=1)
    assert queue(draft, by="user:4", space_id=1).pk == first.pk
    assert Letter.objects.count() == 1
    assert (first.subject, first.to_name) == ("Hello Bcc: all@example.org", "A B: c")


@pytest.mark.django_db
def test_a_number_that_a_database_would_spell_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="codes and numbers"):
        record(by="user:3", verb="note.add", kind="note", details={"size": 1e22})
