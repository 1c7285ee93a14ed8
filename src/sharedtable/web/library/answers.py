"""What a team adds: its own answers to questions, and ticks on the reading list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.library import actions, queries
from sharedtable.web.actor import actor
from sharedtable.web.library.forms import AnswerForm


def write(request: HttpRequest, space: str, question: str = "") -> HttpResponse:
    """GET: the form with what stands there now. POST: keep the team's answer."""
    pages = {one: queries.entry_page(actor(request), "questions", question, one) for one in ("en", "es") if question}
    form = AnswerForm(request.POST or None, initial=_now(pages))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_answer(by=actor(request), entry=question, **form.cleaned_data)
            messages.success(request, _("Your team's answer is in the library."))
            return HttpResponseRedirect(reverse("library-entry", args=["questions", made.entry]))
        except Missing:
            raise
        except Refused as problem:
            form.add_error(None, str(problem))
    trail = [(_("Library"), reverse("library")), (_("Common questions"), reverse("library-shelf", args=["questions"]))]
    context = {
        "form": form,
        "question": question,
        "back": reverse("library-entry", args=["questions", question])
        if question
        else reverse("library-shelf", args=["questions"]),
        "trail": [*trail, (_("Our own answer"), None)],
    }
    return render(request, "library/answer.html", context, status=422 if form.errors else 200)


def _now(pages: dict[str, queries.EntryPage]) -> dict[str, Any]:
    """What stands there now in both languages: the team's answer, or the shipped one to begin from."""
    found: dict[str, Any] = {}
    for language, page in pages.items():
        entry = page.entry
        if entry.own is None or entry.own.is_in(language):
            found |= {f"{language}_question": entry.title, f"{language}_answer": entry.text}
        found["was"] = entry.own.pk if entry.own else None
    return found


def put_away(request: HttpRequest, space: str, question: str) -> HttpResponse:
    """POST: take the team's answer away."""
    actions.put_away(by=actor(request), entry=question)
    messages.success(request, _("Your team's answer is put away."))
    return HttpResponseRedirect(reverse("library-shelf", args=["questions"]))


def mark_read(request: HttpRequest, space: str) -> HttpResponse:
    """POST: tick a text (`entry`) as read, or take the tick away (`read` is empty)."""
    actions.mark_read(by=actor(request), entry=request.POST.get("entry", ""), is_read=bool(request.POST.get("read")))
    return HttpResponseRedirect(reverse("library-shelf", args=["reading"]))
