"""From a file as it arrives (CSV, gzip, zip) to plain CSV pieces with a known header, within limits.

Names inside an archive are only shown to people; nothing is ever written under such a name.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.intake import layouts, workbooks
from sharedtable.lmi.intake.layouts import Layout

_BLOCK = 1 << 20


class Readable(Protocol):
    """What unpacking needs of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """The next `size` bytes, fewer at the end."""


@dataclass(frozen=True)
class Limits:
    """What one load may use. The largest real file, a national quarterly year, unpacks to about 2.5 GB."""

    unpacked_bytes_per_file: int = 6 << 30
    unpacked_bytes: int = 24 << 30
    members: int = 20_000
    # Published figures shrink to a tenth; a file that shrinks to less than a two-hundredth is an attack or an accident.
    ratio: int = 200
    memory_bytes: int = 1 << 30
    address_space_bytes: int = 8 << 30
    wall_seconds: float = 3600.0


@dataclass(frozen=True)
class Piece:
    """One plain CSV: `path` to read, `shown` for people, the `source` file that it came out of."""

    path: Path
    shown: str
    source: Path
    header: tuple[str, ...]
    layout: Layout
    encoding: str = "utf-8"
    year: str = ""
    first_row: int = 2  # the number, in the source, of the first row under the header


class Budget:
    """Counts what was unpacked in one load and refuses what goes beyond."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.used = 0

    def spend(self, count: int, of_file: int, packed: int, shown: str) -> None:
        """Count `count` more bytes of a file that has given `of_file` bytes out of `packed` bytes."""
        self.used += count
        too_dense = of_file > (64 << 20) and of_file > packed * self.limits.ratio
        if too_dense or of_file > self.limits.unpacked_bytes_per_file or self.used > self.limits.unpacked_bytes:
            raise Refused(
                f"{shown}: it unpacks to more than a file of published figures can hold, so it was not opened further."
            )


def sha256_of(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file in hexadecimal, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def pieces(source: Path, folder: Path, budget: Budget) -> Iterator[Piece]:
    """The CSV pieces of a file; compressed ones are unpacked into `folder`, which the caller removes.

    Fails with Refused, naming the file, when it is empty, broken, a web page, too large, or of an unknown header.
    """
    shown = source.name
    try:
        with source.open("rb") as opened:
            start = opened.read(8)
            if not start:
                raise Refused(f"{shown}: the file is empty.")
            opened.seek(0)
            if start[:2] == b"\x1f\x8b":
                packed = source.stat().st_size
                with gzip.open(opened) as stream:
                    path = _copy(stream, folder, shown, budget, packed)
                if _begins(path, b"SQLite format 3\x00"):
                    yield Piece(path, shown, source, (), layouts.OEWS_DATABASE)
                else:
                    yield _piece(path, _without(shown, ".gz"), source)
            elif start[:4] == b"PAR1":
                yield Piece(source, shown, source, (), layouts.OEWS_PARQUET)
            elif start == b"SQLite f":
                yield Piece(source, shown, source, (), layouts.OEWS_DATABASE)
            elif start[:4] in (b"PK\x03\x04", b"PK\x05\x06") and workbooks.is_workbook(source):
                path = folder / f"{len(list(folder.iterdir())):06d}.csv"
                header_row = workbooks.to_csv(source, path, shown)
                yield replace(_piece(path, shown, source), first_row=header_row + 1)
            elif start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
                yield from _members(opened, source, folder, budget)
            else:
                yield _piece(source, shown, source)
    except FileNotFoundError as problem:
        raise Missing(f"There is no file {source}.") from problem
    except IsADirectoryError as problem:
        raise Refused(f"{source} is a folder, not a file.") from problem
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError) as problem:
        raise Refused(
            f"{shown}: the compressed file is broken or was cut short ({problem}). Download it again."
        ) from problem
    except OSError as problem:
        why = "the disk is full" if problem.errno == errno.ENOSPC else (problem.strerror or "it is broken")
        raise Refused(f"{shown}: the file cannot be read: {why}. Nothing was loaded.") from problem


def _members(opened: IO[bytes], source: Path, folder: Path, budget: Budget) -> Iterator[Piece]:
    with zipfile.ZipFile(opened) as archive:
        members = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
        if not members:
            raise Refused(f"{source.name}: there is no CSV file in the archive.")
        if len(members) > budget.limits.members:
            raise Refused(f"{source.name}: the archive holds {len(members):,} files, more than a release has.")
        for member in members:
            shown = f"{source.name} › {Path(member.filename).name[:120]}"
            if member.flag_bits & 0x1:
                raise Refused(f"{shown}: the archive is locked with a password.")
            with archive.open(member) as stream:
                path = _copy(stream, folder, shown, budget, max(member.compress_size, 1))
            yield _piece(path, shown, source)


def _copy(stream: Readable, folder: Path, shown: str, budget: Budget, packed: int) -> Path:
    path = folder / f"{len(list(folder.iterdir())):06d}.csv"
    size = 0
    with path.open("wb") as out:
        while block := stream.read(_BLOCK):
            size += len(block)
            budget.spend(len(block), size, packed, shown)
            out.write(block)
    return path


def _piece(path: Path, shown: str, source: Path) -> Piece:
    header, first_row, encoding = read_header(path, shown)
    layout = layouts.recognise(header, shown)
    # Pieces of one year are read together; a look at the first row is enough to sort them.
    year = dict(zip(layouts.clean_names(header), first_row, strict=False)).get("year", "")
    return Piece(path, shown, source, tuple(header), layout, encoding, year)


def read_header(path: Path, shown: str) -> tuple[list[str], list[str], str]:
    """The names in the first line of a CSV, the values of its second line, its encoding ('utf-8' or 'utf-16').

    Fails with Refused when the file is empty, a web page, a workbook or other binary.
    """
    with path.open("rb") as opened:
        start = opened.read(1 << 16)
    if not start.strip():
        raise Refused(f"{shown}: the file is empty.")
    encoding = "utf-8"
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
        text = start[: len(start) // 2 * 2].decode("utf-16", "replace")
    else:
        text = start.decode("utf-8-sig", "replace")
    lead = text.lstrip()[:200].lower()
    if lead.startswith(("<!doctype", "<html", "<?xml", "<head", "<body", "<script")):
        raise Refused(
            f"{shown}: this is a web page, not a file of figures. The site may have answered with a notice; "
            "open the address in a browser, or try again later."
        )
    if "\x00" in text or start[:5] == b"%PDF-" or start[:4] == b"\xd0\xcf\x11\xe0":
        raise Refused(f"{shown}: this is not a text file with figures.")
    try:
        rows = csv.reader(io.StringIO(text), strict=True)
        header = next(rows)
    except (csv.Error, StopIteration) as problem:
        raise Refused(f"{shown}: the first line cannot be read as column names ({problem}).") from problem
    with contextlib.suppress(csv.Error):
        return header, next((row for row in rows if row), []), encoding
    return header, [], encoding


def _begins(path: Path, magic: bytes) -> bool:
    with path.open("rb") as opened:
        return opened.read(len(magic)) == magic


def _without(name: str, suffix: str) -> str:
    return name[: -len(suffix)] if name.lower().endswith(suffix) else name
