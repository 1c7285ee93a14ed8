"""The keys: each from the environment, else from a file that the first start makes and every later start reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sharedtable.errors import Refused

FILE_NAME = "secret.key"
SUPPRESSION = "suppression.key"
SHORTEST = 50


def secret_key(folder: Path, from_environment: str | None = None) -> str:
    """Gives the key that signs cookies; see `_key`."""
    return _key(folder / FILE_NAME, "SHAREDTABLE_SECRET_KEY", from_environment)


def suppression_key(folder: Path, from_environment: str | None = None) -> str:
    """Gives the key under which the addresses of those who want no mail are hashed; see `_key`.

    Its own, so that the secret key can be changed without forgetting who asked to be left alone.
    """
    return _key(folder / SUPPRESSION, "SHAREDTABLE_SUPPRESSION_KEY", from_environment)


def _key(path: Path, variable: str, from_environment: str | None) -> str:
    """Takes the key from the environment, if there is one. Without it, the file is read, and made first when it is
    missing (mode 0600, complete from the first moment that it has its name, so that a second process that starts at
    the same time reads the same key). Fails with `Refused` when the key is short or when other users of the machine
    could read the file.
    """
    if from_environment:
        if len(from_environment) < SHORTEST:
            raise Refused(
                f"{variable} has {len(from_environment)} characters. Give it {SHORTEST} or more, or "
                "leave it unset and the program makes its own key."
            )
        return from_environment
    name = path.name.replace(".", " ")
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise Refused(f"Other users of this machine can read the {name} {path}. Run: chmod 600 {path}")
    key = path.read_text(encoding="ascii").strip()
    if len(key) < SHORTEST:
        raise Refused(f"The {name} file {path} is too short. Delete it: the next start makes a new one.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # fails when another process was faster; its key is then the key
    except FileExistsError:
        return
    finally:
        draft.unlink()
