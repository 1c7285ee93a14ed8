"""The headers that every answer carries, whoever made it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from sharedtable.web.policy import ROUTES

# Things of a browser that no page of ours uses.
UNUSED = (
    "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope magnetometer microphone midi "
    "payment picture-in-picture publickey-credentials-create publickey-credentials-get screen-wake-lock usb "
    "xr-spatial-tracking"
)
PERMISSIONS = ", ".join(f"{name}=()" for name in UNUSED.split())
# The pages that make and ask for passkeys.
WITH_PASSKEYS = frozenset({"mfa_add_webauthn", "mfa_authenticate"})
PASSKEY_PERMISSIONS = PERMISSIONS.replace(
    "publickey-credentials-create=()", "publickey-credentials-create=(self)"
).replace("publickey-credentials-get=()", "publickey-credentials-get=(self)")


class HeadersMiddleware(MiddlewareMixin):
    """Adds what Django's own middleware does not: who may embed an answer, what a page may use, who may keep it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        match = request.resolver_match
        has_passkeys = match is not None and match.view_name in WITH_PASSKEYS
        response.headers.setdefault("Permissions-Policy", PASSKEY_PERMISSIONS if has_passkeys else PERMISSIONS)
        rule = ROUTES.get(match.view_name) if match is not None else None
        if rule is None or not rule.is_public or response.status_code != 200:
            response.headers["Cache-Control"] = "private, no-store"
        return response
