"""Rows of one list about the same company or person, by the rules and thresholds of matching with the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sharedtable.people.import_models import ImportRow
from sharedtable.people.matching.linking import link_within
from sharedtable.people.matching.names import folded
from sharedtable.people.matching.records import Answer, Firm, Human, Match

OPEN = ("perhaps", "later")
Key = tuple[Any, ...]
Group = Sequence[ImportRow]


def mark(records: Sequence[Firm] | Sequence[Human], groups: Sequence[Group], thing: str, kind: str) -> None:
    """Point every later row at the earlier row of the list that it is, or may be. `groups`: the rows of each record.

    Sure means one entry; where the earlier rows that fit are not one themselves, and in every other doubt, a person
    decides. The answers about the record go first, and what is clear of one row holds for its double.
    """
    if thing == "organisation" and kind == "companies":
        for group in groups:
            for row in group[1:]:
                _point(row, group[0], thing, "same", [{"code": "row_equal", "bits": 1.0, "pct": 0}])
    fitting: dict[int, list[Match]] = defaultdict(list)
    for pair in link_within(records):
        if (
            kind == "companies"
            or thing == "person"
            or place_key(groups[pair.left][0]) != place_key(groups[pair.right][0])
        ):
            fitting[pair.right].append(pair)
    roots: dict[int, int] = {}
    for later in sorted(fitting):
        pairs = sorted(fitting[later], key=lambda one: (one.answer is not Answer.SAME, -one.bits, one.left))
        earlier = pairs[0].left
        sure = {roots.get(one.left, one.left) for one in pairs if one.answer is Answer.SAME}
        answer = "same" if len(sure) == 1 else "perhaps"
        if answer == "same":
            roots[later] = sure.pop()
            _share(groups[earlier], groups[later], thing, pairs[0])
        reasons = [asdict(reason) for reason in pairs[0].reasons]
        for row in groups[later] if kind == "people" else groups[later][:1]:
            _point(row, groups[earlier][0], thing, answer, reasons)


def _point(later: ImportRow, earlier: ImportRow, thing: str, answer: str, reasons: list[dict[str, Any]]) -> None:
    setattr(later, f"{thing}_twin", earlier.number)
    setattr(later, f"{thing}_twin_answer", answer)
    setattr(later, f"{thing}_twin_reasons", reasons)


def _share(one: Group, other: Group, thing: str, pair: Match) -> None:
    """What the record says of one of two sure doubles holds for both: surely where both fit it, else to ask."""
    for known, open_rows in ((one, other), (other, one)):
        ref, answer = getattr(known[0], f"{thing}_ref"), getattr(known[0], f"{thing}_answer")
        for row in open_rows if ref and answer in ("same", "perhaps") else ():
            if getattr(row, f"{thing}_ref") == ref and answer == "same":
                setattr(row, f"{thing}_answer", "same")
            elif not getattr(row, f"{thing}_ref"):
                setattr(row, f"{thing}_ref", ref)
                setattr(row, f"{thing}_answer", "perhaps")
                setattr(row, f"{thing}_reasons", [asdict(reason) for reason in pair.reasons])


def open_question(row: ImportRow, thing: str) -> str:
    """What a person has still to say of a row: '', its thing, or its thing's twin. The record comes first."""
    answer = getattr(row, f"{thing}_answer")
    if answer in OPEN:
        return thing
    return f"{thing}_twin" if answer != "same" and getattr(row, f"{thing}_twin_answer") in OPEN else ""


def is_double(row: ImportRow, thing: str) -> bool:
    """Whether a row becomes part of what an earlier row of its list becomes."""
    return bool(getattr(row, f"{thing}_answer") != "same" and getattr(row, f"{thing}_twin_answer") == "same")


def settled_with(row: ImportRow, thing: str, alike: Sequence[ImportRow], kind: str) -> list[ImportRow]:
    """The rows that an answer about this row's `thing` (or its twin) settles; `alike`: those that are asked the same.

    Of people, every row with that company; of an entry of the record, the sure doubles of the row as well.
    """
    others = [one for one in alike if one.pk != row.pk]
    if thing.startswith("organisation") and kind == "people":
        return [row, *(one for one in others if one.values.get("company") == row.values.get("company"))]
    if thing.endswith("_twin"):
        return [row]
    heads = _heads(alike, thing)
    return [row, *(one for one in others if heads[one.number] == heads[row.number])]


def _heads(rows: Sequence[ImportRow], thing: str) -> dict[int, int]:
    """For each row the first one that it is surely the same as; rows come by number."""
    found: dict[int, int] = {}
    for row in sorted(rows, key=lambda one: one.number):
        twin = getattr(row, f"{thing}_twin") if getattr(row, f"{thing}_twin_answer") == "same" else 0
        found[row.number] = found.get(twin, twin or row.number)
    return found


def place_key(row: ImportRow) -> Key:
    """Rows of a list of people with this in common name one company."""
    return tuple(folded(row.values.get(name, "")) for name in ("company", "street", "city", "zip_code"))


def keys_of(rows: Mapping[int, ImportRow], thing: str, kind: str) -> dict[int, Key]:
    """For each row the key of its entry: rows with one key become one entry. ("ref", number) is one of the record."""
    found: dict[int, Key] = {}
    for number in sorted(rows):  # a twin comes earlier in the list
        row = rows[number]
        if getattr(row, f"{thing}_answer") == "same":
            found[number] = ("ref", getattr(row, f"{thing}_ref"))
        elif is_double(row, thing) and getattr(row, f"{thing}_twin") in found:
            found[number] = found[getattr(row, f"{thing}_twin")]
        elif thing == "organisation" and kind == "people":
            found[number] = ("place", *place_key(row))
        else:
            found[number] = ("row", number)
    return found
