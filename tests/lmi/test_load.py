"""Loading: all or nothing, the same twice, named faults, limits, isolation."""

from __future__ import annotations

import csv
import gzip
import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import base, loading, oews
from sharedtable.lmi.load import Limits, load
from sharedtable.lmi.progress import Step
from sharedtable.lmi.projections_template import COLUMNS
from sharedtable.lmi.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", create=True)


@pytest.fixture(scope="session")
def slice_text(shared: Path) -> str:
    """The real slice of Delaware County, 2020, as text."""
    path = shared / "data/qcew/area_api_ohio/morpc-qcew-2020-a-39041.csv.gz"
    return gzip.decompress(path.read_bytes()).decode()


def snapshot(store: Store) -> dict[str, bytes]:
    return {str(p.relative_to(store.root)): p.read_bytes() for p in store.facts.rglob("*") if p.is_file()}


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path, store: Store) -> str:
    before = snapshot(store)
    with pytest.raises(Refused) as caught:
        load(path, store, isolated=False)
    after = snapshot(store)
    after.pop("facts/.lock", None)
    before.pop("facts/.lock", None)
    assert after == before
    return str(caught.value)


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
    import hashlib

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


FAULTS = {
    "letters in jobs": (",5891,84743,", ",5891,many,", "line 2: 'many' in annual_avg_emplvl is not a whole number"),
    "a decimal point for thousands": (",5891,84743,", ",5891,84.743,", "line 2: '84.743' in annual_avg_emplvl"),
    "negative jobs": (",5891,84743,", ",5891,-84743,", "line 2: '-84743' in annual_avg_emplvl"),
    "empty jobs": (",5891,84743,", ",5891,,", "line 2: '' in annual_avg_emplvl"),
    "not a number": (",5891,84743,", ",5891,nan,", "line 2: 'nan' in annual_avg_emplvl"),
    "jobs beyond all people": (",5891,84743,", ",5891,99999999999,", "line 2: '99999999999'"),
    "a lost zero": ("39041,0,10,70", "9041,0,10,70", "dropped its leading zero"),
    "an unknown ownership": ("39041,0,10,70", "39041,X,10,70", "'X' is not an ownership code"),
    "a word for an industry": ("39041,0,10,70", "39041,0,Total,70", "'Total' is not an industry code"),
    "another year": (",70,0,2020,A", ",70,0,1066,A", "'1066' is not a year"),
    "a quarter in an annual file": ("71,0,2020,A", "71,0,2020,2", "'2' is not a quarter"),
    "a new disclosure code": ("0,2020,A,,5891", "0,2020,A,Q,5891", "'Q' in disclosure_code"),
    "a missing value": (",5891,84743,", ",5891,", "there are 37 values where the header names 38 columns"),
    "one value too many": (",5891,84743,", ",5891,84743,1,", "there are 39 values"),
    "two years": ("39041,1,10,71,0,2020", "39041,1,10,71,0,2021", "the year is 2021 in a file that begins with 2020"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=list(FAULTS))
def test_a_bad_row_is_refused_with_its_file_and_line(slice_text: str, store: Store, tmp_path: Path, fault: str) -> None:
    before, after, words = FAULTS[fault]
    assert before in slice_text
    sentence = refusal(write(tmp_path / "delaware.csv", slice_text.replace(before, after, 1)), store)
    assert sentence.startswith("delaware.csv, line ")
    assert words in sentence
    assert "Nothing was loaded" in sentence


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


def bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as stream:
        for _ in range(80):
            stream.write(b"0" * (1 << 20))
    return packed.getvalue()


def zip_of(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return packed.getvalue()


HOSTILE: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda text: b"", "the file is empty"),
    "only blanks": (lambda text: b" \n\n ", "the file is empty"),
    "a web page": (lambda text: b"<!DOCTYPE html><html>Access denied</html>", "this is a web page"),
    "a picture": (lambda text: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, "not a text file"),
    "an old workbook": (lambda text: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "not a text file"),
    "a header alone": (lambda text: text.splitlines()[0].encode(), "no figures"),
    "semicolons": (lambda text: text.replace(",", ";").encode(), "separated by semicolons"),
    "another table": (lambda text: b"name,address\nA,B\n", "not a file that Shared Table knows"),
    "a cut gzip": (lambda text: gzip.compress(text.encode())[:-900], "broken or was cut short"),
    "a harmed gzip": (lambda text: gzip.compress(text.encode())[:2000] + b"\x00" * 3000, "broken or was cut short"),
    "a gzip bomb": (lambda text: bomb(), "unpacks to more than"),
    "a zip without figures": (lambda text: zip_of(readme=b"hello"), "no CSV file in the archive"),
    "a zip bomb": (lambda text: zip_of(a_csv=b"0" * (80 << 20)), "unpacks to more than"),
    "a cut zip": (lambda text: zip_of(a_csv=text.encode())[:-200], "broken or was cut short"),
    "a bad member": (lambda text: zip_of(a_csv=text.encode(), b_csv=b"x,y\n1,2\n"), "› b.csv: this is not a file"),
    "one industry only": (
        lambda text: "\n".join([text.splitlines()[0], *[r for r in text.splitlines() if ",3261,76," in r]]).encode(),
        "only some industries of area 39041",
    ),
    "sizes only": (lambda text: text.replace(",0,2020,A", ",3,2020,A").encode(), "no figures"),
    "a row twice": (lambda text: (text + text.splitlines()[5] + "\n").encode(), "is there twice"),
    "a column twice": (lambda text: text.replace("own_code", "area_fips", 1).encode(), "there twice"),
    "an open quote": (lambda text: text.replace("39041,1,10", '"39041,1,10', 1).encode(), "line "),
    "a null byte": (lambda text: text.replace("39041,2,10", "39\x00041,2,10", 1).encode(), ""),
}


