"""Looks at an archive before anything of it is used: that it is one, whole, unchanged, and not from a later version."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from sharedtable.archive.packing import FORMAT, FORMAT_VERSION, MANIFEST
from sharedtable.errors import Missing, Refused

MOST_MEMBERS, MOST_BYTES, MOST_MANIFEST_BYTES, LONGEST_LINE = 20_000, 20_000_000_000, 20_000_000, 16_000_000
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class Opened:
    """An archive that was found right. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise Missing(_("There is no file %(name)s.") % {"name": path.name})
        try:
            self.zip = zipfile.ZipFile(path)
        except BROKEN as problem:
            raise Refused(
                _("%(name)s is no ZIP file, or it is damaged. Nothing was brought in.") % {"name": path.name}
            ) from problem
        self.name = path.name
        try:
            self.manifest = self._manifest()
            self._check()
        except BaseException:
            self.zip.close()
            raise

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.zip.close()

    def _manifest(self) -> Mapping[str, Any]:
        foreign = Refused(
            _("%(name)s is not an archive of Shared Table. Nothing was brought in.") % {"name": self.name}
        )
        try:
            info = self.zip.getinfo(MANIFEST)
        except KeyError:
            raise foreign from None
        if info.file_size > MOST_MANIFEST_BYTES or len(self.zip.infolist()) > MOST_MEMBERS:
            raise foreign
        try:
            with self.zip.open(info) as file:
                found = json.loads(file.read(MOST_MANIFEST_BYTES + 1))
        except (*BROKEN, ValueError, RecursionError) as problem:
            raise self._broken(MANIFEST) from problem
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise foreign
        version = found.get("format_version")
        if not isinstance(version, int) or version > FORMAT_VERSION:
            raise Refused(
                _("%(name)s was made by a newer Shared Table (%(version)s). Update this one first.")
                % {"name": self.name, "version": str(found.get("software"))[:20]}
            )
        if not all(isinstance(found.get(key), dict) for key in ("space", "tables", "files", "left_out")):
            raise self._broken(MANIFEST)
        if not all(isinstance(about, dict) for key in ("tables", "files") for about in found[key].values()):
            raise self._broken(MANIFEST)
        return found

    def _broken(self, name: str) -> Refused:
        return Refused(
            _("%(part)s in %(name)s is damaged or was changed. Nothing was brought in. Take another copy of the file.")
            % {"part": name, "name": self.name}
        )

    def _check(self) -> None:
        """Every file is as long as the manifest says, and its checksum is right; nothing else is inside."""
        files: Mapping[str, Any] = self.manifest["files"]
        inside = {info.filename for info in self.zip.infolist()}
        if len(inside) != len(self.zip.infolist()):
            raise self._broken(MANIFEST)
        for name in sorted(inside ^ {*files, MANIFEST}):
            raise self._broken(name[:80])
        if sum(info.file_size for info in self.zip.infolist()) > MOST_BYTES:
            raise Refused(_("%(name)s is too large to be an archive. Nothing was brought in.") % {"name": self.name})
        for name, about in files.items():
            if not isinstance(about, dict) or self._digest(name, about.get("bytes")) != about.get("sha256"):
                raise self._broken(name)

    def _digest(self, name: str, size: object) -> str:
        digest, count = hashlib.sha256(), 0
        try:
            with self.zip.open(name) as file:
                while piece := file.read(1 << 20):
                    digest.update(piece)
                    count += len(piece)
                    if not isinstance(size, int) or count > size:
                        return ""
        except BROKEN as problem:
            raise self._broken(name) from problem
        return digest.hexdigest() if count == size else ""

    def file(self, name: str, most: int) -> bytes | None:
        """One file of the archive that is no table; None when it is not there or longer than that."""
        about = self.manifest["files"].get(name)
        if about is None or about["bytes"] > most:
            return None
        return self.zip.read(name)

    def rows(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of one table with their line numbers, one at a time."""
        path = f"json/{name}.json"
        if path not in self.manifest["files"]:
            return
        with self.zip.open(path) as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                text = line.strip().rstrip(b",")
                if text in (b"[", b"]", b"[]", b""):
                    continue
                try:
                    row = json.loads(text)
                except (ValueError, RecursionError) as problem:
                    raise self._broken(f"{path}, {number}") from problem
                if not isinstance(row, dict):
                    raise self._broken(f"{path}, {number}")
                yield number, row
