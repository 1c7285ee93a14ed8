"""The fan-out process of a grown installation: the same hub, with nothing around it but sockets.

It reads the log of PostgreSQL and holds the open streams, so that thousands of screens cost a few kilobytes each and a
new version of the pages does not cut them off. A proxy hands it every `/live/<meeting>/stream`. It changes nothing, so
there may be as many of them as there are machines.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qs

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from sharedtable.accounts.links import hash_of
from sharedtable.wall.hub import Hub, Stream
from sharedtable.wall.lines import SocketLine
from sharedtable.wall.state import Audience

log = logging.getLogger(__name__)
LONGEST_HEAD = 8_192
HEAD_WITHIN = 10.0
STREAM = re.compile(r"GET /live/(\d{1,18})/stream(?:\?(\S*))? HTTP/1\.1")
HELLO = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: private, no-store\r\n"
    b"x-content-type-options: nosniff\r\nx-accel-buffering: no\r\ncross-origin-resource-policy: same-origin\r\n"
    b"content-security-policy: default-src 'none'; frame-ancestors 'none'\r\ntransfer-encoding: chunked\r\n\r\n"
)


class StreamProtocol(asyncio.Protocol):
    """One connection: a head to read, then a stream until it ends."""

    __slots__ = ("_head", "_hub", "_stream", "_task", "_timer", "_transport", "board_id")

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._head = b""
        self._stream: Stream | None = None
        self._task: asyncio.Task[None] | None = None
        self.board_id = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there; they have a few seconds to say what they want."""
        self._transport = cast(asyncio.Transport, transport)
        self._timer: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(HEAD_WITHIN, transport.abort)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """Collect the head; what comes after it is of no interest."""
        if self._task is not None:
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            head, self._head = self._head, b""
            self._task = asyncio.get_running_loop().create_task(self._begin(head))
        elif len(self._head) > LONGEST_HEAD:
            self._end(431)

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        if self._timer is not None:
            self._timer.cancel()
        if self._stream is not None:
            self._hub.leave(self.board_id, self._stream)

    def _end(self, status: int) -> None:
        self._transport.write(
            b"HTTP/1.1 %d -\r\ncontent-length: 0\r\ncache-control: private, no-store\r\nconnection: close\r\n\r\n"
            % status
        )
        self._transport.close()

    async def _begin(self, raw: bytes) -> None:
        first, *lines = raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)}
        found = STREAM.fullmatch(first)
        if not validate_host(split_domain_port(headers.get("host", ""))[0], settings.ALLOWED_HOSTS):
            self._end(400)
            return
        meeting = int(found[1]) if found else 0
        token = re.search(rf"(?:^|;\s*)place-{meeting}=([\w-]+)", headers.get("cookie", "")) if found else None
        try:
            sitting = await self._hub.sitting(hash_of(token[1]), meeting) if token else None
            if found is None or sitting is None or not sitting.is_in:
                self._end(404)
                return
            audience, after = asked(sitting.audience, found[2] or "", headers)
            jitter = 500 + int(time.time() * 1000) % 4_000
            hello = f"retry: {jitter}\nevent: hello\ndata: {int(time.time() * 1000)}\n\n".encode()
            self._transport.write(HELLO + b"%x\r\n%s\r\n" % (len(hello), hello))
            self.board_id = sitting.board_id
            line = SocketLine(self._transport)
            self._stream = await self._hub.open(sitting.board_id, line, audience, sitting.place, after)
            if self._transport.is_closing():
                self._hub.leave(self.board_id, self._stream)
        except Exception as problem:
            log.error("A stream could not begin: %s", type(problem).__name__)
            self._transport.abort()


def asked(most: Audience, query: str, headers: Mapping[str, str]) -> tuple[Audience, int]:
    """Which view a stream asks for, never more than its place may see, and from which number on."""
    given = parse_qs(query)
    wanted = given.get("view", [""])[0]
    after = headers.get("last-event-id", "") or given.get("after", [""])[0]
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    return (cast(Audience, wanted) if wanted in ("stage", "wall") else most), number


async def serve(listening: socket.socket, *, until: asyncio.Event | None = None) -> None:
    """Serve streams on a socket until the event is set (or the task is cancelled)."""
    hub = Hub()
    hub.start()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: StreamProtocol(hub), sock=listening, backlog=4096)
    try:
        await (until or asyncio.Event()).wait()
    finally:
        server.close()
        await hub.stop()
