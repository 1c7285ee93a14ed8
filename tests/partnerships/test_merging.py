"""Two entries that are joined bring their seats, promises and agreements together, and part again exactly."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from sharedtable.partnerships import agreeing, team_queries
from sharedtable.partnerships.models import (
    Confirmation,
    Deadline,
    MapEntry,
    Pledge,
    PointOfContact,
    Program,
    Seat,
)
from sharedtable.people import list_queries, merging
from sharedtable.people.models import Organisation, Person
from sharedtable.worksheets.models import Asked
from tests.partnerships.conftest import World
from tests.people.test_merging import digest, seen_again
from tests.worksheets.rounds import begun

pytestmark = pytest.mark.django_db


def join(world: World, winner, loser, **take):
    seen_again()
    winner.refresh_from_db()
    loser.refresh_from_db()
    return merging.join(
        by=world.by, winner=winner, loser=loser, take=take, versions=(winner.version, loser.version)
    )  # fmt: skip


def test_two_seats_in_the_same_role_become_one_and_part_again(world: World) -> None:
    team = world.team
    double = world.person("Casey Chair", team.company)
    again = world.seat("chair", double)
    other = world.seat("champion", double)
    helper = world.person("Hana Helper", team.company)
    for number, role in enumerate(("delegate",)):
        Seat.objects.create(
            space=world.space, partnership=world.one, person=helper, table="inner", role=role, acts_for=again,
            started_on=date(2026, 1, 1 + number), made_at=timezone.now(), made_by="operator",
        )  # fmt: skip
    due = Deadline.objects.create(
        space=world.space, partnership=world.one, title="Call", due_on=date(2026, 5, 1), seat=again,
        made_at=timezone.now(), made_by="operator",
    )  # fmt: skip
    round_ = begun(team, [team.chair, double])
    seen_again()
    before = digest()
    merge = join(world, team.chair, double)
    live = Seat.objects.filter(person=team.chair, ended_on=None)
    assert sorted(live.values_list("role", flat=True)) == ["chair", "champion"]
    assert live.get(role="chair").pk == team.chair_seat.pk and live.get(role="champion").pk == other.pk
    again.refresh_from_db()
    assert again.ended_on == timezone.localdate() and again.person_id == team.chair.pk
    due.refresh_from_db()
    assert due.seat_id == team.chair_seat.pk
    assert Seat.objects.get(person=helper).acts_for_id == team.chair_seat.pk
    # Both were asked in one round: each sheet stays with the name under which it was asked for.
    assert set(Asked.objects.filter(round=round_).values_list("person_id", flat=True)) == {team.chair.pk, double.pk}
    assert merging.part(by=world.by, merge=merge) == []
    assert digest() == before


def test_a_delegate_of_both_seats_stays_where_they_are(world: World) -> None:
    double, helper = world.person("Casey Chair", world.team.company), world.person("Hana Helper", world.team.company)
    again = world.seat("chair", double)
    for seat in (again, world.team.chair_seat):
        Seat.objects.create(
            space=world.space, partnership=world.one, person=helper, table="inner", role="delegate", acts_for=seat,
            started_on=date(2026, 1, 1), made_at=timezone.now(), made_by="operator",
        )  # fmt: skip
    seen_again()
    before = digest()
    merge = join(world, world.team.chair, double)
    assert Seat.objects.filter(person=helper, acts_for=world.team.chair_seat).count() == 1
    merging.part(by=world.by, merge=merge)
    assert digest() == before


def test_organisations_join_with_promises_programs_contacts_map_and_agreement(world: World) -> None:
    team, now, stamp = world.team, timezone.now(), {"space": world.space, "made_by": "operator"}
    twin = world.place("Lakeside Comm. College", "support")
    dean = world.person("Dina Dean", twin)
    world.seat("core_partner", dean)
    agreement = agreeing.write_agreement(by=world.by, partnership=world.one)
    for place, who in ((team.college, team.partner), (twin, dean)):
        Pledge.objects.create(
            partnership=world.one, organisation=place, hours_a_week=4, started_on=now.date(), made_at=now, **stamp
        )
        Program.objects.create(organisation=place, group="programs", name="Welding", made_at=now, **stamp)
        PointOfContact.objects.create(organisation=place, lead=who, started_on=now.date(), **stamp)
        MapEntry.objects.create(
            partnership=world.one, place="suppliers", name=place.name, organisation=place, made_at=now, **stamp
        )
        Confirmation.objects.create(
            space=world.space, agreement=agreement, organisation=place, person=who, at=now
        )  # fmt: skip
    assert team_queries.agreed(agreement).is_complete
    seen_again()
    before = digest()
    merge = join(world, team.college, twin)
    for model in (Pledge, Program, PointOfContact):
        rows = model.objects.filter(organisation=team.college)
        assert (rows.count(), rows.filter(ended_on=None).count()) == (2, 1), model
    assert MapEntry.objects.filter(organisation=team.college, ended_at=None).count() == 2
    agreement.refresh_from_db()
    assert {line["organisation"] for line in agreement.lines} == {team.college.pk}
    assert team_queries.agreed(agreement).is_complete
    assert merging.part(by=world.by, merge=merge) == []
    assert digest() == before


def test_who_works_at_a_joined_company_is_found_under_its_name_and_no_address_is(world: World) -> None:
    twin = world.place("Riverbend Molding")
    worker = world.person("Wes Worker", twin)
    merge = join(world, world.team.company, twin)
    agency = world.team.actor("agency")

    def hits(text: str) -> set[int]:
        return {row.pk for row in list_queries.people_page(agency, {"q": text}).rows}

    assert worker.pk in hits("lakeside plastics") and hits("riverbend") == set()
    merging.part(by=world.by, merge=merge)
    assert worker.pk not in hits("lakeside plastics") and hits("riverbend") == {worker.pk}
    double = Person.objects.create(
        space=world.space, name="W. Worker", email="zebra@x.example", made_at=timezone.now(), changed_at=timezone.now()
    )
    join(world, worker, double, email="loser")
    worker.refresh_from_db()
    assert worker.email == "zebra@x.example"
    assert hits("zebra") == hits("people.example") == set()
    assert Organisation.objects.get(pk=twin.pk).merged_into_id is None
