"""Answers as they arrive: once, in the order in which they were typed, by whoever may, and never half."""

from __future__ import annotations

import itertools

import pytest

from sharedtable.accounts.actors import actor_of_link
from sharedtable.accounts.links import make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.worksheets import answering, queries, round_actions
from sharedtable.worksheets.answering import Edit, Stale
from sharedtable.worksheets.models import Answer, Sheet
from sharedtable.worksheets.round_actions import NewRound
from tests.worksheets.rounds import KEY, answer, begun, holder, seats, token_of

pytestmark = pytest.mark.django_db


def stored(question: str = "clusters"):
    return Answer.objects.get(question=question).value


def test_the_same_answer_sent_twice_is_one(cast):
    made = begun(cast.ohio, [cast.ohio.chair])
    by = holder(made, cast.ohio.chair)
    assert [answer(by, {"clusters": 4}, counter=7) for _ in range(3)] == [7, 7, 7]
    assert (Answer.objects.count(), Sheet.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="worksheet.begin").count() == 1


def test_edits_that_overtake_each_other_end_as_they_were_typed(cast):
    made = begun(cast.ohio, [cast.ohio.chair])
    by = holder(made, cast.ohio.chair)
    typed = [(1, "phone", 2), (2, "laptop", 5), (2, "phone", 1), (3, "laptop", 4)]
    for order in itertools.permutations(typed):
        Answer.objects.all().delete()
        for counter, device, point in [*order, order[0]]:
            answer(by, {"clusters": point}, counter=counter, device=device)
        assert stored() == 4


def test_an_answer_can_be_taken_back_and_does_not_rise_again(cast):
    made = begun(cast.ohio, [cast.ohio.chair])
    by = holder(made, cast.ohio.chair)
    answer(by, {"clusters": 4}, counter=1)
    answer(by, {"clusters": None}, counter=3)
    answer(by, {"clusters": 2}, counter=2)
    assert stored() is None


def test_a_whole_form_that_was_loaded_before_another_device_wrote_is_refused_and_nothing_is_lost(cast):
    made = begun(cast.ohio, [cast.ohio.chair])
    by = holder(made, cast.ohio.chair)
    answer(by, {"clusters": 1, "partners": 1}, counter=1)
    answer(by, {"clusters": 5}, counter=2, device="laptop")
    with pytest.raises(Stale) as stale:
        answering.keep(by=by, edits=[Edit("clusters", 2, 2, "form"), Edit("partners", 3, 2, "form")], base=1)
    assert (stale.value.questions, stale.value.counter) == (("clusters",), 2)
    assert (stored(), stored("partners")) == (5, 1)
    answering.keep(by=by, edits=[Edit("clusters", 2, 3, "form"), Edit("partners", 3, 3, "form")], base=2)
    assert (stored(), stored("partners")) == (2, 3)


def test_a_link_opens_its_own_sheet_and_no_other(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner])
    answer(holder(made, team.chair), {"clusters": 4})
    assert queries.answer_page(holder(made, team.partner), "en").values == {}
    other = make_link(
        by=team.actor("convener"), purpose="worksheet", person_id=team.champion.pk, kind="round", object_id=made.pk
    )
    with pytest.raises(Missing):
        queries.answer_page(actor_of_link(other[0]), "en")
    wrong = make_link(
        by=team.actor("convener"), purpose="card", person_id=team.chair.pk, kind="round", object_id=made.pk
    )
    with pytest.raises(Missing):
        answer(actor_of_link(wrong[0]), {"clusters": 4})
    foreign = make_link(
        by=cast.maine.actor("convener"), purpose="worksheet", person_id=team.chair.pk, kind="round", object_id=made.pk
    )
    with pytest.raises(Missing):
        answer(actor_of_link(foreign[0]), {"clusters": 4})
    assert Answer.objects.count() == 1


def test_a_draft_cannot_be_answered(cast):
    team = cast.ohio
    new = NewRound("what-works", "private", team.partnership, False, [team.chair.pk])
    made = round_actions.start_round(new, by=team.actor("convener"))
    link, _token = make_link(
        by=team.actor("convener"), purpose="worksheet", person_id=team.chair.pk, kind="round", object_id=made.pk
    )
    with pytest.raises(Missing):
        answer(actor_of_link(link), {"clusters": 4})


