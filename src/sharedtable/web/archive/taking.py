"""Everything of a team in one file, and one agency's own list: look first, then take it along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sharedtable.accounts.models import Space
from sharedtable.archive import queries
from sharedtable.archive.actions import Taken, take_own, take_space
from sharedtable.web.actor import actor

PIECE = 256 * 1024


def archive(request: HttpRequest, space: str) -> HttpResponseBase:
    """GET: what the file will hold. POST: the file."""
    by = actor(request)
    if request.method == "POST":
        return _file(request, take_space(by=by, space=_here(by.space)))
    context = {"space": by.space, "parts": queries.what_is_kept(by)}
    return render(request, "archive/space.html", context)


def own(request: HttpRequest, space: str) -> HttpResponseBase:
    """GET: what the list of one's own agency holds. POST: the file."""
    by = actor(request)
    if request.method == "POST":
        return _file(request, take_own(by=by))
    return render(request, "archive/own.html", {"space": by.space, "list": queries.own_list(by)})


def _here(space: Space | None) -> Space:
    assert space is not None  # noqa: S101 - the rule lets in only whoever is in a space
    return space


def _file(request: HttpRequest, taken: Taken) -> HttpResponse | StreamingHttpResponse:
    """The file piece by piece: a web server that waits for each piece wants them so, another as they come."""
    pieces = _waited(taken) if hasattr(request, "scope") else _pieces(taken)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    response["Content-Length"] = str(taken.size)
    return response


def _pieces(taken: Taken) -> Iterator[bytes]:
    with taken.file as file:
        while piece := file.read(PIECE):
            yield piece


async def _waited(taken: Taken) -> AsyncIterator[bytes]:
    with taken.file as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
