"""The digest for supporters: made from decisions, dates and asks, looked over, to each supporter once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sharedtable.accounts.letters import cancel_batch, leave_alone
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.partnerships.models import Decision, Seat
from sharedtable.people.models import Person
from sharedtable.steps import digest
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
D = "/s/ohio/p/plastics/digest/"


@pytest.fixture
def network(cast) -> list[Person]:
    """Four supporters: two share an address, one has none, one reads Spanish; and a decision since last month."""
    team, now = cast.ohio, timezone.now()
    made = []
    for name, email, language in (
        ("Ana", "ana@net.example", "es"), ("Ben", "ben@net.example", "en"), ("Twin", "Ben@net.example", "en"),
        ("Mute", "", "en"),
    ):  # fmt: skip
        person = Person.objects.create(
            space=team.space, name=name, email=email, language=language, made_at=now, changed_at=now
        )
        Seat.objects.create(
            space=team.space, partnership=team.partnership, person=person, table="network", role="supporter",
            started_on=now.date(), made_at=now, made_by="operator",
        )  # fmt: skip
        made.append(person)
    for question, level in (("Where do we meet?", "team"), ("Who leaves the table?", "inner")):
        Decision.objects.create(
            space=team.space, partnership=team.partnership, question=question, chosen="At the college", level=level,
            decided_on=now.date() - timedelta(days=3), made_at=now, made_by="operator",
        )  # fmt: skip
    return made


def everything(cast) -> digest.Chosen:
    return digest.page(cast.ohio.actor("convener"), cast.ohio.partnership).chosen


def test_the_review_shows_count_names_and_a_sample_before_anything_is_queued(cast, network):
    page = cast.client("convener").get(D)
    said = words(page)
    assert "2 letters" in said and "Ana, Ben" in said and "Mute: no mail address" in said
    assert "At the college" in said
    assert "Who leaves the table?" not in said
    assert not Letter.objects.exists()


def test_one_click_queues_a_letter_for_each_supporter_once_and_holds_it(cast, network):
    client = cast.client("convener")
    decision = Decision.objects.get(level="team")
    sent = {"chosen": "1", "decision": decision.pk, "asks": "Tell two firms.\nLend a room.", "words": "Hello all."}
    assert client.post(D + "send", sent).status_code == 302
    letters = {letter.to_name: letter for letter in Letter.objects.filter(kind="digest")}
    assert set(letters) == {"Ana", "Ben"}
    assert all(letter.state == "held" for letter in letters.values())
    assert letters["Ben"].hold_until >= timezone.now() + timedelta(minutes=9)
    for part in ("Where do we meet?", "At the college", "- Tell two firms.", "Hello all.", "rather get no such mail"):
        assert part in letters["Ben"].body
    assert letters["Ana"].language == "es" and "Ana" in letters["Ana"].body
    assert letters["Ana"].subject != letters["Ben"].subject
    assert Entry.objects.filter(verb="digest.send").count() == 1
    again = client.post(D + "send", sent)
    assert again.status_code == 422 and "written today already" in words(again)
    assert Letter.objects.filter(kind="digest").count() == 2


def test_who_wants_no_mail_is_named_and_gets_none(cast, network):
    by = cast.ohio.actor("convener")
    leave_alone(by=by, address="ben@net.example", reason="asked on the phone")
    assert "Ben: This person gets no such mail" in words(cast.client("convener").get(D))
    assert digest.send(by=by, partnership=cast.ohio.partnership, chosen=everything(cast)) == 1
    assert [letter.to_name for letter in Letter.objects.filter(kind="digest")] == ["Ana"]


def test_a_digest_that_was_called_back_can_be_written_anew(cast, network):
    by = cast.ohio.actor("convener")
    digest.send(by=by, partnership=cast.ohio.partnership, chosen=everything(cast))
    batch = Letter.objects.filter(kind="digest")[0].batch
    assert cancel_batch(by=by, batch=batch) == 2
    assert digest.send(by=by, partnership=cast.ohio.partnership, chosen=everything(cast)) == 2
    assert Letter.objects.filter(kind="digest", state="held").count() == 2


def test_the_next_digest_begins_where_the_last_one_ended(cast, network):
    by = cast.ohio.actor("convener")
    digest.send(by=by, partnership=cast.ohio.partnership, chosen=everything(cast))
    Letter.objects.filter(kind="digest").update(made_at=timezone.now() - timedelta(days=2))
    page = digest.page(by, cast.ohio.partnership)
    assert page.since == timezone.localdate() - timedelta(days=2)
    assert page.decisions == []


def test_an_empty_digest_and_a_network_without_mail_are_refused(cast, network):
    by = cast.ohio.actor("convener")
    with pytest.raises(Refused, match="empty"):
        digest.send(by=by, partnership=cast.ohio.partnership, chosen=digest.Chosen([], [], []))
    Person.objects.filter(pk__in=[one.pk for one in network]).update(email="")
    with pytest.raises(Refused, match="Nobody in the network"):
        digest.send(by=by, partnership=cast.ohio.partnership, chosen=digest.Chosen([], [], [], ["Come"]))
    assert not Letter.objects.exists()


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_only_a_convener_sends_it(cast, network, role):
    assert cast.client(role).get(D).status_code == 404
    with pytest.raises(Missing):
        digest.send(by=cast.ohio.actor(role), partnership=cast.ohio.partnership, chosen=digest.Chosen([1], [], []))


def test_a_break_in_the_last_letter_queues_none(cast, network, monkeypatch):
    real, calls = digest.send_letter, []

    def breaks(**given: object) -> object:
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("the line broke")
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(digest, "send_letter", breaks)
    with pytest.raises(RuntimeError):
        digest.send(by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, chosen=everything(cast))
    assert not Letter.objects.exists() and not Entry.objects.filter(verb="digest.send").exists()


def test_the_number_of_queries_does_not_grow_with_supporters(cast, network, django_assert_max_num_queries):
    client = cast.client("convener")
    client.get(D)
    with django_assert_max_num_queries(30):
        client.get(D)
