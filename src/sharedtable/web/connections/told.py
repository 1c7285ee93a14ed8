"""What partners told in words: a convener says which company, and which person, of the record is meant."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.partnerships import connection_queries
from sharedtable.people.actions import telling
from sharedtable.people.values import number
from sharedtable.web.actor import actor
from sharedtable.web.people import words
from sharedtable.web.people.frame import frame


def told(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what waits. POST: this company, or this person, is meant."""
    by = actor(request)
    if request.method == "POST":
        which, person = number(request.POST.get("told", "")), number(request.POST.get("person", ""))
        company = number(request.POST.get("company", ""))
        if not person and not company:
            raise Missing(_("Choose who is meant."))
        if person:
            telling.settle(by=by, number=which, person_id=person)
            messages.success(request, _("It is a tie now. Nobody has to type it again."))
        else:
            telling.place(by=by, number=which, organisation_id=company)
            messages.success(request, _("The company is known now. Say who is meant there, if you can."))
        return HttpResponseRedirect(request.get_full_path())
    found = connection_queries.open_ties(by, request.GET.get("page", "1"))
    context = frame(request, space, page=found.page, rows=found.rows, words=words)
    return render(request, "connections/told.html", context)
