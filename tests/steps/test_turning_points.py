"""Turning points that a team marks itself: on the timeline beside those of the record, changed, and taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.partnerships import seating, turning_points
from sharedtable.partnerships.models import TurningPoint
from sharedtable.people.actions.erasing import erase
from sharedtable.steps import turning
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
PAGE = "/s/ohio/p/plastics/timeline/"
DAY = date(2026, 5, 4)
WON = {"key": "", "title": "They stayed after the end", "happened_on": DAY, "why": "Ten people talked until nine."}


def mark(team, **other) -> TurningPoint:
    return turning_points.mark(by=team.actor("convener"), partnership=team.partnership, **{**WON, **other})


def point(team, key: str) -> turning.Point:
    found = turning.timeline(team.actor("convener"), team.partnership)
    return next(one for one in found.points if one.key == key)


def test_a_convener_marks_changes_and_takes_back_a_turning_point_on_the_page(cast):
    client = cast.client("convener")
    assert "Mark a turning point" in words(client.get(PAGE))
    sent = {"key": "", "title": "They stayed", "happened_on": "2026-05-04", "why": "Ten people talked until nine."}
    page = client.post(PAGE + "points/add", sent, follow=True)
    for text in ("Of your own", "They stayed", "May 4, 2026", "Ten people talked", "marked by hand"):
        assert text in words(page), text
    made = TurningPoint.objects.get()
    page = client.get(f"{PAGE}points/{made.pk}/")
    assert "Ten people talked" in page.content.decode()
    page = client.post(f"{PAGE}points/{made.pk}/", {**sent, "version": 1, "why": "Twelve people"}, follow=True)
    assert "Twelve people" in words(page)
    stale = client.post(f"{PAGE}points/{made.pk}/", {**sent, "version": 1, "why": "My own words"})
    assert stale.status_code == 422 and "in the meantime" in words(stale) and "My own words" in stale.content.decode()
    # Who has read that and saves again means it.
    assert re.search(r'name="version"[^>]*value="2"', stale.content.decode())
    page = client.post(f"{PAGE}points/{made.pk}/", {**sent, "version": 2, "why": "My own words"}, follow=True)
    assert "My own words" in words(page)
    page = client.post(f"{PAGE}points/{made.pk}/end", follow=True)
    assert "They stayed" not in words(page) and TurningPoint.objects.get().ended_at
    assert client.get(f"{PAGE}points/{made.pk}/").status_code == 404
    verbs = Entry.objects.filter(kind="turning_point").order_by("pk").values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs] == ["mark", "change", "change", "take_back"]


def test_one_of_the_method_counts_as_reached_until_the_record_shows_it_itself(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    before = turning.timeline(by, team.partnership)
    ahead = dict(turning.still_ahead(by, team.partnership))
    key = next(one.key for one in before.points if one.key in ahead and one.step == 5)
    mark(team, key=key, title="")
    found = turning.timeline(by, team.partnership)
    assert found.reached == before.reached + 1 and len(found.dots) == len(before.dots) + 1 and not found.own
    assert (point(team, key).on, point(team, key).is_by_hand) == (DAY, True)
    assert key not in dict(turning.still_ahead(by, team.partnership))
    assert key in dict(turning.still_ahead(by, team.partnership, keep=key))


def test_what_the_record_shows_goes_before_what_was_marked_and_both_stand_there(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    mark(team, key="business_asks_business", title="", why="Said so over lunch.")
    assert point(team, "business_asks_business").is_by_hand
    team.chair_seat.refresh_from_db()
    seating.give_seat(by=by, partnership=team.partnership, role="chair", person=team.champion)
    shown = point(team, "business_asks_business")
    assert not shown.is_by_hand and shown.evidence.startswith("Chairs:") and shown.mark is not None
    page = words(cast.client("convener").get(PAGE))
    assert "Your team said on its own: May 4, 2026. Said so over lunch." in page


@pytest.mark.parametrize(("wrong", "said"), [
    ({"happened_on": timezone.localdate() + timedelta(days=2)}, "still to come"), ({"title": " "}, "What changed"),
    ({"why": ""}, "Why it was one"), ({"why": "x" * 1001}, "too long"), ({"key": "no_such"}, "no such choice"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_in_words(cast, wrong, said):
    with pytest.raises((Refused, Missing), match=said):
        mark(cast.ohio, **wrong)
    assert not TurningPoint.objects.exists()


def test_the_same_one_is_marked_once_and_again_after_it_was_taken_back(cast):
    team = cast.ohio
    first = mark(team, key="business_asks_business")
    other = mark(team)
    with pytest.raises(Refused, match="already"):
        mark(team, key="business_asks_business")
    with pytest.raises(Refused, match="already"):
        turning_points.change(by=team.actor("convener"), partnership=team.partnership, pk=other.pk, version=1,
                              **{**WON, "key": "business_asks_business"})  # fmt: skip
    turning_points.take_back(by=team.actor("convener"), partnership=team.partnership, pk=first.pk)
    assert mark(team, key="business_asks_business").title == ""


def test_who_may_only_look_marks_nothing_and_sees_what_was_marked(cast):
    mark(cast.ohio)
    number = TurningPoint.objects.get().pk
    for role in ("agency", "economist"):
        page = cast.client(role).get(PAGE)
        assert "They stayed" in words(page) and "Mark a turning point" not in words(page)
        for path in ("points/add", f"points/{number}/", f"points/{number}/end"):
            assert cast.client(role).post(PAGE + path, {"title": "x"}).status_code == 404
        with pytest.raises(Missing):
            turning_points.mark(by=cast.ohio.actor(role), partnership=cast.ohio.partnership, **WON)
    assert cast.client("convener", "maine").post(f"/s/maine/p/plastics/timeline/points/{number}/end").status_code == 404
    assert TurningPoint.objects.get().ended_at is None


def test_a_break_in_the_last_write_changes_nothing(cast, monkeypatch):
    made = mark(cast.ohio)
    monkeypatch.setattr(turning_points, "record", lambda **_: 1 / 0)
    by, one = cast.ohio.actor("convener"), cast.ohio.partnership
    for act in (
        lambda: mark(cast.ohio, title="Another"),
        lambda: turning_points.change(by=by, partnership=one, pk=made.pk, version=1, **{**WON, "title": "Other"}),
        lambda: turning_points.take_back(by=by, partnership=one, pk=made.pk),
    ):
        with pytest.raises(ZeroDivisionError):
            act()
    found = TurningPoint.objects.get()
    assert (found.title, found.version, found.ended_at) == (WON["title"], 1, None)


def test_erasing_somebody_takes_their_name_out_of_it(cast):
    mark(
        cast.ohio, title=f"{cast.ohio.champion.name} spoke up", why=f"{cast.ohio.champion.name} said what all thought."
    )
    erase(by=cast.ohio.actor("convener"), pk=cast.ohio.champion.pk)
    found = TurningPoint.objects.get()
    assert cast.ohio.champion.name not in found.title + found.why


def test_the_pages_speak_spanish(cast):
    mark(cast.ohio)
    client = cast.client("convener")
    client.cookies["language"] = "es"
    assert "marcado a mano" in words(client.get(PAGE))
    assert "Por qué" in words(client.get(PAGE + "points/add"))
