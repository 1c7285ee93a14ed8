"""What the rules of the wall are made of: who asks, what a decision rests on, how what was sent is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sharedtable.method.runs import Run
from sharedtable.wall.state import RUNNERS, Row, State

LONGEST_NOTE_BYTES = 2_048
LONGEST_TITLE = 80
LONGEST_NAME = 80
LONGEST_COMPANY = 120
MOST_NOTES_AT_ONCE = 1_000
LATE_MS = 15 * 60_000  # how long after a round closed a card that was typed in it may still arrive
SERVER = "server"


class Turned(Exception):
    """A command that does not happen: a short code for the screen, a sentence for the person, the present value."""

    def __init__(self, code: str, sentence: str | Promise, now: Any = None) -> None:
        super().__init__(code)
        self.code, self.sentence, self.now = code, sentence, now


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever sends a command, as the record has them at this moment."""

    id: int
    role: str
    table: str = "outer"
    name: str = ""
    company: str = ""
    speakers: frozenset[str] = frozenset({"inner"})  # the tables that speak in this run

    @property
    def speaks(self) -> bool:
        """Sits at a table that speaks in this meeting: at a launch, a business member at the inner one."""
        return self.role in ("participant", "partner") and self.table in self.speakers

    @property
    def runs(self) -> bool:
        """Runs the meeting, or writes for others."""
        return self.role in RUNNERS


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision rests on."""

    state: State
    run: Run
    who: Who
    now: int  # milliseconds
    quiet_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The event that follows from a command; its number and time come from the writer."""

    kind: str
    scope: str
    payload: Row
    undoes: int = 0


NOT_YOURS = _("That is not possible from this place.")
LISTENING = _("You are here to listen. You can write private notes; business members fill the wall.")
CLOSED = _("Cards are closed at the moment. Your text is kept on this phone.")
GONE = _("That is not on the wall any more.")
CHANGED = _("Somebody else changed this in the meantime. Look at it once more.")
UNREADABLE = _("That could not be read. Reload the page and try once more.")
EMPTY = _("There is no text in it yet.")
TOO_LONG = _("That is too long. Shorten it, or make two of it.")

# --- reading what was sent --------------------------------------------------------------------------------------------


def read_text(
    command: Mapping[str, Any], name: str, longest_bytes: int, *, lines: bool = False, empty: bool = False
) -> str:
    value = command.get(name, "")
    if not isinstance(value, str):
        raise Turned("unreadable", UNREADABLE)
    parts = [" ".join(_kept(line).split()) for line in value.replace("\r\n", "\n").split("\n")]
    clean = ("\n" if lines else " ").join(part for part in parts if part or lines).strip()
    if not clean and not empty:
        raise Turned("empty", EMPTY)
    if len(clean.encode()) > longest_bytes:
        raise Turned("too_long", TOO_LONG)
    return clean


def _kept(line: str) -> str:
    """Without control and half characters: a database refuses some of them, and no reader ever needs one."""
    if line.isprintable():
        return line
    return "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn") else " " for sign in line)


def read_number(command: Mapping[str, Any], name: str, usual: int | None = None) -> int:
    value = command.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise Turned("unreadable", UNREADABLE)
    return value


def read_note(context: Context, command: Mapping[str, Any]) -> Row:
    """A card that the sender may change: their own, or any public one for those who run the meeting."""
    note = context.state.notes.get(read_number(command, "note"))
    mine = note is not None and note["author"] == context.who.id
    if note is None or note["withdrawn"] or not (mine or (context.who.runs and not note["private"])):
        raise Turned("gone", GONE)
    return note


NOT_HERE = _("Say which business member said it. Somebody who is not in the list has to be added to the room first.")
NO_NAME = "-"  # a paper card that nobody signed


def read_speaker(context: Context, command: Mapping[str, Any]) -> str:
    """Whose words a card has that somebody else writes down: a person of a table that speaks, who is in the meeting.

    So whoever runs the meeting writes no card of their own, and none for a partner who listens.
    """
    name = read_text(command, "for", 400)
    if name == NO_NAME:
        return name
    plain = name.casefold()
    for person in context.state.people.values():
        label = f"{person['name']}, {person['company']}" if person["company"] else person["name"]
        sits = person["role"] in ("participant", "partner") and person["table"] in context.run.speaks
        if sits and person["state"] == "in" and plain in (label.casefold(), person["name"].casefold()):
            return label[:160]
    raise Turned("not_here", NOT_HERE)


def read_cluster(context: Context, number: int) -> Row:
    cluster = context.state.clusters.get(number)
    if cluster is None or cluster["removed"]:
        raise Turned("gone", GONE)
    if cluster["into"]:
        raise Turned("changed", CHANGED, context.state.clusters[cluster["into"]])
    return cluster


def must_be_fresh(command: Mapping[str, Any], row: Row) -> None:
    """A change of a name or a text says which version it was made from; a stale one is told the present one."""
    if read_number(command, "base") != row["v"]:
        raise Turned("changed", CHANGED, row)
