"""The timeline of a partnership: turning points with their evidence, and everything else that came."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sharedtable.steps import turning
from sharedtable.web.partnerships.frame import opened, page

HERE = "partnership-timeline"


def timeline(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: turning points, momentum and staff hours, and what happened when."""
    by, one = opened(request, partnership)
    context = {"found": turning.timeline(by, one), "width": turning.WIDTH, "height": turning.HEIGHT}
    return page(request, "timeline", one, HERE, context, area="steps")
