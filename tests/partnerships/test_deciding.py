"""Decisions: kept with options, reasons and dissent; replaced, never edited; who may read which."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import docx
import pytest
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import deciding, documents, doors, partnership_queries
from sharedtable.partnerships.deciding import Choice, Wanted


def decide(world, wanted: Wanted, **more):
    return deciding.decide(by=world.by, partnership=world.one, wanted=wanted, **more)


SECTOR = Wanted(
    "Which industry first?",
    "sector",
    options=[Choice("Plastics", "Grows here"), Choice("Health care", "Large")],
    chosen="Plastics",
    next_choice="Health care",
    reasons="More champions are ready.",
    dissent="The hospital would have liked to begin.",
    decided_by="Dana One\nKit Two",
    review_on=timezone.localdate() + timedelta(days=365),
)


def test_a_decision_keeps_options_reasons_dissent_first_next_and_review(world, entries) -> None:
    made = decide(world, SECTOR)
    assert (made.chosen, made.next_choice, made.decided_on) == ("Plastics", "Health care", timezone.localdate())
    assert [option["option"] for option in made.options] == ["Plastics", "Health care"]
    assert entries("decision.make") == 1


def test_a_later_decision_takes_the_place_of_an_earlier_and_only_one_does(world) -> None:
    first = decide(world, SECTOR)
    later = decide(
        world, Wanted("Which industry first?", "sector", chosen="Logistics", reasons="New data."), replaces=first
    )
    first.refresh_from_db()
    assert first.chosen == "Plastics" and later.replaces_id == first.pk
    with pytest.raises(Refused, match="replaced this decision meanwhile"):
        decide(world, Wanted("Which?", "sector", chosen="Steel", reasons="Late."), replaces=first)


def test_a_choice_that_is_no_option_and_a_decision_without_reasons_are_refused(world) -> None:
    with pytest.raises(Refused, match="not one of the options"):
        decide(world, Wanted("Which?", "sector", options=[Choice("A"), Choice("B")], chosen="C", reasons="So."))
    with pytest.raises(Refused, match="Why|Reasons"):
        decide(world, Wanted("Which?", chosen="A"))
    assert world.one.decisions.count() == 0


def test_the_joint_choice_of_a_convener_rates_each_candidate_and_names_what_it_leaves_behind(world) -> None:
    ratings = {"credibility": 5, "staff_time": 2, "neutrality": 3, "looks": 5}
    with pytest.raises(Refused, match="“Chamber” which agenda"):
        decide(
            world,
            Wanted(
                "Who convenes?", "convener", options=[Choice("Chamber", "", ratings)], chosen="Chamber", reasons="R"
            ),
        )
    made = decide(
        world,
        Wanted(
            "Who convenes?",
            "convener",
            options=[
                Choice("Chamber", "Knows CEOs", ratings, "Gaining members"),
                Choice("Board", "", {"neutrality": 9}, "Figures"),
            ],
            chosen="Chamber",
            reasons="Together.",
            agreed=[world.team.partner_seat.pk, world.cast.maine.partner_seat.pk],
            decided_on=date(2026, 5, 1),
        ),
    )
    assert made.options[0]["ratings"] == {"credibility": 5, "staff_time": 2, "neutrality": 3}
    assert made.options[1]["ratings"] == {}
    assert made.decided_by == world.team.partner.name  # nobody of another space
    assert made.decided_on == date(2026, 5, 1)


def test_an_obstacle_needs_its_name_and_a_day_to_look_again(world) -> None:
    with pytest.raises(Refused, match="which obstacle"):
        decide(world, Wanted("How?", "obstacle", chosen="By bus", reasons="R"))
    with pytest.raises(Refused, match="look at this path again"):
        decide(world, Wanted("How?", "obstacle", "distance", chosen="By bus", reasons="R"))
    later = timezone.localdate() + timedelta(days=90)
    assert decide(world, Wanted("How?", "obstacle", "distance", chosen="By bus", reasons="R", review_on=later)).topic


def test_decisions_of_the_executive_committee_are_for_conveners_and_the_inner_table(world) -> None:
    made = decide(world, Wanted("Shall we expand?", "executive", chosen="Yes", reasons="Demand."))
    assert doors.decision(world.by, world.one, made.pk) == made
    agency = world.team.actor("agency")
    assert partnership_queries.decisions(agency, world.one) == []
    with pytest.raises(Missing):
        doors.decision(agency, world.one, made.pk)


def test_a_decision_is_a_word_document_with_all_of_it(world) -> None:
    made = decide(world, SECTOR)
    word = docx.Document(BytesIO(documents.decision_file(world.one, made, "docx").content))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for said in ("Which industry first?", "More champions are ready.", "The hospital would", "Dana One"):
        assert said in text
    assert documents.decision_file(world.one, made, "pdf").content.startswith(b"%PDF")
    with pytest.raises(Missing):
        documents.decision_file(world.one, made, "exe")


def test_a_convener_of_another_space_reads_no_decision(world) -> None:
    made = decide(world, SECTOR)
    with pytest.raises(Missing):
        doors.decision(world.cast.maine.actor("convener"), world.one, made.pk)
