"""The team: which spaces there are, who works in one, what each role can see, the settings."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts import queries
from sharedtable.accounts.actions import NewGrant, change_space, give_role, revoke_grant
from sharedtable.accounts.actors import actor_of_user
from sharedtable.accounts.models import User
from sharedtable.errors import Missing, Refused
from sharedtable.partnerships.choices import choices
from sharedtable.people.agencies import agencies
from sharedtable.web.accounts.forms import Give, SpaceSettings
from sharedtable.web.accounts.role_words import link_purposes, roles_in_words
from sharedtable.web.actor import actor
from sharedtable.web.shell import home_of


def spaces(request: HttpRequest) -> HttpResponse:
    """GET: the spaces of the user; straight on when there is one. POST: go into one, and remember it."""
    user = cast(User, request.user)
    if request.method == "POST":
        chosen = actor_of_user(user, request.POST.get("space", ""))
        if chosen.space is None:
            raise Missing(_("That is not here, or not for you."))
        request.session["space"] = chosen.space_id
        return HttpResponseRedirect(home_of(chosen.space.slug))
    found = actor_of_user(user).spaces
    if len(found) == 1:
        return HttpResponseRedirect(home_of(found[0][0]))
    return render(request, "accounts/spaces.html", {"found": found})


def team(request: HttpRequest, space: str) -> HttpResponse:
    """GET: who works here, as what, since when and until when."""
    by = actor(request)
    names = {one.pk: one.name for one in choices(by)} if by.may_everywhere("partnerships.see") else {}
    agency_names = {one.pk: one.name for one in agencies(by)} if by.may_everywhere("people.see") else {}
    members = [
        (one, names.get(one.partnership_id, ""), agency_names.get(one.agency_id, "")) for one in queries.team(by)
    ]
    context = {"space": by.space, "members": members, "may_manage": by.may_everywhere("space.manage")}
    return render(request, "accounts/team.html", context)


def give(request: HttpRequest, space: str) -> HttpResponse:
    """GET: whom to add, and as what. POST: add them and queue their invitation."""
    by = actor(request)
    by.must_everywhere("space.manage")
    form = Give(request.POST or None, agencies=agencies(by), partnerships=choices(by))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = NewGrant(
            given["email"],
            given["name"],
            given["role"],
            given["ends_on"],
            form.thing("partnership"),
            form.thing("agency"),
        )
        try:
            made = give_role(by=by, new=new)
            messages.success(request, _("%(name)s is on the team. The invitation is on its way.") % {"name": made.user})
            return HttpResponseRedirect(reverse("team", args=[space]))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "space": by.space}
    return render(request, "accounts/give.html", context, status=422 if form.errors else 200)


def revoke(request: HttpRequest, space: str, grant: int) -> HttpResponse:
    """GET: are you sure. POST: end the role, at once."""
    by = actor(request)
    found = queries.grant(by, grant)
    if request.method == "POST":
        revoke_grant(by=by, grant=found)
        messages.success(request, _("The role was ended."))
        # Who ended a role of their own may not see the page any more.
        is_still_in = actor_of_user(cast(User, request.user), space).may("space.see")
        return HttpResponseRedirect(reverse("team", args=[space]) if is_still_in else reverse("spaces"))
    return render(
        request,
        "accounts/revoke.html",
        {"grant": found, "space": by.space, "is_mine": found.user_id == request.user.pk},
    )


def settings_page(request: HttpRequest, space: str) -> HttpResponse:
    """GET: name, reply address, language and records notice of the team. POST: change them."""
    by = actor(request)
    by.must_everywhere("space.manage")
    form = SpaceSettings(
        request.POST or None, initial={**vars(by.space), "time_zone": by.space.time_zone or "UTC"} if by.space else {}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_space(by=by, **form.cleaned_data)
            messages.success(request, _("The settings were saved."))
            return HttpResponseRedirect(reverse("team", args=[space]))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(
        request, "accounts/settings.html", {"form": form, "space": by.space}, status=422 if form.errors else 200
    )


def roles(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what each role can see and do, and what a personal link opens, from the tables that decide it."""
    by = actor(request)
    context = {"space": by.space, "roles": roles_in_words(by.every_role), "purposes": link_purposes()}
    return render(request, "accounts/roles.html", context)
