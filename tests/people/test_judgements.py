"""Evidence, ties and consents: written by who may, seen by who may, and ticked by partners by link."""

from __future__ import annotations

import pytest

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import LinkAct
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.method.champions import champions
from sharedtable.people import tie_queries
from sharedtable.people.actions import answers, judgements, mail, own_data
from sharedtable.people.list_models import Segment, SegmentEntry
from sharedtable.people.models import Evidence, Tie
from tests.cast import Cast
from tests.people.conftest import holder_of


def test_evidence_of_a_test_is_kept_and_the_newest_counts(cast: Cast, convener: Actor) -> None:
    for is_met in (False, True):
        judgements.add_evidence(
            by=convener, person_id=cast.ohio.chair.pk, key="test_company", is_met=is_met, text="Signed for two trainers"
        )
    newest = tie_queries.newest_of(list(Evidence.objects.all()))
    assert newest["test_company"].is_met is True and Evidence.objects.count() == 2
    assert Entry.objects.filter(verb="evidence.add").last().details == {"key": "test_company", "is_met": True}


def test_an_unknown_test_and_who_may_not_judge_are_refused(cast: Cast, convener: Actor, agency: Actor) -> None:
    with pytest.raises(Missing):
        judgements.add_evidence(by=convener, person_id=cast.ohio.chair.pk, key="test_shoes", is_met=True, text="")
    with pytest.raises(Missing):
        judgements.add_evidence(by=agency, person_id=cast.ohio.partner.pk, key="test_company", is_met=True, text="")
    assert not Evidence.objects.exists()


def test_the_choice_of_champions_puts_most_tests_met_first_then_the_best_known(cast: Cast, convener: Actor) -> None:
    tests = [test.id for test in champions().tests]
    for key in tests:
        judgements.add_evidence(by=convener, person_id=cast.ohio.champion.pk, key=key, is_met=True, text="seen")
    judgements.add_evidence(by=convener, person_id=cast.ohio.chair.pk, key=tests[0], is_met=True, text="seen")
    judgements.add_evidence(by=convener, person_id=cast.ohio.chair.pk, key=tests[1], is_met=False, text="not seen")
    judgements.set_tie(by=convener, person_id=cast.ohio.chair.pk, agency_id=cast.ohio.college.pk, strength=3)
    _page, found = tie_queries.candidates(convener, {}, "en")
    assert [(one.person, one.met, one.best_tie) for one in found] == [
        (cast.ohio.champion, 3, 0), (cast.ohio.chair, 1, 3),
    ]  # fmt: skip
    assert [bool(test["evidence"] and test["evidence"].is_met) for test in found[1].tests] == [True, False, False]
    with pytest.raises(Missing):
        tie_queries.candidates(cast.ohio.actor("agency"), {}, "en")


def test_a_tie_of_an_agency_replaces_the_older_one_which_stays(cast: Cast, agency: Actor) -> None:
    for strength in (1, 3):
        judgements.set_tie(
            by=agency, person_id=cast.ohio.chair.pk, agency_id=cast.ohio.college.pk, strength=strength, note="golf"
        )
    assert [tie.strength_rating for tie in Tie.objects.filter(ended_at=None)] == [3]
    assert Tie.objects.count() == 2 and "golf" not in str(list(Entry.objects.values_list("details", flat=True)))
    judgements.set_tie(by=agency, person_id=cast.ohio.chair.pk, agency_id=cast.ohio.college.pk, strength=0)
    assert not Tie.objects.filter(ended_at=None).exists()


def test_agency_staff_speak_for_their_own_agency_alone(cast: Cast, agency: Actor, convener: Actor) -> None:
    with pytest.raises(Missing):
        judgements.set_tie(by=agency, person_id=cast.ohio.chair.pk, agency_id=cast.ohio.board.pk, strength=2)
    judgements.set_tie(by=convener, person_id=cast.ohio.chair.pk, agency_id=cast.ohio.board.pk, strength=2)
    assert tie_queries.tie_grid(agency).rows == []
    assert [row["person"] for row in tie_queries.tie_grid(convener).rows] == [cast.ohio.chair]


