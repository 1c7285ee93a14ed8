"""What these pages have around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from sharedtable.web.actor import actor


def tongue() -> str:
    """The language of the page."""
    return (get_language() or "en")[:2]


def page(
    request: HttpRequest, template: str, title: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of a team, with the way to it."""
    by = actor(request)
    space = by.space.slug if by.space else ""
    frame = {
        "space": space,
        "trail": [(by.space.name if by.space else "", reverse("space", args=[space])), (title, None)],
        "may_reword": by.may_everywhere("method.change"),
        "notice": by.space.records_notice if by.space else "",
        **context,
    }
    return render(request, f"outreach_tools/{template}.html", frame, status=status)
