"""The commands that move the meeting itself: segments, time, what the room sees, whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from sharedtable.errors import Missing
from sharedtable.method.runs import SIGNUPS
from sharedtable.wall import dating, rules
from sharedtable.wall.state import Row, State

MOST_MINUTES = 240
PACES = (1, 2, 5)  # how much faster than life made-up firms are
MOST_AREAS = 200
MINUTE = 60_000


def start(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Begin a segment, in any order: stepping back to an earlier one is the same."""
    try:
        segment = context.run.segment(str(command.get("segment", "")))
    except Missing:
        raise rules.Turned("unreadable", rules.UNREADABLE) from None
    stage = context.state.stage
    ends_at = context.now + _minutes(command, segment.minutes) * MINUTE
    new: Row = {
        "segment": segment.id, "started_at": context.now, "ends_at": ends_at, "is_open": bool(segment.round),
        "signup": segment.signup, "turn": 0, "prompt": "", "focus": 0, "quiet_until": 0, "reads": False,
        "focus_at": 0, "slide": "",
    }  # fmt: skip
    if stage["practice"]:
        new["practice"] = {**stage["practice"], "ran": 0, "at": context.now}  # the firms begin anew with each part
    closed = _closed(context)
    if segment.round:
        new["round"] = segment.round
        new["opened"] = {segment.round: context.now, **stage["opened"]}
        closed.pop(segment.round, None)
    new["closed"] = closed
    return _stage_event("segment.started", context, new, _shelved(context, segment.signup))


