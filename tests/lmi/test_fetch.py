"""The downloader against a local server that serves real files and misbehaves in every way that servers do."""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
import time
import zipfile
from collections.abc import Iterator
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.intake.fetch import Manners, fetch, user_agent
from sharedtable.lmi.progress import Step
from sharedtable.lmi.sources import SOURCES
from sharedtable.lmi.store import Store
from tests.lmi.site import PATH, Handler, Site, Waits, breaks_off_after, changes_to, fails


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SiteHandler", (Handler,), {"site": made}))
    server.daemon_threads = True
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def slice_bytes(shared: Path) -> bytes:
    return gzip.decompress((shared / "data/qcew/area_api_ohio/morpc-qcew-2020-a-39041.csv.gz").read_bytes())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data", create=True)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def bring(store: Store, site: Site, waits: Waits, **more: object) -> list[object]:
    arguments: dict[str, object] = {"years": [2020], "areas": ["39041"], "isolated": False} | more
    manners = arguments.pop("manners", None) or waits.manners()
    return fetch(store, "qcew-annual-area", base_address=site.address, manners=manners, **arguments)  # type: ignore[arg-type,return-value]


def test_a_file_arrives_is_loaded_and_has_a_receipt(store: Store, site: Site, waits: Waits, slice_bytes: bytes) -> None:
    site.files[PATH] = slice_bytes
    steps: list[Step] = []
    (receipt,) = bring(store, site, waits, progress=steps.append)
    assert receipt.address == site.address + PATH
    assert receipt.bytes == len(slice_bytes)
    assert receipt.sha256 == hashlib.sha256(slice_bytes).hexdigest()
    assert receipt.fetched_at.startswith("20")
    assert store.areas(2020) == {"39041"}
    (standing,) = store.provenance("qcew", 2020)
    assert standing.address == receipt.address
    assert standing.fetched_at == receipt.fetched_at
    assert standing.vintage == "QCEW annual averages 2020, file of Wed, 07 Jun 2023 14:00:00 GMT"
    assert any(step.unit == "bytes" and step.done == step.total == len(slice_bytes) for step in steps)
    assert sorted(p.name for p in (store.downloads_dir / "qcew-annual-area").glob("[!.]*")) == [
        "2020-a-39041.csv",
        "2020-a-39041.csv.receipt",
    ]


