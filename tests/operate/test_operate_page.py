"""What operate.md says is true: it names every setting and no other, and its units start real programs."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sharedtable.cli import app
from sharedtable.config import settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")
READ = set(re.findall(r"^\| ([A-Z][A-Z_]+) +\|", settings.__doc__ or "", re.MULTILINE))
UNITS = [block for block in re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL) if block.startswith("[")]


def test_every_setting_that_the_page_names_is_read_and_every_one_that_is_read_is_named() -> None:
    named = set(re.findall(r"\b(SHAREDTABLE_[A-Z_]+|DATABASE_URL)\b", PAGE))
    assert named == READ
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)) == READ


def test_the_file_of_settings_of_the_page_loads_and_gives_what_it_says(tmp_path) -> None:
    lines = next(
        b for b in re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL) if b.startswith("SHAREDTABLE_")
    ).splitlines()
    given = dict(line.split("=", 1) for line in lines)
    assert set(given) <= READ
    given["SHAREDTABLE_DATA"] = str(tmp_path)
    code = (
        "from sharedtable.config import settings as s\n"
        "print(s.ALLOWED_HOSTS[-1], s.SITE_ADDRESS, s.HTTPS, s.MAIL_HOST, s.MAIL_TLS, s.BACKUPS)\n"
        "print(s.DATABASES['default']['NAME'])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "table.example.org", "https://table.example.org", "True", "smtp.example.org", "implicit",
        "/var/backups/sharedtable", "sharedtable",
    ]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: re.search(r"Description=(.+)", unit)[1])
def test_a_unit_is_whole_and_starts_a_command_that_exists(unit: str) -> None:
    parsed = configparser.ConfigParser(interpolation=None, strict=False)
    parsed.optionxform = str
    parsed.read_string(unit)
    assert parsed["Unit"]["Description"]
    for key, line in parsed["Service"].items() if "Service" in parsed else []:
        if not key.startswith("ExecStart"):
            continue
        program, *words = line.split()
        assert program.startswith("/opt/sharedtable/bin/")
        if program.endswith("/sharedtable"):
            help_text = CliRunner().invoke(app, [words[0], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
            assert help_text.exit_code == 0
            assert all(word in help_text.output for word in words if word.startswith("--"))
        else:
            assert program.endswith("/uvicorn")
            known = subprocess.run([sys.executable, "-m", "uvicorn", "--help"], capture_output=True, text=True).stdout
            assert all(word.replace("--no-", "--") in known for word in words if word.startswith("--"))
            assert words[0] == "sharedtable.config.asgi:application"


def test_there_are_units_for_pages_letters_and_backups() -> None:
    assert len(UNITS) == 4
