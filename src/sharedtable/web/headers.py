"""The headers that every answer carries, whoever made it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from sharedtable.web.policy import ROUTES

# Things of a browser that no page of ours uses.
UNUSED = (
    "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope magnetometer microphone midi "
    "payment picture-in-picture publickey-credentials-get screen-wake-lock usb xr-spatial-tracking"
)
PERMISSIONS = ", ".join(f"{name}=()" for name in UNUSED.split())


class HeadersMiddleware(MiddlewareMixin):
    """Adds what Django's own middleware does not: who may embed an answer, what a page may use, who may keep it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        match = request.resolver_match
        rule = ROUTES.get(match.view_name) if match is not None else None
        if rule is None or not rule.is_public or response.status_code != 200:
            response.headers["Cache-Control"] = "private, no-store"
        return response