def test_handing_in_is_confirmed_once_by_mail_and_can_be_undone(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    by = holder(made, team.chair)
    answer(by, {"clusters": 4})
    answering.hand_in(by=by)
    answering.hand_in(by=by)
    letter = Letter.objects.get(kind="confirmation")
    assert "handed in" in letter.body
    assert token_of(letter)
    sheet = Sheet.objects.get()
    assert sheet.is_handed_in
    with pytest.raises(Missing):
        answering.withdraw(sheet.pk, holder(begun(team, [team.partner]), team.partner))
    answering.withdraw(sheet.pk, by)
    sheet.refresh_from_db()
    assert not sheet.is_handed_in
    assert not Answer.objects.exists()


def test_when_the_last_answer_of_a_form_breaks_none_is_kept(cast, monkeypatch):
    made = begun(cast.ohio, [cast.ohio.chair])
    by = holder(made, cast.ohio.chair)
    with pytest.raises(Refused):
        answering.keep(by=by, edits=[Edit("clusters", 4, 1, "phone"), Edit("partners", 4, 0, "phone")])
    assert not Answer.objects.exists()
    assert not Sheet.objects.exists()


def test_a_group_answers_on_one_sheet_for_each_name(cast):
    team = cast.ohio
    made = begun(team, [], "scope-hour", way="group")
    by = team.actor("agency")
    answering.save_group(by=by, number=made.pk, name="Table 1", edits=[Edit("size", "right", 1, "a")])
    answering.save_group(by=by, number=made.pk, name=" Table  1 ", edits=[Edit("size", "low", 2, "b")])
    answering.save_group(by=by, number=made.pk, name="Table 2", edits=[Edit("size", "high", 1, "a")])
    assert sorted(Sheet.objects.values_list("name", flat=True)) == ["Table 1", "Table 2"]
    assert queries.group_page(by, made.pk, "en", "Table 1").values == {"size": "low"}
    with pytest.raises(Refused, match="name"):
        answering.save_group(by=by, number=made.pk, name=" ", edits=[])
    for role in ("economist", "adviser", "state"):
        with pytest.raises(Missing):
            answering.save_group(by=team.actor(role), number=made.pk, name="Table 3", edits=[])
    with pytest.raises(Missing):
        answering.save_group(by=cast.maine.actor("convener"), number=made.pk, name="Table 3", edits=[])


def test_paper_is_typed_in_once_for_each_person(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner])
    by = team.actor("agency")
    asked = made.asked.get(person=team.chair)
    page, left = queries.paper_entry(by, made.pk, "en")
    assert {one.pk for one in left} == set(made.asked.values_list("pk", flat=True))
    edits = [Edit("clusters", 2, 1, "paper"), Edit("next", None, 1, "paper")]
    answering.type_in(by=by, number=made.pk, asked_id=asked.pk, edits=edits)
    with pytest.raises(Refused, match="answered already"):
        answering.type_in(by=by, number=made.pk, asked_id=asked.pk, edits=edits)
    with pytest.raises(Refused, match="empty"):
        answering.type_in(by=by, number=made.pk, asked_id=asked.pk, edits=edits[1:])
    assert [one.person for one in queries.paper_entry(by, made.pk, "en")[1]] == [team.partner]
    assert queries.round_page(by, made.pk, "en").progress.from_paper == 1
    assert Entry.objects.filter(verb="worksheet.paper").count() == 1


def test_paper_of_an_anonymous_round_belongs_to_nobody(cast):
    team = cast.ohio
    made = begun(team, [team.chair, *seats(team, 4)], is_anonymous=True)
    answering.type_in(by=team.actor("convener"), number=made.pk, asked_id=0, edits=[Edit("clusters", 2, 1, "paper")])
    sheet = Sheet.objects.get()
    assert (sheet.asked, sheet.begun_at, sheet.key_hash) == (None, None, "")
    assert queries.paper_entry(team.actor("convener"), made.pk, "en")[1] == []


def test_an_anonymous_sheet_is_begun_once_a_person_and_found_again_by_its_key_alone(cast):
    team = cast.ohio
    made = begun(team, [team.chair, *seats(team, 4)], is_anonymous=True)
    by = holder(made, team.chair)
    with pytest.raises(Missing, match="Begin"):
        answer(by, {"clusters": 4}, key="")
    answering.begin(by=by, key=KEY.format(1))
    answering.begin(by=by, key=KEY.format(1))  # the answer to the first was lost on the way
    with pytest.raises(Refused, match="another phone"):
        answering.begin(by=by, key=KEY.format(2))
    with pytest.raises(Refused, match="out of date"):
        answering.begin(by=by, key="short")
    answer(by, {"clusters": 4}, key=KEY.format(1))
    with pytest.raises(Missing):
        answer(by, {"clusters": 1}, key=KEY.format(2))
    assert queries.answer_page(by, "en", KEY.format(1)).values == {"clusters": 4}
    assert not queries.answer_page(by, "en").has_begun
    assert Sheet.objects.count() == 1
