"""Hostile files, full disks, two at once, a process that died: refused in words, and nothing is left half done."""

from __future__ import annotations

import errno
import gzip
import io
import os
import shutil
import threading
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sharedtable.accounts.actors import VISITOR
from sharedtable.lmi.store import Store
from sharedtable.studies import incoming, intake
from sharedtable.web import arriving
from tests.web.conftest import words
from tests.web.deliveries import WAIT_SECONDS, finished, left_files, sent, token_of


def bomb(kind: str) -> bytes:
    if kind == "gz":
        return gzip.compress(b"0" * 200_000_000, 9)
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.csv", b"0" * 200_000_000)
    return box.getvalue()


HOSTILE = {
    "page.html": (lambda: b"<!doctype html><html><script>alert(1)</script></html>", "web page"),
    "bomb.zip": (lambda: bomb("zip"), "unpacks to more"),
    "bomb.gz": (lambda: bomb("gz"), "unpacks to more"),
    "wide.csv": (lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n", "."),
    "latin.csv": (lambda: "área,año\n1,2\n".encode("utf-16-le"), "."),
    "cut.csv.gz": (lambda: gzip.compress(b"area_fips,own_code\n" * 5_000)[:-40], "cut short"),
    "empty.csv": (lambda: b"", "empty"),
    "noise.xlsx": (lambda: b"PK\x03\x04" + bytes(range(256)) * 40, "."),
    "letters.csv": (lambda: b"name,company\nAda,Lovelace Ltd\n", "not a file that Shared Table knows"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_wrong_file_is_refused_in_words_and_leaves_nothing(operator, folder, name):
    make, sentence = HOSTILE[name]
    before = Store(folder).revision
    page = sent(operator, (name, make()))
    assert page.status_code == 422
    text = words(page)
    assert "This cannot be used" in text or "could not be done" in text
    assert sentence in text
    assert "<script>alert" not in page.content.decode()
    assert "Traceback" not in text
    assert Store(folder).revision == before
    assert left_files(folder) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["../../x.csv", "..\\..\\x.csv", "/etc/x.csv", ".", "a\nb.csv", "<b>.csv", "x" * 400 + ".csv"]
)
def test_a_name_leads_nowhere_else(operator, folder, name, slices):
    before = {path for path in folder.rglob("*") if "incoming" not in path.parts}
    incoming_file = incoming.new_file("a" * 24, 1, name)
    assert incoming_file.resolve().is_relative_to(folder / "incoming")
    shutil.rmtree(folder / "incoming")
    sent(operator, (name, slices[0].read_bytes()))
    assert {path for path in folder.rglob("*") if "incoming" not in path.parts} == before


@pytest.mark.django_db
def test_no_file_at_all_is_told(operator, folder):
    page = operator.post(reverse("data-upload"), {})
    assert page.status_code == 422
    assert "No file was chosen" in words(page)


@pytest.mark.django_db
def test_more_than_the_limit_is_refused_while_it_arrives_and_leaves_nothing(operator, folder, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_BYTES", 1_000_000)
    page = operator.post(reverse("data-upload"), {"files": SimpleUploadedFile("large.csv", b"x" * 31_000_000)})
    assert page.status_code == 422
    assert "more than 1 MB" in words(page)
    assert list((folder / "incoming").glob("*")) == []


@pytest.mark.django_db
def test_too_many_files_are_refused(operator, folder, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_FILES", 2)
    page = sent(operator, ("a", b"1"), ("b", b"2"), ("c", b"3"))
    assert page.status_code == 422
    assert "more than 2 files" in words(page)
    assert list((folder / "incoming").glob("*")) == []


class FullDisk:
    """A file on a disk without room."""

    def __init__(self, path: Path, opened) -> None:
        self.real = opened(path, "wb")

    def write(self, data: bytes) -> int:
        self.real.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        self.real.close()


@pytest.mark.django_db
def test_a_full_disk_is_told_and_leaves_nothing(operator, folder, monkeypatch):
    real = Path.open

    def opened(self, *how, **more):
        return FullDisk(self, real) if how == (arriving.OPEN,) else real(self, *how, **more)

    monkeypatch.setattr(Path, "open", opened)
    page = operator.post(reverse("data-upload"), {"files": SimpleUploadedFile("a.csv", b"x" * 100_000)})
    assert page.status_code == 422
    assert "disk of this machine is full" in words(page)
    assert list((folder / "incoming").glob("*")) == []


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_during_the_check_leaves_the_figures(operator, folder, slices, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(intake, "load", full)
    before = Store(folder).revision
    page = sent(operator, (slices[0].name, slices[0].read_bytes()))
    assert page.status_code == 422
    assert "disk of this machine is full" in words(page)
    assert Store(folder).revision == before
    assert left_files(folder) == []


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_do_not_disturb_each_other(operator, folder, slices, settings):
    pages = {}

    def send(path: Path) -> None:
        client = Client(headers={"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}, REMOTE_ADDR="127.0.0.1")
        pages[path.name] = sent(client, (path.name, path.read_bytes()))

    threads = [threading.Thread(target=send, args=(path,)) for path in slices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    for path in slices:
        text = words(pages[path.name])
        assert path.name in text
        assert all(other.name not in text for other in slices if other != path)
    tokens = {token_of(page) for page in pages.values()}
    assert len(tokens) == 2
    for token in tokens:
        assert "Done" in words(finished(operator, operator.post(reverse("data-use", args=[token]))))
    assert left_files(folder) == []


def test_work_whose_process_died_is_told_as_interrupted(folder):
    found = incoming.begin("fetch", "qcew-annual-area", by=VISITOR)
    incoming.write(incoming.replace(found, state="working"))
    assert incoming.read(found.token).state == "refused"
    with incoming.alive(found.token):
        assert incoming.read(found.token).state == "working"
        assert incoming.busy("fetch").token == found.token
    assert incoming.busy("fetch") is None


def test_old_deliveries_are_swept_away_and_new_ones_stay(folder):
    old, new = incoming.begin("upload", by=VISITOR), incoming.begin("upload", by=VISITOR)
    past = time.time() - incoming.KEPT_SECONDS - 60
    os.utime(folder / "incoming" / old.token, (past, past))
    incoming.sweep()
    assert [path.name for path in (folder / "incoming").iterdir()] == [new.token]
