"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.letters import folder, letters, one, stop, stops

urlpatterns: list[URLPattern] = [
    path("s/<slug:space>/letters/", letters.letters, name="letters"),
    path("s/<slug:space>/letters/check", letters.check, name="letters-check"),
    path("s/<slug:space>/letters/review", letters.review, name="letters-review"),
    path("s/<slug:space>/letters/drafts", letters.drafts, name="letters-drafts"),
    path("s/<slug:space>/letters/call-back", letters.cancel_batch, name="letters-batch-cancel"),
    path("s/<slug:space>/letters/came-back", stops.bounce, name="letters-bounce"),
    path("s/<slug:space>/letters/no-mail/", stops.stops, name="letters-stops"),
    path("s/<slug:space>/letters/no-mail/add", stops.leave_alone, name="letters-leave-alone"),
    path("s/<slug:space>/letters/no-mail/lift", stops.lift, name="letters-lift"),
    path("s/<slug:space>/letters/<int:number>/", one.letter, name="letter"),
    path("s/<slug:space>/letters/<int:number>/cancel", one.cancel, name="letter-cancel"),
    path("s/<slug:space>/letters/<int:number>/again", one.again, name="letter-again"),
    path("s/<slug:space>/letters/<int:number>/arrived", one.arrived, name="letter-arrived"),
    path("mail/", folder.folder, name="mail-folder"),
    path("me/<int:link>/stop/", stop.stop, name="stop-mail"),
    path("stop/<str:token>", stop.at_once, name="stop-at-once"),
]
