"""What is settled beforehand: length, order and minutes, the facilitator, the materials."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings import actions, arranging, preparing
from sharedtable.meetings.models import Meeting
from sharedtable.meetings.queries import parts

pytestmark = pytest.mark.django_db


def test_a_meeting_starts_from_a_length_of_the_method(cast):
    made = actions.plan(
        by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, run="launch:ninety-minutes", title="L",
        place="", starts_at=timezone.now(),
    )  # fmt: skip
    assert made.run == "launch"
    assert sum(part.minutes for part in parts(made, "en")) == 90
    with pytest.raises(Missing):
        actions.plan(
            by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, run="launch:a-minute", title="L",
            place="", starts_at=timezone.now(),
        )  # fmt: skip


def test_parts_change_their_place_and_can_be_left_out(cast, launch):
    by, order = cast.ohio.actor("convener"), ["welcome", "opportunities", "purpose"]
    fresh = arranging.arrange(by=by, meeting=launch, version=1, order=order, minutes=dict.fromkeys(order, 20))
    assert [(part.id, part.minutes) for part in parts(fresh, "en")] == [(name, 20) for name in order]
    entry = Entry.objects.get(verb="meeting.arrange")
    assert (entry.details, entry.object_id) == ({"parts": 3, "version": 2}, launch.pk)
    page = preparing.prepare_page(by, launch.pk, "en")
    assert [one.is_reached for one in page.products] == [True, False, False]
    assert not page.is_whole
    assert [step.id for step in page.steps if step.is_in] == order


@pytest.mark.parametrize(
    ("version", "order", "minutes"),
    [
        (7, ["welcome"], {}),
        (1, [], {}),
        (1, ["welcome", "welcome"], {}),
        (1, ["no-such-part"], {}),
        (1, ["welcome"], {"welcome": 0}),
        (1, ["welcome"], {"welcome": 999}),
    ],
)
def test_a_stale_or_senseless_order_changes_nothing(cast, launch, version, order, minutes):
    with pytest.raises(Refused):
        arranging.arrange(by=cast.ohio.actor("convener"), meeting=launch, version=version, order=order, minutes=minutes)
    fresh = Meeting.objects.get(pk=launch.pk)
    assert (fresh.order, fresh.version) == ([], 1)


def test_a_facilitator_is_somebody_of_the_partnership_or_only_a_name(cast, launch):
    by, team = cast.ohio.actor("convener"), cast.ohio
    fresh = arranging.choose_facilitator(by=by, meeting=launch, person=team.partner, name="ignored")
    assert arranging.facilitator_of(fresh) == team.partner.name
    fresh = arranging.choose_facilitator(by=by, meeting=launch, person=None, name=" Fay   Facilitator ")
    assert (arranging.facilitator_of(fresh), fresh.facilitator) == ("Fay Facilitator", None)
    assert preparing.somebody(by, launch, team.partner.pk) == team.partner
    for stranger in (cast.maine.partner, team.champion):  # of another team; without a seat here
        with pytest.raises(Missing):
            preparing.somebody(by, launch, stranger.pk)


def test_ticks_hold_what_was_sent_last_and_only_what_the_list_has(cast, launch):
    by = cast.ohio.actor("convener")
    assert arranging.tick(by=by, meeting=launch, ready=["tape", "markers", "gold"]).ready == ["markers", "tape"]
    assert arranging.tick(by=by, meeting=launch, ready=[]).ready == []
    assert Entry.objects.filter(verb="meeting.ready").count() == 2


@pytest.mark.parametrize("role", ["agency", "admin", "economist", "state"])
def test_nobody_else_settles_anything(cast, launch, role):
    by = cast.ohio.actor(role)
    with pytest.raises(Missing):
        arranging.arrange(by=by, meeting=launch, version=1, order=["welcome"], minutes={})
    with pytest.raises(Missing):
        arranging.choose_facilitator(by=by, meeting=launch, person=None, name="F")
    with pytest.raises(Missing):
        arranging.tick(by=by, meeting=launch, ready=["tape"])


def test_a_frozen_meeting_stays_as_it_is(cast, launch):
    Meeting.objects.filter(pk=launch.pk).update(frozen_at=timezone.now())
    with pytest.raises(Refused):
        arranging.tick(by=cast.ohio.actor("convener"), meeting=launch, ready=["tape"])


def test_a_break_in_the_last_write_changes_nothing(cast, launch, monkeypatch):
    def broken(**_more: object) -> None:
        raise RuntimeError("no line to the ledger")

    monkeypatch.setattr(arranging, "record", broken)
    with pytest.raises(RuntimeError):
        arranging.arrange(by=cast.ohio.actor("convener"), meeting=launch, version=1, order=["welcome"], minutes={})
    assert Meeting.objects.get(pk=launch.pk).order == []


def test_the_day_and_the_name_of_a_frozen_meeting_stay_too(cast, launch):
    Meeting.objects.filter(pk=launch.pk).update(frozen_at=timezone.now())
    with pytest.raises(Refused, match="closed"):
        actions.change(
            by=cast.ohio.actor("convener"), meeting=launch, version=1, title="Another", place="", minutes={},
            starts_at=launch.starts_at + timedelta(days=40), has_lobby=True, shows_list=True,
        )  # fmt: skip
    assert Meeting.objects.get(pk=launch.pk).title == "Launch"
