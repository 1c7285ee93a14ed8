"""A thousand people answer one worksheet on the embedded default, through the real server, while things go wrong.

They come over four minutes, less than half of the ten that are promised: about forty requests a second. Pressed into
less than one minute they ask for more than two processors give; then clients give up and ask again, which is more work
still, and the run does not end. Connections drop before the answer to a save arrives, saves are
sent twice, people change their minds, and the server is killed (SIGKILL) in the middle and started again. Each person
does what the page's own script does: one save for each answer, again and again until the server says that it is kept.
At the end every answer that was told as saved must be there as it was typed last, once. The floor is a bare insert
into SQLite with the same settings and one commit each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from rich.console import Console
from rich.table import Table

TOOL = "review-team"
DROPPED, DOUBLED, CHANGED = 0.08, 0.15, 0.2
RETRY_SECONDS = 0.4
PLAIN = ssl.create_default_context()  # once: each client would load the system's certificates, and none is used
STARTED = re.compile(r"http://\S+")


@dataclass
class Tally:
    """What happened: how long each save took until it was told as kept, and what was told as kept last."""

    acks_ms: list[float] = field(default_factory=list)
    kept: dict[tuple[int, str], Any] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)


def prepare(folder: Path, people: int, is_anonymous: bool) -> list[dict[str, Any]]:
    """A team, a round and a link for each person; gives person, link and token."""
    order = json.dumps({"folder": str(folder), "people": people, "anonymous": is_anonymous})
    done = subprocess.run([sys.executable, __file__, "--child", order], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return list(json.loads(done.stdout.splitlines()[-1]))


def child(order: dict[str, Any]) -> None:
    """Fill the database, in a process of its own."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "sharedtable.config.settings", "SHAREDTABLE_DATA": order["folder"]}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from sharedtable.accounts.actors import actor_of_user
    from sharedtable.accounts.models import Grant, Space, User
    from sharedtable.ledger.models import Letter
    from sharedtable.people.models import Person
    from sharedtable.worksheets import round_actions

    now = timezone.now()
    space = Space.objects.create(slug="bench", name="Bench", made_at=now)
    user = User.objects.create_user("convener@bench.example", "Convener")
    Grant.objects.create(space=space, user=user, role="convener", granted_by="operator", granted_at=now)
    by = actor_of_user(user, "bench")
    Person.objects.bulk_create(
        Person(space=space, name=f"Person {n}", email=f"p{n}@bench.example", made_at=now, changed_at=now)
        for n in range(order["people"])
    )
    wanted = round_actions.NewRound(
        TOOL, "private", None, order["anonymous"], list(Person.objects.values_list("pk", flat=True))
    )
    made = round_actions.start_round(wanted, by=by)
    round_actions.open_round(made.pk, by=by)
    from sharedtable.accounts.links import open_link

    found = []
    for letter in Letter.objects.filter(kind="worksheet").order_by("pk"):
        token = re.search(r"/l/(\S+)", letter.body)[1]  # type: ignore[index]
        found.append({"person": letter.person_id, "link": open_link(token).pk, "token": token})
    print(json.dumps(found))


