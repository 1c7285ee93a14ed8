"""What somebody with a personal link sees: the questions, saved as they are typed, and the result when it is shown."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.web.actor import actor
from sharedtable.web.worksheets import shown
from sharedtable.web.worksheets.results import view_of
from sharedtable.worksheets import answering, queries, result_queries
from sharedtable.worksheets.letters import privacy_words
from sharedtable.worksheets.models import Round

KEY_LIFE = 120 * 24 * 3600
FORM = "form"  # the device of a form that is sent without JavaScript


def _key_name(link: int) -> str:
    return f"sheet-{link}"


def _key(request: HttpRequest, link: int) -> str:
    return request.COOKIES.get(_key_name(link), "")


def sheet(request: HttpRequest, link: int) -> HttpResponse:
    """GET: the questions, or the result when it is shown. POST: keep the whole form (without JavaScript)."""
    by, language = actor(request), get_language() or "en"
    page = queries.answer_page(by, language, _key(request, link))
    if page.round.state == "revealed":
        return render(
            request, "worksheets/my_result.html", view_of(result_queries.result_by_link(by, language), language)
        )
    if request.method == "POST":
        return _keep(request, link, page, is_done=False)
    return render(request, "worksheets/answer.html", _context(link, page))


def done(request: HttpRequest, link: int) -> HttpResponse:
    """POST: keep the whole form and hand it in."""
    page = queries.answer_page(actor(request), get_language() or "en", _key(request, link))
    return _keep(request, link, page, is_done=True)


def _keep(request: HttpRequest, link: int, page: queries.AnswerPage, *, is_done: bool) -> HttpResponse:
    typed = shown.read(page.worksheet, request.POST)
    base = shown.whole(request.POST, "counter")
    device = request.POST.get("device") or FORM
    by, key = actor(request), _key(request, link)
    if typed.problems:
        again = _context(link, page, typed, base, _("Please look at the marked answers again. Nothing was kept yet."))
        return render(request, "worksheets/answer.html", again, status=422)
    try:
        answering.keep(by=by, edits=typed.edits(base, device), key=key, base=base)
        if is_done:
            answering.hand_in(by=by, key=key)
    except answering.Stale as stale:
        again = _context(link, page, typed, stale.counter, str(stale))
        return render(request, "worksheets/answer.html", again, status=409)
    if is_done:
        messages.success(request, _("Thank you. Your answers are in."))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("my-worksheet", args=[link]))


def _context(
    link: int, page: queries.AnswerPage, typed: shown.Typed | None = None, counter: int | None = None, problem: str = ""
) -> dict[str, Any]:
    values = typed.values if typed else page.values
    return {
        "page": page,
        "worksheet": page.worksheet,
        "parts": shown.parts(page.worksheet, values, page.names, page.evidence, typed.problems if typed else None),
        "link": link,
        "privacy": privacy_words(page.round),
        "counter": page.counter if counter is None else counter,
        "problem": problem,
        "new_key": secrets.token_urlsafe(24),
    }


def begin(request: HttpRequest, link: int) -> HttpResponse:
    """POST: begin an anonymous sheet; from now on this device holds its key, and nobody else does."""
    key = request.POST.get("key", "")
    answering.begin(by=actor(request), key=key)
    address = reverse("my-worksheet", args=[link])
    response = HttpResponseRedirect(address)
    response.set_cookie(
        _key_name(link),
        key,
        max_age=KEY_LIFE,
        path=address,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


class _NotAnAnswer(Refused):
    """What was typed is no answer to that question."""


def keep_one(request: HttpRequest, link: int) -> JsonResponse:
    """POST: keep one answer as it was typed; tells that it is kept only when it is."""
    question, language = request.POST.get("question", ""), get_language() or "en"

    def typed_in(found: Round) -> list[answering.Edit]:
        typed = shown.read(found.worksheet(language), request.POST, question)
        if typed.problems or not question or not typed.values:
            raise _NotAnAnswer(typed.problems.get(question, _("There is no such question.")))
        return typed.edits(shown.whole(request.POST, "counter") - 1, request.POST.get("device", ""))

    try:
        stands = answering.keep(by=actor(request), edits=typed_in, key=_key(request, link))
    except Refused as problem:
        status = 404 if isinstance(problem, Missing) else 422 if isinstance(problem, _NotAnAnswer) else 409
        return JsonResponse({"problem": str(problem)}, status=status)
    return JsonResponse({"saved": question, "counter": stands})
