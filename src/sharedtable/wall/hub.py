"""Sends a growing log to every open screen: one copy of the bytes for all who are at the same place.

A stream is a cursor, not a queue. The hub reads the log after its own number, folds it, and in each round gives every
stream what happened after the stream's number, as objects to set and to drop. Streams that are at the same number share
one piece of bytes; one whose line is stuck is passed over and caught up later. A round over many streams goes in turns
of some hundred, and between two turns the hub reads what has happened since: a note that comes while a round is under
way goes out with the rest of it, so it waits for one way round the room, not for two.

Everything here runs in one event loop; only `ring` may be called from another thread.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection

from sharedtable.wall import doorbell, reading
from sharedtable.wall.reading import Sitting
from sharedtable.wall.state import SEES, Audience, Happened, Ref, State

log = logging.getLogger(__name__)

RING = 4_096  # events that a stream may be behind and still be given the difference instead of the whole board
TICK = 0.010  # seconds between two rounds
TURN = 500  # streams that are sent to before others in this process may do something, and new events are read
REST = 0.25  # the pause after a turn, as a part of the time that it took
MOST_BUFFERED = 64 * 1024
STUCK_FOR = 20.0  # seconds until a stuck stream is cut; it comes back with its number
HEARTBEAT = 15.0
LOOK = 1.0  # seconds until the hub looks by itself, in case a bell was lost
ASK_AGAIN = 4.0  # seconds between two looks at whether a stream may still be open
IDLE = 60.0  # seconds that a board without streams is kept


class Line(Protocol):
    """The way to one screen."""

    def write(self, data: bytes) -> None:
        """Send, or keep until it can be sent."""

    def waiting(self) -> int:
        """How many bytes are kept."""

    def close(self) -> None:
        """End it."""


@dataclass(eq=False, slots=True)
class Stream:
    """One open screen: what it may see, and up to which number it has seen it."""

    line: Line
    audience: Audience
    place: int
    number: int
    beat_at: float
    stuck_since: float = 0.0
    is_open: bool = True


def frame(event: str, number: int, data: str) -> bytes:
    """One server-sent event, in one chunk of HTTP, so that every line gets the very same bytes."""
    body = f"id: {number}\nevent: {event}\ndata: {data}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(body), body)


# An event, not a comment: the page has to notice when it stops.
_BEAT = b"event: beat\ndata: 0\n\n"
HEART = b"%x\r\n%s\r\n" % (len(_BEAT), _BEAT)


def to_json(value: Any) -> str:
    """Compact, and without the two line separators that JavaScript once tripped over."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(eq=False)
class Table:
    """One board as a hub holds it: its state, what each event touched, and its streams."""

    board_id: int
    state: State = field(default_factory=State)
    touched: deque[tuple[int, frozenset[Ref]]] = field(default_factory=lambda: deque(maxlen=RING))
    streams: set[Stream] = field(default_factory=set)
    wanted: int = 0
    looked_at: float = 0.0
    is_ready: bool = False
    reading: asyncio.Task[None] | None = None
    used_at: float = field(default_factory=time.monotonic)
    pictures: dict[Audience, tuple[int, bytes]] = field(default_factory=dict)

    def take(self, events: list[Happened]) -> None:
        """Fold the next events in."""
        for event in events:
            if event.number > self.state.number:
                self.touched.append((event.number, frozenset(self.state.apply(event))))
        self.wanted = max(self.wanted, self.state.number)

    def changes(self, audience: Audience, after: int) -> str | None:
        """What an audience has to set and drop to come from a number to now, as JSON; None: too far back."""
        if after == self.state.number:
            return None
        if not self.touched or after < self.touched[0][0] - 1 or after > self.state.number:
            return None
        refs: set[Ref] = set()
        for number, some in reversed(self.touched):
            if number <= after:
                break
            refs |= some
        seen = sorted((ref for ref in refs if ref[0] in SEES[audience]), key=str)
        return to_json({"after": after, "to": self.state.number, **self.state.picture(audience, seen)})

    def picture(self, audience: Audience) -> str:
        """The whole board for an audience, as JSON."""
        now = int(time.time() * 1000)
        return to_json({"to": self.state.number, "now": now, **self.state.picture(audience)})

    def picture_frame(self, audience: Audience) -> tuple[int, bytes]:
        """A whole board as bytes that late comers share: the last one, when the difference to now is at hand."""
        known = self.pictures.get(audience)
        if known is not None and (
            known[0] == self.state.number or (self.touched and known[0] >= self.touched[-1][0] - 200)
        ):
            return known
        made = (self.state.number, frame("board", self.state.number, self.picture(audience)))
        self.pictures[audience] = made
        return made


