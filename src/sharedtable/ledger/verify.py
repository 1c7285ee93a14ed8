"""Walks every chain of the record and names the first entry of each that is wrong, missing or out of order.

It reads rows, not models, and asks only for something that runs SQL: so the same walk looks through the live
database, through a backup that was unpacked beside it, and through a million entries in seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sharedtable.ledger.heads import Head

Rows = Callable[[str], Iterable[Sequence[Any]]]

_ENTRIES = (
    'SELECT "space_id", "number", "at", "by", "verb", "kind", "object_id", CAST("details" AS text), "previous", "hash" '
    'FROM "ledger_entry" ORDER BY "space_id", "number"'
)
_ENDS = 'SELECT "space_id", "number", "hash" FROM "ledger_chain"'
_quoted = json.encoder.encode_basestring_ascii


@dataclass(frozen=True)
class Wrong:
    """The first entry of a chain that does not hold, and why."""

    space_id: int
    number: int
    why: str

    def __str__(self) -> str:
        place = f"of space {self.space_id}" if self.space_id else "of the installation itself"
        return f"Entry {self.number} {place} {self.why}."


@dataclass(frozen=True)
class Verdict:
    """How many entries and chains were read, and what is wrong with them."""

    entries: int
    chains: int
    wrong: tuple[Wrong, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong


def verify(rows: Rows, heads: Iterable[Head] = ()) -> Verdict:
    """Read the whole record. `rows` runs one SQL statement; `heads` are hashes that were kept elsewhere."""
    ends = {space: (number, digest) for space, number, digest in rows(_ENDS)}
    kept: dict[tuple[int, int], str] = {(head.space_id, head.number): head.hash for head in heads}
    last_kept: dict[int, int] = {}
    for space, number in kept:
        last_kept[space] = max(number, last_kept.get(space, 0))
    wrong: dict[int, Wrong] = {}
    seen: dict[int, int] = {}
    hashes: dict[int, str] = {}
    canonical = _Details()
    count = 0

    def tell(space: int, number: int, why: str) -> None:
        wrong.setdefault(space, Wrong(space, number, why))

    for space, number, at, by, verb, kind, thing, details, previous, digest in rows(_ENTRIES):
        count += 1
        before = seen.get(space, 0)
        if number <= before:
            tell(space, number, "stands twice")
        elif number != before + 1:
            tell(space, before + 1, "is missing")
        elif previous != hashes.get(space, ""):
            tell(space, number, "does not follow from the one before it")
        spelled = (
            f'["{previous}",{space},{number},"{_instant(at)}",{_quoted(by)},{_quoted(verb)},{_quoted(kind)},'
            f"{'null' if thing is None else thing},{canonical[details]}]"
        )
        if hashlib.sha256(spelled.encode()).hexdigest() != digest:
            tell(space, number, "was changed after it was written")
        if kept and kept.get((space, number), digest) != digest:
            tell(space, number, "is not the one whose hash was kept on its day")
        seen[space], hashes[space] = number, digest
    for space, (number, digest) in ends.items():
        if seen.get(space, 0) < number:
            tell(space, seen.get(space, 0) + 1, "is missing at the end of the chain")
        elif (seen.get(space, 0), hashes.get(space, "")) != (number, digest):
            tell(space, number + 1, "stands behind the end of the chain")
    for space in seen.keys() - ends.keys():
        tell(space, 1, "belongs to a chain that has no end")
    for space, number in last_kept.items():
        if seen.get(space, 0) < number:
            tell(space, seen.get(space, 0) + 1, "is missing, although its hash was kept on its day")
    return Verdict(count, len(seen), tuple(wrong[space] for space in sorted(wrong)))


class _Details(dict[str, str]):
    """The canonical spelling of details; the same few stand in most entries, so each is worked out once."""

    def __missing__(self, details: str) -> str:
        spelled = json.dumps(json.loads(details), sort_keys=True, separators=(",", ":"))
        if len(self) < 50_000:
            self[details] = spelled
        return spelled


def _instant(at: Any) -> str:
    """A time as it was hashed: SQLite gives it as the text that Django wrote, in UTC and without saying so."""
    if isinstance(at, str):
        return f"{at[:10]}T{at[11:]}+00:00"
    moment: datetime = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat()


def of_this_database() -> Rows:
    """Runs SQL on the database of the settings, without holding all rows at once."""
    from django.db import connection, transaction

    def run(sql: str) -> Iterator[Sequence[Any]]:
        connection.ensure_connection()
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            while found := cursor.fetchmany(5_000):
                yield from found

    return run
