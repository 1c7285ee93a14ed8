"""The living style page: every token and every component, rendered with the same templates as the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sharedtable.web import tokens


class SampleForm(forms.Form):
    """One field of each kind; `/style` shows it filled wrongly, so that errors can be seen. It is never sent."""

    name = forms.CharField(label=_("Name of the region"), help_text=_("As people there call it."))
    jobs = forms.IntegerField(label=_("Fewest jobs"), min_value=0)
    base = forms.ChoiceField(label=_("Compared with"), choices=[("us", _("United States")), ("state", _("The state"))])
    ownership = forms.ChoiceField(
        label=_("Which employers"),
        choices=[("private", _("Private")), ("total", _("Private and government"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("What people on the ground know"), widget=forms.Textarea, required=False)
    file = forms.FileField(label=_("File from the Bureau of Labor Statistics"), required=False)
    with_estimates = forms.BooleanField(label=_("Show estimates too"), required=False)


# Invented figures, so that no reader takes the style page for facts about a place.
ROWS: list[dict[str, Any]] = [
    {
        "code": "3261",
        "title": "Plastics",
        "jobs": 4210,
        "change": 312,
        "pay": 58900,
        "lq": 2.14,
        "kind": "published",
        "bar": 100,
    },
    {
        "code": "484",
        "title": "Trucks",
        "jobs": 2875,
        "change": -96,
        "pay": 54120,
        "lq": 1.2,
        "kind": "partly_withheld",
        "bar": 68,
    },
    {
        "code": "3344",
        "title": "Chips",
        "jobs": None,
        "change": None,
        "pay": None,
        "lq": None,
        "kind": "withheld",
        "bar": 0,
    },
]


def style(request: HttpRequest) -> HttpResponse:
    """GET: the style page."""
    found = tokens.colours()
    form = SampleForm(
        {"name": "", "jobs": "-4", "base": "us", "ownership": "private", "with_estimates": "on"}, auto_id="id_%s"
    )
    pairs = [
        {
            "front": front,
            "back": back,
            "least": least,
            "light": tokens.contrast(found[front].light, found[back].light),
            "dark": tokens.contrast(found[front].dark, found[back].dark),
            "colours": (found[front], found[back]),
        }
        for front, back, least in tokens.PAIRS
    ]
    context = {
        "colours": list(found.values()),
        "pairs": pairs,
        "form": form,
        "rows": ROWS,
        "page": Paginator(range(1, 200), 10).get_page(request.GET.get("page") or 4),
        "badges": ["published", "partly_withheld", "withheld", "cut", "estimate", "declining"],
        "callouts": ["info", "success", "warning", "error"],
        "icons": [
            "arrow",
            "check",
            "info",
            "success",
            "warning",
            "error",
            "download",
            "upload",
            "print",
            "search",
            "plus",
            "up",
            "down",
            "flat",
            "map",
            "list",
            "table",
            "guidepost",
        ],
        "charts": [1, 2, 3, 4, 5, 6],
        "ramps": [0, 1, 2, 3, 4, 5],
        "trail": [(_("Start"), "/"), (_("Style guide"), None)],
    }
    return render(request, "style.html", context)
