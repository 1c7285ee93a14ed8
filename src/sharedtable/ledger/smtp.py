"""Hands one letter to the mail server, and says exactly what became of it.

The one thing that must be told apart: a connection that broke before the whole letter was handed over (try again), and
one that broke afterwards, before the answer (it may have left; a person decides).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from django.conf import settings

from sharedtable.errors import Refused

PORTS = {"implicit": 465, "starttls": 587, "none": 25}
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True)
class Outcome:
    """What became of a letter: it left, will be tried later, never goes, or nobody knows.

    `is_bounce`: the mailbox itself is not there. `is_ours`: our own mail server is the trouble, so that the next letter
    would fare no better.
    """

    kind: Literal["sent", "later", "never", "unclear"]
    code: str = ""
    said: str = ""
    is_bounce: bool = False
    is_ours: bool = False
    way: Literal["smtp", "folder"] = "smtp"


SENT = Outcome("sent")


@dataclass(frozen=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    timeout: float


def server() -> Server | None:
    """The mail server of the settings; None when there is none. Fails with Refused when they make no sense."""
    if not settings.MAIL_HOST:
        return None
    tls, port = settings.MAIL_TLS, settings.MAIL_PORT
    if tls not in PORTS:
        raise Refused(f"SHAREDTABLE_MAIL_TLS is “{tls}”. Write implicit, starttls or none.")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise Refused(f"SHAREDTABLE_MAIL_PORT is “{port}”. Write the number of a port, such as {PORTS[tls]}.")
    return Server(
        settings.MAIL_HOST, int(port or PORTS[tls]), tls, settings.MAIL_USER, settings.MAIL_PASSWORD,
        settings.MAIL_TIMEOUT,
    )  # fmt: skip


class NoServer(Exception):
    """The mail server could not be spoken to; carries what becomes of the letter."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.said)
        self.outcome = outcome


def connect(to: Server) -> smtplib.SMTP:
    """A connection that is secure and signed in, as the settings want it. Fails with NoServer."""
    line: smtplib.SMTP | None = None
    try:
        if to.tls == "implicit":
            line = smtplib.SMTP_SSL(to.host, to.port, timeout=to.timeout, context=_context())
        else:
            line = smtplib.SMTP(to.host, to.port, timeout=to.timeout)
        line.ehlo_or_helo_if_needed()
        if to.tls == "starttls":
            line.starttls(context=_context())
            line.ehlo()
        if to.user:
            _sign_in(line, to)
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        _hang_up(line)
        raise NoServer(Outcome("later", "tls", _words(error), is_ours=True)) from error
    except smtplib.SMTPAuthenticationError as error:
        _hang_up(line)
        raise NoServer(Outcome("later", "sign-in", f"{error.smtp_code}", is_ours=True)) from error
    except (OSError, smtplib.SMTPException) as error:
        _hang_up(line)
        raise NoServer(Outcome("later", "unreachable", _words(error), is_ours=True)) from error
    return line


def _sign_in(line: smtplib.SMTP, to: Server) -> None:
    try:
        line.login(to.user, to.password)
    except smtplib.SMTPNotSupportedError as error:
        raise smtplib.SMTPAuthenticationError(503, str(error)) from error


def send(message: EmailMessage, sender: str, recipient: str, to: Server) -> Outcome:
    """Hand over one letter."""
    try:
        line = connect(to)
    except NoServer as trouble:
        return trouble.outcome
    try:
        return _hand_over(line, message, sender, recipient)
    finally:
        _hang_up(line)


def _hand_over(line: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str) -> Outcome:
    options = [] if (sender + recipient).isascii() else ["SMTPUTF8"]
    if options and not line.has_extn("smtputf8"):
        return Outcome("never", "address")
    content = message.as_bytes()
    try:
        code, said = line.mail(sender, options)
        if code // 100 != 2:
            return _refusal(code, said, is_ours=True)
        code, said = line.rcpt(recipient)
        if code // 100 != 2:
            return _refusal(code, said, is_recipient=True)
        code, said = line.docmd("DATA")
        if code != 354:
            return _refusal(code, said)
        line.send(re.sub(rb"(?m)^\.", b"..", content).rstrip(b"\r\n") + b"\r\n")
        # Up to here the other side has no whole letter. After this line it may have one.
        line.send(b".\r\n")
    except (OSError, smtplib.SMTPException) as error:
        return Outcome("later", "dropped", _words(error))
    try:
        code, said = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome("unclear", "unclear", _words(error))
    return SENT if code // 100 == 2 else _refusal(code, said)


def _refusal(code: int, said: bytes, *, is_recipient: bool = False, is_ours: bool = False) -> Outcome:
    text = said.decode("utf-8", "replace")
    words = f"{code} {text}"
    if is_ours:
        return Outcome("later", "sender", words, is_ours=True)
    if code // 100 != 5:
        return Outcome("later", "later", words)
    found = _ENHANCED.match(text)
    subject, detail = (int(found[2]), int(found[3])) if found else (-1, -1)
    if code == 552 or (subject, detail) in {(2, 3), (3, 4)}:
        return Outcome("never", "full" if (subject, detail) == (2, 2) else "large", words)
    if (subject, detail) == (2, 2):
        return Outcome("never", "full", words)
    if subject == 7:
        return Outcome("never", "policy", words)
    if is_recipient:
        return Outcome("never", "unknown", words, is_bounce=True)
    return Outcome("never", "refused", words)


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _words(error: BaseException) -> str:
    said = getattr(error, "smtp_error", None) or getattr(error, "strerror", None) or str(error)
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _hang_up(line: smtplib.SMTP | None) -> None:
    if line is None:
        return
    with suppress(OSError, smtplib.SMTPException):
        line.quit()
    line.close()
