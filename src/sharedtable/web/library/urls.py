"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.library import answers, papers, shelves, story

P = "s/<slug:space>/p/<slug:partnership>/"
urlpatterns: list[URLPattern] = [
    path("library/", shelves.library, name="library"),
    path("library/help/<slug:page>/", shelves.help_with, name="library-help"),
    path("library/papers/<slug:paper>.<str:kind>", papers.paper, name="library-paper"),
    path("library/poster/", papers.poster, name="library-poster"),
    path("library/<slug:shelf>/", shelves.shelf, name="library-shelf"),
    path("library/<slug:shelf>/<slug:article>/", shelves.entry, name="library-entry"),
    path("library/<slug:shelf>/<slug:article>/paper.<str:kind>", papers.entry, name="library-entry-paper"),
    path("s/<slug:space>/library/answer/", answers.write, name="library-answer-new"),
    path("s/<slug:space>/library/answer/<slug:question>/", answers.write, name="library-answer"),
    path("s/<slug:space>/library/answer/<slug:question>/away", answers.put_away, name="library-answer-away"),
    path("s/<slug:space>/library/read", answers.mark_read, name="library-read"),
    path(P + "story/", story.story, name="story"),
    path(P + "story/paper.<str:kind>", story.paper, name="story-paper"),
]
