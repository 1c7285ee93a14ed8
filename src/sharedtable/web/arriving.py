"""Takes the files of an upload straight to their place on disk, never whole into memory, and stops at the limit."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.studies import incoming
from sharedtable.web.actor import actor

MOST_BYTES = 400_000_000  # the largest file that BLS publishes, a quarterly year of the whole country, has about 300 MB
MOST_FILES = 50
OPEN = "xb"  # each file gets a folder of its own, so none is there yet


class ArrivedFile(UploadedFile):  # type: ignore[type-arg]  # generic for type checkers only
    """A file that already stands where it belongs."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(None, path.name, size=size)
        self.path = path


class ToDelivery(FileUploadHandler):
    """Writes each file of a form into a new delivery. `problem`: a sentence, when it had to stop."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.by = actor(request)
        self.delivery: incoming.Delivery | None = None
        self.problem = ""
        self.size = self.number = 0
        self.out: IO[bytes] | None = None
        self.path: Path | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; the first one makes the delivery."""
        super().new_file(*args, **kwargs)
        self.number += 1
        if self.number > MOST_FILES:
            self._stop(_("These are more than %(most)d files. Put them into one zip file.") % {"most": MOST_FILES})
        try:
            self.delivery = self.delivery or incoming.begin("upload", by=self.by)
            self.path = incoming.new_file(self.delivery.token, self.number, self.file_name or "")
            self.out = self.path.open(OPEN)
        except OSError as problem:
            self._stop(incoming.disk_sentence(problem))
        except Refused as refusal:
            self._stop(str(refusal))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            self._stop(
                _("This is more than %(most)d MB, larger than any file that can be used here. Nothing was kept.")
                % {"most": MOST_BYTES // 1_000_000}
            )
        try:
            if self.out is not None:
                self.out.write(raw_data)
        except OSError as problem:
            self._stop(incoming.disk_sentence(problem))

    def file_complete(self, file_size: int) -> ArrivedFile | None:
        """Close the file; one with no name is an empty field."""
        if self.out is None or self.path is None:
            return None
        try:
            self.out.close()
        except OSError as problem:
            self._stop(incoming.disk_sentence(problem))
        self.out = None
        return ArrivedFile(self.path, file_size)

    def upload_interrupted(self) -> None:
        """The sender went away: leave nothing behind."""
        self._leave()

    def _stop(self, problem: str) -> None:
        self.problem = problem
        self._leave()
        raise StopUpload(connection_reset=True)

    def _leave(self) -> None:
        if self.out is not None:
            try:
                self.out.close()
            except OSError:
                self.problem = self.problem or _("The file could not be stored. Nothing was kept.")
            self.out = None
        if self.delivery is not None:
            incoming.discard(self.delivery.token)
            self.delivery = None
