"""Whether a request comes from the person who sits at the machine on which the program runs.

All four must hold: the server was started in local mode (SHAREDTABLE_LOCAL=1, which `sharedtable serve` sets when it
listens on loopback), the request comes from a loopback address, no proxy has handed it on, and it was asked for under a
loopback name (a foreign name that was made to point here, "DNS rebinding", is refused).
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

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


def client_address(request: HttpRequest) -> str:
    """The address that a request came from, for counting tries: behind our own proxy what the proxy saw last."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.HTTPS else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
