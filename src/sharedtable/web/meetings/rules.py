"""The rows of the policy table for the pages about meetings and for joining one."""

from __future__ import annotations

from sharedtable.web.rule import Rule, holder, member

PHOTO = 12_500_000  # bytes: a photo as a phone sends it, and the form around it

RULES: dict[str, Rule] = {
    "meetings": member("meetings.see"),
    "meeting-plan": member("meetings.change", "POST"),
    "meeting": member("meetings.see"),
    "meeting-change": member("meetings.change", "POST"),
    "meeting-doors": member("meetings.run", "POST"),
    "meeting-enter": member("meetings.run", "POST"),
    "meeting-practice": member("meetings.change", "POST"),
    "meeting-wipe": member("meetings.run", "POST"),
    "meeting-result": member("meetings.see"),
    "meeting-result-file": member("meetings.see"),
    "meeting-prepare": member("meetings.see"),
    "meeting-arrange": member("meetings.change", "POST"),
    "meeting-facilitator": member("meetings.change", "POST"),
    "meeting-materials": member("meetings.change", "POST"),
    "meeting-paper": member("meetings.see"),
    "meeting-calendar": member("meetings.see"),
    "meeting-links": member("links.make", "GET", "POST"),
    "meeting-slips": member("links.make", "POST"),
    "meeting-attendance": member("meetings.see"),
    "meeting-check-in": member("meetings.run", "POST"),
    "meeting-attendance-file": member("meetings.run"),
    "meeting-place": member("meetings.run", "POST"),
    "meeting-photo-add": member("meetings.run", "POST", body_bytes=PHOTO),
    "meeting-photo": member("meetings.see"),
    "meeting-photo-remove": member("meetings.run", "POST"),
    "meeting-review": member("worksheets.run", "POST"),
    "link-meeting-calendar": holder("meeting", methods=("GET",)),
    "join": Rule("anyone", ("GET", "POST")),
    "join-code": Rule("anyone", ("GET", "POST")),
    "join-qr": Rule("anyone"),
    "link-meeting": holder("meeting"),
}
