"""The history in plain words: who did what to whom, for those who run the team."""

from __future__ import annotations

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from sharedtable.ledger.actions import record
from sharedtable.web.archive.words import SENTENCES, doing, thing, who
from tests.web.conftest import words


def note(team, verb: str, kind: str, object_id: int | None = None, by: str = "") -> None:
    with transaction.atomic():
        record(by=by or team.actor("convener").ref, verb=verb, kind=kind, object_id=object_id, space_id=team.space.pk)


def read(client, **query) -> str:
    answer = client.get(reverse("history", args=["ohio"]), query)
    assert answer.status_code == 200
    return words(answer)


def test_the_history_says_in_words_who_did_what_to_whom(cast) -> None:
    note(cast.ohio, "person.add", "person", cast.ohio.chair.pk)
    note(cast.ohio, "letter.send", "letter", 5, by="worker")
    said = read(cast.client("convener"))
    assert "Convener Lakeside added a person: Casey ChairLakeside" in said
    assert "The program handed a letter over" in said


def test_another_teams_history_is_not_in_it(cast) -> None:
    note(cast.maine, "person.add", "person", cast.maine.chair.pk)
    note(cast.ohio, "person.add", "person", cast.maine.chair.pk)  # a foreign id names nobody
    said = read(cast.client("convener"))
    assert "Harborview" not in said and "added a person" in said
    assert cast.client("convener").get(reverse("history", args=["maine"])).status_code == 404


@pytest.mark.parametrize("role", ["agency", "economist", "adviser", "state", "stranger", "visitor"])
@pytest.mark.parametrize("name", ["history", "history-csv"])
def test_the_history_is_for_those_who_run_the_team(cast, role, name) -> None:
    assert cast.client(role).get(reverse(name, args=["ohio"])).status_code == 404


def lines(said: str) -> int:
    return said.count("Its history")


def test_the_history_is_filtered_by_kind_thing_person_verb_and_day(cast) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z"):
        note(cast.ohio, "person.add", "person", 11)
    with time_machine.travel("2026-03-03T12:00:00Z"):
        note(cast.ohio, "person.edit", "person", 12)
        note(cast.ohio, "seat.fill", "seat", 12, by=cast.ohio.actor("admin").ref)
    client = cast.client("convener")
    assert lines(read(client)) == 3
    assert lines(read(client, kind="person")) == 2
    assert lines(read(client, verb="seat.fill")) == 1
    assert lines(read(client, by=cast.ohio.actor("admin").ref)) == 1
    assert lines(read(client, day="2026-03-03")) == 2
    one = read(client, kind="person", id="12")
    assert "changed a person" in one and "filled a seat" not in one.split("Show everything")[1]
    for wrong in ({"id": "x"}, {"day": "yesterday"}):
        assert client.get(reverse("history", args=["ohio"]), wrong).status_code == 422


def test_a_convener_of_one_partnership_sees_what_they_did_themselves(cast) -> None:
    note(cast.ohio, "person.add", "person", 11)
    note(cast.ohio, "seat.fill", "seat", 12, by=cast.ohio.actor("admin").ref)
    cast.ohio.users["convener"].grants.update(partnership_id=cast.ohio.partnership.pk)
    said = read(cast.client("convener"))
    assert lines(said) == 1 and "What you did yourself" in said


def test_what_a_person_did_by_their_link_carries_their_name(cast) -> None:
    from sharedtable.accounts.links import make_link

    link, _token = make_link(by=cast.ohio.actor("convener"), purpose="seat", person_id=cast.ohio.chair.pk)
    note(cast.ohio, "seat.step_back", "seat", 3, by=f"link:{link.pk}")
    assert "Casey ChairLakeside stepped back from a seat (by personal link)" in read(cast.client("convener"))


def test_the_file_holds_the_same_and_no_formula(cast) -> None:
    cast.ohio.users["convener"].name = "=HYPERLINK(1)"
    cast.ohio.users["convener"].save()
    note(cast.ohio, "person.add", "person", cast.ohio.chair.pk)
    answer = cast.client("admin").get(reverse("history-csv", args=["ohio"]), {"kind": "person"})
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv") and len(text.splitlines()) == 2
    assert "'=HYPERLINK" in text and "added a person" in text and "person.add" in text


def test_a_verb_that_nobody_wrote_a_sentence_for_still_makes_one() -> None:
    assert doing("organisation.add", "organisation") == "added an organization"
    assert doing("seat.step_back.undo", "seat") == "took back: stepped back from a seat"
    assert doing("mail.stop.undo", "act") == "took back that mail should stop"
    assert doing("plan.frob_x", "plan") == "frob x plan"
    assert thing("odd_kind") == "odd kind" and who("user:9", "") == "An account that is gone"
    assert all(str(sentence) for sentence in SENTENCES.values())


def test_a_page_of_history_costs_the_same_however_long_it_is(cast, django_assert_num_queries) -> None:
    from sharedtable.accounts.history import Filter, history

    by = cast.ohio.actor("convener")
    note(cast.ohio, "person.add", "person", 1)
    with django_assert_num_queries(5):
        history(by, Filter(), "1")
    for number in range(120):
        note(cast.ohio, "person.edit", "person", number + 1)
    with django_assert_num_queries(5):
        assert len(history(by, Filter(), "2").rows) == 50


@pytest.mark.parametrize(("done_on", "says"), [(True, "está cumplida"), (False, "cambió una fecha del reloj")])
def test_a_date_on_the_clock_is_told_in_the_language_of_the_reader(done_on: bool, says: str) -> None:
    with translation.override("es"):
        assert says in doing("deadline.done" if done_on else "deadline.change", "deadline")
