"""Planning a meeting and opening its doors, by whoever runs the partnership."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.meetings import actions, queries
from sharedtable.meetings.codes import spaced
from sharedtable.method import runs
from sharedtable.method.practice import videos
from sharedtable.method.presets import preset
from sharedtable.plans import closing_queries
from sharedtable.plans import queries as plans
from sharedtable.wall import actions as wall
from sharedtable.wall.results import has_result
from sharedtable.web.actor import actor
from sharedtable.web.plans.live import OWN_PAGE
from sharedtable.web.plans.record import may_reopen, next_part
from sharedtable.web.wall.places import take

YEARS = range(1900, 2201)  # its dates are counted on from there, and in every zone
PAGES = {"facilitator": "live-console", "scribe": "live-scribe", "projector": "live-wall"}


def meetings(request: HttpRequest, space: str) -> HttpResponse:
    """GET: all meetings, and the form to plan one."""
    return _list(request, space, {}, "")


def plan(request: HttpRequest, space: str) -> HttpResponse:
    """POST: put a meeting into the record; a problem shows the form again as it was typed."""
    by, given = actor(request), request.POST
    try:
        made = actions.plan(
            by=by,
            partnership=queries.partnership(by, number_of(given.get("partnership"))),
            run=given.get("run", "launch"),
            title=given.get("title", ""),
            place=given.get("place", ""),
            starts_at=_moment(given.get("starts_at", "")),
            starts_clock="starts_clock" in given,
        )
    except Refused as problem:
        return _list(request, space, given.dict(), str(problem), status=422)
    messages.success(request, _("The meeting is in the record. Here is its run of show."))
    return redirect("meeting", space, made.pk)


def meeting(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: one meeting: when and where, doors, run of show, who is expected and who came."""
    return _meeting(request, space, number, "")


def change(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: change the meeting from the version that the form showed."""
    by, given = actor(request), request.POST
    found = queries.meeting(by, number)
    names = [name.removeprefix("minutes-") for name in given if name.startswith("minutes-")]
    try:
        actions.change(
            by=by,
            meeting=found,
            version=number_of(given.get("version")),
            title=given.get("title", ""),
            place=given.get("place", ""),
            starts_at=_moment(given.get("starts_at", "")),
            minutes={name: number_of(given.get(f"minutes-{name}")) for name in names},
            has_lobby="has_lobby" in given,
            shows_list="shows_list" in given,
        )
    except Refused as problem:
        return _meeting(request, space, number, str(problem), given.dict(), status=422)
    messages.success(request, _("Saved."))
    return redirect("meeting", space, number)


def doors(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: open the doors with a new code, or close them."""
    by = actor(request)
    found = queries.meeting(by, number)
    if request.POST.get("do") == "close":
        actions.close_doors(by=by, meeting=found)
    else:
        actions.open_doors(by=by, meeting=found)
    return redirect("meeting", space, number)


def enter(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: take a place: console, scribe or the screen of the room."""
    role = request.POST.get("role", "")
    by = actor(request)
    place, token = wall.take_place(by=by, meeting=queries.meeting(by, number), role=role)
    return take(redirect(PAGES[place.role], place.meeting_id), place.meeting_id, token)


def _list(request: HttpRequest, space: str, given: dict[str, Any], problem: str, status: int = 200) -> HttpResponse:
    found, partnerships = queries.meetings_page(actor(request))
    language = get_language() or "en"
    context = {
        "space": space,
        "meetings": found,
        "partnerships": partnerships,
        "runs": _choices(language),
        "given": given,
        "problem": problem,
        "zone": timezone.get_current_timezone_name(),
        "chosen": given.get("partnership") or request.GET.get("partnership", ""),
    }
    return render(request, "meetings/list.html", context, status=status)


def _choices(language: str) -> list[tuple[str, str, bool]]:
    """What a meeting may follow: each run in each length, and whether it starts the clock. The launch comes first."""
    found = []
    for run in sorted(runs.runs().values(), key=lambda one: one.id != "launch"):
        if "inner" not in run.admits:
            continue  # it comes out of another meeting
        title = runs.said(run.titles, language)
        lengths = [
            (f"{run.id}:{one.id}", f"{title}, {runs.said(one.titles, language)}", run.clock) for one in run.lengths
        ]
        found += lengths or [(run.id, title, run.clock)]
    return found


def _meeting(
    request: HttpRequest, space: str, number: int, problem: str, given: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    by = actor(request)
    found = queries.meeting_page(by, number, get_language() or "en")
    at = found.meeting
    may_run = by.may("meetings.run", at)
    is_open = bool(at.code and at.closes_at and at.closes_at > timezone.now())
    context = {
        "space": space,
        "page": found,
        "may_run": may_run,
        "is_open": is_open,
        "code": spaced(at.code) if is_open else "",
        "address": request.build_absolute_uri(reverse("join-code", args=[at.code])) if is_open else "",
        "problem": problem,
        "given": given or {},
        "result": at.run not in OWN_PAGE and has_result(at) and bool(found.came or at.frozen_at),
        "next": next_part(by, plans.closing_of(at) if at.frozen_at else None),
        "may_reopen": not at.is_practice and at.run not in OWN_PAGE and may_reopen(by, at),
        "has_product": bool(runs.run(at.run).champions),
        "starts_clock": runs.run(at.run).clock,
        "follows": at.follows,
        "left": closing_queries.shown_out(by, at) if may_run and not (at.frozen_at or at.is_practice) else [],
        "practice_days": int(preset("practice_days").value),
        "videos": videos(get_language() or "en") if at.is_practice else [],
        "trail": [(_("Meetings"), reverse("meetings", args=[space])), (at.title, None)],
    }
    return render(request, "meetings/meeting.html", context, status=status)


def number_of(text: str | None) -> int:
    """A whole number as a form sends it; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise Refused(_("Give a day and a time for the meeting."))
    if not timezone.is_naive(found):
        return found
    made = timezone.make_aware(found)
    if timezone.make_naive(made.astimezone(UTC)) != found:
        raise Refused(_("That hour does not exist on that day: the clocks go forward. Choose another time."))
    return made
