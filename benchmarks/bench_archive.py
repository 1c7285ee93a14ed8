"""Everything of a space with 100,000 people out and in again: seconds, file size, and the most memory that it took.

    python -m benchmarks.bench_archive [PEOPLE]

Needs the extra `web`; works in a folder of its own that it removes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

START = "import django; django.setup(); from django.core.management import call_command\n"
FILL = """
call_command("migrate", interactive=False, verbosity=0)
from django.utils import timezone
from sharedtable.accounts.models import Space
from sharedtable.people.models import FieldSource, Membership, Organisation, Person
import sys
count, now = int(sys.argv[1]), timezone.now()
space = Space.objects.create(slug="big", name="Big", made_at=now)
stamp = dict(space=space, made_at=now, changed_at=now)
places = Organisation.objects.bulk_create(
    [Organisation(name=f"Company {i}", city="Columbus", naics_code="326199", notes="words " * 20, **stamp)
     for i in range(count * 2 // 5)], batch_size=2000)
for start in range(0, count, 5000):
    people = Person.objects.bulk_create(
        [Person(name=f"Person {i}", email=f"p{i}@big.example", notes="words " * 20, **stamp)
         for i in range(start, min(count, start + 5000))], batch_size=2000)
    Membership.objects.bulk_create(
        [Membership(space=space, person=p, organisation=places[p.pk % len(places)], title="Manager", made_at=now)
         for p in people], batch_size=2000)
    FieldSource.objects.bulk_create(
        [FieldSource(space=space, person=p, field=f, value=p.email, source="list", at=now)
         for p in people for f in ("email", "name")], batch_size=2000)
"""


def run(folder: Path, code: str, *words: str) -> tuple[float, float]:
    """Seconds and megabytes of one process."""
    environment = {
        **os.environ,
        "SHAREDTABLE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["-m", "sharedtable"]), *words], env=environment
    )
    _pid, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"A step failed: {words or code[:60]}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main() -> None:
    """Print one line a step."""
    people = sys.argv[1] if len(sys.argv) > 1 else "100000"
    with tempfile.TemporaryDirectory() as name:
        old, new, file = Path(name, "old"), Path(name, "new"), Path(name, "big.zip")
        old.mkdir()
        run(old, START + FILL, people)
        for title, folder, words in (
            ("out", old, ("archive", "out", "big", "--out", str(file))),
            ("in", new, ("archive", "in", str(file))),
        ):
            seconds, megabytes = run(folder, "", *words)
            print(f"{title:4} {seconds:7.1f} s  {megabytes:6.0f} MB  file {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
