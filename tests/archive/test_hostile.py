"""Archives made to do harm: each is refused in a sentence, and nothing of it is brought in or written anywhere."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from sharedtable.accounts.models import Space
from sharedtable.archive.actions import bring_in
from tests.archive.test_refusals import OPERATOR, archive, changed, manifest, refused, row

__all__ = ["archive"]

Change = Callable[[dict[str, bytes]], None]
PERSON = "people.person"


def added(name: str, data: bytes = b"x") -> Change:
    return lambda files: files.update({name: data})


def text(table: str, content: bytes) -> Change:
    return lambda files: files.update({f"json/{table}.json": content})


def declared(**files_: object) -> Change:
    """The manifest names a file that is not there, or says something odd of it."""

    def change(files: dict[str, bytes]) -> None:
        found = json.loads(files["manifest.json"])
        found["files"].update(files_)
        files["manifest.json"] = json.dumps(found).encode()

    return change


# Files that nothing reads: an archive is never unpacked, so they stay where they are.
IDLE: dict[str, Change] = {
    "a member that leads out": added("../../evil.txt"),
    "a member with a whole path": added("/tmp/evil.txt"),
    "a member of Windows": added("..\\..\\evil.txt"),
    "a name of 10^4 letters": added("a" * 10_000),
    "a name turned round": added("json/\u202eexe.txt"),
    "a table of the database itself": text("django.migration", b"[\n]\n"),
}
# Forged so that every checksum is right.
FORGED: dict[str, Change] = {
    "a table of accounts": text("accounts.user", b'[\n{"id": 1, "email": "evil@example.org", "is_active": true}\n]\n'),
    "lists in lists": text(PERSON, b"[\n" + b"[" * 200_000 + b"\n]\n"),
    "a number as a row": text(PERSON, b"[\n7\n]\n"),
    "half a row": text(PERSON, b'[\n{"id": 1\n'),
    "bytes of no encoding": text(PERSON, b'[\n{"id": "\xff\xfe"}\n]\n'),
    "a zero in a name": row(PERSON, name="a\0b"),
    "half a letter": row(PERSON, name="\ud800"),
    "a name of 10^5 letters": row(PERSON, name="A" * 100_000),
    "a number beyond 64 bits": row(PERSON, version=10**30),
    "a number below zero": row(PERSON, version=-1),
    "no number": row(PERSON, version=float("nan")),
    "a time that is none": row(PERSON, made_at="99999-99-99T99:99:99Z"),
    "a list for a text": row(PERSON, name=["a", {"b": 1}]),
    "an object for a number": row(PERSON, id={"$gt": 0}),
    "a key of another team": row(PERSON, space=1),
    "a manifest of no version": manifest(format_version="1"),
    "a manifest with tables that are no tables": manifest(tables={"people.person": "x"}),
}
# Told as they are, with checksums that do not fit or cannot.
PLAIN: dict[str, Change] = {
    "a manifest of lists in lists": lambda files: files.update({"manifest.json": b"[" * 200_000}),
    "a manifest of 10^5 digits": lambda files: files.update({"manifest.json": b"9" * 100_000}),
    "a manifest that is no text": lambda files: files.update({"manifest.json": b"\xff\xfe\x00"}),
    "a file that is not there": declared(**{"json/evil.json": {"bytes": 1, "sha256": "0" * 64}}),
    "a size that is no number": declared(**{f"json/{PERSON}.json": {"bytes": "1e9", "sha256": None}}),
    "a file told as a text": declared(**{f"json/{PERSON}.json": "evil"}),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_archive_is_refused_and_nothing_is_written_outside(archive: Path, what: str) -> None:
    before = set(archive.parent.rglob("*"))
    assert len(refused(changed(archive, FORGED[what], sums=True))) > 20
    assert set(archive.parent.rglob("*")) - before == {archive.with_name("changed.zip")}
    assert not Path("/tmp/evil.txt").exists()


@pytest.mark.parametrize("what", IDLE)
def test_a_file_that_no_table_asks_for_goes_nowhere(archive: Path, what: str) -> None:
    forged = changed(archive, IDLE[what], sums=True)
    before = set(archive.parent.rglob("*"))
    bring_in(forged, by=OPERATOR, slug="new")
    assert Space.objects.filter(slug="new").exists()
    assert set(archive.parent.rglob("*")) == before
    assert not any(Path(place).exists() for place in ("/tmp/evil.txt", archive.parent.parent.parent / "evil.txt"))


@pytest.mark.parametrize("what", PLAIN)
def test_a_manifest_that_lies_is_refused(archive: Path, what: str) -> None:
    assert len(refused(changed(archive, PLAIN[what]))) > 20


def test_a_member_that_is_a_link_is_refused(archive: Path) -> None:
    out = archive.with_name("link.zip")
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(out, "w") as made:
        for name in good.namelist():
            made.writestr(name, good.read(name))
        link = zipfile.ZipInfo("json/passwd.json")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    assert "passwd" in refused(out)


def test_a_name_twice_is_refused(archive: Path) -> None:
    out = archive.with_name("twice.zip")
    out.write_bytes(archive.read_bytes())
    with zipfile.ZipFile(out, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(f"json/{PERSON}.json", "[\n]\n")
    assert refused(out)


def test_a_size_that_lies_in_the_packed_file_is_refused(archive: Path) -> None:
    """The directory says one byte; the member swells to a gigabyte of zeros."""
    name, data = b"json/big.json", zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(data.compress(bytes(1 << 20)) for _ in range(200)) + data.flush()
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(body), 1, len(name), 0) + name + body
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(body), 1, len(name), 0, 0, 0, 0, 0, 0)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry) + len(name), len(local), 0)
    out = archive.with_name("lies.zip")
    out.write_bytes(local + entry + name + end)
    assert refused(out)
