"""Starts what the live benchmarks and tests measure: our server on SQLite or PostgreSQL, with a meeting in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SEED = """
import json, secrets, sys
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from datetime import timedelta
from django.utils import timezone
from sharedtable.accounts.links import hash_of
from sharedtable.accounts.models import Space
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships.models import Partnership
from sharedtable.wall.actions import board_of
from sharedtable.wall.writer import Submission, write
phones, notes = int(sys.argv[1]), int(sys.argv[2])
now = timezone.now()
space = Space.objects.create(slug="bench", name="Bench", made_at=now)
partnership = Partnership.objects.create(space=space, slug="bench", name="Bench", made_at=now, made_by="operator")
meeting = Meeting.objects.create(space=space, partnership=partnership, title="Bench", starts_at=now, made_at=now,
    made_by="operator", seats=20_000, code="K7M2PQX", opens_at=now, closes_at=now + timedelta(hours=4))
def places(role, table, count):
    tokens = [secrets.token_urlsafe(24) for _ in range(count)]
    Participant.objects.bulk_create([
        Participant(space=space, meeting=meeting, role=role, table=table, name=f"{role} {n}", company="Example",
            token_hash=hash_of(token), asked_at=now, admitted_at=now) for n, token in enumerate(tokens)])
    return tokens
told = {"meeting": meeting.pk, "facilitator": places("facilitator", "outer", 1),
    "phone": places("participant", "inner", phones), "projector": places("projector", "outer", 1),
    "partner": places("partner", "outer", 2)}
board = board_of(meeting)
people = [{"n": p.pk, "name": p.name, "company": p.company, "table": p.table, "role": p.role}
    for p in Participant.objects.filter(meeting=meeting)]
fay = Participant.objects.get(role="facilitator").pk
def send(by, *commands):
    write(board.pk, [Submission(board.pk, by, [{"key": secrets.token_hex(16), **one} for one in commands])])
send(0, {"do": "participant.admit", "people": people})
send(fay, {"do": "segment.start", "segment": "opportunities", "minutes": 240})
ann = Participant.objects.filter(role="participant").first().pk
if notes:
    text = "A card of about sixty letters, as people write them, no "
    send(ann, *({"do": "note.add", "text": text + str(n)} for n in range(notes)))
told["board"] = board.pk
print(json.dumps(told))
"""


@dataclass
class Seeded:
    """A meeting in a database: its number, and tokens of its places."""

    meeting: int
    board: int
    tokens: dict[str, list[str]]


@dataclass
class Server:
    """Our processes, as a context: pages and commands, and perhaps a fan-out process beside them."""

    phones: int = 1
    notes: int = 0
    core: int | None = 0
    database: str = ""
    has_fanout: bool = False
    folder: Path | None = None
    seed: str = SEED
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Server:
        self._temporary = tempfile.TemporaryDirectory(prefix="live-", ignore_cleanup_errors=True)
        self.folder = self.folder or Path(self._temporary.name)
        self.environment = {
            **os.environ,
            "SHAREDTABLE_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings",
            "PYTHONUNBUFFERED": "1",
            **({"DATABASE_URL": self.database} if self.database else {}),
        }
        done = subprocess.run(
            [sys.executable, "-c", self.seed, str(self.phones), str(self.notes)],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        told = json.loads(done.stdout)
        self.seeded = Seeded(told.pop("meeting"), told.pop("board"), told)
        self.address = self.start("serve", "--port", "0")
        self.stream_address = self.start("fanout", "--port", "0") if self.has_fanout else self.address
        return self

    def start(self, *command: str) -> tuple[str, int]:
        """Start one of our commands; gives where it listens."""
        pin = ["taskset", "-c", str(self.core)] if self.core is not None else []
        process = subprocess.Popen(
            [*pin, sys.executable, "-c", "from sharedtable.cli import main; main()", *command],
            env=self.environment, stdout=subprocess.PIPE, stderr=(self.folder / "log").open("a"), text=True,
        )  # fmt: skip
        self.processes.append(process)
        for line in process.stdout:
            if found := re.search(r"http://([\d.]+):(\d+)", line):
                return found[1], int(found[2])
        raise RuntimeError((self.folder / "log").read_text())

    def stream_request(self, token: str, *, after: int = 0, view: str = "") -> bytes:
        """The request that opens a stream."""
        meeting = self.seeded.meeting
        return (
            f"GET /live/{meeting}/stream?after={after}&view={view} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: place-{meeting}={token}\r\n\r\n"
        ).encode()

    def cpu_seconds(self) -> float:
        """CPU time of all our processes until now."""
        ticks = os.sysconf("SC_CLK_TCK")
        found = 0
        for process in self.processes:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
            found += int(fields[11]) + int(fields[12])
        return found / ticks

    def memory_mb(self) -> float:
        """Memory of all our processes now."""
        found = 0
        for process in self.processes:
            status = Path(f"/proc/{process.pid}/status").read_text()
            found += int(re.search(r"VmRSS:\s+(\d+)", status)[1])
        return found / 1024

    def kill(self) -> None:
        """Power off, as far as a process can feel it."""
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes.clear()

    def restart(self) -> None:
        """Start again what was killed, at the same address."""
        self.start("serve", "--port", str(self.address[1]))
        if self.has_fanout:
            self.start("fanout", "--port", str(self.stream_address[1]))

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        time.sleep(0.1)
        self._temporary.cleanup()


def post_request(meeting: int, token: str, commands: list[dict[str, object]]) -> bytes:
    """The request that sends commands from a place."""
    body = json.dumps({"commands": commands}).encode()
    return (
        f"POST /live/{meeting}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
        f"Cookie: place-{meeting}={token}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
