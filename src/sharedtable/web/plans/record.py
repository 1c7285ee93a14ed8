"""The record of a closed meeting: its shared product as page and files; closing from here; opening again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.meetings import queries as meetings
from sharedtable.plans import actions, documents, queries
from sharedtable.web.actor import actor
from sharedtable.web.plans.live import kept, said, sent


def product(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: what the meeting agreed on, with the files to take away."""
    by = actor(request)
    found = queries.product(by, number)
    at = found.meeting
    since = timezone.now() - (at.frozen_at or timezone.now())
    context = {
        "space": space,
        "product": found,
        "meeting": at,
        "next": documents.when(found.next_at) if found.next_at else "",
        "attendance": documents.attendance(found),
        "shows_authors": by.may("partnerships.inner", at),
        "may_invite": by.may("partnerships.change", at) and found.missing_count > 0,
        "may_reopen": by.may(actions.REOPEN, at) and timedelta(0) <= since < actions.REOPEN_FOR,
        "trail": [
            (_("Meetings"), reverse("meetings", args=[space])),
            (at.title, reverse("meeting", args=[space, at.pk])),
            (_("Shared product"), None),
        ],
    }
    return render(request, "plans/product.html", context)


def product_file(request: HttpRequest, space: str, number: int, kind: str) -> HttpResponse:
    """GET: the shared product as Word, PDF or workbook; the next date as a calendar file."""
    by = actor(request)
    found = queries.product(by, number)
    if kind == "ics":
        return sent(documents.next_date(found))
    return sent(documents.product_file(found, kind, authors=by.may("partnerships.inner", found.meeting)))


def freeze(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: close the meeting from its page, when the console is gone."""
    by = actor(request)
    if actions.freeze(by=by, meeting=meetings.meeting(by, number), keep=kept(request)) is None:
        messages.success(request, _("The practice is over. Nothing of it went into the record."))
        return redirect("meeting", space, number)
    messages.success(request, _("The meeting is closed. This is what it agreed on."))
    return redirect("meeting-product", space, number)


def reopen(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: take the closing back, with a reason."""
    by = actor(request)
    try:
        actions.reopen(by=by, meeting=meetings.meeting(by, number), reason=request.POST.get("reason", ""))
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)
        return redirect("meeting-product", space, number)
    messages.success(request, _("The meeting is open again. What was written down is put away; close it anew."))
    return redirect("meeting", space, number)
