"""The database of a backup: copied while others write, put back beside the old one, looked through before it counts."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from sharedtable.errors import Refused
from sharedtable.ledger.verify import Rows, verify


class Database(Protocol):
    """What both kinds of database can do for a backup."""

    vendor: str
    part: str

    def size(self) -> int: ...
    def is_empty(self) -> bool: ...
    def copy(self, folder: Path) -> Path: ...
    def check(self, copy: Path) -> dict[str, int]: ...
    def replace(self, copy: Path, stamp: str) -> str: ...


def this_database() -> Database:
    """The database of the settings."""
    fields = settings.DATABASES["default"]
    return _PostgreSQL(fields) if fields["ENGINE"].endswith("postgresql") else _SQLite(Path(fields["NAME"]))


def look_through(rows: Rows, tables: Iterable[str]) -> dict[str, int]:
    """Count every table and walk the record. Fails with Refused when the record does not hold."""
    counts = {table: int(next(iter(rows(f'SELECT COUNT(*) FROM "{table}"')))[0]) for table in sorted(tables)}  # noqa: S608 - names from the database's own catalogue
    if "ledger_entry" in counts:
        found = verify(rows)
        if not found.holds:
            raise Refused(f"The record in this backup does not hold: {found.wrong[0]}")
    return counts


class _SQLite:
    vendor, part = "sqlite", "database/db.sqlite3"

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        return sum(path.stat().st_size for path in self._files() if path.exists())

    def _files(self) -> list[Path]:
        return [self.path, *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm"))]

    def is_empty(self) -> bool:
        if not self.path.exists() or not self.path.stat().st_size:
            return True
        with _opened(self.path) as line:
            return not line.execute("SELECT 1 FROM sqlite_master WHERE type = 'table'").fetchone()

    def copy(self, folder: Path) -> Path:
        """VACUUM INTO: one consistent moment, while others go on writing, and no page of what was erased."""
        if not self.path.exists():
            raise Refused(f"There is no database {self.path}. Start the program once before you back it up.")
        target = folder / "db.sqlite3"
        with _opened(self.path) as line:
            line.execute("VACUUM INTO ?", (str(target),))
        target.chmod(0o600)
        return target

    def check(self, copy: Path) -> dict[str, int]:
        with _opened(copy) as line:
            said = [row[0] for row in line.execute("PRAGMA quick_check(1)")]
            if said != ["ok"]:
                raise Refused(f"The database in this backup is damaged ({said[0]}). Take an older one.")
            rows = _rows_of(line)
            names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            return look_through(rows, [row[0] for row in rows(names)])

    def replace(self, copy: Path, stamp: str) -> str:
        """Put the old database aside and the copy in its place; gives where the old one lies."""
        aside = self.path.parent / f"replaced-{stamp}"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        moved = [path for path in self._files() if path.exists()]
        if moved:
            aside.mkdir(mode=0o700)
        for path in moved:
            path.rename(aside / path.name)
        try:
            copy.rename(self.path)
        except OSError:
            for path in moved:
                (aside / path.name).rename(path)
            raise
        return str(aside) if moved else ""


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pysqlite3

    line = pysqlite3.connect(str(path), timeout=60, isolation_level=None)
    try:
        yield line
    except pysqlite3.DatabaseError as error:
        raise Refused(f"The database {path.name} cannot be read or written: {error}. Nothing was changed.") from error
    finally:
        line.close()


def _rows_of(line: Any) -> Rows:
    def rows(sql: str) -> Iterator[Sequence[Any]]:
        cursor = line.cursor()
        cursor.execute(sql)
        while found := cursor.fetchmany(5_000):
            yield from found

    return rows


class _PostgreSQL:
    vendor, part = "postgresql", "database/dump.pgc"

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.name = str(fields["NAME"])

    def _environment(self) -> dict[str, str]:
        pairs = {
            "PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD",
        }  # fmt: skip
        given = {name: str(self.fields[key]) for name, key in pairs.items() if self.fields.get(key)}
        options = self.fields.get("OPTIONS") or {}
        modes = {f"PG{key.upper()}": str(value) for key, value in options.items() if key.startswith("ssl")}
        return {**os.environ, **given, **modes}

    def _run(self, program: str, *words: str) -> None:
        if shutil.which(program) is None:
            raise Refused(f"The program {program} is not here. Install the client of PostgreSQL (postgresql-client).")
        done = subprocess.run([program, *words], env=self._environment(), capture_output=True, text=True, check=False)  # noqa: S603 - fixed programs, no shell
        if done.returncode:
            raise Refused(f"{program} did not work: {done.stderr.strip()[-400:]}. Nothing was changed.")

    @contextmanager
    def _line(self, name: str = "") -> Iterator[Any]:
        import psycopg

        options = self.fields.get("OPTIONS") or {}
        try:
            line = psycopg.connect(
                dbname=name or self.name, host=self.fields["HOST"] or None, port=self.fields["PORT"] or None,
                user=self.fields["USER"] or None, password=self.fields["PASSWORD"] or None, autocommit=True, **options,
            )  # fmt: skip
        except psycopg.OperationalError as error:
            raise Refused(f"The database {name or self.name} cannot be reached: {str(error).strip()}") from error
        with line:
            yield line

    def size(self) -> int:
        with self._line() as line:
            return int(line.execute("SELECT pg_database_size(current_database())").fetchone()[0])

    def is_empty(self) -> bool:
        with self._line() as line:
            return not line.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()

    def copy(self, folder: Path) -> Path:
        target = folder / "dump.pgc"
        self._run("pg_dump", "--format=custom", "--compress=1", "--no-owner", f"--file={target}", self.name)
        return target

    def check(self, copy: Path) -> dict[str, int]:
        """Restored into a database that is made for it and dropped again."""
        name = f"{self.name[:40]}_check_{secrets.token_hex(4)}"
        self._make(name)
        try:
            return self._fill(name, copy)
        finally:
            self._drop(name)

    def _fill(self, name: str, copy: Path) -> dict[str, int]:
        self._run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(copy))
        with self._line(name) as line:
            rows = _pg_rows(line)
            return look_through(
                rows, [row[0] for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
            )

    def _make(self, name: str) -> None:
        import psycopg

        try:
            with self._line() as line:
                line.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except psycopg.errors.InsufficientPrivilege:
            raise Refused(
                f"A backup counts only after it was restored once, and the role “{self.fields['USER']}” may not make a "
                f'database for that. Run once as administrator: ALTER ROLE "{self.fields["USER"]}" CREATEDB'
            ) from None

    def _drop(self, name: str) -> None:
        with self._line() as line:
            line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def replace(self, copy: Path, stamp: str) -> str:
        """Fill a new database, then change names: the old one stays under its new name."""
        fresh, aside = f"{self.name[:40]}_new_{stamp}", f"{self.name[:40]}_replaced_{stamp}"
        was_empty = self.is_empty()
        self._make(fresh)
        try:
            self._fill(fresh, copy)
            with self._line("postgres") as line:
                others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
                if line.execute(others, (self.name,)).fetchone()[0]:
                    raise Refused(f"Somebody still uses the database {self.name}. Stop all processes, then try again.")
                line.execute(f'ALTER DATABASE "{self.name}" RENAME TO "{aside}"')
                line.execute(f'ALTER DATABASE "{fresh}" RENAME TO "{self.name}"')
                if was_empty:
                    line.execute(f'DROP DATABASE "{aside}"')
        except Refused:
            self._drop(fresh)
            raise
        return "" if was_empty else aside


def _pg_rows(line: Any) -> Rows:
    def rows(sql: str) -> Iterator[Sequence[Any]]:
        with line.transaction(), line.cursor(name=f"c{secrets.token_hex(4)}") as cursor:
            cursor.itersize = 5_000
            cursor.execute(sql)
            yield from cursor

    return rows
