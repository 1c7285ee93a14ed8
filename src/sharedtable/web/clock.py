"""In which zone a page shows and takes times: that of the team whose page it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from sharedtable.web.actor import actor
from sharedtable.web.policy import ROUTES

OF_A_TEAM = frozenset({"member", "link"})


class TimeZoneMiddleware(MiddlewareMixin):
    """Puts the clock of a request into the zone of the team; every other page stays in UTC."""

    def process_request(self, request: HttpRequest) -> None:
        timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        match = request.resolver_match
        rule = ROUTES.get(match.view_name) if match is not None else None
        if rule is not None and rule.who in OF_A_TEAM and (space := actor(request).space) is not None:
            timezone.activate(space.zone)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        timezone.deactivate()
        return response
