"""Fan-out of durable notes: how long from the moment a note should have been sent until it is on every screen.

Our server is pinned to core 0, this client to core 1. Every note is in the database before anybody is told of it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

from benchmarks.live_client import Load, percentile
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


def fan_out(streams: int, *, seconds: float = 8, database: str = "", has_fanout: bool = False) -> dict[str, float]:
    """Measure one size; gives milliseconds, share delivered, cores and megabytes."""
    with Server(phones=max(160, min(streams, 400)), database=database, has_fanout=has_fanout) as server:
        load = Load(server.stream_address)
        tokens = server.seeded.tokens["phone"]
        for number in range(streams):
            load.subscribe(server.stream_request(tokens[number % len(tokens)]))
            if number % 100 == 99:
                load.pump(time.monotonic() + 0.02)
        load.pump(time.monotonic() + 2.5)
        load.is_counting = True
        results: multiprocessing.Queue[Any] = multiprocessing.Queue()
        requests = Requests(server.address, server.seeded.meeting, tokens)
        poster = multiprocessing.Process(target=post, args=(requests, results, seconds, NOTES_A_SECOND))
        cpu, began = server.cpu_seconds(), time.monotonic()
        poster.start()
        load.pump(time.monotonic() + seconds + 2)
        used = (server.cpu_seconds() - cpu) / (time.monotonic() - began) * (seconds + 2) / seconds
        answers = results.get()
        poster.join()
        memory = server.memory_mb()
        acks, latencies = [took for took, _is_done in answers], load.latencies
        orders = {one.seen for one in load.streams}
        load.close()
        return {
            "streams": streams,
            "p50_ms": percentile(latencies, 0.5) * 1e3,
            "p99_ms": percentile(latencies, 0.99) * 1e3,
            "ack_p50_ms": percentile(acks, 0.5) * 1e3,
            "ack_p99_ms": percentile(acks, 0.99) * 1e3,
            "delivered": len(latencies) / (len(acks) * streams),
            "same_for_all": float(len(orders) == 1),
            "failed": sum(not is_done for _took, is_done in answers),
            "cores": used,
            "memory_mb": memory,
        }


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
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="150,2000")
    parser.add_argument("--seconds", type=float, default=8)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(HEAD)
    for size in map(int, asked.sizes.split(",")):
        show("embedded, SQLite, one process", fan_out(size, seconds=asked.seconds))


if __name__ == "__main__":
    main()
