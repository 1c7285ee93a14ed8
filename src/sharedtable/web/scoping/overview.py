"""The overview of the workshop: the hour, every test, what is good enough, and what was before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import doors, workshop, workshop_queries
from sharedtable.partnerships.models import Partnership
from sharedtable.partnerships.workshop import Tried
from sharedtable.partnerships.workshop_queries import Workshop
from sharedtable.web.partnerships.frame import attempt, done, opened, page
from sharedtable.web.scoping import draft
from sharedtable.web.scoping.draft import Draft
from sharedtable.web.scoping.forms import SettleForm
from sharedtable.worksheets import queries as worksheets
from sharedtable.worksheets.shelf import shelf

HERE, CHANGE = "partnership-scope", doors.CHANGE
SHEETS = ("scope-hour", "scope-region", "scope-industry", "scope-firms")
PARTS = ("scoping", "scoping-region", "scoping-sector", "scoping-launch", "scoping-firms")


def context_of(by: Actor, one: Partnership, trying: Draft, here: str) -> dict[str, Any]:
    """What every page of the workshop shows: what is tried, its tests, and the way between the parts."""
    numbers = shelf(by.space_id or 0).number
    found = workshop_queries.workshop(by, one, trying.newest, trying.trial, numbers)
    titles = (_("Overview"), _("Region"), _("Industry"), _("Champions and members"), _("Firms"))
    return {
        "draft": trying,
        "found": found,
        "numbers": numbers,
        "parts": [
            {"title": title, "address": trying.address(route), "is_here": route == here}
            for route, title in zip(PARTS, titles, strict=True)
        ],
    }


def overview(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: all tests on what is tried, with the hour and the button."""
    by, one = opened(request, partnership)
    trying = draft.read(one, request.GET)
    context = context_of(by, one, trying, "scoping")
    form = SettleForm(initial={"review_on": context["found"].review_on})
    return _page(request, by, one, context, form, 422 if trying.problem else 200)


def _page(
    request: HttpRequest, by: Actor, one: Partnership, context: dict[str, Any], form: forms.Form, status: int
) -> HttpResponse:
    trying: Draft = context["draft"]
    more = {
        "form": form,
        "groups": [(group, trying.address(f"scoping-{group.key}")) for group in context["found"].groups],
        "sheets": worksheets.sheets_of(by, one, SHEETS) if by.may("worksheets.see", one) else [],
        "may_run": by.may("worksheets.run", one),
        "clock_parts": (_("Region"), _("Industry"), _("Firms"), _("Close")),
    }
    return page(request, "overview", one, HERE, {**context, **more}, status, area="scoping")


def begin(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: start the hour."""
    by, one = opened(request, partnership, CHANGE)
    workshop.begin_session(by=by, partnership=one, numbers=shelf(by.space_id or 0).number)
    return done(request, _("The hour has begun."), "scoping", space, one.slug)


def end(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: end the hour without a version."""
    by, one = opened(request, partnership, CHANGE)
    workshop.end_session(by=by, partnership=one)
    return done(request, _("The session has ended. Nothing about the scope was changed."), "scoping", space, one.slug)


def settle(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: good enough. What is tried becomes the version with which the team works."""
    by, one = opened(request, partnership, CHANGE)
    trying, form = draft.read(one, request.POST), SettleForm(request.POST)
    context = context_of(by, one, trying, "scoping")
    if trying.problem or not context["found"].is_whole:
        form.add_error(None, trying.problem or _("A scope needs both: a region and an industry."))
    elif attempt(form, lambda said: _settle(by, one, context["found"], trying, said)):
        said = _("Good enough. The version is kept with its tests, and the day to look again is on the clock.")
        return done(request, said, "scoping", space, one.slug)
    return _page(request, by, one, context, form, 422)


def _settle(by: Actor, one: Partnership, found: Workshop, trying: Draft, said: dict[str, Any]) -> None:
    trial = found.trial
    if trial.region is None or trial.sector is None:
        return
    tried = Tried(
        trial.region,
        trial.sector,
        trial.rules,
        found.tests,
        said["who"],
        said["note"],
        said["review_on"],
        trial.launch,
        trial.members,
        shelf(by.space_id or 0).number,
    )
    workshop.settle(by=by, partnership=one, based_on=trying.base, tried=tried)
