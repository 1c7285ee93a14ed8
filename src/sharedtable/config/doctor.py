"""Looks at an installation and names, in a sentence each, what is wrong with it and what to do."""

from __future__ import annotations

import difflib
import os
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.utils import timezone

from sharedtable.config import database, keys
from sharedtable.config.backup import work
from sharedtable.errors import Refused
from sharedtable.ledger import guard, message, queries, smtp
from sharedtable.ledger.deliverability import NOT_PUBLIC
from sharedtable.ledger.models import Lease, Letter, Suppression

LEAST_FREE_BYTES = 1_000_000_000
BACKUP_AFTER = timedelta(days=2)
OVERDUE_AFTER = timedelta(minutes=5)
OLDEST_POSTGRESQL = 140_000
YES_NO = ("SHAREDTABLE_HTTPS", "SHAREDTABLE_LOCAL")
# Of Django's deploy checks: what the proxy in front does (W004, W008), and framing, which our content policy forbids.
DONE_ELSEWHERE = frozenset({"security.W002", "security.W004", "security.W008"})
# Without https there is nothing to protect these with; `https` says so itself.
NEED_HTTPS = frozenset({"security.W012", "security.W016"})


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `level`: "ok", "note" (may stay so) or "wrong" (mend it)."""

    topic: str
    level: str
    sentence: str


def examine(known: frozenset[str], environment: dict[str, str] | None = None) -> list[Finding]:
    """Everything, in the order in which one would mend it. `known`: the variables that the settings read."""
    given = dict(os.environ) if environment is None else environment
    found: list[Finding] = list(_variables(known, given))
    for topic, check in CHECKS:
        problems = list(_safely(topic, check))
        found += problems or [Finding(topic, "ok", "")]
    return found


def _safely(topic: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except DatabaseError as error:
        yield Finding(topic, "wrong", f"The database did not answer: {str(error).strip().splitlines()[0]}")
    except Refused as refusal:
        yield Finding(topic, "wrong", str(refusal))
    except OSError as error:
        yield Finding(topic, "wrong", f"{error.strerror or error}: {error.filename or ''}")


def _wrong(topic: str, sentence: str) -> Finding:
    return Finding(topic, "wrong", sentence)


def _note(topic: str, sentence: str) -> Finding:
    return Finding(topic, "note", sentence)


# --- what was set -----------------------------------------------------------------------------------------------------


def _variables(known: frozenset[str], given: dict[str, str]) -> Iterator[Finding]:
    for name in sorted(name for name in given if name.startswith("SHAREDTABLE_") and name not in known):
        alike = difflib.get_close_matches(name, known, 1, 0.8)
        hint = f" Did you mean {alike[0]}?" if alike else " Remove it."
        yield _wrong("settings", f"{name} is set, but nothing reads it.{hint}")
    for name in YES_NO:
        if given.get(name, "0") not in ("", "0", "1"):
            yield _wrong("settings", f"{name} is “{given[name]}”. Write 1 for yes, or leave it unset.")


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _hosts() -> Iterator[Finding]:
    site = urlsplit(settings.SITE_ADDRESS)
    public = [name for name in settings.ALLOWED_HOSTS if not _is_here(name.strip("[]"))]
    for name in public:
        if name == "*":
            yield _wrong("hosts", "SHAREDTABLE_HOSTS is *: any name is taken. Write the names of this site.")
        elif "/" in name or ":" in name or " " in name:
            yield _wrong("hosts", f"SHAREDTABLE_HOSTS holds “{name}”. Write only the name, such as table.example.org.")
    if site.scheme not in ("http", "https") or not site.hostname or site.path or site.query:
        yield _wrong(
            "hosts", f"SHAREDTABLE_ADDRESS is “{settings.SITE_ADDRESS}”. Write it like https://table.example.org."
        )
    elif public and _is_here(site.hostname):
        yield _wrong(
            "hosts", f"Links in mails begin with {settings.SITE_ADDRESS}, which others cannot open. "
            "Set SHAREDTABLE_ADDRESS to the address of this site."
        )  # fmt: skip
    elif not _is_here(site.hostname) and not _is_named(site.hostname, public):
        yield _wrong(
            "hosts", f"Links in mails lead to {site.hostname}, which SHAREDTABLE_HOSTS does not name. Add it there."
        )
    if settings.LOCAL and public:
        yield _wrong(
            "hosts", "SHAREDTABLE_LOCAL is 1 on a site with public names. Unset it: only the person at this machine "
            "may be its operator."
        )  # fmt: skip


def _is_named(host: str, names: list[str]) -> bool:
    return any(host == name or (name.startswith(".") and host.endswith(name)) or name == "*" for name in names)


def _https() -> Iterator[Finding]:
    site = urlsplit(settings.SITE_ADDRESS)
    if site.scheme == "https" and not settings.HTTPS:
        yield _wrong("https", "The address is https, but SHAREDTABLE_HTTPS is not 1: cookies are sent unprotected.")
    elif settings.HTTPS and site.scheme == "http":
        yield _wrong("https", "SHAREDTABLE_HTTPS is 1, but SHAREDTABLE_ADDRESS begins with http. Write https there.")
    elif not settings.HTTPS and site.hostname and not _is_here(site.hostname):
        yield _wrong("https", "The site is open to others without https. Put a proxy in front, see docs/operate.md.")


def _proxy() -> Iterator[Finding]:
    """Whether the site answers under its own address, as a visitor would reach it."""
    site = urlsplit(settings.SITE_ADDRESS)
    if site.scheme not in ("http", "https") or (site.hostname and _is_here(site.hostname) and not settings.HTTPS):
        return
    address = f"{settings.SITE_ADDRESS}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - http or https, our own address
            clock = answer.headers.get("Date")
            if clock:
                yield from _against(clock)
    except urllib.error.HTTPError as error:
        what = "does not know that name: look at SHAREDTABLE_HOSTS" if error.code == 400 else "answers with an error"
        yield _wrong("proxy", f"{address} answered {error.code}: the program behind it {what}.")
    except ssl.SSLError as error:
        yield _wrong("proxy", f"{address} has no certificate that browsers accept: {error.reason}.")
    except OSError as error:
        reason = getattr(error, "reason", error)
        yield _wrong(
            "proxy", f"{address} does not answer ({reason}). Is the proxy running, and does it know this site?"
        )


def _against(clock: str) -> Iterator[Finding]:
    from email.utils import parsedate_to_datetime

    with suppress(ValueError, TypeError):
        apart = abs((datetime.now(UTC) - parsedate_to_datetime(clock)).total_seconds())
        if apart > 60:
            yield _wrong("clock", f"The clocks of this machine and of the proxy are {apart:.0f} seconds apart.")


# --- what lies on the disk --------------------------------------------------------------------------------------------


def _files() -> Iterator[Finding]:
    data = Path(settings.DATA)
    if not os.access(data, os.W_OK):
        yield _wrong("files", f"Nothing can be written into {data}. Give the folder to the user of the program.")
    for name, variable in ((keys.FILE_NAME, "SECRET"), (keys.SUPPRESSION, "SUPPRESSION")):
        path = data / name
        if path.exists() and path.stat().st_mode & 0o077:
            yield _wrong("files", f"Other users of this machine can read {path}. Run: chmod 600 {path}")
        elif not path.exists() and not os.environ.get(f"SHAREDTABLE_{variable}_KEY"):
            yield _note("files", f"There is no {path} yet. The first start makes it.")
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        # Where the folder keeps others out, the file may be as it is.
        if path.exists() and path.stat().st_mode & 0o007 and path.parent.stat().st_mode & 0o005:
            yield _wrong("files", f"Other users of this machine can read the database. Run: chmod 600 {path}")


def _space() -> Iterator[Finding]:
    places = {Path(settings.DATA), Path(settings.BACKUPS)}
    for folder in sorted(place for place in places if place.is_dir()):
        free = shutil.disk_usage(folder).free
        if free < LEAST_FREE_BYTES:
            yield _wrong("disk", f"Only {free / 1e9:.2f} GB are free in {folder}. Make room before it is full.")


# --- database and record ----------------------------------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        version = int(connection.pg_version)  # type: ignore[attr-defined]
        if version < OLDEST_POSTGRESQL:
            yield _wrong("database", f"PostgreSQL {version // 10_000} is too old. Version 14 or later is needed.")
        return
    import pysqlite3

    if pysqlite3.sqlite_version_info < database.OLDEST_SQLITE:
        yield _wrong("database", f"SQLite {pysqlite3.sqlite_version} can lose data. Install a newer pysqlite3.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone()[0] != "wal":
            yield _wrong("database", "SQLite could not turn on its journal (WAL). Is the folder on a network disk?")


def _migrations() -> Iterator[Finding]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield _wrong("migrations", f"{len(waiting)} changes of the database wait. Run: sharedtable migrate")


def _record() -> Iterator[Finding]:
    found = queries.verdict()
    for wrong in found.wrong[:5]:
        yield _wrong("record", f"{wrong} Keep this database as it is, and compare it with a backup.")
    if not guard.is_laid(connection):
        yield _wrong("record", "The database's guard of the record is gone. Run: sharedtable migrate")


def _clock() -> Iterator[Finding]:
    from sharedtable.ledger.models import Entry

    newest = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is not None and newest > timezone.now() + timedelta(minutes=2):
        yield _wrong("clock", f"The record has entries of {newest:%Y-%m-%d %H:%M}, later than now. Set the clock.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
        if apart > 30:
            yield _wrong("clock", f"The clocks of this machine and of the database are {apart:.0f} seconds apart.")


def _keys_in_use() -> Iterator[Finding]:
    has_key = (Path(settings.DATA) / keys.SUPPRESSION).exists() or os.environ.get("SHAREDTABLE_SUPPRESSION_KEY")
    if not has_key and Suppression.objects.exists():
        yield _wrong("keys", "The key of those who want no mail is missing: they would get mail. Restore it.")


# --- mail, worker, backup ---------------------------------------------------------------------------------------------


def _mail() -> Iterator[Finding]:
    if not settings.MAIL_HOST:
        extra = [name for name in ("MAIL_PORT", "MAIL_USER", "MAIL_PASSWORD") if getattr(settings, name)]
        if extra:
            yield _wrong("mail", f"SHAREDTABLE_{extra[0]} is set, but SHAREDTABLE_MAIL_HOST is not. Set it too.")
        elif any(not _is_here(name.strip("[]")) for name in settings.ALLOWED_HOSTS):
            yield _wrong("mail", "No mail server is set, so nobody gets a letter or a sign-in code.")
        else:
            yield _note("mail", "No mail server is set: letters land in the folder mail, see the page /mail/.")
        return
    server = smtp.server()
    if server is None:
        return
    if server.tls == "none" and not _is_here(server.host):
        yield _wrong("mail", f"Mail goes to {server.host} without TLS. Set SHAREDTABLE_MAIL_TLS to implicit.")
    if (server.tls, server.port) in {("implicit", 587), ("starttls", 465)}:
        yield _wrong("mail", f"Port {server.port} does not speak {server.tls}. Use {smtp.PORTS[server.tls]}.")
    if server.user and not server.password:
        yield _wrong("mail", "SHAREDTABLE_MAIL_USER is set without SHAREDTABLE_MAIL_PASSWORD.")
    yield from _sender(server)


def _sender(server: smtp.Server) -> Iterator[Finding]:
    try:
        domain = message.own_address().rpartition("@")[2]
    except message.NotAnAddress as error:
        yield _wrong("mail", f"{error} is not a mail address. Write one such as table@example.org.")
        return
    if not settings.MAIL_FROM or "." not in domain or domain.rpartition(".")[2] in NOT_PUBLIC:
        yield _wrong("mail", f"Mail comes from {message.from_address()}. Set SHAREDTABLE_MAIL_FROM to a real address.")
    try:
        smtp.connect(server).close()
    except smtp.NoServer as trouble:
        words = {
            "tls": "offers no secure connection that can be trusted",
            "sign-in": "does not accept SHAREDTABLE_MAIL_USER and SHAREDTABLE_MAIL_PASSWORD",
        }.get(trouble.outcome.code, "cannot be reached")
        yield _wrong("mail", f"The mail server {server.host}:{server.port} {words} ({trouble.outcome.said}).")


def _worker() -> Iterator[Finding]:
    now = timezone.now()
    lease = Lease.objects.filter(name="letters").first()
    waits = Letter.objects.filter(state=Letter.State.HELD, hold_until__lt=now - OVERDUE_AFTER)
    overdue = waits.filter(next_try_at=None).count() + waits.filter(next_try_at__lt=now - OVERDUE_AFTER).count()
    if lease is None or lease.until < now:
        sentence = "Nobody sends letters. Start `sharedtable worker` (or `sharedtable serve`)."
        yield (_wrong if overdue else _note)("worker", sentence)
    if overdue:
        yield _wrong("worker", f"{overdue} letters should have left more than five minutes ago.")
    unclear = Letter.objects.filter(state=Letter.State.UNCLEAR).count()
    if unclear:
        yield _note("worker", f"{unclear} letters may or may not have left. A convener decides, on the page Letters.")


def _backup() -> Iterator[Finding]:
    newest = work.newest()
    if newest is None:
        yield _note("backup", f"There is no backup in {settings.BACKUPS}. Run: sharedtable backup")
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    if age > BACKUP_AFTER:
        yield _wrong("backup", f"The newest backup is {age.days} days old. Is the timer running?")


def _program() -> Iterator[Finding]:
    ignored = DONE_ELSEWHERE | (frozenset() if settings.HTTPS else NEED_HTTPS)
    for problem in run_checks(include_deployment_checks=True):
        if problem.id not in ignored:
            yield _wrong("program", f"{problem.msg.splitlines()[0]} ({problem.id})")


CHECKS: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    ("hosts", _hosts),
    ("https", _https),
    ("proxy", _proxy),
    ("files", _files),
    ("disk", _space),
    ("database", _database),
    ("migrations", _migrations),
    ("record", _record),
    ("clock", _clock),
    ("keys", _keys_in_use),
    ("mail", _mail),
    ("worker", _worker),
    ("backup", _backup),
    ("program", _program),
)
