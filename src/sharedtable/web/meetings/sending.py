"""Personal links to a meeting: looked over, sent, printed on slips; and the calendar behind such a link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.meetings import calendar as calendars
from sharedtable.meetings import joining, pack, queries, sending
from sharedtable.web.actor import actor
from sharedtable.web.meetings.preparing import sent


def links(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: how many, to whom, a sample. POST: send, each person once; letters wait ten minutes."""
    by, problem = actor(request), ""
    found = queries.meeting(by, number)
    if request.method == "POST":
        try:
            return _send(request, space, number)
        except Refused as refusal:
            problem = str(refusal)
    context = {
        "space": space,
        "meeting": found,
        "ready": sending.to_send(by=by, meeting=found),
        "action": reverse("meeting-links", args=[space, number]),
        "button": _("Send the links"),
        "problem": problem,
        "trail": [
            (_("Meetings"), reverse("meetings", args=[space])),
            (found.title, reverse("meeting", args=[space, number])),
            (_("Personal links"), None),
        ],
    }
    return render(request, "meetings/links.html", context, status=422 if problem else 200)


def _send(request: HttpRequest, space: str, number: int) -> HttpResponse:
    by = actor(request)
    found = queries.meeting(by, number)
    if sending.to_send(by=by, meeting=found).review.must_confirm_twice and request.POST.get("sure") != "yes":
        raise Refused(_("These are many letters. Go back, tick the box below them, and press the button again."))
    count = sending.send_links(by=by, meeting=found)
    if count:
        said = ngettext(
            "%(count)d letter waits ten minutes, then it leaves.",
            "%(count)d letters wait ten minutes, then they leave.",
            count,
        )
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Everybody who can get one has their link already."))
    return redirect("meeting-links", space, number)


def slips(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: slips with a personal link to print, for people without mail."""
    by = actor(request)
    found = queries.meeting(by, number)
    made = sending.slips(by=by, meeting=found)
    content = pack.slips_pdf(found, made, "es" if get_language() == "es" else "en")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="personal-links.pdf"'
    return answer


def calendar_by_link(request: HttpRequest, link: int) -> HttpResponse:
    """GET: the meeting of a personal link as a calendar file. Changes nothing."""
    return sent(calendars.file_of(joining.meeting_of_link(actor(request)), get_language() or "en"))
