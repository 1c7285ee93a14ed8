"""What people do about their own data by link: each act confirmed, each undone, and nobody else's touched."""

from __future__ import annotations

import csv
import io
import json

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import LinkAct
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import suppression
from sharedtable.ledger.models import Entry, Letter
from sharedtable.people import held_queries, stopped
from sharedtable.people.actions import answers, mail, own_data
from sharedtable.people.ask_models import Ask, Before
from sharedtable.people.models import Person
from sharedtable.web.links import UNDO
from tests.cast import Cast
from tests.people.conftest import holder_of


@pytest.fixture
def me(cast: Cast, convener: Actor) -> Actor:
    return holder_of(convener, cast.ohio.chair)


def undo(me: Actor, convener: Actor, person: Person) -> None:
    act = LinkAct.objects.latest("pk")
    UNDO[act.key](act.object_id, holder_of(convener, person, "undo"))


def test_the_holder_corrects_how_to_reach_them_and_undoes_it(cast: Cast, convener: Actor, me: Actor) -> None:
    old = cast.ohio.chair.email
    own_data.correct_own_contact(by=me, values={"email": "me@new.example", "phone": "614 555 0100"})
    chair = Person.objects.get(pk=cast.ohio.chair.pk)
    assert (chair.email, chair.phone) == ("me@new.example", "+16145550100")
    assert {one.source for one in chair.field_sources.all()} == {"the person"}
    letter = Letter.objects.get(kind="confirmation")
    assert letter.to_address == old  # whoever takes over a link cannot keep it secret from the person
    undo(me, convener, chair)
    chair.refresh_from_db()
    assert chair.email == old and chair.phone == cast.ohio.chair.phone


def test_a_wrong_value_of_the_holder_changes_nothing(cast: Cast, me: Actor) -> None:
    with pytest.raises(Refused, match="not a mail address"):
        own_data.correct_own_contact(by=me, values={"email": "me", "phone": "614 555 0100"})
    assert not LinkAct.objects.exists() and not Before.objects.exists()


def test_the_holder_cannot_change_what_is_not_contact(cast: Cast, me: Actor) -> None:
    own_data.correct_own_contact(by=me, values={"name": "Somebody Else", "notes": "x"})
    assert Person.objects.get(pk=cast.ohio.chair.pk).name == cast.ohio.chair.name


def test_the_holder_shows_and_hides_contact(cast: Cast, convener: Actor, me: Actor) -> None:
    own_data.show_own_contact(by=me, is_shown=True)
    assert Person.objects.get(pk=cast.ohio.chair.pk).shows_contact
    assert cast.ohio.chair.consents.get().is_given
    undo(me, convener, cast.ohio.chair)
    assert not Person.objects.get(pk=cast.ohio.chair.pk).shows_contact


def test_what_people_say_of_themselves_is_theirs(cast: Cast, convener: Actor, me: Actor) -> None:
    own_data.describe_self(by=me, values={"pronouns": "she", "income": "much"})
    assert Person.objects.get(pk=cast.ohio.chair.pk).self_described == {"pronouns": "she"}
    undo(me, convener, cast.ohio.chair)
    assert Person.objects.get(pk=cast.ohio.chair.pk).self_described == {}


@pytest.mark.parametrize("level", ["partnership", "space", "installation"])
def test_mail_stops_at_three_levels_and_is_allowed_again(cast: Cast, convener: Actor, me: Actor, level: str) -> None:
    address, partnership = cast.ohio.chair.email, cast.ohio.partnership.pk
    own_data.stop_own_mail(by=me, level=level, partnership_id=partnership)
    assert suppression.holds_back(address, space_id=cast.ohio.space.pk, partnership_id=partnership)
    assert suppression.holds_back(address, space_id=cast.ohio.space.pk) is (level != "partnership")
    assert suppression.holds_back(address, space_id=cast.maine.space.pk) is (level == "installation")
    undo(me, convener, cast.ohio.chair)
    assert not suppression.holds_back(address, space_id=cast.ohio.space.pk, partnership_id=partnership)


def test_the_address_that_is_left_alone_stands_nowhere(cast: Cast, me: Actor) -> None:
    own_data.stop_own_mail(by=me, level="space")
    kept = stopped.stopped(cast.ohio.chair.email, cast.ohio.space.pk).values().get()
    assert cast.ohio.chair.email not in str(kept)


def test_a_convener_needs_a_reason_and_cannot_lift_what_holds_for_the_site(
    cast: Cast, convener: Actor, me: Actor
) -> None:
    chair = cast.ohio.chair
    with pytest.raises(Refused, match="Say why"):
        mail.leave_alone(by=convener, person_id=chair.pk, level="space", reason=" ")
    with pytest.raises(Missing):
        mail.leave_alone(by=convener, person_id=chair.pk, level="installation", reason="no")
    mail.leave_alone(by=convener, person_id=chair.pk, level="space", reason="asked at the fair")
    mail.write_again(by=convener, person_id=chair.pk, level="space", reason="asked by phone")
    assert not suppression.holds_back(chair.email, space_id=cast.ohio.space.pk)
    own_data.stop_own_mail(by=me, level="installation")
    with pytest.raises(Refused, match="Only they"):
        mail.write_again(by=convener, person_id=chair.pk, level="installation", reason="please")
    assert suppression.holds_back(chair.email, space_id=cast.maine.space.pk)


