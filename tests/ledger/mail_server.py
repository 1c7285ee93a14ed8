"""A real mail server on loopback that takes letters, or misbehaves in one of the ways that servers do."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Taker:
    """What the server answers; everything that it took in `mails`. `on_rcpt`, `on_data`: what it says instead."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.on_rcpt: Callable[[str], str] = lambda address: "250 ok"
        self.on_data: Callable[[], str] = lambda: "250 taken"
        self.lock = threading.Lock()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        said = self.on_rcpt(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.on_data()
        if said.startswith("250"):
            with self.lock:
                mail = message_from_bytes(envelope.original_content or b"", policy=default)
                self.mails.append((envelope.rcpt_tos, mail))  # type: ignore[arg-type]
        return said


@contextmanager
def running(taker: Taker, settings: Any, **options: Any) -> Iterator[int]:
    """The server on a free port, and the settings that lead to it."""
    port = free_port()
    controller = Controller(taker, hostname="127.0.0.1", port=port, **options)
    controller.start()
    settings.MAIL_HOST, settings.MAIL_PORT, settings.MAIL_TLS = "127.0.0.1", str(port), "none"
    settings.MAIL_FROM, settings.MAIL_TIMEOUT = "table@example.org", 2
    try:
        yield port
    finally:
        controller.stop(no_assert=True)


@contextmanager
def scripted(settings: Any, script: Callable[[socket.socket, Any], None]) -> Iterator[list[int]]:
    """A server that does exactly what the script says with each connection; gives the list of connections so far."""
    listening = socket.create_server(("127.0.0.1", 0))
    seen: list[int] = []

    def serve() -> None:
        while True:
            try:
                line, _who = listening.accept()
            except OSError:
                return
            seen.append(1)
            with line, line.makefile("rb") as reader, suppress(OSError):
                script(line, reader)

    threading.Thread(target=serve, daemon=True).start()
    settings.MAIL_HOST, settings.MAIL_PORT, settings.MAIL_TLS = "127.0.0.1", str(listening.getsockname()[1]), "none"
    settings.MAIL_FROM, settings.MAIL_TIMEOUT = "table@example.org", 1
    try:
        yield seen
    finally:
        listening.close()


def up_to(line: socket.socket, reader: Any, last: bytes) -> None:
    """Speak SMTP until the client has sent a line that begins with `last`; that one is not answered."""
    line.sendall(b"220 here\r\n")
    while got := reader.readline():
        if got.upper().startswith(last):
            return
        line.sendall(b"354 go on\r\n" if got.upper().startswith(b"DATA") else b"250 ok\r\n")
        if got.upper().startswith(b"DATA"):
            while (part := reader.readline()) and part != b".\r\n":
                pass
            if last == b".":
                return
            line.sendall(b"250 taken\r\n")


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own for 127.0.0.1, and the file that a client has to trust."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    order = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run(
        [*order, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context, cert


def sign_in(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    """An authenticator that knows one user."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user, password), handled=False)

    return check


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait_for(check: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
