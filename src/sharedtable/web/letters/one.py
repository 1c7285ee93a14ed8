"""One letter: what it says, what became of it, and what can still be done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts import letter_queries as queries
from sharedtable.accounts import letters as actions
from sharedtable.web.actor import actor


def letter(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the letter."""
    found = queries.shown(actor(request), number)
    context = {
        "shown": found,
        "letter": found.row.letter,
        "space": space,
        "may_change": actor(request).may("letters.change", found.row.letter),
        "trail": [(_("Letters"), reverse("letters", args=[space])), (found.row.letter.subject, None)],
    }
    return render(request, "letters/letter.html", context)


def cancel(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: call it back."""
    actions.cancel(by=actor(request), letter=number)
    return _done(request, space, number, _("The letter was called back. It does not leave."))


def again(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: send it again."""
    actions.send_again(by=actor(request), letter=number)
    return _done(request, space, number, _("The letter waits again. You can call it back for ten minutes."))


def arrived(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: it did arrive."""
    actions.mark_arrived(by=actor(request), letter=number)
    return _done(request, space, number, _("Written down: this letter arrived."))


def _done(request: HttpRequest, space: str, number: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("letter", args=[space, number]))
