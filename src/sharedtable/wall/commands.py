"""What people ask of a board, and whether it happens: the rules of the wall, without a database.

`decide` takes the state and one command and gives the event that follows, or raises `Turned`. The table rule stands
here: whoever sits at the outer table may write private notes, and nothing else, whatever is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from sharedtable.wall import cards, dating, marks, staging
from sharedtable.wall.rules import LISTENING, NOT_YOURS, SERVER, UNREADABLE, Context, Outcome, Turned, read_number
from sharedtable.wall.undo import inverse

Handler = Callable[[Context, Mapping[str, Any]], Outcome]


def decide(context: Context, command: Mapping[str, Any]) -> Outcome:
    """The event that a command makes. Fails with `Turned`; never changes the state."""
    name = command.get("do")
    known = COMMANDS.get(name) if isinstance(name, str) else None
    who = context.who
    if known is None:
        raise Turned("unreadable", UNREADABLE)
    allowed, handler = known
    if who.role == SERVER:
        may = "server" in allowed
    elif who.runs:
        may = "runs" in allowed or (who.role == "facilitator" and "leads" in allowed)
    elif who.speaks:
        may = "speaks" in allowed
    elif who.role in ("participant", "partner"):
        # The outer table, whatever it sends: its own private notes.
        may = "listens" in allowed
        if not may:
            raise Turned("listening", LISTENING)
    else:
        may = False
    if not may:
        raise Turned("not_yours", NOT_YOURS)
    return handler(context, command)


def undo(context: Context, command: Mapping[str, Any]) -> Outcome:
    """Take back one step of those who run the meeting, as a step of its own."""
    number = read_number(command, "n")
    event = context.state.done.get(number)
    if event is None or context.state.steps[number]["undone"]:
        raise Turned("gone", _("That step is undone already, or cannot be undone."))
    return inverse(context.state, event)


def _row(allowed: str, handler: Handler) -> tuple[frozenset[str], Handler]:
    return frozenset(allowed.split()), handler


# Who: the inner table speaks, the outer listens, scribe and facilitator run, the facilitator alone leads.
COMMANDS: dict[str, tuple[frozenset[str], Handler]] = {
    "note.add": _row("speaks listens runs", cards.note_add),
    "note.edit": _row("speaks listens runs", cards.note_edit),
    "note.withdraw": _row("speaks listens runs", cards.note_withdraw),
    "note.hide": _row("leads", cards.note_hide),
    "note.open": _row("leads", cards.note_open),
    "note.tag": _row("leads", cards.note_tag),
    "note.park": _row("leads", cards.note_park),
    "note.place": _row("leads", cards.note_place),
    "cluster.create": _row("leads", cards.cluster_create),
    "cluster.rename": _row("leads", cards.cluster_rename),
    "cluster.note": _row("leads", cards.cluster_note),
    "cluster.merge": _row("leads", cards.cluster_merge),
    "cluster.remove": _row("leads", cards.cluster_remove),
    "suggestion.dismiss": _row("leads", cards.dismiss),
    "champion.sign": _row("speaks runs", cards.champion_sign),
    "champion.withdraw": _row("speaks runs", cards.champion_withdraw),
    "peer.name": _row("speaks runs", cards.peer_name),
    "peer.withdraw": _row("speaks runs", cards.peer_withdraw),
    "mark.set": _row("speaks runs", marks.mark_set),
    "stop.open": _row("server", marks.stop_open),
    "stop.reveal": _row("server", marks.stop_reveal),
    "stop.hear": _row("server", marks.stop_hear),
    "segment.start": _row("leads", staging.start),
    "segment.extend": _row("leads", staging.extend),
    "segment.end": _row("leads", staging.end),
    "stage.set": _row("leads", staging.change),
    "quiet.start": _row("leads", staging.quiet),
    "practice.set": _row("leads server", staging.rehearse),
    "debrief.open": _row("server", staging.debrief),
    "date.say": _row("speaks", dating.say),
    "meeting.freeze": _row("server", staging.freeze),
    "meeting.reopen": _row("server", staging.reopen),
    "undo": _row("leads", undo),
    "participant.ask": _row("server", cards.people("participant.asked")),
    "participant.admit": _row("server", cards.people("participant.admitted")),
    "participant.remove": _row("server", cards.people("participant.removed")),
}
