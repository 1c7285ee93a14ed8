"""The addresses of the pages about meetings and for joining one."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.meetings import attending, joining, planning, practice, preparing, results, sending

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
    path("s/<slug:space>/meetings/<int:number>/prepare", preparing.prepare, name="meeting-prepare"),
    path("s/<slug:space>/meetings/<int:number>/arrange", preparing.arrange, name="meeting-arrange"),
    path("s/<slug:space>/meetings/<int:number>/facilitator", preparing.facilitator, name="meeting-facilitator"),
    path("s/<slug:space>/meetings/<int:number>/materials", preparing.materials, name="meeting-materials"),
    path("s/<slug:space>/meetings/<int:number>/papers/<slug:paper>.<str:kind>", preparing.paper, name="meeting-paper"),
    path("s/<slug:space>/meetings/<int:number>/meeting.ics", preparing.calendar, name="meeting-calendar"),
    path("s/<slug:space>/meetings/<int:number>/links", sending.links, name="meeting-links"),
    path("s/<slug:space>/meetings/<int:number>/slips", sending.slips, name="meeting-slips"),
    path("s/<slug:space>/meetings/<int:number>/attendance", attending.attendance, name="meeting-attendance"),
    path("s/<slug:space>/meetings/<int:number>/check-in", attending.check_in, name="meeting-check-in"),
    path("s/<slug:space>/meetings/<int:number>/attendance.xlsx", attending.workbook, name="meeting-attendance-file"),
    path("s/<slug:space>/meetings/<int:number>/place", attending.one_place, name="meeting-place"),
    path("s/<slug:space>/meetings/<int:number>/photos", attending.add_photo, name="meeting-photo-add"),
    path("s/<slug:space>/meetings/<int:number>/photos/<int:photo>.jpg", attending.photo, name="meeting-photo"),
    path(
        "s/<slug:space>/meetings/<int:number>/photos/<int:photo>/remove",
        attending.remove_photo,
        name="meeting-photo-remove",
    ),
    path("s/<slug:space>/meetings/<int:number>/review", attending.review, name="meeting-review"),
    path("me/<int:link>/meeting.ics", sending.calendar_by_link, name="link-meeting-calendar"),
    path("j/", joining.code, name="join"),
    path("j/<str:code>/", joining.join, name="join-code"),
    path("j/<str:code>/qr.svg", joining.qr, name="join-qr"),
    path("me/<int:link>/meeting", joining.by_link, name="link-meeting"),
]
