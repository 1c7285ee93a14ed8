"""An erased person is gone from lists, joins, seats, agreements, decisions and worksheets too."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sharedtable.partnerships import agreeing
from sharedtable.partnerships.models import Decision, MapEntry, PointOfContact, Program, ScopeWorkshop, Seat
from sharedtable.people import merging
from sharedtable.people.actions import erasing
from sharedtable.people.import_models import Import
from sharedtable.people.importing import actions as importing
from sharedtable.people.importing import undoing
from sharedtable.people.models import Organisation, Person
from sharedtable.worksheets import outcome_actions, round_actions
from sharedtable.worksheets.models import Answer, Promise
from tests.partnerships.conftest import World
from tests.people.lists import bring, csv_bytes
from tests.people.test_erasing import CANARY, tables_with
from tests.worksheets.rounds import answer, begun, holder

pytestmark = pytest.mark.django_db
NAME = f"Zoe {CANARY}"


def brought(world: World) -> tuple[Person, Import]:
    """A person who came by a list, in two rows."""
    rows = [
        ["First name", "Last name", "Email", "Title", "Company"],
        ["Zoe", CANARY, f"{CANARY}@x.example", f"{CANARY} chief", "Owl Castings LLC"],
        ["Zoe", CANARY, f"{CANARY}@x.example", f"{CANARY} head", "Owl Castings LLC"],
        ["Olga", "Other", "olga@x.example", "Head", "Fox Forge LLC"],
    ]
    batch = bring(world.by, csv_bytes(rows))
    importing.write(by=world.by, batch=batch)
    return Person.objects.get(email=f"{CANARY}@x.example"), Import.objects.get(pk=batch.pk)


def test_lists_and_joins_forget_an_erased_person_and_nobody_else(world: World) -> None:
    person, batch = brought(world)
    double = world.person(f"Z. {CANARY}")
    merging.join(by=world.by, winner=person, loser=double, take={"notes": "both"}, versions=(1, 1))
    assert {"people.Import", "people.ImportRow", "people.Merge"} <= set(tables_with(CANARY)) | {"people.Import"}
    erasing.erase(by=world.by, pk=person.pk)
    assert tables_with(CANARY) == {}
    batch.refresh_from_db()
    assert batch.content is None and batch.cleared_at
    assert batch.rows.get(number=4).values["email"] == "olga@x.example"
    # The rest of the list can still be taken back.
    undoing.undo(by=world.by, batch=batch)
    assert Organisation.objects.filter(name="Fox Forge LLC").count() == 0
    assert Person.objects.get(pk=person.pk).erased_at


def test_seats_and_what_was_written_around_them_forget_an_erased_person(world: World) -> None:
    person = world.person(NAME, world.team.college)
    seat = world.seat("core_partner", person, contribution=f"{CANARY} brings")
    Seat.objects.filter(pk=seat.pk).update(note=f"{CANARY} note", before={"seat.contribute": {"contribution": CANARY}})
    agreement = agreeing.write_agreement(by=world.by, partnership=world.one)
    stamp = {"space": world.space, "made_by": "operator"}
    now = timezone.now()
    Decision.objects.create(
        partnership=world.one, question=f"Shall {NAME} chair?", options=[{"option": NAME, "reasons": ""}],
        dissent=f"{NAME} saw it otherwise", decided_by=f"Pat, {NAME}", made_at=now, **stamp,
    )  # fmt: skip
    MapEntry.objects.create(partnership=world.one, place="suppliers", name=NAME, made_at=now, **stamp)
    ScopeWorkshop.objects.create(
        space=world.space, partnership=world.one, minutes=60, began_at=now, began_by="operator", ended_at=now,
        who=f"{NAME}, Pat", note=f"{NAME} doubts it",
    )  # fmt: skip
    contact = PointOfContact.objects.create(
        organisation=world.team.company, lead=person, started_on=now.date(), **stamp
    )  # fmt: skip
    Program.objects.create(
        organisation=world.team.college, group="programs", name="Welding", outreach_owner=person, made_at=now, **stamp
    )
    twin = world.place("Lakeside Comm. College", "support")
    team = world.team
    merging.join(by=world.by, winner=twin, loser=team.college, take={}, versions=(1, 1))
    erasing.erase(by=world.by, pk=person.pk)
    assert tables_with(CANARY) == {}
    seat.refresh_from_db()
    contact.refresh_from_db()
    assert seat.ended_on and contact.ended_on
    agreement.refresh_from_db()
    assert any("Erased person" in line["people"] for line in agreement.lines)
    assert any(team.partner.name in line["people"] for line in agreement.lines)


def test_worksheets_forget_what_an_erased_person_wrote_and_keep_what_they_rated(world: World) -> None:
    person = world.person(NAME, world.team.company)
    other = world.team.chair
    asked = begun(world.team, [person, other], "champion-role", note=f"With {NAME}")
    kinds = {q.kind: q.id for q in asked.worksheet("en").questions}
    answer(holder(asked, person), {kinds["long"]: f"{CANARY} text", kinds["person"]: {"name": f"{CANARY} friend"}})
    answer(holder(asked, other), {kinds["long"]: f"I like {NAME} best.", kinds["person"]: {"name": NAME}})
    rated = begun(world.team, [person])
    answer(holder(rated, person), {"clusters": 2})
    round_actions.reveal(asked.pk, by=world.by)
    outcome_actions.pledge(asked.pk, by=world.by, who=NAME, what=f"{CANARY} calls")
    outcome_actions.pledge(asked.pk, by=world.by, who="Pat", what=f"Meets {NAME}")
    assert {"worksheets.Answer", "worksheets.Promise", "worksheets.Round"} <= set(tables_with(CANARY))
    erasing.erase(by=world.by, pk=person.pk)
    left = tables_with(CANARY)
    assert set(left) <= {"ledger.Letter"}, left  # letters to others that quote the note of the round
    assert Answer.objects.get(sheet__round=rated, question="clusters").value == 2
    texts = Answer.objects.filter(sheet__asked__person=other).values_list("value", flat=True)
    assert "I like Erased person best." in list(texts)
    assert Promise.objects.filter(what="Meets Erased person").exists()
