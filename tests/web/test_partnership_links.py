"""What somebody without an account does by a personal link: their seat, and the agreement of their organisation."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sharedtable.accounts.links import make_link, revoke_links
from sharedtable.accounts.models import LinkAct
from sharedtable.ledger.models import Entry, Letter
from sharedtable.partnerships import agreeing
from sharedtable.partnerships.models import Confirmation, Seat
from sharedtable.web import links
from tests.cast import HOST


def holder(by, purpose: str, person, kind: str, number: int) -> tuple[Client, int]:
    """A browser that opened this link: it has the cookie of that one address."""
    link, token = make_link(by=by, purpose=purpose, person_id=person.pk, kind=kind, object_id=number)
    client = Client(headers={"host": HOST, "origin": f"http://{HOST}"}, REMOTE_ADDR="203.0.113.9")
    client.cookies[f"link-{link.pk}"] = token
    return client, link.pk


@pytest.fixture
def seated(cast):
    """The chair's browser, the number of the link, and the cast."""
    team = cast.ohio
    return *holder(team.actor("convener"), "seat", team.chair, "seat", team.chair_seat.pk), cast


def test_a_chair_sees_the_seat_says_yes_names_a_delegate_steps_back_leaves_and_returns(seated) -> None:
    client, link, cast = seated
    seat = cast.ohio.chair_seat
    page = client.get(f"/me/{link}/seat").content.decode()
    assert "this is your seat" in page and cast.ohio.champion.name in page
    for act, shown in (
        ({"act": "yes"}, "You said yes."),
        ({"act": "delegate", "person": cast.ohio.champion.pk}, 'tag--good">' + cast.ohio.champion.name),
        ({"act": "informed"}, "You are kept informed."),
        ({"act": "left"}, "You left."),
        ({"act": "active"}, "You said yes."),
        ({"act": "no"}, "You said no."),
    ):
        page = client.post(f"/me/{link}/seat/act", act, follow=True).content.decode()
        assert shown in page, act
    seat.refresh_from_db()
    assert (seat.is_accepted, seat.ended_on) == (False, None)
    assert LinkAct.objects.count() == 6
    assert {act.key for act in LinkAct.objects.all()} <= links.UNDO.keys()


def test_scanners_that_open_the_page_change_nothing(seated) -> None:
    client, link, _cast = seated
    before = Entry.objects.count()
    for _time in range(3):
        assert client.get(f"/me/{link}/seat").status_code == 200
        assert client.head(f"/me/{link}/seat").status_code == 200
        assert client.get(f"/me/{link}/seat/act").status_code == 405
    assert Entry.objects.count() == before


def test_a_link_opens_nothing_of_anybody_else(seated) -> None:
    client, link, cast = seated
    team = cast.ohio
    _other, partner_link = holder(team.actor("convener"), "seat", team.partner, "seat", team.partner_seat.pk)
    assert client.get(f"/me/{partner_link}/seat").status_code == 404
    assert client.get(f"/me/{link}/agreement").status_code == 404
    for address in ("/s/ohio/", "/s/ohio/p/plastics/", f"/s/ohio/p/plastics/seats/{team.chair_seat.pk}/"):
        assert client.get(address).status_code == 404
    page = client.get(f"/me/{link}/seat").content.decode()
    assert team.partner.name not in page and "private note" not in page


def test_a_revoked_link_ends_at_once(seated) -> None:
    client, link, cast = seated
    revoke_links(by=cast.ohio.actor("convener"), person_id=cast.ohio.chair.pk)
    assert client.get(f"/me/{link}/seat").status_code == 404
    assert client.post(f"/me/{link}/seat/act", {"act": "yes"}).status_code == 404
    assert Seat.objects.get(pk=cast.ohio.chair_seat.pk).is_accepted is None


def test_a_button_that_does_not_exist_is_refused_in_a_sentence(seated) -> None:
    client, link, _cast = seated
    answer = client.post(f"/me/{link}/seat/act", {"act": "promote"})
    assert answer.status_code == 422 and "Choose one of the buttons" in answer.content.decode()


def test_an_organisation_confirms_the_agreement_by_link(cast) -> None:
    team = cast.ohio
    made = agreeing.write_agreement(by=team.actor("convener"), partnership=team.partnership)
    client, link = holder(team.actor("convener"), "agreement", team.partner, "agreement", made.pk)
    page = client.get(f"/me/{link}/agreement").content.decode()
    assert f"I confirm this for {team.college.name}" in page
    assert Confirmation.objects.count() == 0
    page = client.post(f"/me/{link}/agreement", follow=True).content.decode()
    assert "confirmed" in page and Confirmation.objects.get().organisation == team.college


def test_a_yes_is_taken_back_from_the_mail_that_confirmed_it(seated) -> None:
    """Through the page: the way back of the seat and the page of undo must agree on who marks it."""
    client, link, cast = seated
    client.post(f"/me/{link}/seat/act", {"act": "yes"})
    body = Letter.objects.filter(kind="confirmation").latest("id").body
    opened = client.get("/l/" + re.search(r"/l/(\S+)", body)[1], follow=True)
    address = opened.request["PATH_INFO"]
    assert client.post(address).status_code == 200
    cast.ohio.chair_seat.refresh_from_db()
    assert cast.ohio.chair_seat.is_accepted is None
    assert client.post(address).status_code == 404
