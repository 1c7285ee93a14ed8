"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.connections import by_link, pages, told

P = "s/<slug:space>/p/<slug:partnership>/connections/"
urlpatterns: list[URLPattern] = [
    path(P, pages.connections, name="partnership-connections"),
    path(P + "ask", pages.ask, name="connections-ask"),
    path(P + "connections.<str:kind>", pages.download, name="connections-download"),
    path("s/<slug:space>/ties/told", told.told, name="told-ties"),
    path("me/<int:link>/connections", by_link.tell, name="my-connections"),
    path("me/<int:link>/connections/shown", by_link.shown, name="my-connections-shown"),
]
