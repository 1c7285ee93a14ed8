"""Where somebody works: a change of employer, another membership, a title, an end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.partnerships.person_seats import seats_of_person
from sharedtable.people import list_queries, person_queries, queries
from sharedtable.people.actions import memberships as actions
from sharedtable.people.values import day, today, truth
from sharedtable.people.values import number as whole
from sharedtable.web.actor import actor
from sharedtable.web.people.forms import MembershipForm, show_refusal
from sharedtable.web.people.frame import frame
from sharedtable.web.people.person import address


def move(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the guided form. POST: the old membership ends, the new one begins."""
    by = actor(request)

    def act(form: MembershipForm, chosen: int, first: date | None) -> Any:
        leaves = request.POST.get("leaves", "")
        return actions.move(
            by=by, person_id=number, organisation_id=chosen, title=form.cleaned_data["title"],
            started_on=first or today(), leaves=whole(leaves),
            can_commit=truth(form.cleaned_data["can_commit"]),
        )  # fmt: skip

    return _joining(request, space, number, act, is_move=True)


def join(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: a form. POST: the person belongs to one more organisation."""
    by = actor(request)

    def act(form: MembershipForm, chosen: int, first: date | None) -> Any:
        return actions.join(
            by=by, person_id=number, organisation_id=chosen, title=form.cleaned_data["title"], started_on=first,
            can_commit=truth(form.cleaned_data["can_commit"]), is_main=request.POST.get("is_main") == "1",
        )  # fmt: skip

    return _joining(request, space, number, act, is_move=False)


def correct(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: title, first day and authority of one membership. POST: the corrections."""
    by = actor(request)
    found = actions.membership(by, number)
    said = {True: "yes", False: "no", None: ""}[found.can_commit]
    initial = {"title": found.title, "started_on": found.started_on, "can_commit": said}
    form = MembershipForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_membership(
                by=by, pk=number, title=form.cleaned_data["title"], started_on=form.cleaned_data["started_on"],
                can_commit=truth(form.cleaned_data["can_commit"]),
            )  # fmt: skip
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Your corrections are kept."))
            return HttpResponseRedirect(address(space, found.person_id))
    context = frame(request, space, form=form, membership=found, person=found.person, today=today())
    return render(request, "people/membership.html", context, status=422 if form.errors else 200)


def end(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: a membership ends on a day."""
    ended = actions.leave(by=actor(request), pk=number, ended_on=day(request.POST.get("ended_on", "")) or today())
    messages.success(request, _("That has ended. It stays in the history."))
    return HttpResponseRedirect(address(space, ended.person_id))


def _joining(request: HttpRequest, space: str, number: int, act: Any, *, is_move: bool) -> HttpResponse:
    by = actor(request)
    found = queries.person(by, number, "people.change")
    form = MembershipForm(request.POST or None, initial={"started_on": today() if is_move else None})
    text = request.POST.get("place_q", request.GET.get("place_q", ""))
    chosen = request.POST.get("organisation", request.GET.get("organisation", ""))
    if request.method == "POST" and "find" not in request.POST and form.is_valid():
        try:
            if not whole(chosen):
                raise Refused(_("Find the organization first, and choose it."))
            act(form, whole(chosen), form.cleaned_data["started_on"])
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, _("%(name)s: the new place is kept, the old one stays in the history.") % {"name": found.name}
            )
            return HttpResponseRedirect(address(space, number))
    place = queries.organisation(by, whole(chosen)) if whole(chosen) else None
    context = frame(
        request, space, person=found, form=form, is_move=is_move, place_q=text, place=place,
        places=list_queries.offered(by, text), current=person_queries.current_of(found),
        seats=seats_of_person(by, number), leaves=request.POST.get("leaves", ""),
    )  # fmt: skip
    return render(request, "people/move.html", context, status=422 if form.errors else 200)
