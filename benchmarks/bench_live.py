"""Fan-out of durable notes: how long from the moment a note should have been sent until it is on every screen.

Our server is pinned to core 0, this client to core 1. Every note is in the database before anybody is told of it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.live_client import Load, percentile
from benchmarks.live_contenders import SocketIo, fresh_database, postgresql
from benchmarks.live_server import Server, post_request

NOTES_A_SECOND = 20
SENDERS = 8


def post(requests: Requests, results: multiprocessing.Queue[Any], seconds: float, rate: float) -> None:
    """Send notes on a clock, each from another phone, and take the time until each answer. An open loop: each sender
    has its own times, whatever happened to the one before."""
    threads, found = [], []
    for number in range(SENDERS):
        thread = threading.Thread(target=_send, args=(requests, number, seconds, rate, found))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    results.put(found)


def _send(requests: Requests, number: int, seconds: float, rate: float, found: list[tuple[float, bool]]) -> None:
    line = socket.create_connection(requests.address)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    begin, step, turn = time.monotonic() + 0.2, 1 / rate, number
    while (due := begin + turn * step) < begin + seconds:
        time.sleep(max(0.0, due - time.monotonic()))
        text = f"@{int(due * 1e9)}@ A card with about two hundred bytes of text: " + "w" * 130
        line.sendall(requests.note(turn, text))
        answer = b""
        while requests.ends not in answer and b"turned" not in answer and (part := line.recv(65536)):
            answer += part
        found.append((time.monotonic() - due, requests.ends in answer))
        turn += SENDERS
    line.close()


@dataclass(frozen=True)
class Requests:
    """What a sender needs of a server, in a form that goes to another process."""

    address: tuple[str, int]
    meeting: int
    tokens: list[str]
    ends: bytes = b'"n":'

    def note(self, turn: int, text: str) -> bytes:
        """The request that sends one note."""
        commands: list[dict[str, object]] = [{"key": uuid.uuid4().hex, "do": "note.add", "text": text}]
        return post_request(self.meeting, self.tokens[turn % len(self.tokens)], commands)


def measure(
    contender: Contender,
    requests: Requests,
    opens: Callable[[int], tuple[bytes, bytes]],
    streams: int,
    seconds: float,
) -> dict[str, float]:
    """Open the streams, send the notes, and give milliseconds, share delivered, cores and megabytes."""
    load = Load(contender.stream_address)
    for number in range(streams):
        load.subscribe(*opens(number))
        if number % 100 == 99:
            load.pump(time.monotonic() + 0.03)
    load.pump(time.monotonic() + 2 + streams / 2_000)
    results: multiprocessing.Queue[Any] = multiprocessing.Queue()
    # The first notes meet a server that opens its connections and compiles its queries: they are sent, not counted.
    warm = multiprocessing.Process(target=post, args=(requests, results, 1.0, NOTES_A_SECOND))
    warm.start()
    load.pump(time.monotonic() + 2)
    warm.join()
    results.get()
    load.count()
    poster = multiprocessing.Process(target=post, args=(requests, results, seconds, NOTES_A_SECOND))
    cpu, began = contender.cpu_seconds(), time.monotonic()
    poster.start()
    load.pump(time.monotonic() + seconds + 2)
    used = (contender.cpu_seconds() - cpu) / (time.monotonic() - began) * (seconds + 2) / seconds
    answers = results.get()
    poster.join()
    acks, latencies = [took for took, _is_done in answers], load.latencies
    seen = set(load.seen)
    load.close()
    return {
        "streams": streams,
        "p50_ms": percentile(latencies, 0.5) * 1e3,
        "p99_ms": percentile(latencies, 0.99) * 1e3,
        "ack_p50_ms": percentile(acks, 0.5) * 1e3,
        "ack_p99_ms": percentile(acks, 0.99) * 1e3,
        "delivered": len(latencies) / (len(acks) * streams),
        "same_for_all": float(len(seen) == 1),
        "failed": sum(not is_done for _took, is_done in answers),
        "cores": used,
        "memory_mb": contender.memory_mb(),
    }


def fan_out(streams: int, *, seconds: float, database: str = "", has_fanout: bool = False) -> dict[str, float]:
    """Our server at one size."""
    with Server(phones=max(160, min(streams, 400)), database=database, has_fanout=has_fanout) as server:
        tokens = server.seeded.tokens["phone"]
        requests = Requests(server.address, server.seeded.meeting, tokens)
        return measure(
            server, requests, lambda n: (server.stream_request(tokens[n % len(tokens)]), b""), streams, seconds
        )


def peer(streams: int, seconds: float) -> dict[str, float]:
    """socket.io at one size: one room, nothing stored."""
    running = SocketIo(0)
    try:
        requests = PeerRequests(running.address, 0, ["nobody"])
        return measure(running, requests, lambda _n: (running.subscribe_request(), running.hello()), streams, seconds)
    finally:
        running.close()


class Contender(Protocol):
    """What is measured."""

    @property
    def stream_address(self) -> tuple[str, int]:
        """Where streams are."""

    def cpu_seconds(self) -> float:
        """CPU time until now."""

    def memory_mb(self) -> float:
        """Memory now."""


@dataclass(frozen=True)
class PeerRequests(Requests):
    """The same notes for the peer."""

    def note(self, turn: int, text: str) -> bytes:
        """A plain POST."""
        body = json.dumps({"n": turn, "text": text}).encode()
        return b"POST /note HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def group_commit(seconds: float = 3) -> dict[str, float]:
    """Notes a second that one writer stores when there are always many waiting, on SQLite with a sync each commit."""
    code = """
