"""A team's own answers and read marks: each act works, is refused to who may not, and leaves one entry."""

from __future__ import annotations

import pytest

from sharedtable.accounts.actors import VISITOR
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.library import actions, queries
from sharedtable.library.erasing import erase
from sharedtable.library.models import OwnAnswer, ReadMark
from sharedtable.worksheets import method_actions

pytestmark = pytest.mark.django_db

OURS = {"en_question": "Where do we meet?", "en_answer": "At the mill.\n\n- Monday\n- Friday", "es_question": "",
        "es_answer": ""}  # fmt: skip


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def titles(by, name: str = "questions", language: str = "en") -> list[str]:
    return [entry.title for entry in queries.shelf_page(by, name, language).entries]


@pytest.mark.parametrize("role", ["admin", "convener", "state"])
def test_an_own_question_stands_on_the_shelf_of_the_team_alone(cast, role) -> None:
    by = cast.ohio.actor(role)
    made = actions.write_answer(by=by, entry="", **OURS)
    assert made.entry == "own-1"
    page = queries.entry_page(cast.ohio.actor("agency"), "questions", "own-1", "es")
    assert page.entry.title == "Where do we meet?" and page.entry.is_other_language
    assert [part.lines for part in page.entry.parts] == [(), ("Monday", "Friday")]
    assert "Where do we meet?" not in titles(cast.maine.actor("convener")) + titles(VISITOR)
    with pytest.raises(Missing):
        queries.entry_page(cast.maine.actor("convener"), "questions", "own-1", "en")
    assert entries("library.answer") == 1


@pytest.mark.parametrize("role", ["agency", "economist", "adviser"])
def test_others_may_not_write(cast, role) -> None:
    with pytest.raises(Missing):
        actions.write_answer(by=cast.ohio.actor(role), entry="", **OURS)
    actions.write_answer(by=cast.ohio.actor("admin"), entry="scope", **OURS)
    with pytest.raises(Missing):
        actions.put_away(by=cast.ohio.actor(role), entry="scope")
    with pytest.raises(Missing):
        actions.put_away(by=cast.maine.actor("admin"), entry="scope")


def test_an_edited_answer_shows_what_is_shipped_beside_it_and_can_be_put_away(cast) -> None:
    by = cast.ohio.actor("convener")
    shipped = queries.entry_page(by, "questions", "scope", "en").entry
    first = actions.write_answer(by=by, entry="scope", **OURS)
    shown = queries.entry_page(by, "questions", "scope", "en").entry
    assert shown.title == "Where do we meet?" and shown.shipped_text == shipped.text
    assert [one.id for one in queries.own_entries(by, "en")] == ["scope"]
    second = actions.write_answer(by=by, entry="scope", was=first.pk, **{**OURS, "en_answer": "At the dam."})
    assert OwnAnswer.objects.get(pk=first.pk).retired_at is not None and second.retired_at is None
    actions.put_away(by=by, entry="scope")
    assert queries.entry_page(by, "questions", "scope", "en").entry.text == shipped.text
    assert entries("library.answer_away") == 1


def test_two_who_add_a_question_at_once_get_one_kept_and_one_asked_to_look(cast, monkeypatch) -> None:
    by = cast.ohio.actor("convener")
    actions.write_answer(by=by, entry="", **OURS)
    monkeypatch.setattr(actions, "_next_id", lambda space: "own-1")  # what the second one read before the first wrote
    with pytest.raises(Refused, match="Somebody else"):
        actions.write_answer(by=by, entry="", **OURS)
    assert OwnAnswer.objects.count() == 1 and entries("library.answer") == 1


def test_who_did_not_see_the_newest_answer_is_refused_and_nothing_is_lost(cast) -> None:
    by = cast.ohio.actor("convener")
    kept = actions.write_answer(by=by, entry="scope", **OURS)
    with pytest.raises(Refused, match="Somebody else changed"):
        actions.write_answer(by=by, entry="scope", was=None, **{**OURS, "en_answer": "No."})
    assert OwnAnswer.objects.get(retired_at=None).pk == kept.pk


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"en_question": ""}, "needs an answer"),
        ({"en_question": "", "en_answer": ""}, "one language at least"),
        ({"es_question": "¿Dónde?"}, "needs an answer"),
        ({"en_answer": "x" * 4_001}, "under"),
    ],
)
def test_half_an_answer_is_refused(cast, change, said) -> None:
    with pytest.raises(Refused, match=said):
        actions.write_answer(by=cast.ohio.actor("admin"), entry="", **{**OURS, **change})
    assert not OwnAnswer.objects.exists()


