"""A person asks for no more mail: on a page by their link, or with one click in their mail program."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from sharedtable.accounts import letter_queries as queries
from sharedtable.accounts import letters as actions
from sharedtable.accounts.links import address_of
from sharedtable.web.actor import actor


def stop(request: HttpRequest, link: int) -> HttpResponse:
    """GET: what one can ask for. POST: ask, or take it back."""
    by = actor(request)
    if request.method == "POST":
        if request.POST.get("level") == "again":
            actions.write_again(by=by)
            messages.success(request, _("Thank you. We will write to you again."))
        else:
            actions.stop_mail(by=by, level=request.POST.get("level", ""))
            messages.success(request, _("Done. We will send you no more of these mails."))
        return HttpResponseRedirect(reverse("stop-mail", args=[link]))
    context = {"asked": queries.asked_levels(by), "team": by.space, "is_about_one": by.object_kind == "partnership"}
    return render(request, "letters/stop.html", context)


@csrf_exempt  # a mail program sends this, not a page of ours; the token is the permission
def at_once(request: HttpRequest, token: str) -> HttpResponse:
    """POST: no more of these mails (RFC 8058); as often as one likes. GET: to the page that asks."""
    by = actions.holder_of(token)
    if request.method == "POST":
        actions.stop_mail(by=by)
        return HttpResponse(_("Done. We will send you no more of these mails."), content_type="text/plain")
    return HttpResponseRedirect(address_of(token))
