"""A practice that was wiped is gone from the memory of every web process, and from every open line."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from sharedtable.wall import doorbell, practicing, reading, writer
from sharedtable.wall.hub import Hub
from sharedtable.wall.models import Board
from sharedtable.wall.reading import Gone, Sitting
from sharedtable.wall.state import Happened
from sharedtable.wall.writer import Submission
from sharedtable.web.wall.live import Live
from tests.wall.rooms import key, make_room

WIPE = """
import sys
import django; django.setup()
from sharedtable.meetings.models import Meeting
from sharedtable.wall import practicing
Meeting.objects.update(is_practice=True)
practicing._wipe("operator", Meeting.objects.get(pk=int(sys.argv[1])))
"""


class Screen:
    """A line that keeps what it was given."""

    def __init__(self) -> None:
        self.is_closed = False

    def write(self, data: bytes) -> None:
        """Nothing looks at it here."""

    def waiting(self) -> int:
        return 0

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def looked_up(monkeypatch) -> list[int]:
    """A record that knows one place of board 1, and how often it was asked."""
    asked: list[int] = []

    def sittings(wanted: Any, kind: str = "main") -> dict[reading.Asked, Sitting]:
        asked.append(len(wanted))
        return {one: Sitting(7, 1, "participant", "inner", True) for one in wanted}

    said = {"round": "opportunities", "text": "card", "hidden": False}
    monkeypatch.setattr(reading, "sittings", sittings)
    monkeypatch.setattr(
        reading,
        "events_after",
        lambda _board, number: [] if number else [Happened(1, "note.added", "wall", said, 7, 1)],
    )
    return asked


async def status_of(live: Live, line: str) -> int:
    """How a line answers the phone of that place."""
    told: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    path, _mark, query = f"/live/5/{line}".partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"cookie", b"place-5=a-token")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    await live(scope, receive, send)
    return told[0]


def test_a_bell_from_another_process_ends_the_lines_and_forgets_the_board_and_who_sat_there(looked_up) -> None:
    async def scene() -> tuple[list[int], bool, set[int]]:
        hub, screen = Hub(may=lambda _board, places: set(places)), Screen()
        live = Live(None, hub)  # type: ignore[arg-type]
        live._hears_signals = True  # those of this process are not its own
        await hub.open(1, screen, "wall", 7, 0)
        found = [await status_of(live, "me"), await status_of(live, "events?after=0")]
        hub.ring(1, doorbell.GONE)
        await asyncio.sleep(0)
        found += [await status_of(live, "me"), await status_of(live, "events?after=0")]
        tables = set(hub._tables)
        await hub.stop()
        return found, screen.is_closed, tables

    assert asyncio.run(scene()) == ([200, 200, 404, 404], True, set())
    assert len(looked_up) == 1  # who had been looked up is believed for a few seconds, and was not asked about anew


def test_who_was_being_looked_up_during_the_wipe_holds_no_place(looked_up) -> None:
    async def scene() -> Sitting | None:
        hub = Hub(may=lambda _board, places: set(places))
        hub.start()
        hub.ring(1, doorbell.GONE)
        await asyncio.sleep(0)
        found = await hub.sitting("hash", 5)
        await hub.stop()
        return found

    assert asyncio.run(scene()) is None


@pytest.mark.django_db
def test_wiping_rings_the_bell_once_it_is_stored(cast, django_capture_on_commit_callbacks) -> None:
    room = make_room(cast.ohio, is_practice=True)
    heard: list[tuple[int, int]] = []

    def listener(board: int, number: int) -> None:
        heard.append((board, number))

    doorbell.listen(listener)
    try:
        with django_capture_on_commit_callbacks(execute=False) as kept:
            practicing.wipe(by=cast.ohio.actor("convener"), meeting=room.meeting)
        assert heard == []  # it may still be taken back
        for one in kept:
            one()
    finally:
        doorbell.leave(listener)
    assert (room.board.pk, doorbell.GONE) in heard
    assert room.board.pk not in writer._states


@pytest.mark.django_db
def test_a_command_for_a_board_that_is_gone_says_so_and_keeps_nothing(cast) -> None:
    room = make_room(cast.ohio, is_practice=True)
    practicing.wipe(by=cast.ohio.actor("convener"), meeting=room.meeting)
    one = Submission(room.board.pk, room.places["ann"].pk, [{"key": key(), "do": "note.add", "text": "Late"}])
    writer.write_group(room.board.pk, [one])
    assert isinstance(one.future.exception(), Gone)
    assert not Board.objects.filter(pk=room.board.pk).exists() and room.board.pk not in writer._states


@pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="two web processes need PostgreSQL"
)
def test_two_processes_both_answer_that_a_wiped_meeting_is_gone() -> None:
    from benchmarks.live_server import Server
    from tests.wall.own_database import own_database

    with own_database() as database, Server(phones=1, core=None, database=database) as server:
        addresses = [server.address, server.start("serve", "--port", "0")]
        token, meeting = server.seeded.tokens["phone"][0], server.seeded.meeting

        def ask(at: tuple[str, int], method: str, line: str) -> int:
            connection = http.client.HTTPConnection(*at, timeout=30)
            headers = {"Cookie": f"place-{meeting}={token}", "Origin": f"http://{at[0]}:{at[1]}"}
            command = {"key": key(), "do": "note.add", "text": "A card"}
            body = json.dumps({"commands": [command]}) if method == "POST" else None
            connection.request(method, f"/live/{meeting}/{line}", body, headers)
            status = connection.getresponse().status
            connection.close()
            return status

        lines = [("GET", "me"), ("GET", "events?after=0"), ("POST", "events")]
        assert {ask(at, *line) for at in addresses for line in lines} == {200}
        subprocess.run([sys.executable, "-c", WIPE, str(meeting)], env=server.environment, check=True)
        # No waiting: the bell comes with the commit, well within the seconds for which a place is believed.
        assert {ask(at, *line) for at in addresses for line in lines} == {404}
