"""Mail on a machine without a mail server: each letter is a file that any mail program opens."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

from sharedtable.ledger.smtp import Outcome

SHOWN = 50


@dataclass(frozen=True)
class Kept:
    """One letter of the folder."""

    name: str
    to: str
    subject: str
    body: str
    at: datetime | None


def folder() -> Path:
    """Where the letters lie."""
    return Path(settings.DATA) / "mail"


def put(message: EmailMessage, name: str) -> Outcome:
    """Write one letter, whole or not at all, for the owner of the folder alone."""
    place = folder()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place / f".{name}.{os.getpid()}"
        handle = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place / f"{name}.eml")
    except OSError as error:
        return Outcome("later", "folder", error.strerror or "", is_ours=True)
    return Outcome("sent", way="folder")


def newest() -> list[Kept]:
    """The newest letters of the folder, newest first."""
    if not folder().is_dir():
        return []
    files = sorted(folder().glob("[!.]*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in files[:SHOWN]]


def _read(path: Path) -> Kept:
    message = message_from_bytes(path.read_bytes(), policy=default)
    part = message.get_body(("plain",))
    when = message.get("Date")
    return Kept(
        path.stem,
        str(message.get("To", "")),
        str(message.get("Subject", "")),
        part.get_content() if part is not None else "",
        parsedate_to_datetime(str(when)) if when else None,
    )
