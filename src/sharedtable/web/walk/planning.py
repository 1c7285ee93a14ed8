"""The page of a walk in the record: what it goes through, what the room made of it, and the choice at its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.method.guideposts import DATA_POINTS
from sharedtable.partnerships.deciding import Choice, Wanted
from sharedtable.partnerships.models import Decision
from sharedtable.studies.knowledge import measure_titles
from sharedtable.walks import actions, queries
from sharedtable.web.actor import actor


def walk(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the walk, and the forms for whoever may change it."""
    return _page(request, space, number)


def set_up(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: choose region, industries and figures; a problem shows the form again as it was typed."""
    by, given = actor(request), request.POST
    language = get_language() or "en"
    page = queries.page(by, number, language)
    found = queries.choices(by, page.meeting, given.get("region", ""), language)
    try:
        actions.set_up(
            by=by,
            meeting=page.meeting,
            version=_number(given.get("version")),
            region=found.region,
            sectors=queries.sectors(given.getlist("industry"), given.get("codes", "")[:400], found.kept),
            measures=given.getlist("measure"),
        )
    except Refused as problem:
        return _page(request, space, number, problem=str(problem), status=422)
    messages.success(request, _("The figures of this walk are set up, and stay as they are now."))
    return redirect("walk", space, number)


def strike(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: take words off every page."""
    by = actor(request)
    found = queries.page(by, number, "en")
    actions.strike(by=by, meeting=found.meeting, number=_number(request.POST.get("voice")))
    messages.success(request, _("Those words are off every page. The mark still counts."))
    return redirect("walk", space, number)


def decide(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: keep the choice as a decision of the partnership."""
    by, given = actor(request), request.POST
    page = queries.page(by, number, get_language() or "en")
    try:
        made = actions.decide(by=by, meeting=page.meeting, wanted=_wanted(request, page.industries))
    except Refused as problem:
        return _page(request, space, number, trouble=str(problem), given=given.dict(), status=422)
    messages.success(request, _("The decision is written down."))
    return redirect("partnership-decision", space, page.meeting.partnership.slug, made.pk)


def _wanted(request: HttpRequest, industries: list[str]) -> Wanted:
    given = request.POST
    return Wanted(
        question=given.get("question", ""),
        kind=Decision.Kind.SECTOR,
        options=[Choice(name, given.get(f"reasons-{place}", "")) for place, name in enumerate(industries)],
        chosen=given.get("chosen", ""),
        next_choice=given.get("next", ""),
        reasons=given.get("reasons", ""),
        dissent=given.get("dissent", ""),
        decided_by=given.get("decided_by", ""),
        decided_on=_day(given.get("decided_on", "")),
        review_on=_day(given.get("review_on", "")),
    )


def _page(
    request: HttpRequest,
    space: str,
    number: int,
    *,
    problem: str = "",
    trouble: str = "",
    given: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    by, language = actor(request), get_language() or "en"
    found = queries.page(by, number, language)
    may_set_up = by.may("meetings.change", found.meeting) and not found.has_begun
    asked = request.POST.get("region", request.GET.get("region", ""))
    titles = measure_titles(language)
    context = {
        "space": space,
        "page": found,
        "may_set_up": may_set_up,
        "may_run": by.may("meetings.run", found.meeting),
        "may_decide": by.may("partnerships.change", found.meeting.partnership),
        "choices": queries.choices(by, found.meeting, asked, language) if may_set_up else None,
        "asked": asked,
        "ticked": request.POST.getlist("industry"),
        "codes": request.POST.get("codes", ""),
        "measures": [
            (name, titles[name], name in (request.POST.getlist("measure") or found.measures or DATA_POINTS))
            for name in DATA_POINTS
        ],
        "options": [
            (place, name, (given or {}).get(f"reasons-{place}", found.reasons.get(name, "")))
            for place, name in enumerate(found.industries)
        ],
        "problem": problem,
        "trouble": trouble,
        "given": given or {},
        "trail": [
            (_("Meetings"), reverse("meetings", args=[space])),
            (found.meeting.title, reverse("meeting", args=[space, number])),
            (_("The figures"), None),
        ],
    }
    return render(request, "walk/page.html", context, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _day(text: str) -> Any:
    try:
        return parse_date(text) if text else None
    except ValueError:
        raise Refused(_("Give the days as year, month and day.")) from None
