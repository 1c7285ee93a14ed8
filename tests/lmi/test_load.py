"""Loading: all or nothing, the same twice, two at once, killed in the middle."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import base
from sharedtable.lmi.intake import loading
from sharedtable.lmi.intake.load import Limits, load
from sharedtable.lmi.progress import Step
from sharedtable.lmi.store import Store
from tests.lmi.files import refusal, snapshot, write


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", create=True)


@pytest.fixture(scope="session")
def slice_text(shared: Path) -> str:
    """The real slice of Delaware County, 2020, as text."""
    path = shared / "data/qcew/area_api_ohio/morpc-qcew-2020-a-39041.csv.gz"
    return gzip.decompress(path.read_bytes()).decode()


def test_a_folder_a_pattern_and_a_file_may_be_mixed_and_each_file_counts_once(shared: Path, store: Store) -> None:
    folder = shared / "data/qcew/area_api_ohio"
    report = load(
        [folder / "*-39041.csv.gz", folder / "morpc-qcew-2020-a-39041.csv.gz", str(folder / "*2021*-39049.csv.gz")],
        store,
    )
    assert len(report.files) == 4
    assert report.changed == {"qcew": (2020, 2021, 2022)}
    assert report.files[0].rows == 1553
    assert report.files[0].areas == ("39041",)
    assert {file.status for file in report.files} == {"loaded"}
    assert store.areas(2021) == {"39041", "39049"}
    assert store.years("us_base") == (2020, 2021, 2022)


def test_loading_the_same_files_again_changes_nothing(shared: Path, store: Store) -> None:
    folder = shared / "data/qcew/area_api_ohio"
    load(folder, store, isolated=False)
    before, revision = snapshot(store), store.revision
    report = load(folder, store, isolated=False)
    assert {file.status for file in report.files} == {"unchanged"}
    assert report.changed == {}
    assert snapshot(store) == before
    assert store.revision == revision


def test_a_revised_file_replaces_its_area_and_leaves_the_others(slice_text: str, store: Store, tmp_path: Path) -> None:
    load(write(tmp_path / "a.csv", slice_text), store, isolated=False)
    load(write(tmp_path / "b.csv", slice_text.replace("39041,", "39049,")), store, isolated=False)
    revised = slice_text.replace("39041,0,10,70,0,2020,A,,5891,84743,", "39041,0,10,70,0,2020,A,,5891,84999,")
    report = load(write(tmp_path / "c.csv", revised), store, isolated=False)
    assert report.files[0].status == "loaded"
    sql = "SELECT area_code, employment_jobs FROM qcew WHERE own_code = 0 ORDER BY 1"
    assert store.query(sql)[1] == [("39041", 84999), ("39049", 84743)]
    assert [receipt.file_name for receipt in store.provenance("qcew", 2020)] == ["c.csv", "b.csv"]


def test_a_receipt_tells_the_file_its_checksum_and_vintage(slice_text: str, store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "slice.csv", slice_text)
    load(path, store)
    (receipt,) = store.provenance("qcew", 2020)
    assert receipt.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert receipt.bytes == path.stat().st_size
    assert receipt.source_id == "qcew-annual-area"
    assert receipt.vintage == "QCEW annual averages 2020"
    assert receipt.areas == ("39041",)
    assert receipt.address is None


@pytest.mark.parametrize(
    "wrap",
    [
        lambda data: data,
        gzip.compress,
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
        lambda data: data.rstrip(b"\n"),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b"\n", b"\n\n", 3),
        lambda data: gzip.compress(data[:5000]) + gzip.compress(data[5000:]),
    ],
    ids=["plain", "gzip", "mark", "crlf", "mark-crlf", "no-last-newline", "utf16", "blank-lines", "two-gzip-members"],
)
def test_the_same_figures_in_any_dress_give_the_same_table(
    slice_text: str, store: Store, tmp_path: Path, wrap: Callable[[bytes], bytes]
) -> None:
    plain = Store(tmp_path / "plain", create=True)
    load(write(tmp_path / "plain.csv", slice_text), plain, isolated=False)
    load(write(tmp_path / "dressed.csv", wrap(slice_text.encode())), store, isolated=False)
    assert store.path("qcew", 2020).read_bytes() == plain.path("qcew", 2020).read_bytes()


def test_a_zip_of_many_files_is_read_member_by_member(shared: Path, store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "2016_qtrly_by_area.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((shared / "data/qcew/bls_by_area_2016_csv").glob("*.csv.gz"))[:5]:
            archive.writestr(f"../../2016.q1-q4.by_area/{path.stem}", gzip.decompress(path.read_bytes()))
        archive.writestr("readme.txt", "not figures")
    (report,) = load(tmp_path / "2016_qtrly_by_area.zip", store, isolated=False).files
    assert len(report.areas) == 5
    assert report.kind == "qcew_quarterly"
    assert store.areas(2016) == set(report.areas)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2016_qtrly_by_area.zip", "data"]


def test_published_annual_figures_are_never_replaced_by_those_made_from_quarters(
    shared: Path, slice_text: str, store: Store, tmp_path: Path
) -> None:
    quarterly = next((shared / "data/qcew/bls_by_area_2016_csv").glob("*39041*"))
    load(quarterly, store, isolated=False)
    origin = "SELECT DISTINCT origin FROM qcew WHERE year = 2016"
    assert store.query(origin)[1] == [("quarters",)]
    annual = write(tmp_path / "annual.csv", slice_text.replace(",0,2020,A,", ",0,2016,A,"))
    load(annual, store, isolated=False)
    assert store.query(origin)[1] == [("annual",)]
    load(quarterly, store, isolated=False)
    assert store.query(origin)[1] == [("annual",)]


def test_three_quarters_give_no_annual_figures(shared: Path, store: Store, tmp_path: Path) -> None:
    path = next((shared / "data/qcew/bls_by_area_2016_csv").glob("*39041*"))
    rows = list(csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
    with (tmp_path / "three.csv").open("w", newline="") as out:
        csv.writer(out).writerows(row for row in rows if row[6] != "4")
    load(tmp_path / "three.csv", store, isolated=False)
    assert store.years("qcew_quarterly") == (2016,)
    assert store.areas(2016) == frozenset()


def test_one_bad_file_among_good_ones_keeps_all_of_them_out(slice_text: str, store: Store, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", slice_text)
    bad = write(tmp_path / "bad.csv", slice_text.replace("39041,", "39045,").replace(",84743,", ",x,"))
    with pytest.raises(Refused, match="bad.csv, line 2"):
        load([good, bad], store, isolated=False)
    assert store.tables() == ()


def test_a_changed_header_is_refused_with_the_missing_and_the_new_columns(
    slice_text: str, store: Store, tmp_path: Path
) -> None:
    changed = slice_text.replace("annual_avg_emplvl,total", "annual_mean_employment,total", 1)
    sentence = refusal(write(tmp_path / "new.csv", changed), store)
    assert "missing: 'annual_avg_emplvl'" in sentence
    assert "new: 'annual_mean_employment'" in sentence
    assert "QCEW annual averages" in sentence


def test_columns_in_another_order_are_read_by_their_names(slice_text: str, store: Store, tmp_path: Path) -> None:
    plain = Store(tmp_path / "plain", create=True)
    load(write(tmp_path / "plain.csv", slice_text), plain, isolated=False)
    rows = list(csv.reader(io.StringIO(slice_text)))
    with (tmp_path / "turned.csv").open("w", newline="") as out:
        csv.writer(out).writerows(row[::-1] for row in rows)
    load(tmp_path / "turned.csv", store, isolated=False)
    assert store.path("qcew", 2020).read_bytes() == plain.path("qcew", 2020).read_bytes()


def test_two_files_with_the_same_area_are_refused_by_name(slice_text: str, store: Store, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", slice_text)
    write(tmp_path / "b.csv", slice_text.replace(",84743,", ",84744,"))
    with pytest.raises(Refused, match=r"b.csv and a.csv both hold area 39041 in 2020"):
        load(tmp_path, store, isolated=False)


def test_a_title_in_latin_letters_of_old_files_does_not_stop_the_figures(
    shared: Path, store: Store, tmp_path: Path
) -> None:
    path = next((shared / "data/qcew/bls_by_area_2016_csv").glob("*39041*"))
    text = gzip.decompress(path.read_bytes()).replace(b"Delaware County, Ohio", b"Do\xf1a Ana County, New Mexico")
    (report,) = load(write(tmp_path / "old.csv", text), store, isolated=False).files
    assert report.rows == 6180
    assert report.areas == ("39041",)


def test_a_path_that_names_nothing_is_missing(store: Store, tmp_path: Path) -> None:
    for nothing in (tmp_path / "none.csv", str(tmp_path / "*.csv"), tmp_path):
        with pytest.raises(Missing):
            load(nothing, Store(tmp_path / "s", create=True) if nothing == tmp_path else store, isolated=False)


def test_progress_is_told_across_the_process_boundary(slice_text: str, store: Store, tmp_path: Path) -> None:
    steps: list[Step] = []
    load(write(tmp_path / "a.csv", slice_text), store, progress=steps.append)
    assert [step.task for step in steps] == ["Open files", "Read figures", "Write the store", "Write the store"]
    assert steps[-1].done == steps[-1].total == 1


def test_a_load_that_takes_too_long_is_stopped_and_changes_nothing(shared: Path, store: Store) -> None:
    with pytest.raises(Refused, match="longer than 0.05 seconds"):
        load(shared / "data/qcew/area_api_ohio", store, limits=Limits(wall_seconds=0.05))
    assert store.tables() == ()


def test_a_worker_without_enough_memory_refuses_and_the_caller_lives_on(shared: Path, store: Store) -> None:
    with pytest.raises(Refused, match=r"memory|stopped in the middle"):
        load(shared / "data/qcew/area_api_ohio", store, limits=Limits(address_space_bytes=200 << 20))
    assert store.tables() == ()


def test_a_load_killed_in_the_middle_leaves_the_old_figures(shared: Path, slice_text: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "data", create=True)
    load(write(tmp_path / "a.csv", slice_text), store, isolated=False)
    before = store.path("qcew", 2020).read_bytes()
    revision = store.revision
    script = (
        "import sys, time\n"
        "from sharedtable.lmi.store.change import Change\n"
        "from sharedtable.lmi.intake.load import load\n"
        "from sharedtable.lmi.store import Store\n"
        "Change.commit = lambda self, notes=(): (print('staged', flush=True), time.sleep(60))\n"
        f"load({str(shared / 'data/qcew/area_api_ohio')!r}, Store({str(store.root)!r}), isolated=False)\n"
    )
    victim = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert victim.stdout is not None
    assert victim.stdout.readline() == "staged\n"
    assert list(store.facts.glob("*/.*.new"))
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait(30)
    victim.stdout.close()
    again = Store(store.root)
    assert again.path("qcew", 2020).read_bytes() == before
    assert again.revision == revision
    assert len(load(shared / "data/qcew/area_api_ohio", again, isolated=False).files) == 45
    assert not list(store.facts.glob("*/.*.new"))
    assert not list(store.facts.glob(".work-*"))


def test_two_loads_at_once_both_arrive(slice_text: str, store: Store, tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{c}.csv", slice_text.replace("39041,", f"{c},")) for c in ("39041", "39049")]
    threads = [threading.Thread(target=load, args=(path, Store(store.root))) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert store.areas(2020) == {"39041", "39049"}


def test_the_base_is_rebuilt_for_the_years_that_were_touched(
    slice_text: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(loading.base, "rebuild", lambda where, years: asked.append((where.root, list(years))))
    load(write(tmp_path / "a.csv", slice_text), store, isolated=False)
    assert asked == [(store.root, [2020])]
    assert base is loading.base
