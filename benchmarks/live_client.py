"""The client of the live benchmarks: thousands of streams in one thread, and notes that carry the time at which they
were meant to be sent, so that a sender that falls behind cannot hide it.

It knows nothing of what it measures: it finds the marks in whatever bytes arrive, so every server is measured alike.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MARK = re.compile(rb"@(\d{10,20})@")


@dataclass(eq=False)
class Subscriber:
    """One open stream."""

    socket: socket.socket
    tail: bytes = b""
    seen: int = 0
    is_dead: bool = False


@dataclass
class Load:
    """Streams, and what they have received: times of arrival, each with the marks that came."""

    address: tuple[str, int]
    samples: list[tuple[int, list[int]]] = field(default_factory=list)
    bytes_in: int = 0

    def __post_init__(self) -> None:
        self.selector = selectors.EpollSelector()
        self.streams: list[Subscriber] = []
        self._marks: dict[bytes, tuple[list[int], bytes]] = {}
        self.is_counting = False

    def subscribe(self, request: bytes, then: bytes = b"") -> Subscriber:
        """Open a stream with a finished request. `then`: what is said after the first answer."""
        line = socket.socket()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.connect(self.address)
        line.sendall(request)
        if then:
            so_far = b""
            while b"0{" not in so_far:
                so_far += line.recv(65536)
            line.sendall(then)
        line.setblocking(False)
        one = Subscriber(line)
        self.streams.append(one)
        self.selector.register(line, selectors.EVENT_READ, one)
        return one

    def pump(self, until: float, each: Callable[[], None] | None = None) -> None:
        """Receive until a time (of the monotonic clock)."""
        while (left := until - time.monotonic()) > 0:
            if each is not None:
                each()
            for key, _events in self.selector.select(min(left, 0.002 if each else 0.05)):
                self._receive(key.data)

    def _receive(self, one: Subscriber) -> None:
        try:
            data = one.socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            one.is_dead = True
            self.selector.unregister(one.socket)
            return
        self.bytes_in += len(data)
        if not self.is_counting:
            return
        whole = one.tail + data if one.tail else data
        # The same bytes go to every stream, so the marks in them are looked for once.
        found = self._marks.get(whole)
        if found is None:
            marks = [int(mark) for mark in MARK.findall(whole)]
            cut = whole.rfind(b"@")
            is_cut = cut >= 0 and len(whole) - cut < 22 and not MARK.search(whole[max(0, cut - 22) :])
            if len(self._marks) > 5_000:
                self._marks.clear()
            found = self._marks[whole] = (marks, whole[cut:] if is_cut else b"")
        marks, one.tail = found
        one.seen += len(marks)
        self.samples.append((time.monotonic_ns(), marks))

    @property
    def received(self) -> int:
        """How many notes arrived, over all streams."""
        return sum(len(marks) for _now, marks in self.samples)

    @property
    def latencies(self) -> list[float]:
        """Seconds from when a note should have been sent until it was here, for each note on each stream."""
        return [(now - then) / 1e9 for now, marks in self.samples for then in marks]

    def close(self) -> None:
        """Close every stream."""
        for one in self.streams:
            one.socket.close()
        self.selector.close()


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies; nan for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
