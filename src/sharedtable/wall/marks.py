"""Marks on figures in a data walk: one a person a figure, changeable until the reveal, hidden from all until then.

A *stop* is one figure that the room looks at, or the choice at the end. The commands stand here without a database, and
so does what the room may see of the marks when a stop is revealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from sharedtable.wall.rules import (
    LONGEST_NOTE_BYTES,
    NOT_YOURS,
    UNREADABLE,
    Context,
    Outcome,
    Turned,
    read_number,
    read_text,
)
from sharedtable.worksheets.spread import may_split

if TYPE_CHECKING:
    from sharedtable.wall.state import Row

MARKS = ("real", "doubtful", "missing")
LONGEST_STOP = 40
NOT_OPEN = _("This figure is not on the screen yet. Your words are still here.")
REVEALED = _("This figure was revealed already. Your words are still here: say them, so that they are written down.")
NO_MARK = _("Choose one of the three first.")
NO_ORDER = _("Choose which industry comes first.")
SHOWN_ALREADY = _("This figure was revealed already.")


def mark_set(context: Context, command: Mapping[str, Any]) -> Outcome:
    """Mark a figure, change one's mark, or take it back (an empty mark). Those who run the meeting may do it for
    somebody who has no phone."""
    stop = _read_stop(command)
    options, number = context.state.stage["stops"].get(stop, (0, -1))
    if number:
        raise Turned("closed", REVEALED if number > 0 else NOT_OPEN)
    mark = command.get("mark", "")
    if not isinstance(mark, str):
        raise Turned("unreadable", UNREADABLE)
    text = read_text(command, "text", LONGEST_NOTE_BYTES, lines=True, empty=True)
    if not mark and text:
        raise Turned("empty", NO_ORDER if options else NO_MARK)
    if mark and not (_is_order(mark, options) if options else mark in MARKS):
        raise Turned("unreadable", UNREADABLE)
    person, table = _marker(context, command)
    payload = {"stop": stop, "participant": person, "table": table, "mark": mark, "text": text}
    return Outcome("mark.set", "self", payload)


def stop_open(context: Context, command: Mapping[str, Any]) -> Outcome:
    """Put a figure on the screen. `options`: how many industries there are to choose from; 0 for a figure."""
    return Outcome("stop.opened", "stage", {"stop": _read_stop(command), "options": read_number(command, "options", 0)})


def stop_reveal(context: Context, command: Mapping[str, Any]) -> Outcome:
    """Open the marks of a figure to everybody, for good."""
    stop = _read_stop(command)
    found = context.state.stage["stops"].get(stop)
    if found is None:
        raise Turned("closed", NOT_OPEN)
    if found[1]:
        raise Turned("there", SHOWN_ALREADY)
    rows = [row for row in context.state.marks.values() if row["stop"] == stop and not row["gone"]]
    return Outcome("stop.revealed", "stage", {"stop": stop, "spread": spread(rows)})


def stop_hear(context: Context, command: Mapping[str, Any]) -> Outcome:
    """Words that came in the talk after the reveal."""
    stop = _read_stop(command)
    if stop not in context.state.spreads:
        raise Turned("closed", NOT_OPEN)
    text = read_text(command, "text", LONGEST_NOTE_BYTES, lines=True)
    return Outcome("stop.heard", "stage", {"stop": stop, "text": text})


def spread(rows: Iterable[Mapping[str, Any]]) -> Row:
    """What a room may see of its marks: how many chose what, by table where neither table is smaller than five, and the
    words in an order that tells nothing. Never who."""
    marks = list(rows)
    tables: dict[str, list[str]] = {}
    for row in marks:
        tables.setdefault(row["table"], []).append(row["mark"])
    said = [{"mark": row["mark"], "text": row["text"]} for row in marks if row["text"]]
    said.sort(key=lambda one: (one["mark"], one["text"].casefold(), one["text"]))
    return {
        "all": dict(sorted(Counter(row["mark"] for row in marks).items())),
        "tables": {name: dict(sorted(Counter(found).items())) for name, found in sorted(tables.items())}
        if may_split(tables)
        else {},
        "said": said,
    }


def _read_stop(command: Mapping[str, Any]) -> str:
    stop = command.get("stop")
    if not isinstance(stop, str) or not 1 <= len(stop) <= LONGEST_STOP or not stop.isascii() or not stop.isprintable():
        raise Turned("unreadable", UNREADABLE)
    return stop


def _is_order(mark: str, options: int) -> bool:
    """An order of some or all industries, the first one first: '2,0'."""
    parts = mark.split(",")
    return len(set(parts)) == len(parts) and set(parts) <= {str(number) for number in range(options)}


def _marker(context: Context, command: Mapping[str, Any]) -> tuple[int, str]:
    who = context.who
    if not who.runs:
        return who.id, who.table
    number = read_number(command, "participant", 0)
    person = context.state.people.get(number, {})
    if person.get("state") != "in" or person.get("role") not in ("participant", "partner"):
        raise Turned("not_yours", _("Say for whom you mark it.") if not number else NOT_YOURS)
    if person["table"] not in who.speakers:
        raise Turned("not_yours", NOT_YOURS)
    return number, person["table"]
