"""The universe of connections of one partnership: drawn, as a table, as files; and asking for it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method import lists
from sharedtable.partnerships import connecting, connection_files, connection_queries
from sharedtable.partnerships.connection_queries import Door, Universe
from sharedtable.partnerships.models import Partnership
from sharedtable.people.values import number
from sharedtable.web.connections.network import MOST_RIGHT, End, Network, network
from sharedtable.web.partnerships.frame import done, opened, page
from sharedtable.web.people import words

HERE = "partnership-connections"
SHOWS = ("all", "overlaps", "scope")


def connections(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: who knows which company, how well, through which agency; overlaps, blanks, and what to talk about."""
    by, one = opened(request, partnership, "people.see")
    found = connection_queries.universe(by, one)
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    doors = _chosen(found, show)
    at = Paginator(doors, MOST_RIGHT).get_page(request.GET.get("page", "1"))
    language = get_language() or "en"
    asked = lists.items("connection_questions").values()
    context = {
        "found": found,
        "doors": at,
        "show": show,
        "shows": list(zip(SHOWS, (_("All"), _("Several of us"), _("In the scope")), strict=True)),
        "picture": drawn(list(at.object_list)),
        "words": words,
        "questions": [(item.title(language), item.text(language)) for item in asked],
        "blanks": found.blanks[:60],
        **_asking(by, one),
    }  # fmt: skip
    return page(request, "../connections/universe", one, HERE, context)


def _chosen(found: Universe, show: str) -> list[Door]:
    if show == "overlaps":
        return found.overlaps
    return [one for one in found.doors if show == "all" or one.is_in_scope]


def _asking(by: Actor, one: Partnership) -> dict[str, Any]:
    """What a convener needs to ask partners, and to see what waits to be held against the record."""
    may_ask = by.may("links.make", one) and by.may("partnerships.change", one)
    may_settle = by.may_everywhere("people.merge")
    return {
        "partners": connection_queries.partners(by, one) if may_ask else None,
        "waiting": connection_queries.waiting(by) if may_settle else 0,
    }


def drawn(doors: list[Door]) -> Network | None:
    """The picture of these doors: agencies on the left, companies on the right."""
    agencies: dict[int, End] = {}
    ties: dict[tuple[str, str], tuple[int, str]] = {}
    for door in doors:
        for knower in door.agencies:
            key = f"a{knower.agency_id}"
            agencies.setdefault(knower.agency_id, End(key, knower.agency, "#agencies"))
            ties[key, door.key] = (knower.strength, f"{knower.agency} – {door.name}: {strength(knower.strength)}")
    right = [End(door.key, door.name, f"#{door.key}") for door in doors]
    return network(sorted(agencies.values(), key=lambda one: one.name), right, ties)


def strength(rating: int) -> str:
    """How well somebody knows somebody, in words."""
    return str(words.STRENGTHS.get(str(rating), ""))


def ask(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """POST: send partners the link on which they say whom they know."""
    by, one = opened(request, partnership, "partnerships.change")
    chosen = [found for text in request.POST.getlist("person") if (found := number(text))]
    count = connecting.ask_connections(by=by, partnership=one, people=chosen)
    one_waits, many_wait = (
        "%(count)d letter waits ten minutes, then it leaves.",
        "%(count)d letters wait ten minutes, then they leave.",
    )
    said = ngettext(one_waits, many_wait, count)
    return done(request, said % {"count": count}, HERE, space, one.slug, waits=True)


def download(request: HttpRequest, space: str, partnership: str, kind: str) -> HttpResponse:
    """GET: the merged picture as Excel or Word."""
    by, one = opened(request, partnership, "people.see")
    made = connection_files.universe_file(one, connection_queries.universe(by, one), kind, strength)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})
