"""What every page of this area shows around itself: its own menu, and the ways to other areas that are there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.web.actor import actor


def address_if(name: str, **kwargs: Any) -> str:
    """The address of a route of another area, or nothing while it is not there."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def tongue() -> str:
    """The language of the page."""
    return (get_language() or "en")[:2]


def frame(request: HttpRequest, space: str, **context: Any) -> dict[str, Any]:
    """The context of a page of this area."""
    by = actor(request)
    here = request.resolver_match.view_name if request.resolver_match else ""
    menu = [
        ("people", _("People"), "people.see"),
        ("organisations", _("Organizations"), "people.see"),
        ("partner-directory", _("Partners"), "people.see"),
        ("associations", _("Who convenes"), "people.private"),
        ("ties", _("Ties"), "ties.see"),
        ("champions", _("Champions"), "people.private"),
    ]
    return {
        "slug": space,
        "team": by.space,
        "area_menu": [
            {"title": title, "address": reverse(name, args=[space]), "is_here": here == name}
            for name, title, verb in menu
            if by.may(verb)
        ],
        "import_address": address_if("imports", space=space) if by.may("people.import") else "",
        "merge_address": address_if("twins", space=space) if by.may("people.merge") else "",
        "may_private": by.may("people.private"),
        "records_notice": by.space.records_notice if by.space is not None else "",
        **context,
    }


def history_of(by: Actor, space: str, kind: str, number: int) -> str:
    """The address of the history of one thing, when that page is there."""
    found = address_if("history", space=space) if by.may("ledger.see") else ""
    return f"{found}?kind={kind}&id={number}" if found else ""
