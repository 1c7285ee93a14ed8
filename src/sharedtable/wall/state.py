"""What a board looks like after a log: a plain fold without a database, and what each kind of viewer may see of it.

`State.apply` is the only thing that changes a state. Writers, hubs, tests and the tables (`tables.py`) all use it, so
that the same log gives the same board everywhere. `view` gives one object as one audience may see it, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sharedtable.wall import marked

Row = dict[str, Any]
Audience = Literal["stage", "wall", "facilitator"]
Ref = tuple[str, Any]
STAGE: Ref = ("stage", "stage")
COUNTS: Ref = ("counts", "counts")
PEERS = "_peers"  # among the counts of the rounds: how many people were named who are missing
RUNNERS = frozenset({"facilitator", "scribe"})

# A phone that does not show the wall gets the stage and counters; so 5,000 phones in a hall need little of its line.
SEES: dict[Audience, frozenset[str]] = {
    "stage": frozenset({"stage", "counts", "clusters", "signs", "spreads"}),
    "wall": frozenset({"stage", "counts", "clusters", "signs", "spreads", "notes"}),
    "facilitator": frozenset(
        {"stage", "counts", "clusters", "signs", "spreads", "notes", "marks", "peers", "dismissed", "people", "steps"}
    ),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as the fold sees it. `at` is in milliseconds since 1970."""

    number: int
    kind: str
    scope: str
    payload: Row
    by: int
    at: int
    key: str = ""
    undoes: int = 0


def new_stage() -> Row:
    """The stage before anything happened."""
    return {
        "segment": "", "started_at": 0, "ends_at": 0, "round": "", "is_open": False, "hides": False, "prompt": "",
        "focus": 0, "signup": "off", "turn": 0, "quiet_until": 0, "opened": {}, "closed": {}, "dates": [], "zone": "",
        "date": "", "hands": {}, "reads": False, "unsaid": [], "frozen": False, "focus_at": 0, "slide": "",
        "stop": "", "stops": {}, "debrief": 0, "practice": {},
    }  # fmt: skip


@dataclass(slots=True)
class State:
    """A board after `number` events. Tables are dictionaries by number; withdrawn things stay in them."""

    number: int = 0
    stage: Row = field(default_factory=new_stage)
    notes: dict[int, Row] = field(default_factory=dict)
    clusters: dict[int, Row] = field(default_factory=dict)
    signs: dict[str, Row] = field(default_factory=dict)
    peers: dict[int, Row] = field(default_factory=dict)
    dismissed: dict[str, Row] = field(default_factory=dict)
    marks: dict[str, Row] = field(default_factory=dict)
    spreads: dict[str, Row] = field(default_factory=dict)
    people: dict[int, Row] = field(default_factory=dict)
    steps: dict[int, Row] = field(default_factory=dict)
    done: dict[int, Happened] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    hands: dict[int, tuple[str, ...]] = field(default_factory=dict)  # which of the dates suit whom; only counts go out

    def apply(self, event: Happened) -> set[Ref]:
        """Take one event in; gives what it touched. Events come in their order, each once."""
        if event.number != self.number + 1:
            raise ValueError(f"event {event.number} does not follow {self.number}")
        touched = APPLY[event.kind](self, event)
        if self.people.get(event.by, {}).get("role") in RUNNERS and not event.kind.startswith("participant."):
            self.steps[event.number] = {
                "n": event.number, "kind": event.kind, "by": event.by, "undone": False, "undoes": event.undoes,
            }  # fmt: skip
            self.done[event.number] = event
            touched.add(("steps", event.number))
        if event.undoes in self.steps:
            self.steps[event.undoes]["undone"] = True
            touched.add(("steps", event.undoes))
        self.number = event.number
        return touched

    def live_clusters(self, of_round: str = "") -> list[Row]:
        """The areas that stand on the wall (of one round), oldest first."""
        return [
            one
            for one in self.clusters.values()
            if not one["removed"] and not one["into"] and of_round in ("", one["round"])
        ]

    def view(self, ref: Ref, audience: Audience) -> Row | None:
        """One object as that audience may see it; None when it is not there for them."""
        table, name = ref
        if table not in SEES[audience]:
            return None
        if table == "stage":
            return self.stage
        if table == "counts":
            return dict(self.counts)
        row: Row | None = getattr(self, table).get(name)
        if row is None:
            return None
        if table == "notes":
            return _note_for(row, audience)
        if table == "clusters":
            return None if row["removed"] or row["into"] else row
        if table == "signs":
            # Whoever was shown out, or sits with the partners now, carries no area: only those who run it see the name.
            return None if row["gone"] or (row["out"] and audience != "facilitator") else row
        if table in ("dismissed", "peers"):
            return None if row["gone"] else row
        if table == "people":
            return None if row["state"] == "out" else row
        if table == "marks":
            return row if marked.is_open_to_runners(self, row) else None
        return row

    def refs(self) -> Iterable[Ref]:
        """Everything there is."""
        yield STAGE
        yield COUNTS
        for table in ("clusters", "notes", "signs", "peers", "dismissed", "marks", "spreads", "people", "steps"):
            for name in getattr(self, table):
                yield table, name

    def picture(self, audience: Audience, refs: Iterable[Ref] | None = None) -> Row:
        """Those objects for that audience: what to set and what to drop, table by table."""
        found: Row = {"set": {}, "drop": {}}
        for ref in self.refs() if refs is None else refs:
            if ref[0] not in SEES[audience]:
                continue
            row = self.view(ref, audience)
            if row is not None:
                found["set"].setdefault(ref[0], {})[str(ref[1])] = row
            elif refs is not None:
                found["drop"].setdefault(ref[0], []).append(str(ref[1]))
        return found


