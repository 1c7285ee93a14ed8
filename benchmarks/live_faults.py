"""A bad line between phones and server, and phones that live with it: for tests in small, for the bench in large.

The proxy cuts connections in the middle of what they carry, stalls them and refuses new ones, all by a seed. The phones
do what the page does: a key for each press, kept until an answer names it; a stream with a cursor.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from benchmarks.live_server import Server, post_request


@dataclass
class Proxy:
    """A TCP proxy with faults. `lives`: mean seconds of a connection; `stalls`: mean seconds between stalls."""

    target: tuple[str, int]
    seed: int
    lives: float = 8.0
    stalls: float = 20.0
    stall_seconds: tuple[float, float] = (1.0, 4.0)
    refuses: float = 0.03
    loses: float = 0.0
    rate: float = 0.0
    is_down: bool = False
    cuts: int = 0

    async def start(self) -> tuple[str, int]:
        """Listen on a free port."""
        self._chance = random.Random(self.seed)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=4096)
        return self._server.sockets[0].getsockname()[:2]

    async def stop(self) -> None:
        """End."""
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chance = self._chance
        if self.is_down or chance.random() < self.refuses:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = time.monotonic() + chance.expovariate(1 / self.lives)
        pumps = [
            asyncio.ensure_future(self._pump(reader, up_writer, ends)),
            asyncio.ensure_future(self._pump(up_reader, writer, ends)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        writer.transport.abort()
        up_writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: float) -> None:
        chance = self._chance
        stall_at = time.monotonic() + chance.expovariate(1 / self.stalls)
        while True:
            try:
                data = await asyncio.wait_for(reader.read(4096), max(0.01, ends - time.monotonic()))
            except (TimeoutError, OSError):
                self.cuts += 1
                return
            if not data:
                return
            if time.monotonic() > ends or self.is_down:
                self.cuts += 1
                writer.write(data[: chance.randrange(len(data) + 1)])  # in the middle of a message
                return
            if time.monotonic() > stall_at:
                stall_at = time.monotonic() + chance.expovariate(1 / self.stalls)
                await asyncio.sleep(chance.uniform(*self.stall_seconds))
            if self.loses and chance.random() < self.loses:
                await asyncio.sleep(0.2)  # what TCP makes of a lost packet: it comes later
            if self.rate:
                await asyncio.sleep(len(data) / self.rate)
            try:
                writer.write(data)
                await writer.drain()
            except OSError:
                return


@dataclass
class Phone:
    """Somebody who writes notes, and keeps each until an answer names it."""

    server: Server
    address: tuple[str, int]
    token: str
    name: str
    chance: random.Random
    acked: dict[str, int] = field(default_factory=dict)

    async def write(self, notes: int, pause: float) -> None:
        """Type so many notes, with pauses, and do not rest before each is acknowledged."""
        for number in range(notes):
            await asyncio.sleep(self.chance.expovariate(1 / pause))
            await self.send(f"{self.name} note {number}")

    async def send(self, text: str) -> None:
        """One note, however often it takes."""
        command = {"key": uuid.UUID(int=self.chance.getrandbits(128)).hex, "do": "note.add", "text": text}
        wait = 0.2
        while True:
            try:
                said = json.loads(await asyncio.wait_for(self._post([command]), 6))
                self.acked[text] = said["answers"][0]["n"]
                return
            except (OSError, TimeoutError, ValueError, KeyError, IndexError):
                await asyncio.sleep(wait * self.chance.uniform(0.5, 1.5))
                wait = min(2.0, wait * 1.6)

    async def _post(self, commands: list[dict[str, object]]) -> bytes:
        reader, writer = await asyncio.open_connection(*self.address)
        try:
            writer.write(post_request(self.server.seeded.meeting, self.token, commands))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            return await reader.readexactly(length)
        except asyncio.IncompleteReadError as cut:
            raise OSError("cut") from cut
        finally:
            writer.transport.abort()


@dataclass
class Follower:
    """A screen: notes by number, from a stream that it opens again after the last number that it has."""

    server: Server
    address: tuple[str, int]
    token: str
    number: int = 0
    notes: dict[str, str] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    gaps: int = 0
    back_after: list[float] = field(default_factory=list)

    async def follow(self) -> None:
        """Until cancelled."""
        lost_at = 0.0
        while True:
            try:
                reader, writer = await asyncio.open_connection(*self.address)
            except OSError:
                lost_at = lost_at or time.monotonic()
                await asyncio.sleep(0.3)
                continue
            try:
                writer.write(self.server.stream_request(self.token, after=self.number))
                async for event, data in events(reader):
                    if lost_at:
                        self.back_after.append(time.monotonic() - lost_at)
                        lost_at = 0.0
                    if event in ("board", "change"):
                        self.take(event, json.loads(data))
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
                pass
            finally:
                writer.transport.abort()
            lost_at = lost_at or time.monotonic()
            await asyncio.sleep(0.3)

    def take(self, event: str, said: dict[str, object]) -> None:
        """As the page does it."""
        if event == "change":
            if said["to"] <= self.number:
                return
            if said["after"] > self.number:
                self.gaps += 1
                raise ValueError("a gap")
        else:
            self.notes = {}
        for number, note in said["set"].get("notes", {}).items():
            self.notes[number] = note["text"]
        self.number = said["to"]
        self.order.append(self.number)


async def events(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, str]]:
    """Server-sent events out of chunks of HTTP."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise OSError(head.split(b"\r\n")[0].decode())
    buffer = b""
    while True:
        size = int((await asyncio.wait_for(reader.readline(), 25)).strip() or b"0", 16)
        if not size:
            return
        buffer += (await asyncio.wait_for(reader.readexactly(size + 2), 25))[:-2]
        while b"\n\n" in buffer:
            raw, buffer = buffer.split(b"\n\n", 1)
            fields = dict(line.split(": ", 1) for line in raw.decode().split("\n") if ": " in line)
            yield fields.get("event", ""), fields.get("data", "")


