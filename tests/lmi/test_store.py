"""The store: whole files, one writer, no half states, and no way out for a user's SQL."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.store import Store, change
from sharedtable.lmi.store.receipts import Receipt

ROWS = (
    "SELECT '39041' AS area_code, 5::TINYINT AS own_code, code AS industry_code, 76::TINYINT AS level_code, "
    "{jobs}::INTEGER AS employment_jobs FROM (VALUES ('3262'), ('3261')) t(code)"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", create=True)


def jobs(store: Store, year: int = 2020) -> list[tuple[str, int]]:
    sql = "SELECT industry_code, employment_jobs FROM read_parquet(?)"
    return store.cursor().execute(sql, [str(store.path("qcew", year))]).fetchall()


def test_a_folder_without_data_is_named_in_the_refusal(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"There is no data in .*nothing"):
        Store(tmp_path / "nothing")


def test_without_a_folder_the_environment_is_used_and_else_asked_for(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.setenv("SHAREDTABLE_DATA", str(store.root))
    assert Store.open().root == store.root
    monkeypatch.delenv("SHAREDTABLE_DATA")
    with pytest.raises(Missing, match="SHAREDTABLE_DATA"):
        Store.open()


def test_rows_are_kept_sorted_by_the_key_of_the_table(store: Store) -> None:
    assert store.replace("qcew", 2020, ROWS.format(jobs=7))
    assert jobs(store) == [("3261", 7), ("3262", 7)]
    assert store.years("qcew") == (2020,)
    assert store.areas(2020) == {"39041"}
    assert store.areas(2021) == frozenset()


def test_the_same_rows_again_change_neither_the_file_nor_the_revision(store: Store) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    before = (store.revision, store.path("qcew", 2020).stat().st_mtime_ns, store.path("qcew", 2020).read_bytes())
    assert store.replace("qcew", 2020, ROWS.format(jobs=7)) is False
    assert (
        store.revision,
        store.path("qcew", 2020).stat().st_mtime_ns,
        store.path("qcew", 2020).read_bytes(),
    ) == before
    assert store.replace("qcew", 2020, ROWS.format(jobs=8)) is True
    assert store.revision != before[0]


def test_a_missing_year_says_which_years_there_are(store: Store) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    with pytest.raises(Missing, match=r"2019 of 'qcew' is not loaded \(loaded years: 2020\)"):
        store.path("qcew", 2019)


@pytest.mark.parametrize("table", ["../qcew", "qcew/../../x", "", "Q", "a" * 50])
def test_a_table_name_cannot_leave_the_folder(store: Store, table: str) -> None:
    with pytest.raises(Refused, match="not a table"):
        store.replace(table, 2020, "SELECT 1 AS x")


def test_a_change_that_is_not_committed_leaves_nothing(store: Store) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    revision = store.revision
    with store.writing() as pending:
        assert pending.stage("qcew", 2020, ROWS.format(jobs=9))
    assert jobs(store)[0][1] == 7
    assert store.revision == revision
    assert sorted(path.name for path in (store.facts / "qcew").iterdir()) == ["2020.parquet"]


def test_wrong_sql_leaves_no_stray_file(store: Store) -> None:
    with pytest.raises(Exception, match="nowhere"):
        store.replace("qcew", 2020, "SELECT * FROM nowhere")
    assert not list(store.facts.glob("*/*"))


def test_a_full_disk_is_told_and_the_old_figures_stay(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(change, "_sync", full)
    with pytest.raises((Refused, OSError)):
        store.replace("qcew", 2020, ROWS.format(jobs=9))
    monkeypatch.undo()
    assert jobs(store)[0][1] == 7
    assert not list(store.facts.glob("*/.*.new"))
    assert store.replace("qcew", 2020, ROWS.format(jobs=9))


def test_a_disk_that_fills_while_writing_is_told(tmp_path: Path) -> None:
    """A file-size limit is the nearest thing to a full disk that a test can make without being root."""
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from sharedtable.lmi.store import Store\n"
        "from sharedtable.errors import Refused\n"
        f"store = Store({str(tmp_path)!r}, create=True)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "try:\n"
        "    store.replace('qcew', 2020, 'SELECT i AS level_code, hash(i) AS area_code, 0 AS own_code, "
        "hash(i + 1) AS industry_code FROM range(50000) t(i)')\n"
        "except Refused as problem:\n"
        "    print(problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert "cannot be written" in done.stdout
    assert "old figures are untouched" in done.stdout
    assert not list((tmp_path / "facts").glob("*/*"))


def test_a_writer_killed_before_the_journal_leaves_the_old_figures(store: Store) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    revision = store.revision
    stray = store.facts / "qcew" / ".2020.abc.new"
    stray.write_bytes(b"half a file")
    again = Store(store.root)
    assert jobs(again)[0][1] == 7
    assert again.revision == revision
    again.replace("qcew", 2021, ROWS.format(jobs=1))
    assert not stray.exists()


def test_a_writer_killed_after_the_journal_is_completed_by_the_next(store: Store, tmp_path: Path) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    revision = store.revision
    other = Store(tmp_path / "other", create=True)
    other.replace("qcew", 2020, ROWS.format(jobs=8))
    staged = store.facts / "qcew" / ".2020.abc.new"
    staged.write_bytes(other.path("qcew", 2020).read_bytes())
    receipt = Receipt("qcew-annual-area", "a.csv", 1, "00", "2020", "2026-01-01", tables={"qcew": (2020,)})
    plan = {"renames": [[f"qcew/{staged.name}", "qcew/2020.parquet"]], "receipts": [receipt.to_line()]}
    (store.facts / ".journal").write_text(json.dumps(plan))
    again = Store(store.root)
    assert jobs(again)[0][1] == 8
    assert again.revision != revision
    assert not (store.facts / ".journal").exists()
    assert again.provenance("qcew", 2020) == [receipt]


def test_readers_see_the_old_or_the_new_figures_and_never_a_mixture(store: Store) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=0))
    stop, faults, seen = threading.Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            values = {value for _, value in jobs(store)}
            if len(values) != 1:
                faults.append(values)
            seen.update(values)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for value in range(1, 16):
        store.replace("qcew", 2020, ROWS.format(jobs=value))
    stop.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert len(seen) > 1


def _hold(root: str, ready: object, release: object) -> None:
    with Store(root).writing():
        ready.set()  # type: ignore[attr-defined]
        release.wait(30)  # type: ignore[attr-defined]


def test_a_second_writer_waits_or_is_told_who_is_writing(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    ready, release = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(str(store.root), ready, release))
    holder.start()
    try:
        assert ready.wait(30)
        with pytest.raises(Refused, match="Another load is writing"), store.writing(wait_seconds=0.1):
            pytest.fail("two writers at once")
        threading.Timer(0.3, release.set).start()
        started = time.monotonic()
        with store.writing(wait_seconds=30):
            assert time.monotonic() - started > 0.1
    finally:
        release.set()
        holder.join(30)


def test_a_store_that_cannot_be_written_can_still_be_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    (store.facts / "revision").unlink()

    def denied(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "open", denied)
    reader = Store(store.root)
    assert jobs(reader)[0][1] == 7
    assert reader.revision
    with pytest.raises(Refused, match="cannot be written: Permission denied"):
        reader.replace("qcew", 2020, ROWS.format(jobs=8))


def test_a_question_sees_each_table_with_its_years(store: Store) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    store.replace("qcew", 2021, ROWS.format(jobs=9))
    names, rows = store.query("SELECT year, sum(employment_jobs) AS jobs FROM qcew GROUP BY ALL ORDER BY ALL")
    assert names == ("year", "jobs")
    assert rows == [(2020, 14), (2021, 18)]
    assert store.query("SELECT ? + 1", [4])[1] == [(5,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_blob('{facts}/revision')",
        "SELECT * FROM read_json('{facts}/receipts.jsonl')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('{facts}/qcew/*.parquet')",
        "COPY qcew TO '{facts}/stolen.csv'",
        "COPY (SELECT 1 AS x) TO '{facts}/qcew/2020.parquet'",
        "ATTACH '{facts}/other.db'",
        "EXPORT DATABASE '{facts}/all'",
        "INSTALL httpfs",
        "LOAD json",
        "SET enable_external_access = true",
        "SELECT 1; COPY (SELECT 1) TO '{facts}/x.csv'",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW qcew",
        "SELECT * FROM query('COPY (SELECT 1) TO ''{facts}/x.csv''')",
        "PRAGMA database_list",
        "SELEC 1",
        "",
    ],
)
def test_a_users_sql_reads_the_tables_and_can_touch_nothing_else(store: Store, sql: str) -> None:
    store.replace("qcew", 2020, ROWS.format(jobs=7))
    before = sorted((path, path.stat().st_mtime_ns) for path in store.facts.rglob("*"))
    with pytest.raises(Refused):
        store.query(sql.format(facts=store.facts))
    assert sorted((path, path.stat().st_mtime_ns) for path in store.facts.rglob("*")) == before


def test_a_question_that_never_ends_is_stopped(store: Store) -> None:
    with pytest.raises(Refused, match="longer than"):
        store.query(
            "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE hash(a.range) = b.range", seconds=0.3
        )
