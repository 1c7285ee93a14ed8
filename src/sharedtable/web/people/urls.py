"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.people import confidence, lists, organisation, overviews, own, person, working

S = "s/<slug:space>/"
urlpatterns: list[URLPattern] = [
    path(f"{S}people/", lists.people, name="people"),
    path(f"{S}people/people.<str:kind>", lists.people_download, name="people-download"),
    path(f"{S}people/many", lists.bulk, name="people-bulk"),
    path(f"{S}people/add", person.add, name="person-add"),
    path(f"{S}people/asks", confidence.asks, name="asks"),
    path(f"{S}people/asks/<int:ask>", confidence.answer, name="ask-answer"),
    path(f"{S}people/memberships/<int:number>", working.correct, name="membership"),
    path(f"{S}people/memberships/<int:number>/end", working.end, name="membership-end"),
    path(f"{S}people/<int:number>/", person.person, name="person"),
    path(f"{S}people/<int:number>/edit", person.edit, name="person-edit"),
    path(f"{S}people/<int:number>/move", working.move, name="person-move"),
    path(f"{S}people/<int:number>/join", working.join, name="person-join"),
    path(f"{S}people/<int:number>/archive", person.archive, name="person-archive"),
    path(f"{S}people/<int:number>/evidence", confidence.evidence, name="person-evidence"),
    path(f"{S}people/<int:number>/tie", confidence.tie, name="person-tie"),
    path(f"{S}people/<int:number>/consent", confidence.consent, name="person-consent"),
    path(f"{S}people/<int:number>/mail", confidence.mail, name="person-mail"),
    path(f"{S}people/<int:number>/send", confidence.send, name="person-send"),
    path(f"{S}people/<int:number>/hold", person.hold, name="person-hold"),
    path(f"{S}people/<int:number>/erase", person.erase, name="person-erase"),
    path(f"{S}organizations/", lists.organisations, name="organisations"),
    path(f"{S}organizations/organizations.<str:kind>", lists.organisations_download, name="organisations-download"),
    path(f"{S}organizations/add", organisation.add, name="organisation-add"),
    path(f"{S}organizations/<int:number>/", organisation.organisation, name="organisation"),
    path(f"{S}organizations/<int:number>/edit", organisation.edit, name="organisation-edit"),
    path(f"{S}organizations/<int:number>/archive", organisation.archive, name="organisation-archive"),
    path(f"{S}lists/save", lists.save_segment, name="segment-save"),
    path(f"{S}lists/<int:number>/drop", lists.drop_segment, name="segment-drop"),
    path(f"{S}partners/", overviews.directory, name="partner-directory"),
    path(f"{S}associations/", overviews.associations, name="associations"),
    path(f"{S}ties/", overviews.ties, name="ties"),
    path(f"{S}ties/ask", overviews.ask_ties, name="ties-ask"),
    path(f"{S}champions/", overviews.champions, name="champions"),
    path("me/<int:link>/held", own.held, name="held"),
    path("me/<int:link>/held/contact", own.contact, name="held-contact"),
    path("me/<int:link>/held/shown", own.shown, name="held-shown"),
    path("me/<int:link>/held/words", own.describe, name="held-words"),
    path("me/<int:link>/held/mail", own.mail, name="held-mail"),
    path("me/<int:link>/held/ask", own.ask, name="held-ask"),
    path("me/<int:link>/held/copy.<str:kind>", own.copy, name="held-copy"),
    path("me/<int:link>/ties", own.my_ties, name="my-ties"),
]
