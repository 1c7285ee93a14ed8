"""The cast of the tests: two teams that must never see each other, with one user for each role in both.

All of them are made up. `cast` is a fixture (see tests/conftest.py); tests say `cast.ohio.convener`, or
`cast.client("convener")` for a browser in which that user is signed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from sharedtable.accounts.actors import Actor, actor_of_user
from sharedtable.accounts.models import Grant, Role, Space, User
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Membership, Organisation, Person

HOST = "testserver"


@dataclass
class Team:
    """One space with its people: a company with two executives, a college and a board, a partnership with seats."""

    space: Space
    users: dict[str, User] = field(default_factory=dict)
    company: Organisation = None  # type: ignore[assignment]
    college: Organisation = None  # type: ignore[assignment]
    board: Organisation = None  # type: ignore[assignment]
    chair: Person = None  # type: ignore[assignment]
    champion: Person = None  # type: ignore[assignment]
    partner: Person = None  # type: ignore[assignment]
    partnership: Partnership = None  # type: ignore[assignment]
    chair_seat: Seat = None  # type: ignore[assignment]
    partner_seat: Seat = None  # type: ignore[assignment]

    def actor(self, role: str) -> Actor:
        """What a user of that role is in this space."""
        return actor_of_user(self.users[role], self.space.slug)


@dataclass
class Cast:
    """Both teams, and somebody who belongs to neither."""

    ohio: Team
    maine: Team
    stranger: User

    def client(self, role: str, team: str = "ohio", **settings: Any) -> Client:
        """A browser in which the user of that role is signed in; 'stranger' and 'visitor' work too."""
        client = Client(headers={"host": HOST, "origin": f"http://{HOST}"}, REMOTE_ADDR="203.0.113.9", **settings)
        if role == "stranger":
            client.force_login(self.stranger)
        elif role != "visitor":
            client.force_login(getattr(self, team).users[role])
        return client


def make_cast() -> Cast:
    """Both teams in the database."""
    return Cast(
        _team("ohio", "Central Ohio team", "OH", "Lakeside"),
        _team("maine", "Southern Maine team", "ME", "Harborview"),
        User.objects.create_user("stranger@example.org", "Sol Stranger"),
    )


def _team(slug: str, name: str, state: str, word: str) -> Team:
    now = timezone.now()
    space = Space.objects.create(slug=slug, name=name, state_code=state, made_at=now)
    team = Team(space)
    stamp = {"space": space, "made_at": now, "changed_at": now}

    def organisation(kind: str, title: str, **more: Any) -> Organisation:
        return Organisation.objects.create(kind=kind, name=title, search_text=title.lower(), **stamp, **more)

    def person(given: str, family: str, place: Organisation, title: str, **more: Any) -> Person:
        email = f"{given}.{family}@{slug}.example".lower()
        made = Person.objects.create(
            given_name=given,
            family_name=family,
            name=f"{given} {family}",
            email=email,
            phone=f"+1614555{place.pk:04d}"[:12],
            search_text=f"{given} {family} {email} {place.name}".lower(),
            notes=f"private note of {slug} about {given}",
            **stamp,
            **more,
        )
        Membership.objects.create(
            space=space, person=made, organisation=place, title=title, started_on=now.date(), made_at=now
        )
        return made

    team.company = organisation("business", f"{word} Plastics", naics_code="326199", employees=140, state_code=state)
    team.college = organisation("support", f"{word} Community College", system="education")
    team.board = organisation("support", f"{word} Workforce Board", system="workforce")
    team.chair = person("Casey", f"Chair{word}", team.company, "President")
    team.champion = person("Charlie", f"Champion{word}", team.company, "Plant manager")
    team.partner = person("Pat", f"Partner{word}", team.college, "Dean", agency=team.college)
    for role in Role.values:
        user = User.objects.create_user(f"{role}@{slug}.example", f"{role.title()} {word}")
        agency = team.college.pk if role == Role.AGENCY else 0
        Grant.objects.create(space=space, user=user, role=role, agency_id=agency, granted_by="operator", granted_at=now)
        team.users[role] = user
        if role in (Role.ADMIN, Role.CONVENER):  # without a second step they would reach the page Security alone
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "of the tests"})
    team.partnership = Partnership.objects.create(
        space=space, slug="plastics", name=f"{word} plastics partnership", made_at=now, made_by="operator"
    )

    def seat(who: Person, table: str, role: str) -> Seat:
        return Seat.objects.create(
            space=space, partnership=team.partnership, person=who, table=table, role=role, started_on=now.date(),
            made_at=now, made_by="operator",
        )  # fmt: skip

    team.chair_seat = seat(team.chair, "inner", "chair")
    team.partner_seat = seat(team.partner, "outer", "core_partner")
    return team
