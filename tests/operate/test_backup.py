"""One file, made while others write, restored once before it counts; a broken one changes nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sharedtable.config.backup import archive
from sharedtable.errors import Refused
from tests.operate.conftest import Installation

pytestmark = pytest.mark.django_db


def backup(here: Installation, *words: object) -> Path:
    return Path(here.done("backup", *words).splitlines()[0])


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_what_was_backed_up_comes_back_and_the_old_is_put_aside(here) -> None:
    here.write(3)
    (here.data / "uploads").mkdir()
    (here.data / "uploads" / "logo.png").write_bytes(b"logo")
    (here.data / "facts").mkdir(exist_ok=True)
    (here.data / "facts" / "receipts.jsonl").write_text("{}\n")
    file = backup(here)
    here.write(2)
    (here.data / "uploads" / "logo.png").write_bytes(b"another")
    assert here.entries() == 5
    said = here.done("restore", file, "--replace")
    assert here.entries() == 3
    assert (here.data / "uploads" / "logo.png").read_bytes() == b"logo"
    aside = next(path for path in here.data.iterdir() if path.name.startswith("replaced-"))
    assert (aside / "uploads" / "logo.png").read_bytes() == b"another" and "lies in" in said
    assert "holds" in here.done("verify")
    assert left_over(here.data) == []


def test_a_backup_restores_into_an_empty_folder_with_its_own_key_only_when_asked(here, tmp_path) -> None:
    here.write(1)
    file = backup(here, tmp_path / "one.zip")
    names = zipfile.ZipFile(file).namelist()
    assert "data/suppression.key" in names and "data/secret.key" not in names
    assert "data/secret.key" in zipfile.ZipFile(backup(here, tmp_path / "two.zip", "--with-secret-key")).namelist()
    assert file.stat().st_mode & 0o077 == 0
    if not here.address:
        other = Installation(tmp_path / "other")
        assert other.done("restore", file) and other.entries() == 1
        assert (other.data / "suppression.key").read_text() == (here.data / "suppression.key").read_text()


def test_mail_facts_and_other_backups_stay_out(here) -> None:
    for name in ("mail/1.eml", "facts/cache/x", "incoming/abc/files/1", "backups/sharedtable-20200101-000000.zip"):
        (here.data / name).parent.mkdir(parents=True, exist_ok=True)
        (here.data / name).write_text("x")
    names = zipfile.ZipFile(backup(here)).namelist()
    assert {name.split("/")[1] for name in names if name.startswith("data/")} == {"suppression.key"}
    assert sum(name.startswith("database/") for name in names) == 1 and names[-1] == "manifest.json"


def test_a_restore_refuses_to_write_over_a_database_and_while_the_program_runs(here) -> None:
    here.write(1)
    file = backup(here)
    assert "There is a database already" in here.refused("restore", file)
    here.python(
        "from sharedtable.ledger import worker; assert worker.take('somebody')",
    )
    assert "still runs" in here.refused("restore", file, "--replace")
    here.python("from sharedtable.ledger import worker; worker.give_back('somebody')")
    here.done("restore", file, "--replace")


def test_only_the_newest_are_kept_and_a_named_file_is_never_written_over(here, tmp_path) -> None:
    (here.data / "backups").mkdir()
    for day in range(1, 6):
        (here.data / "backups" / f"sharedtable-2020010{day}-000000.zip").write_text("old")
    newest = backup(here, "--keep", 3)
    kept = sorted(path.name for path in (here.data / "backups").glob("*.zip"))
    assert kept == ["sharedtable-20200104-000000.zip", "sharedtable-20200105-000000.zip", newest.name]
    file = backup(here, tmp_path / "mine.zip")
    assert "is there already" in here.refused("backup", file)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as found:
        place = found.infolist()[0].header_offset + 2_000
    content[place] ^= 0xFF
    file.write_bytes(content)


def change(file: Path) -> None:
    with zipfile.ZipFile(file) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    parts["data/suppression.key"] = b"another key"
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)


def lose(file: Path) -> None:
    with zipfile.ZipFile(file) as found:
        parts = {name: found.read(name) for name in found.namelist() if not name.startswith("database/")}
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)


@pytest.mark.parametrize("harm", [cut, flip, change, lose, lambda file: file.write_bytes(b"no zip at all")])
def test_a_broken_file_is_named_and_nothing_is_changed(here, harm) -> None:
    here.write(2)
    file = backup(here)
    before = {path.name for path in here.data.iterdir()}
    harm(file)
    for words in (("verify", file), ("restore", file, "--replace")):
        assert re.search(r"broken|is no backup|changed|lacks", here.refused(*words))
    assert here.entries() == 2
    assert {path.name for path in here.data.iterdir()} == before and left_over(here.data / "backups") == []


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside", "data/../../outside", "else/where"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name) -> None:
    file = tmp_path / "bad.zip"
    manifest = {
        "made_at": "", "version": "", "vendor": "sqlite", "has_secret_key": False, "migrations": [], "tables": {},
        "entries": 0, "format": 1,
        "parts": [{"name": "database/db.sqlite3", "size": 0, "sha256": ""}, {"name": name, "size": 1, "sha256": ""}],
    }  # fmt: skip
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Refused, match="no backup of ours"):
        archive.unpack(file, tmp_path / "into")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


def test_a_record_that_does_not_hold_is_never_called_a_backup(here) -> None:
    here.write(4)
    here.python(
        "from django.db import connection\nfrom tests.unguarded import unguarded\n"
        "from sharedtable.ledger.models import Entry\n"
        "with unguarded(connection): Entry.objects.filter(number=2).update(kind='other')"
    )
    assert "Entry 2 of the installation itself was changed" in here.refused("verify")
    assert "Entry 2 of the installation itself was changed" in here.refused("backup")
    assert list((here.data / "backups").iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(here, tmp_path) -> None:
    """The real write path, in a process that may write no file larger than a part of the backup."""
    here.write(1)
    code = (
        "import resource, signal\nfrom pathlib import Path\n"
        "from sharedtable.config.backup import work\nfrom sharedtable.errors import Refused\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        f"try: work.backup(Path({str(tmp_path / 'full.zip')!r}))\n"
        "except Refused as refusal: print('REFUSED', refusal)\n"
    )
    assert "REFUSED" in here.python(code)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_too_little_space_is_told_before_anything_is_written(here, tmp_path) -> None:
    code = (
        "import shutil\nfrom types import SimpleNamespace\n"
        "from sharedtable.config.backup import work\nfrom sharedtable.errors import Refused\n"
        "shutil.disk_usage = lambda path: SimpleNamespace(free=1_000)\n"
        "try: work.backup()\nexcept Refused as refusal: print(refusal)\n"
    )
    assert "not enough space" in here.python(code)


def test_a_backup_is_made_while_somebody_writes_and_holds_one_moment(here) -> None:
    code = "for n in range(400):\n with transaction.atomic(): record(by='operator', verb='note.add', kind='note')"
    from tests.operate.conftest import START

    writing = subprocess.Popen([sys.executable, "-c", START + code], env=here.environment)
    try:
        said = here.done("backup")
    finally:
        assert writing.wait(60) == 0
    assert "restored once" in said and here.entries() == 400
    assert "whole" in here.done("verify", said.splitlines()[0])


def test_the_heads_of_days_after_the_backup_are_put_aside_with_it(here) -> None:
    keep = (
        "from sharedtable.ledger import heads, queries; from django.conf import settings; from datetime import date\n"
        "heads.keep(settings.BACKUPS, date(2026, 11, {day}), queries.ends())"
    )
    here.write(2)
    here.python(keep.format(day=1))
    file = backup(here)
    here.write(2)
    here.python(keep.format(day=2))
    here.done("restore", file, "--replace")
    assert "holds" in here.done("verify")
    here.write(1)
    assert "holds" in here.done("verify")


def test_without_the_program_that_dumps_the_sentence_says_what_to_install(here) -> None:
    if not here.address:
        return  # SQLite needs no other program
    here.extra["PATH"] = "/nowhere"
    assert "Install the client of PostgreSQL" in here.refused("backup")
