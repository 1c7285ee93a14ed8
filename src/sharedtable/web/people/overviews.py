"""Looks across the record: the partner directory, who convenes already, who knows whom, the choice of champions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.method.champions import champions as signs
from sharedtable.people import filters, organisation_queries, tie_queries
from sharedtable.people.actions import mail as mail_actions
from sharedtable.people.list_models import Segment
from sharedtable.people.list_queries import people_page
from sharedtable.people.values import number
from sharedtable.web.actor import actor
from sharedtable.web.people import words
from sharedtable.web.people.frame import frame, tongue


def directory(request: HttpRequest, space: str) -> HttpResponse:
    """GET: support partners by system and type, each with who can decide there."""
    text = request.GET.get("q", "")[:120]
    systems = organisation_queries.directory(actor(request), tongue(), text)
    empty = [row["title"] for row in systems if row["system"] and not row["count"]]
    context = frame(request, space, systems=systems, q=text, empty=empty, may_add=actor(request).may("people.change"))
    return render(request, "people/directory.html", context)


def associations(request: HttpRequest, space: str) -> HttpResponse:
    """GET: who brings employers together already, high credibility first."""
    found = organisation_queries.associations(actor(request))
    return render(request, "people/associations.html", frame(request, space, rows=found))


def ties(request: HttpRequest, space: str) -> HttpResponse:
    """GET: who is known by whom, and how well."""
    by = actor(request)
    grid = tie_queries.tie_grid(by, request.GET.get("page", "1"))
    partners = (
        people_page(by, {"kind": "support", "q": request.GET.get("q", "")[:120]}) if by.may("links.make") else None
    )
    context = frame(
        request, space, grid=grid, words=words, partners=partners, q=request.GET.get("q", "")[:120],
        segments=list(filters.segments(by, Segment.Thing.PEOPLE)),
    )  # fmt: skip
    return render(request, "people/ties.html", context)


def ask_ties(request: HttpRequest, space: str) -> HttpResponse:
    """POST: send the chosen partners a link to tick whom they know."""
    by = actor(request)
    chosen = [found for text in request.POST.getlist("partner") if (found := number(text))][:60]
    segment = request.POST.get("segment", "")
    sent, problems = 0, []
    for one in chosen:
        try:
            mail_actions.send_ties_link(by=by, person_id=one, segment_id=number(segment))
            sent += 1
        except Refused as refusal:
            problems.append(str(refusal))
    for problem in problems:
        messages.warning(request, problem)
    if sent:
        messages.success(request, _("%(n)s letters wait ten minutes, then they leave.") % {"n": sent})
    elif not problems:
        messages.warning(request, _("Choose at least one partner."))
    return HttpResponseRedirect(reverse("ties", args=[space]))


def champions(request: HttpRequest, space: str) -> HttpResponse:
    """GET: people of companies by how many of the three tests are met, with what was seen."""
    by = actor(request)
    given = {"q": request.GET.get("q", "")[:120]}
    page, rows = tie_queries.candidates(by, given, tongue(), request.GET.get("page", "1"))
    context = frame(request, space, page=page, rows=rows, signs=signs(tongue()), words=words, q=given["q"])
    return render(request, "people/champions.html", context)
