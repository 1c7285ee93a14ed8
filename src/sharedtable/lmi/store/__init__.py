"""The store: one Parquet file for each table and year, replaced whole, never half.

    root/facts/<table>/<year>.parquet    the figures (zstd, sorted so that a question reads few row groups)
    root/facts/receipts.jsonl            where each figure came from
    root/facts/revision                  a short text that changes with every change of any table
    root/facts/cache/                    derived files; safe to delete

A change is staged beside the files, then written down in a journal, then renamed into place. Whoever is killed
before the journal leaves the old state; whoever is killed after it leaves the new one, completed by the next writer.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.store import questions, receipts
from sharedtable.lmi.store.change import Change
from sharedtable.lmi.store.receipts import Receipt
from sharedtable.lmi.store.sql import NO_EXTENSIONS

if TYPE_CHECKING:
    import duckdb

_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


class Store:
    """A folder of facts. Many may read at once; one writes at a time.

    Reading never waits: a reader sees each file as it was or as it is, never in between.
    """

    def __init__(self, root: Path | str, *, create: bool = False) -> None:
        """Open the store in the folder `root`; with `create`, make an empty one if there is none.

        Fails with Missing when the folder holds no store and `create` is false.
        """
        self.root = Path(root).expanduser().resolve()
        self.facts = self.root / "facts"
        if create:
            try:
                self.facts.mkdir(parents=True, exist_ok=True)
            except OSError as problem:
                raise Refused(f"The folder {self.root} cannot be used for data: {problem.strerror}.") from problem
        elif not self.facts.is_dir():
            raise Missing(
                f"There is no data in {self.root} yet. Load a file with `sharedtable facts load`, "
                "or name another folder with --store."
            )
        self._revision_file = self.facts / "revision"
        self._guard = threading.Lock()  # of the connection
        self._writer = threading.RLock()  # of this object's turn to write; readers never take it
        self._depth = 0
        self._lock_file: int | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._mend()

    @classmethod
    def open(cls, root: Path | str | None = None) -> Store:
        """The store at `root`, or at the folder named by SHAREDTABLE_DATA when `root` is None.

        Fails with Missing when neither names a folder that holds data.
        """
        if root is None:
            root = os.environ.get("SHAREDTABLE_DATA") or None
        if root is None:
            raise Missing("No data folder is named. Use --store, or set SHAREDTABLE_DATA to the folder.")
        return cls(root)

    # -- reading ----------------------------------------------------------------------------------------------------

    @property
    def revision(self) -> str:
        """A short text that is different after any change of any table. Use it as a cache key."""
        try:
            return self._revision_file.read_text("ascii")
        except FileNotFoundError:
            return self._fingerprint()

    @property
    def cache_dir(self) -> Path:
        """A folder for derived files. Whoever deletes it loses time, not facts."""
        folder = self.facts / "cache"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def downloads_dir(self) -> Path:
        """Where the downloader keeps what it fetched."""
        folder = self.facts / "downloads"
        folder.mkdir(exist_ok=True)
        return folder

    def tables(self) -> tuple[str, ...]:
        """The names of the tables that hold at least one year, sorted."""
        return tuple(sorted({path.parent.name for path in self.facts.glob("*/*.parquet") if _year_of(path)}))

    def years(self, table: str) -> tuple[int, ...]:
        """The years of `table` that are loaded, ascending; empty when there are none."""
        return tuple(sorted(year for path in self.facts.glob(f"{table}/*.parquet") if (year := _year_of(path))))

    def path(self, table: str, year: int) -> Path:
        """The Parquet file of that table and year. Fails with Missing when it is not loaded."""
        path = self.target(table, year)
        if not path.is_file():
            have = ", ".join(map(str, self.years(table))) or "none"
            raise Missing(f"The year {year} of '{table}' is not loaded (loaded years: {have}). Load or fetch it first.")
        return path

    def areas(self, year: int) -> frozenset[str]:
        """The QCEW area codes ('39041', 'C1814', 'US000') that are loaded for that year; empty when none are."""
        path = self.target("qcew", year)
        if not path.is_file():
            return frozenset()
        rows = self.cursor().execute("SELECT DISTINCT area_code FROM read_parquet(?)", [str(path)]).fetchall()
        return frozenset(row[0] for row in rows)

    def provenance(self, table: str, year: int) -> list[Receipt]:
        """The receipts of the files that stand behind that table and year, newest first."""
        return receipts.still_standing(receipts.read(self.facts / "receipts.jsonl"), table, year)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for trusted SQL. Use one for each query, and `fetchall`.

        Never give it text that a user wrote; `query` is for that.
        """
        import duckdb

        with self._guard:
            if self._connection is None:
                self._connection = duckdb.connect(
                    config={**NO_EXTENSIONS, "memory_limit": "1GB", "preserve_insertion_order": "true"}
                )
            return self._connection.cursor()

    def query(
        self, sql: str, parameters: Sequence[Any] = (), *, limit: int = 100_000, seconds: float = 20.0
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Answer one SELECT that a user wrote, over the tables of this store and nothing else.

        Each table is a view with the column `year` added. Gives the column names and at most `limit` rows.
        Fails with Refused for anything but one SELECT, for any other file, after `seconds`, and for wrong SQL.
        """
        return questions.ask(self, sql, parameters, limit=limit, seconds=seconds)

    # -- writing ----------------------------------------------------------------------------------------------------

    def replace(
        self,
        table: str,
        year: int,
        select_sql: str,
        parameters: Sequence[Any] = (),
        *,
        cursor: duckdb.DuckDBPyConnection | None = None,
    ) -> bool:
        """Write the rows of `select_sql` as the new file of that table and year.

        The rows are sorted by the table's key. Gives False, and leaves the file untouched, when the content is the
        same. `cursor` is for SQL that names tables of another connection. Fails with Refused when the disk is full.
        """
        with self.writing() as change:
            change.stage(table, year, select_sql, parameters, cursor=cursor)
            return bool(change.commit())

    @contextlib.contextmanager
    def writing(self, *, wait_seconds: float = 60.0) -> Iterator[Change]:
        """The right to write, held by one process at a time; a change that is not committed is thrown away.

        Fails with Refused when another process holds it for longer than `wait_seconds`.
        """
        with self._writer:
            if self._depth == 0:
                self._acquire(wait_seconds)
            self._depth += 1
            change = Change(self)
            try:
                yield change
            finally:
                change.discard()
                self._depth -= 1
                if self._depth == 0 and self._lock_file is not None:
                    os.close(self._lock_file)  # closing gives the lock back
                    self._lock_file = None

    def _acquire(self, wait_seconds: float) -> None:
        try:
            handle = os.open(self.facts / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as problem:
            raise Refused(f"The data folder {self.root} cannot be written: {problem.strerror}.") from problem
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(handle)
                    raise Refused(
                        f"Another load is writing to {self.root} right now. Nothing was changed; "
                        "try again when it is done."
                    ) from None
                time.sleep(0.05)
        self._lock_file = handle
        self._finish_interrupted()

    def _finish_interrupted(self) -> None:
        """Complete a change that had reached its journal, and sweep away what had not. Needs the lock."""
        journal = self.facts / ".journal"
        if journal.is_file():
            with contextlib.suppress(ValueError):
                self.carry_out(json.loads(journal.read_text("utf-8")))
            journal.unlink(missing_ok=True)
        for stray in self.facts.glob("*/.*.new"):
            stray.unlink(missing_ok=True)
        for abandoned in self.facts.glob(".work-*"):
            shutil.rmtree(abandoned, ignore_errors=True)

    def carry_out(self, plan: Mapping[str, Any]) -> None:
        for staged, target in plan["renames"]:
            with contextlib.suppress(FileNotFoundError):  # already renamed before the interruption
                os.replace(self.facts / staged, self.facts / target)
        lines = plan["receipts"]
        path = self.facts / "receipts.jsonl"
        have = set(path.read_text("utf-8").splitlines()) if path.is_file() else set()
        with path.open("a", encoding="utf-8") as out:
            out.writelines(line + "\n" for line in lines if line not in have)
            out.flush()
            os.fsync(out.fileno())
        self._write_revision()

    def _mend(self) -> None:
        """Finish what a killed writer left, if nobody is writing now."""
        if not os.access(self.facts, os.W_OK):
            return
        try:
            stored = self._revision_file.read_text("ascii")
        except FileNotFoundError:
            stored = ""
        if not (self.facts / ".journal").exists() and stored == self._fingerprint():
            return
        with contextlib.suppress(Refused), self.writing(wait_seconds=0):
            self._write_revision()

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(self.facts.glob("*/*.parquet")):
            if _year_of(path):
                with contextlib.suppress(FileNotFoundError):
                    state = path.stat()
                    name = f"{path.parent.name}/{path.name}"
                    digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:20]

    def _write_revision(self) -> None:
        temporary = self.facts / f".revision.{secrets.token_hex(4)}"
        temporary.write_text(self._fingerprint(), "ascii")
        os.replace(temporary, self._revision_file)

    def target(self, table: str, year: int) -> Path:
        if not _TABLE_NAME.fullmatch(table) or not 1900 <= int(year) <= 2200:
            raise Refused(f"'{table}' of {year} is not a table and year that a store can hold.")
        return self.facts / table / f"{int(year)}.parquet"


def _year_of(path: Path) -> int | None:
    return int(path.stem) if re.fullmatch(r"\d{4}", path.stem) else None
