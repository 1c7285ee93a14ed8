"""The outbox: what waits, left or failed; drafts for one's own mailbox; whether our mail arrives."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sharedtable.accounts import letter_queries as queries
from sharedtable.accounts import letters as actions
from sharedtable.errors import Refused
from sharedtable.ledger import deliverability
from sharedtable.web.actor import actor
from sharedtable.web.letters.merge import bundle

TITLES = {
    "waiting": gettext_lazy("Waiting"),
    "sent": gettext_lazy("Sent"),
    "failed": gettext_lazy("Did not arrive"),
    "suppressed": gettext_lazy("Wants no mail"),
    "cancelled": gettext_lazy("Called back"),
}


def letters(request: HttpRequest, space: str) -> HttpResponse:
    """GET: one tab of the outbox."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TITLES else "waiting"
    found = queries.outbox(actor(request), tab, request.GET.get("page", "1"))
    tabs = [
        (title, reverse("letters", args=[space]) + f"?tab={name}", found.counts[name], name == tab)
        for name, title in TITLES.items()
    ]
    context = {"outbox": found, "page": found.page, "tab": tab, "tabs": tabs, "space": space}
    return render(request, "letters/letters.html", {**context, "may_change": actor(request).may("letters.change")})


def cancel_batch(request: HttpRequest, space: str) -> HttpResponse:
    """POST: call back all letters of one sending that still wait."""
    count = actions.cancel_batch(by=actor(request), batch=request.POST.get("batch", ""))
    said = ngettext("%(n)d letter was called back.", "%(n)d letters were called back.", count) % {"n": count}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("letters", args=[space]))


def review(request: HttpRequest, space: str) -> HttpResponse:
    """GET: how many, to whom, a sample, before letters become drafts for one's own mailbox."""
    by = actor(request)
    numbers = _numbers(request.GET.getlist("letter"))
    found = queries.chosen(by, numbers, request.GET.get("batch", ""))
    if not found:
        raise Refused(_("Choose at least one letter that waits."))
    context = {
        "review": actions.review(found, by=by),
        "action": reverse("letters-drafts", args=[space]),
        "ids": [letter.pk for letter in found],
        "button": _("Make the drafts"),
        "trail": [(_("Letters"), reverse("letters", args=[space])), (_("Drafts"), None)],
    }
    return render(request, "letters/review_page.html", context)


def drafts(request: HttpRequest, space: str) -> HttpResponse:
    """POST: take the chosen letters along, as mails to open and as a list to merge from."""
    by = actor(request)
    numbers = _numbers(request.POST.getlist("letter"))
    checked = actions.review(queries.chosen(by, numbers), by=by)
    if checked.must_confirm_twice and request.POST.get("sure") != "yes":
        raise Refused(_("These are many letters. Go back, tick the box below them, and press the button again."))
    taken = actions.take_as_drafts(by=by, letters=numbers)
    response = HttpResponse(bundle(taken, by.language), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="drafts-{timezone.now():%Y-%m-%d}.zip"'
    return response


def check(request: HttpRequest, space: str) -> HttpResponse:
    """GET: whether other mail services have reason to trust mail from here."""
    context = {
        "report": deliverability.report(),
        "trail": [(_("Letters"), reverse("letters", args=[space])), (_("Will our mail arrive?"), None)],
    }
    return render(request, "letters/check.html", context)


def _numbers(given: list[str]) -> list[int]:
    return [int(text) for text in given[:500] if text.isascii() and text.isdigit() and len(text) < 19]
