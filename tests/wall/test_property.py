"""Whatever people do, in whatever order: the same log is the same board, everywhere and for everybody.

Each run is a random meeting. Numbers have no gaps; an old picture and the changes since then are a new picture (for
each audience, from every earlier number); what somebody may not see is nowhere in what is sent to them; an undo undoes.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sharedtable.method.runs import run
from sharedtable.wall import tables
from sharedtable.wall.commands import decide
from sharedtable.wall.hub import Table
from sharedtable.wall.rules import Context, Turned, Who
from sharedtable.wall.state import PEERS, Audience, Happened, State, fold

PEOPLE = {
    1: Who(1, "facilitator", "outer", "Fay", ""),
    2: Who(2, "scribe", "outer", "Sam", ""),
    3: Who(3, "participant", "inner", "Ann", "Alpha"),
    4: Who(4, "participant", "inner", "Bo", "Beta"),
    5: Who(5, "partner", "outer", "Pat", "College"),
    6: Who(6, "projector", "outer", "Screen", ""),
}
AUDIENCES: tuple[Audience, ...] = ("stage", "wall", "facilitator")
small = st.integers(0, 14)
fields, one_of, just = st.fixed_dictionaries, st.sampled_from, st.just
some = st.lists(small, max_size=4)
STEP = st.one_of(
    fields({"do": just("note.add"), "private": st.booleans(), "typed_at": just(0), "for": just("Ann")}),
    fields({"do": one_of(["note.edit", "note.withdraw"]), "note": small, "base": small}),
    fields({"do": just("note.park"), "note": small, "parked": one_of(["", "ours", "someone_else"])}),
    fields({"do": just("note.tag"), "note": small, "tags": st.lists(one_of(["talent", "regional"]), max_size=2)}),
    fields({"do": one_of(["note.hide", "note.open"]), "notes": st.one_of(just("all"), some)}),
    fields({"do": just("note.place"), "note": small, "cluster": small}),
    fields({"do": just("cluster.create"), "notes": some}),
    fields(
        {
            "do": one_of(["cluster.rename", "cluster.merge", "cluster.remove"]),
            "cluster": small,
            "into": small,
            "base": small,
        }
    ),
    fields({"do": just("cluster.note"), "cluster": small, "notes": just("said"), "base": small}),
    fields({"do": one_of(["champion.sign", "champion.withdraw"]), "cluster": small, "participant": one_of([3, 4, 5])}),
    fields({"do": just("suggestion.dismiss"), "cluster": small, "note": small}),
    fields({"do": one_of(["peer.name", "peer.withdraw"]), "name": just("Dee"), "participant": just(3), "peer": small}),
    fields(
        {"do": just("segment.start"), "segment": one_of(["opportunities", "requirements", "commitments", "wrap_up"])}
    ),
    fields({"do": one_of(["segment.extend", "segment.end", "quiet.start"]), "minutes": st.integers(1, 9)}),
    fields({"do": just("stage.set"), "set": fields({"hides": st.booleans()})}),
    fields({"do": just("stage.set"), "set": fields({"signup": one_of(["off", "one", "all"]), "turn": one_of([0, 3])})}),
    fields(
        {
            "do": just("stage.set"),
            "set": fields({"round": one_of(["opportunities", "requirements"]), "is_open": st.booleans()}),
        }
    ),
    fields({"do": just("undo"), "n": small}),
)


def meeting(steps: list[tuple[int, dict[str, Any]]]) -> list[Happened]:
    """The log of a meeting in which these people ask for these things. `base` and numbers count from the end."""
    state = State()
    log: list[Happened] = []

    def add(kind: str, scope: str, payload: dict[str, Any], by: int, undoes: int = 0) -> None:
        # What goes into a database comes back as JSON does.
        event = Happened(
            state.number + 1, kind, scope, json.loads(json.dumps(payload)), by, 1_000_000 + 1_000 * state.number,
            undoes=undoes,
        )  # fmt: skip
        state.apply(event)
        log.append(event)

    people = [
        {"n": one.id, "name": one.name, "company": one.company, "table": one.table, "role": one.role}
        for one in PEOPLE.values()
    ]
    add("participant.admitted", "facilitator", {"people": people}, 0)
    for turn, (by, asked) in enumerate(steps):
        command = {**asked, "title": f"Area {turn}", "text": f"Text {turn}"}
        for name in ("note", "cluster", "into", "peer", "n"):
            if name in command:
                command[name] = max(0, state.number - command[name])
        if "base" in command:
            thing = state.notes.get(command.get("note", -1)) or state.clusters.get(command.get("cluster", -1))
            command["base"] = thing["v"] if thing and command["base"] % 4 else command["base"]
        if isinstance(command.get("notes"), list):
            command["notes"] = [max(0, state.number - n) for n in command["notes"]]
        try:
            outcome = decide(
                Context(state, run("launch"), PEOPLE[by], 1_000_000 + 1_000 * state.number, 10_000), command
            )
        except Turned:
            continue
        add(outcome.kind, outcome.scope, outcome.payload, by, outcome.undoes)
    return log


def client(board: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any]:
    """What a screen does with a picture (`board` None) or a change; the twin of `Board.take` in live.js."""
    board = board or {}
    for table, rows in said["set"].items():
        board.setdefault(table, {}).update(rows)
    for table, names in said["drop"].items():
        for name in names:
            board.get(table, {}).pop(name, None)
    return {table: rows for table, rows in board.items() if rows}


MEETING = st.lists(st.tuples(st.sampled_from([1, 1, 1, 1, 2, 3, 3, 4, 5, 6]), STEP), max_size=40).map(meeting)


@given(MEETING)
@settings(max_examples=150, deadline=None)
def test_an_old_picture_and_the_changes_since_are_a_new_picture(log: list[Happened]) -> None:
    for audience in AUDIENCES:
        table = Table(1)
        pictures = []
        for event in log:
            table.take([event])
            pictures.append((event.number, json.loads(table.picture(audience))))
        fresh = client(None, pictures[-1][1])
        for number, picture in pictures:
            changes = table.changes(audience, number)
            board = client(None, picture)
            assert (client(board, json.loads(changes)) if changes else board) == fresh


@given(MEETING)
@settings(max_examples=150, deadline=None)
def test_nobody_is_sent_what_they_may_not_see(log: list[Happened]) -> None:
    state = fold(log)
    secret = {note["text"] for note in state.notes.values() if note["private"]}
    hidden = {note["text"] for note in state.notes.values() if note["hidden"] or note["withdrawn"]}
    seen = {note["text"] for note in state.notes.values() if state.view(("notes", note["n"]), "wall")}
    for audience in AUDIENCES:
        texts = {row["text"] for row in state.picture(audience)["set"].get("notes", {}).values()}
        assert not texts & secret
    assert not seen & (hidden - seen)
    for audience in ("stage", "wall"):
        sent = json.dumps(state.picture(audience))
        assert "Dee" not in sent
        assert '"author"' not in sent


@given(MEETING)
@settings(max_examples=150, deadline=None)
def test_numbers_have_no_gaps_and_only_the_inner_table_speaks(log: list[Happened]) -> None:
    assert [event.number for event in log] == list(range(1, len(log) + 1))
    state = fold(log)
    for event in log:
        if event.by == 5:
            assert event.kind in ("note.added", "note.edited", "note.withdrawn")
            assert event.scope == "self"
        assert event.by != 6
    assert all(note["private"] for note in state.notes.values() if note["author"] == 5)
    assert all(sign["participant"] in (3, 4) for sign in state.signs.values())
    shown = [note["round"] for note in state.notes.values() if not note["private"] and not note["withdrawn"]]
    missing = [peer for peer in state.peers.values() if not peer["gone"]]
    assert state.counts.get(PEERS, 0) == len(missing)
    counts = {name: count for name, count in state.counts.items() if count and name != PEERS}
    assert counts == Counter(shown)


@given(MEETING)
@settings(max_examples=60, deadline=None)
def test_every_step_that_can_be_undone_leaves_the_board_as_it_was(log: list[Happened]) -> None:
    from sharedtable.wall.undo import inverse

    for length in range(2, len(log) + 1):
        event = log[length - 1]
        if event.by != 1:
            continue
        before, after = fold(log[: length - 1]), fold(log[:length])
        try:
            outcome = inverse(after, event)
        except Turned:
            continue
        after.apply(
            Happened(after.number + 1, outcome.kind, outcome.scope, outcome.payload, 1, event.at, undoes=event.number)
        )
        assert plain(after) == plain(before), event


def plain(state: State) -> dict[str, Any]:
    """What stands on the board, without versions and what is gone."""
    found: dict[str, Any] = dict(tables.expected(state))
    for name in ("notes", "clusters", "signs", "peers"):
        for row in found[name]:
            row.pop("version", None)
            if name == "signs":
                row.pop("number")
    found["notes"] = [row for row in found["notes"] if not row["is_withdrawn"]]
    found["clusters"] = [row for row in found["clusters"] if not row["is_removed"]]
    found["peers"] = [row for row in found["peers"] if not row["is_withdrawn"]]
    return {**found, "stage": state.stage}
