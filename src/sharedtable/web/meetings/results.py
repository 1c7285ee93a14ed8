"""What a debrief or a brainstorm left behind, as a page and as a paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.wall.result_paper import result_file
from sharedtable.wall.results import result
from sharedtable.web.actor import actor


def page(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: every question with its areas and cards, and who was there."""
    found = result(actor(request), number, get_language() or "en")
    at = found.meeting
    trail = [
        (_("Meetings"), reverse("meetings", args=[space])),
        (at.title, reverse("meeting", args=[space, at.pk])),
        (_("Result"), None),
    ]
    return render(request, "meetings/result.html", {"space": space, "found": found, "trail": trail})


def download(request: HttpRequest, space: str, number: int, kind: str) -> HttpResponse:
    """GET: the same as a Word or PDF document."""
    made = result_file(result(actor(request), number, get_language() or "en"), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})
