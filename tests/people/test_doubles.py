"""Rows of one list that are nearly alike: side by side in the dry run, one entry where it is sure, else a question."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sharedtable.errors import Missing
from sharedtable.people.actions import erasing
from sharedtable.people.import_models import Import, ImportRow, Twin
from sharedtable.people.importing import actions, doubles, queries
from sharedtable.people.matching.records import Firm
from sharedtable.people.models import FieldSource, Membership, Organisation, Person
from tests.people.lists import bring, csv_bytes

pytestmark = pytest.mark.django_db

HEAD = ["Company", "Street", "City", "State", "ZIP", "Phone number", "Web site", "Employees"]
TOOL = ["Ridgeline Tool LLC", "500 Mill St", "Newark", "OH", "43055", "(614) 555-0150", "ridgeline.example", ""]
TYPED = ["Ridgelin Tool", "500 Mill Street", "Newark", "OH", "43055", "614.555.0150", "", "40"]
MOVED = ["Ridgeline Tool Inc.", "9 Canal Rd", "Lima", "OH", "45801", "", "", ""]
PEOPLE = ["First name", "Last name", "Company", "City", "Email", "Phone", "Title"]


def outcomes(batch: Import) -> dict[int, str]:
    return dict(batch.rows.values_list("number", "outcome"))


def again(batch: Import) -> Import:
    return Import.objects.get(pk=batch.pk)


def test_two_ways_to_type_one_company_become_one_entry_with_what_both_rows_say(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED]))
    row = batch.rows.get(number=3)
    assert (row.organisation_twin, row.organisation_twin_answer, row.outcome) == (2, "same", "known")
    actions.write(by=convener, batch=batch)
    made = Organisation.objects.get(space=cast.ohio.space, name__startswith="Ridgelin")
    assert (made.name, made.employees) == ("Ridgeline Tool LLC", 40)
    names = FieldSource.objects.filter(organisation=made, field="name").values_list("value", flat=True)
    assert set(names) == {"Ridgeline Tool LLC", "Ridgelin Tool"}


def test_a_doubtful_pair_waits_and_stands_side_by_side(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, MOVED]))
    assert outcomes(batch) == {2: "new", 3: "perhaps"}
    view = queries.review(convener, batch, "perhaps", 1)["rows"][0]
    (doubt,) = view.doubts
    assert (doubt.thing, doubt.number, doubt.name, doubt.answer) == (
        "organisation_twin", 2, "Ridgeline Tool LLC", "perhaps",
    )  # fmt: skip
    assert ("Lima", "Newark", False) in [line[1:] for line in doubt.lines]
    assert ("same name", True) in doubt.reasons
    actions.write(by=convener, batch=batch)
    assert Organisation.objects.filter(name__startswith="Ridgeline Tool").count() == 1


@pytest.mark.parametrize(("answer", "entries", "outcome"), [("same", 1, "known"), ("different", 2, "new")])
def test_a_person_says_whether_two_rows_are_one(cast, answer, entries, outcome):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, MOVED]))
    actions.decide(by=convener, batch=batch, row_number=3, thing="organisation_twin", answer=answer)
    assert outcomes(batch)[3] == outcome
    actions.write(by=convener, batch=again(batch))
    made = Organisation.objects.filter(name__startswith="Ridgeline Tool").order_by("pk")
    assert made.count() == entries
    apart = Twin.objects.filter(space=cast.ohio.space, kind="organisation", state="apart")
    assert [(t.first_id, t.second_id) for t in apart] == ([tuple(m.pk for m in made)] if entries == 2 else [])


def test_what_was_taken_as_one_can_be_kept_apart_and_the_other_way_round(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED]))
    for answer, outcome in (("different", "new"), ("same", "known"), ("later", "perhaps"), ("different", "new")):
        actions.decide(by=convener, batch=batch, row_number=3, thing="organisation_twin", answer=answer)
        assert outcomes(batch)[3] == outcome
    actions.write(by=convener, batch=again(batch))
    assert Organisation.objects.filter(name__startswith="Ridgelin").count() == 2


def test_taking_the_list_back_takes_back_what_two_rows_became(cast):
    convener = cast.ohio.actor("convener")
    before = Organisation.objects.count(), FieldSource.objects.count(), Twin.objects.count()
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED, MOVED]))
    actions.decide(by=convener, batch=batch, row_number=4, thing="organisation_twin", answer="different")
    actions.write(by=convener, batch=again(batch))
    assert Organisation.objects.count() == before[0] + 2
    found = actions.undo(by=convener, batch=again(batch))
    assert not found.kept
    assert (Organisation.objects.count(), FieldSource.objects.count(), Twin.objects.count()) == before


def test_three_ways_to_type_one_company_become_one_and_not_a_pair_and_a_rest(cast):
    convener = cast.ohio.actor("convener")
    third = ["Ridgeline Toool", "500 Mill St", "Newark", "OH", "43055", "", "www.ridgeline.example", ""]
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED, third]))
    actions.write(by=convener, batch=batch)
    assert Organisation.objects.filter(name__startswith="Ridgelin").count() == 1


def test_a_double_of_a_row_that_the_record_knows_is_that_entry_too(cast):
    convener = cast.ohio.actor("convener")
    first = bring(convener, csv_bytes([HEAD, TOOL]))
    actions.write(by=convener, batch=first)
    second = bring(convener, csv_bytes([HEAD, TOOL, TYPED]), source="Second list")
    known = Organisation.objects.get(name="Ridgeline Tool LLC")
    assert {(r.organisation_ref, r.organisation_answer) for r in second.rows.all()} == {(known.pk, "same")}
    actions.write(by=convener, batch=second)
    assert Organisation.objects.filter(name__startswith="Ridgelin").count() == 1


def test_a_double_that_fits_the_record_brings_its_question_to_the_row_that_does_not():
    """The row that came first would else make a second entry of a company that the later row finds in the record."""
    rows = [ImportRow(number=2), ImportRow(number=3, organisation_ref=7, organisation_answer="same")]
    firms = [Firm(0, "Ridgeline Tool", "500 Mill St", "Newark", "OH", "43055", ("(614) 555-0150",))]
    firms.append(Firm(1, "Ridgelin Tool", "500 Mill Street", "Newark", "OH", "43055", ("614 555 0150",)))
    doubles.mark(firms, [[row] for row in rows], "organisation", "companies")
    assert (rows[0].organisation_ref, rows[0].organisation_answer) == (7, "perhaps")
    assert rows[0].organisation_reasons and rows[1].organisation_twin == 2


def test_an_answer_about_a_row_holds_for_its_sure_doubles_and_for_no_other(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED, [*TOOL[:7], "7"], MOVED]))
    known = cast.ohio.company.pk
    batch.rows.update(organisation_ref=known, organisation_answer="perhaps", outcome="perhaps")
    assert actions.decide(by=convener, batch=batch, row_number=3, thing="organisation", answer="different") == 3
    assert set(batch.rows.filter(organisation_answer="perhaps").values_list("number", flat=True)) == {5}


def test_two_ways_to_type_one_person_become_one_with_both_addresses_kept(cast):
    convener = cast.ohio.actor("convener")
    rows = [
        PEOPLE,
        ["Rosa", "Quillfeather", "Owl Castings LLC", "Lima", "rosa@owl.example", "614-555-0177", "Owner"],
        ["Rosa", "Quilfeather", "Owl Castings", "Lima", "rosa@owl.example", "", "Owner"],
    ]
    batch = bring(convener, csv_bytes(rows))
    row = batch.rows.get(number=3)
    assert (row.person_twin, row.person_twin_answer) == (2, "same")
    if row.organisation_twin_answer == "perhaps":
        actions.decide(by=convener, batch=batch, row_number=3, thing="organisation_twin", answer="same")
    actions.write(by=convener, batch=again(batch))
    person = Person.objects.get(space=cast.ohio.space, email="rosa@owl.example")
    names = FieldSource.objects.filter(person=person, field="family_name").values_list("value", flat=True)
    assert set(names) == {"Quillfeather", "Quilfeather"}
    assert Membership.objects.filter(person=person).count() == 1


def test_of_people_one_answer_about_a_company_settles_all_its_rows(cast):
    convener = cast.ohio.actor("convener")
    rows = [
        PEOPLE,
        ["Rosa", "Quillfeather", "Owl Castings LLC", "Lima", "", "", ""],
        ["Ben", "Underwood", "Owl Castings, Inc.", "Toledo", "", "", ""],
        ["Ida", "Marsh", "Owl Castings, Inc.", "Toledo", "", "", ""],
    ]
    batch = bring(convener, csv_bytes(rows))
    assert outcomes(batch) == {2: "new", 3: "perhaps", 4: "perhaps"}
    count = actions.decide(by=convener, batch=batch, row_number=4, thing="organisation_twin", answer="same")
    assert count == 2
    actions.write(by=convener, batch=again(batch))
    owl = Organisation.objects.get(space=cast.ohio.space, name__startswith="Owl Castings")
    assert Membership.objects.filter(organisation=owl).count() == 3


def test_a_double_adds_nothing_to_an_entry_that_another_agency_keeps(cast):
    """Its first row is the entry of the record, which this agency may not change; neither may its second row."""
    convener, staff = cast.ohio.actor("convener"), cast.ohio.actor("agency")
    actions.write(by=convener, batch=bring(convener, csv_bytes([HEAD, [*TOOL[:6], "", ""]])))
    known = Organisation.objects.get(name="Ridgeline Tool LLC")
    batch = bring(staff, csv_bytes([HEAD, TOOL, TYPED]))
    batch.rows.filter(number=3).update(
        organisation_ref=0, organisation_answer="", organisation_twin=2, organisation_twin_answer="same"
    )
    actions.write(by=staff, batch=again(batch))
    known.refresh_from_db()
    assert (known.employees, known.website) == (None, "")
    assert FieldSource.objects.filter(organisation=known, value="40").exists()


def test_the_first_of_two_doubles_waits_and_the_others_still_become_one(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED, [*TYPED[:7], "41"]]))
    batch.rows.filter(number=2).update(outcome="perhaps")
    actions.write(by=convener, batch=again(batch))
    assert Organisation.objects.filter(name__startswith="Ridgelin").count() == 1


def test_a_row_without_a_double_has_nothing_to_decide(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL]))
    with pytest.raises(Missing):
        actions.decide(by=convener, batch=batch, row_number=2, thing="organisation_twin", answer="same")


def test_the_page_asks_about_the_doubtful_pair_and_takes_the_answer(cast, client):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes([HEAD, TOOL, TYPED, MOVED]))
    client.force_login(cast.ohio.users["convener"])
    page = reverse("import", args=["ohio", batch.pk])
    text = client.get(page, {"show": "all"}).content.decode()
    assert "This looks like row 2 of this list" in text
    assert "The same as row 2 of this list" in text
    answer = {"row": 4, "thing": "organisation_twin", "answer": "different", "show": "all"}
    client.post(reverse("import-decide", args=["ohio", batch.pk]), answer)
    assert "Not the same as row 2 of this list" in client.get(page, {"show": "all"}).content.decode()


def test_erasing_somebody_empties_each_row_of_a_list_that_told_of_them_and_the_rest_goes_after_a_week(cast):
    convener = cast.ohio.actor("convener")
    rows = [
        PEOPLE,
        ["Rosa", "Quillfeather", "Owl Castings LLC", "Lima", "rosa@owl.example", "614-555-0177", "Owner"],
        ["Rosa", "Quilfeather", "Owl Castings LLC", "Lima", "r.quill@owl.example", "614-555-0177", "Owner"],
        ["Rosa", "Quilfeathr", "Owl Castings LLC", "Lima", "", "614-555-0177", "Owner"],
        ["Ben", "Underwood", "Pike Molds", "Toledo", "ben@pike.example", "", "Owner"],
    ]
    batch = bring(convener, csv_bytes(rows))
    actions.write(by=convener, batch=again(batch))
    ImportRow.objects.filter(batch=batch, number=4).update(person_twin=3, person_twin_answer="same")  # a chain: 4, 3, 2
    ImportRow.objects.filter(batch=batch, number=3).update(person_twin=2, person_twin_answer="same")
    person = Person.objects.get(space=cast.ohio.space, email="rosa@owl.example")
    erasing.erase(by=convener, pk=person.pk)
    kept = {row.number: row.values for row in ImportRow.objects.filter(batch=batch)}
    assert [number for number, values in kept.items() if values] == [5]
    Import.objects.filter(pk=batch.pk).update(touched_at=timezone.now() - timedelta(days=8))
    assert actions.clear_old(by=convener) == 1
    assert not ImportRow.objects.filter(batch=batch).exists()
    assert actions.clear_old(by=convener) == 0
