"""Joining a meeting: by code, by the picture of it, by personal link. GET changes nothing; the button does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.meetings import joining
from sharedtable.meetings.codes import read_code, spaced
from sharedtable.wall import actions
from sharedtable.web.actor import actor
from sharedtable.web.wall.places import take


def code(request: HttpRequest) -> HttpResponse:
    """GET: where to type the code. POST: whether it opens a meeting now."""
    if request.method != "POST":
        return render(request, "meetings/code.html", {})
    typed = request.POST.get("code", "")[:40]
    try:
        found = joining.meeting_of_code(typed, address=_address(request))
    except Missing as problem:
        return _wrong(request, problem, typed)
    return redirect("join-code", found.code)


def join(request: HttpRequest, code: str) -> HttpResponse:
    """GET: who are you? POST: come to the door."""
    try:
        found = joining.meeting_of_code(code[:40], address=_address(request))
    except Missing as problem:
        return _wrong(request, problem, code[:40])
    given, problem_said = request.POST, ""
    if request.method == "POST":
        seat = given.get("seat", "")
        try:
            place, token = actions.ask(
                meeting=found,
                seat_id=int(seat) if seat.isascii() and seat.isdigit() and len(seat) < 16 else 0,
                name=given.get("name", "")[:200],
                company=given.get("company", "")[:200],
                title=given.get("title", "")[:200],
                is_listed="is_listed" in given,
                is_business=given.get("from") != "support",
            )
            return take(redirect("live", place.meeting_id), place.meeting_id, token)
        except Refused as refusal:
            problem_said = str(refusal)
    context = {
        "meeting": found,
        "invited": joining.invited(found) if found.shows_list else [],
        "given": given,
        "problem": problem_said,
    }
    return render(request, "meetings/join.html", context, status=422 if problem_said else 200)


def qr(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the picture of the address that this code opens. It says nothing about whether there is such a meeting."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    if not read_code(code):
        raise Missing(_("That is no code."))
    address = request.build_absolute_uri(reverse("join-code", args=[read_code(code)]))
    made = qrcode.make(address, image_factory=SvgPathImage, border=2)
    return HttpResponse(made.to_string(), content_type="image/svg+xml")


def by_link(request: HttpRequest, link: int) -> HttpResponse:
    """GET: the button. POST: straight in, because the record knows who it is."""
    by, problem = actor(request), ""
    if request.method == "POST":
        try:
            place, token = actions.enter_by_link(by=by, is_listed="is_listed" in request.POST)
            return take(redirect("live", place.meeting_id), place.meeting_id, token)
        except Missing:
            raise
        except Refused as refusal:
            problem = str(refusal)
    found = joining.meeting_of_link(by)
    context = {"meeting": found, "is_open": joining.are_open(found), "problem": problem, "link": link}
    return render(request, "meetings/by_link.html", context, status=422 if problem else 200)


def _wrong(request: HttpRequest, problem: Missing, typed: str) -> HttpResponse:
    context = {"problem": str(problem), "typed": spaced(read_code(typed)) or typed}
    status = 429 if isinstance(problem, joining.TooMany) else 404
    return render(request, "meetings/code.html", context, status=status)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