def test_a_name_is_corrected_when_a_convener_accepts(cast: Cast, convener: Actor, me: Actor) -> None:
    made = own_data.ask(by=me, kind="correct", field="name", value="Kay Chair")
    assert Person.objects.get(pk=cast.ohio.chair.pk).name != "Kay Chair"
    answers.answer(by=convener, pk=made.pk, accepts=True)
    chair = Person.objects.get(pk=cast.ohio.chair.pk)
    assert chair.name == "Kay Chair" and chair.field_sources.get(field="name").source == "the person"
    assert Letter.objects.filter(kind="answer", person_id=chair.pk).count() == 1
    with pytest.raises(Missing, match="answered already"):
        answers.answer(by=convener, pk=made.pk, accepts=False, words="no")


def test_a_refusal_needs_words_and_an_ask_is_taken_back_only_while_open(cast: Cast, convener: Actor, me: Actor) -> None:
    made = own_data.ask(by=me, kind="correct", field="title", value="Chief")
    with pytest.raises(Refused, match="why not"):
        answers.answer(by=convener, pk=made.pk, accepts=False)
    undo(me, convener, cast.ohio.chair)
    made.refresh_from_db()
    assert made.state == Ask.State.WITHDRAWN
    again = own_data.ask(by=me, kind="correct", field="title", value="Chief")
    answers.answer(by=convener, pk=again.pk, accepts=False, words="We have another title on file.")
    with pytest.raises(Refused, match="answered that already"):
        undo(me, convener, cast.ohio.chair)


def test_agency_staff_answer_no_ask_of_others(cast: Cast, agency: Actor, me: Actor) -> None:
    made = own_data.ask(by=me, kind="erase")
    with pytest.raises(Missing):
        answers.answer(by=agency, pk=made.pk, accepts=True)
    with pytest.raises(Refused, match="asked for that already"):
        own_data.ask(by=me, kind="erase")


@pytest.mark.parametrize("purpose", ["ties", "undo", "seat"])
def test_a_link_of_another_purpose_opens_nothing(cast: Cast, convener: Actor, purpose: str) -> None:
    other = holder_of(convener, cast.ohio.chair, purpose)
    for act in (
        lambda: held_queries.held(other),
        lambda: own_data.correct_own_contact(by=other, values={"phone": "614 555 0100"}),
        lambda: own_data.ask(by=other, kind="erase"),
        lambda: own_data.stop_own_mail(by=other, level="space"),
    ):
        with pytest.raises(Missing):
            act()


def test_somebody_else_cannot_undo_an_act(cast: Cast, convener: Actor, me: Actor) -> None:
    own_data.correct_own_contact(by=me, values={"phone": "614 555 0100"})
    act = LinkAct.objects.get()
    for person in (cast.ohio.champion, cast.ohio.partner):
        with pytest.raises(Missing):
            UNDO[act.key](act.object_id, holder_of(convener, person, "undo"))
    assert Person.objects.get(pk=cast.ohio.chair.pk).phone == "+16145550100"


def test_the_copy_holds_everything_in_both_forms(cast: Cast, convener: Actor, me: Actor) -> None:
    own_data.correct_own_contact(by=me, values={"assistant": "=SUM(1)"})
    own_data.describe_self(by=me, values={"gender": "woman"})
    own_data.stop_own_mail(by=me, level="space")
    found = held_queries.held(me)
    rows = held_queries.as_rows(found, [{"partnership": "P", "role": "chair", "span": "2026-01-01/.."}])
    assert {row["what"] for row in rows} == {
        "field", "self_described", "membership", "seat", "source", "mail_stopped", "letter", "count", "history",
    }  # fmt: skip
    assert json.loads(held_queries.as_json(rows, found.person))["held"] == rows
    lines = list(csv.DictReader(io.StringIO(held_queries.as_csv(rows).decode("utf-8-sig"))))
    assert len(lines) == len(rows) and any(line["value"] == "'=SUM(1)" for line in lines)
    assert "private note" not in str(rows)


def test_each_act_leaves_one_entry_and_no_text_in_the_ledger(cast: Cast, me: Actor) -> None:
    own_data.correct_own_contact(by=me, values={"assistant": "zq7-assistant"})
    assert Entry.objects.filter(verb="person.own_contact", by=me.ref).count() == 1
    assert "zq7" not in str(list(Entry.objects.values()))


def test_a_break_in_the_last_write_changes_nothing(cast: Cast, me: Actor, monkeypatch) -> None:
    def broken(**_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(own_data, "confirm", broken)
    for act in (
        lambda: own_data.correct_own_contact(by=me, values={"phone": "614 555 0100"}),
        lambda: own_data.stop_own_mail(by=me, level="space"),
        lambda: own_data.ask(by=me, kind="erase"),
    ):
        with pytest.raises(ZeroDivisionError):
            act()
    chair = Person.objects.get(pk=cast.ohio.chair.pk)
    assert chair.phone == cast.ohio.chair.phone and not Ask.objects.exists()
    assert not suppression.holds_back(chair.email, space_id=cast.ohio.space.pk)


def test_the_history_of_one_person_holds_nothing_about_another(cast: Cast, convener: Actor) -> None:
    for person in (cast.ohio.champion, cast.ohio.partner, cast.ohio.chair):
        own_data.correct_own_contact(by=holder_of(convener, person), values={"assistant": "Lee"})
    for person in (cast.ohio.champion, cast.ohio.partner, cast.ohio.chair):
        found = held_queries.held(holder_of(convener, person)).entries
        assert [one.verb for one in found if one.verb.startswith("person.")] == ["person.own_contact"]
