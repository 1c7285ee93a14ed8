"""Marks in a data walk: one a person a figure, hidden from all until the reveal, and the same log is the same board."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedtable.method.runs import run
from sharedtable.wall.commands import decide
from sharedtable.wall.hub import Table
from sharedtable.wall.marks import MARKS
from sharedtable.wall.rules import SERVER, Context, Turned, Who
from sharedtable.wall.state import Audience, Happened, State, fold
from sharedtable.wall.writer import Done, Not, Submission, write
from tests.wall.rooms import Room, key, make_room

pytestmark = pytest.mark.django_db
AUDIENCES: tuple[Audience, ...] = ("stage", "wall", "facilitator")
STOP = "1-0-employment"
SECRET = "Two plants close in May"


@pytest.fixture
def walk(cast) -> Room:
    return make_room(cast.ohio, run="data-walk")


def server(room: Room, do: str, **given: Any) -> Done | Not:
    return write(room.board.pk, [Submission(room.board.pk, 0, [{"key": key(), "do": do, **given}])])[0][0]


def state_of(room: Room) -> State:
    from sharedtable.wall.tables import events_after

    return fold(events_after(room.board.pk, 0))


def test_both_tables_mark_in_a_walk_and_the_last_mark_of_each_counts(walk):
    server(walk, "stop.open", stop=STOP)
    walk.number("ann", "mark.set", stop=STOP, mark="real")
    walk.number("pat", "mark.set", stop=STOP, mark="missing", text="The self-employed")
    walk.number("ann", "mark.set", stop=STOP, mark="doubtful", text=SECRET)
    assert state_of(walk).counts[STOP] == 2
    assert isinstance(server(walk, "stop.reveal", stop=STOP), Done)
    found = state_of(walk).spreads[STOP]
    assert found["all"] == {"doubtful": 1, "missing": 1}
    assert found["said"] == [
        {"mark": "doubtful", "text": SECRET}, {"mark": "missing", "text": "The self-employed"},
    ]  # fmt: skip


def test_the_outer_table_marks_nothing_at_a_launch_and_nobody_marks_what_is_not_open(cast):
    launch = make_room(cast.ohio)
    server(launch, "stop.open", stop=STOP)
    assert launch.code("pat", "mark.set", stop=STOP, mark="real") == "listening"
    walk = make_room(cast.ohio, run="data-walk")
    assert walk.code("pat", "mark.set", stop=STOP, mark="real") == "closed"
    assert walk.code("pat", "note.add", text="A card") == "closed"
    assert walk.code("screen", "mark.set", stop=STOP, mark="real") == "not_yours"


@pytest.mark.parametrize("do", ["stop.open", "stop.reveal", "stop.hear"])
@pytest.mark.parametrize("who", ["ann", "pat", "fay", "sam", "screen"])
def test_only_the_record_itself_opens_and_reveals(walk, who, do):
    server(walk, "stop.open", stop=STOP)
    before = state_of(walk).number
    assert walk.code(who, do, stop=STOP, text="x") == "not_yours"
    assert state_of(walk).number == before


def test_a_mark_is_changed_and_taken_back_until_the_reveal_and_never_after(walk):
    server(walk, "stop.open", stop=STOP)
    walk.number("ann", "mark.set", stop=STOP, mark="real")
    walk.number("ann", "mark.set", stop=STOP, mark="")
    assert state_of(walk).counts[STOP] == 0
    walk.number("ann", "mark.set", stop=STOP, mark="real")
    server(walk, "stop.reveal", stop=STOP)
    assert walk.code("ann", "mark.set", stop=STOP, mark="doubtful") == "closed"
    assert walk.code("bo", "mark.set", stop=STOP, mark="doubtful") == "closed"
    again = server(walk, "stop.reveal", stop=STOP)
    assert isinstance(again, Not) and again.turned.code == "there"


def test_the_same_mark_sent_twice_is_one_event(walk):
    server(walk, "stop.open", stop=STOP)
    ann = walk.places["ann"].pk
    command = {"key": key(), "do": "mark.set", "stop": STOP, "mark": "doubtful", "text": SECRET}
    answers = [write(walk.board.pk, [Submission(walk.board.pk, ann, [command])])[0][0] for _ in range(2)]
    assert [(one.number, one.is_repeat) for one in answers] == [(3, False), (3, True)]


def test_what_cannot_be_read_is_turned_away(walk):
    server(walk, "stop.open", stop=STOP)
    server(walk, "stop.open", stop="1-choice", options=3)
    for mark in ("maybe", 5, None, ["real"], "0,1"):
        assert walk.code("ann", "mark.set", stop=STOP, mark=mark) == "unreadable"
    for order in ("3", "0,0", "0,,1", "real", "0, 1"):
        assert walk.code("ann", "mark.set", stop="1-choice", mark=order) == "unreadable"
    assert walk.code("ann", "mark.set", stop=STOP, mark="", text="No mark") == "empty"
    assert walk.code("ann", "mark.set", stop=STOP, mark="real", text="x" * 2_049) == "too_long"
    walk.number("ann", "mark.set", stop="1-choice", mark="2,0", text="Orders are full")


def test_a_scribe_marks_for_somebody_without_a_phone_and_for_nobody_else(walk):
    server(walk, "stop.open", stop=STOP)
    assert walk.code("sam", "mark.set", stop=STOP, mark="real") == "not_yours"
    assert walk.code("sam", "mark.set", stop=STOP, mark="real", participant=walk.places["fay"].pk) == "not_yours"
    walk.number("sam", "mark.set", stop=STOP, mark="real", participant=walk.places["pat"].pk)
    row = state_of(walk).marks[f"{STOP}:{walk.places['pat'].pk}"]
    assert (row["table"], row["mark"]) == ("outer", "real")


def test_groups_under_five_are_not_split():
    from sharedtable.wall.marks import spread

    def room(inner: int, outer: int) -> dict[str, Any]:
        rows = [{"table": "inner", "mark": "real", "text": ""}] * inner
        return spread([*rows, *[{"table": "outer", "mark": "doubtful", "text": "Why"}] * outer])

    assert room(5, 4)["tables"] == room(9, 0)["tables"] == {}
    assert room(5, 5)["tables"] == {"inner": {"real": 5}, "outer": {"doubtful": 5}}
    assert "table" not in room(5, 5)["said"][0]


# --- in whatever order ----------------------------------------------------------------------------------------------

PEOPLE = {
    0: Who(0, SERVER),
    1: Who(1, "facilitator", "outer", "Fay", "", frozenset({"inner", "outer"})),
    3: Who(3, "participant", "inner", "Ann", "Alpha", frozenset({"inner", "outer"})),
    4: Who(4, "participant", "inner", "Bo", "Beta", frozenset({"inner", "outer"})),
    5: Who(5, "partner", "outer", "Pat", "College", frozenset({"inner", "outer"})),
}
stops = st.sampled_from(["1-0-pay", "1-1-size", "1-choice"])
STEP = st.one_of(
    st.tuples(st.just(0), st.fixed_dictionaries({"do": st.sampled_from(["stop.open", "stop.reveal"]), "stop": stops})),
    st.tuples(st.just(0), st.fixed_dictionaries({"do": st.just("stop.hear"), "stop": stops, "text": st.just("heard")})),
    st.tuples(
        st.sampled_from([1, 3, 4, 5]),
        st.fixed_dictionaries(
            {
                "do": st.just("mark.set"), "stop": stops, "mark": st.sampled_from(["", *MARKS, "1,0", "0"]),
                "text": st.sampled_from(["", "secret-a", "secret-b"]), "participant": st.sampled_from([3, 5]),
            }
        ),
    ),
)  # fmt: skip


def log_of(steps: list[tuple[int, dict[str, Any]]]) -> list[Happened]:
    state, log = State(), []

    def add(kind: str, scope: str, payload: dict[str, Any], by: int) -> None:
        event = Happened(state.number + 1, kind, scope, json.loads(json.dumps(payload)), by, 1_000 * state.number)
        state.apply(event)
        log.append(event)

    people = [{"n": w.id, "name": w.name, "company": "", "table": w.table, "role": w.role} for w in PEOPLE.values()]
    add("participant.admitted", "facilitator", {"people": people}, 0)
    for by, asked in steps:
        command = {**asked, "options": 2 if asked["stop"] == "1-choice" else 0}
        try:
            outcome = decide(Context(state, run("data-walk"), PEOPLE[by], 0, 0), command)
        except Turned:
            continue
        add(outcome.kind, outcome.scope, outcome.payload, by)
    return log


def pictures(table: Table, audience: Audience, after: int) -> dict[str, Any]:
    said = table.changes(audience, after)
    return json.loads(said) if said is not None else {}


@given(st.lists(STEP, max_size=25).map(log_of))
@settings(deadline=None, max_examples=150)
def test_the_board_follows_the_log_and_a_mark_is_in_no_line_before_its_reveal(log: list[Happened]) -> None:
    whole = fold(log)
    table = Table(1)
    seen: dict[Audience, dict[str, Any]] = {audience: {} for audience in AUDIENCES}
    for event in log:
        before = table.state.number
        table.take([event])
        for audience in AUDIENCES:
            said = pictures(table, audience, before)
            for name, rows in said.get("set", {}).items():
                seen[audience].setdefault(name, {}).update(rows)
            for name, rows in said.get("drop", {}).items():
                for row in rows:
                    seen[audience].get(name, {}).pop(row, None)
            if event.kind == "mark.set":
                # Others learn how many marked it, and nothing else: neither who nor how nor a word.
                plain = json.dumps(said)
                assert "secret" not in plain
                assert set(said["set"]) <= {"counts", "steps"} and "marks" not in said["drop"]
                row = said["set"].get("steps", {})
                assert all(set(one) == {"n", "kind", "by", "undone", "undoes"} for one in row.values())
    for audience in AUDIENCES:
        final = json.loads(json.dumps(whole.picture(audience)))["set"]
        for name in ("marks", "spreads"):
            assert seen[audience].get(name, {}) == final.get(name, {})
    revealed = {stop for stop, (_options, number) in whole.stage["stops"].items() if number}
    assert set(whole.spreads) == revealed
    assert "marks" not in whole.picture("wall")["set"] and "marks" not in whole.picture("stage")["set"]
    assert {row["stop"] for row in whole.picture("facilitator")["set"].get("marks", {}).values()} <= revealed
    for spread in whole.spreads.values():
        rows = [one for one in whole.marks.values() if one["stop"] == spread["stop"] and not one["gone"]]
        assert sum(spread["all"].values()) == len(rows) == whole.counts.get(spread["stop"], 0)
