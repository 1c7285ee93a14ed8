"""Setting up the first team: by the person at this machine, or with the code that the console shows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts import limits
from sharedtable.accounts.actions import FirstTeam, set_up_team
from sharedtable.accounts.actors import VISITOR, Actor
from sharedtable.accounts.queries import has_team
from sharedtable.errors import Missing
from sharedtable.example.install import SLUG, examples, install_example, laid, remove_example
from sharedtable.method.articles import article
from sharedtable.studies.region_queries import states
from sharedtable.web.accounts.forms import SetUp
from sharedtable.web.accounts.signing_in import let_in
from sharedtable.web.actor import actor
from sharedtable.web.local import client_address, comes_from_own_page, is_operator


def set_up(request: HttpRequest) -> HttpResponse:
    """GET: the four questions. POST: make the team, and sign its first user in."""
    if has_team():
        raise Missing(_("This installation is set up already. Sign in."))
    # Whoever could make this machine's browser send the form from another site would otherwise be its administrator.
    is_here = is_operator(request) and (request.method != "POST" or comes_from_own_page(request))
    names = [(short, name) for short, name, _has_map in states()]
    form = SetUp(request.POST or None, states=names, needs_code=not is_here)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        first = FirstTeam(
            given["team"], given["state"], given["name"], given["email"], get_language() or "en", given["time_zone"]
        )
        if not is_here and not limits.take(limits.WRONG_SETUP, client_address(request)):
            form.add_error("code", _("These were too many wrong codes. Wait a quarter of an hour, then try again."))
        else:
            try:
                by = Actor("operator", is_operator=True) if is_here else VISITOR
                _space, user = set_up_team(by=by, first=first, token=given.get("code", "").strip())
                return let_in(request, user, "set_up")
            except Missing:
                form.add_error(
                    "code" if "code" in form.fields else None,
                    _("That is not the code. It works for 30 minutes; start the program again for a new one."),
                )
    return render(
        request, "accounts/set_up.html", {"form": form, "is_here": is_here}, status=422 if form.errors else 200
    )


def open_example(request: HttpRequest) -> HttpResponse:
    """POST: lay a made-up team (`example`, or the first), if it is not there yet, and sign in as its convener."""
    return let_in(request, install_example(by=actor(request), slug=request.POST.get("example") or SLUG), "example")


def choose_example(request: HttpRequest) -> HttpResponse:
    """GET: every made-up team, with the story that it follows, and which are laid already."""
    here, language = laid(), get_language() or "en"
    found = [
        (one, article(f"stories/{one.story}").title(language) if one.story else "", one.slug in here)
        for one in examples().values()
    ]
    return render(request, "accounts/examples.html", {"examples": found, "trail": [(_("Choose an example"), None)]})


def drop_example(request: HttpRequest) -> HttpResponse:
    """POST: take a made-up team away, so that it can be laid afresh."""
    remove_example(by=actor(request), slug=request.POST.get("example", ""))
    messages.success(request, _("The example is taken away. You can open it afresh."))
    return HttpResponseRedirect(reverse("examples"))
