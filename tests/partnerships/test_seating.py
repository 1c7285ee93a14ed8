"""Seats: the rules of the two tables, terms, duties, delegates, hand-over, and two who are quick at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.method.presets import preset
from sharedtable.partnerships import clocking, seat_queries, seating
from sharedtable.partnerships.models import Deadline, Seat
from sharedtable.partnerships.typed import months_later


def test_a_seat_is_at_the_table_of_its_role_and_written_down_once(world, entries) -> None:
    made = world.seat("champion", world.team.champion)
    assert (made.table, made.role, made.is_accepted) == ("inner", "champion", None)
    assert entries("seat.give") == 1


@pytest.mark.parametrize("role", ["chair", "lead_champion", "champion", "member", "early_voice"])
def test_a_support_partner_never_holds_a_role_of_the_inner_table(world, role) -> None:
    somebody = world.person("Sam Support", world.team.board)
    with pytest.raises(Refused, match="Sam Support belongs to a support partner and sits at the outer table"):
        world.seat(role, somebody)
    assert not Seat.objects.filter(person=somebody).exists()


@pytest.mark.parametrize("role", ["convener", "core_partner", "support_team", "facilitator"])
def test_a_business_person_never_holds_a_role_of_the_outer_table(world, role) -> None:
    with pytest.raises(Refused, match="Early business voice"):
        world.seat(role, world.team.champion)


def test_a_support_partners_organisation_cannot_sit_at_the_inner_table_without_a_person_either(world) -> None:
    with pytest.raises(Refused, match="outer table"):
        seating.give_seat(by=world.by, partnership=world.one, role="member", organisation=world.team.college)


def test_nobody_sits_at_both_tables_even_without_an_employer_on_record(world) -> None:
    free = world.person("Fran Free")
    world.seat("core_partner", free)
    with pytest.raises(Refused, match="Nobody sits at both"):
        world.seat("champion", free)


def test_a_company_that_was_left_long_ago_does_not_count(world) -> None:
    changer = world.person("Chris Changer", world.team.company, ended_on=date(2020, 1, 1))
    assert world.seat("core_partner", changer).table == "outer"


def test_a_term_ends_after_the_months_of_the_preset_and_is_renewed_from_its_end(world) -> None:
    begun = date(2026, 8, 31)
    made = world.seat("chair", world.person("Nora New", world.team.company), started_on=begun)
    assert made.ends_on == months_later(begun, int(preset("chair_term_months").value)) == date(2027, 2, 28)
    Seat.objects.filter(pk=made.pk).update(ends_on=timezone.localdate() + timedelta(days=10))
    again = seating.renew(by=world.by, seat=made)
    assert again.ends_on == months_later(timezone.localdate() + timedelta(days=10), 6)


def test_a_role_without_a_term_has_no_end_and_nothing_to_renew(world) -> None:
    made = world.seat("member", world.team.champion)
    assert made.ends_on is None
    with pytest.raises(Refused, match="no term"):
        seating.renew(by=world.by, seat=made)


def test_the_first_convener_takes_the_four_duties_and_a_second_begins_with_what_is_open(world) -> None:
    first = world.seat("convener", world.person("Dana One", world.team.board))
    assert first.duties == ["meetings", "communication", "brokering", "facilitation"]
    second = world.seat("convener", world.person("Kit Two", world.team.college))
    assert second.duties == []
    seating.change_seat(by=world.by, seat=first, version=first.version, duties=["meetings", "communication"])
    seating.change_seat(by=world.by, seat=second, version=second.version, duties=["brokering", "facilitation"])
    warned = {warning.title for warning in seat_queries.warnings(seat_queries.tables(world.one), None)}
    assert "A convener's duty is open" not in warned


def test_an_open_duty_a_missing_backup_and_nobody_on_point_are_told(world) -> None:
    first = world.seat("convener", world.person("Dana One", world.team.board))
    seating.change_seat(by=world.by, seat=first, version=first.version, duties=["meetings"])
    found = {warning.title: warning.text for warning in seat_queries.warnings(seat_queries.tables(world.one), None)}
    assert "Facilitate" in found["A convener's duty is open"]
    assert "No back-up for the convener" in found
    world.seat("backup", world.person("Bo Back", world.team.college), acts_for=first.pk)
    world.seat("convener", world.person("Kit Two", world.team.college))
    found = {warning.title: warning.text for warning in seat_queries.warnings(seat_queries.tables(world.one), None)}
    assert "No back-up for the convener" not in found
    assert "Nobody is on point" in found


def test_one_convener_at_a_time_is_on_point(world) -> None:
    first = world.seat("convener", world.person("Dana One", world.team.board))
    second = world.seat("convener", world.person("Kit Two", world.team.college))
    seating.put_on_point(by=world.by, seat=first)
    seating.put_on_point(by=world.by, seat=second)
    assert list(Seat.objects.filter(is_on_point=True).values_list("pk", flat=True)) == [second.pk]
    with pytest.raises(Refused, match="Only a convener"):
        seating.put_on_point(by=world.by, seat=world.team.chair_seat)


def test_a_delegate_needs_a_principal_and_has_tasks_but_no_vote(world) -> None:
    clerk = world.person("Dee Delegate", world.team.company)
    with pytest.raises(Refused, match="for whom"):
        world.seat("delegate", clerk)
    made = world.seat("delegate", clerk, acts_for=world.team.chair_seat.pk)
    chair = next(one for one in seat_queries.tables(world.one).inner if one.seat.pk == made.pk)
    assert chair.has_vote is False
    assert chair.acts_for == world.team.chair.name
    with pytest.raises(Refused, match="holds that seat already"):
        world.seat("delegate", clerk, acts_for=world.team.chair_seat.pk)


def test_only_lead_champions_make_up_the_executive_committee(world) -> None:
    with pytest.raises(Refused, match="made of lead champions"):
        world.seat("executive", world.team.champion)
    world.seat("lead_champion", world.team.champion, area="Training")
    assert world.seat("executive", world.team.champion).table == "inner"


def test_a_hand_over_takes_area_duties_and_open_dates_along_and_keeps_the_history(world, entries) -> None:
    lead = world.seat("lead_champion", world.team.champion, area="Training")
    due = clocking.add_deadline(
        by=world.by, partnership=world.one, title="Plan", due_on=timezone.localdate(), seat=lead
    )
    heir = world.person("Hal Heir", world.team.company)
    made = seating.hand_over(by=world.by, seat=lead, to=heir, note="Moved away")
    lead.refresh_from_db()
    assert (made.area, made.duties, made.person_id) == ("Training", lead.duties, heir.pk)
    assert lead.ended_on is not None
    assert Deadline.objects.get(pk=due.pk).seat_id == made.pk
    assert entries("seat.hand_over") == 1


def test_a_hand_over_to_the_other_table_is_refused_and_changes_nothing(world) -> None:
    lead = world.seat("lead_champion", world.team.champion, area="Training")
    with pytest.raises(Refused, match="outer table"):
        seating.hand_over(by=world.by, seat=lead, to=world.team.partner)
    lead.refresh_from_db()
    assert lead.ended_on is None


def test_the_second_of_two_who_seat_the_same_person_is_told(world) -> None:
    world.seat("champion", world.team.champion)
    with pytest.raises(Refused, match="Somebody may have been quicker"):
        world.seat("champion", world.team.champion)
    assert Seat.objects.filter(person=world.team.champion, role="champion").count() == 1


def test_the_database_itself_refuses_the_second_seat_and_the_sentence_is_the_same(world, monkeypatch) -> None:
    # Both looked before either wrote: the first has sat down between the look and the write of the second.
    make = Seat.objects.create

    def too_late(**fields):
        make(**fields)
        return make(**fields)

    monkeypatch.setattr(Seat.objects, "create", too_late)
    with pytest.raises(Refused, match="Somebody may have been quicker"):
        world.seat("champion", world.team.champion)
    monkeypatch.undo()
    assert Seat.objects.filter(person=world.team.champion).count() == 0


def test_a_stale_change_of_a_seat_is_refused(world) -> None:
    seat = world.team.chair_seat
    seating.change_seat(by=world.by, seat=seat, version=seat.version, duties=["chair_launch"])
    with pytest.raises(Refused, match="Somebody else changed this meanwhile"):
        seating.change_seat(by=world.by, seat=seat, version=seat.version, duties=[])
    seat.refresh_from_db()
    assert seat.duties == ["chair_launch"]


def test_a_seat_that_ends_takes_those_who_act_for_it_along(world) -> None:
    clerk = world.seat("delegate", world.person("Dee Delegate", world.team.company), acts_for=world.team.chair_seat.pk)
    seating.end_seat(by=world.by, seat=world.team.chair_seat)
    clerk.refresh_from_db()
    assert clerk.ended_on == timezone.localdate()
    with pytest.raises(Refused, match="This seat has ended"):
        seating.end_seat(by=world.by, seat=world.team.chair_seat)


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_nobody_but_a_convener_gives_seats(world, role) -> None:
    with pytest.raises(Missing):
        seating.give_seat(by=world.team.actor(role), partnership=world.one, role="member", person=world.team.champion)


def test_a_convener_of_another_space_cannot_touch_a_seat(world) -> None:
    stranger = world.cast.maine.actor("convener")
    with pytest.raises(Missing):
        seating.end_seat(by=stranger, seat=world.team.chair_seat)
    with pytest.raises(Missing):
        seating.give_seat(by=stranger, partnership=world.one, role="member", person=world.team.champion)


def test_a_break_in_the_last_write_leaves_no_seat(world, monkeypatch) -> None:
    def broken(**_fields):
        raise IntegrityError("the disk is full")

    monkeypatch.setattr(seating, "record", broken)
    with pytest.raises(IntegrityError):
        world.seat("champion", world.team.champion)
    assert not Seat.objects.filter(person=world.team.champion).exists()


def test_systems_that_are_missing_among_core_partners_are_named(world) -> None:
    world.seat("convener", world.person("Dana One", world.team.board))
    covered = seat_queries.coverage(seat_queries.tables(world.one))
    assert covered.missing == ["Economic development"]
    warned = {warning.title: warning.text for warning in seat_queries.warnings(seat_queries.tables(world.one), None)}
    assert "Economic development" in warned["A system is missing"]
    world.seat(
        "core_partner", world.person("Eve Econ", world.place("Growth office", "support", system="economic_development"))
    )
    covered = seat_queries.coverage(seat_queries.tables(world.one))
    assert covered.missing == []
    assert "Education" in covered.thin


def test_a_team_without_anybody_who_can_commit_is_flagged_until_one_is_known(world) -> None:
    titles = [warning.title for warning in seat_queries.warnings(seat_queries.tables(world.one), None)]
    assert "No authority to commit" in titles
    world.seat("core_partner", world.person("Cam Commit", world.team.board, can_commit=True))
    titles = [warning.title for warning in seat_queries.warnings(seat_queries.tables(world.one), None)]
    assert "No authority to commit" not in titles


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            [("Columbus", "39049"), ("Columbus", "39049")],
            "All partners sit in one county. All partners sit in one city: Columbus.",
        ),
        ([("Columbus", "39049"), ("Dublin", "39049")], "All partners sit in one county"),
        ([("Columbus", "39049"), ("Newark", "39089")], ""),
    ],
)
def test_partners_within_one_city_or_county_bring_a_warning(world, places, said) -> None:
    Seat.objects.filter(pk=world.team.partner_seat.pk).update(ended_on=timezone.localdate())
    for number, (city, county) in enumerate(places):
        place = world.place(f"Partner {number}", "support", city=city, state_code="OH", county_code=county)
        world.seat("core_partner", world.person(f"Pat P{number}", place))
    text = seat_queries.one_place(seat_queries.tables(world.one), None)
    assert text.startswith(said) and bool(text) == bool(said)


def test_early_voices_and_delegates_do_not_count_as_invited(world) -> None:
    before = seat_queries.invited_count(seat_queries.tables(world.one))
    world.seat("early_voice", world.team.champion)
    world.seat("delegate", world.person("Dee D", world.team.company), acts_for=world.team.chair_seat.pk)
    assert seat_queries.invited_count(seat_queries.tables(world.one)) == before == 1


def test_chairs_of_one_kind_and_terms_that_end_are_told(world) -> None:
    Seat.objects.filter(pk=world.team.chair_seat.pk).update(
        standing="established", ends_on=timezone.localdate() - timedelta(days=1)
    )
    world.seat("chair", world.team.champion, standing="established", ends_on=timezone.localdate() + timedelta(days=9))
    titles = [warning.title for warning in seat_queries.warnings(seat_queries.tables(world.one), None)]
    assert "Pair the chairs" in titles
    assert f"The term of {world.team.chair.name} has ended" in titles
    assert f"The term of {world.team.champion.name} ends soon" in titles
