"""Who acts in a request: a signed-in user in the space of the address, the holder of a personal link, the operator of
this machine, or a visitor."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest

from sharedtable.accounts.actors import VISITOR, Actor, actor_of_link, actor_of_user
from sharedtable.accounts.links import open_link
from sharedtable.accounts.models import Role
from sharedtable.errors import Missing
from sharedtable.web.local import is_operator


def actor(request: HttpRequest) -> Actor:
    """The person behind a request, worked out once a request, so that a revoked right ends at once.

    An address with a space in it (`<slug:space>`) asks for the grants there; one with a link (`<int:link>`) for the
    cookie that the link left for that address alone; any other for the space that the session last was in.
    """
    known = getattr(request, "_actor", None)
    if isinstance(known, Actor):
        return known
    found = _find(request)
    request._actor = found  # type: ignore[attr-defined]
    return found


def reader(request: HttpRequest) -> Actor:
    """For whom the frame of a page is: the signed-in user in the space of the address, or, where that is closed to
    them, in the one they were last in; so a closed page looks like one that does not exist.
    """
    known = getattr(request, "_reader", None)
    if isinstance(known, Actor):
        return known
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return VISITOR
    found = actor(request)
    if found.space is None or found.purpose:
        found = actor_of_user(user, preferred=int(request.session.get("space", 0)))
    request._reader = found  # type: ignore[attr-defined]
    return found


def forget_address(request: HttpRequest) -> None:
    """Forget which page was asked for, so that nothing on the answer differs from that for a page that is not there."""
    request.resolver_match = None
    request._actor = request._reader = None  # type: ignore[attr-defined]


def ask_nobody(request: HttpRequest) -> None:
    """Treat the reader as a visitor from here on: for the page that shows when the database is broken."""
    request._actor = request._reader = VISITOR  # type: ignore[attr-defined]


# Who sees contacts and decides about access signs in with two steps, wherever others can reach the site.
TWO_STEPS = frozenset({Role.ADMIN, Role.CONVENER})


def needs_second_step(request: HttpRequest) -> bool:
    """Whether the user still has to set up a second step before anything but the page Security opens."""
    if settings.LOCAL or not request.user.is_authenticated or getattr(request.user, "has_second_factor", False):
        return False
    return not reader(request).every_role.isdisjoint(TWO_STEPS)


def _find(request: HttpRequest) -> Actor:
    given = request.resolver_match.kwargs if request.resolver_match is not None else {}
    if "link" in given:
        return _holder(request, int(given["link"]))
    operator = is_operator(request)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Actor("operator", is_operator=True) if operator else VISITOR
    if "space" in given:
        return actor_of_user(user, str(given["space"]))
    here = actor_of_user(user, preferred=int(request.session.get("space", 0)))
    return replace(here, is_operator=operator)


def link_cookie(number: int) -> str:
    """The name of the cookie that holds the token of a personal link."""
    return f"link-{number}"


def _holder(request: HttpRequest, number: int) -> Actor:
    try:
        link = open_link(request.COOKIES.get(link_cookie(number), ""))
    except Missing:
        return VISITOR
    return actor_of_link(link) if link.pk == number else VISITOR
