"""What is done in a walk by form: a mark without scripts; showing, revealing and writing down at the console."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from sharedtable.errors import Missing, Refused
from sharedtable.walks import actions
from sharedtable.wall.sending import send
from sharedtable.web.wall.places import place


def mark(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: one's own mark on the figure, for browsers without scripts."""
    mine, given = place(request), request.POST
    if mine is None:
        raise Http404
    order = [one for one in (given.get("first", ""), given.get("next", "")) if one]
    command: dict[str, Any] = {
        "do": "mark.set",
        "key": given.get("key", "") or uuid.uuid4().hex,
        "stop": given.get("stop", ""),
        "mark": ",".join(dict.fromkeys(order)) if "first" in given else given.get("mark", ""),
        "text": given.get("text", ""),
    }
    sentence = send(mine, command)
    if sentence:
        messages.error(request, sentence)
    return redirect("live", meeting)


def walk(request: HttpRequest, meeting: int) -> HttpResponse:
    """POST: show a figure, reveal it, write down what somebody says about it."""
    mine, given = place(request), request.POST
    if mine is None or mine.role not in ("facilitator", "scribe"):
        raise Http404
    stop, who = given.get("stop", ""), given.get("participant", "")
    said = ""
    try:
        match given.get("do"):
            case "show":
                actions.show(by=mine, stop=stop)
            case "reveal":
                actions.reveal(by=mine, stop=stop)
            case "hear":
                number = int(who) if who.isascii() and who.isdigit() and len(who) < 16 else 0
                actions.hear(by=mine, stop=stop, text=given.get("text", ""), participant=number)
            case _:
                raise Http404
    except Missing:
        raise
    except Refused as problem:
        said = str(problem)
    return JsonResponse({"says": said}, status=422 if said else 200)
