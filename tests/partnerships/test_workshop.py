"""The scope workshop: the hour, good enough as a dated version with its tests, two people at once, the map."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document as Word
from pptx import Presentation

from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import (
    cluster_documents,
    cluster_picture,
    company_rules,
    scoping,
    team_queries,
    teamwork,
    workshop,
    workshop_queries,
)
from sharedtable.partnerships.models import Deadline, MapEntry, Scope, ScopeWorkshop
from sharedtable.partnerships.scope_tests import Checked
from sharedtable.partnerships.workshop import Tried
from sharedtable.studies.questions import Region, Sector

FRANKLIN, DELAWARE = "39049", "39041"


def tried(areas: str = FRANKLIN, codes: str = "3261", **more) -> Tried:
    given = {"who": "Casey, Pat", "note": "Wider.", "review_on": timezone.localdate() + timedelta(days=365), **more}
    test = Checked("size", "Right size?", "right", "Just right.", ("15 of 88 counties",))
    return Tried(Region.of(areas, "R"), Sector.of(codes, "S"), company_rules.usual_rules(), [test], **given)


def settle(world, based_on: int, what: Tried | None = None) -> Scope:
    return workshop.settle(by=world.by, partnership=world.one, based_on=based_on, tried=what or tried())


def test_good_enough_keeps_a_dated_version_with_its_tests_and_a_day_on_the_clock(world, entries) -> None:
    made = settle(world, 0, tried(launch_planned=25, members_planned=40))
    session = ScopeWorkshop.objects.get()
    assert (made.version, made.is_good_enough, session.scope) == (1, True, made)
    assert session.tests[0]["says"] == "Just right." and session.tests[0]["why"] == ["15 of 88 counties"]
    assert (session.who, session.launch_planned, session.members_planned) == ("Casey, Pat", 25, 40)
    assert session.review.title == "Look at the scope again" and session.review.due_on > timezone.localdate()
    assert (entries("scope.settle"), entries("scope.make"), entries("workshop.begin")) == (1, 0, 0)


def test_a_scope_that_did_not_change_stays_the_same_version_and_history_grows(world) -> None:
    settle(world, 0)
    again = settle(world, 1, tried(note=""))
    assert (again.version, ScopeWorkshop.objects.count(), Scope.objects.count()) == (1, 2, 1)
    assert Deadline.objects.filter(title="Look at the scope again", done_on=None).count() == 1
    wider = settle(world, 1, tried(f"{FRANKLIN} {DELAWARE}"))
    assert (wider.version, Scope.objects.count()) == (2, 2)


def test_the_second_of_two_who_settle_at_once_is_told_and_changes_nothing(world) -> None:
    settle(world, 0)
    settle(world, 1, tried(f"{FRANKLIN} {DELAWARE}"))
    with pytest.raises(Refused, match="made version 2 of this scope meanwhile"):
        settle(world, 1, tried(DELAWARE))
    assert (Scope.objects.count(), ScopeWorkshop.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"who": " "}, "is empty"), ({"review_on": None}, "after today"), ({"launch_planned": -1}, "whole numbers"),
        ({"review_on": timezone.localdate()}, "after today"), ({"who": "x" * 2001}, "too long"),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for_and_nothing_is_kept(world, more, said) -> None:
    with pytest.raises(Refused, match=said):
        settle(world, 0, tried(**more))
    assert not Scope.objects.exists() and not ScopeWorkshop.objects.exists()


def test_a_changed_scope_needs_a_sentence_why(world) -> None:
    settle(world, 0)
    with pytest.raises(Refused, match="Say in a sentence"):
        settle(world, 1, tried(DELAWARE, note=" "))


def test_only_who_may_change_the_partnership_settles_begins_and_ends(world) -> None:
    for role in ("admin", "agency", "economist", "adviser", "state"):
        by = world.team.actor(role)
        for act in (
            lambda by=by: workshop.settle(by=by, partnership=world.one, based_on=0, tried=tried()),
            lambda by=by: workshop.begin_session(by=by, partnership=world.one),
            lambda by=by: workshop.end_session(by=by, partnership=world.one),
        ):
            with pytest.raises(Missing):
                act()
    with pytest.raises(Missing):
        workshop.begin_session(by=world.cast.maine.actor("convener"), partnership=world.one)
    assert not ScopeWorkshop.objects.exists()


def test_a_break_in_the_last_write_leaves_nothing_behind(world, monkeypatch) -> None:
    def broken(**_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(workshop, "record", broken)
    with pytest.raises(OSError, match="full"):
        settle(world, 0)
    assert not Scope.objects.exists() and not Deadline.objects.exists() and not ScopeWorkshop.objects.exists()


def test_one_hour_runs_at_a_time_and_ends_with_a_version_or_without(world, entries) -> None:
    workshop.begin_session(by=world.by, partnership=world.one)
    with pytest.raises(Refused, match="under way already"):
        workshop.begin_session(by=world.by, partnership=world.one)
    made = settle(world, 0)
    assert ScopeWorkshop.objects.get().scope == made and ScopeWorkshop.objects.get().ended_at
    with pytest.raises(Refused, match="No session"):
        workshop.end_session(by=world.by, partnership=world.one)
    workshop.begin_session(by=world.by, partnership=world.one)
    assert workshop.end_session(by=world.by, partnership=world.one).scope is None
    assert (entries("workshop.begin"), entries("workshop.end")) == (2, 1)


@pytest.mark.parametrize(
    ("gone", "part", "left"),
    [(0, 0, 60), (14.9, 0, 46), (15, 1, 45), (44.5, 2, 16), (59.5, 3, 1), (60, 4, 0), (99, 4, 0)],
)
def test_the_clock_says_which_quarter_of_the_hour_it_is(world, gone, part, left) -> None:
    session = workshop.begin_session(by=world.by, partnership=world.one)
    assert session.minutes == 60
    found = workshop_queries.clock_of(session, session.began_at + timedelta(minutes=gone))
    assert (found.part, found.left_minutes, found.is_over) == (part, left, part == 4)


def test_companies_are_counted_against_what_is_tried_not_against_what_is_kept(world) -> None:
    world.place("Fits", naics_code="326113", employees=60, county_code=FRANKLIN)
    world.place("Next door", naics_code="326113", employees=60, county_code=DELAWARE)
    settle(world, 0)
    newest, begun = workshop_queries.start(world.one)
    assert workshop_queries.workshop(world.by, world.one, newest, begun).counts["in"] == 1
    wider = workshop_queries.Trial(Region.of(f"{FRANKLIN} {DELAWARE}"), begun.sector, begun.rules)
    assert workshop_queries.workshop(world.by, world.one, newest, wider).counts["in"] == 2
    assert Scope.objects.count() == 1


# --- words for an industry --------------------------------------------------------------------------------------------


def test_words_that_fit_several_industries_are_asked_about_and_one_is_taken(world) -> None:
    offered = dict(scoping.meant_by("plastics"))
    assert {"326", "3261"} <= offered.keys() and "32611" not in offered
    with pytest.raises(scoping.SeveralMeant, match="fits several industries"):
        scoping.read(world.by, FRANKLIN, "plastics")
    found = scoping.read(world.by, FRANKLIN, "plastics", ("3261", "999999")).sector
    assert (found.name, found.include) == ("plastics", ("3261",))
    assert scoping.read(world.by, FRANKLIN, "tortilla").sector.include[0].startswith("3118")
    assert scoping.meant_by("3261, -326199") == [] and scoping.meant_by("x" * 121) == []


# --- the map ----------------------------------------------------------------------------------------------------------


def put(world, **more) -> MapEntry:
    given = {"place": "suppliers", "name": "Resin maker", **more}
    return teamwork.place_on_map(by=world.by, partnership=world.one, **given)


def test_a_name_on_the_map_is_moved_and_what_stood_there_stays_as_history(world, entries) -> None:
    first = put(world)
    made = teamwork.change_on_map(
        by=world.by, partnership=world.one, pk=first.pk, place="buyers", name="Resin maker", note="Also buys"
    )
    assert [entry.pk for entry in world.one.map_entries.filter(ended_at=None)] == [made.pk]
    assert MapEntry.objects.count() == 2 and entries("map.change") == 1
    with pytest.raises(Refused, match="Somebody else changed"):
        teamwork.change_on_map(by=world.by, partnership=world.one, pk=first.pk, place="labor", name="Late")
    with pytest.raises(Missing):
        teamwork.change_on_map(
            by=world.team.actor("adviser"), partnership=world.one, pk=made.pk, place="labor", name="No"
        )
    with pytest.raises(Refused, match="seven places"):
        teamwork.change_on_map(by=world.by, partnership=world.one, pk=made.pk, place="moon", name="X")
    assert world.one.map_entries.filter(ended_at=None).count() == 1


def test_who_sits_at_the_tables_stands_on_the_map_by_itself_and_once(world) -> None:
    places = {place.key: place for place in team_queries.cluster_map(world.by, world.one)}
    assert places["members"].names == [world.team.company.name]
    assert places["strategic"].names == [world.team.college.name]
    put(world, place="members", name="", organisation=world.team.company)
    places = {place.key: place for place in team_queries.cluster_map(world.by, world.one)}
    assert places["members"].names == [world.team.company.name] and places["members"].seated == []


def test_the_map_is_exported_as_picture_and_table(world) -> None:
    put(world, name="Resin & <Sons>", note="half of the resin")
    places = team_queries.cluster_map(world.by, world.one)
    made = cluster_documents.map_file(world.one, places, "docx")
    word = Word(io.BytesIO(made.content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert {"Suppliers", "Resin & <Sons>", "half of the resin", world.team.company.name} <= set(cells)
    assert "image" in " ".join(part.partname for part in word.part.package.iter_parts())
    deck = Presentation(io.BytesIO(cluster_documents.map_file(world.one, places, "pptx").content))
    assert len(deck.slides) >= 3
    assert cluster_documents.map_file(world.one, places, "pdf").content.startswith(b"%PDF")
    with pytest.raises(Missing):
        cluster_documents.map_file(world.one, places, "exe")


def test_names_that_find_no_room_in_the_picture_are_counted(world) -> None:
    for number in range(12):
        put(world, name=f"Supplier with a rather long name number {number}")
    box = next(
        box
        for box in cluster_picture.picture(team_queries.cluster_map(world.by, world.one)).boxes
        if box.key == "suppliers"
    )
    assert box.lines[-1][0] == f"and {12 - len(box.lines) + 1} more"
    assert all(text.endswith("…") for text, _x, _y in box.lines[:-1])
    assert max(y for _text, _x, y in box.lines) <= box.y + box.height
