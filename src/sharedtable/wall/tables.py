"""The tables that follow from a log: written in the same transaction as the events, and made anew from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from sharedtable.wall.models import Board, Cluster, Dismissal, Event, Note, Peer, SignUp
from sharedtable.wall.state import Happened, Ref, Row, State, fold

# table of the state → model, the columns of a row, and what names it beside the board
Shape = tuple[type[models.Model], Callable[[Row], dict[str, Any]], tuple[str, ...]]


def _note(row: Row) -> dict[str, Any]:
    return {
        "number": row["n"], "version": row["v"], "round": row["round"], "text": row["text"], "author": row["author"],
        "typed_for": row["for"], "cluster": row["cluster"], "about": row["about"], "tags": row["tags"],
        "parked": row["parked"], "is_private": row["private"], "is_hidden": row["hidden"],
        "is_withdrawn": row["withdrawn"], "is_late": row["late"],
    }  # fmt: skip


def _cluster(row: Row) -> dict[str, Any]:
    return {
        "number": row["n"], "version": row["v"], "round": row["round"], "title": row["title"], "notes": row["notes"],
        "into": row["into"], "is_removed": row["removed"], "is_shelved": row["shelved"],
    }  # fmt: skip


def _sign(row: Row) -> dict[str, Any]:
    return {
        "cluster": row["cluster"], "participant": row["participant"], "number": row["n"], "name": row["name"],
        "company": row["company"],
    }  # fmt: skip


def _peer(row: Row) -> dict[str, Any]:
    return {
        "number": row["n"], "name": row["name"], "company": row["company"], "cluster": row["cluster"],
        "suggested_by": row["by"], "is_withdrawn": row["gone"],
    }  # fmt: skip


def _dismissal(row: Row) -> dict[str, Any]:
    return {"note": row["note"], "cluster": row["cluster"]}


SHAPES: dict[str, Shape] = {
    "notes": (Note, _note, ("number",)),
    "clusters": (Cluster, _cluster, ("number",)),
    "signs": (SignUp, _sign, ("cluster", "participant")),
    "peers": (Peer, _peer, ("number",)),
    "dismissed": (Dismissal, _dismissal, ("note", "cluster")),
}
ENDED_IS_GONE = frozenset({"signs", "dismissed"})  # tables that hold only what stands


def write(board: Board, state: State, touched: Iterable[Ref]) -> None:
    """Bring the tables in line with the state for what was touched; inside the transaction of the events."""
    by_table: dict[str, set[Any]] = {}
    for table, name in touched:
        if table in SHAPES:
            by_table.setdefault(table, set()).add(name)
    for table, names in by_table.items():
        model, columns, unique = SHAPES[table]
        rows = [getattr(state, table)[name] for name in sorted(names, key=str)]
        ended = [row for row in rows if table in ENDED_IS_GONE and row["gone"]]
        for row in ended:
            keep = columns(row)
            model._default_manager.filter(board=board, **{key: keep[key] for key in unique}).delete()
        made = [model(space_id=board.space_id, board_id=board.pk, **columns(row)) for row in rows if row not in ended]
        if made:
            changed = [name for name in columns(rows[0]) if name not in unique]
            model._default_manager.bulk_create(
                made,
                update_conflicts=bool(changed),
                ignore_conflicts=not changed,
                update_fields=changed or None,
                unique_fields=("board", *unique) if changed else None,
            )


def happened(row: Event) -> Happened:
    """An event of the log as the fold takes it."""
    at = int(row.at.timestamp() * 1000)
    return Happened(row.number, row.kind, row.scope, row.payload, row.by_id, at, row.key, row.undoes)


def events_after(board_id: int, number: int, most: int | None = None) -> list[Happened]:
    """The log of a board after a number, in order."""
    found = Event.objects.filter(board_id=board_id, number__gt=number).order_by("number")
    return [happened(row) for row in (found[:most] if most else found).iterator()]


def stored(board: Board) -> dict[str, list[dict[str, Any]]]:
    """What the tables of a board hold now, in one order: to compare with a fold of its log."""
    return {
        table: [
            {key: value for key, value in row.items() if key not in ("id", "space_id", "board_id")}
            for row in model._default_manager.filter(board=board).order_by(*unique).values()
        ]
        for table, (model, _columns, unique) in SHAPES.items()
    }


def expected(state: State) -> dict[str, list[dict[str, Any]]]:
    """What the tables should hold for a state."""
    return {
        table: sorted(
            (columns(row) for row in getattr(state, table).values() if not (table in ENDED_IS_GONE and row["gone"])),
            key=lambda row: [row[key] for key in unique],
        )
        for table, (_model, columns, unique) in SHAPES.items()
    }


def rebuild(board: Board) -> State:
    """Make the tables of a board anew from its log; gives the state. Call it inside a transaction."""
    state = fold(events_after(board.pk, 0))
    for model, _columns, _unique in SHAPES.values():
        model._default_manager.filter(board=board).delete()
    write(board, state, state.refs())
    board.stage, board.last_number = state.stage, state.number
    board.save(update_fields=["stage", "last_number"])
    return state
