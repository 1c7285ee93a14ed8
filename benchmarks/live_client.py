"""The client of the live benchmarks: thousands of streams in one thread, and notes that carry the time at which they
were meant to be sent, so that a sender that falls behind cannot hide it.

It knows nothing of what it measures: it finds the marks in whatever bytes arrive, so every server is measured alike.
The receiving half is C (`live_client.c`, compiled when it is first needed): one in Python was itself the slowest part,
and its own delay stood in every figure above a thousand streams.
"""

from __future__ import annotations

import ctypes
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any


@cache
def library() -> Any:
    """The compiled half. Fails with SystemExit when there is no compiler of C."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise SystemExit("This benchmark needs a C compiler. Install one (apt install gcc libc6-dev) and run it again.")
    made = Path(tempfile.mkdtemp(prefix="live-client-")) / "live_client.so"
    source = Path(__file__).with_name("live_client.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, source], check=True)
    found = ctypes.CDLL(str(made))
    shutil.rmtree(made.parent)
    number, load = ctypes.c_int64, ctypes.c_void_p
    found.load_new.restype = load
    found.load_latencies.restype = ctypes.POINTER(number)
    for name, given in {
        "load_add": [load, ctypes.c_int], "load_pump": [load, number, number], "load_count": [load, ctypes.c_int],
        "load_kept": [load], "load_latencies": [load], "load_bytes": [load], "load_seen": [load, ctypes.c_int],
    }.items():  # fmt: skip
        getattr(found, name).argtypes = given
    for name in ("load_kept", "load_bytes", "load_seen"):
        getattr(found, name).restype = number
    return found


class Load:
    """Streams, and how long each note was under way to each of them."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.sockets: list[socket.socket] = []
        self._load = library().load_new()

    def subscribe(self, request: bytes, then: bytes = b"") -> None:
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
        if library().load_add(self._load, line.fileno()) < 0:
            raise OSError("The stream could not be watched.")
        self.sockets.append(line)

    def count(self) -> None:
        """From now on, marks count."""
        library().load_count(self._load, 1)

    def pump(self, until: float, enough: int = 2**62) -> None:
        """Receive until a time (of the monotonic clock), or until that many marks came."""
        library().load_pump(self._load, int(until * 1e9), enough)

    @property
    def received(self) -> int:
        """How many notes arrived, over all streams."""
        return int(library().load_kept(self._load))

    @property
    def latencies(self) -> list[float]:
        """Seconds from when a note should have been sent until it was here, for each note on each stream."""
        return [one / 1e9 for one in library().load_latencies(self._load)[: self.received]]

    @property
    def seen(self) -> list[int]:
        """How many notes each stream has seen."""
        return [int(library().load_seen(self._load, number)) for number in range(len(self.sockets))]

    @property
    def bytes_in(self) -> int:
        """How many bytes arrived."""
        return int(library().load_bytes(self._load))

    def close(self) -> None:
        """Close every stream."""
        for one in self.sockets:
            one.close()


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies; nan for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