def _note_for(row: Row, audience: Audience) -> Row | None:
    if row["private"] or row["withdrawn"]:
        return None
    if audience == "facilitator":
        return row
    if row["hidden"]:
        return None
    # Who wrote a card is for those who run the meeting.
    return {key: row[key] for key in ("n", "round", "text", "cluster", "about", "parked")}


# --- how each kind of event changes a state ---------------------------------------------------------------------------


def _counted(note: Row) -> int:
    return 0 if note["private"] or note["withdrawn"] else 1


def _change_note(state: State, number: int, by: int, **changes: Any) -> set[Ref]:
    note = state.notes[number]
    before = _counted(note)
    note.update(changes, v=by)
    if difference := _counted(note) - before:
        state.counts[note["round"]] = state.counts.get(note["round"], 0) + difference
        return {("notes", number), COUNTS}
    return {("notes", number)}


def _staged(state: State, event: Happened) -> set[Ref]:
    state.stage.update(event.payload["set"])
    if "dates" in event.payload["set"]:
        state.hands.clear()
        state.stage["hands"] = {}
    touched: set[Ref] = {STAGE}
    for shelved, value in (("shelved", True), ("unshelved", False)):
        for number in event.payload.get(shelved, ()):
            state.clusters[number]["shelved"] = value
            touched.add(("clusters", number))
    return touched


def _date_said(state: State, event: Happened) -> set[Ref]:
    """Which of the dates on the screen suit one person; the stage has how many that makes for each."""
    state.hands[event.by] = tuple(event.payload["dates"])
    said = [day for some in state.hands.values() for day in some]
    state.stage["hands"] = {day: said.count(day) for day in state.stage["dates"] if day in said}
    return {STAGE}


def _note_added(state: State, event: Happened) -> set[Ref]:
    said = event.payload
    state.notes[event.number] = {
        "n": event.number, "v": event.number, "round": said["round"], "text": said["text"], "author": event.by,
        "for": said.get("for", ""), "cluster": 0, "about": said.get("about", 0), "tags": [], "parked": "",
        "private": said.get("private", False), "hidden": said.get("hidden", False), "withdrawn": True,
        "late": said.get("late", False),
    }  # fmt: skip
    return _change_note(state, event.number, event.number, withdrawn=False)


def _note_set(name: str, field_name: str) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        return _change_note(state, event.payload["note"], event.number, **{name: event.payload[field_name]})

    return change


def _note_gone(value: bool) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        return _change_note(state, event.payload["note"], event.number, withdrawn=value)

    return change


def _notes_hidden(value: bool) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        touched: set[Ref] = set()
        for number in event.payload["notes"]:
            touched |= _change_note(state, number, event.number, hidden=value)
        return touched

    return change


def _cluster_created(state: State, event: Happened) -> set[Ref]:
    said = event.payload
    state.clusters[event.number] = {
        "n": event.number, "v": event.number, "round": said["round"], "title": said["title"], "notes": "", "into": 0,
        "removed": False, "shelved": False,
    }  # fmt: skip
    touched: set[Ref] = {("clusters", event.number)}
    for number in said.get("notes", ()):
        touched |= _change_note(state, number, event.number, cluster=event.number)
    return touched


def _cluster_set(name: str) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        number = event.payload["cluster"]
        state.clusters[number].update({name: event.payload[name], "v": event.number})
        return {("clusters", number)}

    return change


def _cluster_removed(value: bool) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        number = event.payload["cluster"]
        state.clusters[number].update(removed=value, v=event.number)
        touched: set[Ref] = {("clusters", number)}
        for note in event.payload["notes"]:
            touched |= _change_note(state, note, event.number, cluster=0 if value else number)
        return touched

    return change


