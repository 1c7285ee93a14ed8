"""Practicing a launch with made-up firms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.meetings import queries
from sharedtable.wall import actions, practicing
from sharedtable.web.actor import actor
from sharedtable.web.wall.places import take


def begin(request: HttpRequest, space: str) -> HttpResponse:
    """POST: a new practice, straight to its console. A seed that is typed gives the same practice again."""
    by, seed = actor(request), request.POST.get("seed", "")
    number = request.POST.get("partnership", "")
    made = practicing.begin(
        by=by,
        partnership=queries.partnership(
            by, int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
        ),
        language=get_language() or "en",
        seed=int(seed) if seed.isascii() and seed.isdigit() and len(seed) < 9 else 0,
    )
    place, token = actions.take_place(by=by, meeting=made, role="facilitator")
    return take(redirect("live-console", place.meeting_id), place.meeting_id, token)


def wipe(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: take a practice away with everything in it."""
    by = actor(request)
    practicing.wipe(by=by, meeting=queries.meeting(by, number))
    messages.success(request, _("The practice is wiped. Nothing of it is left."))
    return redirect("meetings", space)
