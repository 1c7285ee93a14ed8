"""The library: its front page with the search, one shelf, one entry, and the help beside a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.library import documents, queries
from sharedtable.web.actor import actor
from sharedtable.web.library.words import GROUPS, KIND_NAMES, PAPERS, SHELVES

LONGEST_SEARCH = 80


def _language() -> str:
    return (get_language() or "en")[:2]


def _trail(*steps: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Library"), reverse("library")), *steps]


def _papers(*names: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, title, and the kinds of file of some papers."""
    return [
        (name, str(PAPERS[name]), [(kind, KIND_NAMES[kind]) for kind in documents.PAPERS[name]])
        for name in names or documents.PAPERS
    ]


def library(request: HttpRequest) -> HttpResponse:
    """GET: the shelves, or, with words in `q`, what the search finds."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    found = queries.search(actor(request), words, _language()) if words else []
    context = {
        "words": words,
        "found": [(entry, SHELVES[entry.shelf][0]) for entry in found],
        "shelves": [(name, *about) for name, about in SHELVES.items()],
        "papers": _papers(),
    }
    return render(request, "library/library.html", context)


def shelf(request: HttpRequest, shelf: str) -> HttpResponse:
    """GET: every entry of a shelf."""
    page = queries.shelf_page(actor(request), shelf, _language())
    title, about, _icon = SHELVES[shelf]
    groups: dict[str, list[queries.Entry]] = {}
    for entry in page.entries:
        groups.setdefault(entry.shipped.more.get("group", "") if entry.shipped else "", []).append(entry)
    papers_of = {"lessons": ("poster",), "facts": ("facts",), "states": ("memo",), "stories": ("region-x", "lewistown")}
    context = {
        "page": page,
        "title": title,
        "about": about,
        "groups": [(GROUPS.get(name, ""), entries) for name, entries in groups.items()],
        "is_whole": shelf in ("glossary", "lessons", "facts", "states"),
        "read": [(entry, entry.id in page.read, page.readers.get(entry.id, 0)) for entry in page.entries],
        "papers": _papers(*papers_of[shelf]) if shelf in papers_of else [],
        "language_code": _language(),
        "trail": _trail((str(title), None)),
    }
    return render(request, "library/shelf.html", context)


def entry(request: HttpRequest, shelf: str, article: str) -> HttpResponse:
    """GET: one entry, with its figures, its sources and what to read next."""
    page = queries.entry_page(actor(request), shelf, article, _language())
    trail = _trail((str(SHELVES[shelf][0]), reverse("library-shelf", args=[shelf])), (page.entry.title, None))
    return render(request, "library/entry.html", {**_about(page), "trail": trail})


def _about(page: queries.EntryPage) -> dict[str, Any]:
    shipped, language = page.entry.shipped, _language()
    return {
        "page": page,
        "entry": page.entry,
        "figures": [(one.value, one.what(language)) for one in shipped.figures] if shipped else [],
        "sources": documents.source_lines(shipped.sources) if shipped and page.entry.own is None else [],
        "more": shipped.more if shipped else {},
    }


def help_with(request: HttpRequest, page: str) -> HttpResponse:
    """GET: the help for a page, named by its route."""
    found = queries.help_page(actor(request), page, _language())
    return render(request, "library/help.html", {"found": found, "trail": _trail((_("Help with this page"), None))})
