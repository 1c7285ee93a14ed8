"""Lists under attack, killed in the middle, and large: `fuzz`, `kill`, `scale` (all three without a name).

`fuzz`: damaged and hostile files through the whole way (read in a process with limits, columns, dry run, write, undo).
Each must end in a sentence or in a list that was brought in; the parent must live, and a refused file must leave every
row of the record as it was. `kill`: the program is killed while it writes; all or nothing must be there. `scale`:
10,000 rows against a record of 100,000 people and 40,000 organisations.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import harness
from fuzzed_lists import hostile, seeds

TARGET_SECONDS, TARGET_MB = 60, 512


def start(folder: str, *, is_fresh: bool = True) -> Any:
    """The record in a folder, made when it is fresh, with one convener."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings", "SHAREDTABLE_DATA": folder,
        "SHAREDTABLE_SECRET_KEY": "a key for one benchmark, which signs nothing that anybody keeps",
    }  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from sharedtable.accounts.actors import Actor
    from sharedtable.accounts.models import Space

    if is_fresh:
        call_command("migrate", verbosity=0)
    space, _made = Space.objects.get_or_create(slug="bench", defaults={"name": "Bench", "made_at": timezone.now()})
    return Actor("user:1", "Bench", space, frozenset({"convener"}))


def forked(data: bytes, name: str) -> dict[str, Any]:
    """The product's worker (same limits, same code), forked instead of started: 20,000 fit into minutes."""
    from sharedtable.people.importing import worker

    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        worker.confine()
        answer = json.dumps(worker.answer(data, name)).encode()
        with os.fdopen(into, "wb") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    try:
        return dict(json.loads(said))
    except ValueError:
        return {"refused": "exhausted", "details": {}, "died": True}


# --- fuzz -------------------------------------------------------------------------------------------------------------


def digest() -> str:
    from django.core import serializers

    from sharedtable.people.models import FieldSource, Membership, Organisation, Person

    rows: list[Any] = []
    for model in (Organisation, Person, Membership, FieldSource):
        rows += list(model.objects.order_by("pk"))
    return hashlib.sha256(serializers.serialize("json", rows).encode()).hexdigest()


def fuzz(count: int, seed: int = 20, folder: str | None = None) -> dict[str, Any]:
    """`count` files through the whole way; gives what became of them."""
    with tempfile.TemporaryDirectory() as made:
        by = start(folder or made)
        from sharedtable.people.importing import worker

        worker.preload()
        return run_fuzz(by, count, seed)


def run_fuzz(by: Any, count: int, seed: int) -> dict[str, Any]:
    from django.db import connections

    from sharedtable.errors import Refused
    from sharedtable.people.import_models import Import
    from sharedtable.people.importing import actions, planning, sentences, worker

    chance = random.Random(seed)
    files = seeds()
    became: Counter[str] = Counter()
    slowest, partial, before = 0.0, 0, digest()
    kept = worker.run
    worker.run = forked
    began = time.perf_counter()
    try:
        for number in range(count):
            data = hostile(chance, files)
            began_one = time.perf_counter()
            wrote = False
            try:
                batch = actions.begin(by=by, data=data, file_name=f"{number}.csv", source="Fuzz", basis="none")
                batch = actions.choose_columns(
                    by=by, batch=batch, kind=batch.kind, chosen=list(batch.columns), version=batch.version
                )
                actions.write(by=by, batch=batch)
                wrote = True
                became["brought in"] += 1
                batch.refresh_from_db()
                actions.undo(by=by, batch=batch)
            except Refused as refusal:
                if len(str(refusal)) < 20 or "%(" in str(refusal):
                    became["WITHOUT A SENTENCE"] += 1
                exhausted = str(refusal) == str(sentences.REFUSALS["exhausted"])
                became["refused: limits" if exhausted else "refused"] += 1
            slowest = max(slowest, time.perf_counter() - began_one)
            if wrote or number % 25 == 0:
                after = digest()
                if after != before:
                    partial += 1
                    before = after
                Import.objects.all().delete()
            if number % 1_000 == 999:
                harness.progress(f"{number + 1:,} files, {time.perf_counter() - began:,.0f} s")
    finally:
        worker.run = kept
    del connections, planning
    return {"became": dict(became), "partial": partial, "slowest": slowest, "seconds": time.perf_counter() - began}


