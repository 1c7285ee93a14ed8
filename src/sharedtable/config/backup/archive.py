"""The file of a backup: a ZIP with the database, the files of the data folder, and last a manifest with the SHA-256 of
each part. It is written beside its final name and moved there when it is whole and was restored once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from sharedtable.errors import Missing, Refused

MANIFEST, FORMAT = "manifest.json", 1
CHUNK = 4 * 1024 * 1024
# What of the data folder stays out: facts and examples come again from their publisher, mail is mail, a half-read
# delivery is not yet kept, the database has a part of its own, and a backup of backups grows without end.
LEFT_OUT = ("facts", "mail", "backups", "incoming")
LEFT_OUT_FILES = ("db.sqlite3", "test-db.sqlite3", "secret.key")
ALSO = ("facts/receipts.jsonl",)


@dataclass(frozen=True)
class Part:
    """One file inside: its name there, its size, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    version: str
    vendor: str
    has_secret_key: bool
    migrations: list[str]
    tables: dict[str, int]
    entries: int
    parts: list[Part] = field(default_factory=list)
    format: int = FORMAT

    def database(self) -> Part:
        """The part that holds the database."""
        return next(part for part in self.parts if part.name.startswith("database/"))


def files_to_keep(data: Path, backups: Path, with_secret_key: bool) -> Iterator[tuple[Path, str]]:
    """Each file of the data folder that goes along, with its name in the backup. Links are not followed."""
    for folder, names, files in os.walk(data):
        here = Path(folder)
        names[:] = sorted(
            name
            for name in names
            if not (here / name).is_symlink()
            and (here / name).resolve() != backups.resolve()
            and not (here == data and (name in LEFT_OUT or name.startswith((".", "replaced-"))))
        )
        for name in sorted(files):
            path = here / name
            is_out = here == data and (name.startswith((*LEFT_OUT_FILES, ".")))
            if path.is_file() and not path.is_symlink() and not is_out:
                yield path, f"data/{path.relative_to(data).as_posix()}"
    for also in (*ALSO, *(("secret.key",) if with_secret_key else ())):
        if (data / also).is_file():
            yield data / also, f"data/{also}"
    if (backups / "ledger-heads.jsonl").is_file():
        yield backups / "ledger-heads.jsonl", "heads/ledger-heads.jsonl"


def write(target: Path, manifest: Manifest, parts: list[tuple[Path, str]]) -> Manifest:
    """Write a whole backup; gives the manifest with its parts. On any failure the file is gone again."""
    made: list[Part] = []
    try:
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as archive:
            target.chmod(0o600)
            for path, name in parts:
                made.append(_put(archive, path, name))
            whole = Manifest(**{**manifest.__dict__, "parts": made})
            archive.writestr(MANIFEST, json.dumps(asdict(whole), indent=1, sort_keys=True))
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        target.unlink(missing_ok=True)
        raise Refused(
            f"The backup could not be written: {error.strerror or error}. Nothing was left behind."
        ) from error
    return whole


def _put(archive: zipfile.ZipFile, path: Path, name: str) -> Part:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as sink:
        while block := source.read(CHUNK):
            digest.update(block)
            sink.write(block)
            size += len(block)
    return Part(name, size, digest.hexdigest())


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup and its manifest. Fails with Missing or Refused in words when there is none, or it is broken."""
    if not file.is_file():
        raise Missing(f"There is no file {file}.")
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _manifest(file, archive)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise Refused(
            f"{file.name} is broken or no backup ({error}). Take an older one. Nothing was changed."
        ) from error


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        raw = json.loads(archive.read(MANIFEST))
        if raw["format"] != FORMAT:
            raise Refused(f"{file.name} was made by another version of this program. Install that version first.")
        found = Manifest(**{**raw, "parts": [Part(**part) for part in raw["parts"]]})
        found.database()
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise Refused(
            f"{file.name} is no backup, or its end is missing. Take an older one. Nothing was changed."
        ) from error
    for part in found.parts:
        path = PurePosixPath(part.name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in ("database", "data", "heads"):
            raise Refused(f"{file.name} holds a part with the name {part.name}. That is no backup of ours.")
    return found


def unpack(file: Path, into: Path) -> Manifest:
    """Unpack every part and check its size and SHA-256. On any failure the folder is gone again."""
    try:
        with opened(file) as (archive, manifest):
            for part in manifest.parts:
                _take(file, archive, part, into / part.name)
    except OSError as error:
        shutil.rmtree(into, ignore_errors=True)
        raise Refused(f"{file.name} could not be unpacked: {error.strerror or error}. Nothing was changed.") from error
    except Refused:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return manifest


def _take(file: Path, archive: zipfile.ZipFile, part: Part, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source: IO[bytes] = archive.open(part.name)
    except KeyError:
        raise Refused(f"{file.name} lacks its part {part.name}. Take an older one. Nothing was changed.") from None
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with source, os.fdopen(handle, "wb") as sink:
        while block := source.read(CHUNK):
            digest.update(block)
            sink.write(block)
            size += len(block)
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise Refused(f"The part {part.name} of {file.name} was changed. Take an older one. Nothing was changed.")
