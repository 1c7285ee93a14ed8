"""A data walk for forty phones on the embedded default: one process, SQLite, every mark on disk before it is answered.

For each of the 31 stops: the figure goes onto every screen, all phones mark it at the same moment (a worst case; half
of them with words), the facilitator reveals. Measured: until the figure is on all 42 screens, until a mark is answered,
until the revealed marks are on all screens and in the record. In the same run, the floor: the same marks as single
durable commits into a bare SQLite file without any server, and one such commit with the same bytes over bare sockets to
as many readers.
"""

from __future__ import annotations

import argparse
import http.client
import re
import selectors
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.harness import percentile, show
from benchmarks.live_server import Server, post_request
from benchmarks.walk_server import WALK_SEED

MARKS = ("real", "doubtful", "missing")
WORDS = "Two plants in the next county hire from here and are not in this figure, number "


class Screens:
    """Open lines, read in one thread; tells when a piece of text has come on every one of them."""

    def __init__(self, lines: list[socket.socket]) -> None:
        self._waits = selectors.DefaultSelector()
        self.seen = [bytearray() for _ in lines]
        for number, line in enumerate(lines):
            line.setblocking(False)
            self._waits.register(line, selectors.EVENT_READ, number)

    def until(self, word: bytes, most: float = 20.0) -> float:
        """Seconds since 1970 when the last line had it."""
        missing = {number for number, seen in enumerate(self.seen) if word not in seen}
        ends = time.monotonic() + most
        while missing:
            if time.monotonic() > ends:
                raise RuntimeError(f"{len(missing)} lines never had {word!r}")
            for key, _events in self._waits.select(0.5):
                part = key.fileobj.recv(1 << 16)
                seen = self.seen[key.data]
                seen += part
                if key.data in missing and word in seen[-len(part) - len(word) :]:
                    missing.discard(key.data)
        return time.perf_counter()

    def forget(self) -> None:
        """Only what comes from here on counts."""
        for seen in self.seen:
            seen.clear()


class Facilitator:
    """Whoever shows and reveals, as the console does it: by form, with its token."""

    def __init__(self, server: Server) -> None:
        self.line = http.client.HTTPConnection(*server.address, timeout=30)
        self.address = f"/live/{server.seeded.meeting}/walk"
        self.host = f"http://{server.address[0]}:{server.address[1]}"
        cookie = f"place-{server.seeded.meeting}={server.seeded.tokens['facilitator'][0]}"
        self.line.request("GET", f"/live/{server.seeded.meeting}/console", headers={"Cookie": cookie})
        answer = self.line.getresponse()
        page = answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        self.token = token
        secret = re.search(r"csrftoken=(\w+)", answer.headers["set-cookie"])[1]
        self.cookie = f"{cookie}; csrftoken={secret}"

    def act(self, do: str, stop: str) -> None:
        """Show or reveal; fails when it was refused."""
        body = urlencode({"do": do, "stop": stop, "csrfmiddlewaretoken": self.token})
        headers = {
            "Cookie": self.cookie, "Origin": self.host, "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }  # fmt: skip
        self.line.request("POST", self.address, body, headers)
        answer = self.line.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{do} {stop}: {answer.status} {said[:200]!r}")


def mark_all(lines: list[socket.socket], server: Server, tokens: list[str], stop: str, options: int) -> list[float]:
    """All phones at the same moment; seconds until each answer."""
    took: list[float] = [0.0] * len(tokens)
    gate = threading.Barrier(len(tokens))

    def one(number: int) -> None:
        mark = f"{number % options},{(number + 1) % options}" if options else MARKS[number % 3]
        text = WORDS + str(number) if number % 2 else ""
        command = {"key": uuid.uuid4().hex, "do": "mark.set", "stop": stop, "mark": mark, "text": text}
        request = post_request(server.seeded.meeting, tokens[number], [command])
        gate.wait()
        began = time.perf_counter()
        lines[number].sendall(request)
        answer = b""
        while b'"n":' not in answer:
            part = lines[number].recv(65536)
            if not part or b"turned" in answer:
                raise RuntimeError(answer[-200:])
            answer += part
        took[number] = time.perf_counter() - began

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(tokens))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(took):
        raise RuntimeError("a phone got no answer")
    return took