# --- kill -------------------------------------------------------------------------------------------------------------


def list_of(rows: int, seed: int = 3) -> bytes:
    from made_lists import agencies

    lines = ["Company,Street,City,State,ZIP,Phone,Website"]
    for one in agencies(rows, seed)[0]:
        cells = [
            one.name,
            one.street,
            one.city,
            one.state_code,
            one.zip_code,
            *(one.phones or ("",)),
            *(one.web or ("",)),
        ]
        lines.append(",".join(f'"{cell}"' for cell in cells[:7]))
    return "\n".join(lines).encode()


def victim(folder: str) -> None:
    """Brings the waiting list in; says when it begins to write."""
    by = start(folder, is_fresh=False)
    from sharedtable.people.import_models import Import
    from sharedtable.people.importing import actions

    batch = Import.objects.get(state="review")
    print("writing", flush=True)
    actions.write(by=by, batch=batch)
    print("written", flush=True)


def kill(times: int, rows: int = 600, seed: int = 9) -> dict[str, Any]:
    """Kill a writer at random moments; the record must be as before or whole."""
    import shutil

    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "--prepare", folder, str(rows)], check=True)
        import pysqlite3

        def state(path: Path) -> tuple[str, int, int, int, int]:
            with pysqlite3.connect(path) as base:
                asked = (
                    "select state from people_import", "select count(*) from people_organisation",
                    "select count(*) from people_fieldsource", "select count(*) from people_importchange",
                    "select count(*) from ledger_entry where verb='import.write'",
                )  # fmt: skip
                return tuple(base.execute(one).fetchone()[0] for one in asked)  # type: ignore[return-value]

        whole_folder = Path(folder) / "whole"
        shutil.copytree(Path(folder) / "start", whole_folder)
        began = time.perf_counter()
        subprocess.run([sys.executable, __file__, "--victim", str(whole_folder)], check=True, capture_output=True)
        del began
        nothing, whole = state(Path(folder) / "start" / "db.sqlite3"), state(whole_folder / "db.sqlite3")
        became: Counter[str] = Counter()
        span = 0.8
        for number in range(times):
            here = Path(folder) / "run"
            shutil.rmtree(here, ignore_errors=True)
            shutil.copytree(Path(folder) / "start", here)
            process = subprocess.Popen(
                [sys.executable, __file__, "--victim", str(here)], stdout=subprocess.PIPE, text=True
            )
            assert process.stdout is not None
            process.stdout.readline()
            begun = time.perf_counter()
            wait = chance.random() * span
            done = False
            while time.perf_counter() - begun < wait and process.poll() is None:
                time.sleep(0.002)
            done = process.poll() is not None
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
            if done:  # finished before the blow fell: aim earlier
                span = max(0.05, min(span, wait))
            found = state(here / "db.sqlite3")
            became["nothing" if found == nothing else "all" if found == whole else "PARTIAL"] += 1
            if number % 50 == 49:
                harness.progress(f"{number + 1} kills")
        return dict(became)


def prepare(folder: str, rows: int) -> None:
    by = start(str(Path(folder) / "start"))
    from django.db import connection

    from sharedtable.people.importing import actions, planning

    actions.AT_ONCE_ROWS = 10**6
    batch = actions.begin(by=by, data=list_of(rows), file_name="x.csv", source="Kill", basis="none")
    actions.choose_columns(by=by, batch=batch, kind=batch.kind, chosen=list(batch.columns), version=batch.version)
    del planning
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


# --- scale ------------------------------------------------------------------------------------------------------------


