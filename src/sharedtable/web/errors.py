"""Pages for when something is not as it should be, each in plain words and with a way on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused, is_full
from sharedtable.web.actor import ask_nobody


def page(request: HttpRequest, status: int, title: str, sentences: list[str]) -> HttpResponse:
    """Renders one such page. Takes finished, translated sentences; gives the answer with that status."""
    return render(
        request, "errors/page.html", {"status": status, "title": title, "sentences": sentences}, status=status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not here, or not for this visitor; the page does not tell which."""
    return page(
        request,
        404,
        _("This page is not here"),
        [_("The address may be mistyped or out of date."), _("Go to the start page, or choose from the menu above.")],
    )


def dead_link(request: HttpRequest) -> HttpResponse:
    """404: a personal link that never was, is too old or was taken back; the page does not tell which."""
    return page(
        request,
        404,
        _("This link does not work any more"),
        [
            _("It may be too old, or it may have been replaced by a newer one."),
            _("Ask the person who sent it for a new one: answer their mail."),
        ],
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent could not be read."""
    return page(
        request,
        400,
        _("That request could not be read"),
        [_("Nothing was changed."), _("Go back, reload the page and try once more.")],
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known and refused."""
    return page(
        request,
        403,
        _("That is not allowed here"),
        [_("Nothing was changed."), _("Go back to the page that you came from.")],
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without the token that shows that it came from our own page."""
    return page(
        request,
        403,
        _("That form was out of date"),
        [
            _("Nothing was changed."),
            _("The page with the form was open for a long time, or this browser keeps no cookies."),
            _("Go back, reload the page and send the form once more."),
        ],
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; 507 when the disk is full. The cause is in the log, never on the page."""
    ask_nobody(request)
    if is_full(sys.exc_info()[1]):
        return page(
            request,
            507,
            _("There is no room left"),
            [
                _("The disk of the machine that runs this site is full. Nothing of what you did was kept."),
                _("Tell whoever runs this site to make room, then try again."),
            ],
        )
    return page(
        request,
        500,
        _("Something broke on our side"),
        [
            _("What you did may not have been saved."),
            _("Try once more. If it happens again, tell whoever runs this site."),
        ],
    )


class SentencesMiddleware(MiddlewareMixin):
    """Shows the sentence of a `Refused` (422) or a `Missing` (404) that a view lets through.

    A form with a zero byte in it, which PostgreSQL keeps in no text, is answered before any view sees it. Views that
    check the token themselves, since they take large files, are left to it.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        texts = (text for values in request.POST.lists() for text in (values[0], *values[1]))
        return bad_request(request) if any("\0" in str(text) for text in texts) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Missing):
            return page(request, 404, _("That is not here"), [str(exception)])
        if isinstance(exception, Refused):
            return page(request, 422, _("That could not be done"), [str(exception)])
        return None
