"""Asks the lines of a live meeting (`web/wall/live.py`, LINES) as each place, and lists what is wrong with the answers.

The application is the real one. It runs in the thread of the test, so that it sees the world, whose transaction is
taken back at the end; what a command changes is taken back at once.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from django.db import connections, transaction

from sharedtable.wall.hub import Hub
from sharedtable.wall.writer import Submission, write
from sharedtable.web.wall import live
from tests.security import places
from tests.security.actors import HOST, Visitor
from tests.security.world import World

TURNED = {"listening", "not_yours", "not_inner"}


class HereHub(Hub):
    """A hub that reads in the thread of the test."""

    async def _in_reader(self, work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)


class HereWriter:
    """A writer that writes in the thread of the test."""

    def submit(self, board_id: int, by: int, commands: Sequence[Any]) -> Any:
        one = Submission(board_id, by, commands)
        one.future.set_result(write(board_id, [one])[0])
        return one.future


async def _nobody(_scope: Any, _receive: Any, send: Any) -> None:
    raise AssertionError("a line was not answered by the lines")


def ask(
    visitor: Visitor, meeting: int, line: str, method: str = "GET", body: Any = None, query: str = "", **headers: str
) -> tuple[int, str]:
    """One request to a line; gives the status and the text. A stream is read until it has sent its first picture."""
    given = {"host": HOST, "origin": f"http://{HOST}", "cookie": visitor.cookies, **headers}
    sent = b"" if body is None else json.dumps(body).encode()
    said: list[dict[str, Any]] = []

    here = connections["default"]

    async def once() -> None:
        connections["default"] = here  # an event loop would open a line of its own, which sees no open transaction
        hub = HereHub()
        application = live.Live(_nobody, hub)
        got = asyncio.Event()
        asked = {"count": 0}

        async def receive() -> dict[str, Any]:
            asked["count"] += 1
            if asked["count"] == 1 and method == "POST":
                return {"type": "http.request", "body": sent, "more_body": False}
            await asyncio.wait_for(got.wait(), 5)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(dict(message))
            if b"event: board" in message.get("body", b"") or b"event: change" in message.get("body", b""):
                got.set()

        scope = {
            "type": "http", "method": method, "path": f"/live/{meeting}/{line}", "query_string": query.encode(),
            "http_version": "1.1", "headers": [(k.encode(), v.encode()) for k, v in given.items() if v],
        }  # fmt: skip
        try:
            await application(scope, receive, send)
        finally:
            await hub.stop()

    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setattr(live, "writer", HereWriter())
        asyncio.run(once())
        transaction.set_rollback(True)
    text = b"".join(one.get("body", b"") for one in said[1:]).decode()
    return said[0]["status"], text


def holders(visitors: Iterable[Visitor]) -> list[Visitor]:
    """Those of the first team who hold a place, somebody of the other team, and somebody who holds none."""
    found = [one for one in visitors if one.sits_in]
    kept = [one for one in found if one.team == "ohio" or one.place in ("inner", "facilitator")]
    return [*kept, *(one for one in visitors if one.name in ("visitor", "ohio convener"))]


def line_problems(world: World, visitors: Iterable[Visitor]) -> list[str]:
    """Statuses, contents and commands that the law does not allow."""
    team = world.cast.ohio
    meeting = places.launch(team).pk
    found: list[str] = []
    for one in holders(visitors):
        is_here = one.sits_in == meeting
        is_in = is_here and one.place in places.IN
        found += _statuses(one, meeting, is_in=is_in, is_here=is_here and one.place != "removed")
        if is_in:
            found += _contents(one, meeting, team) + _commands(one, meeting, team)
    return found


def _statuses(one: Visitor, meeting: int, *, is_in: bool, is_here: bool) -> list[str]:
    inside = 200 if is_in else 409 if is_here else 404
    wanted = {"me": 200 if is_here else 404, "stream": inside, "events": inside}
    found = []
    for line, status in wanted.items():
        for view in ("", "view=facilitator"):
            got, text = ask(one, meeting, line, query=view)
            if got != status:
                found.append(f"GET {line} as {one.name}: {got}, expected {status}")
            if status != 200 and "canary" in text:
                found.append(f"GET {line} as {one.name} says something of the board")
    body = {"commands": [{"key": "security-status", "do": "note.add", "text": "t", "private": True}]}
    got, _text = ask(one, meeting, "events", "POST", body)
    if got != inside:
        found.append(f"POST events as {one.name}: {got}, expected {inside}")
    elsewhere = 403 if is_in else inside
    got, _text = ask(one, meeting, "events", "POST", body, origin="https://elsewhere.example")
    if got != elsewhere:
        found.append(f"POST events from another site as {one.name}: {got}, expected {elsewhere}")
    for line, methods in live.LINES.items():
        for method in {"GET", "POST", "PUT", "DELETE"} - set(methods):
            got, _text = ask(one, meeting, line, method)
            if got not in (404, 405):
                found.append(f"{method} {line} as {one.name}: {got}")
    return found


def _contents(one: Visitor, meeting: int, team: Any) -> list[str]:
    found = []
    for line, query in (
        ("stream", ""), ("stream", "view=facilitator"), ("events", "after=0"), ("events", "view=wall"),
        ("stream", "view=stage"),
    ):  # fmt: skip
        _status, text = ask(one, meeting, line, query=query)
        for name, who in places.SEES.items():
            is_told = places.canary(team, name) in text
            if is_told and one.place not in who:
                found.append(f"{line}?{query} tells {one.name} what is {name}")
            if not is_told and one.place in who and query in ("", "after=0"):
                found.append(f"{line}?{query} does not tell {one.name} what is {name}")
        if one.place not in places.RUNS and '"author"' in text:
            found.append(f"{line}?{query} tells {one.name} who wrote a card")
    return found


def _commands(one: Visitor, meeting: int, team: Any) -> list[str]:
    found = []
    for do, who in places.MAY.items():
        _status, text = ask(one, meeting, "events", "POST", {"commands": [places.command(team, do)]})
        answer = (json.loads(text).get("answers") or [{"turned": text}])[0]
        happened = "n" in answer
        if happened and one.place not in who:
            found.append(f"{one.name} may {do}")
        if not happened and one.place in who:
            found.append(f"{one.name} may not {do}: {answer}")
    return found
