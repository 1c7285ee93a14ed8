"""What is broken, foreign, changed or newer is refused in a sentence, and nothing of it is brought in."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Space, User
from sharedtable.archive.actions import bring_in, take_for_operator
from sharedtable.errors import Refused
from sharedtable.ledger.models import Entry
from sharedtable.people.models import Person
from tests.archive.full import filled
from tests.cast import Cast

OPERATOR = Actor("operator", is_operator=True)


@pytest.fixture
def archive(cast: Cast, tmp_path: Path) -> Path:
    """An archive of one team, as a file."""
    filled(cast)
    path = tmp_path / "good.zip"
    with take_for_operator(by=OPERATOR, slug="ohio", with_confidences=True).file as file:
        path.write_bytes(file.read())
    return path


def counted() -> tuple[int, ...]:
    return Space.objects.count(), Person.objects.count(), User.objects.count(), Entry.objects.count()


def refused(path: Path) -> str:
    before = counted()
    with pytest.raises(Refused) as found:
        bring_in(path, by=OPERATOR, slug="new")
    assert counted() == before
    return str(found.value)


def changed(path: Path, change: Callable[[dict[str, bytes]], None], *, sums: bool = False) -> Path:
    """A copy in which files were changed; with `sums` the checksums are made right again, as a forger would."""
    with zipfile.ZipFile(path) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    change(files)
    if sums:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
            if name != "manifest.json"
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return out


def manifest(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), **changes}).encode()

    return change


def row(table: str, **changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        rows = json.loads(files[f"json/{table}.json"])
        rows[0].update(changes)
        files[f"json/{table}.json"] = ("[\n" + ",\n".join(json.dumps(one) for one in rows) + "\n]\n").encode()

    return change


def test_what_is_no_zip_is_refused(tmp_path: Path, db: None) -> None:
    path = tmp_path / "x.zip"
    for data in (b"", b"hello", b"PK\x03\x04 but no more"):
        path.write_bytes(data)
        assert "no ZIP file, or it is damaged" in refused(path)


def test_a_foreign_zip_is_refused(tmp_path: Path, db: None) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("word/document.xml", "<a/>")
    assert "not an archive of Shared Table" in refused(path)
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("manifest.json", '{"format": "somebody else"}')
    assert "not an archive of Shared Table" in refused(path)


def test_a_changed_byte_in_any_file_is_found_by_its_checksum(archive: Path) -> None:
    with zipfile.ZipFile(archive) as zipped:
        names = [name for name in zipped.namelist() if name != "manifest.json"]
    for name in names:

        def change(files: dict[str, bytes], name: str = name) -> None:
            files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])

        assert name in refused(changed(archive, change))


def test_a_missing_and_an_added_file_are_found(archive: Path) -> None:
    assert "people.person" in refused(changed(archive, lambda files: files.pop("json/people.person.json") and None))
    assert "evil.txt" in refused(changed(archive, lambda files: files.update({"evil.txt": b"x"})))


def test_a_newer_archive_is_refused_and_says_what_to_do(archive: Path) -> None:
    said = refused(changed(archive, manifest(format_version=2, software="9.0.0")))
    assert "newer Shared Table (9.0.0)" in said and "Update" in said


def test_a_table_or_column_of_a_later_version_is_refused(archive: Path) -> None:
    tables = {"people.future": {"rows": 0, "is_history": False, "title": "x"}}
    assert "people.future" in refused(changed(archive, manifest(tables=tables)))
    assert "new_thing" in refused(changed(archive, row("people.person", new_thing=1), sums=True))


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("people.person", {"name": "x" * 161}),
        ("people.person", {"name": None}),
        ("people.person", {"name": "a\0b"}),
        ("people.person", {"name": "\ud800"}),
        ("people.person", {"name": ["x"]}),
        ("people.person", {"version": -1}),
        ("people.person", {"version": 2**70}),
        ("people.person", {"version": "many"}),
        ("people.person", {"made_at": "yesterday"}),
        ("people.person", {"shows_contact": "perhaps"}),
        ("people.person", {"self_described": {"a": "\0"}}),
        ("people.person", {"id": "x"}),
        ("people.person", {"agency": "x"}),
        ("people.membership", {"person": 999_999}),
        ("people.membership", {"person": None}),
        ("people.organisation", {"kind": "castle"}),
        ("partnerships.pledge", {"hours_a_week": "12345678.9"}),
        ("accounts.grant", {"user": 999_999}),
        ("accounts.grant", {"role": "god"}),
        ("accounts.user", {"email": "nobody"}),
    ],
)
def test_a_forged_row_is_refused_with_its_place(archive: Path, table: str, values: dict[str, Any]) -> None:
    said = refused(changed(archive, row(table, **values), sums=True))
    assert "Nothing was" in said or "nothing was" in said


def test_a_row_too_many_and_a_row_twice_are_refused(archive: Path) -> None:
    def twice(files: dict[str, bytes]) -> None:
        rows = json.loads(files["json/people.person.json"])
        files["json/people.person.json"] = json.dumps([*rows, rows[0]]).replace("}, {", "},\n{").encode()

    assert "people" in refused(changed(archive, twice, sums=True))


def test_rows_that_break_a_rule_of_the_database_leave_nothing(archive: Path) -> None:
    said = refused(changed(archive, row("partnerships.seat", person=None, organisation=None), sums=True))
    assert "do not fit together" in said


def test_a_file_that_swells_is_stopped(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharedtable.archive.checking.MOST_BYTES", 100)
    assert "too large" in refused(archive)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_archive_is_refused_or_whole_but_never_half(archive: Path, data: st.DataObject) -> None:
    content = bytearray(archive.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = archive.with_name("damaged.zip")
    path.write_bytes(content[: data.draw(st.integers(len(content) - 40, len(content)))])
    before = counted()
    try:
        with transaction.atomic():
            brought = bring_in(path, by=OPERATOR, slug="new")
            transaction.set_rollback(True)
    except Refused:
        pass
    else:  # the damage hit something that carries nothing, such as a date of a file
        assert brought.rows["people.person"] == Person.objects.filter(space__slug="ohio").count()
    assert counted() == before
