"""The record of a closed meeting: its shared product as page and files; closing from here; opening again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.meetings import queries as meetings
from sharedtable.meetings.models import Meeting
from sharedtable.method import runs
from sharedtable.plans import actions, documents, nexting, queries
from sharedtable.plans.models import Closing
from sharedtable.web.actor import actor
from sharedtable.web.plans.live import came_of, kept, said, sent


def product(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: what the meeting agreed on, with the files to take away."""
    by = actor(request)
    closing = queries.closed(by, number)
    if not runs.run(closing.meeting.run).champions:
        return redirect(came_of(closing.meeting))
    found = queries.product(by, number)
    at = found.meeting
    context = {
        "space": space,
        "product": found,
        "meeting": at,
        "next": next_part(by, found.closing),
        "attendance": documents.attendance(found),
        "shows_authors": by.may("partnerships.inner", at),
        "may_invite": by.may("partnerships.change", at) and found.missing_count > 0,
        "may_reopen": may_reopen(by, at),
        "trail": [
            (_("Meetings"), reverse("meetings", args=[space])),
            (at.title, reverse("meeting", args=[space, at.pk])),
            (_("Shared product"), None),
        ],
    }
    return render(request, "plans/product.html", context)


def may_reopen(by: Actor, meeting: Meeting) -> bool:
    """Whether a page offers to open the meeting again."""
    now = timezone.now()
    since = now - (meeting.frozen_at or now)
    return bool(meeting.frozen_at) and by.may(actions.REOPEN, meeting) and timedelta(0) <= since < actions.REOPEN_FOR


def next_part(by: Actor, closing: Closing | None) -> dict[str, object] | None:
    """What a page says about the next date: when, the meeting that is planned for it, or whether it may be planned."""
    at = queries.next_at(closing) if closing else None
    if closing is None or at is None:
        return None
    planned = closing.next_meeting
    return {
        "says": documents.when(at),
        "number": closing.meeting_id,
        "meeting": planned,
        "moved": planned is not None and planned.starts_at != at,
        "may_plan": planned is None and by.may("meetings.change", closing),
    }


def plan_next(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: the next date becomes a planned meeting. Once more is harmless: it leads to the same meeting."""
    by = actor(request)
    try:
        made = nexting.plan_next(by=by, closing=queries.closed(by, number, "meetings.change"))
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)
        return redirect("meeting", space, number)
    messages.success(request, _("The next meeting is planned. Look at its run of show, then send the links."))
    return redirect("meeting", space, made.pk)


def product_file(request: HttpRequest, space: str, number: int, kind: str) -> HttpResponse:
    """GET: the shared product as Word, PDF or workbook; the next date as a calendar file."""
    by = actor(request)
    if kind == "ics":
        return sent(documents.next_date(queries.closed(by, number)))
    found = queries.product(by, number)
    return sent(documents.product_file(found, kind, authors=by.may("partnerships.inner", found.meeting)))


def freeze(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: close the meeting from its page, when the console is gone."""
    by = actor(request)
    meeting = meetings.meeting(by, number)
    if actions.freeze(by=by, meeting=meeting, keep=kept(request)) is None:
        messages.success(request, _("The practice is over. Nothing of it went into the record."))
        return redirect("meeting", space, number)
    messages.success(request, _("The meeting is closed. This is what came of it."))
    return redirect(came_of(meeting))


def reopen(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: take the closing back, with a reason."""
    by = actor(request)
    meeting = meetings.meeting(by, number)
    try:
        actions.reopen(by=by, meeting=meeting, reason=request.POST.get("reason", ""))
    except Missing:
        raise
    except Refused as problem:
        said(request, problem)
        return redirect(came_of(meeting))
    messages.success(request, _("The meeting is open again. What was written down is put away; close it anew."))
    return redirect("meeting", space, number)
