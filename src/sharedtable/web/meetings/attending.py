"""Who came: counts, check-in typed from paper, the workbook, photos of the wall, and the look back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.meetings import attending, pack, photos, preparing, queries, reviewing
from sharedtable.method import runs
from sharedtable.wall import actions as wall
from sharedtable.web.actor import actor
from sharedtable.web.meetings.planning import number_of

WALK_INS = 6  # lines for walk-ins in the form; saving gives new ones


def attendance(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: who came and how many that is."""
    return _page(request, space, number, "")


def check_in(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: check-in that was on paper; a problem shows the form again as it was typed."""
    by = actor(request)
    try:
        made = wall.type_in(by=by, meeting=queries.meeting(by, number), lines=_lines(request.POST))
    except Missing:
        raise
    except Refused as refusal:
        return _page(request, space, number, str(refusal))
    said = ngettext("%(n)d person was written down.", "%(n)d people were written down.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("meeting-attendance", space, number)


def _page(request: HttpRequest, space: str, number: int, problem: str) -> HttpResponse:
    by = actor(request)
    page = preparing.attendance_page(by, number)
    context = {
        "space": space,
        "page": page,
        "has_target": bool(runs.run(page.meeting.run).champions),
        "may_run": by.may("meetings.run", page.meeting),
        "may_review": by.may("worksheets.run", page.meeting),
        "lines": _typed(request.POST),
        "ticked": request.POST.getlist("seat"),
        "problem": problem,
        "megabytes": photos.MOST_BYTES // 1_000_000,
        "trail": [
            (_("Meetings"), reverse("meetings", args=[space])),
            (page.meeting.title, reverse("meeting", args=[space, number])),
            (_("Who came"), None),
        ],
    }
    return render(request, "meetings/attendance.html", context, status=422 if problem else 200)


def _typed(given: QueryDict) -> list[dict[str, str]]:
    names = ("name", "company", "title", "from", "listed")
    return [{"n": str(n), **{name: given.get(f"{name}-{n}", "")[:200] for name in names}} for n in range(WALK_INS)]


def _lines(given: QueryDict) -> list[attending.Line]:
    agreed = set(given.getlist("agreed"))
    found = [attending.Line(seat_id=number_of(seat), is_listed=seat in agreed) for seat in given.getlist("seat")[:500]]
    return found + [
        attending.Line(0, one["name"], one["company"], one["title"], one["from"] != "support", bool(one["listed"]))
        for one in _typed(given)
        if one["name"].strip() or one["company"].strip()
    ]


def one_place(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: may this person be named on the list, or take out who was written down by mistake."""
    by, given = actor(request), request.POST
    found, place = queries.meeting(by, number), number_of(given.get("place"))
    if given.get("do") == "take_out":
        wall.take_out(by=by, meeting=found, place=place)
    else:
        attending.agree_to_list(by=by, meeting=found, place=place, is_listed=given.get("do") == "list")
    return redirect(reverse("meeting-attendance", args=[space, number]) + "#came")


def workbook(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: everybody who was there, for the team alone."""
    file = pack.attendance_workbook(actor(request), queries.meeting(actor(request), number), get_language() or "en")
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = file.disposition
    return answer


def add_photo(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: a photo of the paper wall."""
    by, sent = actor(request), request.FILES.get("photo")
    found = queries.meeting(by, number)
    try:
        if sent is None:
            raise Refused(_("Choose a photo first."))
        if sent.size is None or sent.size > photos.MOST_BYTES:
            raise photos.too_large()
        photos.add_photo(by=by, meeting=found, content=sent.read(), shows=request.POST.get("shows", ""))
    except Missing:
        raise
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The photo is kept with the meeting."))
    return redirect(reverse("meeting-attendance", args=[space, number]) + "#photos")


def photo(request: HttpRequest, space: str, number: int, photo: int) -> HttpResponse:
    """GET: one photo. It was drawn anew here; still it is sent as a file to keep, never as a page."""
    by = actor(request)
    found = photos.photo_of(by, queries.meeting(by, number), photo)
    answer = HttpResponse(bytes(found.content), content_type="image/jpeg")
    answer["Content-Disposition"] = f'attachment; filename="wall-{found.pk}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def remove_photo(request: HttpRequest, space: str, number: int, photo: int) -> HttpResponse:
    """POST: delete a photo."""
    by = actor(request)
    photos.remove_photo(by=by, meeting=queries.meeting(by, number), number=photo)
    messages.success(request, _("The photo is deleted."))
    return redirect(reverse("meeting-attendance", args=[space, number]) + "#photos")


def review(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: the draft of the look back, for the partners who were there."""
    by = actor(request)
    try:
        made = reviewing.start_review(by=by, meeting=queries.meeting(by, number))
    except Missing:
        raise
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("meeting-attendance", space, number)
    return redirect("round", space, made.pk)
