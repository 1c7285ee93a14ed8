"""The event that takes another one back. Steps are undone while what they did still stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sharedtable.wall.rules import CHANGED, GONE, Outcome, Turned
from sharedtable.wall.staging import is_still
from sharedtable.wall.state import Happened, Row, State


def inverse(state: State, event: Happened) -> Outcome:
    """What undoes this event. Fails with `Turned` when somebody has changed the same thing since."""
    maker = INVERSE.get(event.kind)
    if maker is None:
        raise Turned("gone", GONE)
    kind, payload = maker(state, event)
    return Outcome(kind, event.scope, payload, undoes=event.number)


Made = tuple[str, Row]


def _still(is_so: bool, now: Any = None) -> None:
    if not is_so:
        raise Turned("changed", CHANGED, now)


def _stage(state: State, event: Happened) -> Made:
    said = event.payload
    _still(is_still(state, said["set"]), state.stage)
    made: Row = {"set": said["was"], "was": said["set"]}
    if said.get("shelved"):
        made["unshelved"] = said["shelved"]
    if said.get("unshelved"):
        made["shelved"] = said["unshelved"]
    return "stage.set", made


def _swapped(name: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        said = event.payload
        row = state.notes[said["note"]] if "note" in said else state.clusters[said["cluster"]]
        _still(row[name] == said[name] and not row.get("withdrawn") and not row.get("removed"), row)
        if name == "cluster" and said["was"]:
            target = state.clusters[said["was"]]
            _still(not target["removed"] and not target["into"], target)
        return event.kind, {**said, name: said["was"], "was": said[name]}

    return made


def _note_added(state: State, event: Happened) -> Made:
    _still(not state.notes[event.number]["withdrawn"])
    return "note.withdrawn", {"note": event.number}


def _note_gone(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        note = state.notes[event.payload["note"]]
        _still(note["withdrawn"] is (kind == "note.restored"), note)
        return kind, {"note": note["n"]}

    return made


def _notes(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        before = kind == "note.opened"
        found = [n for n in event.payload["notes"] if state.notes[n]["hidden"] is before]
        _still(bool(found))
        return kind, {"notes": found}

    return made


def _created(state: State, event: Happened) -> Made:
    cluster = state.clusters[event.number]
    _still(not cluster["removed"] and not cluster["into"], cluster)
    _still(not _names(state, event.number), cluster)
    return "cluster.removed", {"cluster": event.number, "notes": _members(state, event.number)}


def _removed(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        cluster = state.clusters[event.payload["cluster"]]
        back = kind == "cluster.restored"
        _still(cluster["removed"] is back and not cluster["into"], cluster)
        _still(back or not _names(state, cluster["n"]), cluster)
        notes = [n for n in event.payload["notes"] if state.notes[n]["cluster"] == (0 if back else cluster["n"])]
        return kind, {"cluster": cluster["n"], "notes": notes if back else _members(state, cluster["n"])}

    return made


def _merged(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        said = event.payload
        cluster, into = state.clusters[said["cluster"]], state.clusters[said["into"]]
        is_part = kind == "cluster.parted"
        _still(cluster["into"] == (into["n"] if is_part else 0) and not into["removed"] and not into["into"], cluster)
        _still(not cluster["removed"], cluster)
        source = into["n"] if is_part else cluster["n"]
        notes = [n for n in said["notes"] if state.notes[n]["cluster"] == source]
        signs = [p for p in said["signs"] if not state.signs.get(f"{source}:{p}", {"gone": True})["gone"]]
        return kind, {"cluster": cluster["n"], "into": into["n"], "notes": notes, "signs": signs}

    return made


def _sign(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        said = event.payload
        sign = state.signs[f"{said['cluster']}:{said['participant']}"]
        cluster = state.clusters[said["cluster"]]
        _still(sign["gone"] is (kind == "champion.signed"), sign)
        _still(not cluster["removed"] and not cluster["into"], cluster)
        return kind, {key: said[key] for key in ("cluster", "participant", "name", "company")}

    return made


def _peer(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        number = event.payload.get("peer", event.number)
        peer = state.peers[number]
        _still(peer["gone"] is (kind == "peer.named"), peer)
        return kind, {"peer": number, **{key: peer[key] for key in ("name", "company", "cluster", "by")}}

    return made


def _suggestion(kind: str) -> Callable[[State, Happened], Made]:
    def made(state: State, event: Happened) -> Made:
        said = event.payload
        row = state.dismissed[f"{said['note']}:{said['cluster']}"]
        _still(row["gone"] is (kind == "suggestion.dismissed"))
        return kind, dict(said)

    return made


def _members(state: State, number: int) -> list[int]:
    return [n for n, note in state.notes.items() if note["cluster"] == number]


def _names(state: State, number: int) -> bool:
    return any(sign["cluster"] == number and not sign["gone"] for sign in state.signs.values())


INVERSE: dict[str, Callable[[State, Happened], Made]] = {
    "segment.started": _stage,
    "segment.extended": _stage,
    "segment.ended": _stage,
    "stage.set": _stage,
    "note.added": _note_added,
    "note.edited": _swapped("text"),
    "note.withdrawn": _note_gone("note.restored"),
    "note.restored": _note_gone("note.withdrawn"),
    "note.hidden": _notes("note.opened"),
    "note.opened": _notes("note.hidden"),
    "note.tagged": _swapped("tags"),
    "note.parked": _swapped("parked"),
    "note.placed": _swapped("cluster"),
    "cluster.created": _created,
    "cluster.renamed": _swapped("title"),
    "cluster.noted": _swapped("notes"),
    "cluster.removed": _removed("cluster.restored"),
    "cluster.restored": _removed("cluster.removed"),
    "cluster.merged": _merged("cluster.parted"),
    "cluster.parted": _merged("cluster.merged"),
    "champion.signed": _sign("champion.withdrawn"),
    "champion.withdrawn": _sign("champion.signed"),
    "peer.named": _peer("peer.withdrawn"),
    "peer.withdrawn": _peer("peer.named"),
    "suggestion.dismissed": _suggestion("suggestion.restored"),
    "suggestion.restored": _suggestion("suggestion.dismissed"),
}
