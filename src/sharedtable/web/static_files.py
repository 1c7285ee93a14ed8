"""Style sheets, scripts, fonts and pictures, served from the package with addresses that may be kept for a year.

The address holds one hash of the whole tree: `/static/3f2a…/css/app.css`. Any change of any file gives every file a
new address, and relative addresses inside style sheets and script modules stay right without rewriting. So nothing has
to be collected or built, and a fresh clone, a test and a server work alike. The tree is small (under 1 MB), so one hash
for all of it costs little. A request with an old address (two machines, one already updated) gets the present file,
which the browser may then not keep.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path, PurePosixPath

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

FOLDER = Path(__file__).resolve().parent / "static"
PREFIX = "/static/"
KEEP = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
}


@cache
def names() -> frozenset[str]:
    """Gives the names of all static files, with slashes, relative to the folder."""
    return frozenset(
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix in TYPES and not path.name.startswith(".")
    )


@cache
def tree_hash() -> str:
    """Gives twelve characters that change with every change of any name or content in the tree."""
    digest = hashlib.sha256()
    for name in sorted(names()):
        digest.update(name.encode() + b"\0" + hashlib.sha256((FOLDER / name).read_bytes()).digest())
    return digest.hexdigest()[:12]


def base_address() -> str:
    """Gives the address under which templates find static files (Django's STATIC_URL)."""
    return f"{PREFIX}{tree_hash()}/"


@cache
def _content(name: str) -> tuple[bytes, bytes | None]:
    """The bytes of a file and, for text, the same bytes compressed (same each time: no clock in it)."""
    plain = (FOLDER / name).read_bytes()
    small = gzip.compress(plain, mtime=0) if not name.endswith((".woff2", ".png")) and len(plain) > 500 else None
    return plain, small


def serve(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """One static file. Only names that were there at the start are served, so no path can lead out of the folder."""
    if name not in names():
        raise Http404(name)
    plain, small = _content(name)
    is_small = small is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    kind = TYPES.get(PurePosixPath(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(small if is_small and small is not None else plain, content_type=kind)
    if small is not None:
        patch_vary_headers(response, ["Accept-Encoding"])
    if is_small:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = KEEP if version == tree_hash() else "no-cache"
    return response