def test_the_reader_says_who_it_is_and_whom_to_write_to(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAREDTABLE_CONTACT", "data@example.org\r\nX-Evil: 1")
    site.files[PATH] = slice_bytes
    bring(store, site, waits)
    agent = site.asked[0][1]["user-agent"]
    assert agent.startswith("SharedTable/")
    assert "data@example.orgX-Evil: 1" in agent
    assert "x-evil" not in site.asked[0][1]
    assert user_agent() == agent


def test_requests_keep_a_pause_between_them(store: Store, site: Site, waits: Waits, slice_bytes: bytes) -> None:
    for area in ("39041", "39045", "39049"):
        site.files[f"/cew/data/api/2020/a/area/{area}.csv"] = slice_bytes.replace(b"39041,", area.encode() + b",")
    bring(store, site, waits, areas=["39041", "39045", "39049"])
    assert waits.slept == [0.5, 0.5]
    assert len(site.asked) == 3


def test_a_file_that_broke_off_goes_on_where_it_stopped(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    site.files[PATH] = slice_bytes
    site.tricks = [breaks_off_after(70_000)]
    (receipt,) = bring(store, site, waits)
    assert receipt.sha256 == hashlib.sha256(slice_bytes).hexdigest()
    assert site.asked[-1][1]["range"].startswith("bytes=")
    assert int(site.asked[-1][1]["range"][6:-1]) > 0
    assert site.asked[-1][1]["if-range"] == '"one"'


def test_a_file_that_changed_meanwhile_is_begun_anew(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    newer = slice_bytes.replace(b",5891,84743,", b",5891,85000,")
    site.files[PATH] = slice_bytes
    site.tricks = [breaks_off_after(70_000), changes_to(newer, '"two"')]
    (receipt,) = bring(store, site, waits)
    assert receipt.sha256 == hashlib.sha256(newer).hexdigest()


def test_a_server_that_continues_at_the_wrong_place_is_not_believed(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    def elsewhere(handler: Handler) -> bool:
        handler.plain(206, slice_bytes[5:], {"Content-Range": f"bytes 5-{len(slice_bytes) - 1}/{len(slice_bytes)}"})
        return True

    site.files[PATH] = slice_bytes
    site.tricks = [breaks_off_after(70_000), elsewhere]
    (receipt,) = bring(store, site, waits)
    assert receipt.sha256 == hashlib.sha256(slice_bytes).hexdigest()


def test_a_busy_server_is_asked_again_after_growing_waits(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    site.files[PATH] = slice_bytes
    site.tricks = [fails(500), fails(503), fails(502)]
    bring(store, site, waits)
    assert waits.slept == [1.0, 2.0, 4.0]


def test_a_wait_that_the_server_asks_for_is_kept(store: Store, site: Site, waits: Waits, slice_bytes: bytes) -> None:
    import datetime

    soon = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30), usegmt=True)
    site.files[PATH] = slice_bytes
    site.tricks = [fails(429, Retry_After="7"), fails(503, Retry_After=soon)]
    bring(store, site, waits)
    assert waits.slept[0] == 7
    assert 25 < waits.slept[1] <= 30


def test_a_wait_of_an_hour_is_told_and_not_waited(store: Store, site: Site, waits: Waits, slice_bytes: bytes) -> None:
    site.files[PATH] = slice_bytes
    site.tricks = [fails(429, Retry_After="3600")]
    with pytest.raises(Refused, match="asks to wait 3600 seconds"):
        bring(store, site, waits)
    assert waits.slept == []


def test_a_server_that_stays_busy_is_given_up_after_some_attempts(store: Store, site: Site, waits: Waits) -> None:
    site.tricks = [fails(503)] * 9
    with pytest.raises(Refused, match=r"could not be fetched in 6 attempts \(the server answered 503\)"):
        bring(store, site, waits)
    assert len(site.asked) == 6


def test_a_server_that_does_not_answer_in_time_is_asked_again(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    def stalls(handler: Handler) -> bool:
        time.sleep(0.8)
        return True

    site.files[PATH] = slice_bytes
    site.tricks = [stalls]
    manners = Manners(sleep=waits.slept.append, timeout_seconds=0.3)
    bring(store, site, waits, manners=manners)
    assert waits.slept == [1.0]


def test_no_server_at_all_is_told(store: Store, waits: Waits) -> None:
    with pytest.raises(Refused, match="could not be fetched in 2 attempts"):
        fetch(
            store,
            "qcew-annual-area",
            years=[2020],
            areas=["39041"],
            base_address="http://127.0.0.1:9",
            manners=waits.manners(attempts=2),
        )


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/39041.csv",
        "http://localhost:1/x.csv",
        "//evil.example/x",
        "https://127.0.0.1/x",
        "ftp://a/b",
    ],
)
def test_a_redirect_to_another_place_is_not_followed(store: Store, site: Site, waits: Waits, location: str) -> None:
    site.tricks = [fails(302, Location=location)]
    with pytest.raises(Refused, match="sends us to another place"):
        bring(store, site, waits)
    assert len(site.asked) == 1


def test_a_redirect_on_the_same_host_is_followed(store: Store, site: Site, waits: Waits, slice_bytes: bytes) -> None:
    site.files["/moved/39041.csv"] = slice_bytes
    site.tricks = [fails(301, Location="/moved/39041.csv")]
    (receipt,) = bring(store, site, waits)
    assert receipt.address == site.address + PATH
    assert site.asked[1][0] == "/moved/39041.csv"


def test_a_circle_of_redirects_ends(store: Store, site: Site, waits: Waits) -> None:
    site.tricks = [fails(302, Location=PATH)] * 20
    with pytest.raises(Refused, match="in a circle"):
        bring(store, site, waits)
    assert len(site.asked) == 6


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv"])
def test_a_web_page_with_status_200_is_no_file(store: Store, site: Site, waits: Waits, kind: str) -> None:
    def page(handler: Handler) -> bool:
        handler.plain(200, b"\n<!DOCTYPE html><html>Access Denied</html>", {"Content-Type": kind})
        return True

    site.tricks = [page]
    with pytest.raises(Refused, match="web page in place of the file"):
        bring(store, site, waits)
    assert not list((store.downloads_dir / "qcew-annual-area").glob("[!.]*"))
    assert store.tables() == ()


def test_a_file_that_is_not_published_is_missing_with_advice(store: Store, site: Site, waits: Waits) -> None:
    with pytest.raises(Missing, match="figures of 2020 may not be published yet"):
        bring(store, site, waits)
    assert len(site.asked) == 1


def test_a_server_that_forbids_tells_how_to_introduce_oneself(store: Store, site: Site, waits: Waits) -> None:
    site.tricks = [fails(403)]
    with pytest.raises(Refused, match="SHAREDTABLE_CONTACT"):
        bring(store, site, waits)


def test_a_file_beyond_every_size_is_not_taken(store: Store, site: Site, waits: Waits, slice_bytes: bytes) -> None:
    def endless(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(100):
                handler.wfile.write(slice_bytes)
        except OSError:
            pass
        return True

    site.files[PATH] = slice_bytes
    with pytest.raises(Refused, match="more than a release has"):
        bring(store, site, waits, manners=waits.manners(most_bytes=1000))
    site.tricks = [endless]
    with pytest.raises(Refused, match="does not end"):
        bring(store, site, waits, manners=waits.manners(most_bytes=len(slice_bytes) + 1))
    assert not list((store.downloads_dir / "qcew-annual-area").glob("*.part"))


def test_a_zip_that_the_server_cut_short_is_refused_after_trying(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2020.annual.singlefile.csv", slice_bytes)
    path = "/cew/data/files/2020/csv/2020_annual_singlefile.zip"
    site.files[path] = packed.getvalue()[:-100]
    arguments = {"years": [2020], "base_address": site.address, "manners": waits.manners(attempts=2), "isolated": False}
    with pytest.raises(Refused, match="broken or was cut short"):
        fetch(store, "qcew-annual-single", **arguments)  # type: ignore[arg-type]
    assert store.tables() == ()
    site.files[path] = packed.getvalue()
    fetch(store, "qcew-annual-single", **arguments)  # type: ignore[arg-type]
    assert store.areas(2020) == {"39041"}


def test_what_is_here_and_unchanged_is_not_sent_again(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    site.files[PATH] = slice_bytes
    first = bring(store, site, waits)
    revision = store.revision
    again = bring(store, site, waits)
    assert site.asked[1][1]["if-modified-since"] == site.modified
    assert again == first
    assert store.revision == revision


def test_a_kept_file_that_was_harmed_is_fetched_again(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    site.files[PATH] = slice_bytes
    bring(store, site, waits)
    (store.downloads_dir / "qcew-annual-area/2020-a-39041.csv").write_bytes(b"harmed")
    bring(store, site, waits)
    assert "if-modified-since" not in site.asked[1][1]
    assert (store.downloads_dir / "qcew-annual-area/2020-a-39041.csv").read_bytes() == slice_bytes


def test_what_was_fetched_before_a_failure_is_kept_for_the_next_try(
    store: Store, site: Site, waits: Waits, slice_bytes: bytes
) -> None:
    site.files[PATH] = slice_bytes
    with pytest.raises(Missing):
        bring(store, site, waits, areas=["39041", "39049"])
    assert (store.downloads_dir / "qcew-annual-area/2020-a-39041.csv").exists()
    assert store.tables() == ()


def test_a_source_by_area_asks_for_areas_and_years(store: Store) -> None:
    with pytest.raises(Missing, match="Name the areas"):
        fetch(store, "qcew-annual-area", years=[2020])
    with pytest.raises(Missing, match="Name the years"):
        fetch(store, "qcew-annual-single")
    with pytest.raises(Missing, match="There is no source 'qcww'"):
        fetch(store, "qcww", years=[2020])
    with pytest.raises(Missing, match="cannot be fetched"):
        fetch(store, "occupation-projections", years=[2024])


def test_the_release_in_the_installed_package_is_fetched_without_a_network(store: Store) -> None:
    (receipt,) = fetch(store, "oews", isolated=False)
    assert receipt.file_name == "oews-2025.sqlite.gz"
    assert receipt.vintage == "OEWS, May 2025"
    assert store.years("oews") == store.years("oews_staffing") == (2025,)


def test_every_source_says_who_publishes_it_under_what_licence_and_how_late() -> None:
    assert SOURCES["qcew-annual-area"].addresses([2023], ["39041"]) == [
        ("https://data.bls.gov/cew/data/api/2023/a/area/39041.csv", 2023)
    ]
    assert SOURCES["qcew-annual-single"].addresses([2023])[0][0] == (
        "https://data.bls.gov/cew/data/files/2023/csv/2023_annual_singlefile.zip"
    )
    assert SOURCES["qcew-quarterly-single"].addresses([2023])[0][0] == (
        "https://data.bls.gov/cew/data/files/2023/csv/2023_qtrly_singlefile.zip"
    )
    assert len(SOURCES["qcew-quarterly-area"].addresses([2022, 2023], ["39041"])) == 8
    for source in SOURCES.values():
        assert source.publisher
        assert source.licence
        assert source.lag
        assert source.about
        assert (source.address or "https://").startswith("https://")
        assert all(1 <= month <= 12 for month in source.release_months)
