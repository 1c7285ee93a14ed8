"""The addresses of the pages of a data walk."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.walk import acts, planning

urlpatterns: list[URLPattern] = [
    path("s/<slug:space>/meetings/<int:number>/walk/", planning.walk, name="walk"),
    path("s/<slug:space>/meetings/<int:number>/walk/set-up", planning.set_up, name="walk-set-up"),
    path("s/<slug:space>/meetings/<int:number>/walk/strike", planning.strike, name="walk-strike"),
    path("s/<slug:space>/meetings/<int:number>/walk/decide", planning.decide, name="walk-decide"),
    path("live/<int:meeting>/mark", acts.mark, name="live-mark"),
    path("live/<int:meeting>/walk", acts.walk, name="live-walk"),
]
