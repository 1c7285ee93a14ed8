"""Every kind of letter to somebody who reads both languages: two halves, each complete, each in its own language.

A file of the program that writes such letters is in `MAKERS`; one that is not makes a test fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

import sharedtable
from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import make_link
from sharedtable.ledger import message
from sharedtable.ledger.models import Letter
from sharedtable.meetings import actions as meetings
from sharedtable.meetings import sending
from sharedtable.partnerships import agreeing, connecting, seat_acts, seating
from sharedtable.partnerships.models import Decision, Seat
from sharedtable.people.actions import answers, mail, own_data
from sharedtable.people.ask_models import Ask
from sharedtable.people.models import Person
from sharedtable.plans import inviting
from sharedtable.plans.models import Task
from sharedtable.steps import digest
from sharedtable.worksheets import round_actions
from tests.cast import Team
from tests.plans.conftest import make_launch
from tests.web.conftest import words
from tests.worksheets.rounds import begun

pytestmark = pytest.mark.django_db
Maker = Callable[[Team, Actor], object]


def _seat(team: Team, by: Actor) -> None:
    seating.ask(by=by, seat=team.chair_seat)


def _agreement(team: Team, by: Actor) -> None:
    agreement = agreeing.write_agreement(by=by, partnership=team.partnership)
    agreeing.ask_to_confirm(by=by, agreement=agreement, person=team.partner)


def _connections(team: Team, by: Actor) -> None:
    connecting.ask_connections(by=by, partnership=team.partnership, people=[team.partner.pk])


def _meeting(team: Team, by: Actor) -> None:
    launch = meetings.plan(
        by=by, partnership=team.partnership, run="launch", title="2027", place="",
        starts_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    sending.send_links(by=by, meeting=launch)


def _missing(team: Team, by: Actor) -> None:
    make_launch(team).freeze()
    inviting.link(by=by, task=Task.objects.get(), person_id=team.partner.pk)
    inviting.invite(by=by, tasks=list(Task.objects.select_related("person")), names_peer=False)


def _round(team: Team, by: Actor) -> None:
    begun(team, [team.chair])


def _reminder(team: Team, by: Actor) -> None:
    about = begun(team, [team.chair])
    Letter.objects.all().delete()
    round_actions.remind(about.pk, by=by)


def _digest(team: Team, by: Actor) -> None:
    now = timezone.now()
    made = {"space": team.space, "partnership": team.partnership, "made_at": now, "made_by": "operator"}
    Seat.objects.create(person=team.partner, table="network", role="supporter", started_on=now.date(), **made)
    Decision.objects.create(question="2027?", chosen="2027", decided_on=now.date() - timedelta(days=3), **made)
    digest.send(by=by, partnership=team.partnership, chosen=digest.page(by, team.partnership).chosen)


def _held(team: Team, by: Actor) -> None:
    mail.send_held_link(by=by, person_id=team.chair.pk)


def _ties(team: Team, by: Actor) -> None:
    mail.send_ties_link(by=by, person_id=team.partner.pk)


def _holder(team: Team) -> Actor:
    link, _token = make_link(by=team.actor("convener"), purpose="held", person_id=team.chair.pk)
    return Actor(f"link:{link.pk}", space=team.space, person_id=team.chair.pk, purpose="held")


def _answer(accepts: bool, kind: str) -> Maker:
    def make(team: Team, by: Actor) -> None:
        own_data.ask(by=_holder(team), kind=kind, field="title" if kind == "correct" else "", value="2027")
        Letter.objects.all().delete()
        answers.answer(by=by, pk=Ask.objects.get().pk, accepts=accepts, words="" if accepts else "2027")

    return make


def _confirmed_seat(team: Team, by: Actor) -> None:
    seating.ask(by=by, seat=team.chair_seat)
    link, _token = make_link(by=by, purpose="seat", person_id=team.chair.pk, kind="seat", object_id=team.chair_seat.pk)
    Letter.objects.all().delete()
    holder = Actor(
        f"link:{link.pk}", space=team.space, person_id=team.chair.pk, purpose="seat", object_kind="seat",
        object_id=team.chair_seat.pk,
    )  # fmt: skip
    seat_acts.answer(by=holder, is_yes=True)


MAKERS: dict[str, tuple[str, Maker]] = {
    "a seat": ("partnerships/seating.py", _seat),
    "who does what": ("partnerships/agreeing.py", _agreement),
    "connections": ("partnerships/connecting.py", _connections),
    "a link to a meeting": ("meetings/sending.py", _meeting),
    "somebody who is missing": ("plans/inviting.py", _missing),
    "a round": ("worksheets/letters.py", _round),
    "a reminder of a round": ("worksheets/letters.py", _reminder),
    "the digest": ("steps/digest.py", _digest),
    "what we hold": ("people/actions/mail.py", _held),
    "whom do you know": ("people/actions/mail.py", _ties),
    "a correction was made": ("people/actions/answers.py", _answer(True, "correct")),
    "a correction was not made": ("people/actions/answers.py", _answer(False, "correct")),
    "erased": ("people/actions/answers.py", _answer(True, "erase")),
    "not erased": ("people/actions/answers.py", _answer(False, "erase")),
    "a confirmed act": ("accounts/acts.py", _confirmed_seat),
}
# Words that stand in nearly every English or Spanish sentence, and in none of the other language.
ENGLISH = re.compile(r"\b(the|you|your|and|with|this|is|are|we|it|for|of|what|who)\b", re.I)
SPANISH = re.compile(r"\b(el|la|los|las|usted|su|sus|y|con|este|esta|esa|para|que|de|en|por|le)\b", re.I)


def writers() -> set[str]:
    """The files that write letters to somebody who may read both languages."""
    root, found = Path(sharedtable.__file__).parent, set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_it = isinstance(node, ast.ImportFrom) and node.module == "sharedtable.ledger.bilingual"
            if is_it and "written" in {one.name for one in node.names}:
                found.add(path.relative_to(root).as_posix())
    return found


def test_every_file_that_writes_such_letters_has_one_here() -> None:
    assert writers() == {file for file, _maker in MAKERS.values()}


@pytest.fixture
def readers(cast) -> Team:
    """Everybody of the team reads both; names that are no word of either language."""
    team = cast.ohio
    Person.objects.filter(space=team.space).update(language="both", given_name="Zoë", name="Zoë Quirk")
    type(team.space).objects.filter(pk=team.space.pk).update(name="Zz Team")
    type(team.partnership).objects.filter(pk=team.partnership.pk).update(name="Zz Plastics")
    for one in (team.chair, team.partner, team.champion, team.partnership, team.space, team.chair_seat):
        one.refresh_from_db()
    return team


def made(kind: str, team: Team) -> Letter:
    MAKERS[kind][1](team, team.actor("convener"))
    letters = list(Letter.objects.exclude(language="").filter(language="both"))
    assert letters, [(one.kind, one.language) for one in Letter.objects.all()]
    return letters[-1]


def spoken(half: str) -> str:
    """What is said in a half: without addresses, names, the sender, and the line of where the method comes from."""
    kept = [line for line in half.split("\n") if "/l/" not in line and "Next Gen" not in line]
    return re.sub(r"Convener Lakeside|“[^”]*”|«[^»]*»|Zz \w+|Zoë Quirk|Zoë", "", "\n".join(kept))


@pytest.mark.parametrize("kind", MAKERS)
def test_each_kind_of_letter_has_two_halves_that_say_the_same_in_their_languages(kind: str, readers: Team) -> None:
    letter = made(kind, readers)
    assert " / " in letter.subject
    body = letter.body.partition("\n-- \n")[0]
    assert body.startswith("Primero en inglés, después en español.\n\n")
    english, spanish = body.partition("\n\n")[2].split("\n\n* * *\n\n")
    first, second = (re.findall(r"/(?:l|stop)/[\w-]+", half) for half in (english, spanish))
    assert first == second  # one set of links
    assert len(english.splitlines()) == len(spanish.splitlines())
    assert ENGLISH.search(spoken(english)) and SPANISH.search(spoken(spanish))
    for half, other in ((english, SPANISH), (spanish, ENGLISH)):
        wrong = [line for line in spoken(half).split("\n") if len(other.findall(line)) > 1]
        assert not wrong, wrong
    assert not re.search(r"%\(\w+\)|\bNone\b|&#|&amp;", letter.subject + letter.body)


@pytest.mark.parametrize("kind", MAKERS)
def test_each_kind_is_in_the_outbox_and_in_a_mail_as_it_was_written(kind: str, readers: Team, cast) -> None:
    letter = made(kind, readers)
    built = message_from_bytes(bytes(message.build(letter)), policy=default)
    assert (built["Subject"], built["Content-Language"]) == (letter.subject, "en, es")
    assert built.get_body().get_content().replace("\r\n", "\n").strip() == letter.body.strip()
    if letter.person_id is None:
        return  # an erased person's last letter names nobody, and no page shows it
    shown = words(cast.client("convener").get(reverse("letter", args=["ohio", letter.pk])))
    assert letter.subject in shown and "* * *" in shown


@pytest.mark.parametrize("length", range(60, 90))
def test_a_subject_of_any_length_begins_on_the_line_of_its_name(length: int, readers: Team) -> None:
    letter = made("what we hold", readers)
    letter.subject = ("word " * 20)[:length].strip()
    raw = bytes(message.build(letter))
    assert b"Subject: word" in raw
    assert message_from_bytes(raw, policy=default)["Subject"] == letter.subject
