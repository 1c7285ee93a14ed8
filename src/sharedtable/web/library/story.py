"""The story prompts of a partnership, with its numbers in them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.library import documents, story_queries
from sharedtable.web.actor import actor
from sharedtable.web.library.papers import as_file


def story(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: what can be told now, and what the record does not know yet."""
    page = story_queries.story_page(actor(request), partnership, get_language() or "en")
    context = {
        "page": page,
        "ready": [(one, story_queries.group_title(one.group)) for one in page.ready],
        "waiting": [(one, story_queries.group_title(one.group)) for one in page.waiting],
        "trail": [
            (_("Partnerships"), reverse("partnerships", args=[space])),
            (page.partnership.name, reverse("partnership", args=[space, partnership])),
            (_("Tell your story"), None),
        ],
    }
    return render(request, "library/story.html", context)


def paper(request: HttpRequest, space: str, partnership: str, kind: str) -> HttpResponse:
    """GET: the prompts as a file."""
    language = get_language() or "en"
    page = story_queries.story_page(actor(request), partnership, language)
    return as_file(documents.story(page, language, timezone.localdate()), f"{partnership}-story", kind)
