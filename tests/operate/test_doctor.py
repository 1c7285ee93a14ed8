"""Each misconfiguration, put in place for real, is named by `sharedtable doctor` with what to do."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from sharedtable.config import doctor
from sharedtable.ledger import guard, suppression, worker
from sharedtable.ledger.actions import Draft, queue, record
from sharedtable.ledger.models import Entry, Letter
from tests.ledger.mail_server import Taker, running, sign_in
from tests.unguarded import unguarded

KNOWN = frozenset({"SHAREDTABLE_HOSTS", "SHAREDTABLE_HTTPS", "SHAREDTABLE_LOCAL", "SHAREDTABLE_MAIL_HOST"})


@pytest.fixture(autouse=True)
def _sound(settings, tmp_path: Path) -> None:
    """An installation in which nothing is wrong."""
    settings.DATA, settings.BACKUPS = tmp_path, tmp_path / "backups"
    settings.LOCAL, settings.HTTPS = False, False
    settings.ALLOWED_HOSTS, settings.SITE_ADDRESS = ["localhost", "127.0.0.1", "[::1]"], "http://127.0.0.1:8000"
    settings.MAIL_HOST = settings.MAIL_PORT = settings.MAIL_USER = settings.MAIL_PASSWORD = settings.MAIL_FROM = ""
    for name in ("secret.key", "suppression.key"):
        (tmp_path / name).write_text("k" * 60)
        (tmp_path / name).chmod(0o600)
    Path(connection.settings_dict["NAME"]).exists() and os.chmod(connection.settings_dict["NAME"], 0o600)


def wrong(environment: dict[str, str] | None = None) -> str:
    """What the doctor calls wrong."""
    found = doctor.examine(KNOWN, environment or {})
    return "\n".join(f"{one.topic}: {one.sentence}" for one in found if one.level == "wrong")


def notes() -> str:
    return "\n".join(one.sentence for one in doctor.examine(KNOWN, {}) if one.level == "note")


@pytest.mark.django_db
def test_a_sound_installation_has_nothing_wrong_and_is_told_what_may_stay() -> None:
    assert wrong() == ""
    said = notes()
    assert "No mail server is set" in said and "There is no backup" in said and "Nobody sends letters" in said


SETTINGS: list[tuple[dict[str, Any], str]] = [
    ({"ALLOWED_HOSTS": ["*"]}, "SHAREDTABLE_HOSTS is *"),
    ({"ALLOWED_HOSTS": ["https://a.example.org/"]}, "Write only the name"),
    ({"ALLOWED_HOSTS": ["a.example.org:443"]}, "Write only the name"),
    ({"ALLOWED_HOSTS": ["a.example.org"]}, "which others cannot open"),
    ({"SITE_ADDRESS": "a.example.org"}, "Write it like https://table.example.org"),
    ({"SITE_ADDRESS": "https://a.example.org/table"}, "Write it like https://table.example.org"),
    ({"SITE_ADDRESS": "http://nowhere.invalid"}, "which SHAREDTABLE_HOSTS does not name"),
    ({"ALLOWED_HOSTS": ["a.example.org"], "LOCAL": True}, "SHAREDTABLE_LOCAL is 1 on a site with public names"),
    ({"SITE_ADDRESS": "https://nowhere.invalid"}, "cookies are sent unprotected"),
    ({"HTTPS": True}, "begins with http. Write https there"),
    ({"SITE_ADDRESS": "http://nowhere.invalid"}, "open to others without https"),
    ({"SITE_ADDRESS": "https://nowhere.invalid"}, "does not answer"),
    ({"ALLOWED_HOSTS": ["a.example.org"]}, "nobody gets a letter or a sign-in code"),
    ({"MAIL_USER": "table"}, "SHAREDTABLE_MAIL_HOST is not"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_TLS": "ssl"}, "Write implicit, starttls or none"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_PORT": "smtp"}, "Write the number of a port"),
    ({"MAIL_HOST": "nowhere.invalid", "MAIL_TLS": "none"}, "without TLS"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_TLS": "implicit", "MAIL_PORT": "587"}, "Port 587 does not speak implicit"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_TLS": "none", "MAIL_USER": "t"}, "without SHAREDTABLE_MAIL_PASSWORD"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_TLS": "none", "MAIL_FROM": "no address"}, "is not a mail address"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_TLS": "none", "MAIL_PORT": "1"}, "Set SHAREDTABLE_MAIL_FROM to a real address"),
    ({"MAIL_HOST": "127.0.0.1", "MAIL_TLS": "none", "MAIL_PORT": "1"}, "cannot be reached"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "sentence"), SETTINGS, ids=lambda value: str(value)[:60])
def test_each_wrong_setting_is_named(settings, changes, sentence) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert sentence in wrong()


@pytest.mark.django_db
def test_a_setting_that_nothing_reads_is_named_with_what_was_meant() -> None:
    assert "Did you mean SHAREDTABLE_HOSTS?" in wrong({"SHAREDTABLE_HOST": "a.example.org"})
    assert "nothing reads it. Remove it" in wrong({"SHAREDTABLE_QQQQ": "1"})
    assert "SHAREDTABLE_HTTPS is “yes”" in wrong({"SHAREDTABLE_HTTPS": "yes"})


@pytest.mark.django_db
def test_a_mail_server_that_does_not_know_us_is_named_and_one_that_does_is_fine(settings, monkeypatch) -> None:
    with running(Taker(), settings, authenticator=sign_in(b"table", b"right"), auth_require_tls=False):
        settings.MAIL_USER, settings.MAIL_PASSWORD = "table", "wrong"
        assert "does not accept SHAREDTABLE_MAIL_USER" in wrong()
        settings.MAIL_PASSWORD = "right"
        assert wrong() == ""
        settings.MAIL_TLS = "starttls"
        assert "no secure connection" in wrong()


class _Site(BaseHTTPRequestHandler):
    status, date = 200, ""

    def do_GET(self) -> None:
        self.send_response_only(type(self).status)
        self.send_header("Date", type(self).date or self.date_time_string())
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.mark.django_db
def test_the_way_through_the_proxy_is_tried_and_its_clock_compared(settings) -> None:
    site = HTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        settings.HTTPS, settings.SITE_ADDRESS = True, f"http://127.0.0.1:{site.server_port}"
        assert "proxy:" not in wrong()
        _Site.status = 400
        assert "look at SHAREDTABLE_HOSTS" in wrong()
        _Site.status, _Site.date = 200, "Wed, 01 Jan 2020 00:00:00 GMT"
        assert "clock: The clocks of this machine and of the proxy" in wrong()
    finally:
        _Site.status, _Site.date = 200, ""
        site.shutdown()
        site.server_close()


@pytest.mark.django_db
def test_a_key_that_others_can_read_is_named(tmp_path) -> None:
    (tmp_path / "suppression.key").chmod(0o644)
    assert "chmod 600" in wrong()


@pytest.mark.django_db
def test_a_database_file_that_others_can_read_is_named() -> None:
    if connection.vendor != "sqlite":
        return
    path = Path(connection.settings_dict["NAME"])
    folder = path.parent.stat().st_mode
    try:
        path.chmod(0o644), path.parent.chmod(0o755)
        assert "Other users of this machine can read the database" in wrong()
    finally:
        path.chmod(0o600), path.parent.chmod(folder)


@pytest.mark.django_db
def test_a_lost_key_of_those_who_want_no_mail_is_named(tmp_path) -> None:
    suppression.suppress(
        "a@b.example", level=suppression.Level.SPACE, cause=suppression.Cause.ASKED, by="link:1", space_id=1
    )
    (tmp_path / "suppression.key").unlink()
    assert "they would get mail" in wrong()


@pytest.mark.django_db
def test_a_disk_that_is_nearly_full_is_named(monkeypatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=90_000_000))
    assert "Only 0.09 GB are free" in wrong()


@pytest.mark.django_db
def test_an_old_sqlite_and_an_old_postgresql_are_named(monkeypatch) -> None:
    if connection.vendor == "postgresql":
        monkeypatch.setattr(doctor, "OLDEST_POSTGRESQL", 990_000)
        assert "is too old" in wrong()
    else:
        import pysqlite3

        monkeypatch.setattr(pysqlite3, "sqlite_version_info", (3, 40, 1))
        assert "can lose data" in wrong()


def test_a_database_that_cannot_be_reached_is_named(here) -> None:
    here.address = "postgresql://nobody:nothing@127.0.0.1:1/none"
    assert "database: The database did not answer" in here.refused("doctor")


def test_settings_that_do_not_load_are_named(here) -> None:
    here.extra["SHAREDTABLE_SECRET_KEY"] = "short"
    assert "SHAREDTABLE_SECRET_KEY has 5 characters" in here.refused("doctor")
    here.extra, here.address = {}, "mysql://a/b"
    assert "DATABASE_URL begins with 'mysql'" in here.refused("doctor")


@pytest.mark.django_db
def test_the_doctor_as_a_command_knows_every_setting_and_finds_a_fresh_installation_sound(here) -> None:
    assert "wrong" not in here.done("doctor")
    here.extra["SHAREDTABLE_MAILHOST"] = "x"
    assert "Did you mean SHAREDTABLE_MAIL_HOST?" in here.refused("doctor")


@pytest.mark.django_db
def test_changes_of_the_database_that_wait_are_named() -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_unapplied("ledger", "0001_start")
    assert "sharedtable migrate" in wrong()


@pytest.mark.django_db
def test_a_record_that_does_not_hold_and_a_guard_that_is_gone_are_named() -> None:
    for _number in range(3):
        record(by="operator", verb="note.add", kind="note")
    with unguarded(connection):
        Entry.objects.filter(number=2).update(verb="note.edit")
        assert not guard.is_laid(connection)
        said = wrong()
    assert "Entry 2 of the installation itself was changed" in said and "guard of the record is gone" in said


@pytest.mark.django_db
def test_a_clock_that_went_back_is_named() -> None:
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=3)), transaction.atomic():
        record(by="operator", verb="note.add", kind="note")
    assert "later than now. Set the clock" in wrong()


@pytest.mark.django_db
def test_letters_that_nobody_sends_and_letters_that_need_a_person_are_named() -> None:
    for number in range(2):
        queue(Draft("a", f"k{number}", "a@b.example", "s", "b"), by="operator", space_id=1, hold=timezone.timedelta(0))
    Letter.objects.update(hold_until=timezone.now() - timezone.timedelta(minutes=6))
    said = wrong()
    assert "Nobody sends letters" in said and "2 letters should have left" in said
    assert worker.take("somebody")
    assert "Nobody sends letters" not in wrong() + notes()
    Letter.objects.update(state="unclear")
    assert "2 letters may or may not have left" in notes()


@pytest.mark.django_db
def test_a_backup_that_is_too_old_is_named(tmp_path) -> None:
    (tmp_path / "backups").mkdir()
    file = tmp_path / "backups" / "sharedtable-20200101-000000.zip"
    file.write_text("x")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    assert "days old. Is the timer running?" in wrong()
