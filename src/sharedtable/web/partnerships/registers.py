"""Programs that call on companies, and whom to ask about a company."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import doors, seat_queries, team_queries, teamwork
from sharedtable.web.actor import actor
from sharedtable.web.partnerships import forms as asked
from sharedtable.web.partnerships.frame import attempt, done

CHANGE = "partnerships.change"


def _page(
    request: HttpRequest, template: str, title: str, by: Actor, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    space = by.space.slug if by.space else ""
    frame = {
        "space": space,
        "trail": [(by.space.name if by.space else "", reverse("space", args=[space])), (title, None)],
        "may_change": by.may_everywhere(CHANGE),
        **context,
    }
    return render(request, f"partnerships/{template}.html", frame, status=status)


def programs(request: HttpRequest, space: str) -> HttpResponse:
    """GET: every program that calls on companies, in three groups."""
    by = actor(request)
    context = {"groups": team_queries.programs(by), "may_see_rings": by.may_in_space("partnerships.see")}
    return _page(request, "programs", _("Programs"), by, context)


def program_add(request: HttpRequest, space: str) -> HttpResponse:
    """GET, POST: register a program."""
    by = actor(request)
    form = asked.ProgramForm(
        request.POST or None,
        organisations=asked.offered(seat_queries.organisations_to_choose(by, kind="partners")),
        people=asked.offered(seat_queries.people_to_choose(by, kind="partners")),
        initial={"group": request.GET.get("group", "")},
    )

    def act(said: dict[str, Any]) -> None:
        owner = asked.number(said.pop("owner"))
        place = doors.organisation(by, int(said.pop("organisation")))
        teamwork.register_program(by=by, organisation=place, owner=doors.person(by, owner) if owner else None, **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("The program is registered."), "programs", space)
    context = {"form": form, "title": _("Register a program"), "back": reverse("programs", args=[space])}
    return _page(request, "form", _("Programs"), by, {**context, "submit": _("Register")}, 422 if form.errors else 200)


def program_end(request: HttpRequest, space: str, program: int) -> HttpResponse:
    """POST: the program does not call on companies any more."""
    teamwork.end_program(by=actor(request), pk=program)
    return done(request, _("It has ended, and stays on record."), "programs", space)


def contacts(request: HttpRequest, space: str) -> HttpResponse:
    """GET: whom to ask about which company."""
    by = actor(request)
    return _page(request, "contacts", _("Whom to ask"), by, {"contacts": team_queries.contacts(by)})


def contact_set(request: HttpRequest, space: str) -> HttpResponse:
    """GET, POST: say whom to ask about a company."""
    by, words = actor(request), request.GET.get("q", "")
    people = asked.offered(seat_queries.people_to_choose(by, kind="partners"))
    form = asked.ContactForm(
        request.POST or None,
        organisations=asked.offered(seat_queries.organisations_to_choose(by, words, "business")),
        people=people,
        initial={"organisation": request.GET.get("company", "")},
    )

    def act(said: dict[str, Any]) -> None:
        cover = asked.number(said["cover"])
        teamwork.set_contact(
            by=by,
            organisation=doors.organisation(by, int(said["organisation"])),
            lead=doors.person(by, int(said["lead"])),
            cover=doors.person(by, cover) if cover else None,
            topic=said["topic"],
        )

    if request.method == "POST" and attempt(form, act):
        return done(request, _("Kept."), "company-contacts", space)
    context = {
        "form": form,
        "title": _("Whom to ask about a company"),
        "back": reverse("company-contacts", args=[space]),
        "searches": True,
        "finds": _("Find a company"),
        "words": words,
        "submit": _("Keep"),
    }
    return _page(request, "form", _("Whom to ask"), by, context, 422 if form.errors else 200)