@dataclass(frozen=True)
class Result:
    """What became of a meeting on a bad line."""

    typed: int
    stored: list[str]
    acked: dict[str, int]
    followers: list[dict[str, str]]
    settled_s: float
    cuts: int
    kills: int
    back_s: list[float]
    numbers: dict[str, int]

    @property
    def lost(self) -> int:
        """Acknowledged notes that are not there."""
        return len(self.acked.keys() - set(self.stored))

    @property
    def doubled(self) -> int:
        """Notes that are there twice."""
        return len(self.stored) - len(set(self.stored))

    @property
    def moved(self) -> int:
        """Notes that have another number than the one that was acknowledged."""
        return sum(self.numbers.get(text) != number for text, number in self.acked.items())

    @property
    def equal(self) -> int:
        """Followers that show the same as the store."""
        return sum(sorted(one.values()) == sorted(self.stored) for one in self.followers)


async def meeting(
    server: Server, proxy: Proxy, *, phones: int, notes: int, followers: int, kills: int, pause: float = 0.5
) -> Result:
    """A meeting on that line: everybody writes, screens follow, the server is killed now and then."""
    address = await proxy.start()
    tokens = server.seeded.tokens["phone"]
    writers = [
        Phone(server, address, tokens[n % len(tokens)], f"phone {n}", random.Random(f"{proxy.seed} {n}"))
        for n in range(phones)
    ]
    screens = [Follower(server, address, server.seeded.tokens["projector"][0]) for _ in range(followers)]
    following = [asyncio.ensure_future(one.follow()) for one in screens]
    work = asyncio.ensure_future(asyncio.gather(*(one.write(notes, pause) for one in writers)))
    typed, killed = phones * notes, 0
    while not work.done():
        await asyncio.sleep(0.02)
        # Spread over the meeting, so that each end comes while cards are on their way.
        if killed < kills and sum(len(one.acked) for one in writers) >= typed * (killed + 1) / (kills + 2):
            server.kill()
            await asyncio.get_running_loop().run_in_executor(None, server.restart)
            killed += 1
    await work
    last = time.monotonic()
    truth = Follower(server, server.address, server.seeded.tokens["facilitator"][0])
    proxy.refuses, proxy.lives = 0.0, 1e6
    own = asyncio.ensure_future(truth.follow())
    while time.monotonic() - last < 30:
        await asyncio.sleep(0.1)
        if len(truth.notes) >= typed and all(one.notes == truth.notes for one in screens):
            break
    settled = time.monotonic() - last
    for task in [own, *following]:
        task.cancel()
    await asyncio.gather(own, *following, return_exceptions=True)
    await proxy.stop()
    acked = {text: number for one in writers for text, number in one.acked.items()}
    numbers = {text: int(number) for number, text in truth.notes.items()}
    back = [seconds for one in screens for seconds in one.back_after]
    return Result(
        typed, list(truth.notes.values()), acked, [one.notes for one in screens], settled, proxy.cuts, killed, back,
        numbers,
    )  # fmt: skip
