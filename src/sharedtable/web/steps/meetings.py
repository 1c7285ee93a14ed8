"""The meetings of one partnership."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from sharedtable.steps import meeting_queries
from sharedtable.web.partnerships.frame import opened, page

HERE = "partnership-meetings"


def of_partnership(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the meetings of one partnership, those ahead first."""
    by, one = opened(request, partnership)
    found = meeting_queries.of_partnership(by, one, get_language() or "en")
    return page(request, "meetings", one, HERE, {"found": found}, area="steps")