@pytest.mark.parametrize("case", HOSTILE, ids=list(HOSTILE))
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(
    slice_text: str, store: Store, tmp_path: Path, case: str
) -> None:
    make, words = HOSTILE[case]
    sentence = refusal(write(tmp_path / "odd.csv", make(slice_text)), store)
    assert sentence.startswith("odd.csv")
    assert words in sentence
    assert sentence.endswith(".")
    assert "Traceback" not in sentence


@pytest.mark.parametrize("case", ["a web page", "a cut gzip", "a zip bomb", "an open quote", "a picture"])
def test_the_worker_refuses_with_the_same_sentence(slice_text: str, store: Store, tmp_path: Path, case: str) -> None:
    path = write(tmp_path / "odd.csv", HOSTILE[case][0](slice_text))
    inside = refusal(path, store)
    with pytest.raises(Refused) as caught:
        load(path, store)
    assert str(caught.value) == inside


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
        "from sharedtable.lmi.change import Change\n"
        "from sharedtable.lmi.load import load\n"
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


# -- OEWS and projections ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wages(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The OEWS release that the installed package ships, loaded."""
    store = Store(tmp_path_factory.mktemp("oews"), create=True)
    load(oews.package_file(), store, isolated=False)
    return store


def test_the_database_and_the_parquet_form_of_oews_give_the_same_tables(shared: Path, wages: Store) -> None:
    report = load(shared / "data/oews", wages, isolated=False)
    assert report.changed == {}
    assert {file.status for file in report.files} == {"unchanged"}
    assert wages.query("SELECT count(*) FROM oews")[1] == [(236_799,)]
    assert wages.query("SELECT count(*) FROM oews_staffing")[1] == [(133_373,)]


def test_what_oews_does_not_release_is_null_and_a_top_code_is_named(wages: Store) -> None:
    sql = """SELECT count(*) FILTER (employment_jobs IS NULL), count(*) FILTER (is_top_coded IS NOT NULL),
                    min(employment_jobs), count(*) FILTER (contains(is_top_coded, 'annual_p90_usd')
                    AND annual_p90_usd IS NOT NULL) FROM oews"""
    unreleased, capped, least, both = wages.query(sql)[1][0]
    assert (unreleased, capped, least, both) == (5_010, 350, 30, 0)
    one = """SELECT is_top_coded FROM oews WHERE area_code = '0010540' AND occupation_code = '29-1215'"""
    assert "annual_mean_usd" in wages.query(one)[1][0][0]


def test_the_codes_of_oews_industries_are_read_as_naics(wages: Store) -> None:
    sql = "SELECT DISTINCT industry_code, naics_code, own FROM oews_staffing"
    named = {code: (naics, own) for code, naics, own in wages.query(sql)[1]}
    assert named["326100"] == ("3261", "all")
    assert named["31--34"] == ("31-33", "all")
    assert named["11--12"] == ("11", "all")
    assert named["44--46"] == ("44-45", "all")
    assert named["238110"] == ("23811", "all")
    assert named["722511"] == ("722511", "all")
    assert named["3250A1"] == ("3251,3252,3253,3259", "all")
    assert named["622005"] == ("622", "private")
    assert named["611103"] == ("6111", "local")
    assert named["000001"] == (None, "private")
    assert named["999100"][1] == "federal"
    assert named["999200"][1] == "state"


def test_the_shares_of_an_industry_are_of_its_own_total(wages: Store) -> None:
    sql = """SELECT max(abs(total - 1)), max(parts) FROM (
                SELECT sum(share_ratio) FILTER (level_code = 'total') AS total,
                       sum(share_ratio) FILTER (level_code = 'major') AS parts
                FROM oews_staffing GROUP BY industry_code)"""
    total, parts = wages.query(sql)[1][0]
    assert total == 0
    assert 0.9 < parts < 1.01  # rounded cells, some of them not released


