"""Who may use which address: one row for each named route, enforced before the view and the CSRF check.

A route without a row, or a row without a route, fails the start (`checks.py`) and the tests. Who may not enter gets
the same "not found" as for an address that does not exist; a wrong method gets 405. GET and HEAD never change anything.

`operator` is whoever sits at the machine on which the program runs: everything that writes, uploads or fetches. There
are no accounts yet, so all four must hold: the server was started in local mode (SHAREDTABLE_LOCAL=1, which
`sharedtable serve` sets when it listens on loopback), the request comes from a loopback address, no proxy has handed
it on, and it was asked for under a loopback name (a foreign name that was made to point here, "DNS rebinding", is
refused). A request that changes something must also come from one of our own pages, by its Origin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.deprecation import MiddlewareMixin

SAFE = frozenset({"GET", "HEAD"})
SMALL_BODY = 64 * 1024


@dataclass(frozen=True)
class Rule:
    """What one route allows.

    `who`: anyone, or the operator (see above). `methods`: GET includes HEAD. `body_bytes`: the longest request body.
    `is_public`: the answer holds nothing of this installation and may be kept by shared caches; all others get
    `Cache-Control: private, no-store`.
    """

    who: Literal["anyone", "operator"]
    methods: tuple[str, ...] = ("GET",)
    body_bytes: int = SMALL_BODY
    is_public: bool = False

    @property
    def allowed(self) -> frozenset[str]:
        """The methods, with HEAD beside GET."""
        return frozenset(self.methods) | ({"HEAD"} if "GET" in self.methods else frozenset())


ROUTES: dict[str, Rule] = {
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
    "note-add": Rule("operator", ("POST",)),
    "note-withdraw": Rule("operator", ("POST",)),
    "region": Rule("anyone"),
    "region-read": Rule("operator", ("POST",), body_bytes=500_000),
    "region-save": Rule("operator", ("POST",)),
    "region-saved": Rule("anyone"),
    "region-saved-text": Rule("anyone"),
    "region-text": Rule("anyone"),
    "sectors": Rule("anyone"),
    "sectors-read": Rule("operator", ("POST",), body_bytes=500_000),
    "sectors-save": Rule("operator", ("POST",)),
    "sectors-saved": Rule("anyone"),
    "sectors-saved-text": Rule("anyone"),
    "sectors-text": Rule("anyone"),
    "static": Rule("anyone", is_public=True),
    "style": Rule("anyone"),
}

FORWARDED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP")


def is_loopback(address: str) -> bool:
    """Tells whether an address or a host name (without port) means this very machine."""
    text = address.strip("[]").lower()
    if text == "localhost":
        return True
    try:
        parsed = ip_address(text)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)  # ::ffff:127.0.0.1, as a socket for both families reports it
    return (mapped or parsed).is_loopback


def host_name(request: HttpRequest) -> str:
    """The name under which the request was asked for, without the port."""
    return urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname or ""


def comes_from_own_page(request: HttpRequest) -> bool:
    """Tells whether a browser says that the request was sent by one of our own pages; silence is a no."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None:
        return bool(origin == f"{request.scheme}://{request.META.get('HTTP_HOST', '')}")
    return bool(request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin")


def is_operator(request: HttpRequest) -> bool:
    """Tells whether the request comes from the person at this machine (never in a server that others reach)."""
    return (
        bool(settings.LOCAL)
        and is_loopback(str(request.META.get("REMOTE_ADDR", "")))
        and not any(name in FORWARDED or name.startswith("HTTP_X_FORWARDED") for name in request.META)
        and is_loopback(host_name(request))
    )


def may(request: HttpRequest, rule: Rule) -> bool:
    """Tells whether this request may use a route with this rule (its method is looked at elsewhere)."""
    if rule.who == "anyone":
        return True
    return is_operator(request) and (request.method in SAFE or comes_from_own_page(request))


class PolicyMiddleware(MiddlewareMixin):
    """Lets a request through to its view only as its rule says; an address without a rule is closed."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = ROUTES.get(match.view_name) if match is not None else None
        if rule is None or not may(request, rule):
            raise Http404
        if request.method not in rule.allowed:
            return HttpResponseNotAllowed(sorted(rule.allowed))
        return None
