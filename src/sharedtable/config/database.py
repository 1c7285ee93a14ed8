"""Which database: SQLite in the data folder, or the PostgreSQL of DATABASE_URL.

Debian 12's own SQLite (3.40) has a bug that can corrupt a database in WAL mode; 3.51.3 mended it. So the whole
process uses the one that the package `pysqlite3` brings, and refuses to start on an older one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sharedtable.errors import Refused

OLDEST_SQLITE = (3, 51, 3)


def from_environment(address: str | None, folder: Path) -> dict[str, Any]:
    """Gives Django's settings of the database for DATABASE_URL (none: SQLite in the folder).

    Fails with `Refused` for an address of another kind, or when the SQLite at hand is too old.
    """
    if not address:
        return _sqlite(folder / "db.sqlite3")
    parts = urlsplit(address)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    if parts.scheme in {"sqlite", "sqlite3"}:
        # sqlite:////absolute/path, sqlite:///path/from/here, as others write it
        return _sqlite(Path(unquote(parts.path)[1:]).absolute() if len(parts.path) > 1 else folder / "db.sqlite3")
    raise Refused(
        f"DATABASE_URL begins with '{parts.scheme or address[:12]}'. Give postgresql://user:password@host:port/name, "
        "or leave it unset for the embedded database."
    )


def _sqlite(path: Path) -> dict[str, Any]:
    import pysqlite3

    # Before Django's backend imports `sqlite3`: two SQLite libraries with one file in one process lose their locks.
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    if pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Refused(
            f"SQLite {pysqlite3.sqlite_version} can lose data in the way that this program uses it. "
            f"Install a newer package pysqlite3 (SQLite {'.'.join(map(str, OLDEST_SQLITE))} or later)."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)  # for its owner alone, and so the journal that SQLite puts beside it
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Tests use a file too: SQLite's database in memory knows no waiting, so two writers would fail at once.
        "TEST": {"NAME": path.with_name(f"test-{path.name}")},
        "OPTIONS": {
            "timeout": 20,  # seconds; Django hands it on as the busy time-out
            # A writer takes its lock when it begins; one that upgraded later could fail at once, without waiting.
            "transaction_mode": "IMMEDIATE",
            # FULL: with NORMAL a power cut lost acknowledged writes in WAL mode.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
