"""One file over HTTP: resumed, retried, checked, and only then given its name."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.intake.unpack import sha256_of
from sharedtable.lmi.progress import Progress, Step
from sharedtable.lmi.store.receipts import Receipt, beside, now

if TYPE_CHECKING:
    import httpx

    from sharedtable.lmi.intake.fetch import Manners

_REDIRECTS = (301, 302, 303, 307, 308)
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_MOST_REDIRECTS = 5


class _Again(Exception):
    """This attempt failed in a way that may pass; `wait` is what the server asked for, in seconds."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class Download:
    """Brings one address to one file."""

    def __init__(
        self,
        client: httpx.Client,
        address: str,
        target: Path,
        source_id: str,
        year: int,
        manners: Manners,
        progress: Progress,
    ) -> None:
        self.client, self.address, self.target = client, address, target
        self.source_id, self.year = source_id, year
        self.manners, self.progress = manners, progress
        self.part = target.with_name(target.name + ".part")
        self.state = target.with_name(target.name + ".part.json")

    def run(self) -> Receipt:
        """Download, or find that the file that is here is still the newest. Gives its receipt."""
        import httpx

        with self._alone():
            wait, attempt, reached = self.manners.first_wait_seconds, 0, 0
            while True:
                try:
                    return self._attempt()
                except (httpx.TransportError, _Again) as problem:
                    arrived = self.part.stat().st_size if self.part.exists() else 0
                    if arrived > reached:  # a slow line that keeps bringing something is not given up
                        wait, attempt, reached = self.manners.first_wait_seconds, 0, arrived
                    attempt += 1
                    if attempt >= self.manners.attempts:
                        raise Refused(
                            f"{self.address} could not be fetched in {attempt} attempts "
                            f"({_reason(problem)}). What has arrived is kept; try again later."
                        ) from problem
                    asked = problem.wait if isinstance(problem, _Again) else None
                    if asked is not None and asked > self.manners.longest_wait_seconds:
                        raise Refused(
                            f"{self.address}: the server asks to wait {asked:.0f} seconds before the next request. "
                            "Try again then."
                        ) from problem
                    self.manners.sleep(asked if asked is not None else wait)
                    wait = min(wait * 2, self.manners.longest_wait_seconds)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two fetches of one file at once would write into each other's part."""
        handle = os.open(self.target.with_name(f".{self.target.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"{self.target.name} is being fetched by another process right now.") from None
            yield
        finally:
            os.close(handle)

    def _attempt(self) -> Receipt:
        headers: dict[str, str] = {}
        have, state = self._begun()
        kept = self._kept()
        if have:
            headers = {"Range": f"bytes={have}-", "If-Range": state}
        elif kept is not None and kept.vintage:
            headers = {"If-Modified-Since": kept.vintage}
        place = self.address
        for _ in range(_MOST_REDIRECTS + 1):
            with self.client.stream("GET", place, headers=headers) as response:
                if response.status_code in _REDIRECTS:
                    place = self._redirect(place, response)
                    continue
                if response.status_code == 304 and kept is not None:
                    return kept
                self._judge(response)
                if response.status_code == 416:  # the part is as long as the file, or longer: begin again
                    self._forget()
                    raise _Again("the server could not continue the file")
                self._receive(response, have)
            return self._finish(response)
        raise Refused(f"{self.address}: the server redirects in a circle.")

    def _redirect(self, place: str, response: httpx.Response) -> str:
        onward = urljoin(place, str(response.headers.get("location", "")))
        old, new = urlsplit(place), urlsplit(onward)
        if new.hostname != old.hostname or new.scheme != old.scheme or new.port != old.port:
            raise Refused(
                f"{self.address}: the server sends us to another place ({new.scheme}://{(new.hostname or '')[:80]}). "
                "It was not followed, because figures must come from their publisher."
            )
        return onward

    def _judge(self, response: httpx.Response) -> None:
        """Refuse or retry what is not the file."""
        status = response.status_code
        if status in _TRY_AGAIN:
            raise _Again(f"the server answered {status}", _retry_after(response))
        if status in (404, 410):
            raise Missing(
                f"{self.address} is not there. The figures of {self.year} may not be published yet, or the area has "
                "none; check the year and the area code."
            )
        if status == 403:
            raise Refused(
                f"{self.address}: the server refuses to answer us. BLS asks automated readers for an address to write "
                "to: set SHAREDTABLE_CONTACT to an e-mail address and try again."
            )
        if status not in (200, 206, 416):
            raise Refused(f"{self.address}: the server answered {status}, which is no file.")
        if "html" in response.headers.get("content-type", "").lower():
            raise Refused(
                f"{self.address}: the server answered with a web page in place of the file. Nothing was kept."
            )

    def _receive(self, response: httpx.Response, have: int) -> None:
        """Write the body to the part file; complete, or _Again with what arrived kept for the next attempt."""
        length = response.headers.get("content-length", "")
        expected = int(length) if length.isdigit() else None
        if response.status_code == 206:
            begins, total = _content_range(response)
            if begins != have:
                self._forget()
                raise _Again("the server continued at another place than asked")
        else:
            have, total = 0, expected
        if total is not None and total > self.manners.most_bytes:
            self._forget()
            raise Refused(f"{self.address}: the file would have {total >> 20:,} MB, more than a release has.")
        validator = response.headers.get("etag", "")
        if not validator or validator.startswith("W/"):
            validator = response.headers.get("last-modified", "")
        self.state.write_text(json.dumps({"address": self.address, "validator": validator}), "utf-8")
        size = have
        with self.part.open("r+b" if have else "wb") as out:
            out.seek(have)
            try:
                for block in response.iter_raw():  # unbuffered, so that what arrived is kept when the line breaks
                    if size == 0 and block.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<head")):
                        self._forget()
                        raise Refused(
                            f"{self.address}: the server answered with a web page in place of the file. "
                            "Nothing was kept."
                        )
                    out.write(block)
                    size += len(block)
                    if size > self.manners.most_bytes:
                        self._forget()
                        raise Refused(f"{self.address}: the file does not end; more came than a release has.")
                    self.progress(Step(f"Fetch {self.target.name}", size, total, "bytes"))
            except OSError as problem:
                raise Refused(
                    f"{self.target.name} cannot be written: {problem.strerror}. What has arrived is kept."
                ) from problem
            out.flush()
            os.fsync(out.fileno())
        if total is not None and size < total:
            raise _Again(f"only {size:,} of {total:,} bytes arrived")

    def _finish(self, response: httpx.Response) -> Receipt:
        """Check the whole file, give it its name, leave a receipt beside it."""
        fault = _fault(self.part, self.target.name)
        if fault:
            self._forget()
            raise _Again(fault)
        digest, size = sha256_of(self.part)
        receipt = Receipt(
            source_id=self.source_id,
            file_name=self.target.name,
            bytes=size,
            sha256=digest,
            vintage=response.headers.get("last-modified", ""),
            loaded_at="",
            address=self.address,
            fetched_at=now(),
        )
        os.replace(self.part, self.target)
        self.target.with_name(self.target.name + ".receipt").write_text(receipt.to_line() + "\n", "utf-8")
        self.state.unlink(missing_ok=True)
        return receipt

    def _begun(self) -> tuple[int, str]:
        """How much of the file is here, and what tells whether it is still the same file; (0, '') to begin anew."""
        try:
            state = json.loads(self.state.read_text("utf-8"))
            size = self.part.stat().st_size
        except (OSError, ValueError):
            return 0, ""
        if state.get("address") != self.address or not state.get("validator") or not size:
            return 0, ""
        return size, str(state["validator"])

    def _kept(self) -> Receipt | None:
        """The receipt of the complete file that is already here, if it came from this address and is unharmed."""
        if not self.target.is_file():
            return None
        receipt = beside(self.target, sha256_of(self.target)[0])
        return receipt if receipt is not None and receipt.address == self.address else None

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.state.unlink(missing_ok=True)


def _fault(path: Path, name: str) -> str | None:
    """What is wrong with a complete file; None when nothing is."""
    if path.stat().st_size == 0:
        return "the file is empty"
    try:
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                archive.infolist()
        elif name.endswith(".gz"):
            with gzip.open(path) as stream:
                while stream.read(1 << 20):
                    pass
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error):
        return "the compressed file is broken or was cut short"
    return None


def _content_range(response: httpx.Response) -> tuple[int, int | None]:
    """Where a 206 begins and how long the whole is: 'bytes 100-199/1234' → (100, 1234)."""
    text = response.headers.get("content-range", "").removeprefix("bytes ")
    span, _, total = text.partition("/")
    first = span.partition("-")[0]
    return (int(first) if first.isdigit() else -1), (int(total) if total.isdigit() else None)


def _retry_after(response: httpx.Response) -> float | None:
    """What Retry-After asks for, in seconds: a number or a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    with contextlib.suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    return None


def _reason(problem: BaseException) -> str:
    import httpx

    if isinstance(problem, httpx.TimeoutException):
        return "the server did not answer in time"
    return str(problem) or type(problem).__name__
