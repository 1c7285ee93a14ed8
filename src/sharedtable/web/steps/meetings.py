"""The meetings of one partnership; a meeting for a calendar; the look back after one, sent to those who were there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.meetings import calendar as calendars
from sharedtable.meetings import queries
from sharedtable.steps import meeting_queries, reviewing
from sharedtable.web.actor import actor
from sharedtable.web.partnerships.frame import opened, page

HERE = "partnership-meetings"


def of_partnership(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the meetings of one partnership, those ahead first."""
    by, one = opened(request, partnership)
    found = meeting_queries.of_partnership(by, one, get_language() or "en")
    return page(request, "meetings", one, HERE, {"found": found}, area="steps")


def calendar(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the meeting as a calendar file, in the zone of the team."""
    found = queries.meeting(actor(request), number)
    made = calendars.file_of(found, get_language() or "en")
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def review(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: the draft of the look back, with the support partners who were there; looked over before it is sent."""
    by = actor(request)
    made = reviewing.start(by=by, meeting=queries.meeting(by, number))
    messages.success(request, _("This is the draft. Look it over, then send the letters."))
    return redirect("round", space, made.pk)
