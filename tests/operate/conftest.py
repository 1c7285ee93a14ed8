"""An installation of its own for a test: a data folder, a database of the kind of this run, the real commands."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

START = (
    "import django; django.setup()\nfrom sharedtable.ledger.actions import record\nfrom django.db import transaction\n"
)


@dataclass
class Installation:
    """A data folder and its database; `run` calls a command as a shell would."""

    data: Path
    address: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SHAREDTABLE_") and k != "DATABASE_URL"}
        own = {"DATABASE_URL": self.address} if self.address else {}
        given = {"SHAREDTABLE_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings"}
        return {**kept, **own, **given, "COLUMNS": "300", **self.extra}

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sharedtable", *map(str, words)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def done(self, *words: object) -> str:
        """What a command printed; it has to work."""
        found = self.run(*words)
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout + found.stderr

    def refused(self, *words: object) -> str:
        """Why a command was refused."""
        found = self.run(*words)
        assert found.returncode == 1, found.stdout + found.stderr
        assert "Traceback" not in found.stderr, found.stderr
        return " ".join((found.stdout + found.stderr).split())

    def python(self, code: str) -> str:
        """What a few lines print inside of this installation."""
        done = subprocess.run(
            [sys.executable, "-c", START + code], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, count: int = 3) -> None:
        """Some entries in the record."""
        self.python(
            f"for n in range({count}):\n with transaction.atomic(): record(by='operator', verb='note.add', kind='note')"
        )

    def entries(self) -> int:
        return int(
            self.python(
                "from sharedtable.ledger.models import Entry; print(Entry.objects.filter(verb='note.add').count())"
            )
        )


def _statement(sql: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as line:
        line.execute(sql)


def _is_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def _address(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that was migrated, to be copied."""
    name = f"ops_{secrets.token_hex(4)}"
    found = Installation(tmp_path_factory.mktemp("pattern"))
    if _is_postgres():
        _statement(f'CREATE DATABASE "{name}"')
        found.address = _address(name)
    found.python("from django.core.management import call_command; call_command('migrate', verbosity=0)")
    yield found
    if _is_postgres():
        _statement(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def here(pattern: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation."""
    data = tmp_path / "data"
    shutil.copytree(pattern.data, data)
    found = Installation(data)
    name = f"ops_{secrets.token_hex(4)}"
    if _is_postgres():
        _statement(f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(pattern.address).path[1:]}"')
        found.address = _address(name)
    yield found
    if _is_postgres():
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as line:
            made = line.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{name}%",)).fetchall()
            for (one,) in made:
                line.execute(f'DROP DATABASE "{one}" WITH (FORCE)')
