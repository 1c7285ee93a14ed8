"""How marks change the state of a board, and who sees what of them; `state.py` calls this. See `marks.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sharedtable.wall.state import Happened, State

Touched = set[tuple[str, Any]]
CHANGED: tuple[tuple[str, Any], ...] = (("stage", "stage"), ("counts", "counts"))


def stop_opened(state: State, event: Happened) -> Touched:
    """The room looks at another figure."""
    stop = event.payload["stop"]
    stops = {**state.stage["stops"]}
    stops.setdefault(stop, [event.payload["options"], 0])
    state.stage.update(stop=stop, stops=stops)
    return {CHANGED[0]}


def mark_set(state: State, event: Happened) -> Touched:
    """One mark a person a figure: the last one stands. How many marked it is told, not how."""
    said = event.payload
    name = f"{said['stop']}:{said['participant']}"
    state.marks[name] = {
        "n": event.number, "stop": said["stop"], "participant": said["participant"], "table": said["table"],
        "mark": said["mark"], "text": said["text"], "gone": not said["mark"],
    }  # fmt: skip
    state.counts[said["stop"]] = sum(row["stop"] == said["stop"] and not row["gone"] for row in state.marks.values())
    # Not the mark itself: even "something of Ann's is not for you" would tell that Ann has marked it.
    return {CHANGED[1]}


def stop_revealed(state: State, event: Happened) -> Touched:
    """The marks of a figure are open to all from here on."""
    stop, spread = event.payload["stop"], event.payload["spread"]
    stops = {**state.stage["stops"]}
    stops[stop] = [stops[stop][0], event.number]
    state.stage.update(stops=stops)
    state.spreads[stop] = {"n": event.number, "stop": stop, **spread, "heard": []}
    marks = {("marks", name) for name, row in state.marks.items() if row["stop"] == stop}
    return {CHANGED[0], ("spreads", stop), *marks}


def stop_heard(state: State, event: Happened) -> Touched:
    """Somebody said more in the talk."""
    row = state.spreads[event.payload["stop"]]
    state.spreads[row["stop"]] = {**row, "n": event.number, "heard": [*row["heard"], event.payload["text"]]}
    return {("spreads", row["stop"])}


def is_open_to_runners(state: State, row: dict[str, Any]) -> bool:
    """Whether those who run the meeting may see whose mark it is: from the reveal on, never before."""
    return bool(state.stage["stops"].get(row["stop"], (0, 0))[1]) and not row["gone"]