def floor_commits(many: int, rounds: int) -> list[float]:
    """The same marks as durable commits of a bare SQLite file, one after the other; seconds for all of one stop."""
    found = []
    with tempfile.TemporaryDirectory(prefix="walk-floor-") as folder:
        base = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        base.execute("CREATE TABLE mark (stop INT, person INT, mark TEXT, text TEXT)")
        for stop in range(rounds):
            began = time.perf_counter()
            for number in range(many):
                base.execute("INSERT INTO mark VALUES (?, ?, ?, ?)", (stop, number, MARKS[number % 3], WORDS))
            found.append(time.perf_counter() - began)
        base.close()
    return found


def floor_sockets(many: int, size: int, rounds: int) -> list[float]:
    """As many bytes as a revealed figure has, over bare sockets to as many readers; seconds until all have them."""
    pairs = [socket.socketpair() for _ in range(many)]
    data, found = b"x" * (size - 3) + b"end", []
    screens = Screens([there for _here, there in pairs])
    for _turn in range(rounds):
        screens.forget()
        began = time.perf_counter()
        for here, _there in pairs:
            here.sendall(data)
        found.append(screens.until(b"end") - began)
    for here, there in pairs:
        here.close()
        there.close()
    return found


def main() -> None:
    """Run it and print the table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--phones", type=int, default=40)
    phones = given.parse_args().phones
    shown, acked, whole, revealed = [], [], [], []
    with Server(phones=phones, core=None, seed=WALK_SEED) as server:
        seeded = server.seeded
        tokens = [*seeded.tokens["phone"], *seeded.tokens["partner"]]
        watchers = [*tokens, seeded.tokens["projector"][0], seeded.tokens["facilitator"][0]]
        opened = []
        for token in watchers:
            line = socket.create_connection(server.address)
            line.sendall(server.stream_request(token, view="stage" if token in tokens else ""))
            opened.append(line)
        screens = Screens(opened)
        screens.until(b"event: board")
        fay = Facilitator(server)
        senders = [socket.create_connection(server.address) for _ in tokens]
        for stop in seeded.tokens["stops"]:
            screens.forget()
            began = time.perf_counter()
            fay.act("show", stop)
            shown.append(screens.until(f'"stop":"{stop}"'.encode()) - began)
            took = mark_all(senders, server, tokens, stop, 3 if stop.endswith("choice") else 0)
            acked += took
            whole.append(max(took))
            screens.until(f'"{stop}":{phones}'.encode())
            early = [seen for seen in screens.seen if WORDS.encode() in seen]
            if early:
                raise RuntimeError("words were on a line before the reveal")
            began = time.perf_counter()
            fay.act("reveal", stop)
            revealed.append(screens.until(f'"spreads":{{"{stop}"'.encode()) - began)
            if not all(b'"all":' in seen for seen in screens.seen):
                raise RuntimeError("a screen did not get the marks")
        size = max(len(seen) for seen in screens.seen)
        memory = server.memory_mb()
        counts = _kept(server)
    stops = len(shown)
    if counts != (stops, stops * phones):
        raise RuntimeError(f"the record has {counts} readings and voices, not {(stops, stops * phones)}")
    commits = floor_commits(phones, stops)
    bare = [one / phones + sent for one, sent in zip(commits, floor_sockets(len(watchers), size, stops), strict=True)]

    def row(title: str, values: list[float], floor: list[float] | None = None) -> list[str]:
        p50, p99 = percentile(values, 50), percentile(values, 99)
        ratio = f"{p50 / percentile(floor, 50):.1f} x" if floor else ""
        return [title, f"{p50 * 1e3:.0f}", f"{p99 * 1e3:.0f}", ratio]

    show(
        f"A walk of {stops} stops, {phones} phones, screen and console: one process, SQLite",
        ["", "p50 ms", "p99 ms", "to its floor"],
        [
            row("A figure on all screens", shown, bare),
            row("A mark answered, all pressed at once", acked),
            row("All marks of a figure answered", whole, commits),
            row("Marks revealed, kept and on all screens", revealed, bare),
            row("Floor: the same marks, bare SQLite commits", commits),
            row("Floor: one commit, bytes over bare sockets", bare),
        ],
        [f"{stops * phones} marks, all in the record, none on any line before its reveal; {memory:.0f} MB"],
    )


def _kept(server: Server) -> tuple[int, int]:
    """How many readings and voices the record holds."""
    script = (
        "import django; django.setup(); from sharedtable.studies.models import Reading, Voice;"
        "print(Reading.objects.count(), Voice.objects.count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=server.environment, capture_output=True, text=True, check=True
    )
    readings, voices = done.stdout.split()
    return int(readings), int(voices)


if __name__ == "__main__":
    main()
