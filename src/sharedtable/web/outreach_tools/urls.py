"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.outreach_tools import fit, pages, talks, words

S = "s/<slug:space>/"
urlpatterns: list[URLPattern] = [
    path(S + "talking-points/", talks.talking_points, name="talking-points"),
    path(S + "talking-points/talk", talks.add, name="talk-add"),
    path(S + "talking-points/<int:talk>/strike", talks.strike, name="talk-strike"),
    path(S + "method/words/<slug:words_list>/add", words.add, name="own-words-add"),
    path(S + "method/words/<slug:words_list>/<slug:words_item>", words.reword, name="own-words"),
    path(S + "roles/", pages.roles_matrix, name="roles-matrix"),
    path(S + "roles/roles.<str:kind>", pages.roles_download, name="roles-matrix-download"),
    path(S + "pathway-definitions/", pages.pathway_definitions, name="pathway-definitions"),
    path(S + "programs/rings", pages.rings, name="program-rings"),
    path(S + "p/<slug:partnership>/outreach/", fit.fit, name="outreach-fit"),
    path(S + "p/<slug:partnership>/outreach/decide", fit.decide, name="outreach-fit-decide"),
]
