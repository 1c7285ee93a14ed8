"""Where people work: history stays, several places at once, who may promise something (A28)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.people.actions import memberships
from sharedtable.people.models import Membership
from tests.cast import Cast


@pytest.fixture
def old(cast: Cast) -> Membership:
    found = cast.ohio.chair.memberships.get()
    Membership.objects.filter(pk=found.pk).update(started_on=date(2020, 1, 1))
    return found


def test_a_change_of_employer_ends_the_old_place_the_day_before_and_loses_nothing(cast, convener, old) -> None:
    day = date(2026, 3, 1)
    made = memberships.move(
        by=convener, person_id=cast.ohio.chair.pk, organisation_id=cast.ohio.board.pk, title="Director", started_on=day
    )
    old.refresh_from_db()
    assert (old.ended_on, old.title, old.is_main) == (day - timedelta(days=1), "President", False)
    assert (made.started_on, made.is_main, made.organisation) == (day, True, cast.ohio.board)
    cast.ohio.chair.refresh_from_db()
    assert "workforce board" in cast.ohio.chair.search_text and "plastics" not in cast.ohio.chair.search_text
    assert "|system=workforce|" in cast.ohio.chair.facets
    details = Entry.objects.get(verb="person.move").details
    assert details["left"] == cast.ohio.company.pk and details["joined"] == cast.ohio.board.pk


def test_a_move_that_would_begin_before_the_old_place_did_is_refused(cast, convener, old) -> None:
    with pytest.raises(Refused, match="before the old one did"):
        memberships.move(
            by=convener, person_id=cast.ohio.chair.pk, organisation_id=cast.ohio.board.pk, title="",
            started_on=date(2019, 12, 31),
        )  # fmt: skip
    old.refresh_from_db()
    assert old.ended_on is None and cast.ohio.chair.memberships.count() == 1


def test_a_move_to_where_they_work_already_is_refused(cast, convener, old) -> None:
    with pytest.raises(Refused, match="work there already"):
        memberships.move(
            by=convener, person_id=cast.ohio.chair.pk, organisation_id=cast.ohio.company.pk, title="",
            started_on=date(2026, 1, 1),
        )  # fmt: skip


def test_somebody_may_belong_to_several_and_has_one_main_place(cast, convener, old) -> None:
    made = memberships.join(
        by=convener, person_id=cast.ohio.chair.pk, organisation_id=cast.ohio.college.pk, title="Trustee",
        can_commit=True, is_main=True,
    )  # fmt: skip
    now = cast.ohio.chair.memberships.filter(ended_on=None)
    assert now.count() == 2 and now.get(is_main=True) == made
    memberships.leave(by=convener, pk=made.pk, ended_on=date(2026, 12, 1))
    assert now.get(is_main=True).pk == old.pk
    made.refresh_from_db()
    assert (made.can_commit, made.ended_on) == (True, date(2026, 12, 1))


def test_title_and_authority_are_corrected_in_place(cast, convener, old) -> None:
    memberships.correct_membership(by=convener, pk=old.pk, title="Chief executive", started_on=None, can_commit=True)
    old.refresh_from_db()
    assert (old.title, old.can_commit, old.started_on) == ("Chief executive", True, None)
    cast.ohio.chair.refresh_from_db()
    assert "chief executive" in cast.ohio.chair.search_text and "|can_commit=1|" in cast.ohio.chair.facets


def test_who_may_not_change_the_person_moves_nobody(cast, agency, old) -> None:
    with pytest.raises(Missing):
        memberships.move(
            by=agency, person_id=cast.ohio.chair.pk, organisation_id=cast.ohio.board.pk, title="",
            started_on=date(2026, 1, 1),
        )  # fmt: skip
    with pytest.raises(Missing):
        memberships.leave(by=agency, pk=old.pk, ended_on=date(2026, 1, 1))


def test_another_team_cannot_be_joined(cast: Cast, convener: Actor) -> None:
    with pytest.raises(Missing):
        memberships.join(by=convener, person_id=cast.ohio.chair.pk, organisation_id=cast.maine.board.pk)
    with pytest.raises(Missing):
        memberships.leave(by=convener, pk=cast.maine.chair.memberships.get().pk, ended_on=date(2026, 1, 1))


def test_a_break_in_the_last_write_leaves_the_old_place(cast, convener, old, monkeypatch) -> None:
    def broken(**_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(memberships, "record", broken)
    with pytest.raises(ZeroDivisionError):
        memberships.move(
            by=convener, person_id=cast.ohio.chair.pk, organisation_id=cast.ohio.board.pk, title="",
            started_on=date(2026, 1, 1),
        )  # fmt: skip
    old.refresh_from_db()
    assert old.ended_on is None and Membership.objects.filter(person=cast.ohio.chair).count() == 1
