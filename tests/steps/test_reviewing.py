"""The look back after a meeting goes to the support partners who were there, from the page of meetings (E23)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sharedtable.ledger.models import Letter
from sharedtable.meetings.models import Meeting
from sharedtable.worksheets import round_actions
from sharedtable.worksheets.models import Round
from tests.web.conftest import words
from tests.worksheets.rounds import seats

pytestmark = pytest.mark.django_db
M = "/s/ohio/p/plastics/meetings/"


@pytest.fixture
def held(cast) -> Meeting:
    """A launch two days ago."""
    now = timezone.now()
    return Meeting.objects.create(
        space=cast.ohio.space, partnership=cast.ohio.partnership, run="launch", title="Launch",
        starts_at=now - timedelta(days=2), made_at=now, made_by="operator",
    )  # fmt: skip


def came(held: Meeting, person, table: str, **more: object) -> None:
    now = timezone.now()
    held.participants.create(
        space=held.space, person=person, role="partner" if table == "outer" else "participant", table=table,
        name=str(person), asked_at=now, **{"admitted_at": now, **more},
    )  # fmt: skip


def test_it_goes_to_the_partners_who_were_there_and_to_nobody_else(cast, held):
    team, client = cast.ohio, cast.client("convener")
    partners, firms = seats(team, 6, table="outer"), seats(team, 2)
    for person in partners[:5]:
        came(held, person, "outer")
    came(held, partners[5], "outer", admitted_at=None)
    for person in firms:
        came(held, person, "inner")
    assert "Send the look back to 5 partners who were there" in words(client.get(M))
    assert "Ask the partners to look back" in words(client.get(reverse("meeting-attendance", args=["ohio", held.pk])))
    answer = client.post(reverse("meeting-review", args=["ohio", held.pk]))
    made = Round.objects.get()
    assert answer["Location"] == reverse("round", args=["ohio", made.pk])
    assert (made.tool_id, made.state, made.is_anonymous) == ("review-launch", "draft", True)
    assert set(made.asked.values_list("person_id", flat=True)) == {person.pk for person in partners[:5]}
    assert not Letter.objects.exists()
    client.post(reverse("meeting-review", args=["ohio", held.pk]))
    assert Round.objects.count() == 1
    assert round_actions.open_round(made.pk, by=team.actor("convener")) == 5


def test_among_fewer_than_five_it_is_asked_with_names(cast, held):
    came(held, cast.ohio.partner, "outer")
    cast.client("convener").post(reverse("meeting-review", args=["ohio", held.pk]))
    assert Round.objects.get().is_anonymous is False


def test_without_a_known_partner_it_is_refused_with_what_to_do(cast, held):
    came(held, cast.ohio.chair, "inner")
    client = cast.client("convener")
    assert "Send the look back" not in words(client.get(M))
    assert "Write down who came" in words(client.post(reverse("meeting-review", args=["ohio", held.pk]), follow=True))
    assert cast.client("agency").post(reverse("meeting-review", args=["ohio", held.pk])).status_code == 404
    assert not Round.objects.exists()
