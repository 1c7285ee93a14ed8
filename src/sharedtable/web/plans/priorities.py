"""The tab "Priorities" of a partnership, one priority with all that it traces to, and correcting it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.plans import correcting, queries, tasks
from sharedtable.web.partnerships.forms import number
from sharedtable.web.partnerships.frame import opened, page
from sharedtable.web.plans.live import said, tried

CHANGE, HERE = "partnerships.change", "partnership-priorities"


def priorities(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: what the partnership carries, what rests, and what is to be done."""
    by, one = opened(request, partnership)
    return page(request, "priorities", one, HERE, {"found": queries.overview(by, one)}, area="plans")


def priority(request: HttpRequest, space: str, partnership: str, priority: int) -> HttpResponse:
    """GET: one priority: champions, the words that it comes from, its history."""
    by, one = opened(request, partnership)
    return page(request, "priority", one, HERE, {"found": queries.priority_page(by, one, priority)}, area="plans")


def correct(request: HttpRequest, space: str, partnership: str, priority: int) -> HttpResponse:
    """POST: other words, with a reason."""
    by, one = opened(request, partnership, CHANGE)
    given = request.POST

    def act() -> None:
        correcting.correct_words(
            by=by,
            priority=queries.priority(by, one, priority, CHANGE),
            version=number(given.get("version", "")) or 0,
            title=given.get("title", ""),
            said=given.get("said", ""),
            reason=given.get("reason", ""),
        )

    tried(request, act, _("Corrected. What stood there before is in the history."))
    return redirect("priority", space, one.slug, priority)


def add_champion(request: HttpRequest, space: str, partnership: str, priority: int) -> HttpResponse:
    """POST: one more champion, from the inner table."""
    by, one = opened(request, partnership, CHANGE)
    given = request.POST

    def act() -> None:
        correcting.add_champion(
            by=by,
            priority=queries.priority(by, one, priority, CHANGE),
            version=number(given.get("version", "")) or 0,
            seat=queries.seat(by, one, number(given.get("seat", "")) or 0),
            reason=given.get("reason", ""),
        )

    tried(request, act, _("Their name is on it."))
    return redirect("priority", space, one.slug, priority)


def withdraw(request: HttpRequest, space: str, partnership: str, champion: int) -> HttpResponse:
    """POST: a champion steps back; with the last one the area goes to the shelf."""
    by, one = opened(request, partnership, CHANGE)
    found = queries.champion(by, one, champion)
    given = request.POST

    def act() -> None:
        correcting.withdraw_champion(
            by=by,
            champion=found,
            version=number(given.get("version", "")) or 0,
            reason=given.get("reason", ""),
        )

    tried(request, act, _("Their name is taken off."))
    return redirect("priority", space, one.slug, found.priority_id)


def add_task(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: something to do: what, who, by when."""
    by, one = opened(request, partnership, CHANGE)
    given = request.POST
    try:
        due_on = parse_date(given.get("due_on", ""))
    except ValueError:
        due_on = None
    try:
        tasks.add_task(by=by, partnership=one, what=given.get("what", ""), who=given.get("who", ""), due_on=due_on)
        messages.success(request, _("It is on the list."))
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)
    return redirect(HERE, space, one.slug)
