"""Rounds for tests: started, opened, answered, shown, the way people do it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from sharedtable.accounts.actors import Actor, actor_of_link
from sharedtable.accounts.links import open_link
from sharedtable.accounts.models import PersonalLink
from sharedtable.ledger.models import Letter
from sharedtable.partnerships.models import Seat
from sharedtable.people.models import Membership, Person
from sharedtable.worksheets import answering, round_actions
from sharedtable.worksheets.answering import Edit
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.round_actions import NewRound
from tests.cast import Team

KEY = "k{:04d}abcdefghijklmnopqrstuvw"


def seats(team: Team, count: int, *, table: str = "inner") -> list[Person]:
    """That many people with a seat at that table, of the company or the college."""
    now, made = timezone.now(), []
    place = team.company if table == "inner" else team.college
    for number in range(count):
        name = f"Sam {table.title()}{number}"
        person = Person.objects.create(
            space=team.space, name=name, email=f"{table}{number}@{team.space.slug}.example", made_at=now, changed_at=now
        )
        Membership.objects.create(space=team.space, person=person, organisation=place, made_at=now)
        Seat.objects.create(
            space=team.space, partnership=team.partnership, person=person, table=table, role="member",
            started_on=now.date(), made_at=now, made_by="operator",
        )  # fmt: skip
        made.append(person)
    return made


def begun(team: Team, people: Sequence[Person], tool: str = "what-works", **wanted: Any) -> Round:
    """An open round of those people, in private unless said otherwise."""
    by = team.actor("convener")
    new = NewRound(tool, wanted.pop("way", "private"), team.partnership, person_ids=[p.pk for p in people], **wanted)
    made = round_actions.start_round(new, by=by)
    round_actions.open_round(made.pk, by=by)
    made.refresh_from_db()
    return made


def token_of(letter: Letter) -> str:
    """The token in a letter, as a person finds it."""
    found = re.search(r"/l/(\S+)", letter.body)
    assert found, letter.body
    return found[1]


def links(about: Round) -> dict[int, tuple[PersonalLink, str]]:
    """Link and token of each person, from the letters that wait."""
    found = {}
    for letter in Letter.objects.filter(kind="worksheet", batch=f"round-{about.pk}-ask-0"):
        token = token_of(letter)
        found[letter.person_id or 0] = (open_link(token), token)
    return found


def holder(about: Round, person: Person) -> Actor:
    """The holder of that person's link."""
    return actor_of_link(links(about)[person.pk][0])


def answer(by: Actor, answers: Mapping[str, Any], *, key: str = "", counter: int = 1, device: str = "phone") -> int:
    """Save those answers as one device does."""
    return answering.keep(by=by, edits=[Edit(q, v, counter, device) for q, v in answers.items()], key=key)


def all_answer(about: Round, people: Sequence[Person], points: Sequence[int], question: str = "clusters") -> None:
    """Each person gives one answer to one question; in an anonymous round with a key of their own."""
    for number, (person, point) in enumerate(zip(people, points, strict=True)):
        by, key = holder(about, person), KEY.format(number)
        answering.begin(by=by, key=key)
        answer(by, {question: point}, key=key)
