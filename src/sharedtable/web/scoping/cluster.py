"""The sector-cluster map: as a picture and as a table, every name editable with the keyboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.partnerships import cluster_documents, cluster_picture, doors, seat_queries, team_queries, teamwork
from sharedtable.partnerships.models import Partnership
from sharedtable.web.partnerships.forms import Choices, number, offered, titles
from sharedtable.web.partnerships.frame import attempt, done, form_page, opened, page
from sharedtable.web.scoping.forms import MapEntryForm

MAP, CHANGE = "partnership-map", doors.CHANGE


def _form(request: HttpRequest, by: Actor, one: Partnership, **initial: Any) -> MapEntryForm:
    choices: Choices = offered(seat_queries.organisations_to_choose(by)) if by.may("people.see", one) else []
    return MapEntryForm(request.POST or None, places=titles("map_places"), organisations=choices, initial=initial)


def _organisation(by: Actor, said: dict[str, Any]) -> dict[str, Any]:
    """What the form says, with the organization itself in place of its number."""
    chosen = number(said.pop("organisation", ""))
    return {**said, "organisation": doors.organisation(by, chosen) if chosen else None}


def cluster_map(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the map. POST: put a name on it."""
    by, one = opened(request, partnership, CHANGE if request.method == "POST" else doors.SEE)
    form = _form(request, by, one, place=request.GET.get("place", ""))
    if request.method == "POST" and attempt(
        form, lambda said: teamwork.place_on_map(by=by, partnership=one, **_organisation(by, said))
    ):
        return done(request, _("It stands on the map."), MAP, space, one.slug)
    places = team_queries.cluster_map(by, one)
    context = {
        "places": places,
        "picture": cluster_picture.picture(places),
        "form": form,
        "scope": one.scopes.first(),
        "kinds": (("docx", "Word"), ("pptx", "PowerPoint"), ("pdf", "PDF")),
    }
    return page(request, "map", one, MAP, context, 422 if form.errors else 200, area="scoping")


def change(request: HttpRequest, space: str, partnership: str, entry: int) -> HttpResponse:
    """GET, POST: another place, name or note for what stands on the map."""
    by, one = opened(request, partnership, CHANGE)
    found = doors.map_entry(by, one, entry)
    given = {"place": found.place, "name": found.name, "organisation": found.organisation_id or "", "note": found.note}
    form = _form(request, by, one, **given)
    if request.method == "POST" and attempt(
        form, lambda said: teamwork.change_on_map(by=by, partnership=one, pk=entry, **_organisation(by, said))
    ):
        return done(request, _("Kept."), MAP, space, one.slug)
    title = _("Change “%(name)s” on the map") % {"name": found.name}
    return form_page(request, one, MAP, form, title=title, submit=_("Keep"))


def take_off(request: HttpRequest, space: str, partnership: str, entry: int) -> HttpResponse:
    """POST: take a name off the map."""
    by, one = opened(request, partnership, CHANGE)
    teamwork.take_off_map(by=by, partnership=one, pk=entry)
    return done(request, _("Taken off the map."), MAP, space, one.slug)


def download(request: HttpRequest, space: str, partnership: str, kind: str) -> HttpResponse:
    """GET: the map as a Word, PowerPoint or PDF file."""
    by, one = opened(request, partnership)
    made = cluster_documents.map_file(one, team_queries.cluster_map(by, one), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})
