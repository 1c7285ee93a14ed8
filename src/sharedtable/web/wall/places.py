"""Who has a place in the meeting of an address: the cookie that joining left there, and nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sharedtable.meetings.models import Participant
from sharedtable.plans.closing_queries import shelf_of
from sharedtable.wall import queries

KEPT_FOR = 14 * 3600  # seconds: one long day


def place_cookie(meeting: int) -> str:
    """The name of the cookie that holds the token of a place."""
    return f"place-{meeting}"


def place(request: HttpRequest) -> Participant | None:
    """The place of whoever asks, looked up once a request."""
    known = getattr(request, "_place", None)
    if isinstance(known, Participant):
        return known
    match = request.resolver_match
    meeting = int(match.kwargs.get("meeting", 0)) if match is not None else 0
    found = queries.place(request.COOKIES.get(place_cookie(meeting), ""), meeting) if meeting else None
    request._place = found  # type: ignore[attr-defined]
    return found


def take(response: HttpResponse, meeting: int, token: str) -> HttpResponse:
    """Leave the token in the browser, for the addresses of this meeting alone."""
    response.set_cookie(
        place_cookie(meeting),
        token,
        max_age=KEPT_FOR,
        path=f"/live/{meeting}/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def show_of(mine: Participant, language: str) -> dict[str, Any]:
    """The texts of the run of show for the scripts of a screen; at a refresh with the areas that still rest."""
    show = queries.show(mine, language)
    if show["shelf_in"]:
        show["shelf"] = shelf_of(mine.meeting, show["shelf"])
    return show
