"""How long it takes to walk the whole record, and whether one changed row among all of them is found.

A million entries of twenty spaces are made with their real hashes, written straight into an SQLite database, and
walked; then one row in a random place is changed past the guard and the walk has to name it.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.harness import options, progress, show, timed, working_folder

LIMIT_SECONDS = 10.0


def fill(count: int, spaces: int) -> None:
    """Entries with real hashes, as `record` would have written them."""
    from sharedtable.ledger.actions import digest
    from sharedtable.ledger.models import Chain, Entry

    start = datetime(2026, 1, 1, tzinfo=UTC)
    verbs = ("person.add", "person.edit", "seat.fill", "letter.queue", "letter.send")
    ends = dict.fromkeys(range(1, spaces + 1), "")
    numbers = dict.fromkeys(ends, 0)
    batch: list[Entry] = []
    for index in range(count):
        space = index % spaces + 1
        numbers[space] += 1
        entry = Entry(
            space_id=space, number=numbers[space], at=start + timedelta(seconds=index), by=f"user:{index % 40}",
            verb=verbs[index % 5], kind="person", object_id=index % 9_000 + 1, previous=ends[space],
            details={"fields": ["name", "email"], "version": index % 1_000} if index % 3 == 0 else {},
        )  # fmt: skip
        entry.hash = ends[space] = digest(entry)
        batch.append(entry)
        if len(batch) == 5_000:
            Entry.objects.bulk_create(batch)
            batch = []
    Entry.objects.bulk_create(batch)
    Chain.objects.bulk_create(Chain(space_id=s, number=numbers[s], hash=ends[s]) for s in ends)


def main() -> int:
    parser = options(__doc__ or "", counties=0)
    parser.add_argument("--entries", type=int, default=1_000_000, help="how many entries (default 1,000,000)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sharedtable-bench-") as data, working_folder(given.work):
        os.environ["SHAREDTABLE_DATA"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        progress(f"making {given.entries:,} entries")
        fill(given.entries, 20)

        from sharedtable.ledger import queries
        from sharedtable.ledger.models import Entry
        from tests.unguarded import unguarded

        rows = []
        seconds = 0.0
        for turn in range(given.rounds or 3):
            seconds, verdict = timed(queries.verdict)
            assert verdict.holds and verdict.entries == given.entries
            rows.append((f"walk {turn + 1}", f"{seconds:.2f}", f"{given.entries / seconds:,.0f}", "nothing wrong"))
        picked = random.SystemRandom().randrange(1, given.entries)
        with unguarded(connection):
            Entry.objects.filter(pk=picked).update(object_id=0)
        changed = Entry.objects.get(pk=picked)
        after, verdict = timed(queries.verdict)
        found = [(one.space_id, one.number) for one in verdict.wrong]
        assert found == [(changed.space_id, changed.number)], found
        rows.append(("after one change", f"{after:.2f}", f"{given.entries / after:,.0f}", str(verdict.wrong[0])))
    show(f"verify, {given.entries:,} entries", ("", "seconds", "entries a second", "found"), rows)
    if given.entries <= 1_000_000 and seconds > LIMIT_SECONDS:
        print(f"Too slow: {seconds:.1f} s, the limit is {LIMIT_SECONDS:.0f} s.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