def test_occupation_projections_are_jobs_and_titles_lose_their_synonyms(shared: Path, store: Store) -> None:
    path = shared / "data/projections/bls_ep_occupation_2024_2034.csv"
    (report,) = load(path, store, isolated=False).files
    assert (report.rows, report.years) == (832, (2024,))
    sql = "SELECT * EXCLUDE (year, change_pct) FROM occupation_projections WHERE occupation_code = '{}'"
    found = store.query(sql.format("13-2011"))[1][0]
    assert found == (
        "13-2011",
        "Accountants and auditors",
        1_579_800,
        1_652_600,
        124_200,
        81_680,
        "Bachelor's degree",
        2024,
        2034,
    )
    assert store.query("SELECT median_wage_usd FROM occupation_projections WHERE occupation_code = '27-2011'")[1] == [
        (None,)
    ]
    assert store.query("SELECT count(*) FROM occupation_projections WHERE contains(occupation_title, '*')")[1] == [(0,)]


def template(path: Path, *rows: tuple[object, ...], lead: int = 0) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(lead):
        sheet.append(["A note above the table"])
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


GOOD = ("39000", "Ohio", "3261", "Plastics", 2024, 2034, 1000, 1100, "Ohio LMI", "https://example.org/p")
BLANK = ("39000", "Ohio", "333", "Machinery", 2024, 2034, None, 900.0, "Ohio LMI", None)


@pytest.mark.parametrize("isolated", [True, False])
def test_a_filled_in_workbook_is_loaded_and_blank_jobs_are_null(store: Store, tmp_path: Path, isolated: bool) -> None:
    load(template(tmp_path / "ohio.xlsx", GOOD, BLANK, lead=2), store, isolated=isolated)
    sql = """SELECT area_code, industry_code, jobs_base, jobs_projected, round(change_pct, 6), source_address
             FROM industry_projections ORDER BY industry_code"""
    assert store.query(sql)[1] == [
        ("39000", "3261", 1000, 1100, 10.0, "https://example.org/p"),
        ("39000", "333", None, 900, None, None),
    ]
    assert store.years("industry_projections") == (2024,)


def test_a_new_table_of_the_same_office_replaces_its_old_one_and_no_other(store: Store, tmp_path: Path) -> None:
    load(template(tmp_path / "a.xlsx", GOOD, BLANK), store, isolated=False)
    other = (*GOOD[:8], "Board 7", "")
    load(template(tmp_path / "b.xlsx", other), store, isolated=False)
    load(template(tmp_path / "c.xlsx", (*GOOD[:7], 1234, *GOOD[8:])), store, isolated=False)
    sql = "SELECT source_name, industry_code, jobs_projected FROM industry_projections ORDER BY ALL"
    assert store.query(sql)[1] == [("Board 7", "3261", 1100), ("Ohio LMI", "3261", 1234)]


def test_a_wrong_row_of_a_workbook_is_named_as_the_spreadsheet_numbers_it(store: Store, tmp_path: Path) -> None:
    path = template(tmp_path / "ohio.xlsx", GOOD, (*GOOD[:6], "many", *GOOD[7:]), lead=3)
    sentence = refusal(path, store)
    assert sentence.startswith("ohio.xlsx: Row 6: jobs_base 'many'")


def test_a_workbook_with_a_merged_header_is_refused_with_advice(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Area and industry", None, None, None, "Years", None, "Jobs"])
    book.active.merge_cells("A1:D1")
    book.save(tmp_path / "merged.xlsx")
    assert "Merged cells" in refusal(tmp_path / "merged.xlsx", store)


def test_a_workbook_bomb_is_refused(store: Store, tmp_path: Path) -> None:
    template(tmp_path / "small.xlsx", GOOD)
    with (
        zipfile.ZipFile(tmp_path / "small.xlsx") as source,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr("xl/media/big.bin", b"0" * (210 << 20))
    assert "far smaller" in refusal(tmp_path / "bomb.xlsx", store)


def test_a_workbook_that_claims_a_million_columns_is_read_in_time(store: Store, tmp_path: Path) -> None:
    template(tmp_path / "small.xlsx", GOOD)
    with zipfile.ZipFile(tmp_path / "small.xlsx") as source, zipfile.ZipFile(tmp_path / "wide.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:J2"', b'ref="A1:XFD1048576"')
                assert b"XFD1048576" in content
            target.writestr(name, content)
    started = time.monotonic()
    assert load(tmp_path / "wide.xlsx", store, isolated=False).files[0].rows == 1
    assert time.monotonic() - started < 20
