"""The live lines, in front of Django: commands up, changes down. `LINES` names them all.

    POST /live/<meeting>/events                 1 to 20 commands, answered after the commit
    GET  /live/<meeting>/events?after=&view=    what is new, as JSON; waits for it (for lines that break streams)
    GET  /live/<meeting>/stream?after=&view=    the same as a stream of server-sent events
    GET  /live/<meeting>/me                     who the cookie is here: role, table, let in or not

Who holds no place in the meeting gets the same 404 as for an address that does not exist. A place is looked up when a
line opens and every few seconds after that; a command is checked once more in the transaction that carries it out.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.translation import override

from sharedtable.accounts.links import hash_of
from sharedtable.wall.fanout import asked
from sharedtable.wall.hub import Hub, to_json
from sharedtable.wall.lines import AsgiLine, Line, SocketLine
from sharedtable.wall.reading import Away, Gone, Sitting
from sharedtable.wall.state import Audience
from sharedtable.wall.writer import Answer, Done, writer
from sharedtable.web.limits import Application, Message, Receive, Send
from sharedtable.web.rule import SMALL_BODY
from sharedtable.web.wall.places import place_cookie

# Which lines there are, by which methods; the tests of permissions walk through them as through the policy table.
LINES: Mapping[str, tuple[str, ...]] = {"events": ("GET", "POST"), "stream": ("GET",), "me": ("GET",)}
ADDRESS = re.compile(r"/live/(\d{1,18})/(" + "|".join(LINES) + r")")
MOST_COMMANDS = 20
KNOWN_FOR = 4.0  # seconds that a looked-up place is believed
POLL_FOR = 20.0
# Commands a place may send: at once, and a second. Never by address: a room shares one.
BURST, RATE = 60.0, 6.0
BURST_RUNS, RATE_RUNS = 400.0, 60.0
HEADERS = [
    (b"cache-control", b"private, no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Live:
    """An ASGI application around another one that answers the live lines itself."""

    def __init__(self, application: Application, hub: Hub | None = None) -> None:
        self.application = application
        self.hub = hub or Hub()
        self._known: dict[tuple[str, int], tuple[float, Sitting | None]] = {}
        self._buckets: dict[int, tuple[float, float]] = {}
        self._hears_signals = False

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        found = ADDRESS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self.application(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not validate_host(split_domain_port(headers.get("host", ""))[0], settings.ALLOWED_HOSTS):
            await _answer(send, 400, {"turned": "host"})
            return
        self._end_with_the_process()
        line = found[2]
        if scope["method"] not in LINES[line]:
            await _answer(send, 405, {"turned": "method"}, [(b"allow", ", ".join(LINES[line]).encode())])
            return
        try:
            sitting = await self._sitting(headers, int(found[1]))
        except Away:
            await _away(send)
            return
        if sitting is None:
            await _answer(send, 404, {"turned": "gone"})
            return
        if line == "me":
            await _answer(send, 200, _me(sitting))
        elif not sitting.is_in:
            await _answer(send, 409, {"turned": "waiting"})
        elif scope["method"] == "POST":
            await self._take(sitting, headers, receive, send)
        elif self.hub.is_ending:
            await _away(send)
        elif line == "stream":
            await self._stream(sitting, scope, headers, receive, send)
        else:
            await self._poll(sitting, scope, send)

    def _end_with_the_process(self) -> None:
        """When the process is told to end, the lines end first: screens come back to the next one by themselves.

        The handlers of the server around us do their work after that.
        """
        if self._hears_signals or threading.current_thread() is not threading.main_thread():
            return
        self._hears_signals = True
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, self._ending(before))

    def _ending(self, before: Callable[[int, FrameType | None], Any]) -> Callable[[int, FrameType | None], Any]:
        def end(number: int, at: FrameType | None) -> None:
            self.hub.end()
            before(number, at)

        return end

    async def _sitting(self, headers: Mapping[str, str], meeting: int) -> Sitting | None:
        """Who the cookie is. Believed for a few seconds, so that a revoked place ends within five."""
        token = _cookie(headers, place_cookie(meeting))
        if not token:
            return None
        name, now = (hash_of(token), meeting), time.monotonic()
        known = self._known.get(name)
        if known is not None and now - known[0] < KNOWN_FOR and (known[1] is None or known[1].is_in):
            return known[1] if known[1] is None or known[1].board_id not in self.hub.gone else None
        found = await self.hub.sitting(*name)
        if len(self._known) > 50_000:
            self._known.clear()
        self._known[name] = (now, found)
        return found

    def _may_send(self, sitting: Sitting, count: int) -> bool:
        runs = sitting.audience == "facilitator"
        burst, rate = (BURST_RUNS, RATE_RUNS) if runs else (BURST, RATE)
        now = time.monotonic()
        tokens, then = self._buckets.get(sitting.place, (burst, now))
        tokens = min(burst, tokens + (now - then) * rate)
        is_allowed = tokens >= count
        self._buckets[sitting.place] = (tokens - count if is_allowed else tokens, now)
        return is_allowed

    async def _take(self, sitting: Sitting, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        if not _is_own_page(headers):
            await _answer(send, 403, {"turned": "origin"})
            return
        body = await _body(receive)
        if body is None:
            return  # the line went in the middle of it: nothing was asked
        try:
            sent = json.loads(body) if len(body) <= SMALL_BODY else None
        except (ValueError, RecursionError):
            sent = None
        commands = sent.get("commands") if isinstance(sent, dict) else None
        if (
            not isinstance(commands, list)
            or not 1 <= len(commands) <= MOST_COMMANDS
            or not all(isinstance(one, dict) for one in commands)
        ):
            await _answer(send, 413 if len(body) > SMALL_BODY else 400, {"turned": "unreadable"})
            return
        if not self._may_send(sitting, len(commands)):
            await _answer(send, 429, {"turned": "slow"}, [(b"retry-after", b"2")])
            return
        try:
            answers = await asyncio.wrap_future(writer.submit(sitting.board_id, sitting.place, commands))
        except Away:
            await _away(send)
            return
        except Gone:
            await _answer(send, 404, {"turned": "gone"})
            return
        with override(_language(headers)):
            said = [_said(one) for one in answers]
        await _answer(send, 200, {"answers": said, "now": int(time.time() * 1000)})

    async def _stream(
        self, sitting: Sitting, scope: Mapping[str, Any], headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        audience, after = _asked(sitting, scope, headers.get("last-event-id", ""))
        jitter = 500 + int(time.time() * 1000) % 4_000  # so that a room does not come back all at once
        await _start(send, 200, b"text/event-stream; charset=utf-8", [(b"x-accel-buffering", b"no")])
        first = f"retry: {jitter}\nevent: hello\ndata: {int(time.time() * 1000)}\n\n".encode()
        await send({"type": "http.response.body", "body": first, "more_body": True})
        socket = scope.get("extensions", {}).get("socket") if scope.get("http_version") == "1.1" else None
        line: Line = SocketLine(socket) if socket is not None else AsgiLine(send)
        gone = asyncio.ensure_future(_until_gone(receive))
        stream = None
        try:
            stream = await self.hub.open(sitting.board_id, line, audience, sitting.place, after)
            ends = [gone, line.task] if isinstance(line, AsgiLine) else [gone]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if isinstance(line, AsgiLine) and not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            if stream is not None:
                self.hub.leave(sitting.board_id, stream)
            if isinstance(line, AsgiLine):
                line.task.cancel()

    async def _poll(self, sitting: Sitting, scope: Mapping[str, Any], send: Send) -> None:
        audience, after = _asked(sitting, scope, "")
        table = await self.hub.table(sitting.board_id)
        if after == table.state.number:
            line = OnceLine()
            stream = await self.hub.open(sitting.board_id, line, audience, sitting.place, after)
            try:
                async with asyncio.timeout(POLL_FOR):
                    await line.came.wait()
            except TimeoutError:
                await _answer(send, 200, {"event": "change", "data": {"after": after, "to": after}})
                return
            finally:
                self.hub.leave(sitting.board_id, stream)
        changes = table.changes(audience, after) if after else None
        event, data = ("board", table.picture(audience)) if changes is None else ("change", changes)
        await _start(send, 200, b"application/json", [])
        await send({"type": "http.response.body", "body": f'{{"event":"{event}","data":{data}}}'.encode()})


class OnceLine:
    """A line that only says that something came."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    def write(self, data: bytes) -> None:
        """A heartbeat is no news."""
        if b"event: beat" not in data[:80]:
            self.came.set()

    def waiting(self) -> int:
        """Nothing waits here."""
        return 0

    def close(self) -> None:
        """Shown out: the next question gets the answer."""
        self.came.set()


