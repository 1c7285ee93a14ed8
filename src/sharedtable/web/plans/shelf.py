"""What happens to an area of the shelf between two meetings: taken up, let go, put back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.plans import queries, shelving
from sharedtable.web.partnerships.forms import number
from sharedtable.web.partnerships.frame import opened
from sharedtable.web.plans.live import said, tried

CHANGE, HERE = "partnerships.change", "partnership-priorities"


def take_up(request: HttpRequest, space: str, partnership: str, shelved: int) -> HttpResponse:
    """POST: a business leader puts their name on it; the area is a priority."""
    by, one = opened(request, partnership, CHANGE)
    found, given = queries.shelved(by, one, shelved), request.POST
    try:
        seat = queries.seat(by, one, number(given.get("seat", "")) or 0)
        made = shelving.take_up(by=by, shelved=found, seat=seat, reason=given.get("reason", ""))
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)
        return redirect(HERE, space, one.slug)
    messages.success(request, _("“%(area)s” is a priority now.") % {"area": made.title})
    return redirect("priority", space, one.slug, made.pk)


def let_go(request: HttpRequest, space: str, partnership: str, shelved: int) -> HttpResponse:
    """POST: nobody will carry it; with a reason, and it can be put back."""
    by, one = opened(request, partnership, CHANGE)
    found = queries.shelved(by, one, shelved)
    reason = request.POST.get("reason", "")
    sentence = _("“%(area)s” is let go. You can put it back at any time.") % {"area": found.title}
    tried(request, lambda: shelving.let_go(by=by, shelved=found, reason=reason), sentence)
    return redirect(HERE, space, one.slug)


def put_back(request: HttpRequest, space: str, partnership: str, shelved: int) -> HttpResponse:
    """POST: take back that it was let go."""
    by, one = opened(request, partnership, CHANGE)
    found = queries.shelved(by, one, shelved)
    sentence = _("“%(area)s” rests on the shelf again.") % {"area": found.title}
    tried(request, lambda: shelving.put_back(by=by, shelved=found), sentence)
    return redirect(HERE, space, one.slug)
