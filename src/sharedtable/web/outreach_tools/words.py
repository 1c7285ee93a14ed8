"""A team says an entry of the method in its own words, or adds one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.method import lists
from sharedtable.web.actor import actor
from sharedtable.web.outreach_tools.forms import WordsForm
from sharedtable.web.outreach_tools.frame import page, tongue
from sharedtable.web.partnerships.frame import attempt, done
from sharedtable.worksheets import wording

# On which page each list stands.
PAGES = {"responsibilities": "roles-matrix", "talking_points": "talking-points", "words_to_avoid": "talking-points"}


def _home(name: str) -> str:
    if name not in PAGES:
        raise Missing(_("That list cannot be changed here."))
    return PAGES[name]


def reword(request: HttpRequest, space: str, words_list: str, words_item: str) -> HttpResponse:
    """GET, POST: one entry in the team's own words; an empty text takes the shipped one again."""
    by, language, home = actor(request), tongue(), _home(words_list)
    found = wording.entry(by, words_list, words_item, language)
    form = WordsForm(request.POST or None, initial={"title": found.title, "text": found.text})

    def act(said: dict[str, Any]) -> None:
        wording.reword(by=by, name=words_list, key=words_item, language=language, **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("Kept. This is how your team says it."), home, space)
    context = {"form": form, "found": found, "back": reverse(home, args=[space]), "heading": found.title}
    return page(request, "words_form", _("Your own words"), context, 422 if form.errors else 200)


def add(request: HttpRequest, space: str, words_list: str) -> HttpResponse:
    """GET, POST: an entry that the team adds."""
    by, home = actor(request), _home(words_list)
    if words_list not in wording.ADDED_TO:
        raise Missing(_("Nothing can be added to that list."))
    group = request.GET.get("group", "")
    group = group if group in lists.items("pitch_audiences") and words_list == "talking_points" else ""
    form = WordsForm(request.POST or None)

    def act(said: dict[str, Any]) -> None:
        wording.add(by=by, name=words_list, group=group, language=tongue(), **said)

    if request.method == "POST" and attempt(form, act):
        return done(request, _("Added."), home, space)
    context = {"form": form, "found": None, "back": reverse(home, args=[space]), "heading": _("Add one of your own")}
    return page(request, "words_form", _("Your own words"), context, 422 if form.errors else 200)
