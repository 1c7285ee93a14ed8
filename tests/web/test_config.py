"""The installation: its key, its database, its settings."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sharedtable.config import database, keys
from sharedtable.errors import Refused


def test_the_first_start_makes_a_key_that_only_the_owner_reads_and_the_next_reads_it(tmp_path):
    key = keys.secret_key(tmp_path / "new" / "folder")
    file = tmp_path / "new" / "folder" / "secret.key"
    assert len(key) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.secret_key(file.parent) == key
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


def test_processes_that_start_together_get_the_same_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(lambda _: keys.secret_key(tmp_path), range(64)))) == 1


def test_two_installations_have_two_keys(tmp_path):
    assert keys.secret_key(tmp_path / "a") != keys.secret_key(tmp_path / "b")


def test_a_key_that_others_can_read_is_refused_with_the_command_that_mends_it(tmp_path):
    keys.secret_key(tmp_path)
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(Refused, match="chmod 600"):
        keys.secret_key(tmp_path)


def test_a_short_key_is_refused(tmp_path):
    with pytest.raises(Refused, match="has 5 characters"):
        keys.secret_key(tmp_path, "short")
    (tmp_path / "secret.key").write_text("short")
    (tmp_path / "secret.key").chmod(0o600)
    with pytest.raises(Refused, match="too short"):
        keys.secret_key(tmp_path)


def test_a_key_from_the_environment_leaves_no_file(tmp_path):
    assert keys.secret_key(tmp_path, "k" * 50) == "k" * 50
    assert not list(tmp_path.iterdir())


def test_a_postgresql_address_is_taken_apart_with_its_escapes(tmp_path):
    found = database.from_environment("postgresql://us%40er:p%2Fw@db.example:5433/facts?sslmode=require", tmp_path)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("us@er", "p/w", "db.example", "5433")
    assert found["NAME"] == "facts"
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_without_an_address_the_database_is_a_file_in_the_folder(tmp_path):
    assert database.from_environment("", tmp_path / "d")["NAME"] == tmp_path / "d" / "db.sqlite3"
    assert (
        database.from_environment("sqlite:////srv/x.sqlite3".replace("/srv", str(tmp_path)), tmp_path)["NAME"]
        == tmp_path / "x.sqlite3"
    )


def test_another_kind_of_database_is_refused_without_showing_its_password(tmp_path):
    with pytest.raises(Refused, match="begins with 'mysql'") as refusal:
        database.from_environment("mysql://me:geheim@db/x", tmp_path)
    assert "geheim" not in str(refusal.value)


def test_an_old_sqlite_is_refused(tmp_path, monkeypatch):
    import pysqlite3

    monkeypatch.setattr(pysqlite3, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(Refused, match=r"3\.51\.3 or later"):
        database.from_environment(None, tmp_path)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "False False ['localhost', '127.0.0.1', '[::1]'] False"),
        (
            {"SHAREDTABLE_LOCAL": "1", "SHAREDTABLE_HOSTS": "a.example, b.example"},
            "False True ['localhost', '127.0.0.1', '[::1]', 'a.example', 'b.example'] False",
        ),
        ({"SHAREDTABLE_HTTPS": "1"}, "False False ['localhost', '127.0.0.1', '[::1]'] True"),
    ],
)
def test_settings_follow_the_environment(tmp_path, environment, expected):
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith("SHAREDTABLE_") and key != "DATABASE_URL"
    }
    code = (
        "from sharedtable.config import settings as s; print(s.DEBUG, s.LOCAL, s.ALLOWED_HOSTS, s.CSRF_COOKIE_SECURE)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command,
        env={**clean, "SHAREDTABLE_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected


def test_every_variable_that_the_settings_read_is_in_the_table_at_their_top():
    import re
    from pathlib import Path

    from sharedtable.config import settings

    text = Path(settings.__file__).read_text(encoding="utf-8")
    read = set(re.findall(r'environ\.get\("([A-Z_]+)"', text))
    assert read == set(re.findall(r"^\| ([A-Z][A-Z_]+) +\|", settings.__doc__, re.MULTILINE))