def test_a_partner_ticks_whom_they_know_by_link_and_can_undo_it(cast: Cast, convener: Actor) -> None:
    letter = mail.send_ties_link(by=convener, person_id=cast.ohio.partner.pk)
    assert letter.to_address == cast.ohio.partner.email and "/l/" in letter.body
    link = holder_of(convener, cast.ohio.partner, "ties")
    count = answers.tick_ties(
        by=link, seen={cast.ohio.chair.pk: 3, cast.ohio.champion.pk: 0}, notes={cast.ohio.chair.pk: "sat on my board"}
    )
    tie = Tie.objects.get()
    assert (count, tie.strength_rating, tie.agency, tie.known_by) == (1, 3, cast.ohio.college, cast.ohio.partner)
    act = LinkAct.objects.get()
    assert act.key == "ties.tick" and Letter.objects.filter(kind="confirmation").count() == 1
    own_data.undo_ticks(act.object_id, holder_of(convener, cast.ohio.partner, "undo"))
    assert not Tie.objects.filter(ended_at=None).exists()


def test_the_same_ticks_again_change_nothing_and_a_new_one_replaces(cast: Cast, convener: Actor) -> None:
    link = holder_of(convener, cast.ohio.partner, "ties")
    for strength, changed in ((2, 1), (2, 0), (1, 1), (0, 1)):
        assert answers.tick_ties(by=link, seen={cast.ohio.chair.pk: strength}, notes={}) == changed
    assert Tie.objects.count() == 2 and not Tie.objects.filter(ended_at=None).exists()


def test_a_partner_sees_names_and_companies_and_their_own_ticks_alone(cast: Cast, convener: Actor) -> None:
    judgements.set_tie(
        by=convener, person_id=cast.ohio.chair.pk, agency_id=cast.ohio.board.pk, strength=3, note="secret of the board"
    )
    page = tie_queries.tick_page(holder_of(convener, cast.ohio.partner, "ties"), "", "1")
    assert {row["name"] for row in page.rows} == {cast.ohio.chair.name, cast.ohio.champion.name}
    assert set(page.rows[0]) == {"pk", "name", "organisation", "strength", "note"}
    assert all(row["strength"] == 0 and row["note"] == "" for row in page.rows)


def test_nobody_outside_of_the_list_is_ticked(cast: Cast, convener: Actor) -> None:
    segment = Segment.objects.create(
        space=cast.ohio.space, thing="people", name="Prospects", made_by="user:1", made_at=cast.ohio.chair.made_at
    )
    SegmentEntry.objects.create(space=cast.ohio.space, segment=segment, person=cast.ohio.champion)
    link = holder_of(convener, cast.ohio.partner, "ties", "segment", segment.pk)
    assert list(tie_queries.prospects(link)) == [cast.ohio.champion]
    assert answers.tick_ties(by=link, seen={cast.ohio.chair.pk: 3, cast.maine.chair.pk: 3}, notes={}) == 0
    assert not Tie.objects.exists()
    with pytest.raises(Missing):
        answers.tick_ties(by=holder_of(convener, cast.ohio.partner, "held"), seen={}, notes={})


def test_a_list_by_what_a_partner_must_not_learn_does_not_tell_it(cast: Cast, convener: Actor) -> None:
    segment = Segment.objects.create(
        space=cast.ohio.space, thing="people", name="No mail", query={"kind": "business", "mail": "0"},
        made_by="user:1", made_at=cast.ohio.chair.made_at,
    )  # fmt: skip
    link = holder_of(convener, cast.ohio.partner, "ties", "segment", segment.pk)
    assert cast.ohio.champion in tie_queries.prospects(link)


def test_the_convener_reads_no_private_note_of_a_tie(cast: Cast, convener: Actor, django_assert_num_queries) -> None:
    link = holder_of(convener, cast.ohio.partner, "ties")
    answers.tick_ties(by=link, seen={cast.ohio.chair.pk: 2}, notes={cast.ohio.chair.pk: "zq7-note"})
    with django_assert_num_queries(5):
        grid = tie_queries.tie_grid(convener)
    assert grid.rows[0]["cells"] == [(cast.ohio.college.name, 2)] and "zq7" not in str(grid)


def test_a_consent_says_how_it_was_given_and_the_newest_counts(cast: Cast, convener: Actor) -> None:
    chair = cast.ohio.chair
    judgements.set_consent(by=convener, person_id=chair.pk, key="contact_shown", is_given=True, how="on the phone")
    chair.refresh_from_db()
    assert chair.shows_contact is True
    judgements.set_consent(by=convener, person_id=chair.pk, key="contact_shown", is_given=False, how="by mail")
    chair.refresh_from_db()
    assert chair.shows_contact is False and chair.consents.count() == 2
    with pytest.raises(Refused, match="how they told you"):
        judgements.set_consent(by=convener, person_id=chair.pk, key="news", is_given=True, how=" ")
    with pytest.raises(Missing):
        judgements.set_consent(by=cast.ohio.actor("agency"), person_id=chair.pk, key="news", is_given=True, how="mail")
