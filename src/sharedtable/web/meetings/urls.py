"""The addresses of the pages about meetings and for joining one."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.meetings import joining, planning, practice, results

urlpatterns: list[URLPattern] = [
    path("s/<slug:space>/meetings/", planning.meetings, name="meetings"),
    path("s/<slug:space>/meetings/plan", planning.plan, name="meeting-plan"),
    path("s/<slug:space>/meetings/practice", practice.begin, name="meeting-practice"),
    path("s/<slug:space>/meetings/<int:number>/wipe", practice.wipe, name="meeting-wipe"),
    path("s/<slug:space>/meetings/<int:number>/result", results.page, name="meeting-result"),
    path("s/<slug:space>/meetings/<int:number>/result.<str:kind>", results.download, name="meeting-result-file"),
    path("s/<slug:space>/meetings/<int:number>/", planning.meeting, name="meeting"),
    path("s/<slug:space>/meetings/<int:number>/change", planning.change, name="meeting-change"),
    path("s/<slug:space>/meetings/<int:number>/doors", planning.doors, name="meeting-doors"),
    path("s/<slug:space>/meetings/<int:number>/enter", planning.enter, name="meeting-enter"),
    path("j/", joining.code, name="join"),
    path("j/<str:code>/", joining.join, name="join-code"),
    path("j/<str:code>/qr.svg", joining.qr, name="join-qr"),
    path("me/<int:link>/meeting", joining.by_link, name="link-meeting"),
]
