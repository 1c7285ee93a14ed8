"""Make a backup, verify one, and go back to one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from sharedtable import __version__
from sharedtable.config.backup import archive, databases
from sharedtable.config.backup.archive import Manifest
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import heads
from sharedtable.ledger.actions import record
from sharedtable.ledger.models import Lease

PATTERN = "sharedtable-*.zip"
SPARE_BYTES = 200_000_000


@dataclass(frozen=True)
class Made:
    """A backup that counts: where it lies, what it holds, and which older ones went."""

    file: Path
    manifest: Manifest
    dropped: tuple[Path, ...]


def backup(target: Path | None = None, *, keep: int = 14, with_secret_key: bool = False) -> Made:
    """Write one file while the program runs, restore it once into a temporary place, and only then give it its name.

    Without a target it goes into the folder of backups, and of those only the newest `keep` stay.
    """
    data, folder = Path(settings.DATA), Path(settings.BACKUPS)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    file = target or folder / f"sharedtable-{stamp}.zip"
    if file.exists():
        raise Refused(f"{file} is there already. Name another file, or remove it first.")
    _make_folder(file.parent)
    database = databases.this_database()
    _check_space(file.parent, 3 * database.size() + SPARE_BYTES)
    draft = file.with_name(f".{file.name}.part")
    draft.unlink(missing_ok=True)
    with _place_beside(file) as place:
        copy = database.copy(place)
        parts = [(copy, database.part), *archive.files_to_keep(data, folder, with_secret_key)]
        manifest = Manifest(
            datetime.now(UTC).isoformat(timespec="seconds"), __version__, database.vendor, with_secret_key,
            _migrations(), database.check(copy), 0,
        )  # fmt: skip
        manifest = Manifest(**{**manifest.__dict__, "entries": manifest.tables.get("ledger_entry", 0)})
        try:
            manifest = archive.write(draft, manifest, parts)
            copy.unlink()
            _restore_once(draft, place / "once", database)
            draft.rename(file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    with transaction.atomic():
        details = {"bytes": file.stat().st_size, "entries": manifest.entries, "parts": len(manifest.parts)}
        record(by="operator", verb="backup.make", kind="backup", details=details)
    return Made(file, manifest, _prune(folder, keep) if target is None else ())


def verify(file: Path) -> Manifest:
    """Restore a backup into a temporary place and look through it, as a restore would."""
    database = databases.this_database()
    with _place_beside(file) as place:
        return _restore_once(file, place / "once", database)


def _restore_once(file: Path, place: Path, database: databases.Database) -> Manifest:
    manifest = archive.unpack(file, place)
    if manifest.vendor != database.vendor:
        raise Refused(_other_vendor(file, manifest, database))
    tables = database.check(place / manifest.database().name)
    if tables != manifest.tables:
        raise Refused(f"{file.name} holds other rows than it says. Take an older one. Nothing was changed.")
    return manifest


def restore(file: Path, *, replace: bool = False) -> tuple[Manifest, list[str]]:
    """Go back to a backup; gives what it held and where the old things were put aside.

    Everything is unpacked and looked through first; only then names change. Fails with Refused, and nothing changed,
    when there is a database already and `replace` was not asked for, when a process still runs, or when the file is
    broken.
    """
    data, database = Path(settings.DATA), databases.this_database()
    with archive.opened(file) as (_archive, manifest):
        if manifest.vendor != database.vendor:
            raise Refused(_other_vendor(file, manifest, database))
        needed = 2 * sum(part.size for part in manifest.parts) + SPARE_BYTES
    if not database.is_empty():
        if not replace:
            raise Refused(
                "There is a database already. To put it aside and take the backup instead, use: "
                f"sharedtable restore {file} --replace"
            )
        _check_that_nobody_works()
    connections.close_all()
    data.mkdir(parents=True, exist_ok=True)
    _check_space(data, needed)
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    place = Path(tempfile.mkdtemp(prefix=".restore-", dir=data))
    try:
        manifest = _restore_once(file, place / "once", database)
        aside = [database.replace(place / "once" / manifest.database().name, stamp)]
        aside += _put_back(place / "once", data, stamp)
    except OSError as error:
        raise Refused(f"{file.name} could not be restored: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
    with suppress(DatabaseError), transaction.atomic():  # an older version's record is written to after `migrate`
        record(by="operator", verb="backup.restore", kind="backup", details={"entries": manifest.entries})
    return manifest, list(dict.fromkeys(name for name in aside if name))


def _put_back(place: Path, data: Path, stamp: str) -> Iterator[str]:
    """Each file of the backup to its place; what was there goes aside."""
    aside = data / f"replaced-{stamp}"
    for source, target_root in ((place / "data", data), (place / "heads", Path(settings.BACKUPS))):
        for path in sorted(source.rglob("*")) if source.is_dir() else []:
            if not path.is_file():
                continue
            target = target_root / path.relative_to(source)
            if target.exists():
                old = aside / path.relative_to(source)
                old.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                target.rename(old)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
    heads_of_later = Path(settings.BACKUPS) / heads.FILE_NAME
    if not (place / "heads").is_dir() and heads_of_later.exists():
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(heads_of_later, aside / heads.FILE_NAME)  # of days that the backup does not know
    if aside.is_dir():
        yield str(aside)


def newest() -> Path | None:
    """The newest backup of the folder."""
    found = sorted(Path(settings.BACKUPS).glob(PATTERN))
    return found[-1] if found else None


def _prune(folder: Path, keep: int) -> tuple[Path, ...]:
    old = tuple(sorted(folder.glob(PATTERN))[: -max(1, keep)])
    for path in old:
        path.unlink()
    return old


def _migrations() -> list[str]:
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _check_that_nobody_works() -> None:
    try:
        busy = Lease.objects.filter(until__gt=timezone.now()).exclude(holder="").exists()
    except DatabaseError:
        return  # an older database, or a broken one: the very reason to restore
    if busy:
        raise Refused("The program still runs on this database. Stop it (and every worker) first, then try again.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder {folder} cannot be made: {error.strerror}. Name another one.") from error


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            f"There is not enough space in {folder}: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free. "
            "Make room, or name a file on another disk. Nothing was changed."
        )


@contextmanager
def _place_beside(file: Path) -> Iterator[Path]:
    """A folder on the same disk that is gone afterwards, whatever happens."""
    if not file.parent.is_dir():
        raise Missing(f"There is no folder {file.parent}.")
    try:
        place = Path(tempfile.mkdtemp(prefix=".backup-", dir=file.parent))
    except OSError as error:
        raise Refused(f"Nothing can be written into {file.parent}: {error.strerror}.") from error
    try:
        yield place
    except OSError as error:
        raise Refused(f"That did not work: {error.strerror or error}. Nothing was left behind.") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _other_vendor(file: Path, manifest: Manifest, database: databases.Database) -> str:
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return (
        f"{file.name} holds a database of {names.get(manifest.vendor, manifest.vendor)}, and this installation uses "
        f"{names[database.vendor]}. Set DATABASE_URL to the same kind first."
    )


def shown(manifest: Manifest) -> str:
    """One line on what a backup holds."""
    files = len(manifest.parts) - 1
    rows = sum(manifest.tables.values())
    return (
        f"made {manifest.made_at} by version {manifest.version}: {rows:,} rows in {len(manifest.tables)} tables "
        f"({manifest.entries:,} entries of the record), {files} files"
    )
