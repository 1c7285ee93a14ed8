"""A local web server that serves files and misbehaves on request, and a stand-in for sleeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from sharedtable.lmi.intake.fetch import Manners

PATH = "/cew/data/api/2020/a/area/39041.csv"
Answer = Callable[["Handler"], bool]


@dataclass
class Site:
    """What the server serves, how it misbehaves (one trick for each request, in order), and what it was asked."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    tricks: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    etag: str = '"one"'
    modified: str = "Wed, 07 Jun 2023 14:00:00 GMT"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""

    def do_GET(self) -> None:
        self.site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.site.tricks and self.site.tricks.pop(0)(self):
            return
        body = self.site.files.get(self.path)
        if body is None:
            self.plain(404, b"<html>not here</html>", {"Content-Type": "text/html"})
            return
        if self.headers.get("If-Modified-Since") == self.site.modified:
            self.plain(304, b"")
            return
        wanted = self.headers.get("Range")
        if wanted and self.headers.get("If-Range") == self.site.etag:
            first = int(wanted.removeprefix("bytes=").rstrip("-"))
            span = {"Content-Range": f"bytes {first}-{len(body) - 1}/{len(body)}"}
            self.plain(206, body[first:], span)
            return
        self.plain(200, body)

    def plain(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        known = {"Content-Type": "text/csv", "ETag": self.site.etag, "Last-Modified": self.site.modified}
        for name, value in (known | (headers or {})).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def fails(status: int, **headers: str) -> Answer:
    def trick(handler: Handler) -> bool:
        handler.plain(status, b"busy", {name.replace("_", "-"): value for name, value in headers.items()})
        return True

    return trick


def breaks_off_after(count: int) -> Answer:
    def trick(handler: Handler) -> bool:
        body = handler.site.files[handler.path]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("ETag", handler.site.etag)
        handler.end_headers()
        handler.wfile.write(body[:count])
        handler.wfile.flush()
        handler.close_connection = True
        handler.connection.shutdown(2)
        return True

    return trick


def changes_to(body: bytes, etag: str) -> Answer:
    def trick(handler: Handler) -> bool:
        handler.site.files[handler.path], handler.site.etag = body, etag
        return False

    return trick


@dataclass
class Waits:
    """Stands in for sleeping, and remembers for how long."""

    slept: list[float] = field(default_factory=list)

    def manners(self, **more: object) -> Manners:
        return Manners(sleep=self.slept.append, timeout_seconds=5, **more)  # type: ignore[arg-type]
