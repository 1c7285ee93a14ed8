"""Bad lines and sudden ends: nothing that was acknowledged is lost, nothing is there twice, every screen agrees.

Small and seeded here; `benchmarks/bench_live_faults.py` does the same a thousand times.
"""

from __future__ import annotations

import asyncio

import pytest

from benchmarks.live_faults import Proxy, meeting
from benchmarks.live_server import Server
from tests.wall.own_database import own_database

pytestmark = pytest.mark.django_db


def test_a_meeting_on_a_bad_line_with_two_sudden_ends_loses_and_doubles_nothing():
    with own_database() as database, Server(phones=20, core=None, database=database) as server:
        proxy = Proxy(server.address, seed=5, lives=2.0, stalls=5.0, stall_seconds=(0.2, 1.0))
        found = asyncio.run(meeting(server, proxy, phones=20, notes=3, followers=6, kills=2))
    assert found.kills == 2
    assert found.cuts > 10
    assert (len(found.stored), found.lost, found.doubled, found.moved) == (found.typed, 0, 0, 0)
    assert found.equal == 6
    assert found.settled_s < 10


def test_phones_behind_a_slow_lossy_line_converge():
    with own_database() as database, Server(phones=8, core=None, database=database) as server:
        proxy = Proxy(server.address, seed=9, lives=6.0, stalls=1e6, loses=0.3, rate=64_000)
        found = asyncio.run(meeting(server, proxy, phones=8, notes=2, followers=3, kills=0, pause=0.3))
    assert (len(found.stored), found.lost, found.doubled, found.equal) == (found.typed, 0, 0, 3)
