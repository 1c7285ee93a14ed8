"""How far people stand apart, by question and group: fast measures against slow twins, and what may not be shown."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.method.questions import Condition, Option, Question, Section, Worksheet
from sharedtable.worksheets.results import Filled, results
from sharedtable.worksheets.spread import apart, differ, may_split, mean, median, safe_counts
from sharedtable.worksheets.values import check, is_shown

OPTIONS = (Option("a", "Apples"), Option("b", "Bread"), Option("c", "Cheese"))


def sheet_of(*questions: Question) -> Worksheet:
    return Worksheet(
        "t", "en", 1, 1, (), "S1:1", "private", False, 5, ("everyone",), "none", "T", "S", "I", (), (),
        (Section("s", "S", "", questions),), {q.id: q for q in questions},
    )  # fmt: skip


RATING = Question("r", "rating", "How?", anchors=("low", "high"))


def result_of(question: Question, values, *, anonymous=False, tables=()):
    filled = [Filled({question.id: v}, tables[n] if tables else "") for n, v in enumerate(values)]
    return results(sheet_of(question), filled, is_anonymous=anonymous).results[question.id]


# --- twins ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 7), max_size=30))
def test_the_distance_of_two_people_is_the_average_over_all_pairs(values):
    pairs = [abs(a - b) for a, b in combinations(values, 2)]
    assert apart(values) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_the_chance_to_differ_is_the_share_of_pairs_that_differ(values):
    pairs = [a != b for a, b in combinations(values, 2)]
    assert differ(values) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_the_median_has_as_many_above_as_below(values):
    middle = median(values)
    assert middle is not None
    assert sum(v < middle for v in values) <= len(values) / 2
    assert sum(v > middle for v in values) <= len(values) / 2
    assert min(values) - 1e-6 <= (mean(values) or 0) <= max(values) + 1e-6


@given(st.dictionaries(st.sampled_from("12345"), st.integers(0, 9), min_size=2))
def test_no_count_under_three_can_be_seen_or_worked_out(counts):
    shown = safe_counts(counts)
    assert all(shown[key] is None for key, count in counts.items() if 0 < count < 3)
    hidden = [key for key, value in shown.items() if value is None]
    if hidden:
        # With the total known, what is hidden must still be able to be divided in more than one way.
        assert len(hidden) >= 2
        assert sum(counts[key] for key in hidden) >= 3 or len(hidden) == len(counts)
    assert all(value in (None, counts[key]) for key, value in shown.items())


@given(st.dictionaries(st.sampled_from(["inner", "outer", "network"]), st.integers(0, 12)))
def test_a_split_never_shows_or_gives_away_a_group_under_five(sizes):
    groups = {name: [1] * size for name, size in sizes.items()}
    if may_split(groups):
        assert all(size == 0 or size >= 5 for size in sizes.values())


# --- each kind --------------------------------------------------------------------------------------------------------


def test_a_rating_shows_its_average_its_spread_and_its_counts():
    found = result_of(RATING, [1, 1, 5, 5])
    assert (found.average, found.middle, found.apart) == (3, 3, pytest.approx(8 / 3))
    assert [bar.count for bar in found.bars] == [2, 0, 0, 0, 2]
    assert found.bars[0].text == "low"
    assert found.difference == pytest.approx(2 / 3)


def test_choices_are_counted():
    found = result_of(Question("q", "choice", "?", options=OPTIONS), ["a", "a", "b"])
    assert [bar.count for bar in found.bars] == [2, 1, 0]
    found = result_of(Question("q", "many", "?", options=OPTIONS), [["a", "b"], ["a"]])
    assert [bar.count for bar in found.bars] == [2, 1, 0]


def test_a_ranking_is_ordered_by_average_place_and_what_was_left_out_stands_last():
    found = result_of(Question("q", "ranking", "?", options=OPTIONS), [["b", "a", "c"], ["b"]])
    assert [(row.key, row.average) for row in found.rows] == [("b", 1), ("a", 2.5), ("c", 3)]


def test_a_matrix_shows_each_cell_and_orders_by_the_whole():
    question = Question(
        "q", "matrix", "?", options=OPTIONS[:2], criteria=(Option("x", "X"), Option("y", "Y")), anchors=("-", "+")
    )
    found = result_of(question, [{"a": {"x": 1, "y": 3}, "b": {"x": 5}}, {"a": {"x": 3}}])
    assert [row.key for row in found.rows] == ["b", "a"]
    cells = {row.key: [(c.average, c.answers) for c in row.cells] for row in found.rows}
    assert cells == {"a": [(2, 2), (3, 1)], "b": [(5, 1), (None, 0)]}


def test_figures_without_names_need_five_answers():
    question = Question("q", "number", "?", unit="hours")
    assert result_of(question, [1, 2, 3, 4], anonymous=True).is_hidden
    assert result_of(question, [1, 2, 3, 4, 100], anonymous=True).middle == 3


def test_the_questions_that_divide_the_group_come_first():
    other = Question("s", "rating", "And?", anchors=("low", "high"))
    filled = [Filled({"r": 3, "s": 1}), Filled({"r": 3, "s": 5}), Filled({"r": 3, "s": 1})]
    found = results(sheet_of(RATING, other), filled, is_anonymous=False)
    assert [r.question.id for r in found.differing] == ["s"]
    assert [r.question.id for r in found.agreeing] == ["r"]


def test_an_answer_to_a_question_that_did_not_show_does_not_count():
    first = Question("c", "choice", "?", options=OPTIONS)
    then = Question("t", "short", "Why?", shown_if=Condition("c", ("a",)))
    sheet = sheet_of(first, then)
    assert is_shown(sheet, then, {"c": "a"})
    assert not is_shown(sheet, then, {"c": "b"})
    found = results(sheet, [Filled({"c": "a", "t": "x"}), Filled({"c": "b", "t": "y"})], is_anonymous=False)
    assert [w.text for w in found.results["t"].words] == ["x"]


def test_a_question_that_changed_its_scale_is_not_compared():
    before = results(
        sheet_of(Question("r", "rating", "?", points=3, anchors=("a", "b"))), [Filled({"r": 3})], is_anonymous=False
    )
    after = results(sheet_of(RATING), [Filled({"r": 5})], is_anonymous=False, earlier=before)
    assert after.results["r"].change is None


@pytest.mark.parametrize(
    ("question", "good", "bad"),
    [
        (RATING, [1, 5, "3"], [0, 6, "x", True, 2.5, [1], {"a": 1}]),
        (Question("q", "choice", "?", options=OPTIONS), ["a"], ["z", ["a"], 1]),
        (Question("q", "many", "?", options=OPTIONS, most=2), [["b", "a"]], [["z"], "a", ["a", "b", "c"], [["a"]]]),
        (Question("q", "short", "?"), ["hello", "  x "], ["x" * 301, 7]),
        (Question("q", "long", "?"), ["a\nb"], ["x" * 4001]),
        (Question("q", "number", "?", least=0, most=80), [0, "12", "1,0", "3.5"], ["x", -1, 81, "nan", "inf", "1e400"]),
        (Question("q", "date", "?"), ["2027-01-31"], ["2027-02-30", "tomorrow"]),
        (Question("q", "person", "?"), [{"id": 3}, {"name": "Ann"}], [{"id": "3"}, {"name": "x" * 300}]),
        (Question("q", "ranking", "?", options=OPTIONS), [["a"], ["c", "a", "b"]], [["a", "a"], ["z"], "a"]),
        (
            Question("q", "matrix", "?", options=OPTIONS, criteria=(Option("x", "X"),)),
            [{"a": {"x": 5}}],
            [{"z": {"x": 5}}, {"a": {"y": 5}}, {"a": {"x": 9}}, {"a": 5}, [1]],
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Question) else "",
)  # fmt: skip
def test_each_kind_takes_what_fits_and_refuses_the_rest_in_words(question, good, bad):
    for value in good:
        assert check(question, value) is not None
    for value in bad:
        with pytest.raises(Refused, match="“"):
            check(question, value)
    for value in ("", None, [], {}):
        assert check(question, value) is None


def test_a_cell_that_one_or_two_marked_is_not_shown_without_names():
    question = Question("q", "matrix", "?", options=OPTIONS[:1], criteria=(Option("x", "X"), Option("y", "Y")))
    values = [{"a": {"x": 1, "y": 5}}, {"a": {"x": 3, "y": 5}}, {"a": {"x": 5}}]
    cells = result_of(question, values, anonymous=True).rows[0].cells
    assert [(c.average, c.answers) for c in cells] == [(3, 3), (None, 0)]
    assert [c.average for c in result_of(question, values).rows[0].cells] == [3, 5]
