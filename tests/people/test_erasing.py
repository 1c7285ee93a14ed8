"""An erased person is gone from every table and from the file; what holds them is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import PersonalLink
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import suppression
from sharedtable.ledger.models import Entry, Letter
from sharedtable.people.actions import answers, entries, erasing, judgements, lists, mail, memberships, own_data
from sharedtable.people.models import Organisation, Person
from sharedtable.people.search import refresh_organisations, refresh_people
from tests.cast import Cast, make_cast
from tests.people.conftest import holder_of

CANARY = "zq7canary"


def full_of_canaries(cast: Cast, by: Actor) -> Person:
    """A person with something in every table of the room."""
    person = entries.add_person(
        by=by,
        values={
            "name": f"{CANARY} Person", "email": f"{CANARY}@x.example", "assistant": f"{CANARY} assistant",
            "notes": f"{CANARY} note " * 200,
        },
        organisation_id=cast.ohio.company.pk, title=f"{CANARY} title", source=f"{CANARY} source",
    )  # fmt: skip
    pk = person.pk
    entries.correct_person(by=by, pk=pk, version=1, values={"email": f"{CANARY}2@x.example"})
    memberships.join(by=by, person_id=pk, organisation_id=cast.ohio.board.pk, title=f"{CANARY} trustee")
    judgements.add_evidence(by=by, person_id=pk, key="test_company", is_met=True, text=f"{CANARY} evidence " * 100)
    judgements.set_tie(by=by, person_id=pk, agency_id=cast.ohio.board.pk, strength=2, note=f"{CANARY} tie")
    judgements.set_consent(by=by, person_id=pk, key="news", is_given=True, how=f"{CANARY} consent")
    lists.change_many(by=by, thing="people", given={}, ids=[pk], change="segment", value="Picked")
    mail.send_held_link(by=by, person_id=pk)
    me = holder_of(by, person)
    own_data.correct_own_contact(by=me, values={"assistant": f"{CANARY} other"})
    own_data.describe_self(by=me, values={"other": f"{CANARY} self"})
    own_data.ask(by=me, kind="correct", field="name", value=f"{CANARY} Else")
    own_data.ask(by=me, kind="erase")
    link = holder_of(by, person, "ties")
    answers.tick_ties(by=link, seen={cast.ohio.chair.pk: 1}, notes={cast.ohio.chair.pk: f"{CANARY} my note"})
    return person


def tables_with(text: str) -> dict[str, int]:
    """Every table of ours with rows that hold the text."""
    found = {}
    for model in apps.get_models():
        hits = sum(text in str(row).lower() for row in model._base_manager.values())
        if hits:
            found[model._meta.label] = hits
    return found


def test_the_texts_of_an_erased_person_are_in_no_table(cast: Cast, convener: Actor) -> None:
    person = full_of_canaries(cast, convener)
    assert len(tables_with(CANARY)) >= 9
    erasing.erase(by=convener, pk=person.pk)
    assert tables_with(CANARY) == {}
    person.refresh_from_db()
    assert (person.name, person.search_text, person.facets) == ("Erased person", "", "") and person.erased_at
    assert Entry.objects.filter(verb="person.erase", object_id=person.pk).count() == 1


def test_both_addresses_stay_suppressed_and_every_link_is_dead(cast: Cast, convener: Actor) -> None:
    person = full_of_canaries(cast, convener)
    erasing.erase(by=convener, pk=person.pk)
    for address in (f"{CANARY}@x.example", f"{CANARY}2@x.example"):
        assert suppression.holds_back(address, space_id=cast.ohio.space.pk)
    assert not PersonalLink.objects.filter(person_id=person.pk, revoked_at=None).exists()
    assert not Letter.objects.filter(person_id=person.pk, state="held").exists()
    assert cast.ohio.chair.known_by.get().known_by is None  # the tie counts on, its teller does not stand there


def test_a_legal_hold_blocks_and_says_so(cast: Cast, convener: Actor) -> None:
    chair = cast.ohio.chair
    entries.hold(by=convener, pk=chair.pk, reason="records request 12")
    with pytest.raises(Refused, match="records request 12"):
        erasing.erase(by=convener, pk=chair.pk)
    chair.refresh_from_db()
    assert chair.erased_at is None and chair.email
    entries.hold(by=convener, pk=chair.pk, reason="")
    assert erasing.erase(by=convener, pk=chair.pk).erased_at


def test_a_hold_on_an_entry_that_was_joined_blocks_too_and_else_it_goes_along(cast: Cast, convener: Actor) -> None:
    now = timezone.now()
    twin = Person.objects.create(
        space=cast.ohio.space, name="Twin", email="twin@x.example", made_at=now, changed_at=now,
        merged_into=cast.ohio.chair, legal_hold="court",
    )  # fmt: skip
    with pytest.raises(Refused, match="court"):
        erasing.erase(by=convener, pk=cast.ohio.chair.pk)
    Person.objects.filter(pk=twin.pk).update(legal_hold="")
    erasing.erase(by=convener, pk=cast.ohio.chair.pk)
    twin.refresh_from_db()
    assert twin.erased_at and twin.email == ""


def test_who_may_not_erase_erases_nobody_and_nothing_is_added_afterwards(
    cast: Cast, convener: Actor, agency: Actor
) -> None:
    with pytest.raises(Missing):
        erasing.erase(by=agency, pk=cast.ohio.partner.pk)
    erasing.erase(by=cast.ohio.actor("admin"), pk=cast.ohio.chair.pk)
    with pytest.raises(Refused, match="erased"):
        entries.correct_person(by=convener, pk=cast.ohio.chair.pk, version=2, values={"name": "Back Again"})
    with pytest.raises(Refused, match="already"):
        erasing.erase(by=convener, pk=cast.ohio.chair.pk)


def test_a_break_in_the_last_write_erases_nothing(cast: Cast, convener: Actor, monkeypatch) -> None:
    def broken(**_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(erasing, "record", broken)
    with pytest.raises(ZeroDivisionError):
        erasing.erase(by=convener, pk=cast.ohio.chair.pk)
    cast.ohio.chair.refresh_from_db()
    assert cast.ohio.chair.email and not suppression.holds_back(cast.ohio.chair.email, space_id=cast.ohio.space.pk)


def test_rooms_above_erase_their_own_part(cast: Cast, convener: Actor, monkeypatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(erasing, "TOO", [lambda space, person: asked.append((space, person))])
    erasing.erase(by=convener, pk=cast.ohio.chair.pk)
    assert asked == [(cast.ohio.space.pk, cast.ohio.chair.pk)]


def test_an_erasure_that_was_asked_for_is_answered_and_leaves_only_the_answer(cast: Cast, convener: Actor) -> None:
    person = full_of_canaries(cast, convener)
    asked = person.asks.get(kind="erase")
    assert answers.answer(by=convener, pk=asked.pk, accepts=True) is None
    assert set(tables_with(CANARY)) == {"ledger.Letter"}  # the answer itself, which still has to reach them
    assert Letter.objects.get(kind="answer").state == "held"


@pytest.mark.django_db(transaction=True)
def test_not_one_byte_of_an_erased_person_stays_in_the_file() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps old pages in its file; PostgreSQL cleans its own")
    cast = make_cast()
    refresh_organisations(Organisation.objects.all())
    refresh_people(Person.objects.all())
    by = cast.ohio.actor("convener")
    person = full_of_canaries(cast, by)
    path = Path(str(connection.settings_dict["NAME"]))
    files = [path, path.with_name(f"{path.name}-wal")]

    def hits() -> int:
        return sum(one.read_bytes().lower().count(CANARY.encode()) for one in files if one.exists())

    assert hits() > 0
    erasing.erase(by=by, pk=person.pk)
    assert hits() == 0
