"""The commands about cards, areas and names: what each one makes of the board, or why it does not happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from sharedtable.wall.rules import (
    CHANGED,
    CLOSED,
    GONE,
    LATE_MS,
    LISTENING,
    LONGEST_COMPANY,
    LONGEST_NAME,
    LONGEST_NOTE_BYTES,
    LONGEST_TITLE,
    MOST_NOTES_AT_ONCE,
    NOT_YOURS,
    UNREADABLE,
    Context,
    Outcome,
    Turned,
    must_be_fresh,
    read_cluster,
    read_note,
    read_number,
    read_speaker,
    read_text,
)
from sharedtable.wall.state import Row, State

# --- cards ------------------------------------------------------------------------------------------------------------


def note_add(context: Context, command: Mapping[str, Any]) -> Outcome:
    who, stage = context.who, context.state.stage
    text = read_text(command, "text", LONGEST_NOTE_BYTES, lines=True)
    private = command.get("private") is True
    name = command.get("round") or stage["round"]
    if not isinstance(name, str) or (name and context.run.round(name) is None):
        raise Turned("unreadable", UNREADABLE)
    if private:
        return Outcome("note.added", "self", {"round": name or "", "text": text, "private": True})
    if not who.speaks and not who.runs:
        raise Turned("listening", LISTENING)
    payload: Row = {"round": name, "text": text}
    if who.runs:
        # Whoever runs the meeting has no cards of their own; they write down what somebody said.
        payload["for"] = read_speaker(context, command)
    if not who.runs:
        is_on = bool(name) and name == stage["round"] and stage["is_open"]
        if not is_on:
            _must_be_late(context, command, name)
        # The clock closes nothing: a card after its end is taken and marked, until the facilitator ends the round.
        if not is_on or (stage["ends_at"] and context.now > stage["ends_at"]):
            payload["late"] = True
    if about := read_number(command, "about", 0):
        payload["about"] = read_cluster(context, about)["n"]
    if stage["hides"]:
        payload["hidden"] = True
    return Outcome("note.added", "wall", payload)


def _must_be_late(context: Context, command: Mapping[str, Any], name: str) -> None:
    """A card typed while its round was open and sent after, because the line was gone, is taken in and marked."""
    stage = context.state.stage
    if not name or name not in stage["opened"]:
        raise Turned("closed", CLOSED)
    ended = stage["closed"].get(name, context.now)
    typed = read_number(command, "typed_at", 0)
    if not stage["opened"][name] <= typed <= ended or context.now - ended > LATE_MS:
        raise Turned("closed", CLOSED)


def note_edit(context: Context, command: Mapping[str, Any]) -> Outcome:
    note = read_note(context, command)
    if note["author"] != context.who.id and not note["for"]:
        raise Turned("not_yours", NOT_YOURS)  # nobody else rewrites a card: the words stay those of who wrote them
    text = read_text(command, "text", LONGEST_NOTE_BYTES, lines=True)
    must_be_fresh(command, note)
    scope = "self" if note["private"] else "wall"
    return Outcome("note.edited", scope, {"note": note["n"], "text": text, "was": note["text"]})


def note_withdraw(context: Context, command: Mapping[str, Any]) -> Outcome:
    note = read_note(context, command)
    return Outcome("note.withdrawn", "self" if note["private"] else "wall", {"note": note["n"]})


def _notes(context: Context, command: Mapping[str, Any], *, hidden: bool) -> list[int]:
    given = command.get("notes")
    public = context.state.notes
    if given == "all":
        wanted = [n for n, one in public.items() if one["round"] == context.state.stage["round"]]
    elif isinstance(given, list) and len(given) <= MOST_NOTES_AT_ONCE and all(type(n) is int for n in given):
        wanted = given
    else:
        raise Turned("unreadable", UNREADABLE)
    found = [
        n
        for n in dict.fromkeys(wanted)
        if n in public and not public[n]["private"] and not public[n]["withdrawn"] and public[n]["hidden"] is hidden
    ]
    if not found:
        raise Turned("gone", GONE)
    return found


def note_hide(context: Context, command: Mapping[str, Any]) -> Outcome:
    return Outcome("note.hidden", "wall", {"notes": _notes(context, command, hidden=False)})


def note_open(context: Context, command: Mapping[str, Any]) -> Outcome:
    return Outcome("note.opened", "wall", {"notes": _notes(context, command, hidden=True)})


def note_tag(context: Context, command: Mapping[str, Any]) -> Outcome:
    note = read_note(context, command)
    tags, known = command.get("tags"), {tag.id for tag in context.run.tags} | {"regional", "general"}
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags) or not known >= set(tags):
        raise Turned("unreadable", UNREADABLE)
    return Outcome("note.tagged", "facilitator", {"note": note["n"], "tags": sorted(set(tags)), "was": note["tags"]})


def note_park(context: Context, command: Mapping[str, Any]) -> Outcome:
    note, parked = read_note(context, command), command.get("parked")
    if parked not in ("", "ours", "someone_else"):
        raise Turned("unreadable", UNREADABLE)
    return Outcome("note.parked", "wall", {"note": note["n"], "parked": parked, "was": note["parked"]})


def note_place(context: Context, command: Mapping[str, Any]) -> Outcome:
    note, number = read_note(context, command), read_number(command, "cluster")
    if number and read_cluster(context, number)["round"] != note["round"]:
        raise Turned("gone", GONE)
    if "base" in command and read_number(command, "base") != note["cluster"]:
        raise Turned("changed", CHANGED, note)
    how = "accepted" if command.get("how") == "accepted" else "human"
    return Outcome("note.placed", "wall", {"note": note["n"], "cluster": number, "was": note["cluster"], "how": how})


# --- areas ------------------------------------------------------------------------------------------------------------


def cluster_create(context: Context, command: Mapping[str, Any]) -> Outcome:
    title = read_text(command, "title", LONGEST_TITLE * 4)[:LONGEST_TITLE]
    name = command.get("round") or context.state.stage["round"]
    if not isinstance(name, str) or context.run.round(name) is None:
        raise Turned("unreadable", UNREADABLE)
    payload: Row = {"round": name, "title": title}
    if given := command.get("notes"):
        if not isinstance(given, list) or len(given) > MOST_NOTES_AT_ONCE or not all(type(n) is int for n in given):
            raise Turned("unreadable", UNREADABLE)
        loose = (context.state.notes.get(n) for n in dict.fromkeys(given))
        payload["notes"] = [
            one["n"]
            for one in loose
            if one and one["round"] == name and not (one["cluster"] or one["private"] or one["withdrawn"])
        ]
    return Outcome("cluster.created", "stage", payload)


def cluster_rename(context: Context, command: Mapping[str, Any]) -> Outcome:
    cluster = read_cluster(context, read_number(command, "cluster"))
    title = read_text(command, "title", LONGEST_TITLE * 4)[:LONGEST_TITLE]
    must_be_fresh(command, cluster)
    return Outcome("cluster.renamed", "stage", {"cluster": cluster["n"], "title": title, "was": cluster["title"]})


def cluster_note(context: Context, command: Mapping[str, Any]) -> Outcome:
    cluster = read_cluster(context, read_number(command, "cluster"))
    text = read_text(command, "notes", 4 * LONGEST_NOTE_BYTES, lines=True, empty=True)
    must_be_fresh(command, cluster)
    return Outcome("cluster.noted", "stage", {"cluster": cluster["n"], "notes": text, "was": cluster["notes"]})


def _members(state: State, number: int) -> list[int]:
    return [n for n, note in state.notes.items() if note["cluster"] == number]


def _signs(state: State, number: int) -> list[int]:
    return [sign["participant"] for sign in state.signs.values() if sign["cluster"] == number and not sign["gone"]]


def cluster_merge(context: Context, command: Mapping[str, Any]) -> Outcome:
    cluster, into = (
        read_cluster(context, read_number(command, "cluster")),
        read_cluster(context, read_number(command, "into")),
    )
    if cluster["n"] == into["n"] or cluster["round"] != into["round"]:
        raise Turned("unreadable", UNREADABLE)
    must_be_fresh(command, cluster)
    there = set(_signs(context.state, into["n"]))
    moved = [person for person in _signs(context.state, cluster["n"]) if person not in there]
    payload = {
        "cluster": cluster["n"], "into": into["n"], "notes": _members(context.state, cluster["n"]), "signs": moved,
    }  # fmt: skip
    return Outcome("cluster.merged", "stage", payload)


def cluster_remove(context: Context, command: Mapping[str, Any]) -> Outcome:
    cluster = read_cluster(context, read_number(command, "cluster"))
    if _signs(context.state, cluster["n"]):
        raise Turned("has_names", _("There are names on this area. Move or take them off first."))
    members = _members(context.state, cluster["n"])
    return Outcome("cluster.removed", "stage", {"cluster": cluster["n"], "notes": members})


def dismiss(context: Context, command: Mapping[str, Any]) -> Outcome:
    note, cluster = read_note(context, command), read_cluster(context, read_number(command, "cluster"))
    return Outcome("suggestion.dismissed", "facilitator", {"note": note["n"], "cluster": cluster["n"]})


# --- names ------------------------------------------------------------------------------------------------------------


def _signer(context: Context, command: Mapping[str, Any]) -> tuple[int, Row]:
    """Whose name it is about: one's own, or that of any business member for those who run the meeting."""
    who, stage = context.who, context.state.stage
    if not who.runs:
        if who.table != "inner":
            raise Turned("not_inner", _("Only a business member who is in the meeting can be a champion."))
        if stage["signup"] == "off" or (stage["signup"] == "one" and stage["turn"] != who.id):
            raise Turned("closed", _("Names go onto the areas when the facilitator opens it. Soon."))
        return who.id, {"name": who.name, "company": who.company}
    number = read_number(command, "participant")
    person = context.state.people.get(number, {})
    if person.get("state") != "in" or person.get("role") != "participant" or person.get("table") != "inner":
        raise Turned("not_inner", _("Only a business member who is in the meeting can be a champion."))
    return number, {"name": person["name"], "company": person["company"]}