@dataclass(eq=False)
class Lookup:
    """Tokens that are looked up together."""

    wanted: set[reading.Asked] = field(default_factory=set)
    is_taken: bool = False
    task: asyncio.Task[dict[reading.Asked, Sitting]] | None = None


class Hub:
    """All boards that somebody watches in this process. `may`: asks the record whether places may still watch."""

    def __init__(self, may: Callable[[int, list[int]], set[int]] = reading.still_in) -> None:
        self._tables: dict[int, Table] = {}
        self._may = may
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._bell = asyncio.Event()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="wall-reader")
        self._asked: Lookup | None = None
        self._looking = asyncio.Lock()
        self._asked_at = 0.0
        self._ear: doorbell.Ear | None = None

    def start(self) -> None:
        """Begin to send, in the running loop; harmless to repeat."""
        loop = asyncio.get_running_loop()
        if self._loop is loop and self._task is not None and not self._task.done():
            return
        self._loop, self._bell, self._tables = loop, asyncio.Event(), {}
        self._asked, self._looking = None, asyncio.Lock()
        self._task = loop.create_task(self._run())
        doorbell.leave(self.ring)
        doorbell.listen(self.ring)
        if self._ear is None and connection.vendor == "postgresql":
            self._ear = doorbell.Ear(self.ring)
            self._ear.start()

    async def stop(self) -> None:
        """End every stream and the sending."""
        doorbell.leave(self.ring)
        if self._ear is not None:
            self._ear.stop()
            self._ear = None
        for table in self._tables.values():
            for stream in list(table.streams):
                self.leave(table.board_id, stream)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._reader.shutdown(wait=False)

    def ring(self, board_id: int, number: int) -> None:
        """A log has grown. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung, board_id, number)

    def _rung(self, board_id: int, number: int) -> None:
        table = self._tables.get(board_id)
        if table is not None and number > table.wanted:
            table.wanted = number
            self._bell.set()

    async def table(self, board_id: int) -> Table:
        """The board, read up to now."""
        self.start()
        table = self._tables.setdefault(board_id, Table(board_id))
        table.used_at = time.monotonic()
        if not table.is_ready or table.state.number < table.wanted:
            await self._read(table)
        return table

    async def open(self, board_id: int, line: Line, audience: Audience, place: int, after: int) -> Stream:
        """Begin a stream: with the difference to `after` when that is at hand, else with the whole board."""
        table = await self.table(board_id)
        stream = Stream(line, audience, place, after, time.monotonic())
        if after <= 0 or (after != table.state.number and table.changes(audience, after) is None):
            stream.number, data = table.picture_frame(audience)
            line.write(data)
        table.streams.add(stream)
        self._bell.set()
        return stream

    def leave(self, board_id: int, stream: Stream) -> None:
        """End a stream."""
        table = self._tables.get(board_id)
        if table is not None:
            table.streams.discard(stream)
            table.used_at = time.monotonic()
        if stream.is_open:
            stream.is_open = False
            stream.line.close()

    async def sitting(self, token_hash: str, meeting_id: int) -> Sitting | None:
        """Who holds this token in this meeting. Those who ask while the database is busy are looked up together."""
        self.start()
        if self._asked is None or self._asked.is_taken:
            self._asked = Lookup()
            self._asked.task = asyncio.get_running_loop().create_task(self._look_up(self._asked))
        lookup = self._asked
        lookup.wanted.add((token_hash, meeting_id))
        found = await asyncio.shield(lookup.task) if lookup.task is not None else {}
        return found.get((token_hash, meeting_id))

    async def _look_up(self, lookup: Lookup) -> dict[reading.Asked, Sitting]:
        async with self._looking:
            lookup.is_taken = True
            found: dict[reading.Asked, Sitting] = await self._in_reader(reading.sittings, lookup.wanted)
            return found

    async def _in_reader(self, work: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._reader, work, *given)

    async def _read(self, table: Table) -> None:
        """Read on. A room that comes in all at once shares one reading of the log."""
        if table.reading is None or table.reading.done():
            table.reading = asyncio.get_running_loop().create_task(self._read_on(table))
        await asyncio.shield(table.reading)

    async def _read_on(self, table: Table) -> None:
        table.looked_at = time.monotonic()
        table.take(await self._in_reader(reading.events_after, table.board_id, table.state.number))
        table.is_ready = True

    async def _run(self) -> None:
        while True:
            # Not `wait_for`: on Python 3.11 it swallows a cancellation that comes together with the bell.
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._bell.wait()
            self._bell.clear()
            try:
                await self._round()
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                # The database may be away for a moment; the streams stay, and the next look is in a second.
                log.error("The wall could not be read: %s", type(problem).__name__)
                await asyncio.sleep(LOOK)
            await asyncio.sleep(TICK)

    async def _round(self) -> None:
        now = time.monotonic()
        for table in list(self._tables.values()):
            if not table.streams:
                if now - table.used_at > IDLE:
                    del self._tables[table.board_id]
                continue
            if table.wanted > table.state.number or now - table.looked_at > LOOK:
                await self._read(table)
        for table in list(self._tables.values()):
            await self._send_round(table)
        if now - self._asked_at > ASK_AGAIN:
            self._asked_at = now
            await self._ask_again()

    async def _send_round(self, table: Table) -> None:
        streams, took = list(table.streams), 0.0
        for begin in range(0, len(streams), TURN):
            if begin:
                await asyncio.sleep(took * REST)
                if table.wanted > table.state.number:
                    await self._read(table)
            started = time.perf_counter()
            self._send(table, streams[begin : begin + TURN], time.monotonic())
            took = time.perf_counter() - started

    def _send(self, table: Table, streams: list[Stream], now: float) -> None:
        ready: dict[tuple[Audience, int], bytes | None] = {}
        number = table.state.number
        for stream in streams:
            if not stream.is_open:
                continue
            if stream.number == number and now - stream.beat_at < HEARTBEAT:
                continue
            if stream.line.waiting() > MOST_BUFFERED:
                stream.stuck_since = stream.stuck_since or now
                if now - stream.stuck_since > STUCK_FOR:
                    self.leave(table.board_id, stream)
                continue
            stream.stuck_since, stream.beat_at = 0.0, now
            if stream.number == number:
                stream.line.write(HEART)
                continue
            place = (stream.audience, stream.number)
            if place not in ready:
                data = table.changes(*place)
                ready[place] = None if data is None else frame("change", number, data)
            data_bytes = ready[place]
            if data_bytes is None:
                stream.number, data_bytes = table.picture_frame(stream.audience)
            else:
                stream.number = number
            stream.line.write(data_bytes)

    async def _ask_again(self) -> None:
        """End the streams of those who may not watch any more: shown out, right revoked, meeting gone."""
        for table in list(self._tables.values()):
            asked = {stream.place for stream in table.streams}
            if not asked:
                continue
            # Who came while the database answered was not asked about, and is looked at next time.
            ended = asked - await self._in_reader(self._may, table.board_id, sorted(asked))
            for stream in [one for one in table.streams if one.place in ended]:
                self.leave(table.board_id, stream)


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
