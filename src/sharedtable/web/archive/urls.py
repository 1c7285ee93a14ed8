"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.archive import history, taking

urlpatterns: list[URLPattern] = [
    path("s/<slug:space>/history/", history.history, name="history"),
    path("s/<slug:space>/history/history.csv", history.as_csv, name="history-csv"),
    path("s/<slug:space>/archive/", taking.archive, name="archive"),
    path("s/<slug:space>/archive/own/", taking.own, name="archive-own"),
]
