"""Papers to take along: the poster as a page, and files of the library."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing
from sharedtable.exports import Document
from sharedtable.library import documents, queries
from sharedtable.method import articles
from sharedtable.web.actor import actor


def _language() -> str:
    return (get_language() or "en")[:2]


def poster(request: HttpRequest) -> HttpResponse:
    """GET: the five lessons on one page, made to be printed."""
    lessons = [(one.title(_language()), one.text(_language())) for one in articles.shelf("lessons").values()]
    trail = [(_("Library"), reverse("library")), (_("Poster"), None)]
    return render(request, "library/poster.html", {"lessons": lessons, "trail": trail})


def paper(request: HttpRequest, paper: str, kind: str) -> HttpResponse:
    """GET: one of the papers as a file."""
    if kind not in documents.PAPERS.get(paper, ()):
        raise Missing(_("There is no such file. Choose one of those that are offered."))
    return as_file(documents.paper(paper, _language(), timezone.localdate()), paper, kind)


def entry(request: HttpRequest, shelf: str, article: str, kind: str) -> HttpResponse:
    """GET: one entry as a file, in the team's own words where it has some."""
    page = queries.entry_page(actor(request), shelf, article, _language())
    return as_file(documents.entry(page.entry, _language(), timezone.localdate()), article, kind)


def as_file(document: Document, name: str, kind: str) -> HttpResponse:
    """A document as an answer that a browser saves under a name."""
    content, media_type = documents.write(document, kind)
    disposition = f'attachment; filename="{slugify(name)[:80] or "paper"}.{kind}"'
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
