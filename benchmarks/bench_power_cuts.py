"""The power goes while a meeting writes: what was acknowledged is on the disk, once, in order, and the disk is whole.

A process writes cards as the server does and says which were acknowledged. It is killed at a chance moment; all that
was not synced by then is thrown away (`power_cut.c` keeps a second folder that holds only what was). The next process
goes on from that folder. With `--careless` SQLite is told not to sync each commit: then cards must be lost, or this
script would prove nothing.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.live_server import Server

WRITE = """
import secrets, sys, threading
import django; django.setup()
from django.db import connection
from sharedtable.meetings.models import Participant
from sharedtable.wall.models import Board, Event
from sharedtable.wall import tables
from sharedtable.wall.writer import Submission, write
if len(sys.argv) > 1:
    connection.ensure_connection(); connection.connection.execute("PRAGMA synchronous=" + sys.argv[1])
board = Board.objects.get()
place = Participant.objects.filter(role="participant").first().pk
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check"); whole = cursor.fetchone()[0]
numbers = list(Event.objects.order_by("number").values_list("number", "key"))
same = tables.stored(board) == tables.expected(tables.fold(tables.events_after(board.pk, 0)))
print("READY", whole, same, [n for n, _ in numbers] == list(range(1, len(numbers) + 1)), flush=True)
for number, key in numbers: print("HAS", number, key)
print("GO", flush=True)
while True:
    some = [{"key": secrets.token_hex(8), "do": "note.add", "text": secrets.token_hex(20)} for _ in range(5)]
    for one in write(board.pk, [Submission(board.pk, place, some)])[0]:
        print("ACK", one.number, one.key)
    sys.stdout.flush()
"""


@dataclass
class Found:
    """What became of the cards over all cuts."""

    cuts: int = 0
    acked: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    moved: int = 0
    broken: int = 0
    back: list[float] = field(default_factory=list)


def shim(folder: Path) -> Path:
    """The compiled shim. Fails with SystemExit when there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("This benchmark needs a C compiler. Install one (apt install gcc libc6-dev) and run it again.")
    made = folder / "power_cut.so"
    source = Path(__file__).with_name("power_cut.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


def one_life(found: Found, disk: Path, work: Path, library: Path, base: dict[str, str], live: float, how: str) -> None:
    """Start from the disk, check it, write for a while, and lose the power."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(disk, work)
    environment = base | {
        "SHAREDTABLE_DATA": str(work), "LD_PRELOAD": str(library), "CUT_FROM": str(work), "CUT_TO": str(disk),
    }  # fmt: skip
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, *([how] if how else [])], env=environment, stdout=subprocess.PIPE, text=True
    )
    has: dict[str, int] = {}
    for line in process.stdout:
        word, *rest = line.split()
        if word == "READY":
            found.broken += rest != ["ok", "True", "True"]
        elif word == "HAS":
            has[rest[1]] = int(rest[0])
        elif word == "GO":
            break
    found.back.append(time.monotonic() - began)
    found.lost += len(found.acked.keys() - has.keys())
    found.moved += sum(has[key] != number for key, number in found.acked.items() if key in has)
    found.acked = dict(has)  # what was lost is counted once
    timer = threading.Timer(live, process.kill)
    timer.start()
    for line in process.stdout:
        word, *rest = line.split()
        if word == "ACK" and len(rest) == 2 and len(rest[1]) == 16:
            found.acked[rest[1]] = int(rest[0])
    process.wait()
    found.cuts += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--careless", action="store_true", help="do not sync each commit: cards must be lost")
    asked = parser.parse_args()
    chance, found = random.Random(asked.seed), Found()
    with tempfile.TemporaryDirectory(prefix="power-") as name:
        top = Path(name)
        with Server(phones=3, folder=top / "made") as server:
            base = {key: value for key, value in server.environment.items() if key != "SHAREDTABLE_DATA"}
        disk = top / "disk"
        disk.mkdir()
        for one in (top / "made").iterdir():
            if one.is_file() and not one.name.endswith(("-shm", "log")):
                shutil.copy(one, disk)
        library = shim(top)
        for _ in range(asked.cuts + 1):  # the last life checks what the last cut left
            one_life(
                found, disk, top / "work", library, base, chance.uniform(0.01, 0.8), "OFF" if asked.careless else ""
            )
    back = sorted(found.back)[len(found.back) // 2]
    print(f"{'cuts':>6} {'cards':>8} {'lost':>6} {'moved':>6} {'broken disks':>13} {'back s (median)':>16}")
    print(
        f"{found.cuts - 1:>6} {len(found.acked):>8} {found.lost:>6} {found.moved:>6} {found.broken:>13} {back:>16.1f}"
    )
    is_bad = bool(found.lost or found.moved or found.broken)
    sys.exit(is_bad != asked.careless)


if __name__ == "__main__":
    main()
