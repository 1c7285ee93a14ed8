"""The life of a round: each act works, is refused to who may not, and leaves one entry."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.worksheets import answering, method_actions, outcome_actions, queries, result_queries, round_actions
from sharedtable.worksheets.models import Asked, Promise, Round, RoundDecision, Sheet, SpacePreset, SpaceTool
from sharedtable.worksheets.round_actions import NewRound
from tests.worksheets.rounds import all_answer, answer, begun, holder, seats

pytestmark = pytest.mark.django_db


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def test_a_draft_freezes_the_worksheet_and_sends_nothing(cast):
    team = cast.ohio
    others = [person.pk for person in seats(team, 3)]
    new = NewRound("what-works", "private", team.partnership, True, [team.chair.pk, team.partner.pk, *others])
    made = round_actions.start_round(new, by=team.actor("convener"))
    assert made.state == "draft"
    assert made.worksheet("es").title == "Lo que funciona bien y lo que no"
    assert {(a.table, a.system) for a in made.asked.all()} == {("inner", "business"), ("outer", "education")}
    assert not Letter.objects.exists()
    assert entries("worksheet.start") == 1
    team.partnership.refresh_from_db()
    assert team.partnership.method_version == made.method_version


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state"])
def test_only_a_convener_runs_a_round(cast, role):
    team = cast.ohio
    by = team.actor(role)
    with pytest.raises(Missing):
        round_actions.start_round(NewRound("what-works", "group", team.partnership), by=by)
    made = begun(team, [team.chair])
    for act in (
        round_actions.open_round,
        round_actions.remind,
        round_actions.reveal,
        round_actions.call_off,
        round_actions.again,
    ):
        with pytest.raises(Missing):
            act(made.pk, by=by)  # type: ignore[operator]


def test_a_round_of_another_team_is_not_there(cast):
    made = begun(cast.ohio, [cast.ohio.chair])
    by = cast.maine.actor("convener")
    for act in (round_actions.open_round, round_actions.reveal, round_actions.call_off, round_actions.again):
        with pytest.raises(Missing):
            act(made.pk, by=by)  # type: ignore[operator]
    for query in (queries.round_page, result_queries.result_page, queries.paper_entry):
        with pytest.raises(Missing):
            query(by, made.pk, "en")
    with pytest.raises(Refused, match="Nobody is asked"):
        round_actions.start_round(NewRound("what-works", "private", None, False, [cast.ohio.chair.pk]), by=by)


def test_opening_sends_each_person_one_letter_in_their_language_even_when_pressed_twice(cast):
    team = cast.ohio
    team.partner.language = "es"
    team.partner.save()
    made = begun(team, [team.chair, team.partner])
    assert round_actions.open_round(made.pk, by=team.actor("convener")) == 0
    letters = {letter.person_id: letter for letter in Letter.objects.filter(kind="worksheet")}
    assert set(letters) == {team.chair.pk, team.partner.pk}
    assert letters[team.chair.pk].subject == "Your view: What works well, and what does not"
    assert "Lo que funciona bien" in letters[team.partner.pk].subject
    assert "/l/" in letters[team.partner.pk].body
    assert entries("worksheet.open") == 1


def test_when_the_last_letter_breaks_nothing_is_opened(cast, monkeypatch):
    team = cast.ohio
    new = NewRound("what-works", "private", team.partnership, False, [team.chair.pk, team.partner.pk])
    made = round_actions.start_round(new, by=team.actor("convener"))
    calls = iter([True, False])
    real = round_actions.send_letter

    def breaks(*args, **kwargs):
        if not next(calls):
            raise RuntimeError("no")
        return real(*args, **kwargs)

    monkeypatch.setattr(round_actions, "send_letter", breaks)
    with pytest.raises(RuntimeError):
        round_actions.open_round(made.pk, by=team.actor("convener"))
    made.refresh_from_db()
    assert made.state == "draft"
    assert not Letter.objects.exists()
    assert entries("worksheet.open") == entries("link.make") == 0


def test_a_reminder_goes_to_those_who_are_missing_once_a_day(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner])
    by = team.actor("convener")

    answer(holder(made, team.chair), {"clusters": 3})
    answering.hand_in(by=holder(made, team.chair))
    assert round_actions.remind(made.pk, by=by) == 1
    with pytest.raises(Refused, match="today already"):
        round_actions.remind(made.pk, by=by)


def test_a_reminder_of_an_anonymous_round_goes_to_all_so_that_it_tells_on_nobody(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner, *seats(team, 3)], is_anonymous=True)
    all_answer(made, [team.chair], [3])
    assert round_actions.remind(made.pk, by=team.actor("convener")) == 5


def test_the_result_is_hidden_until_it_is_shown_and_answers_close_then(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner])
    by = team.actor("convener")
    answer(holder(made, team.chair), {"clusters": 2})
    with pytest.raises(Missing, match="not shown yet"):
        result_queries.result_page(by, made.pk, "en")
    with pytest.raises(Missing):
        result_queries.result_by_link(holder(made, team.chair), "en")
    round_actions.reveal(made.pk, by=by)
    page = result_queries.result_page(by, made.pk, "en")
    assert page.results.results["clusters"].average == 2
    assert result_queries.result_by_link(holder(made, team.partner), "en").results.sheets == 1
    with pytest.raises(Refused, match="shown already"):
        answer(holder(made, team.partner), {"clusters": 5})
    assert entries("worksheet.reveal") == 1


def test_a_round_that_was_called_off_takes_no_answers_and_has_no_result(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner, *seats(team, 3)], is_anonymous=True)
    all_answer(made, [team.chair], [3])
    round_actions.call_off(made.pk, by=team.actor("convener"))
    assert not Sheet.objects.filter(round=made).exists()
    with pytest.raises(Refused, match="called off"):
        answer(holder(made, team.chair), {"clusters": 2})
    with pytest.raises(Refused, match="ended already"):
        round_actions.call_off(made.pk, by=team.actor("convener"))


def test_the_next_round_asks_the_same_people_and_is_laid_beside_the_first(cast):
    team = cast.ohio
    by = team.actor("convener")
    people = [team.chair, team.partner]
    first = begun(team, people)
    all_answer(first, people, [1, 2])
    round_actions.reveal(first.pk, by=by)
    second = round_actions.again(first.pk, by=by)
    assert set(second.asked.values_list("person_id", flat=True)) == {p.pk for p in people}
    round_actions.open_round(second.pk, by=by)
    all_answer(second, people, [4, 3])
    round_actions.reveal(second.pk, by=by)
    page = result_queries.result_page(by, second.pk, "en")
    result = page.results.results["clusters"]
    assert (result.average, result.earlier, result.change) == (3.5, 1.5, 2.0)
    assert [one.pk for one, _results in page.before] == [first.pk]


def test_what_somebody_compares_comes_again_in_the_next_round(cast):
    team = cast.ohio
    by = team.actor("convener")
    first = begun(team, [team.chair], "industry-readiness", lists={"industries": ["Plastics", "Health care"]})
    answer(holder(first, team.chair), {"order": ["o2", "o1"]})
    round_actions.reveal(first.pk, by=by)
    second = round_actions.again(first.pk, by=by)
    assert [o.text for o in second.worksheet("es").question("order").options] == ["Plastics", "Health care"]


def test_one_person_answers_for_an_organisation(cast):
    team = cast.ohio
    both = seats(team, 2, table="outer")
    new = NewRound("regional-diagnostic", "organisation", team.partnership, False, [p.pk for p in both])
    with pytest.raises(Refused, match="Two people are chosen"):
        round_actions.start_round(new, by=team.actor("convener"))
    made = begun(team, [team.chair, both[0]], "regional-diagnostic", way="organisation")
    answer(holder(made, both[0]), {"hours": 4, "industry": "Plastics"})
    round_actions.reveal(made.pk, by=team.actor("convener"))
    page = result_queries.result_page(team.actor("agency"), made.pk, "en")
    assert page.results.results["industry"].words[0].who == team.college.name


def test_names_stand_beside_answers_for_conveners_only(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    answer(holder(made, team.chair), {"next": "Talk less"})
    round_actions.reveal(made.pk, by=team.actor("convener"))
    assert (
        result_queries.result_page(team.actor("convener"), made.pk, "en").results.results["next"].words[0].who
        == team.chair.name
    )
    assert result_queries.result_page(team.actor("agency"), made.pk, "en").results.results["next"].words[0].who == ""
    assert result_queries.result_by_link(holder(made, team.chair), "en").results.results["next"].words[0].who == ""


def test_a_decision_and_a_pledge_come_out_of_a_shown_result(cast):
    team = cast.ohio
    by = team.actor("convener")
    made = begun(team, [team.chair])
    answer(holder(made, team.chair), {"clusters": 2})
    decided = outcome_actions.Decided("Which pair first?", "Clusters of firms", dissent="Pat would start elsewhere")
    with pytest.raises(Refused, match="Show the result first"):
        outcome_actions.decide(made.pk, decided, by=by)
    round_actions.reveal(made.pk, by=by)
    decision = outcome_actions.decide(made.pk, decided, by=by)
    assert (decision.partnership, decision.chosen) == (team.partnership, "Clusters of firms")
    outcome_actions.pledge(made.pk, by=by, who="Casey", what="Call two firms")
    page = result_queries.result_page(by, made.pk, "en")
    assert [d.pk for d in page.decisions] == [decision.pk]
    assert [p.what for p in page.promises] == ["Call two firms"]
    assert entries("worksheet.decide") == entries("worksheet.pledge") == 1
    with pytest.raises(Missing):
        outcome_actions.decide(made.pk, decided, by=team.actor("agency"))
    with pytest.raises(Missing):
        outcome_actions.pledge(made.pk, by=team.actor("agency"), who="a", what="b")
    assert (RoundDecision.objects.count(), Promise.objects.count()) == (1, 1)


def test_a_last_day_in_the_past_and_a_tool_that_is_not_there_are_refused(cast):
    team = cast.ohio
    by = team.actor("convener")
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused, match="in the past"):
        round_actions.start_round(NewRound("what-works", "group", team.partnership, closes_on=yesterday), by=by)
    with pytest.raises(Missing):
        round_actions.start_round(NewRound("crystal-ball", "group", team.partnership), by=by)
    assert not Round.objects.exists()
    assert not Asked.objects.exists()


def test_a_team_changes_a_number_with_a_reason_sees_it_and_takes_the_shipped_one_again(cast):
    team = cast.ohio
    by = team.actor("admin")
    with pytest.raises(Refused, match="Say why"):
        method_actions.change_preset(by=by, key="companies_in_definition", value=60, reason="")
    for value in (0, -1, 1e9, float("nan")):
        with pytest.raises(Refused):
            method_actions.change_preset(by=by, key="companies_in_definition", value=value, reason="x")
    with pytest.raises(Missing):
        method_actions.change_preset(by=team.actor("agency"), key="companies_in_definition", value=60, reason="x")
    method_actions.change_preset(by=by, key="companies_in_definition", value=60, reason="A small region")
    made = begun(team, [], "scope-hour", way="group")
    assert "60 firms" in made.worksheet("en").question("enough").text
    page = queries.method_page(by)
    assert [(d.preset.value, float(d.own.value)) for d in page.differences] == [(100, 60.0)]
    assert queries.method_page(cast.maine.actor("admin")).differences == []
    method_actions.change_preset(by=by, key="companies_in_definition", value=None, reason="")
    assert queries.method_page(by).differences == []
    assert SpacePreset.objects.count() == entries("method.preset") == 2


def test_a_teams_own_tool_stands_on_its_shelf_alone_and_comes_off_again(cast):
    from tests.method.test_worksheets import given

    team = cast.ohio
    by = team.actor("convener")
    texts = {language: text.replace("What works well", "How we work") for language, text in given().items()}
    with pytest.raises(Missing):
        method_actions.bring_tool(by=team.actor("agency"), en_text=texts["en"], es_text=texts["es"])
    with pytest.raises(Refused, match="differ at"):
        method_actions.bring_tool(by=by, en_text=texts["en"], es_text=texts["es"].replace('"long"', '"short"'))
    asks = 'kind = "evidence"\nevidence = "gossip"'
    bad = {k: re.sub(r"\nhelp = .*", "", t).replace('kind = "long"', asks) for k, t in texts.items()}
    with pytest.raises(Refused, match="There is no evidence “gossip”"):
        method_actions.bring_tool(by=by, en_text=bad["en"], es_text=bad["es"])
    method_actions.bring_tool(by=by, en_text=texts["en"], es_text=texts["es"])
    method_actions.bring_tool(by=by, en_text=texts["en"], es_text=texts["es"])
    assert queries.tool_page(by, "what-works", "en").worksheet.title.startswith("How we work")
    assert queries.tool_page(cast.maine.actor("convener"), "what-works", "en").worksheet.title.startswith("What works")
    assert queries.method_page(by).shelf.replaced == {"what-works"}
    method_actions.retire_tool(by=by, tool_id="what-works")
    assert queries.tool_page(by, "what-works", "en").worksheet.title.startswith("What works")
    assert SpaceTool.objects.filter(retired_at=None).count() == 0
    with pytest.raises(Missing):
        method_actions.retire_tool(by=by, tool_id="what-works")


def test_a_partnership_that_began_with_another_version_is_told_and_may_move_on(cast):
    team = cast.ohio
    by = team.actor("convener")
    team.partnership.method_version = "0"
    team.partnership.save()
    begun(team, [team.chair])
    assert queries.method_page(by).behind == [team.partnership]
    method_actions.take_version(by=by, partnership=team.partnership)
    assert queries.method_page(by).behind == []


def test_every_letter_of_a_round_has_a_way_to_get_no_more(cast):
    begun(cast.ohio, [cast.ohio.chair, cast.ohio.partner])
    letters = list(Letter.objects.filter(kind="worksheet"))
    assert len(letters) == 2
    for letter in letters:
        assert "/stop/" in letter.stop_address and letter.partnership_id == cast.ohio.partnership.pk
        assert letter.stop_address.rpartition("/")[2] in letter.body
