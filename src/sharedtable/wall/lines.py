"""The ways to one screen: over the server, or straight to its socket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol


class Line(Protocol):
    """The way to one screen."""

    def write(self, data: bytes) -> None:
        """Send, or keep until it can be sent."""

    def waiting(self) -> int:
        """How many bytes are kept."""

    def close(self) -> None:
        """End it."""


class AsgiLine:
    """A line over a server that lets nobody near its socket: a small queue and a task that empties it."""

    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._send, self._queue, self._size = send, asyncio.Queue[bytes | None](), 0
        self.task = asyncio.get_running_loop().create_task(self._work())

    def write(self, data: bytes) -> None:
        """Queue it, without the frame of HTTP, which the server makes itself."""
        body = data[data.index(b"\r\n") + 2 : -2]
        self._size += len(body)
        self._queue.put_nowait(body)

    def waiting(self) -> int:
        """What was not sent yet."""
        return self._size

    def close(self) -> None:
        """End after what is queued."""
        self._queue.put_nowait(None)

    async def _work(self) -> None:
        while (body := await self._queue.get()) is not None:
            await self._send({"type": "http.response.body", "body": body, "more_body": True})
            self._size -= len(body)


class SocketLine:
    """A line straight to a socket: bytes that are framed already go out without anybody touching them again."""

    __slots__ = ("_transport",)

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Hand it to the socket, as long as that is there."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def waiting(self) -> int:
        """What the socket has not taken yet."""
        return self._transport.get_write_buffer_size()

    def close(self) -> None:
        """Cut it: the browser comes back by itself, if it may."""
        self._transport.abort()
