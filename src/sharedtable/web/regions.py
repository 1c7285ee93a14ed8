"""Region: find counties by name, on a map or in a list; see what they hold together; keep them under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.studies import actions, map_view
from sharedtable.studies import region_queries as queries
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import Region, default_region
from sharedtable.web.actor import actor
from sharedtable.web.addresses import about, region_address
from sharedtable.web.map import country_map, state_map
from sharedtable.web.texts import plain_text, read_text

COUNTRY = "US"
LONGEST = {"areas": 24_000, "name": 120, "q": 120, "state": 20}


def region(request: HttpRequest) -> HttpResponse:
    """GET: the page. `areas` may come repeated, as the list sends it; then the short address follows."""
    given = _given(request.GET)
    if len(request.GET.getlist("areas")) > 1 or "whole" in request.GET:
        return HttpResponseRedirect(region_address(given))
    problem, found = None, None
    try:
        found = queries.region_from([given["areas"]], given["name"])
    except Refused as refusal:
        problem, given = str(refusal), {**given, "areas": ""}
    context = {**_page(given, found, actor(request)), "problem": problem, "trail": None}
    return render(request, "regions/region.html", context, status=422 if problem else 200)


def _given(query: QueryDict) -> dict[str, str]:
    listed = query.getlist("areas")
    given = {key: query.get(key, "").strip() for key in ("name", "state", "q")}
    given["areas"] = ",".join(part for text in listed for part in text.replace(" ", ",").split(",") if part)
    for key, value in given.items():
        if len(value) > LONGEST[key] or "\0" in value:
            raise Refused(_("“%(field)s” is too long, or holds signs that cannot be read.") % {"field": key})
    whole = query.get("whole", "")
    if whole and len(whole) < LONGEST["areas"]:
        codes = [code for code in whole.split(",") if code]
        known = queries.region_from(codes)
        if known and set(known.counties) == set(given["areas"].split(",")):
            given["areas"] = ",".join(known.areas)  # nothing was changed in the list: whole states stay whole
    return given


def _page(given: Mapping[str, str], found: Region | None, by: Actor) -> dict[str, Any]:
    asked = given["state"].upper()
    state = _state(asked, found)
    totals = queries.totals()
    counties = found.counties if found else ()
    base = {"areas": ",".join(found.areas) if found else "", "name": given["name"], "state": asked}
    draws = bool(state) and map_view.has_map(state)
    shown_state = next((row for row in queries.states() if state and queries.state_code(row[0]) == state), None)
    return {
        "region": found,
        "given": given,
        "base": base,
        "summary": queries.summary(found) if found else None,
        "groups": queries.groups(state, found),
        "state": shown_state,
        "states": queries.states(),
        "year": totals.year,
        "licence": queries.MAP_LICENCE,
        "map": state_map(state, totals.year or queries.NO_YEAR, counties, totals.jobs, base) if draws else None,
        "country": None if state else country_map(counties, base),
        "whole_country": region_address({**base, "state": COUNTRY}),
        "whole_state": region_address({**base, "areas": f"{state}000", "name": "", "state": ""}) if state else None,
        "whole": ",".join(found.areas) if found and found.areas != found.counties else "",
        "onward": about("industries", found.areas, found.name) if found else None,
        "found": _search(given, by),
        "saved": queries.saved(by),
        "example": default_region(),
        "example_address": _example_address(),
        "text": found.to_text() if found else "",
        "text_address": region_address(base, "region-text") if found else None,
    }  # fmt: skip


def _example_address() -> str:
    region = default_region()
    return region_address({"areas": ",".join(region.areas), "name": region.name})


def _state(asked: str, found: Region | None) -> str:
    """Which state to draw: the one asked for, else where most of the region lies; '' for the whole country."""
    if asked == COUNTRY:
        return ""
    return queries.state_code(asked) or (queries.home_state(found) if found else None) or ""


def _search(given: Mapping[str, str], by: Actor) -> dict[str, Any] | None:
    if not given["q"]:
        return None
    try:
        candidates = queries.search(given["q"], by)
    except Missing as missing:
        return {"problem": str(missing), "candidates": []}
    return {
        "problem": None,
        "candidates": [(one, region_address({"areas": ",".join(one.areas), "name": one.title})) for one in candidates],
    }


def save(request: HttpRequest) -> HttpResponse:
    """POST: keep a region under its name, as a new version when the name is taken."""
    codes, name, note = request.POST.get("areas", ""), request.POST.get("name", ""), request.POST.get("note", "")
    found = queries.region_from([codes], name)
    if found is None:
        raise Refused(_("Choose at least one county first."))
    kept = actions.save_region(found, by=actor(request), note=note)
    return _kept(request, kept)


def _kept(request: HttpRequest, kept: Definition) -> HttpResponse:
    said = _("Kept as “%(name)s”, version %(version)d.") % {"name": kept.name, "version": kept.version}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("region-saved", args=[kept.slug]))


def read(request: HttpRequest) -> HttpResponse:
    """POST: keep a region from its plain-text form, pasted or as a file; workforce areas come this way."""
    found = queries.parse_region(read_text(request))
    note = found.note or _("Brought in as text.")
    kept = actions.save_region(found, by=actor(request), note=note)
    return _kept(request, kept)


def saved(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: a kept region with all its versions."""
    kept = queries.versions(actor(request), queries.Kind.REGION, slug)
    regions = [queries.as_region(item) for item in kept]
    rows = [
        (item, region, region_address({"areas": ",".join(region.areas), "name": region.name}), changes)
        for item, region, changes in zip(kept, regions, queries.changes(regions), strict=True)
    ]
    context = {
        "kept": rows[0][0],
        "summary": queries.summary(regions[0]),
        "rows": rows,
        "address": rows[0][2],
        "onward": about("industries", regions[0].areas, regions[0].name),
        "trail": [(_("Region"), reverse("region")), (rows[0][0].name, None)],
    }
    return render(request, "regions/saved.html", context)


def text(request: HttpRequest) -> HttpResponse:
    """GET: the plain-text form of the region in the address, as a file."""
    given = _given(request.GET)
    found = queries.region_from([given["areas"]], given["name"])
    if found is None:
        raise Missing(_("Choose at least one county first."))
    return plain_text(found.to_text(), found.name)


def saved_text(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """GET: the plain-text form of one kept version, as a file."""
    for item in queries.versions(actor(request), queries.Kind.REGION, slug):
        if item.version == version:
            return plain_text(item.text, f"{item.slug}-{version}")
    raise Missing(_("There is no such version of this region."))