import json, secrets, sys, time
import django; django.setup()
from sharedtable.meetings.models import Participant
from sharedtable.wall.models import Board, Event
from sharedtable.wall.writer import writer
board, place = Board.objects.get().pk, Participant.objects.filter(role="participant").first().pk
text = "A card with about two hundred bytes of text: " + "w" * 150
def some(): return [{"key": secrets.token_hex(16), "do": "note.add", "text": text} for _ in range(20)]
began, waiting, before = time.perf_counter(), [], Event.objects.count()
while time.perf_counter() - began < float(sys.argv[1]):
    waiting = [one for one in waiting if not one.done()]
    while len(waiting) < 60: waiting.append(writer.submit(board, place, some()))
    time.sleep(0.002)
for one in waiting: one.result()
took = time.perf_counter() - began
print(json.dumps({"notes_a_second": (Event.objects.count() - before) / took}))
"""
    with Server(phones=1) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, str(seconds)],
            env=server.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(json.loads(done.stdout))


def all_at_once(phones: int = 150) -> dict[str, float]:
    """Everybody presses Send in the same moment: until the last answer, and until every note is on every screen."""
    with Server(phones=phones) as server:
        tokens, load = server.seeded.tokens["phone"], Load(server.address)
        for token in tokens:
            load.subscribe(server.stream_request(token))
        load.pump(time.monotonic() + 2)
        load.count()
        lines = [socket.create_connection(server.address) for _ in tokens]
        began = time.monotonic()
        stamp = f"@{time.monotonic_ns()}@"
        for number, (line, token) in enumerate(zip(lines, tokens, strict=True)):
            command = {"key": uuid.uuid4().hex, "do": "note.add", "text": f"{stamp} card {number}"}
            line.sendall(post_request(server.seeded.meeting, token, [command]))
        load.pump(began + 10, phones * phones)
        on_all = max(load.latencies)
        for line in lines:
            line.recv(4096)
        load.close()
        return {"on_all_screens_ms": on_all * 1e3, "delivered": load.received / phones**2}


def late_comers(streams: int, *, database: str = "", has_fanout: bool = False) -> dict[str, float]:
    """People who come in within five seconds, with 500 notes behind them: CPU, memory a stream, bytes sent."""
    with Server(phones=400, notes=500, database=database, has_fanout=has_fanout) as server:
        load, tokens = Load(server.stream_address), server.seeded.tokens["phone"]
        load.subscribe(server.stream_request(tokens[0]))
        load.pump(time.monotonic() + 1)
        cpu, memory = server.cpu_seconds(), server.memory_mb()
        began = time.monotonic()
        for number in range(streams):
            load.subscribe(server.stream_request(tokens[number % 400], view="wall"))
            if number % 50 == 49:
                load.pump(max(time.monotonic(), began + 5 * number / streams) + 0.001)
        load.pump(time.monotonic() + 2)
        found = {
            "cpu_s": server.cpu_seconds() - cpu,
            "kb_a_stream": (server.memory_mb() - memory) * 1024 / streams,
            "mb_sent": load.bytes_in / 1e6,
        }
        load.close()
        return found


def show(title: str, found: dict[str, float]) -> None:
    """One line of the table."""
    print(
        f"{title:<34} {found['streams']:>6.0f} {found['p50_ms']:>8.1f} {found['p99_ms']:>8.1f} "
        f"{found['ack_p50_ms']:>8.1f} {found['ack_p99_ms']:>8.1f} "
        f"{found['delivered']:>7.3f} {found['cores']:>6.2f} {found['memory_mb']:>7.0f}"
        + (f"  FAILED {found['failed']:.0f}" if found["failed"] else ""),
        flush=True,
    )


NAMES = ("N", "p50 ms", "p99 ms", "ack p50", "ack p99", "deliv.", "cores", "MB")
HEAD = f"{'what':<34} " + " ".join(
    f"{name:>{width}}" for name, width in zip(NAMES, (6, 8, 8, 8, 8, 7, 6, 7), strict=True)
)


def main() -> None:
    """Each line is a size of a contender; ratios at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="150,2000", help="streams of the embedded default")
    parser.add_argument("--grown", default="", help="streams of the grown set-up, such as 2000,5000")
    parser.add_argument("--peer", default="", help="streams of socket.io, such as 2000,5000")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rest", action="store_true", help="also group commit, everybody at once, late comers")
    asked = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    found: dict[tuple[str, int], dict[str, float]] = {}

    def line(title: str, size: int, one: dict[str, float]) -> None:
        found[title, size] = one
        show(title, one)

    print(HEAD, flush=True)
    for size in _sizes(asked.sizes):
        line(EMBEDDED, size, fan_out(size, seconds=asked.seconds))
    if asked.grown:
        with postgresql(cores[-1]) as address:
            for size in _sizes(asked.grown):
                with fresh_database(address) as database:
                    line(GROWN, size, fan_out(size, seconds=asked.seconds, database=database, has_fanout=True))
            if asked.rest:
                with fresh_database(address) as database:
                    print("5,000 late comers, fan-out process:", late_comers(5_000, database=database, has_fanout=True))
    for size in _sizes(asked.peer):
        line(PEER, size, peer(size, asked.seconds))
    if asked.rest:
        print("Group commit on SQLite:", group_commit())
        print("150 send at once:", all_at_once())
        print("2,000 late comers, embedded:", late_comers(2_000))
    for size in sorted({size for _title, size in found}):
        for ours in (EMBEDDED, GROWN):
            if (ours, size) in found and (PEER, size) in found:
                ratio = found[ours, size]["p99_ms"] / found[PEER, size]["p99_ms"]
                print(f"At {size}: p99 of {ours} is {ratio:.2f} of {PEER}'s")


EMBEDDED, GROWN, PEER = "embedded, SQLite", "grown, PostgreSQL, fan-out", "socket.io, stores nothing"


def _sizes(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one]


if __name__ == "__main__":
    main()
