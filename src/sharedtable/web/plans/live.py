"""The end of a live meeting: what closing would write, closing it, and what everybody takes home."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.partnerships.documents import File
from sharedtable.plans import actions, closing_queries, documents, queries, thanking
from sharedtable.wall.debriefing import RUN as DEBRIEF
from sharedtable.wall.debriefing import debrief_of
from sharedtable.web.partnerships.forms import number
from sharedtable.web.wall.places import place

OWN_PAGE = ("data-walk", "support-team")  # what came of these stands on a page of their own


def _here(request: HttpRequest) -> Participant:
    found = place(request)
    if found is None:
        raise Http404
    return found


def check(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: what closing now would write down, for the console. Changes nothing."""
    return JsonResponse(closing_queries.check(_here(request)))


def close(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: close the meeting for good. Once more is harmless: it leads to the same page."""
    mine = _here(request)
    actions.freeze(by=actions.actor_of_place(mine), meeting=mine.meeting, keep=kept(request))
    return redirect("live-thanks", meeting)


def kept(request: HttpRequest) -> set[tuple[int, int]]:
    """The names that count although their bearers were shown out: the area and the place of each."""
    pairs = (text.partition(":") for text in request.POST.getlist("keep")[:200])
    found = ((number(area), number(one)) for area, _colon, one in pairs)
    return {(area, one) for area, one in found if area and one}


def thanks(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: thank you, one's own areas, the next date, and the way to the shared product."""
    mine = _here(request)
    try:
        found = thanking.thanks(mine)
    except Missing:
        if mine.admitted_at is None:
            raise
        return redirect("live", meeting)
    at = mine.meeting
    leads, signed = mine.role == Participant.Role.FACILITATOR, bool(runs.run(at.run).champions)
    next_at = queries.next_at(found.closing) if found.closing else None
    if next_at and found.closing and found.closing.planned:  # perhaps moved since
        next_at = found.closing.planned.starts_at.astimezone(next_at.tzinfo)
    is_partner = mine.role == Participant.Role.PARTNER and mine.table == "outer"
    context = {
        "place": mine,
        "found": found,
        "product": found.product,
        "next": documents.when(next_at) if next_at else "",
        "attendance": documents.attendance(found.product) if found.product else "",
        "data": {
            "meeting": meeting,
            "live": reverse("live", args=[meeting]),
            "debrief": _("The talk among partners is open"),
        },
        "debrief": debrief_of(at),
        "opens_debrief": leads and signed,
        "goes_over": is_partner and at.run != DEBRIEF,
        "record": came_of(at) if leads and found.closing else "",
        "signed": signed,
        "is_room": mine.role == Participant.Role.PROJECTOR,
    }
    return render(request, "plans/thanks.html", context)


def next_date(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: the next date as a calendar file."""
    return sent(documents.next_date(queries.closed_place(_here(request))))


def product(request: HttpRequest, meeting: int, kind: str) -> HttpResponse:
    """GET: the shared product as a paper, for everybody who was there. The list of cards is for the team."""
    if kind not in ("pdf", "docx"):
        raise Http404
    return sent(documents.product_file(queries.product_of_place(_here(request)), kind))


def came_of(meeting: Meeting) -> str:
    """Where it stands what came of a closed meeting: its shared product, its result, or its own page."""
    if runs.run(meeting.run).champions:
        name = "meeting-product"
    else:
        name = "meeting" if meeting.run in OWN_PAGE else "meeting-result"
    return reverse(name, args=[meeting.space.slug, meeting.pk])


def sent(made: File) -> HttpResponse:
    """A file to take away."""
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def tried(request: HttpRequest, act: Callable[[], object], sentence: str) -> None:
    """Do it, and say on the page that comes next that it is done, or why it was refused."""
    try:
        act()
        messages.success(request, sentence)
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)


def said(request: HttpRequest, problem: Exception) -> None:
    """What was refused, on the page that comes next."""
    messages.error(request, str(problem))
