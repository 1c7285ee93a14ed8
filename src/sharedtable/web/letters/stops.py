"""Who gets no mail: the list, one more, one less; and mail that came back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.accounts import letter_queries as queries
from sharedtable.accounts import letters as actions
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.bounces import LONGEST
from sharedtable.web.actor import actor


def stops(request: HttpRequest, space: str, problem: str = "", given: dict[str, str] | None = None) -> HttpResponse:
    """GET: what holds mail back, and the forms to add to it or lift it."""
    context = {
        "stops": queries.stops(actor(request)),
        "may_change": actor(request).may_everywhere("letters.change"),
        "space": space,
        "problem": problem,
        "given": given or {},
        "trail": [(_("Letters"), reverse("letters", args=[space])), (_("Who gets no mail"), None)],
    }
    return render(request, "letters/stops.html", context, status=422 if problem else 200)


def leave_alone(request: HttpRequest, space: str) -> HttpResponse:
    """POST: no more mail to this address."""
    return _change(request, space, "add")


def lift(request: HttpRequest, space: str) -> HttpResponse:
    """POST: mail may go there again."""
    return _change(request, space, "lift")


def _change(request: HttpRequest, space: str, what: str) -> HttpResponse:
    given = {"what": what, "address": request.POST.get("address", ""), "reason": request.POST.get("reason", "")}
    try:
        if what == "add":
            actions.leave_alone(by=actor(request), address=given["address"], reason=given["reason"])
            said = _("No more mail goes to that address.")
        else:
            actions.lift(by=actor(request), address=given["address"], reason=given["reason"])
            said = _("Mail may go to that address again.")
    except Missing:
        raise
    except Refused as refusal:
        return stops(request, space, problem=str(refusal), given=given)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("letters-stops", args=[space]))


def bounce(request: HttpRequest, space: str) -> HttpResponse:
    """POST: take in mails that came back, as files."""
    files = request.FILES.getlist("file")
    if not files:
        raise Refused(_("Choose the file of a mail that came back."))
    for file in files[:50]:
        actions.take_in_bounce(by=actor(request), content=file.read(LONGEST + 1))
    said = ngettext("%(n)d mail that came back was taken in.", "%(n)d mails that came back were taken in.", len(files))
    messages.success(request, said % {"n": len(files)})
    return HttpResponseRedirect(reverse("letters", args=[space]) + "?tab=failed")
