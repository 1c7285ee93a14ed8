"""The start page: what a convener does first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.web.policy import ROUTES


def home(request: HttpRequest) -> HttpResponse:
    """GET: the three first steps, each with the way to its page."""
    steps = [
        (
            "region",
            _("Find your region"),
            _("Pick the counties where people live and work together. They may cross state lines."),
        ),
        (
            "industries",
            _("See its industries"),
            _(
                "Every industry in one table: jobs, growth, pay and how strong it is here. "
                "Your group decides what counts most."
            ),
        ),
        (
            "profile",
            _("Open a profile"),
            _("Ten figures about one industry, with their gaps and sources. Print it and bring it to the table."),
        ),
    ]
    shown = [
        {"address": reverse(name) if name in ROUTES else None, "title": title, "text": text}
        for name, title, text in steps
    ]
    return render(request, "home.html", {"steps": shown})
