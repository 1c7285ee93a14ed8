"""`sharedtable archive`: out of one installation, into a fresh one, with the real program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SETUP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests.archive.full import filled
from tests.cast import make_cast
filled(make_cast())
"""
LOOK = """
import django; django.setup()
from sharedtable.accounts.models import Space
from tests.archive.full import portrait
import json, sys
json.dump(portrait(Space.objects.get(slug=sys.argv[1]), confidences=True), sys.stdout, sort_keys=True)
"""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SHAREDTABLE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


def test_a_team_moves_to_a_fresh_installation(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "ohio.zip"
    old.mkdir()
    assert run(old, "-c", SETUP).returncode == 0
    done = run(old, "-m", "sharedtable", "archive", "out", "ohio", "--out", str(file), "--with-confidences")
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    done = run(new, "-m", "sharedtable", "archive", "in", str(file))
    assert done.returncode == 0, done.stderr
    assert "/s/ohio/" in done.stderr
    before, after = run(old, "-c", LOOK, "ohio"), run(new, "-c", LOOK, "ohio")
    assert before.returncode == after.returncode == 0, before.stderr + after.stderr
    assert before.stdout == after.stdout
    again = run(new, "-m", "sharedtable", "archive", "in", str(file))
    assert again.returncode == 1
    assert "already" in again.stderr


def test_an_unknown_team_and_an_empty_folder_are_refused_in_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing", "-m", "sharedtable", "archive", "out", "ohio")
    assert done.returncode == 1
    assert "There is no record in" in done.stderr
    (tmp_path / "x.zip").write_bytes(b"no zip")
    done = run(tmp_path / "nothing", "-m", "sharedtable", "archive", "in", str(tmp_path / "x.zip"))
    assert done.returncode == 1
    assert "no ZIP file" in done.stderr
