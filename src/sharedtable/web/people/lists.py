"""The lists of people and organisations: search, filters, kept lists, many changed at once, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.ledger.bilingual import CHOICES
from sharedtable.method.partner_types import partner_types
from sharedtable.people import filters, list_queries
from sharedtable.people.actions import lists as actions
from sharedtable.people.list_models import Segment
from sharedtable.people.models import Organisation
from sharedtable.people.values import county_title, naics_title, number
from sharedtable.web.actor import actor
from sharedtable.web.people import files
from sharedtable.web.people.frame import frame, tongue

PEOPLE, ORGANISATIONS = Segment.Thing.PEOPLE, Segment.Thing.ORGANISATIONS
KEYS = {PEOPLE: filters.PEOPLE_KEYS, ORGANISATIONS: filters.ORGANISATION_KEYS}
PAGES = {PEOPLE: "people", ORGANISATIONS: "organisations"}


def people(request: HttpRequest, space: str) -> HttpResponse:
    """GET: one page of the list of people."""
    by, given = actor(request), asked(request.GET, PEOPLE)
    found = list_queries.people_page(by, given, request.GET.get("page", "1"))
    return render(request, "people/people.html", _context(request, space, by, found, given, PEOPLE))


def organisations(request: HttpRequest, space: str) -> HttpResponse:
    """GET: one page of the list of organisations."""
    by, given = actor(request), asked(request.GET, ORGANISATIONS)
    found = list_queries.organisations_page(by, given, request.GET.get("page", "1"))
    return render(request, "people/organisations.html", _context(request, space, by, found, given, ORGANISATIONS))


def people_download(request: HttpRequest, space: str, kind: str) -> HttpResponse:
    """GET: the people of the filter as a workbook or CSV."""
    by, given = actor(request), asked(request.GET, PEOPLE)
    return files.answer(files.people_sheet(list_queries.people_for_file(by, given)), kind, _("People"), "people")


def organisations_download(request: HttpRequest, space: str, kind: str) -> HttpResponse:
    """GET: the organisations of the filter as a workbook or CSV."""
    by, given = actor(request), asked(request.GET, ORGANISATIONS)
    rows = list_queries.organisations_for_file(by, given)
    return files.answer(files.organisations_sheet(by, rows), kind, _("Organizations"), "organizations")


def bulk(request: HttpRequest, space: str) -> HttpResponse:
    """POST: first the review of what would change, then, with `confirm`, the change."""
    by, thing = actor(request), request.POST.get("thing", "")
    if thing not in KEYS:
        raise Missing(_("There is no such list."))
    given = asked(request.POST, Segment.Thing(thing))
    ids = None if request.POST.get("all") == "1" else _numbers(request.POST.getlist("id"))
    change, value = request.POST.get("change", ""), request.POST.get(f"value_{request.POST.get('change', '')}", "")
    if request.POST.get("confirm") == "1":
        count = actions.change_many(by=by, thing=thing, given=given, ids=ids, change=change, value=value)
        said = ngettext("%(n)s entry changed.", "%(n)s entries changed.", count) % {"n": f"{count:,}"}
        messages.success(request, said)
        return HttpResponseRedirect(list_address(space, thing, given))
    review = list_queries.review(by, thing, given, ids)
    context = {
        "thing": thing, "given": given, "ids": ids, "change": change, "value": value, "review": review,
        "value_name": _value_name(by, thing, change, value), "back": list_address(space, thing, given),
    }  # fmt: skip
    return render(request, "people/review.html", frame(request, space, **context))


def save_segment(request: HttpRequest, space: str) -> HttpResponse:
    """POST: keep the filter under a name."""
    thing = request.POST.get("thing", "")
    given = asked(request.POST, Segment.Thing(thing)) if thing in KEYS else {}
    segment = actions.save_segment(
        by=actor(request), thing=thing, name=request.POST.get("name", ""), given=given,
        for_team=request.POST.get("for_team") == "1",
    )  # fmt: skip
    messages.success(request, _("The list “%(name)s” is kept.") % {"name": segment.name})
    return HttpResponseRedirect(list_address(space, thing, {"segment": str(segment.pk)}))


def drop_segment(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: forget a kept list."""
    actions.drop_segment(by=actor(request), pk=number)
    messages.success(request, _("The list is forgotten. Whoever was on it is still in the record."))
    thing = request.POST.get("thing", "")
    return HttpResponseRedirect(list_address(space, thing if thing in KEYS else PEOPLE, {}))


