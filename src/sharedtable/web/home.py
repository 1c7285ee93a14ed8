"""The start page: what a convener does first, and what they will see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.queries import has_team
from sharedtable.studies.home_queries import Glimpse, glimpse
from sharedtable.web.addresses import about
from sharedtable.web.local import is_operator


def home(request: HttpRequest) -> HttpResponse:
    """GET: the three first steps, the example's first industries, and for whom this is."""
    steps = [
        (
            reverse("region"),
            _("Find your region"),
            _("Pick the counties where people live and work together. They may cross state lines."),
        ),
        (
            reverse("industries"),
            _("See its industries"),
            _("Every industry in one table: jobs, growth, pay, strength. Your group decides what counts most."),
        ),
        (
            reverse("profile"),
            _("Open a profile"),
            _("Ten figures about one industry, with their gaps and sources. Print it and bring it to the table."),
        ),
    ]
    shown = glimpse(get_language() or "en")
    example = shown.region if shown else None
    context = {
        "steps": [{"address": address, "title": title, "text": text} for address, title, text in steps],
        "glimpse": shown,
        "may_set_up": is_operator(request) and not request.user.is_authenticated and not has_team(),
        "may_look_around": is_operator(request) and not request.user.is_authenticated,
        "bars": _bars(shown) if shown else [],
        "example_address": about("industries", example.areas, example.name) if example else reverse("industries"),
        "region_address": about("region", example.areas, example.name) if example else reverse("region"),
    }  # fmt: skip
    return render(request, "home.html", context)


def _bars(shown: Glimpse) -> list[tuple[Mapping[str, Any], int, str]]:
    """Each row with the length of its bar in percent, and the address of its profile."""
    return [
        (
            row,
            round(100 * int(row["employment_jobs"] or 0) / shown.most_jobs),
            about("profile", shown.region.areas, shown.region.name, industries=row["industry_code"]),
        )
        for row in shown.rows
    ]
