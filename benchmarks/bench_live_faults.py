"""Meetings on bad lines, with the server killed again and again: what was acknowledged is there, once, and in order.

Each round is a meeting of its own with its own seed. Rounds are added up; any loss makes the script fail.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from benchmarks.live_client import percentile
from benchmarks.live_faults import Proxy, Result, meeting
from benchmarks.live_server import Server


def one_round(seed: int, phones: int, kills: int, pause: float) -> Result:
    """A meeting: 10 notes from each phone, 20 screens."""
    with Server(phones=phones, core=None) as server:
        proxy = Proxy(server.address, seed=seed, lives=4.0, stalls=10.0)
        return asyncio.run(meeting(server, proxy, phones=phones, notes=10, followers=20, kills=kills, pause=pause))


def main() -> None:
    """One line a round, then the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--phones", type=int, default=60)
    parser.add_argument("--kills", type=int, default=10, help="in each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, help="seconds between two notes of a phone, else 0.3 for each kill")
    asked = parser.parse_args()
    pause = asked.pause or 0.3 * asked.kills
    back: list[float] = []
    bad = kills = typed = 0
    names = ("round", "typed", "kills", "cuts", "lost", "doubled", "moved", "equal", "settled s")
    print(" ".join(f"{name:>9}" for name in names))
    for number in range(asked.rounds):
        found = one_round(asked.seed + number, asked.phones, asked.kills, pause)
        row = (number + 1, found.typed, found.kills, found.cuts, found.lost, found.doubled, found.moved, found.equal)
        print(" ".join(f"{one:>9}" for one in row) + f" {found.settled_s:>9.1f}", flush=True)
        bad += found.lost + found.doubled + found.moved + (len(found.stored) != found.typed) + (found.equal != 20)
        kills, typed, back = kills + found.kills, typed + found.typed, back + found.back_s
    median = percentile(back, 0.5)
    print(f"{typed} notes, {kills} kills; a screen was back after {median:.1f} s (median), {max(back):.1f} s (most)")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