def test_there_is_no_answer_to_what_nobody_asked(cast) -> None:
    for entry in ("nothing", "own-7"):
        with pytest.raises(Missing):
            actions.write_answer(by=cast.ohio.actor("admin"), entry=entry, **OURS)


def test_a_break_in_the_last_write_changes_nothing(cast, monkeypatch) -> None:
    monkeypatch.setattr(actions, "record", lambda **_: 1 / 0)
    by = cast.ohio.actor("admin")
    for act in (
        lambda: actions.write_answer(by=by, entry="", **OURS),
        lambda: actions.mark_read(by=by, entry="primer", is_read=True),
    ):
        with pytest.raises(ZeroDivisionError):
            act()
    assert not OwnAnswer.objects.exists() and not ReadMark.objects.exists()


def test_everybody_ticks_for_themselves_and_nothing_waits_for_it(cast) -> None:
    for role in ("adviser", "state"):
        actions.mark_read(by=cast.ohio.actor(role), entry="primer", is_read=True)
        actions.mark_read(by=cast.ohio.actor(role), entry="primer", is_read=True)
    page = queries.shelf_page(cast.ohio.actor("state"), "reading", "en")
    assert page.read == {"primer"} and page.readers == {"primer": 2}
    actions.mark_read(by=cast.ohio.actor("state"), entry="primer", is_read=False)
    assert queries.shelf_page(cast.ohio.actor("adviser"), "reading", "en").readers == {"primer": 1}
    assert queries.shelf_page(cast.maine.actor("state"), "reading", "en").readers == {}
    assert (entries("library.read"), entries("library.unread")) == (2, 1)
    with pytest.raises(Missing):
        actions.mark_read(by=VISITOR, entry="primer", is_read=True)
    with pytest.raises(Missing):
        actions.mark_read(by=cast.ohio.actor("state"), entry="scope", is_read=True)


def test_a_person_that_is_erased_stands_in_no_answer(cast) -> None:
    team = cast.ohio
    name = team.chair.name
    actions.write_answer(by=team.actor("admin"), entry="", **{**OURS, "en_answer": f"Ask {name}."})
    erase(team.space.pk, team.chair.pk)
    assert name not in OwnAnswer.objects.get().en_answer


# --- searching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "language", "key"),
    [
        ("rural", "en", "questions/rural"),
        ("rurales", "es", "questions/rural"),
        ("early wins", "en", "glossary/early-win"),
        ("LOGRO temprano", "es", "glossary/early-win"),
        ("region", "es", "glossary/region"),  # without its accent
        ("poverty", "es", "facts/poverty"),  # a word of the other language
        ("presupuesto metales pellets", "en", None),
        ("pellets", "en", "stories/green-alliance"),
    ],
)
def test_a_word_finds_its_entry_in_both_languages(words, language, key) -> None:
    found = [f"{one.shelf}/{one.id}" for one in queries.search(VISITOR, words, language)]
    assert key in found if key else found == []


def test_what_has_the_word_in_its_title_comes_first() -> None:
    assert queries.search(VISITOR, "champions", "en")[0].id in ("champions", "champion", "champions-paper")
    assert queries.search(VISITOR, "  ", "en") == []


def test_the_search_finds_a_teams_own_answer_and_no_other_teams(cast) -> None:
    actions.write_answer(by=cast.ohio.actor("admin"), entry="", **OURS)
    assert [one.id for one in queries.search(cast.ohio.actor("agency"), "mill", "en")] == ["own-1"]
    assert queries.search(cast.maine.actor("agency"), "mill", "en") == []


# --- numbers and costs ------------------------------------------------------------------------------------------------


def test_a_text_shows_the_teams_own_number(cast) -> None:
    by = cast.ohio.actor("convener")
    method_actions.change_preset(by=by, key="launch_businesses_target", value=19, reason="A small town")
    assert "Aim for 19 business leaders" in queries.entry_page(by, "topics", "launch", "en").entry.text
    assert "Aim for 25 business leaders" in queries.entry_page(VISITOR, "topics", "launch", "en").entry.text


def test_a_visitor_costs_no_query_and_a_member_two(cast, django_assert_num_queries) -> None:
    by = cast.ohio.actor("convener")
    with django_assert_num_queries(0):
        queries.search(VISITOR, "launch", "en")
        queries.shelf_page(VISITOR, "questions", "en")
        queries.help_page(VISITOR, "profile", "en")
    for read in (
        lambda: queries.shelf_page(by, "questions", "en"),
        lambda: queries.search(by, "launch", "en"),
        lambda: queries.help_page(by, "people", "en"),
        lambda: queries.entry_page(by, "questions", "scope", "en"),
    ):
        with django_assert_num_queries(2):
            read()
