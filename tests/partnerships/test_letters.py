"""Letters to people of a partnership carry the way to get no more of them."""

from __future__ import annotations

import pytest

from sharedtable.ledger.models import Letter
from sharedtable.partnerships import agreeing, seating
from tests.partnerships.conftest import World

pytestmark = pytest.mark.django_db


def test_a_seat_and_an_agreement_are_asked_about_with_a_way_out_of_such_mail(world: World) -> None:
    seating.ask(by=world.by, seat=world.team.partner_seat)
    agreement = agreeing.write_agreement(by=world.by, partnership=world.one)
    agreeing.ask_to_confirm(by=world.by, agreement=agreement, person=world.team.partner)
    letters = list(Letter.objects.order_by("pk"))
    assert [letter.kind for letter in letters] == ["seat", "agreement"]
    for letter in letters:
        assert "/stop/" in letter.stop_address and letter.partnership_id == world.one.pk
        assert letter.stop_address.rpartition("/")[2] in letter.body
