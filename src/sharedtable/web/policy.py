"""Who may use which address: one row for each named route, enforced before the view and the CSRF check.

A route without a row, or a row without a route, fails the start (`checks.py`) and the tests. Who may not enter gets
the same "not found" as for an address that does not exist; a wrong method gets 405. GET and HEAD never change
anything.

Each area of the site has its rows in a `rules.py` of its own; this is their union. What a row means stands in
`rule.py`, who is who in `actor.py`, and who may do which verb in `accounts/permissions.py`. The row answers for the
route; for the one thing that an address names, the query or the action asks again (`Actor.must`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from sharedtable.accounts.actors import Actor
from sharedtable.web.accounts.rules import RULES as ACCOUNTS
from sharedtable.web.actor import actor, forget_address, needs_second_step
from sharedtable.web.archive.rules import RULES as ARCHIVE
from sharedtable.web.connections.rules import RULES as CONNECTIONS
from sharedtable.web.imports.rules import RULES as IMPORTS
from sharedtable.web.letters.rules import RULES as LETTERS
from sharedtable.web.library.rules import RULES as LIBRARY
from sharedtable.web.local import comes_from_own_page, is_operator
from sharedtable.web.meetings.rules import RULES as MEETINGS
from sharedtable.web.outreach_tools.rules import RULES as OUTREACH_TOOLS
from sharedtable.web.partnerships.rules import RULES as PARTNERSHIPS
from sharedtable.web.people.rules import RULES as PEOPLE
from sharedtable.web.plans.rules import RULES as PLANS
from sharedtable.web.rule import SAFE, Rule
from sharedtable.web.scoping.rules import RULES as SCOPING
from sharedtable.web.steps.rules import RULES as STEPS
from sharedtable.web.walk.rules import RULES as WALK
from sharedtable.web.wall.places import place
from sharedtable.web.wall.rules import RULES as WALL
from sharedtable.web.worksheets.rules import RULES as WORKSHEETS

FACTS: dict[str, Rule] = {
    "home": Rule("anyone"),
    "healthz": Rule("anyone"),
    "industries": Rule("anyone"),
    "industries-download": Rule("anyone"),
    "language": Rule("anyone", methods=("POST",)),
    "profile": Rule("anyone"),
    "profile-download": Rule("anyone"),
    "data": Rule("anyone"),
    "data-delivery": Rule("operator"),
    "data-drop": Rule("operator", ("POST",)),
    "data-fetch": Rule("operator", ("POST",)),
    "data-study": Rule("anyone"),
    "data-template": Rule("anyone"),
    "data-upload": Rule("operator", ("POST",), body_bytes=450_000_000),
    "data-use": Rule("operator", ("POST",)),
    "note-add": Rule("operator", ("POST",), verb="facts.note"),
    "note-withdraw": Rule("operator", ("POST",), verb="facts.note"),
    "region": Rule("anyone"),
    "region-read": Rule("operator", ("POST",), body_bytes=500_000, verb="facts.define"),
    "region-save": Rule("operator", ("POST",), verb="facts.define"),
    "region-saved": Rule("anyone"),
    "region-saved-text": Rule("anyone"),
    "region-text": Rule("anyone"),
    "sectors": Rule("anyone"),
    "sectors-read": Rule("operator", ("POST",), body_bytes=500_000, verb="facts.define"),
    "sectors-save": Rule("operator", ("POST",), verb="facts.define"),
    "sectors-saved": Rule("anyone"),
    "sectors-saved-text": Rule("anyone"),
    "sectors-text": Rule("anyone"),
    "static": Rule("anyone", is_public=True),
    "style": Rule("anyone"),
}

ROUTES: dict[str, Rule] = {
    **FACTS, **ACCOUNTS, **PEOPLE, **IMPORTS, **PARTNERSHIPS, **LETTERS, **ARCHIVE, **WORKSHEETS, **MEETINGS, **WALL,
    **LIBRARY,
    **SCOPING,
    **CONNECTIONS, **OUTREACH_TOOLS,
    **STEPS,
    **WALK,
    **PLANS,
}  # fmt: skip


def may(request: HttpRequest, rule: Rule) -> bool:
    """Tells whether this request may use a route with this rule (its method is looked at elsewhere)."""
    if rule.who == "anyone":
        return True
    if rule.who == "operator" and is_operator(request) and (request.method in SAFE or comes_from_own_page(request)):
        return True
    if rule.who == "user":
        return request.user.is_authenticated
    if rule.who == "place":
        return place(request) is not None
    if rule.who == "link":
        return actor(request).purpose in rule.purposes
    return bool(rule.verb) and opens(rule, actor(request))


def opens(rule: Rule, by: Actor) -> bool:
    """Tells whether the verb of a row opens its route for this actor."""
    return by.may_in_space(rule.verb) if rule.is_of_space else by.may(rule.verb)


class PolicyMiddleware(MiddlewareMixin):
    """Lets a request through to its view only as its rule says; an address without a rule is closed."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = ROUTES.get(match.view_name) if match is not None else None
        if rule is None or not may(request, rule):
            forget_address(request)
            raise Http404
        if request.method not in rule.allowed:
            return HttpResponseNotAllowed(sorted(rule.allowed))
        if rule.who in {"user", "member", "operator"} and not rule.is_security and needs_second_step(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None
