"""By personal link: accept, decline, say what one brings, a delegate, step back, leave, come back, and undo each."""

from __future__ import annotations

import re

import pytest

from sharedtable.accounts.actors import actor_of_link
from sharedtable.accounts.links import make_link, open_link
from sharedtable.accounts.models import LinkAct
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Letter
from sharedtable.partnerships import seat_acts, seating
from sharedtable.partnerships.models import Seat


def undo_actor():
    """Whoever opened the link in the newest confirmation."""
    body = Letter.objects.filter(kind="confirmation").latest("id").body
    return actor_of_link(open_link(re.search(r"/l/(\S+)", body)[1]))


def test_accepting_is_confirmed_by_mail_and_undone_from_there(world, entries) -> None:
    seat = world.team.chair_seat
    seat_acts.answer(by=world.holder(seat), is_yes=True)
    seat.refresh_from_db()
    assert seat.is_accepted is True and seat.answered_at is not None
    letter = Letter.objects.get(kind="confirmation")
    assert "You accepted the seat “Chair”" in letter.body
    assert letter.to_address == world.team.chair.email
    seat_acts.undo(seat.pk, undo_actor())
    seat.refresh_from_db()
    assert seat.is_accepted is None
    assert (entries("seat.accept"), entries("seat.accept.undo")) == (1, 1)
    with pytest.raises(Missing, match="undone already"):
        seat_acts.undo(seat.pk, undo_actor())


def test_the_confirmation_is_in_the_persons_language(world) -> None:
    world.team.chair.language = "es"
    world.team.chair.save()
    seat_acts.answer(by=world.holder(world.team.chair_seat), is_yes=False)
    assert "Usted rechazó el asiento «Quien preside»" in Letter.objects.get(kind="confirmation").body


def test_leaving_keeps_the_history_and_coming_back_works_by_the_same_link(world) -> None:
    seat = world.team.chair_seat
    holder = world.holder(seat)
    seat_acts.set_notice(by=holder, notice="left")
    seat.refresh_from_db()
    assert seat.notice == "left" and seat.ended_on is not None
    with pytest.raises(Refused, match="Come back first"):
        seat_acts.answer(by=holder, is_yes=True)
    seat_acts.set_notice(by=holder, notice="active")
    seat.refresh_from_db()
    assert seat.notice == "active" and seat.ended_on is None


def test_undoing_a_leave_brings_the_delegates_back_too(world) -> None:
    seat = world.team.chair_seat
    clerk = world.seat("delegate", world.person("Dee Delegate", world.team.company), acts_for=seat.pk)
    seat_acts.set_notice(by=world.holder(seat), notice="left")
    clerk.refresh_from_db()
    assert clerk.ended_on is not None
    seat_acts.undo(seat.pk, undo_actor())
    clerk.refresh_from_db()
    seat.refresh_from_db()
    assert clerk.ended_on is None and seat.ended_on is None and seat.notice == "active"


def test_stepping_back_keeps_the_seat_and_marks_it(world) -> None:
    seat_acts.set_notice(by=world.holder(world.team.partner_seat), notice="informed")
    seat = Seat.objects.get(pk=world.team.partner_seat.pk)
    assert (seat.notice, seat.ended_on) == ("informed", None)


def test_who_left_cannot_come_back_while_sitting_at_the_other_table(world) -> None:
    free = world.person("Fran Free")
    seat = world.seat("core_partner", free)
    holder = world.holder(seat)
    seat_acts.set_notice(by=holder, notice="left")
    world.seat("member", free)
    with pytest.raises(Refused, match="Nobody sits at both"):
        seat_acts.set_notice(by=holder, notice="active")


def test_a_seat_that_the_team_ended_does_not_come_back_by_link(world) -> None:
    holder = world.holder(world.team.chair_seat)
    seating.end_seat(by=world.by, seat=world.team.chair_seat)
    with pytest.raises(Refused, match="This seat has ended"):
        seat_acts.set_notice(by=holder, notice="active")


def test_a_champion_names_a_colleague_and_nobody_else_as_delegate(world) -> None:
    seat = world.team.chair_seat
    seat.duties = ["chair_launch"]
    seat.save()
    clerk = world.person("Dee Delegate", world.team.company)
    outsider = world.person("Otto Outside", world.place("Other Co"))
    holder = world.holder(seat)
    assert [one.pk for one in seat_acts.colleagues(holder)] == [world.team.champion.pk, clerk.pk]
    with pytest.raises(Refused, match="your own organization"):
        seat_acts.name_delegate(by=holder, person_id=outsider.pk)
    made = seat_acts.name_delegate(by=holder, person_id=clerk.pk)
    assert (made.role, made.acts_for_id, made.duties) == ("delegate", seat.pk, ["chair_launch"])
    with pytest.raises(Refused, match="acts for you already"):
        seat_acts.name_delegate(by=holder, person_id=clerk.pk)
    seat_acts.undo(made.pk, undo_actor())
    made.refresh_from_db()
    assert made.ended_on is not None


def test_what_somebody_brings_counts_as_a_yes(world) -> None:
    seat = world.seat("support_team", world.person("Omar Offer", world.team.board))
    seat_acts.contribute(by=world.holder(seat), words="  The first call to\n alumni ")
    seat.refresh_from_db()
    assert (seat.contribution, seat.is_accepted) == ("The first call to alumni", True)
    seat_acts.undo(seat.pk, undo_actor())
    seat.refresh_from_db()
    assert (seat.contribution, seat.is_accepted) == ("", None)


def test_a_link_for_one_seat_or_purpose_opens_no_other(world) -> None:
    _link, token = make_link(
        by=world.by,
        purpose="seat",
        person_id=world.team.champion.pk,
        kind="seat",
        object_id=world.team.chair_seat.pk,
    )
    with pytest.raises(Missing):
        seat_acts.answer(by=actor_of_link(open_link(token)), is_yes=True)
    _link, token = make_link(
        by=world.by,
        purpose="agreement",
        person_id=world.team.chair.pk,
        kind="seat",
        object_id=world.team.chair_seat.pk,
    )
    with pytest.raises(Missing):
        seat_acts.answer(by=actor_of_link(open_link(token)), is_yes=True)
    with pytest.raises(Missing):
        seat_acts.held_seat(world.by)
    assert LinkAct.objects.count() == 0


def test_a_letter_with_the_link_is_held_and_needs_an_address(world) -> None:
    letter = seating.ask(by=world.by, seat=world.team.chair_seat)
    assert letter.state == "held" and "/l/" in letter.body
    world.team.champion.email = ""
    world.team.champion.save()
    seat = world.seat("champion", world.team.champion)
    with pytest.raises(Refused, match="no mail address"):
        seating.ask(by=world.by, seat=seat)
    with pytest.raises(Missing):
        seating.ask(by=world.team.actor("agency"), seat=world.team.chair_seat)
