"""The addresses of the pages of a live meeting."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.wall import console, debrief, screens

urlpatterns: list[URLPattern] = [
    path("live/<int:meeting>/", screens.phone, name="live"),
    path("live/<int:meeting>/wall", screens.wall, name="live-wall"),
    path("live/<int:meeting>/console", console.console, name="live-console"),
    path("live/<int:meeting>/scribe", console.scribe, name="live-scribe"),
    path("live/<int:meeting>/attendance", console.counts, name="live-attendance"),
    path("live/<int:meeting>/help", console.suggestions, name="live-help"),
    path("live/<int:meeting>/write", screens.write, name="live-write"),
    path("live/<int:meeting>/people", console.people, name="live-people"),
    path("live/<int:meeting>/debrief", debrief.begin, name="live-debrief"),
    path("live/<int:meeting>/over", debrief.over, name="live-over"),
    path("live/<int:meeting>/carry", debrief.carry, name="live-carry"),
]
