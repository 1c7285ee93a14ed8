"""`sharedtable serve`: the pages, on this machine, with the shipped example in them from the first start."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import webbrowser
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from sharedtable.errors import Missing, Refused


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on. Any but a loopback one opens the site to others.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")] = 8000,
    store: Annotated[
        Path | None, typer.Option(help="Folder of facts and database, else SHAREDTABLE_DATA, else ./var.")
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open-browser/--no-open-browser", help="Show the start page.")
    ] = False,
) -> None:
    """Serve the pages. The first start loads an example region, so there is something to look at without a network."""
    try:
        _serve(host, port, store, open_browser)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        raise typer.Exit(1) from None


def _serve(host: str, port: int, store: Path | None, open_browser: bool) -> None:
    folder = (store or Path(os.environ.get("SHAREDTABLE_DATA") or "var")).expanduser().absolute()
    os.environ["SHAREDTABLE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
    if _is_loopback(host):
        os.environ["SHAREDTABLE_LOCAL"] = "1"
    else:
        # Whoever reaches the machine would be its operator.
        os.environ.pop("SHAREDTABLE_LOCAL", None)
    listening = listen(host, port)  # before the slow part, so that a busy port is told at once
    address = _address(host, listening.getsockname()[1])
    if _is_loopback(host):
        # Links in mails lead to where we listen, unless another address was given.
        os.environ.setdefault("SHAREDTABLE_ADDRESS", address.rstrip("/"))
    _hold_little()
    stop, sending = threading.Event(), None
    try:
        if _is_first_start(folder):
            _prepare_apart(folder)
        prepare(folder)
        print(f"Shared Table is at {address}", flush=True)
        _tell_set_up_code(is_local=_is_loopback(host))
        print("Stop it with Ctrl+C.", flush=True)
        threading.Thread(target=_load_wages, args=(folder,), daemon=True).start()
        sending = threading.Thread(target=_send_letters, args=(stop,), daemon=True)
        sending.start()
        if open_browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        # The web server hands the signal on after it has closed; by itself that would end us in the middle of a letter.
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
        _run(listening)
    finally:
        listening.close()
        stop.set()
        if sending is not None:
            sending.join(15)  # the letter in hand is finished


def _send_letters(stop: threading.Event) -> None:
    """The worker of `sharedtable worker`, inside of this process."""
    from sharedtable.accounts.rights import may_send
    from sharedtable.config.chores import chores, rehearse
    from sharedtable.ledger.worker import Worker

    rehearse(stop)
    Worker(may_send, chores()).run(stop)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def listen(host: str, port: int) -> socket.socket:
    """Takes the port, or says in a sentence why that is not possible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(4096)
    except OSError as error:
        listening.close()
        other = port + 1 if port < 65535 else 8000
        raise Refused(
            f"Port {port} on {host} cannot be used: {(error.strerror or str(error)).lower()}. "
            f"Stop the program that uses it, or choose another port: sharedtable serve --port {other}"
        ) from None
    return listening


def _is_first_start(folder: Path) -> bool:
    """Whether changes of the database wait, or the example. Looks at names alone, so it takes no time."""
    import django
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from sharedtable.lmi.store import Store

    django.setup()
    known = {
        (app.label, path.stem) for app in apps.get_app_configs() for path in Path(app.path).glob("migrations/[0-9]*.py")
    }
    try:
        return bool(known - MigrationRecorder(connection).applied_migrations().keys()) or not Store(folder).years(
            "qcew"
        )
    except Missing:
        return True
    finally:
        connection.close()


def _hold_little() -> None:
    """Let the C library keep one heap for all threads, and give freed memory back early.

    Its own way, a heap a thread, is for programs whose threads allocate at once; ours take turns.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it, musl has not
    if mallopt is not None:
        mallopt(-8, 1)  # M_ARENA_MAX
        mallopt(-1, 65_536)  # M_TRIM_THRESHOLD, bytes


def _prepare_apart(folder: Path) -> None:
    """Make the database and load the example in a process that ends; here, 60 MB would be held for good."""
    command = [sys.executable, "-c", "from sharedtable.cli import main; main()", "migrate", "--store", str(folder)]
    # Our own interpreter and command. What goes wrong is said by it.
    if subprocess.run(command, check=False).returncode:  # noqa: S603
        raise typer.Exit(1)


def prepare(folder: Path) -> None:
    """Bring the database up to date, check that each address has its rule, load the example when there are no facts."""
    import django
    from django.core.checks import run_checks
    from django.core.management import call_command

    from sharedtable.lmi import example
    from sharedtable.lmi.store import Store

    django.setup()
    problems = run_checks()
    if problems:
        raise Refused(
            "The program is not in order and was not started:\n" + "\n".join(str(problem) for problem in problems)
        )
    call_command("migrate", interactive=False, verbosity=0)
    if example.install(Store(folder, create=True)):
        print(
            "Loaded the example region. Fetch the newest figures on the page Data, or with: sharedtable facts fetch",
            flush=True,
        )


def _tell_set_up_code(*, is_local: bool) -> None:
    """Where others reach the site, only who sees this console may set the first team up."""
    from django.conf import settings

    from sharedtable.accounts.actions import make_set_up_token
    from sharedtable.accounts.queries import has_team

    if not is_local and not has_team():
        print(
            f"Set up your team at {settings.SITE_ADDRESS}/set-up/ with this code, within 30 minutes: "
            f"{make_set_up_token()}",
            flush=True,
        )


def _load_wages(folder: Path) -> None:
    """Load the wage statistics that come with an installed package, while the first pages are already being read.

    They take some seconds, and only the occupations of a profile need them.
    """
    from sharedtable.lmi.intake.fetch import fetch
    from sharedtable.lmi.store import Store

    try:
        store = Store(folder)
        if not store.years("oews"):
            fetch(store, "oews")
            print("Loaded the wages by occupation.", flush=True)
    except Missing:
        return  # installed without the extra `oews`; the pages say how to get it
    except Refused as refusal:
        print(refusal, file=sys.stderr)


def _run(listening: socket.socket) -> None:
    import gc

    import uvicorn

    from sharedtable.config.sockets import SocketProtocol

    config = uvicorn.Config(
        "sharedtable.config.asgi:application",
        lifespan="off",
        http=SocketProtocol,
        backlog=4096,
        # A header must not be able to say that a request comes from this machine.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    config.load()
    # What was loaded until here stays for ever: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    uvicorn.Server(config).run(sockets=[listening])
