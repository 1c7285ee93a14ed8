"""Hours, programs, points of contact, map, agreement, hand-over of convening, succession, and what the state sees."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from sharedtable.accounts.actors import actor_of_link
from sharedtable.accounts.links import open_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import Draft, queue
from sharedtable.ledger.models import Letter
from sharedtable.partnerships import (
    actions,
    agreeing,
    handing_over,
    home_queries,
    seat_queries,
    seating,
    shared_queries,
    team_queries,
    teamwork,
)
from sharedtable.partnerships.models import Confirmation, Seat
from sharedtable.people.models import Consent, Person


def pledge(world, hours: str, days: int | None):
    today = timezone.localdate()
    return teamwork.pledge(
        by=world.by,
        partnership=world.one,
        organisation=world.team.board,
        hours_a_week=Decimal(hours),
        started_on=today,
        ends_on=today + timedelta(days=days) if days else None,
    )


@pytest.mark.parametrize(
    ("hours", "days", "warned"),
    [
        ("16", None, set()),
        ("15.9", None, {"Too little working time"}),
        ("20", 90, {"Assured for too short"}),
        ("24", 400, set()),
    ],
)
def test_pledged_hours_become_full_time_shares_with_the_two_warnings(world, hours, days, warned) -> None:
    pledge(world, hours, days)
    found = team_queries.capacity(world.by, world.one)
    assert found.fte == Decimal(hours) / 40
    assert {warning.title for warning in found.warnings} - {"A peak of work is near"} == warned


def test_a_newer_promise_ends_the_older(world) -> None:
    pledge(world, "10", None)
    pledge(world, "18", None)
    assert [one.hours_a_week for one in world.one.pledges.filter(ended_on=None)] == [Decimal("18.0")]
    with pytest.raises(Refused, match="168"):
        pledge(world, "169", None)


def test_the_two_peaks_are_told_before_they_come_and_overruns_are_named(world) -> None:
    actions.set_step(by=world.by, partnership=world.one, number=4, state="under_way")
    pledge(world, "20", None)
    titles = [warning.title for warning in team_queries.capacity(world.by, world.one).warnings]
    assert "A peak of work is near" in titles
    teamwork.set_hours(by=world.by, partnership=world.one, hours={5: (200, 250)})
    said = [warning.text for warning in team_queries.capacity(world.by, world.one).warnings]
    assert said == ["“Move to action” has taken 250 hours of 200."]
    with pytest.raises(Refused, match="whole numbers"):
        teamwork.set_hours(by=world.by, partnership=world.one, hours={7: (1, 1)})


def test_the_map_has_seven_places_and_takes_each_name_once(world) -> None:
    teamwork.place_on_map(by=world.by, partnership=world.one, place="suppliers", name="Resin maker")
    made = teamwork.place_on_map(
        by=world.by, partnership=world.one, place="members", name="", organisation=world.team.company
    )
    places = team_queries.cluster_map(world.by, world.one)
    assert [place.key for place in places] == [
        "members", "suppliers", "buyers", "infrastructure", "labor", "innovation", "strategic",
    ]  # fmt: skip
    assert [entry.name for entry in places[0].entries] == [world.team.company.name]
    with pytest.raises(Refused, match="stands at that place already"):
        teamwork.place_on_map(by=world.by, partnership=world.one, place="suppliers", name="resin maker")
    teamwork.take_off_map(by=world.by, partnership=world.one, pk=made.pk)
    assert not team_queries.cluster_map(world.by, world.one)[0].entries
    with pytest.raises(Missing):
        teamwork.take_off_map(by=world.cast.maine.actor("convener"), partnership=world.one, pk=made.pk)


def test_programs_stand_in_the_three_groups_with_who_answers_for_their_outreach(world, entries) -> None:
    made = teamwork.register_program(
        by=world.by, organisation=world.team.board, group="programs", name="Veterans", owner=world.team.partner
    )
    groups = {key: rows for key, _title, rows in team_queries.programs(world.by)}
    assert list(groups) == ["team", "programs", "others"]
    assert groups["programs"][0].outreach_owner == world.team.partner
    with pytest.raises(Refused, match="registered already"):
        teamwork.register_program(
            by=world.by, organisation=world.team.board, group="others", name="veterans", owner=None
        )
    teamwork.end_program(by=world.by, pk=made.pk)
    assert entries("program.register") == entries("program.end") == 1
    assert not any(rows for _key, _title, rows in team_queries.programs(world.by))


def test_a_company_has_one_point_of_contact_a_topic_with_a_cover(world) -> None:
    teamwork.set_contact(by=world.by, organisation=world.team.company, lead=world.team.partner, topic="Hiring")
    other = world.person("Kit Two", world.team.board)
    teamwork.set_contact(
        by=world.by, organisation=world.team.company, lead=other, cover=world.team.partner, topic="hiring"
    )
    found = team_queries.contacts(world.team.actor("agency"), world.team.company.pk)
    assert [(one.lead, one.cover) for one in found] == [(other, world.team.partner)]
    with pytest.raises(Refused, match="cover for themselves"):
        teamwork.set_contact(by=world.by, organisation=world.team.company, lead=other, cover=other)
    with pytest.raises(Missing):
        team_queries.contacts(world.team.actor("state"))


def confirmer(world, agreement, person):
    agreeing.ask_to_confirm(by=world.by, agreement=agreement, person=person)
    body = Letter.objects.filter(kind="agreement").latest("id").body
    return actor_of_link(open_link(re.search(r"/l/(\S+)", body)[1]))


def test_the_agreement_comes_from_the_seats_and_each_organisation_confirms_by_link(world) -> None:
    dana = world.person("Dana One", world.team.board)
    world.seat("convener", dana)
    made = agreeing.write_agreement(by=world.by, partnership=world.one)
    assert agreeing.write_agreement(by=world.by, partnership=world.one).pk == made.pk  # nothing changed since
    found = team_queries.agreement(world.by, world.one)
    board = next(line for line in found.lines if line["name"] == world.team.board.name)
    assert board["roles"] == ["Convener"] and "Facilitate" in board["duties"]
    holder = confirmer(world, made, dana)
    agreeing.confirm_agreement(by=holder)
    agreeing.confirm_agreement(by=holder)  # again is harmless
    assert Confirmation.objects.count() == 1
    assert team_queries.agreement(world.by, world.one).confirmed == 1
    body = Letter.objects.get(kind="confirmation").body
    agreeing.undo(Confirmation.objects.get().pk, actor_of_link(open_link(re.search(r"/l/(\S+)", body)[1])))
    assert team_queries.agreement(world.by, world.one).confirmed == 0


def test_an_agreement_that_was_written_anew_is_not_confirmed_by_the_old_link(world) -> None:
    holder = confirmer(world, agreeing.write_agreement(by=world.by, partnership=world.one), world.team.partner)
    world.seat("convener", world.person("Dana One", world.team.board))
    agreeing.write_agreement(by=world.by, partnership=world.one)
    with pytest.raises(Refused, match="newer version"):
        agreeing.confirm_agreement(by=holder)


def test_somebody_of_no_organisation_in_it_is_not_asked_to_confirm(world) -> None:
    made = agreeing.write_agreement(by=world.by, partnership=world.one)
    with pytest.raises(Refused, match="does not belong"):
        agreeing.ask_to_confirm(by=world.by, agreement=made, person=world.team.chair)


def test_convening_is_handed_over_with_duties_and_only_the_contacts_that_agreed(world, entries) -> None:
    old = world.seat("convener", world.person("Dana One", world.team.board))
    yes, no = world.person("Yes Agreed"), world.person("No Stays")
    Person.objects.filter(pk__in=[yes.pk, no.pk]).update(agency=world.team.board)
    for given in (False, True):  # the last word counts
        Consent.objects.create(
            space=world.space, person=yes, key="hand_over", is_given=given, how="by mail", at=timezone.now(), by="t"
        )
    letter = Draft(kind="x", key="x", to_address="a@x.example", subject="s", body="b")
    queue(letter, by="t", space_id=world.space.pk)
    heir = world.person("Hal Heir", world.team.college)
    plan = handing_over.plan(world.by, old)
    assert (plan.contacts, plan.agreed, plan.letters_held) == (2, 1, 1)
    with pytest.raises(Refused, match="letters still wait"):
        handing_over.hand_over_convening(by=world.by, seat=old, to=heir, takes_contacts=True, letters_are_seen=False)
    made = handing_over.hand_over_convening(by=world.by, seat=old, to=heir, takes_contacts=True, letters_are_seen=True)
    yes.refresh_from_db()
    no.refresh_from_db()
    assert (yes.agency_id, no.agency_id) == (world.team.college.pk, world.team.board.pk)
    assert (made.role, made.duties) == ("convener", old.duties)
    assert entries("convener.hand_over") == 1


def test_convening_is_never_handed_to_a_business_person(world) -> None:
    old = world.seat("convener", world.person("Dana One", world.team.board))
    with pytest.raises(Refused, match="inner table"):
        handing_over.hand_over_convening(
            by=world.by, seat=old, to=world.team.champion, takes_contacts=False, letters_are_seen=True
        )


def test_roles_on_one_person_and_terms_without_a_second_are_shown_across_partnerships(world) -> None:
    other = actions.begin(by=world.by, name="Health care")
    seating.give_seat(by=world.by, partnership=other, role="champion", person=world.team.chair)
    Seat.objects.filter(pk=world.team.chair_seat.pk).update(ends_on=timezone.localdate() + timedelta(days=20))
    found = team_queries.succession(world.by)
    assert [holder.name for holder in found.holders] == [world.team.chair.name]
    assert [(ending.chair.name, ending.has_second) for ending in found.endings] == [(world.team.chair.name, False)]
    world.seat("delegate", world.person("Dee D", world.team.company), acts_for=world.team.chair_seat.pk)
    assert team_queries.succession(world.by).endings[0].has_second


def test_companies_stand_in_tiers_with_progress_toward_all_of_them(world) -> None:
    from sharedtable.partnerships import scoping

    for number in range(3):
        world.place(f"Company {number}", naics_code="326113", employees=60, county_code="39049")
    scope = scoping.make_version(by=world.by, partnership=world.one, based_on=0, region="39049", sector="3261", note="")
    member = world.person("Mel Member", world.place("Member Co"))
    world.seat("member", member)
    found = seat_queries.tiers(seat_queries.tables(world.one), scope)
    assert (found.champions, found.members, found.others) == (1, 1, 3)
    # Neither company at the table has a county, so the definition cannot tell whether it takes them in.
    assert (found.share_pct, found.beyond) == (0, 2)
    type(world.team.company).objects.filter(pk=world.team.company.pk).update(county_code="39049")
    found = seat_queries.tiers(seat_queries.tables(world.one), scope)
    assert (found.share_pct, found.reached, found.beyond, found.all) == (25, 1, 1, 4)


def test_a_definition_that_takes_in_nobody_has_no_share(world) -> None:
    from sharedtable.partnerships import scoping

    scope = scoping.make_version(by=world.by, partnership=world.one, based_on=0, region="39049", sector="3261", note="")
    found = seat_queries.tiers(seat_queries.tables(world.one), scope)
    assert (found.share_pct, found.beyond, found.all) == (None, 1, 0)


def test_the_state_sees_exactly_what_was_chosen_and_the_preview_is_the_same(world) -> None:
    state = world.team.actor("state")
    assert shared_queries.shared_page(state) == []
    actions.share(by=world.by, partnership=world.one, shares=["counts", "stage"])
    page = shared_queries.shared_page(state)
    assert page == [shared_queries.shared(world.one)]
    assert [title for title, _lines in page[0].parts] == ["Stage", "How many take part"]
    said = repr(page)
    assert world.team.chair.name not in said and world.team.company.name not in said
    with pytest.raises(Refused, match="from the list"):
        actions.share(by=world.by, partnership=world.one, shares=["notes"])
    with pytest.raises(Missing):
        actions.share(by=state, partnership=world.one, shares=[])


def test_the_home_puts_what_is_late_first_and_a_new_team_gets_its_first_things(world) -> None:
    from sharedtable.accounts.actors import actor_of_user
    from sharedtable.accounts.models import Grant, Space
    from sharedtable.partnerships import clocking

    today = timezone.localdate()
    clocking.add_deadline(by=world.by, partnership=world.one, title="Soon", due_on=today + timedelta(days=4))
    clocking.add_deadline(by=world.by, partnership=world.one, title="Late", due_on=today - timedelta(days=4))
    Seat.objects.filter(pk=world.team.chair_seat.pk).update(ends_on=today - timedelta(days=1))
    found = home_queries.space_home(world.by)
    assert [todo.urgency for todo in found.todos] == sorted(
        (todo.urgency for todo in found.todos), key=["now", "soon", "next"].index
    )
    assert found.todos[0].title == "Late"
    assert found.first_things == []
    assert home_queries.space_home(world.team.actor("agency")).todos == []  # nothing that they could do

    fresh = Space.objects.create(slug="fresh", name="Fresh team", made_at=timezone.now())
    user = world.team.users["convener"]
    Grant.objects.create(space=fresh, user=user, role="convener", granted_by="operator", granted_at=timezone.now())
    found = home_queries.space_home(actor_of_user(user, "fresh"))
    assert [todo.route for todo in found.first_things] == ["partnership-begin", "imports", "industries"]
