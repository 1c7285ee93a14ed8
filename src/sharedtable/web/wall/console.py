"""The console of whoever runs the meeting, and of the scribe."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from sharedtable.errors import Refused
from sharedtable.meetings import slide
from sharedtable.meetings.attendance import attendance
from sharedtable.wall import actions, queries
from sharedtable.web.plans.words import console_closing_words
from sharedtable.web.walk import screens as walk
from sharedtable.web.wall.places import place, show_of
from sharedtable.web.wall.words import attendance_line, console_words, scribe_words


def console(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: run of show, wall, people."""
    mine = place(request)
    if mine is None or mine.role not in ("facilitator", "scribe"):
        raise Http404
    if walk.is_walk(mine):
        return walk.console(request, mine)
    if mine.meeting.frozen_at is not None:
        return redirect("live-thanks", meeting)
    language = get_language() or "en"
    page = queries.page(mine, language)
    data: dict[str, Any] = {
        "meeting": meeting,
        "place": mine.pk,
        "leads": mine.role == "facilitator",
        "zone": mine.space.zone.key,
        "number": page.number,
        "show": show_of(mine, language),
        "has_slide": slide.sector_slide(mine.meeting, language) is not None,
        "words": {**console_words(), **console_closing_words()},
    }
    leads = mine.role == "facilitator"
    context = {
        "page": page,
        "place": mine,
        "data": data,
        "practice": leads and mine.meeting.is_practice and not mine.meeting.follows_id,
        "debrief": leads and bool(data["show"]["champions"]),
    }
    return render(request, "wall/console.html", context)


def scribe(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: paper cards, typed one after the other."""
    mine = place(request)
    if mine is None or mine.role not in ("facilitator", "scribe"):
        raise Http404
    language = get_language() or "en"
    data = {
        "meeting": meeting,
        "number": 0,
        "show": show_of(mine, language),
        "speakers": sorted(queries.speakers(mine)),
        "words": scribe_words(),
    }
    return render(request, "wall/scribe.html", {"place": mine, "data": data})


def counts(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: how many are here, in a line, and how that compares with the method. Changes nothing."""
    mine = place(request)
    if mine is None or mine.role not in ("facilitator", "scribe"):
        raise Http404
    found = attendance(mine.meeting)[1]
    return JsonResponse({"says": attendance_line(found), "level": found.level})


def suggestions(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: three areas for each card that has none, cards that say the same, and names for areas. Changes nothing."""
    mine = place(request)
    if mine is None or mine.role != "facilitator":
        raise Http404
    return JsonResponse(queries.help_for(mine, request.GET.get("round", ""), draft=request.GET.get("draft") == "1"))


def people(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: let people in, show somebody out, change a table, write somebody down."""
    mine, given = place(request), request.POST
    does = given.get("do")
    if mine is None or not (mine.role == "facilitator" or (mine.role == "scribe" and does == "write_down")):
        raise Http404
    number = int(value) if (value := given.get("number", "")).isascii() and value.isdigit() and len(value) < 16 else 0
    said = ""
    try:
        match does:
            case "admit":
                actions.admit(by=mine, numbers=[number] if number else [])
            case "show_out":
                actions.show_out(by=mine, number=number)
            case "table":
                actions.change_table(by=mine, number=number, table=given.get("table", ""))
            case "write_down":
                actions.write_down(by=mine, name=given.get("name", ""), company=given.get("company", ""))
            case _:
                raise Http404
    except Refused as problem:
        said = str(problem)
    if request.headers.get("accept") == "application/json":
        return JsonResponse({"says": said}, status=422 if said else 200)
    return redirect("live-console", meeting) if not said else JsonResponse({"says": said}, status=422)
