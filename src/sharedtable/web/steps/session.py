"""The work session of the support team, on one screen: blocks with a clock, each with the form of the thing itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.partnerships import doors, seat_queries
from sharedtable.partnerships.models import Partnership
from sharedtable.steps import session as sessions_of
from sharedtable.web.partnerships.forms import chairs, number, offered, titles
from sharedtable.web.partnerships.frame import attempt, opened, page
from sharedtable.web.steps import forms as asked

HERE = "work-sessions"


def sessions(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: what a session is, those that were held, and the button that begins one."""
    by, one = opened(request, partnership)
    context = {"found": sessions_of.sessions(by, one), "may_begin": by.may("meetings.change", one)}
    return page(request, "sessions", one, HERE, context, area="steps")


def begin(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: a session that begins now."""
    by, one = opened(request, partnership)
    made = sessions_of.begin(by=by, partnership=one, place=request.POST.get("place", ""))
    return redirect("work-session", space, one.slug, made.pk)


def now(request: HttpRequest, space: str, partnership: str, meeting: int) -> HttpResponse:
    """POST: a planned session begins at this minute."""
    by, one = opened(request, partnership)
    sessions_of.begin_now(by=by, meeting=sessions_of.of_number(by, one, meeting))
    return redirect("work-session", space, one.slug, meeting)


def session(request: HttpRequest, space: str, partnership: str, meeting: int) -> HttpResponse:
    """GET: the session; `block` opens one block."""
    by, one = opened(request, partnership)
    found = sessions_of.page(by, one, meeting, request.GET.get("block", ""))
    form = _form(by, one, found, None) if found.open.writes and found.may_write else None
    return page(request, "session", one, HERE, {"found": found, "form": form}, area="steps")


def write(request: HttpRequest, space: str, partnership: str, meeting: int) -> HttpResponse:
    """POST: what a block writes into the workspace; a problem shows the block again as it was typed."""
    by, one = opened(request, partnership, "partnerships.change")
    found = sessions_of.page(by, one, meeting, request.POST.get("block", ""))
    if not found.open.writes:
        raise Refused(_("This block writes nothing. Choose another one."))
    form = _form(by, one, found, request.POST)
    if attempt(form, lambda said: ACTS[found.open.writes](by, one, said)):
        messages.success(request, _("It stands in the workspace."))
        return redirect(f"{request.path.removesuffix('write')}?block={found.open.id}")
    return page(request, "session", one, HERE, {"found": found, "form": form}, status=422, area="steps")


def result(request: HttpRequest, space: str, partnership: str, meeting: int) -> HttpResponse:
    """GET: what the session wrote, to read out and to print."""
    by, one = opened(request, partnership)
    return page(request, "session_result", one, HERE, {"found": sessions_of.page(by, one, meeting)}, area="steps")


def _form(by: Actor, one: Partnership, found: sessions_of.SessionPage, given: Any) -> Any:
    team = [chair for chair in found.tables.outer if chair.seat.role != "early_voice"]
    kind = found.open.writes
    if kind == "member":
        people = seat_queries.people_to_choose(by, kind="partners") if by.may("people.see", one) else []
        taken = {chair.seat.person_id for chair in found.tables.outer}
        return asked.MemberForm(given, people=offered([p for p in people if p.pk not in taken]))
    if kind == "gap":
        day = timezone.localdate() + timedelta(days=14)
        return asked.GapForm(given, seats=chairs(team), initial={"due_on": day})
    return asked.RoleForm(given, seats=chairs(team), roles=titles("roles", sessions_of.roles()))


def _member(by: Actor, one: Partnership, said: dict[str, Any]) -> None:
    pk = number(said.pop("person"))
    sessions_of.add_member(by=by, partnership=one, person=doors.person(by, pk) if pk else None, **said)


def _gap(by: Actor, one: Partnership, said: dict[str, Any]) -> None:
    pk = number(said.pop("seat"))
    sessions_of.name_gap(by=by, partnership=one, seat=doors.seat(by, one, pk) if pk else None, **said)


def _role(by: Actor, one: Partnership, said: dict[str, Any]) -> None:
    seat = doors.seat(by, one, number(said["seat"]) or 0)
    sessions_of.set_role(by=by, partnership=one, seat=seat, role=said["role"])


ACTS = {"member": _member, "gap": _gap, "role": _role}
