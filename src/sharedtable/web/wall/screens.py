"""The phone and the screen of the room. Both work without scripts; with them they follow the meeting by themselves."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from sharedtable.meetings.codes import spaced
from sharedtable.meetings.models import Participant
from sharedtable.meetings.slide import sector_slide
from sharedtable.plans.documents import when
from sharedtable.wall import queries
from sharedtable.wall.dating import moment_of
from sharedtable.wall.debriefing import RUN as DEBRIEF
from sharedtable.wall.debriefing import kept
from sharedtable.wall.sending import send
from sharedtable.web.plans.words import closing_words
from sharedtable.web.walk import screens as walk
from sharedtable.web.wall.places import place, show_of
from sharedtable.web.wall.words import phone_words, wall_words

TEXTS = ("do", "key", "text", "name", "company", "title", "round")
NUMBERS = ("note", "cluster", "base", "about", "peer")


def phone(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: the phone of whoever takes part or listens; in the lobby, the page that waits."""
    mine = _here(request)
    if mine.role in ("facilitator", "scribe"):
        return redirect("live-console", meeting)
    if mine.role == "projector":
        return redirect("live-wall", meeting)
    if mine.admitted_at is None:
        return render(request, "wall/lobby.html", {"place": mine, "me": f"/live/{meeting}/me"})
    if walk.is_walk(mine):
        return walk.phone(request, mine)
    if mine.meeting.frozen_at is not None:
        return redirect("live-thanks", meeting)
    language = get_language() or "en"
    page = queries.page(mine, language)
    show = show_of(mine, language)
    data = {
        "meeting": meeting,
        "place": mine.pk,
        "speaks": mine.speaks,
        "number": page.number,
        "show": show,
        "mine": queries.own_notes(mine),
        "words": {**phone_words(), **closing_words()},
    }
    context = {
        "page": page,
        "place": mine,
        "data": data,
        "question": show["rounds"].get(page.stage["round"], {}).get("text", ""),
        "asked": _asked(show["rounds"].get(page.stage["round"], {}), page),
        "prompt": show["prompts"].get(page.stage["prompt"], ""),
        "signs": [area for area in page.areas if area.round == show["champions"]],
        "may_sign": mine.speaks
        and mine.table == "inner"
        and (page.stage["signup"] == "all" or (page.stage["signup"] == "one" and page.stage["turn"] == mine.pk)),
        "asks_about": bool(show["rounds"].get(page.stage["round"], {}).get("about")),
        "kept": kept(mine),
        "goes_over": mine.role == "partner" and mine.table == "outer" and mine.meeting.run != DEBRIEF,
        "dates": _dates(page.stage),
        "chosen": _said(page.stage["date"], page.stage["zone"]),
        "press": uuid.uuid4().hex,
    }
    return render(request, "wall/phone.html", context)


def _asked(asked: dict[str, Any], page: queries.Page) -> str:
    """How many cards a round asks of each person, and how many are written."""
    if not asked.get("most"):
        return ""
    written = sum(note.round == page.stage["round"] for note in page.mine)
    said = phone_words()["asked"]
    for value in (asked["least"], asked["most"], written):
        said = said.replace("%s", str(value), 1)
    return said


def wall(request: HttpRequest, meeting: int) -> HttpResponse:
    """GET: the screen of the room, readable from ten metres."""
    mine = _here(request)
    if mine.admitted_at is None:
        raise Http404  # who waits at the door sees the door
    if walk.is_walk(mine):
        return walk.room(request, mine)
    if mine.meeting.frozen_at is not None:
        return redirect("live-thanks", meeting)
    language = get_language() or "en"
    page = queries.page(mine, language)
    at = mine.meeting
    is_open = bool(at.code and at.closes_at and at.closes_at > timezone.now())
    data = {
        "meeting": meeting,
        "number": page.number,
        "show": show_of(mine, language),
        "words": {**wall_words(), **closing_words()},
        "view": "wall",
    }
    context = {
        "page": page,
        "place": mine,
        "data": data,
        "slide": sector_slide(at, language),
        "code": spaced(at.code) if is_open else "",
        "raw_code": at.code if is_open else "",
        "join_at": request.build_absolute_uri(reverse("join")).removeprefix("https://").removeprefix("http://"),
    }
    return render(request, "wall/wall.html", context)


def write(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: one command from a plain form, for browsers without scripts."""
    mine = _here(request)
    command: dict[str, Any] = {name: request.POST[name] for name in TEXTS if request.POST.get(name)}
    for name in NUMBERS:
        value = request.POST.get(name, "")
        if value.isascii() and value.isdigit() and len(value) < 16:
            command[name] = int(value)
    if command.get("do") == "date.say":
        command["dates"] = request.POST.getlist("dates")[:10]
    if "private" in request.POST:
        command["private"] = True
    sentence = send(mine, command)
    if sentence:
        messages.error(request, sentence)
    return redirect("live", meeting)


def _dates(stage: dict[str, Any]) -> list[tuple[str, str]]:
    """The dates that are on the screen, each with how people say it."""
    return [(day, _said(day, stage["zone"])) for day in stage["dates"]]


def _said(day: str, zone: str) -> str:
    at = moment_of(day, zone)
    return when(at) if at else ""


def _here(request: HttpRequest) -> Participant:
    found = place(request)
    if found is None:
        raise LookupError("the policy lets nobody here without a place")
    return found