def _me(sitting: Sitting) -> dict[str, Any]:
    return {"place": sitting.place, "role": sitting.role, "table": sitting.table, "in": sitting.is_in}


def _said(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Done):
        return {"key": answer.key, "n": answer.number}
    turned = answer.turned
    return {"key": answer.key, "turned": turned.code, "says": str(turned.sentence), "now": turned.now}


def _asked(sitting: Sitting, scope: Mapping[str, Any], last: str) -> tuple[Audience, int]:
    query = scope["query_string"].decode("latin-1")
    return asked(sitting.audience, query, {"last-event-id": last})


def _cookie(headers: Mapping[str, str], name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _language(headers: Mapping[str, str]) -> str:
    chosen = _cookie(headers, settings.LANGUAGE_COOKIE_NAME) or headers.get("accept-language", "")
    return "es" if chosen.lower().startswith("es") else "en"


def _is_own_page(headers: Mapping[str, str]) -> bool:
    """Only a page of ours may send: browsers say where a request comes from."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return headers.get("sec-fetch-site") == "same-origin"


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when the sender went away in the middle of it."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size <= SMALL_BODY + 1:
            parts.append(part[: SMALL_BODY + 1])
        if not message.get("more_body") or size > SMALL_BODY:
            return b"".join(parts) if size <= SMALL_BODY else b" " * (SMALL_BODY + 1)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, status: int, kind: bytes, more: list[tuple[bytes, bytes]]) -> None:
    message: Message = {
        "type": "http.response.start", "status": status, "headers": [(b"content-type", kind), *HEADERS, *more],
    }  # fmt: skip
    await send(message)


async def _answer(send: Send, status: int, said: object, more: list[tuple[bytes, bytes]] | None = None) -> None:
    body = to_json(said).encode()
    await _start(send, status, b"application/json", [(b"content-length", str(len(body)).encode()), *(more or [])])
    await send({"type": "http.response.body", "body": body})


async def _away(send: Send) -> None:
    """The database does not answer: the phone keeps what it has and tries again."""
    await _answer(send, 503, {"turned": "away"}, [(b"retry-after", b"1")])
