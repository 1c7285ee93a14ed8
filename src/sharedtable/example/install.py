"""Puts the example team into the record: through the same actions that a convener uses, so that it has a history."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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
from sharedtable.example import stories
from sharedtable.ledger.actions import record
from sharedtable.partnerships import clocking, seating, teamwork
from sharedtable.partnerships.models import Partnership
from sharedtable.people.actions.entries import add_organisation, add_person
from sharedtable.people.actions.judgements import set_tie
from sharedtable.people.models import Organisation, Person

FOLDER = Path(__file__).parent
SLUG = "example"
EMAIL = "cora.convener@shared-table.example"
SOURCE = "Example"


@dataclass(frozen=True)
class Example:
    """One example team: its short name, what it is called, which story it follows, what to expect, its convener."""

    slug: str
    name: str
    story: str
    summary: str
    state_code: str
    email: str
    convener: str


def examples() -> Mapping[str, Example]:
    """Every example by its short name; the first is the one that the start page opens."""
    first = Example(
        SLUG, "Central Ohio team (made up)", "", _read("partnership.toml")["summary"], "OH", EMAIL, "Cora Convener"
    )
    found = {SLUG: first}
    for name, data in stories.team_files().items():
        slug = f"{SLUG}-{name}"
        email = f"{data['convener'].lower().replace(' ', '.')}@shared-table.example"
        found[slug] = Example(
            slug, data["team"], data["story"], data["summary"], data["state_code"], email, data["convener"]
        )
    return found


def example(slug: str) -> Example:
    """One example. Fails with Missing when there is none of that name."""
    if slug not in examples():
        raise Missing(_("There is no such example."))
    return examples()[slug]


def example_user(slug: str = SLUG) -> User | None:
    """The convener of an example; None when it is not here."""
    found = Grant.objects.filter(space__slug=slug, space__is_example=True, space__closed_at=None, revoked_at=None)
    first = found.select_related("user").order_by("pk").first()
    return first.user if first else None


def laid() -> set[str]:
    """The short names of the examples that are here."""
    return set(Space.objects.filter(is_example=True, closed_at=None).values_list("slug", flat=True))


def install_example(*, by: Actor, slug: str = SLUG) -> User:
    """Make an example team, or find it; gives its convener.

    Only for the person at this machine: whoever signs in as the example's convener may change it. Fails with Missing
    for any other.
    """
    if not by.is_operator:
        raise Missing(_("That is not here, or not for you."))
    wanted = example(slug)
    with transaction.atomic(), override("en"):
        # The entry is written first: its lock makes a second press of the button wait, and then find the first.
        record(by=by.ref, verb="example.install", kind="space")
        known = example_user(slug)
        if known is not None:
            return known
        user = _team(by, wanted)
        convener = actor_of_user(user, slug)
        if slug == SLUG:
            record_of = _Record(convener, _read("people.toml"))
            _partnership(convener, record_of, _read("partnership.toml"))
        else:
            stories.lay(convener, stories.team_files()[slug.removeprefix(f"{SLUG}-")])
    return user


def remove_example(*, by: Actor, slug: str) -> None:
    """Take an example away: nobody enters it any more, and it can be laid afresh. Only for the person at this machine.

    Its rows stay in the database, closed, because the record of what happened is never cut; all of it is made up.
    """
    if not by.is_operator:
        raise Missing(_("That is not here, or not for you."))
    with transaction.atomic():
        record(by=by.ref, verb="example.remove", kind="space")
        space = Space.objects.select_for_update().filter(slug=slug, is_example=True, closed_at=None).first()
        if space is None:
            raise Missing(_("There is no such example."))
        now = timezone.now()
        Grant.objects.filter(space=space, revoked_at=None).update(revoked_at=now)
        Space.objects.filter(pk=space.pk).update(closed_at=now, slug=f"was-{space.pk}-{slug}"[:40])


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def _team(by: Actor, wanted: Example) -> User:
    now = timezone.now()
    space = Space.objects.create(
        slug=wanted.slug, name=wanted.name, state_code=wanted.state_code, time_zone=usual_zone(wanted.state_code),
        reply_to=wanted.email, is_example=True, made_at=now,
    )  # fmt: skip
    user = User.objects.filter(email=wanted.email).first() or User.objects.create_user(wanted.email, wanted.convener)
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
    today = stories.today_of(by)
    made = stories.begin(by, data)
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
        stories.decide(by, made, entry, today)
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