def champion_sign(context: Context, command: Mapping[str, Any]) -> Outcome:
    number, name = _signer(context, command)
    cluster = read_cluster(context, read_number(command, "cluster"))
    if cluster["round"] != context.run.champions:
        raise Turned("gone", GONE)
    if number in _signs(context.state, cluster["n"]):
        raise Turned("there", _("That name is on this area already."))
    return Outcome("champion.signed", "stage", {"cluster": cluster["n"], "participant": number, **name})


def champion_withdraw(context: Context, command: Mapping[str, Any]) -> Outcome:
    # Whoever runs the meeting takes off any name, also that of somebody who was shown out.
    number = read_number(command, "participant") if context.who.runs else _signer(context, command)[0]
    cluster = read_number(command, "cluster")
    sign = context.state.signs.get(f"{cluster}:{number}")
    if sign is None or sign["gone"]:
        raise Turned("gone", GONE)
    kept = {"name": sign["name"], "company": sign["company"]}
    return Outcome("champion.withdrawn", "stage", {"cluster": cluster, "participant": number, **kept})


def peer_name(context: Context, command: Mapping[str, Any]) -> Outcome:
    payload: Row = {
        "name": read_text(command, "name", LONGEST_NAME * 4)[:LONGEST_NAME],
        "company": read_text(command, "company", LONGEST_COMPANY * 4, empty=True)[:LONGEST_COMPANY],
    }
    if cluster := read_number(command, "cluster", 0):
        payload["cluster"] = read_cluster(context, cluster)["n"]
    if context.who.runs:
        person = context.state.people.get(read_number(command, "participant"), {})
        if person.get("state") != "in" or person.get("table") != "inner":
            raise Turned("not_inner", _("Say which business member suggests them."))
        payload["by"] = person["n"]
    elif context.who.table != "inner":
        raise Turned("not_yours", NOT_YOURS)
    # Names of people who are not in the room are for those who will invite them, never for the screen.
    return Outcome("peer.named", "facilitator", payload)


def peer_withdraw(context: Context, command: Mapping[str, Any]) -> Outcome:
    peer = context.state.peers.get(read_number(command, "peer"))
    if peer is None or peer["gone"] or not (context.who.runs or peer["by"] == context.who.id):
        raise Turned("gone", GONE)
    kept = {key: peer[key] for key in ("name", "company", "cluster", "by")}
    return Outcome("peer.withdrawn", "facilitator", {"peer": peer["n"], **kept})


# --- who is in --------------------------------------------------------------------------------------------------------


def people(kind: str) -> Callable[[Context, Mapping[str, Any]], Outcome]:
    def handler(context: Context, command: Mapping[str, Any]) -> Outcome:
        return Outcome(kind, "facilitator", {"people": command["people"]})

    return handler
