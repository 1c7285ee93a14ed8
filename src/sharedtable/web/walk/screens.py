"""The live screens of a data walk: phone, screen of the room, console. `screens` and `console` of `wall` lead here."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from sharedtable.meetings.codes import spaced
from sharedtable.meetings.models import Participant
from sharedtable.walks import queries
from sharedtable.walks.queries import Live
from sharedtable.wall import queries as wall
from sharedtable.web.walk.words import walk_words


def is_walk(place: Participant) -> bool:
    """Whether the meeting of that place is a data walk."""
    return queries.has_walk(place.meeting)


def phone(request: HttpRequest, mine: Participant) -> HttpResponse:
    """The phone: the figure, one's own mark, and what the room made of it once it is revealed."""
    page, data = _start(mine)
    data |= {"marks": page.marks, "speaks": mine.speaks}
    order = page.mine.get("mark", "").split(",") if page.stop and page.stop.is_choice else []
    context = {
        "page": page,
        "place": mine,
        "data": data,
        "press": uuid.uuid4().hex,
        "industries": list(enumerate(page.industries)),
        "first": order[0] if order else "",
        "next": order[1] if len(order) > 1 else "",
    }
    return render(request, "walk/phone.html", context)


def room(request: HttpRequest, mine: Participant) -> HttpResponse:
    """The screen of the room: one figure, large, with its source, its year and its gaps."""
    page, data = _start(mine)
    at = mine.meeting
    is_open = bool(at.code and at.closes_at and at.closes_at > timezone.now())
    context = {
        "page": page,
        "place": mine,
        "data": data,
        "code": spaced(at.code) if is_open else "",
        "raw_code": at.code if is_open else "",
        "join_at": request.build_absolute_uri(reverse("join")).removeprefix("https://").removeprefix("http://"),
    }
    return render(request, "walk/room.html", context)


def console(request: HttpRequest, mine: Participant) -> HttpResponse:
    """The console of whoever runs the walk, and of the scribe."""
    page, data = _start(mine)
    data |= {"place": mine.pk, "leads": mine.role == "facilitator"}
    return render(request, "walk/console.html", {"page": page, "place": mine, "data": data})


def _start(mine: Participant) -> tuple[Live, dict[str, Any]]:
    language = get_language() or "en"
    page = queries.live(mine, language)
    show = wall.show(mine, language)
    return page, {
        "meeting": mine.meeting_id,
        "number": page.number,
        "show": {"segments": show["segments"], "order": show["order"]},
        "stops": [
            {
                "id": one.id,
                "title": one.said["title"],
                "value": one.said["value"],
                "industry": one.industry,
                "options": len(page.industries) if one.is_choice else 0,
            }
            for one in page.stops
        ],
        "industries": page.industries,
        "words": walk_words(),
    }
