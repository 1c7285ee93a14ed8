"""The way from a launch to the talk among partners, and what they bring along."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sharedtable.wall import debriefing
from sharedtable.web.wall.places import place, take


def begin(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: the facilitator opens the debrief, or comes back to it."""
    mine = place(request)
    if mine is None:
        raise Http404
    there, token = debriefing.open_debrief(by=mine)
    return take(redirect("live-console", there.meeting_id), there.meeting_id, token)


def over(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: a partner goes over; no code to type."""
    mine = place(request)
    if mine is None:
        raise Http404
    there, token = debriefing.go_over(by=mine)
    return take(redirect("live", there.meeting_id), there.meeting_id, token)


def carry(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: put chosen notes of one's own on the board."""
    mine = place(request)
    if mine is None or mine.admitted_at is None:
        raise Http404
    chosen = [
        int(one) for one in request.POST.getlist("note")[:200] if one.isascii() and one.isdigit() and len(one) < 16
    ]
    if problem := debriefing.carry(by=mine, numbers=chosen):
        messages.error(request, problem)
    else:
        messages.success(request, _("Your notes are on the board now."))
    return redirect("live", meeting)