def scale(rows: int, people: int, organisations: int) -> None:
    """One process, as a server is one: a record of that size, then one list of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: making the record up takes more memory than anything else here.
        subprocess.run([sys.executable, __file__, "--fill", folder, str(people), str(organisations)], check=True)
        by = start(folder)
        from sharedtable.people.importing import actions

        actions.AT_ONCE_ROWS = 10**6
        out = []
        for kind, data in (("companies", list_of(rows, 11)), ("people", people_list(rows))):
            begun = time.perf_counter()
            batch = actions.begin(by=by, data=data, file_name="x.csv", source="Scale", basis="none")
            read = time.perf_counter()
            batch = actions.choose_columns(
                by=by, batch=batch, kind=kind, chosen=list(batch.columns), version=batch.version
            )
            planned = time.perf_counter()
            actions.write(by=by, batch=batch)
            done = time.perf_counter()
            batch.refresh_from_db()
            actions.undo(by=by, batch=batch)
            undone = time.perf_counter()
            out.append((kind, read - begun, planned - read, done - planned, done - begun, undone - done, batch.counts))
        print(json.dumps({"rows": out, "peak": harness._memory_kb("VmHWM") * 1024 / harness.MB}))


def people_list(rows: int) -> bytes:
    from made_lists import people_of_companies

    return people_of_companies(rows)


def fill(by: Any, people: int, organisations: int) -> None:
    """A record of that size, written in bulk."""
    from django.utils import timezone
    from made_lists import agencies, names_of_people

    from sharedtable.people.models import Membership, Organisation, Person

    now = timezone.now()
    stamp = {"space": by.space, "made_at": now, "changed_at": now}
    made = [
        Organisation(
            name=one.name, street=one.street, city=one.city, state_code=one.state_code, zip_code=one.zip_code,
            phone=(one.phones or ("",))[0], website=(one.web or ("",))[0], search_text=one.name.lower(), **stamp,
        )
        for one in agencies(organisations, 5)[0]
    ]  # fmt: skip
    Organisation.objects.bulk_create(made, batch_size=500)
    crowd = [
        Person(
            given_name=g,
            family_name=f,
            name=f"{g} {f}",
            email=mail,
            phone=phone,
            search_text=f"{g} {f}".lower(),
            **stamp,
        )
        for g, f, mail, phone in names_of_people(people, 6)
    ]
    Person.objects.bulk_create(crowd, batch_size=500)
    Membership.objects.bulk_create(
        [
            Membership(space=by.space, person=one, organisation=made[at % len(made)], made_at=now)
            for at, one in enumerate(crowd)
        ],
        batch_size=500,
    )


def main() -> None:
    if len(sys.argv) > 2 and sys.argv[1] in ("--victim", "--prepare", "--scale", "--fill"):
        if sys.argv[1] == "--victim":
            victim(sys.argv[2])
        elif sys.argv[1] == "--fill":
            fill(start(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        elif sys.argv[1] == "--prepare":
            prepare(sys.argv[2], int(sys.argv[3]))
        else:
            scale(*(int(one) for one in sys.argv[2:5]))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("part", nargs="?", choices=("fuzz", "kill", "scale"))
    parser.add_argument("--count", type=int, help="files (default 500; full 20,000) or kills (20; 200)")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--full", action="store_true")
    asked = parser.parse_args()
    lines: list[tuple[str, str, str]] = []
    if asked.part in (None, "fuzz"):
        found = fuzz(asked.count or (20_000 if asked.full else 500), asked.seed)
        lines.append(
            (
                "fuzzed files",
                ", ".join(f"{name} {n:,}" for name, n in sorted(found["became"].items())),
                f"{found['seconds']:.0f} s",
            )
        )
        lines.append(("partial writes", str(found["partial"]), f"slowest {found['slowest']:.1f} s"))
    if asked.part in (None, "kill"):
        begun = time.perf_counter()
        became = kill(asked.count or (200 if asked.full else 20))
        lines.append(
            (
                "killed while writing",
                ", ".join(f"{name} {n}" for name, n in sorted(became.items())),
                f"{time.perf_counter() - begun:.0f} s",
            )
        )
    if asked.part in (None, "scale"):
        sizes = ("10000", "100000", "40000") if asked.full else ("2000", "20000", "8000")
        done = subprocess.run(
            [sys.executable, __file__, "--scale", *sizes], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        found = json.loads(done.stdout.splitlines()[-1])
        for kind, read, planned, wrote, whole, undone, counts in found["rows"]:
            about = f"read {read:.1f} s, compared {planned:.1f} s, wrote {wrote:.1f} s, undone {undone:.1f} s"
            harness.progress(f"{kind}: {counts}")
            lines.append(
                (
                    f"{int(sizes[0]):,} {kind} into {int(sizes[1]):,} + {int(sizes[2]):,}",
                    about,
                    f"{whole:.1f} s (≤ {TARGET_SECONDS})",
                )
            )
        lines.append(("peak memory", f"{found['peak']:.0f} MB (≤ {TARGET_MB})", ""))
    harness.show("Imports", ("what", "became", "took"), lines)


if __name__ == "__main__":
    main()
