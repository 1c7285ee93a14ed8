"""The history page: who did what to which thing, and when; and the same as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.history import Filter, Happening, rows
from sharedtable.accounts.history import history as history_of
from sharedtable.errors import Refused
from sharedtable.exports import Column, rows_to_csv
from sharedtable.people.names import names_of
from sharedtable.web.actor import actor
from sharedtable.web.archive import words

KEYS = ("kind", "id", "by", "verb", "day")


@dataclass(frozen=True)
class Line:
    """One line of the history in words."""

    happening: Happening
    who: str
    did: str
    whom: str
    by_link: bool
    filter_address: str


def history(request: HttpRequest, space: str) -> HttpResponse:
    """GET: one page of the history; what is filtered stands in the address."""
    by, wanted = actor(request), _filter(request.GET)
    found = history_of(by, wanted, request.GET.get("page", "1"))
    given = {key: request.GET.get(key, "") for key in KEYS if request.GET.get(key)}
    context = {
        "found": found,
        "page": found.page,
        "lines": _lines(by, found.rows, reverse("history", args=[space])),
        "given": given,
        "kinds": sorted((words.thing(kind), kind) for kind in found.kinds),
        "verbs": sorted((words.doing(verb, ""), verb) for verb in found.verbs),
        "people": found.people,
        "csv": reverse("history-csv", args=[space]) + (f"?{urlencode(given)}" if given else ""),
        "space": space,
    }
    return render(request, "archive/history.html", context)


def as_csv(request: HttpRequest, space: str) -> HttpResponse:
    """GET: the filtered history as CSV."""
    by = actor(request)
    columns = (
        Column("at", _("When (UTC)")),
        Column("who", _("Who")),
        Column("did", _("Did what")),
        Column("whom", _("Name")),
        Column("number", _("Entry"), "integer"),
        Column("verb", _("Verb"), "code"),
        Column("kind", _("Kind"), "code"),
        Column("object_id", _("Number of the thing"), "integer"),
        Column("hash", _("Hash"), "code"),
    )
    made = [
        {
            "at": line.happening.entry.at.strftime("%Y-%m-%d %H:%M:%S"),
            "who": line.who,
            "did": line.did,
            "whom": line.whom,
            "number": line.happening.entry.number,
            "verb": line.happening.entry.verb,
            "kind": line.happening.entry.kind,
            "object_id": line.happening.entry.object_id,
            "hash": line.happening.entry.hash,
        }
        for line in _lines(by, list(rows(by, _filter(request.GET))), "")
    ]
    response = HttpResponse(rows_to_csv(columns, made, header="title"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="history-{timezone.now():%Y-%m-%d}.csv"'
    return response


def _lines(by: Actor, happenings: Sequence[Happening], address: str) -> list[Line]:
    def ids(kind: str) -> set[int]:
        return {one.entry.object_id for one in happenings if one.entry.kind == kind and one.entry.object_id}

    people = ids("person") | {one.person_id for one in happenings if one.person_id}
    names = names_of(by, people=people, organisations=ids("organisation"))
    return [
        Line(
            one,
            words.who(one.entry.by, one.name or names.get(("person", one.person_id), "")),
            words.doing(one.entry.verb, one.entry.kind),
            names.get((one.entry.kind, one.entry.object_id or 0), ""),
            bool(one.person_id),
            f"{address}?{urlencode({'kind': one.entry.kind, 'id': one.entry.object_id})}"
            if one.entry.object_id
            else "",
        )
        for one in happenings
    ]


def _filter(query: QueryDict) -> Filter:
    number = query.get("id", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Refused(_("The number of a thing is written in digits."))
    try:
        day = date.fromisoformat(query.get("day", "")) if query.get("day") else None
    except ValueError:
        raise Refused(_("Write the day as year-month-day, such as 2026-11-28.")) from None
    texts = {key: query.get(key, "")[:60].replace("\0", "") for key in ("kind", "by", "verb")}
    return Filter(texts["kind"], int(number) if number else None, texts["by"], texts["verb"], day)
