"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.steps import digest, meetings, session, timeline

P = "s/<slug:space>/p/<slug:partnership>/"

urlpatterns: list[URLPattern] = [
    path(P + "timeline/", timeline.timeline, name="partnership-timeline"),
    path(P + "timeline/points/add", timeline.add_point, name="partnership-turning-add"),
    path(P + "timeline/points/<int:point>/", timeline.change_point, name="partnership-turning"),
    path(P + "timeline/points/<int:point>/end", timeline.end_point, name="partnership-turning-end"),
    path(P + "meetings/", meetings.of_partnership, name="partnership-meetings"),
    path(P + "sessions/", session.sessions, name="work-sessions"),
    path(P + "sessions/begin", session.begin, name="work-session-begin"),
    path(P + "sessions/<int:meeting>/", session.session, name="work-session"),
    path(P + "sessions/<int:meeting>/now", session.now, name="work-session-now"),
    path(P + "sessions/<int:meeting>/write", session.write, name="work-session-write"),
    path(P + "sessions/<int:meeting>/written", session.result, name="work-session-result"),
    path(P + "digest/", digest.digest, name="digest"),
    path(P + "digest/send", digest.send, name="digest-send"),
]
