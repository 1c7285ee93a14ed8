"""The scope: versions with what changed, good enough, companies in and out with reasons, ready or not."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.db import IntegrityError

from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import actions, company_rules, documents, scope_queries, scoping
from sharedtable.partnerships.models import CompanyMark, Partnership, Scope
from sharedtable.studies import actions as facts
from sharedtable.studies.questions import Region, Sector

FRANKLIN, DELAWARE = "39049", "39041"


def version(
    world, based_on: int, region: str = FRANKLIN, sector: str = "3261", note: str = "A reason.", **more
) -> Scope:
    return scoping.make_version(
        by=world.by, partnership=world.one, based_on=based_on, region=region, sector=sector, note=note, **more
    )


def test_a_version_names_region_and_sector_in_the_plain_text_of_the_facts(world, entries) -> None:
    made = version(world, 0)
    assert Region.parse(made.region_text).areas == (FRANKLIN,)
    assert Sector.parse(made.sector_text).include == ("3261",)
    assert (made.version, entries("scope.make")) == (1, 1)


def test_region_and_sector_are_found_by_name_and_by_what_the_team_kept(world) -> None:
    facts.save_sector(Sector("Plastics", ("3261",)), by=world.by)
    facts.save_region(Region("The triangle", (FRANKLIN, DELAWARE)), by=world.by)
    made = version(world, 0, "The triangle", "plastics")
    assert (made.region_name, made.sector_name) == ("The triangle", "Plastics")
    assert version(world, 1, "Delaware County, Ohio").region_name == "Delaware County, Ohio"


@pytest.mark.parametrize(
    ("region", "sector", "said"),
    [
        ("Nowhere County", "3261", "“Nowhere County” was not found"),
        (FRANKLIN, "basket weaving", "No industry is called “basket weaving”"),
        (FRANKLIN, "", "needs both"),
        (FRANKLIN, "777777", "777777"),
    ],
)
def test_what_is_not_known_is_refused_by_name_and_nothing_is_kept(world, region, sector, said) -> None:
    with pytest.raises(Refused, match=said):
        version(world, 0, region, sector)
    assert world.one.scopes.count() == 0


def test_a_next_version_needs_a_note_and_the_older_one_stays(world) -> None:
    version(world, 0)
    with pytest.raises(Refused, match="is empty"):
        version(world, 1, note=" ")
    version(world, 1, f"{FRANKLIN} {DELAWARE}", "3261 -326199", note="Wider.")
    assert [scope.version for scope in world.one.scopes.all()] == [2, 1]


def test_the_second_of_two_who_make_the_same_version_is_told(world) -> None:
    version(world, 0)
    version(world, 1, DELAWARE)
    with pytest.raises(Refused, match="made version 2 of this scope meanwhile"):
        version(world, 1)
    assert world.one.scopes.count() == 2


def test_the_database_itself_refuses_a_second_row_of_one_version(world, monkeypatch) -> None:
    def quicker(*_args, **_more):
        raise IntegrityError("one_scope_a_version")

    monkeypatch.setattr(scoping, "_create", quicker)
    with pytest.raises(Refused, match="made version 1 of this scope meanwhile"):
        version(world, 0)


def test_what_changed_between_versions_is_said_in_words(world) -> None:
    version(world, 0)
    version(world, 1, f"{FRANKLIN} {DELAWARE}", "3261 3252", rules=[{"rule": "naics"}])
    newest, first = scope_queries.scope_page(world.by, world.one).versions
    said = " ".join(newest.differences)
    assert "Counties added: Delaware County, Ohio." in said
    assert "(3252)" in said and "Industries added" in said
    assert "Companies now: in one of the industries." in said
    assert first.differences == []


def test_good_enough_marks_the_newest_version_alone_and_can_be_opened_again(world) -> None:
    version(world, 0)
    scoping.mark_good_enough(by=world.by, partnership=world.one, version=1)
    assert world.one.scopes.get().is_good_enough
    scoping.mark_good_enough(by=world.by, partnership=world.one, version=1, is_good=False)
    assert not world.one.scopes.get().is_good_enough
    version(world, 1, DELAWARE)
    with pytest.raises(Refused, match="newer version"):
        scoping.mark_good_enough(by=world.by, partnership=world.one, version=1)


def companies(world) -> dict[str, object]:
    usual = {"naics_code": "326199", "employees": 80, "county_code": FRANKLIN}
    return {
        name: world.place(name, **{**usual, **more})
        for name, more in {
            "Fits": {},
            "Small": {"employees": 49},
            "Just": {"employees": 50},
            "Elsewhere": {"county_code": DELAWARE},
            "Baker": {"naics_code": "311811"},
            "Unknown size": {"employees": None},
            "Unknown but far": {"employees": None, "county_code": DELAWARE},
        }.items()
    }


def test_each_company_is_in_out_or_open_with_its_reasons_and_the_page_agrees_with_the_count(world) -> None:
    made, scope = companies(world), version(world, 0)
    found = {
        verdict: {one.name for one in company_rules.with_verdict(scope, verdict)} for verdict in ("in", "out", "open")
    }
    assert found["in"] == {"Fits", "Just"}
    assert found["out"] == {"Small", "Elsewhere", "Baker", "Unknown but far"}
    assert found["open"] == {"Unknown size", world.team.company.name}  # the cast's company has no county
    for name, one in made.items():
        verdict, reasons = company_rules.judged(scope, one, None)
        assert name in found[verdict] and reasons, name
    assert company_rules.judged(scope, made["Small"], None)[1] == ["49 employees; the least is 50."]
    assert company_rules.counted(scope) == {"in": 2, "out": 4, "open": 2}


def test_an_exclusion_of_the_sector_leaves_its_companies_out(world) -> None:
    companies(world)
    scope = version(world, 0, sector="3261 -326199")
    assert company_rules.with_verdict(scope, "in").count() == 0


def test_a_two_digit_range_takes_in_all_of_manufacturing(world) -> None:
    companies(world)
    scope = version(world, 0, sector="31-33")
    assert {one.name for one in company_rules.with_verdict(scope, "in")} == {"Fits", "Just", "Baker"}


def test_a_mark_by_hand_goes_before_the_rules_and_can_be_taken_away(world) -> None:
    made, scope = companies(world), version(world, 0)
    small = made["Small"]
    with pytest.raises(Refused, match="Reason"):
        scoping.mark_company(by=world.by, partnership=world.one, organisation=small, is_in=True)
    scoping.mark_company(by=world.by, partnership=world.one, organisation=small, is_in=True, reason="Grows fast")
    mark = CompanyMark.objects.get()
    assert company_rules.judged(scope, small, mark) == ("in", ["Taken in by hand: Grows fast"])
    assert company_rules.counted(scope)["in"] == 3
    scoping.mark_company(by=world.by, partnership=world.one, organisation=small, is_in=False, reason="Sold")
    assert company_rules.counted(scope)["in"] == 2
    scoping.mark_company(by=world.by, partnership=world.one, organisation=small, is_in=None)
    assert not CompanyMark.objects.exists()
    with pytest.raises(Refused, match="Only companies"):
        scoping.mark_company(by=world.by, partnership=world.one, organisation=world.team.board, is_in=True, reason="No")


def test_ready_is_blocked_below_the_preset_number_unless_a_reason_is_given(world) -> None:
    companies(world)
    version(world, 0)
    with pytest.raises(Refused, match="2 companies meet the definition, and the method asks for 100"):
        scoping.declare_ready(by=world.by, partnership=world.one, version=1)
    assert world.one.scopes.get().ready_at is None
    scoping.declare_ready(by=world.by, partnership=world.one, version=1, reason="A valley of six towns")
    kept = world.one.scopes.get()
    assert (kept.ready_companies, kept.ready_reason) == (2, "A valley of six towns")


def test_with_enough_companies_no_reason_is_needed(world) -> None:
    for number in range(100):
        world.place(f"Company {number}", naics_code="326113", employees=60, county_code=FRANKLIN)
    version(world, 0)
    assert scoping.declare_ready(by=world.by, partnership=world.one, version=1).ready_reason == ""


def test_the_list_of_companies_is_a_file_with_the_source_of_each_row(world) -> None:
    world.place("=Fits", naics_code="032611", employees=80, county_code="01001", source="Chamber, May")
    version(world, 0, "01001", "31-33", rules=[{"rule": "county"}])
    found = scope_queries.all_companies(world.by, world.one)
    book = openpyxl.load_workbook(BytesIO(documents.companies_file(world.one, found, "xlsx").content))
    rows = [[cell.value for cell in row] for row in book["Companies"].iter_rows()]
    assert any("Chamber, May" in row and "01001" in row and "032611" in row for row in rows)
    assert b'"01001"' in documents.companies_file(world.one, found, "csv").content
    with pytest.raises(Missing):
        scope_queries.all_companies(world.team.actor("economist"), world.one)


def test_a_study_of_another_space_is_not_put_beside_the_scope(world) -> None:
    with pytest.raises(Missing):
        version(world, 0, study=4711)


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_nobody_but_a_convener_changes_the_scope(world, role) -> None:
    with pytest.raises(Missing):
        scoping.make_version(
            by=world.team.actor(role), partnership=world.one, based_on=0, region=FRANKLIN, sector="3261", note=""
        )


def test_a_partnership_begins_in_its_first_step_with_or_without_a_scope(world, entries) -> None:
    made = actions.begin(by=world.by, name="Health care, Central Ohio")
    assert made.slug == "health-care-central-ohio"
    assert [(step.number, step.state) for step in made.steps.all()] == [(1, "under_way")]
    assert made.scopes.count() == 0
    other = actions.begin(by=world.by, name="Plastics two", region=FRANKLIN, sector="3261")
    assert other.scopes.get().version == 1
    assert entries("partnership.begin") == 2
    with pytest.raises(Refused, match="already"):
        actions.begin(by=world.by, name="Health Care, central Ohio")
    with pytest.raises(Refused, match="needs both"):
        actions.begin(by=world.by, name="Half", region=FRANKLIN)
    assert not Partnership.objects.filter(name="Half").exists()
    with pytest.raises(Missing):
        actions.begin(by=world.team.actor("agency"), name="Not mine")


def test_steps_overlap_and_go_back_and_all_of_it_stays(world) -> None:
    from sharedtable.partnerships.partnership_queries import steps_of

    for number, state, note in [
        (1, "done", "Met twice"),
        (2, "under_way", ""),
        (1, "under_way", "Two left"),
        (3, "under_way", ""),
    ]:
        actions.set_step(by=world.by, partnership=world.one, number=number, state=state, note=note)
    rows = list(world.one.steps.order_by("at", "id"))
    assert [step.state for step in steps_of(rows)] == ["under_way"] * 3 + ["ahead"] * 3
    assert [row.note for row in rows] == ["Met twice", "", "Two left", ""]
    with pytest.raises(Refused, match="six steps"):
        actions.set_step(by=world.by, partnership=world.one, number=7, state="done")


def test_a_stale_change_of_the_name_is_refused(world) -> None:
    actions.describe(by=world.by, partnership=world.one, version=1, name="New name", summary="")
    with pytest.raises(Refused, match="meanwhile"):
        actions.describe(by=world.by, partnership=world.one, version=1, name="Other", summary="")
    assert world.one.name == "New name"
