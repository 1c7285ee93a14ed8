"""Every address of the site. Each name has its row in `sharedtable.web.policy.ROUTES`; a start-up check sees to it."""

from __future__ import annotations

from django.urls import path

from sharedtable.web import (
    data,
    errors,
    health,
    home,
    industries,
    knowledge,
    language,
    profile,
    regions,
    sectors,
    static_files,
    style,
)
from sharedtable.web.accounts.urls import urlpatterns as accounts
from sharedtable.web.archive.urls import urlpatterns as archive
from sharedtable.web.connections.urls import urlpatterns as connections
from sharedtable.web.imports.urls import urlpatterns as imports
from sharedtable.web.letters.urls import urlpatterns as letters
from sharedtable.web.library.urls import urlpatterns as library
from sharedtable.web.meetings.urls import urlpatterns as meetings
from sharedtable.web.outreach_tools.urls import urlpatterns as outreach_tools
from sharedtable.web.partnerships.urls import urlpatterns as partnerships
from sharedtable.web.people.urls import urlpatterns as people
from sharedtable.web.plans.urls import urlpatterns as plans
from sharedtable.web.scoping.urls import urlpatterns as scoping
from sharedtable.web.steps.urls import urlpatterns as steps
from sharedtable.web.walk.urls import urlpatterns as walk
from sharedtable.web.wall.urls import urlpatterns as wall
from sharedtable.web.worksheets.urls import urlpatterns as worksheets

urlpatterns = [
    path("", home.home, name="home"),
    path("data/", data.data, name="data"),
    path("data/fetch", data.fetch, name="data-fetch"),
    path("data/incoming/<slug:token>/", data.delivery, name="data-delivery"),
    path("data/incoming/<slug:token>/drop", data.drop, name="data-drop"),
    path("data/incoming/<slug:token>/use", data.use, name="data-use"),
    path("data/studies/<int:number>/", data.study, name="data-study"),
    path("data/template", data.template, name="data-template"),
    path("data/upload", data.upload, name="data-upload"),
    path("healthz", health.healthz, name="healthz"),
    path("industries/", industries.industries, name="industries"),
    path("industries/ranking.<str:kind>", industries.download, name="industries-download"),
    path("language", language.choose_language, name="language"),
    path("notes/add", knowledge.add, name="note-add"),
    path("notes/<int:number>/withdraw", knowledge.withdraw, name="note-withdraw"),
    path("profile/", profile.profile, name="profile"),
    path("profile/profile.<str:kind>", profile.download, name="profile-download"),
    path("regions/", regions.region, name="region"),
    path("regions/read", regions.read, name="region-read"),
    path("regions/save", regions.save, name="region-save"),
    path("regions/text", regions.text, name="region-text"),
    path("regions/<slug:slug>/", regions.saved, name="region-saved"),
    path("regions/<slug:slug>/<int:version>.txt", regions.saved_text, name="region-saved-text"),
    path("sectors/", sectors.sectors, name="sectors"),
    path("sectors/read", sectors.read, name="sectors-read"),
    path("sectors/save", sectors.save, name="sectors-save"),
    path("sectors/text", sectors.text, name="sectors-text"),
    path("sectors/<slug:slug>/", sectors.saved, name="sectors-saved"),
    path("sectors/<slug:slug>/<int:version>.txt", sectors.saved_text, name="sectors-saved-text"),
    path("static/<str:version>/<path:name>", static_files.serve, name="static"),
    path("style", style.style, name="style"),
    *accounts,
    *people,
    *imports,
    *partnerships,
    *letters,
    *library,
    *archive,
    *worksheets,
    *scoping,
    *meetings,
    *wall,
    *connections,
    *outreach_tools,
    *steps,
    *walk,
    *plans,
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