def _cluster_merged(is_merge: bool) -> Callable[[State, Happened], set[Ref]]:
    """Joining moves cards and names to the other area, parting moves the same ones back."""

    def change(state: State, event: Happened) -> set[Ref]:
        number, into = event.payload["cluster"], event.payload["into"]
        source, target = (number, into) if is_merge else (into, number)
        state.clusters[number].update(into=into if is_merge else 0, v=event.number)
        state.clusters[into]["v"] = event.number
        touched: set[Ref] = {("clusters", number), ("clusters", into)}
        for note in event.payload["notes"]:
            touched |= _change_note(state, note, event.number, cluster=target)
        for person in event.payload["signs"]:
            old = state.signs[f"{source}:{person}"]
            state.signs[f"{target}:{person}"] = {**old, "cluster": target, "gone": False}
            old["gone"] = True
            touched |= {("signs", f"{source}:{person}"), ("signs", f"{target}:{person}")}
        return touched

    return change


def _signed(state: State, event: Happened) -> set[Ref]:
    said = event.payload
    name = f"{said['cluster']}:{said['participant']}"
    state.signs[name] = {
        "n": event.number, "cluster": said["cluster"], "participant": said["participant"], "name": said["name"],
        "company": said["company"], "gone": False, "out": False,
    }  # fmt: skip
    state.clusters[said["cluster"]]["shelved"] = False
    return {("signs", name), ("clusters", said["cluster"])}


def _sign_gone(state: State, event: Happened) -> set[Ref]:
    name = f"{event.payload['cluster']}:{event.payload['participant']}"
    state.signs[name]["gone"] = True
    state.clusters[event.payload["cluster"]]["shelved"] = event.payload.get("shelved", False)
    return {("signs", name), ("clusters", event.payload["cluster"])}


def _peer_named(state: State, event: Happened) -> set[Ref]:
    said = event.payload
    number = said.get("peer", event.number)
    state.peers[number] = {
        "n": number, "name": said["name"], "company": said["company"], "cluster": said.get("cluster", 0),
        "by": said.get("by", event.by), "gone": False,
    }  # fmt: skip
    return _peers_counted(state, number)


def _peer_gone(state: State, event: Happened) -> set[Ref]:
    state.peers[event.payload["peer"]]["gone"] = True
    return _peers_counted(state, event.payload["peer"])


def _peers_counted(state: State, number: int) -> set[Ref]:
    """The room sees how many are missing, never who: their names are for those who will invite them."""
    state.counts[PEERS] = sum(not one["gone"] for one in state.peers.values())
    return {("peers", number), COUNTS}


def _dismissed(value: bool) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        said = event.payload
        name = f"{said['note']}:{said['cluster']}"
        state.dismissed[name] = {"note": said["note"], "cluster": said["cluster"], "gone": not value}
        return {("dismissed", name)}

    return change


def _people(value: str) -> Callable[[State, Happened], set[Ref]]:
    def change(state: State, event: Happened) -> set[Ref]:
        touched: set[Ref] = set()
        for said in event.payload["people"]:
            state.people[said["n"]] = {**state.people.get(said["n"], {}), **said, "state": value}
            touched.add(("people", said["n"]))
            is_out = value == "out" or state.people[said["n"]].get("table", "inner") != "inner"
            for name, sign in state.signs.items():
                if sign["participant"] == said["n"] and sign["out"] != is_out:
                    sign["out"] = is_out
                    touched.add(("signs", name))
        return touched

    return change


APPLY: dict[str, Callable[[State, Happened], set[Ref]]] = {
    "segment.started": _staged,
    "segment.extended": _staged,
    "segment.ended": _staged,
    "stage.set": _staged,
    "meeting.frozen": _staged,
    "meeting.reopened": _staged,
    "date.said": _date_said,
    "note.added": _note_added,
    "note.edited": _note_set("text", "text"),
    "note.withdrawn": _note_gone(True),
    "note.restored": _note_gone(False),
    "note.hidden": _notes_hidden(True),
    "note.opened": _notes_hidden(False),
    "note.tagged": _note_set("tags", "tags"),
    "note.parked": _note_set("parked", "parked"),
    "note.placed": _note_set("cluster", "cluster"),
    "cluster.created": _cluster_created,
    "cluster.renamed": _cluster_set("title"),
    "cluster.noted": _cluster_set("notes"),
    "cluster.removed": _cluster_removed(True),
    "cluster.restored": _cluster_removed(False),
    "cluster.merged": _cluster_merged(True),
    "cluster.parted": _cluster_merged(False),
    "champion.signed": _signed,
    "champion.withdrawn": _sign_gone,
    "peer.named": _peer_named,
    "peer.withdrawn": _peer_gone,
    "suggestion.dismissed": _dismissed(True),
    "suggestion.restored": _dismissed(False),
    "stop.opened": marked.stop_opened,
    "mark.set": marked.mark_set,
    "stop.revealed": marked.stop_revealed,
    "stop.heard": marked.stop_heard,
    "participant.asked": _people("waiting"),
    "participant.admitted": _people("in"),
    "participant.removed": _people("out"),
}


def fold(events: Iterable[Happened]) -> State:
    """The board after a whole log."""
    state = State()
    for event in events:
        state.apply(event)
    return state
