"""Before a meeting: its run of show, who facilitates, what lies ready, and the papers to print."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.meetings import arranging, pack, preparing, queries
from sharedtable.meetings import calendar as calendars
from sharedtable.partnerships.documents import File
from sharedtable.web.actor import actor
from sharedtable.web.meetings.planning import number_of


def prepare(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: all that is settled beforehand."""
    return _page(request, space, number)


def arrange(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: which parts, in which order, how long; a problem shows the form again as it was typed."""
    by, given = actor(request), request.POST
    found = queries.meeting(by, number)
    names = [name.removeprefix("minutes-") for name in given if name.startswith("minutes-")]
    kept = [name for name in names if f"has-{name}" in given]
    try:
        arranging.arrange(
            by=by,
            meeting=found,
            version=number_of(given.get("version")),
            order=sorted(kept, key=lambda name: number_of(given.get(f"place-{name}"))),
            minutes={name: number_of(given.get(f"minutes-{name}")) for name in kept},
        )
    except Refused as problem:
        return _page(request, space, number, str(problem), given.dict())
    messages.success(request, _("Saved."))
    return redirect(reverse("meeting-prepare", args=[space, number]) + "#run")


def facilitator(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: who facilitates."""
    by, given = actor(request), request.POST
    found = queries.meeting(by, number)
    person = preparing.somebody(by, found, number_of(given.get("person"))) if given.get("person") else None
    arranging.choose_facilitator(by=by, meeting=found, person=person, name=given.get("name", ""))
    messages.success(request, _("Saved."))
    return redirect(reverse("meeting-prepare", args=[space, number]) + "#facilitator")


def materials(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: what lies ready."""
    by = actor(request)
    arranging.tick(by=by, meeting=queries.meeting(by, number), ready=request.POST.getlist("ready")[:100])
    messages.success(request, _("Saved."))
    return redirect(reverse("meeting-prepare", args=[space, number]) + "#materials")


def paper(request: HttpRequest, space: str, number: int, paper: str, kind: str) -> HttpResponse:
    """GET: one paper of the meeting as a file."""
    found = queries.meeting(actor(request), number)
    return sent(pack.paper(found, paper, kind, get_language() or "en"))


def calendar(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the meeting as a calendar file."""
    return sent(calendars.file_of(queries.meeting(actor(request), number), get_language() or "en"))


def sent(file: File | calendars.CalendarFile) -> HttpResponse:
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = file.disposition
    return answer


def _page(
    request: HttpRequest, space: str, number: int, problem: str = "", given: dict[str, str] | None = None
) -> HttpResponse:
    by = actor(request)
    page = preparing.prepare_page(by, number, get_language() or "en", given)
    context = {
        "space": space,
        "page": page,
        "may_change": by.may("meetings.change", page.meeting),
        "problem": problem,
        "trail": [
            (_("Meetings"), reverse("meetings", args=[space])),
            (page.meeting.title, reverse("meeting", args=[space, number])),
            (_("Prepare"), None),
        ],
    }
    return render(request, "meetings/prepare.html", context, status=422 if problem else 200)