def asked(query: Any, thing: Segment.Thing) -> dict[str, str]:
    """The filter that an address or a form carries."""
    return filters.asked({key: query.get(key, "") for key in KEYS[thing]}, KEYS[thing])


def list_address(space: str, thing: str, given: Mapping[str, str]) -> str:
    """The address of a list with that filter."""
    return reverse(PAGES[Segment.Thing(thing)], args=[space]) + (f"?{urlencode(given)}" if given else "")


def _numbers(texts: list[str]) -> list[int]:
    return [found for text in texts if (found := number(text))][:5_000]


def _value_name(by: Actor, thing: str, change: str, value: str) -> str:
    """What a review calls the new value."""
    if change == "agency":
        names = {str(one.pk): one.name for one in list_queries.agencies(by)}
        return names.get(value, _("The team"))
    if change == "segment":
        names = {str(one.pk): one.name for one in filters.segments(by, thing)}
        return names.get(value, value)
    return str(dict(CHOICES).get(value, value))


def _context(
    request: HttpRequest, space: str, by: Actor, found: list_queries.Found, given: dict[str, str], thing: Segment.Thing
) -> dict[str, Any]:
    more = [key for key in given if key not in ("q", "segment", "kind")]
    here = next((one for one in found.segments if str(one.pk) == given.get("segment")), None)
    return frame(
        request, space, found=found, given=given, thing=thing, thing_title=thing.label, is_open=bool(more),
        kinds=Organisation.Kind.choices, systems=Organisation.System.choices,
        types=[(one.id, one.title(tongue())) for one in partner_types().values()], segment=here,
        chips=_chips(space, thing, given, found), query=urlencode(given),
        may_everywhere=by.may_everywhere("people.change"), may_filter_mail=by.may("people.contact"),
        drop_is_mine=here is not None and (bool(here.owner) or by.may_everywhere("people.change")),
    )  # fmt: skip


def _chips(space: str, thing: Segment.Thing, given: dict[str, str], found: list_queries.Found) -> list[tuple[str, str]]:
    """What the list is narrowed to, each with the address of the list without it."""
    agencies = {str(one.pk): one.name for one in found.agencies} | {"0": _("The team")}
    yes_no = {"1": _("yes"), "0": _("no")}
    said: dict[str, Callable[[str], Any]] = {
        "kind": lambda v: dict(Organisation.Kind.choices).get(v, v),
        "system": lambda v: dict(Organisation.System.choices).get(v, v),
        "type": lambda v: partner_types()[v].title(tongue()) if v in partner_types() else v,
        "state": lambda v: v,
        "county": county_title,
        "naics": lambda v: naics_title(v) or v,
        "agency": lambda v: _("on the list of %(name)s") % {"name": agencies.get(v, v)},
        "mail": lambda v: _("has mail: %(answer)s") % {"answer": yes_no.get(v, v)},
        "works": lambda v: _("works somewhere: %(answer)s") % {"answer": yes_no.get(v, v)},
        "can_commit": lambda v: _("can promise time or money: %(answer)s") % {"answer": yes_no.get(v, v)},
        "language": lambda v: dict(CHOICES).get(v, v),
        "size": lambda v: _("%(n)s people or more") % {"n": v},
        "convenes": lambda v: _("convenes employers"),
        "away": lambda v: _("put away"),
        "q": lambda v: f"“{v}”",
    }
    return [
        (str(said[key](value)), list_address(space, thing, {k: v for k, v in given.items() if k != key}))
        for key, value in given.items()
        if key in said
    ]