def extend(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Give the segment more time, counted from now when it has run out."""
    stage = context.state.stage
    _must_run(stage)
    more = _minutes(command, 0) * MINUTE
    new: Row = {"ends_at": max(stage["ends_at"], context.now) + more}
    if stage["round"] and context.run.segment(stage["segment"]).round == stage["round"] and not stage["is_open"]:
        new |= {"is_open": True, "closed": {k: v for k, v in stage["closed"].items() if k != stage["round"]}}
    return _stage_event("segment.extended", context, new, {})


def end(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """End the segment now. When it was the one for names, areas without one go to the shelf."""
    stage = context.state.stage
    _must_run(stage)
    new: Row = {
        "ends_at": min(stage["ends_at"], context.now), "is_open": False, "closed": _closed(context), "signup": "off",
        "turn": 0,
    }  # fmt: skip
    return _stage_event("segment.ended", context, new, _shelved(context, "off"))


def quiet(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Ten seconds in which nobody has to say anything."""
    return _stage_event("stage.set", context, {"quiet_until": context.now + context.quiet_ms}, {})


def change(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Set one or more things of the stage: hiding, a prompt, the area under discussion, sign-up, whose turn."""
    given = command.get("set")
    if not isinstance(given, dict) or not given or not all(_fits(context, *one) for one in given.items()):
        raise rules.Turned("unreadable", rules.UNREADABLE)
    new: Row = dict(given)
    stage = context.state.stage
    if "round" in new:
        new["opened"] = {new["round"]: context.now, **stage["opened"]}
        new.setdefault("is_open", stage["is_open"])
    if "focus" in new:
        new["focus_at"] = context.now if new["focus"] else 0  # since when the room talks about it
    if "dates" in new and new.get("date", stage["date"]) not in ("", *new["dates"]):
        new["date"] = ""
    if new.get("is_open") is False:
        new["closed"] = _closed(context)
    elif new.get("is_open") is True:
        name = new.get("round", stage["round"])
        if not name:
            raise rules.Turned("unreadable", rules.UNREADABLE)
        new["closed"] = {k: v for k, v in stage["closed"].items() if k != name}
        if stage["ends_at"] and stage["ends_at"] < context.now:
            new["ends_at"] = 0  # opened again without a clock
    return _stage_event("stage.set", context, new, {})


def debrief(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Tell every phone that the talk among partners is open; only those of the outer table may go there."""
    return _stage_event("stage.set", context, {"debrief": rules.read_number(command, "meeting")}, {})


def rehearse(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """Let the made-up firms of a practice launch go on, wait, or go faster. The program begins it (`begin`)."""
    stage = context.state.stage
    begin = command.get("begin")
    if context.who.role == rules.SERVER and isinstance(begin, dict):
        return _stage_event("stage.set", context, {"practice": {**begin, "at": context.now, "ran": 0}}, {})
    known = stage["practice"]
    is_on, pace = command.get("on", known.get("on")), command.get("pace", known.get("pace"))
    if not known or not isinstance(is_on, bool) or pace not in PACES:
        raise rules.Turned("unreadable", rules.UNREADABLE)
    new = {**known, "on": is_on, "pace": pace, "at": context.now, "ran": practice_ms(known, context.now)}
    return _stage_event("stage.set", context, {"practice": new}, {})


def practice_ms(practice: Mapping[str, Any], now: int) -> int:
    """How long the made-up firms have been in the present part, by their own clock."""
    running = (now - practice["at"]) * practice["pace"] if practice["on"] else 0
    return int(practice["ran"] + running)


def freeze(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """The meeting is closed: the program says so, in the transaction that writes its record."""
    new: Row = {
        "frozen": True, "is_open": False, "closed": _closed(context), "signup": "off", "turn": 0, "reads": False,
        "focus": 0, "prompt": "",
    }  # fmt: skip
    kept = command.get("keep", ())  # areas that carry a name all the same
    bare = [number for number in _bare(context.state, context.run.champions) if number not in kept]
    return _stage_event("meeting.frozen", context, new, {"shelved": bare})


def reopen(context: rules.Context, command: Mapping[str, Any]) -> rules.Outcome:
    """The meeting was closed by mistake and goes on."""
    return _stage_event("meeting.reopened", context, {"frozen": False}, {})


def _fits(context: rules.Context, name: str, value: Any) -> bool:
    run = context.run
    if name in dating.FIELDS:
        return dating.fits(name, value, context.now)
    if name in ("hides", "is_open", "reads"):
        return isinstance(value, bool)
    if name == "unsaid":  # areas with names on them, but without a card in the words of a business member
        return isinstance(value, list) and len(value) <= MOST_AREAS and all(n in context.state.clusters for n in value)
    if name == "prompt":
        return value == "" or value in {one.id for one in run.prompts}
    if name == "slide":
        return value in ("", "sector")
    if name == "round":
        return isinstance(value, str) and run.round(value) is not None
    if name == "signup":
        return value in SIGNUPS
    if type(value) is not int:
        return False
    if name == "focus":
        return value == 0 or bool(rules.read_cluster(context, value))
    if name == "turn":
        person = context.state.people.get(value, {})
        return value == 0 or (person.get("state") == "in" and person.get("table") == "inner")
    return False


def _must_run(stage: Row) -> None:
    if not stage["segment"]:
        raise rules.Turned("closed", _("No segment has begun yet. Start one first."))


def _minutes(command: Mapping[str, Any], usual: int) -> int:
    value = command.get("minutes", usual)
    if type(value) is not int or not 1 <= value <= MOST_MINUTES:
        raise rules.Turned("minutes", _("Give whole minutes, from 1 to 240."))
    return value


def _closed(context: rules.Context) -> Row:
    stage = context.state.stage
    closed = dict(stage["closed"])
    if stage["round"] and stage["is_open"]:
        closed[stage["round"]] = min(context.now, stage["ends_at"] or context.now)
    return closed


def _shelved(context: rules.Context, next_signup: str) -> Row:
    """No names, no priority now: when sign-up ends, the areas that nobody signed go to the shelf."""
    state = context.state
    if state.stage["signup"] == "off" or next_signup != "off":
        return {}
    return {"shelved": _bare(state, context.run.champions)}


def _bare(state: State, of_round: str) -> list[int]:
    """The areas on which nobody's name stands and that are not on the shelf yet."""
    if not of_round:
        return []
    signed = {one["cluster"] for one in state.signs.values() if not (one["gone"] or one["out"])}
    return [one["n"] for one in state.live_clusters(of_round) if not one["shelved"] and one["n"] not in signed]


def _stage_event(kind: str, context: rules.Context, new: Row, more: Row) -> rules.Outcome:
    was = {name: context.state.stage[name] for name in new}
    return rules.Outcome(kind, "stage", {"set": new, "was": was, **more})


def is_still(state: State, new: Row) -> bool:
    """Whether the stage is as these changes left it."""
    return all(state.stage[name] == value for name, value in new.items())
