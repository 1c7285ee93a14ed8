"""The shelf between two meetings: an area is let go and put back, or taken up by a business leader."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.meetings.models import Meeting
from sharedtable.plans import actions, closing_queries, correcting, queries, shelving
from sharedtable.plans.models import Card, Champion, Correction, Priority, Shelved
from sharedtable.wall.queries import show
from sharedtable.web.wall.places import show_of
from tests.cast import Cast
from tests.plans.conftest import Launch, make_launch
from tests.plans.test_pages import page
from tests.wall.rooms import make_room


@pytest.fixture
def closed(launch: Launch) -> Launch:
    launch.freeze()
    return launch


def area(title: str) -> Shelved:
    return Shelved.objects.get(title=title)


def rests(launch: Launch) -> set[str]:
    return {one.title for one in queries.overview(launch.convener, launch.team.partnership).resting}


def test_an_area_is_let_go_with_a_reason_and_put_back(closed: Launch) -> None:
    before = Entry.objects.count()
    shelving.let_go(by=closed.convener, shelved=area("Export"), reason="  The port does it  now ")
    assert rests(closed) == {"Rail"}
    gone = queries.overview(closed.convener, closed.team.partnership).gone
    assert [(one.shelved.title, one.reason) for one in gone] == [("Export", "The port does it now")]
    assert Entry.objects.count() == before + 1
    with pytest.raises(Refused, match="not on the shelf"):
        shelving.let_go(by=closed.convener, shelved=area("Export"), reason="again")
    shelving.put_back(by=closed.convener, shelved=area("Export"))
    assert rests(closed) == {"Rail", "Export"}
    assert queries.overview(closed.convener, closed.team.partnership).gone == []
    with pytest.raises(Refused, match="was not let go"):
        shelving.put_back(by=closed.convener, shelved=area("Export"))
    assert list(Correction.objects.order_by("pk").values_list("what", flat=True)) == ["let_go", "put_back"]


def test_nothing_is_let_go_or_taken_up_without_saying_why(closed: Launch) -> None:
    with pytest.raises(Refused, match="Say why"):
        shelving.let_go(by=closed.convener, shelved=area("Export"), reason="  ")
    with pytest.raises(Refused, match="Say why"):
        shelving.take_up(by=closed.convener, shelved=area("Export"), seat=closed.team.chair_seat, reason="")
    assert area("Export").ended_at is None


def test_who_puts_their_name_on_an_area_makes_it_a_priority_with_its_cards(closed: Launch) -> None:
    before = Entry.objects.count()
    made = shelving.take_up(
        by=closed.convener, shelved=area("Export"), seat=closed.team.chair_seat, reason="By phone on Monday"
    )
    assert (made.title, made.champions_count, made.business_cards_count) == ("Export", 1, 1)
    assert [one.person for one in made.champions.all()] == [closed.team.chair]
    assert [one.text for one in made.cards.all()] == ["A desk for export papers"]
    assert area("Export").ended_as == Shelved.End.TAKEN_UP and rests(closed) == {"Rail"}
    assert Entry.objects.count() == before + 1
    # The record of the meeting has it once, as a priority.
    found = queries.product(closed.convener, closed.room.meeting.pk)
    assert [kept.area.title for kept in found.priorities] == ["Skills", "Export"]
    assert [kept.area.title for kept in found.shelved] == ["Rail"]


def test_an_area_whose_last_champion_stepped_back_is_the_same_priority_when_it_is_taken_up(closed: Launch) -> None:
    skills = Priority.objects.get(title="Skills")
    for version, one in enumerate(Champion.objects.filter(priority=skills).order_by("pk"), 1):
        correcting.withdraw_champion(by=closed.convener, champion=one, version=version, reason="new job")
    assert "Skills" in rests(closed)
    made = shelving.take_up(by=closed.convener, shelved=area("Skills"), seat=closed.team.chair_seat, reason="r")
    assert made.pk == skills.pk
    made.refresh_from_db()
    assert (made.ended_at, made.champions_count) == (None, 1) and "Skills" not in rests(closed)
    assert made.cards.count() == 3


def test_without_words_of_a_business_member_or_a_seat_at_the_inner_table_nothing_is_taken_up(closed: Launch) -> None:
    for shelved, seat in (("Rail", closed.team.chair_seat), ("Export", closed.team.partner_seat)):
        with pytest.raises(Refused):
            shelving.take_up(by=closed.convener, shelved=area(shelved), seat=seat, reason="r")
    assert Priority.objects.count() == 1 and rests(closed) == {"Rail", "Export"}


@pytest.mark.parametrize("act", ["let_go", "put_back", "take_up"])
def test_a_break_in_the_last_write_leaves_the_shelf_as_it_was(closed: Launch, monkeypatch, act: str) -> None:
    if act == "put_back":
        shelving.let_go(by=closed.convener, shelved=area("Export"), reason="r")
    counts = [model.objects.count() for model in (Priority, Champion, Correction, Card)]
    stood = area("Export").ended_as
    monkeypatch.setattr(shelving, "record", lambda **_given: (_ for _ in ()).throw(RuntimeError("power")))
    more = {"let_go": {"reason": "r"}, "put_back": {}, "take_up": {"reason": "r", "seat": closed.team.chair_seat}}
    with pytest.raises(RuntimeError):
        getattr(shelving, act)(by=closed.convener, shelved=area("Export"), **more[act])
    assert area("Export").ended_as == stood
    assert [model.objects.count() for model in (Priority, Champion, Correction, Card)] == counts


def test_what_was_let_go_and_comes_up_at_a_later_meeting_is_not_told_as_gone(closed: Launch) -> None:
    shelving.let_go(by=closed.convener, shelved=area("Export"), reason="r")
    make_launch(closed.team).freeze()
    found = queries.overview(closed.convener, closed.team.partnership)
    assert found.gone == [] and "Export" in {one.title for one in found.resting}


@pytest.mark.parametrize("role", ["agency", "adviser", "state"])
def test_who_may_not_change_the_partnership_lets_nothing_go(closed: Launch, role: str) -> None:
    by = closed.team.actor(role)
    with pytest.raises(Missing):
        shelving.let_go(by=by, shelved=area("Export"), reason="r")
    with pytest.raises(Missing):
        shelving.take_up(by=by, shelved=area("Export"), seat=closed.team.chair_seat, reason="r")


def test_a_refresh_shows_what_rests_and_nothing_that_was_let_go_or_taken_up(closed: Launch) -> None:
    Meeting.objects.update(starts_at=closed.room.meeting.starts_at)
    room = make_room(closed.team, run="refresh")
    Meeting.objects.filter(pk=room.meeting.pk).update(follows=closed.room.meeting)
    screen = room.places["screen"]
    screen.refresh_from_db()
    assert show(screen, "en")["shelf"] == ["Export"]  # what the wall knows: only this one had no name
    assert show_of(screen, "en")["shelf"] == ["Export", "Rail"]
    shelving.let_go(by=closed.convener, shelved=area("Export"), reason="r")
    assert show_of(screen, "en")["shelf"] == ["Rail"]
    assert [one.title for one in closing_queries.resting(room.meeting)] == ["Rail"]


def test_a_meeting_whose_shelf_was_worked_on_is_not_opened_again(closed: Launch) -> None:
    shelving.let_go(by=closed.convener, shelved=area("Export"), reason="r")
    with pytest.raises(Refused, match="taken up or let go"):
        actions.reopen(by=closed.convener, meeting=closed.room.meeting, reason="r")


def test_the_tab_of_priorities_lets_go_puts_back_and_takes_up(closed: Launch, cast: Cast) -> None:
    convener, slug = cast.client("convener"), closed.team.partnership.slug
    export = area("Export")
    where = {
        name: reverse(f"shelf-{name}", args=["ohio", slug, export.pk]) for name in ("let-go", "put-back", "take-up")
    }
    assert "Say why" in convener.post(where["let-go"], {"reason": ""}, follow=True).content.decode()
    convener.post(where["let-go"], {"reason": "The port does it now"})
    shown = page(convener, "partnership-priorities", "ohio", slug)
    assert "The port does it now" in shown and where["put-back"] in shown and where["let-go"] not in shown
    assert where["put-back"] not in page(cast.client("adviser"), "partnership-priorities", "ohio", slug)
    convener.post(where["put-back"])
    answer = convener.post(where["take-up"], {"seat": closed.team.chair_seat.pk, "reason": "by phone"}, follow=True)
    shown = answer.content.decode()
    assert "Taken up from the shelf" in shown and "by phone" in shown and closed.team.chair.name in shown
    again = convener.post(where["take-up"], {"seat": closed.team.chair_seat.pk, "reason": "r"}, follow=True)
    assert "not on the shelf any more" in again.content.decode()
    assert cast.client("agency").post(where["let-go"], {"reason": "r"}).status_code == 404
    assert cast.client("convener", "maine").post(where["let-go"], {"reason": "r"}).status_code == 404


def test_an_area_that_was_put_back_holds_up_no_reopening(closed: Launch) -> None:
    shelving.let_go(by=closed.convener, shelved=area("Export"), reason="r")
    shelving.put_back(by=closed.convener, shelved=area("Export"))
    actions.reopen(by=closed.convener, meeting=closed.room.meeting, reason="r")
    assert not Shelved.objects.filter(closing__withdrawn_at=None).exists()
