"""/healthz: whether this process can do its work, for whoever watches it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from sharedtable import __version__


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _store_is_readable() -> bool:
    # The revision is written last in every load, so a store with a readable one has been loaded whole.
    try:
        return bool((Path(settings.DATA) / "facts" / "revision").read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return False


def healthz(request: HttpRequest) -> JsonResponse:
    """Status 200 when database and facts both answer, else 503; the same keys either way."""
    parts = {"database": _database_answers(), "store": _store_is_readable()}
    is_well = all(parts.values())
    body = {
        "status": "ok" if is_well else "unwell",
        **{k: "ok" if v else "unwell" for k, v in parts.items()},
        "version": __version__,
    }
    return JsonResponse(body, status=200 if is_well else 503)
