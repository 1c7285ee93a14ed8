"""A list comes in: dry run, decisions, one write, an undo."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Suppression
from sharedtable.people import list_queries
from sharedtable.people.import_models import Import, ImportRow, Twin
from sharedtable.people.importing import actions, undoing, writing
from sharedtable.people.models import Evidence, FieldSource, Membership, Organisation, Person
from tests.people.lists import COMPANIES, PEOPLE, bring, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db


def digest() -> str:
    rows = [*Organisation.objects.order_by("pk"), *Person.objects.order_by("pk"), *Membership.objects.order_by("pk")]
    rows += [*FieldSource.objects.order_by("pk")]
    return hashlib.sha256(serializers.serialize("json", rows).encode()).hexdigest()


def outcomes(batch: Import) -> dict[int, str]:
    return dict(batch.rows.values_list("number", "outcome"))


def test_a_dry_run_says_new_perhaps_or_refused_for_each_row_and_changes_nothing(cast):
    before = digest()
    batch = bring(cast.ohio.actor("convener"), csv_bytes(COMPANIES))
    # The same name and nothing else in common: a person decides.
    assert outcomes(batch) == {2: "perhaps", 3: "new", 4: "refused"}
    assert batch.rows.get(number=4).problems == [{"code": "no_company_name"}]
    assert digest() == before


def test_a_list_is_written_after_the_decisions_and_only_what_differs_changes(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    actions.decide(by=convener, batch=batch, row_number=2, thing="organisation", answer="same")
    batch.refresh_from_db()
    assert outcomes(batch)[2] == "update"
    actions.write(by=convener, batch=batch)
    company = Organisation.objects.get(pk=cast.ohio.company.pk)
    assert (company.name, company.employees, company.city) == ("Lakeside Plastics", 150, "Columbus")
    assert company.version == 2
    new = Organisation.objects.get(name="Ridgeline Tool LLC")
    assert (new.naics_code, new.zip_code, new.state_code, new.source) == ("333514", "43055", "OH", "Chamber list")
    kept = FieldSource.objects.filter(organisation=company, field="employees").values_list("value", flat=True)
    assert set(kept) == {"140", "150"}
    assert Entry.objects.filter(verb="import.write", object_id=batch.pk).count() == 1


def test_an_empty_cell_never_wipes_a_value_and_nothing_is_deleted(cast):
    convener = cast.ohio.actor("convener")
    rows = [["Company", "City", "Employees"], ["Lakeside Plastics", "", ""]]
    batch = bring(convener, csv_bytes(rows))
    actions.decide(by=convener, batch=batch, row_number=2, thing="organisation", answer="same")
    batch.refresh_from_db()
    count = Organisation.objects.count()
    actions.write(by=convener, batch=batch)
    assert Organisation.objects.get(pk=cast.ohio.company.pk).employees == 140
    assert Organisation.objects.count() == count


def test_people_come_with_their_companies_and_a_company_comes_once(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, xlsx_bytes(PEOPLE), "people.xlsx")
    assert batch.kind == "people"
    assert outcomes(batch)[3] == "new"
    assert [p["code"] for p in batch.rows.get(number=4).problems] == ["phone"]
    for row in batch.rows.filter(outcome="perhaps"):
        for thing in ("organisation", "person"):
            if getattr(row, f"{thing}_answer") == "perhaps":
                actions.decide(by=convener, batch=batch, row_number=row.number, thing=thing, answer="same")
    batch.refresh_from_db()
    actions.write(by=convener, batch=batch)
    tool = Organisation.objects.get(name="Ridgeline Tool")
    assert {m.person.given_name for m in Membership.objects.filter(organisation=tool)} == {"Rosa", "Ben"}
    assert Person.objects.get(given_name="Rosa", space=cast.ohio.space).phone == "+16145550177"
    assert Person.objects.filter(space=cast.ohio.space, given_name="Casey").count() == 1
    held = Membership.objects.get(person=cast.ohio.chair, organisation=cast.ohio.company)
    assert held.title == "CEO"


def test_rows_that_wait_for_a_decision_are_left_out_and_stay_in_the_report(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    actions.write(by=convener, batch=batch)
    assert Organisation.objects.get(pk=cast.ohio.company.pk).employees == 140
    assert batch.rows.get(number=2).outcome == "perhaps"


def test_not_the_same_makes_a_new_entry_and_is_remembered(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    actions.decide(by=convener, batch=batch, row_number=2, thing="organisation", answer="different")
    batch.refresh_from_db()
    actions.write(by=convener, batch=batch)
    made = Organisation.objects.get(name="Lakeside Plastics, Inc.")
    twin = Twin.objects.get(space=cast.ohio.space, kind="organisation")
    assert (twin.first_id, twin.second_id, twin.state) == (cast.ohio.company.pk, made.pk, "apart")


def test_a_list_is_matched_with_its_own_space_alone(cast):
    batch = bring(cast.maine.actor("convener"), csv_bytes(COMPANIES))
    assert outcomes(batch)[2] == "new"
    with pytest.raises(Missing):
        actions.imported(cast.ohio.actor("convener"), batch.pk)


@pytest.mark.parametrize("role", ["admin", "economist", "adviser", "state"])
def test_whoever_may_not_import_learns_nothing(cast, role):
    with pytest.raises(Missing):
        bring(cast.ohio.actor(role), csv_bytes(COMPANIES))


def test_agency_staff_bring_lists_into_their_own_list_and_change_nobody_elses(cast):
    staff = cast.ohio.actor("agency")
    batch = bring(staff, csv_bytes(COMPANIES), agency_id=cast.ohio.board.pk)
    assert batch.agency_id == cast.ohio.college.pk
    actions.decide(by=staff, batch=batch, row_number=2, thing="organisation", answer="same")
    batch.refresh_from_db()
    actions.write(by=staff, batch=batch)
    assert Organisation.objects.get(pk=cast.ohio.company.pk).employees == 140
    noted = FieldSource.objects.get(organisation=cast.ohio.company, field="employees")
    assert (noted.value, noted.agency_id) == ("150", cast.ohio.college.pk)
    assert Organisation.objects.get(name="Ridgeline Tool LLC").agency_id == cast.ohio.college.pk


def test_agency_staff_cannot_work_on_a_list_of_the_team(cast):
    batch = bring(cast.ohio.actor("convener"), csv_bytes(COMPANIES))
    staff = cast.ohio.actor("agency")
    for act in (actions.write, actions.undo, actions.discard):
        with pytest.raises(Missing):
            act(by=staff, batch=batch)
    with pytest.raises(Missing):
        actions.decide(by=staff, batch=batch, row_number=2, thing="organisation", answer="same")


def test_a_break_in_the_last_write_changes_nothing(cast, monkeypatch):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    before = digest()

    def broken(**_: object) -> None:
        raise RuntimeError("the last write breaks")

    monkeypatch.setattr(writing, "write_entry", broken)
    with pytest.raises(RuntimeError):
        actions.write(by=convener, batch=batch)
    assert digest() == before
    assert Import.objects.get(pk=batch.pk).state == "review"


def test_a_list_is_written_once(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    actions.write(by=convener, batch=batch)
    count = Organisation.objects.count()
    with pytest.raises(Refused):
        actions.write(by=convener, batch=batch)
    assert Organisation.objects.count() == count


def test_a_whole_list_is_taken_back_and_the_record_is_as_before(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    actions.decide(by=convener, batch=batch, row_number=2, thing="organisation", answer="same")
    batch.refresh_from_db()
    actions.write(by=convener, batch=batch)
    batch.refresh_from_db()
    found = actions.undo(by=convener, batch=batch)
    assert not found.kept
    assert not Organisation.objects.filter(name="Ridgeline Tool LLC").exists()
    company = Organisation.objects.get(pk=cast.ohio.company.pk)
    assert (company.employees, company.city, company.zip_code) == (140, "", "")
    with pytest.raises(Refused):
        actions.undo(by=convener, batch=batch)


def test_an_undo_a_week_later_keeps_what_somebody_touched_and_says_so(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, xlsx_bytes(PEOPLE), "people.xlsx")
    for row in batch.rows.filter(outcome="perhaps", organisation_answer="perhaps"):
        actions.decide(by=convener, batch=batch, row_number=row.number, thing="organisation", answer="same")
    batch.refresh_from_db()
    actions.write(by=convener, batch=batch)
    rosa = Person.objects.get(given_name="Rosa", space=cast.ohio.space)
    Evidence.objects.create(
        space=cast.ohio.space, person=rosa, key="seen", text="", made_by=convener.ref, made_at=timezone.now()
    )
    Import.objects.filter(pk=batch.pk).update(touched_at=timezone.now() - timedelta(days=8))
    actions.clear_old(by=convener)
    batch.refresh_from_db()
    assert not batch.content and not batch.rows.exists()
    preview = undoing.preview(batch)
    actions.undo(by=convener, batch=batch)
    assert {(change.kind, why) for change, why in preview.kept} >= {("person", "in_use"), ("organisation", "in_use")}
    assert Person.objects.filter(pk=rosa.pk).exists()
    assert not Person.objects.filter(given_name="Ben", space=cast.ohio.space).exists()


def test_a_value_that_was_changed_again_stays_and_is_listed(cast):
    convener = cast.ohio.actor("convener")
    batch = bring(convener, csv_bytes(COMPANIES))
    actions.decide(by=convener, batch=batch, row_number=2, thing="organisation", answer="same")
    batch.refresh_from_db()
    actions.write(by=convener, batch=batch)
    Organisation.objects.filter(pk=cast.ohio.company.pk).update(employees=160, version=3)
    batch.refresh_from_db()
    found = actions.undo(by=convener, batch=batch)
    assert [(change.field, why) for change, why in found.kept] == [("employees", "changed")]
    company = Organisation.objects.get(pk=cast.ohio.company.pk)
    assert (company.employees, company.city) == (160, "")


def test_columns_are_remembered_for_the_same_list(cast):
    convener = cast.ohio.actor("convener")
    odd = [["A", "B", "C"], ["Ridgeline Tool", "43055", "x"]]
    first = actions.begin(by=convener, data=csv_bytes(odd), file_name="a.csv", source="Odd", basis="They agreed.")
    actions.choose_columns(
        by=convener, batch=first, kind="companies", chosen=["company", "zip_code", ""], version=first.version
    )
    again = actions.begin(by=convener, data=csv_bytes(odd), file_name="b.csv", source="Odd", basis="They agreed.")
    assert (again.columns, again.kind) == (["company", "zip_code", ""], "companies")


def test_a_list_cannot_override_that_somebody_is_left_alone(cast):
    convener = cast.ohio.actor("convener")
    now = timezone.now()
    Suppression.objects.create(level="space", address_hash="0" * 64, cause="asked", at=now, by="link:1")
    rows = [
        ["Last name", "Email", "Do not contact"],
        ["Quiet", "quiet@example.org", "yes"],
        ["Loud", "l@example.org", ""],
    ]
    batch = bring(convener, csv_bytes(rows))
    assert outcomes(batch) == {2: "refused", 3: "new"}
    actions.write(by=convener, batch=batch)
    assert list(Suppression.objects.values_list("lifted_at", flat=True)) == [None]


def test_a_list_without_a_reason_to_use_it_is_refused(cast):
    with pytest.raises(Refused, match="why the team may use"):
        actions.begin(by=cast.ohio.actor("convener"), data=b"Company\nA b", file_name="x", source="s", basis=" ")


def test_the_same_company_twice_in_a_list_becomes_one_entry(cast):
    convener = cast.ohio.actor("convener")
    rows = [COMPANIES[0], COMPANIES[2], [*COMPANIES[2][:7], "", "44"]]
    batch = bring(convener, csv_bytes(rows))
    assert outcomes(batch) == {2: "new", 3: "known"}
    actions.write(by=convener, batch=batch)
    assert Organisation.objects.filter(name="Ridgeline Tool LLC").count() == 1


def test_a_stale_look_at_the_columns_is_refused(cast):
    convener = cast.ohio.actor("convener")
    batch = actions.begin(by=convener, data=csv_bytes(COMPANIES), file_name="x", source="s", basis="b")
    with pytest.raises(Refused, match="changed meanwhile"):
        actions.choose_columns(
            by=convener, batch=batch, kind="companies", chosen=list(batch.columns), version=batch.version + 1
        )


def test_every_row_of_the_report_has_the_number_that_it_has_in_the_file(cast):
    rows = [["My list of November"], [""], *COMPANIES]
    batch = bring(cast.ohio.actor("convener"), xlsx_bytes(rows), "x.xlsx")
    assert ImportRow.objects.get(batch=batch, outcome="refused").number == 6


def test_nobody_finds_an_address_of_a_list_that_they_may_not_see(cast):
    """A hit would tell an agency that somebody has this address, or which one they have."""
    convener, agency = cast.ohio.actor("convener"), cast.ohio.actor("agency")
    rows = [
        ["First name", "Last name", "Email", "Company", "City"],
        ["Rosa", "Quill", "zebra.finch@hidden.example", "Owl Castings LLC", "Lima"],
    ]
    batch = bring(convener, csv_bytes(rows))
    actions.write(by=convener, batch=batch)
    rosa = Person.objects.get(name="Rosa Quill")
    # Known people get an address from a later list too.
    rows[1][2] = "zebra.martin@hidden.example"
    second = bring(convener, csv_bytes(rows), source="Second list")
    assert second.rows.get().person_answer in ("same", "perhaps")
    for thing in ("organisation", "person"):
        if getattr(second.rows.get(), f"{thing}_answer") == "perhaps":
            actions.decide(by=convener, batch=second, row_number=2, thing=thing, answer="same")
    actions.write(by=convener, batch=Import.objects.get(pk=second.pk))
    rosa.refresh_from_db()
    assert rosa.email == "zebra.martin@hidden.example"
    for by in (agency, convener):
        for word in ("zebra", "finch", "martin", "hidden", *([rosa.email] if by is agency else [])):
            assert list_queries.people_page(by, {"q": word}).page.paginator.count == 0
        for word in ("rosa quill", "owl castings", "lima"):
            assert [row.pk for row in list_queries.people_page(by, {"q": word}).rows] == [rosa.pk]
    assert [row.pk for row in list_queries.people_page(agency, {"works": "1", "q": "owl"}).rows] == [rosa.pk]
    undoing.undo(by=convener, batch=Import.objects.get(pk=second.pk))
    rosa.refresh_from_db()
    assert rosa.email.startswith("zebra.finch") and "zebra" not in rosa.search_text


def test_somebody_known_at_a_new_place_of_work_is_an_update_that_says_so(cast):
    convener, chair = cast.ohio.actor("convener"), cast.ohio.chair
    head = ["First name", "Last name", "Email", "Company", "Title"]
    there = [chair.given_name, chair.family_name, chair.email, "Ridgeline Tool LLC", "Board member"]
    batch = bring(convener, csv_bytes([head, there]))
    assert outcomes(batch) == {2: "update"}
    assert {"code": "adds_job", "company": "Ridgeline Tool LLC"} in batch.rows.get(number=2).problems
    actions.write(by=convener, batch=batch)
    places = set(chair.memberships.filter(ended_on=None).values_list("organisation__name", flat=True))
    assert places == {"Ridgeline Tool LLC", cast.ohio.company.name}
