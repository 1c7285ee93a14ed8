"""How long it takes to lose a data folder and have it back: wipe, restore, verify, and the first page answers.

A database of the wanted size is made (entries with real hashes, letters and people with texts that do not compress to
nothing), backed up, wiped and restored by the real commands.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.harness import progress, show, timed

LIMIT_SECONDS = 60.0
BODY_BYTES = 6_000


def fill(megabytes: int, entries: int) -> None:
    """Entries of the record, and letters until the database has its size."""
    from django.utils import timezone

    from benchmarks.bench_verify import fill as fill_record
    from sharedtable.ledger.models import Letter

    fill_record(entries, 20)
    now, number = timezone.now(), 0
    path = Path(os.environ["SHAREDTABLE_DATA"]) / "db.sqlite3"
    words = [secrets.token_hex(3) for _ in range(4_000)]
    rng = secrets.SystemRandom()
    while sum(one.stat().st_size for one in path.parent.glob("db.sqlite3*")) < megabytes * 1_000_000:
        Letter.objects.bulk_create(
            Letter(
                space_id=one % 20 + 1, kind="invite", key=f"invite:{one}", to_address=f"p{one}@example.org",
                subject="The launch", body=" ".join(rng.choices(words, k=BODY_BYTES // 7)), made_at=now, hold_until=now,
                made_by="operator", state="sent", sent_at=now,
            )
            for one in range(number, number + 2_000)
        )  # fmt: skip
        number += 2_000


def command(*words: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sharedtable", *map(str, words)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{words[0]} failed: {done.stderr[-2000:]}")


def first_page() -> None:
    """Start the program and wait until a page that asks the database answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "sharedtable", "serve", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                if time.monotonic() > end:
                    raise SystemExit("the program did not come up again") from None
                time.sleep(0.1)
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--megabytes", type=int, default=2_000, help="size of the database (default 2,000)")
    parser.add_argument("--entries", type=int, help="entries of the record (default: 100 a megabyte)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sharedtable-bench-") as folder:
        data, file = Path(folder) / "data", Path(folder) / "backup.zip"
        os.environ["SHAREDTABLE_DATA"] = str(data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        progress(f"making {given.megabytes:,} MB")
        fill(given.megabytes, given.entries or given.megabytes * 100)
        connection.close()
        size = (data / "db.sqlite3").stat().st_size
        made, _ = timed(lambda: command("backup", file))
        looked, _ = timed(lambda: command("verify", file))
        shutil.rmtree(data)
        restored, _ = timed(lambda: command("restore", file))
        checked, _ = timed(lambda: command("verify"))
        up, _ = timed(first_page)
        whole = restored + checked + up
        rows = [
            ("backup, with its one restore", f"{made:.1f}"),
            ("verify the file", f"{looked:.1f}"),
            ("restore", f"{restored:.1f}"),
            ("verify the record", f"{checked:.1f}"),
            ("start until a page answers", f"{up:.1f}"),
            ("from nothing to a page", f"{whole:.1f}"),
        ]
        notes = [f"database {size / 1e6:,.0f} MB, backup {file.stat().st_size / 1e6:,.0f} MB"]
        show(f"restore of {given.megabytes:,} MB", ("", "seconds"), rows, notes)
    if given.megabytes <= 2_000 and whole > LIMIT_SECONDS:
        print(f"Too slow: {whole:.0f} s, the limit is {LIMIT_SECONDS:.0f} s.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
