"""Puts the example team into the record: through the same actions that a convener uses, so that it has a history."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sharedtable.accounts.actors import Actor, actor_of_user
from sharedtable.accounts.models import Grant, Role, Space, User
from sharedtable.accounts.zones import usual_zone
from sharedtable.errors import Missing
from sharedtable.ledger.actions import record
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.partnerships import actions, clocking, deciding, scoping, seating, teamwork
from sharedtable.partnerships.models import Partnership
from sharedtable.people.actions.entries import add_organisation, add_person
from sharedtable.people.actions.judgements import set_tie
from sharedtable.people.models import Organisation, Person
from sharedtable.studies.actions import save_region, save_sector

FOLDER = Path(__file__).parent
SLUG = "example"
EMAIL = "cora.convener@shared-table.example"
SOURCE = "Example"


def example_user() -> User | None:
    """The convener of the example; None when it is not here."""
    found = Grant.objects.filter(space__slug=SLUG, space__is_example=True, revoked_at=None).select_related("user")
    first = found.order_by("pk").first()
    return first.user if first else None


def install_example(*, by: Actor) -> User:
    """Make the example team, or find it; gives its convener.

    Only for the person at this machine: whoever signs in as the example's convener may change it. Fails with Missing
    for any other.
    """
    if not by.is_operator:
        raise Missing(_("That is not here, or not for you."))
    with transaction.atomic(), override("en"):
        # The entry is written first: its lock makes a second press of the button wait, and then find the first.
        record(by=by.ref, verb="example.install", kind="space")
        known = example_user()
        if known is not None:
            return known
        user = _team(by)
        convener = actor_of_user(user, SLUG)
        record_of = _Record(convener, _read("people.toml"))
        _partnership(convener, record_of, _read("partnership.toml"))
    return user


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def _team(by: Actor) -> User:
    now = timezone.now()
    space = Space.objects.create(
        slug=SLUG,
        name="Central Ohio team (made up)",
        state_code="OH",
        time_zone=usual_zone("OH"),
        reply_to=EMAIL,
        is_example=True,
        made_at=now,
    )
    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL, "Cora Convener")
    for role in (Role.CONVENER, Role.ADMIN):
        Grant.objects.create(space=space, user=user, role=role, granted_by=by.ref, granted_at=now)
    record(by=by.ref, verb="space.begin", kind="space", object_id=space.pk, space_id=space.pk)
    return user


class _Record:
    """The people and organisations of the example, once they are in the record, by name."""

    def __init__(self, by: Actor, data: Mapping[str, Any]) -> None:
        self.people: dict[str, Person] = {}
        self.places: dict[str, Organisation] = {}
        for key, kind in (("company", Organisation.Kind.BUSINESS), ("partner", Organisation.Kind.SUPPORT)):
            for entry in data[key]:
                values = {name: value for name, value in entry.items() if name != "person"}
                place = add_organisation(by=by, values={**values, "kind": kind, "state_code": "OH"}, source=SOURCE)
                self.places[place.name] = place
                for person in entry["person"]:
                    self._person(by, place, person)

    def _person(self, by: Actor, place: Organisation, entry: Mapping[str, str]) -> None:
        values = {name: value for name, value in entry.items() if name != "title"}
        made = add_person(by=by, values=values, organisation_id=place.pk, title=entry["title"], source=SOURCE)
        self.people[entry["name"]] = made

    def first_of(self, partner: str) -> Person:
        """Whoever answers for a partner."""
        return Person.objects.filter(memberships__organisation=self.places[partner]).earliest("pk")


def _partnership(by: Actor, found: _Record, data: Mapping[str, Any]) -> None:
    today = timezone.localdate()
    region, sector = Region.of(data["region"], data["region_name"]), Sector.of(data["sector"], data["sector_name"])
    save_region(region, by=by)
    save_sector(sector, by=by)
    made = actions.begin(
        by=by, name=data["name"], region=region.name, sector=data["first_sector"], summary=data["summary"]
    )
    scoping.make_version(
        by=by, partnership=made, based_on=1, region=region.name, sector=sector.name, note=data["scope_note"]
    )
    scoping.mark_good_enough(by=by, partnership=made, version=2)
    for step in data["step"]:
        actions.set_step(by=by, partnership=made, **step)
    _seats(by, made, found, data, today)
    for pledge in data["pledge"]:
        teamwork.pledge(
            by=by,
            partnership=made,
            organisation=found.places[pledge["partner"]],
            hours_a_week=Decimal(pledge["hours_a_week"]),
            started_on=today,
            ends_on=today + timedelta(days=30 * pledge["months"]),
        )
    for tie in data["tie"]:
        set_tie(
            by=by,
            person_id=found.people[tie["person"]].pk,
            agency_id=found.places[tie["partner"]].pk,
            strength=tie["strength"],
        )
    for entry in data["decision"]:
        _decide(by, made, entry, today)
    for program in data["program"]:
        teamwork.register_program(
            by=by,
            organisation=found.places[program["partner"]],
            owner=found.first_of(program["partner"]),
            **{key: value for key, value in program.items() if key != "partner"},
        )
    clocking.set_meeting(by=by, partnership=made, on=today + timedelta(days=data["launch_in_days"]), is_launch=True)


def _seats(by: Actor, made: Partnership, found: _Record, data: Mapping[str, Any], today: date) -> None:
    for seat in data["seat"]:
        person = found.people[seat["person"]] if "person" in seat else found.first_of(seat["partner"])
        seating.give_seat(
            by=by,
            partnership=made,
            role=seat["role"],
            person=person,
            organisation=found.places[seat["partner"]] if "partner" in seat else None,
            standing=seat.get("standing", ""),
            contribution=seat.get("contribution", ""),
            started_on=today + timedelta(days=seat["since_days"]),
        )


def _decide(by: Actor, made: Partnership, entry: Mapping[str, Any], today: date) -> None:
    deciding.decide(
        by=by,
        partnership=made,
        wanted=deciding.Wanted(
            question=entry["question"],
            kind=entry["kind"],
            options=[deciding.Choice(option) for option in entry["options"]],
            chosen=entry["chosen"],
            next_choice=entry["next_choice"],
            reasons=entry["reasons"],
            dissent=entry["dissent"],
            decided_by="The support team, at its third meeting",
            decided_on=today + timedelta(days=entry["decided_days"]),
            review_on=today + timedelta(days=entry["review_in_days"]),
        ),
    )
