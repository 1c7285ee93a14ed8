"""`sharedtable backup`, `restore`, `verify`, `doctor`, `migrate`, `worker` and `mail`: for whoever runs the machine."""

from __future__ import annotations

import os
import re
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from sharedtable.cli.output import notices
from sharedtable.errors import Refused

Folder = Annotated[
    Path | None, typer.Option("--store", help="The data folder. Left out: SHAREDTABLE_DATA, else ./var.")
]
mail = typer.Typer(help="Whether mail leaves and arrives.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.command("verify")(verify_command)
    app.command("doctor")(doctor_command)
    app.command("migrate")(migrate_command)
    app.command("worker")(worker_command)
    mail.command("check")(mail_check)
    mail.command("came-back")(mail_came_back)
    app.add_typer(mail, name="mail")


def _begin(store: Path | None) -> Path:
    """Load the settings for that data folder; nothing of the web process is needed."""
    import django

    folder = (store or Path(os.environ.get("SHAREDTABLE_DATA") or "var")).expanduser().absolute()
    os.environ["SHAREDTABLE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
    django.setup()
    return folder


def backup_command(
    file: Annotated[Path | None, typer.Argument(help="The file to write. Left out: one in the backup folder.")] = None,
    keep: Annotated[int, typer.Option(min=1, help="How many of the backup folder stay, the newest.")] = 14,
    with_secret_key: Annotated[
        bool, typer.Option("--with-secret-key", help="Take the key that signs cookies along; keep that file safer.")
    ] = False,
    store: Folder = None,
) -> None:
    """Write everything that cannot be fetched again into one file, while the program runs.

    It is restored once into a temporary place and looked through before it counts.
    """
    _begin(store)
    from sharedtable.config.backup import work

    made = work.backup(file.absolute() if file else None, keep=keep, with_secret_key=with_secret_key)
    print(made.file)
    notices().print(f"Whole, and restored once: {work.shown(made.manifest)}.")
    if not with_secret_key:
        notices().print("The key that signs cookies is not in it: after a restore elsewhere, everybody signs in again.")
    for old in made.dropped:
        notices().print(f"Removed the older {old.name}.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="The file of a backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the database that is there aside, and take the backup instead.")
    ] = False,
    store: Folder = None,
) -> None:
    """Go back to a backup. Stop the program first; nothing changes before the file was looked through."""
    _begin(store)
    from sharedtable.config.backup import work

    manifest, aside = work.restore(file.absolute(), replace=replace)
    print(f"Restored: {work.shown(manifest)}.")
    for place in aside:
        notices().print(f"What was there before lies in {place}.")
    notices().print("Run `sharedtable migrate`, then `sharedtable doctor`.")


def verify_command(
    file: Annotated[Path | None, typer.Argument(help="A backup to look through. Left out: the record itself.")] = None,
    store: Folder = None,
) -> None:
    """Walk the record and name the first entry that is wrong, missing or out of order; or look through a backup."""
    _begin(store)
    if file is not None:
        from sharedtable.config.backup import work

        print(f"{file.name} is whole: {work.shown(work.verify(file.absolute()))}.")
        return
    from sharedtable.ledger import queries

    found = queries.verdict()
    if not found.holds:
        raise Refused("The record does not hold. " + " ".join(map(str, found.wrong)))
    print(f"The record holds: {found.entries:,} entries in {found.chains} chains.")


def doctor_command(store: Folder = None) -> None:
    """Look at this installation and say what is wrong with it. Exit code 1 when something has to be mended."""
    from rich.markup import escape

    try:
        _begin(store)
    except Refused as refusal:  # settings that do not load are the first thing to mend
        notices().print("[bold red]wrong[/]", escape(f"settings: {refusal}"), soft_wrap=True)
        raise typer.Exit(1) from None
    from sharedtable.config import doctor, settings

    known = frozenset(re.findall(r"^\| ([A-Z][A-Z_]+) +\|", settings.__doc__ or "", re.MULTILINE))
    found = doctor.examine(known)
    marks = {"ok": "[green]ok   [/]", "note": "[yellow]note [/]", "wrong": "[bold red]wrong[/]"}
    for finding in found:
        line = f"{finding.topic}: {finding.sentence}" if finding.sentence else finding.topic
        notices().print(marks[finding.level], escape(line), soft_wrap=True)
    if any(finding.level == "wrong" for finding in found):
        raise typer.Exit(1)


def migrate_command(store: Folder = None) -> None:
    """Bring the database up to date, before the processes of a new version start."""
    folder = _begin(store)
    from sharedtable.cli.serve import prepare

    prepare(folder)
    print("The database is up to date.")


def worker_command(store: Folder = None) -> None:
    """Send letters until stopped. `sharedtable serve` does it too; of several, one acts at a time."""
    _begin(store)
    from sharedtable.accounts.rights import may_send
    from sharedtable.config.chores import chores, rehearse
    from sharedtable.ledger.worker import Worker

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    print("Sending letters. Stop it with Ctrl+C.", flush=True)
    rehearse(stop)
    Worker(may_send, chores()).run(stop)


def mail_check(store: Folder = None) -> None:
    """Try the mail server, and look up what the domain says of our mail (SPF, DKIM, DMARC)."""
    _begin(store)
    from sharedtable.ledger import deliverability, smtp

    server = smtp.server()
    if server is None:
        print("No mail server is set: letters land in the folder mail.")
    else:
        try:
            smtp.connect(server).close()
        except smtp.NoServer as trouble:
            raise Refused(f"The mail server {server.host}:{server.port} failed: {trouble.outcome.said}") from None
        print(f"The mail server {server.host}:{server.port} answers and lets us in.")
    for check in deliverability.report().checks:
        print(f"{check.state:8} {check.name}: {check.sentence}")


def mail_came_back(
    files: Annotated[list[Path], typer.Argument(help="Mails that came back, each saved as a file.")],
    store: Folder = None,
) -> None:
    """Take in mails that came back: their letters are listed, and nothing more goes to those addresses."""
    _begin(store)
    from sharedtable.ledger import bounces

    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Refused(f"{file} cannot be read: {error.strerror}.") from None
        letter = bounces.take_in(content, by="operator")
        print(f"{file.name}: letter {letter.pk} came back.")
