"""Files on their way in: each delivery is a folder beside the facts, with its files and a note of how far it is.

    DATA/incoming/<token>/files/<n>/<name>   what was sent, under the last part of its name
    DATA/incoming/<token>/check/             a store of its own, in which the files are read first
    DATA/incoming/<token>/state.json         kind, state, progress, report; replaced whole
    DATA/incoming/<token>/.alive             locked while somebody works on it

Nothing of it is a fact yet: the folder may be deleted at any time. Files are gone as soon as they are used or refused.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused

Kind = Literal["upload", "fetch"]
State = Literal["arriving", "working", "checked", "refused", "loading", "used"]
BUSY = frozenset({"working", "loading"})
KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Delivery:
    """How far a delivery is. `report`: what the check found, or what was loaded. `problem`: a sentence, else ''.

    `task`, `done`, `total`: the last step of progress as `lmi` reports it. `owner`: who brought it, as the record names
    them; for anybody else it is not there.
    """

    token: str
    kind: Kind
    state: State
    started_at: float
    task: str = ""
    done: int = 0
    total: int | None = None
    unit: str = ""
    problem: str = ""
    title: str = ""
    owner: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_busy(self) -> bool:
        """Whether somebody works on it."""
        return self.state in BUSY


def root() -> Path:
    """The folder of deliveries."""
    return Path(settings.DATA) / "incoming"


def folder(token: str) -> Path:
    """The folder of one delivery. Fails with Missing for anything that is no token of one that is here."""
    place = root() / token
    if not _TOKEN.fullmatch(token) or not (place / "state.json").is_file():
        raise Missing(_("That delivery is not here any more. Deliveries are kept for a day."))
    return place


def begin(kind: Kind, title: str = "", *, by: Actor) -> Delivery:
    """Make a new delivery of the actor. Fails with Refused when the disk is full; then nothing is left."""
    sweep()
    found = Delivery(secrets.token_hex(12), kind, "arriving", time.time(), title=title, owner=by.ref)
    try:
        (root() / found.token / "files").mkdir(parents=True)
        write(found)
    except OSError as problem:
        discard(found.token)
        raise Refused(disk_sentence(problem)) from problem
    return found


def disk_sentence(problem: OSError) -> str:
    """Why something could not be written, in words."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk of this machine is full. Nothing was kept. Make room, then try again.")
    return _("The file could not be stored: %(why)s. Nothing was kept.") % {"why": problem.strerror or problem}


def write(delivery: Delivery) -> Delivery:
    """Replace the state of a delivery, whole."""
    place = root() / delivery.token
    staged = place / f".state.{secrets.token_hex(4)}"
    try:
        staged.write_text(json.dumps(asdict(delivery)), "utf-8")
        os.replace(staged, place / "state.json")
    finally:
        staged.unlink(missing_ok=True)
    return delivery


def own(token: str, by: Actor) -> Delivery:
    """The state of a delivery that the actor brought. Fails with Missing for one of anybody else."""
    found = read(token)
    if found.owner != by.ref:
        raise Missing(_("That delivery is not here any more. Deliveries are kept for a day."))
    return found


def read(token: str) -> Delivery:
    """The state of a delivery. One whose worker is gone is told as refused. Fails with Missing for an unknown token."""
    found = Delivery(**json.loads((folder(token) / "state.json").read_text("utf-8")))
    if found.is_busy and not _is_alive(token):
        # Read again: it may have finished between the two looks.
        found = Delivery(**json.loads((folder(token) / "state.json").read_text("utf-8")))
        if found.is_busy:
            sentence = _("This was interrupted. The figures are as they were; start again.")
            return replace(found, state="refused", problem=sentence)
    return found


def files(token: str) -> list[Path]:
    """The files of a delivery, in the order in which they came."""
    return sorted(
        (path for path in (folder(token) / "files").glob("*/*") if path.is_file()), key=lambda p: int(p.parent.name)
    )


def new_file(token: str, number: int, name: str) -> Path:
    """A place for a file that arrives; of its name only the last part counts, and only plain signs of it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    safe = re.sub(r"[^\w.,() ›-]", "_", last).strip(" .")[-120:] or "file"
    place = root() / token / "files" / str(number)
    place.mkdir(parents=True, exist_ok=True)
    return place / safe


def clear(token: str) -> None:
    """Remove the files of a delivery and keep what it said."""
    for name in ("files", "check"):
        shutil.rmtree(root() / token / name, ignore_errors=True)


def discard(token: str) -> None:
    """Remove a delivery and all that belongs to it."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(root() / token, ignore_errors=True)


def sweep() -> None:
    """Remove deliveries of more than a day ago that nobody works on."""
    for place in root().glob("*/"):
        with contextlib.suppress(OSError):
            if place.stat().st_mtime < time.time() - KEPT_SECONDS and not _is_alive(place.name):
                discard(place.name)


def busy(kind: Kind) -> Delivery | None:
    """The delivery of a kind that somebody works on now; None when there is none."""
    for place in root().glob("*/state.json"):
        with contextlib.suppress(Missing, OSError, ValueError):
            found = read(place.parent.name)
            if found.kind == kind and found.is_busy:
                return found
    return None


@contextlib.contextmanager
def alive(token: str) -> Iterator[None]:
    """Hold the sign that a delivery is worked on; the system takes it back when the process dies."""
    handle = os.open(root() / token / ".alive", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_alive(token: str) -> bool:
    try:
        handle = os.open(root() / token / ".alive", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