class Server:
    """`sharedtable serve` on one port, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {**os.environ, "SHAREDTABLE_DATA": str(self.folder), "PYTHONUNBUFFERED": "1"}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "sharedtable", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if STARTED.search(line):
                return
        raise SystemExit("The server did not start.")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Phone:
    """One person with a link: opens the page, answers question by question, changes their mind, hands in."""

    def __init__(self, address: str, who: dict[str, Any], tally: Tally, lots: random.Random) -> None:
        self.who, self.tally, self.lots = who, tally, lots
        self.page = f"{address}/me/{who['link']}/worksheet/"
        self.client = httpx.AsyncClient(
            cookies={f"link-{who['link']}": who["token"]}, timeout=20, headers={"Origin": address},
            verify=PLAIN,
        )  # fmt: skip
        self.counter, self.device = 0, f"phone{who['person']}"

    async def live(self) -> None:
        async with self.client:
            questions, token = await self.open()
            for name, values in questions.items():
                await self.answer(name, self.lots.choice(values), token)
                if self.lots.random() < CHANGED:
                    await self.answer(name, self.lots.choice(values), token)
            mine = {q: v for (person, q), v in self.tally.kept.items() if person == self.who["person"]}
            form = {f"q-{q}": v for q, v in mine.items()}
            form |= {"csrfmiddlewaretoken": token, "counter": self.counter, "device": self.device}
            await self.until_told("done", self.page + "done", form)

    async def open(self) -> tuple[dict[str, list[str]], str]:
        """The questions with their possible answers, and the form's token; begins a sheet without a name."""
        text = (await self.until_told("open", self.page)).text
        if key := re.search(r'name="key" value="([^"]+)"', text):
            body = {"key": key[1], "csrfmiddlewaretoken": self.token_in(text)}
            await self.until_told("begin", self.page + "begin", body)
            self.client.cookies.set(f"sheet-{self.who['link']}", key[1])
            text = (await self.until_told("open", self.page)).text
        questions: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="radio" name="q-([\w-]+)" value="(\d)"', text):
            questions.setdefault(name, []).append(value)
        for name in re.findall(r'<textarea class="input" name="q-([\w-]+)"', text):
            questions[name] = [f"{self.device} says {n}" for n in range(3)]
        return questions, self.token_in(text)

    def token_in(self, text: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        assert found, text[:500]
        return found[1]

    async def answer(self, question: str, value: str, token: str) -> None:
        self.counter += 1
        body = {
            f"q-{question}": value, "question": question, "counter": self.counter, "device": self.device,
            "csrfmiddlewaretoken": token,
        }  # fmt: skip
        begun = time.perf_counter()
        if self.lots.random() < DOUBLED:
            self.tally.happened["sent twice"] += 1
            await asyncio.gather(self.until_told("save", self.page + "save", body), self.once(self.page + "save", body))
        else:
            await self.until_told("save", self.page + "save", body)
        self.tally.acks_ms.append(1000 * (time.perf_counter() - begun))
        self.tally.kept[(self.who["person"], question)] = int(value) if value.isdigit() else value

    async def once(self, address: str, body: dict[str, Any]) -> None:
        try:
            await self.client.post(address, data=body)
        except httpx.HTTPError:
            self.tally.happened["cut by the kill"] += 1

    async def until_told(self, what: str, address: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Ask until the server answers; some answers are thrown away, as if the connection had dropped."""
        while True:
            try:
                if body is not None and self.lots.random() < DROPPED:
                    self.tally.happened["dropped"] += 1
                    async with asyncio.timeout(self.lots.random() * 0.05):
                        await self.client.post(address, data=body)
                else:
                    found = await (self.client.get(address) if body is None else self.client.post(address, data=body))
                    if found.status_code in (200, 302):
                        return found
                    self.tally.happened[f"{what} answered {found.status_code}"] += 1
                    if found.status_code < 500:
                        raise SystemExit(f"{what}: {found.status_code} {found.text[:600]}")
            except (httpx.HTTPError, TimeoutError):
                self.tally.happened["tried again"] += 1
            await asyncio.sleep(RETRY_SECONDS * (0.5 + self.lots.random()))


async def load(server: Server, people: list[dict[str, Any]], seconds: float, tally: Tally) -> float:
    """All people, spread over the time; the server is killed once in the middle."""
    lots = random.Random(11)
    begun = time.perf_counter()

    async def come(who: dict[str, Any], after: float) -> None:
        await asyncio.sleep(after)
        await Phone(server.address, who, tally, random.Random(who["person"])).live()

    async def break_it() -> None:
        await asyncio.sleep(seconds / 2)
        server.kill()
        tally.happened["kill -9"] += 1
        await asyncio.to_thread(server.start)

    await asyncio.gather(break_it(), *(come(who, lots.random() * seconds) for who in people))
    return time.perf_counter() - begun


def check(folder: Path, people: int, is_anonymous: bool, tally: Tally) -> dict[str, int]:
    """What is in the database against what people were told."""
    database = sqlite3.connect(folder / "db.sqlite3")
    sheets = database.execute("SELECT count(*) FROM worksheets_sheet").fetchone()[0]
    rows = database.execute(
        "SELECT a.person_id, w.question, w.value, w.device, w.sheet_id FROM worksheets_answer w "
        "JOIN worksheets_sheet s ON s.id = w.sheet_id LEFT JOIN worksheets_asked a ON a.id = s.asked_id"
    ).fetchall()
    stored: dict[tuple[int, str], Any] = {}
    for person, question, value, device, _sheet in rows:
        # Without names only the key of the device tells the check whose answer it is; it goes when the result is shown.
        stored[(int(str(device).removeprefix("phone")) if is_anonymous else person, question)] = json.loads(value)
    wrong = sum(stored.get(key) != value for key, value in tally.kept.items())
    return {
        "lost": wrong,
        "doubled": len(rows) - len(stored) + sheets - people,
        "answers": len(rows),
        "sheets": sheets,
    }


def floor(folder: Path, count: int = 2000) -> list[float]:
    """Milliseconds of one insert with its commit, bare, with the settings of the embedded default."""
    database = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(a INTEGER, b TEXT);")
    found = []
    for n in range(count):
        begun = time.perf_counter()
        database.execute("INSERT INTO t VALUES(?, ?)", (n, "an answer"))
        found.append(1000 * (time.perf_counter() - begun))
    return found


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == "--child":
        child(json.loads(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=240, help="over how long they come (default 240)")
    parser.add_argument("--anonymous", action="store_true", help="a round without names")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sharedtable-bench-") as name:
        folder = Path(name)
        people = prepare(folder, asked.people, asked.anonymous)
        tally, server = Tally(), Server(folder)
        try:
            took = asyncio.run(load(server, people, asked.seconds, tally))
        finally:
            server.kill()
        found, bare = check(folder, asked.people, asked.anonymous, tally), floor(folder)
    table = Table("", "p50 ms", "p99 ms", title=f"{asked.people} people, {took:.0f} s, {len(tally.acks_ms)} saves told")
    for title, values in (("a save, until it was told as kept", tally.acks_ms), ("floor: bare insert", bare)):
        table.add_row(title, *(f"{np.percentile(values, p):.2f}" for p in (50, 99)))
    console = Console()
    console.print(table)
    console.print(f"went wrong on the way: {dict(tally.happened)}")
    console.print(f"in the database: {found['answers']} answers on {found['sheets']} sheets")
    console.print(f"lost: {found['lost']}   doubled: {found['doubled']}")
    if found["lost"] or found["doubled"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
