"""The rows of the policy table for the pages about meetings and for joining one."""

from __future__ import annotations

from sharedtable.web.rule import Rule, holder, member

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
    "join": Rule("anyone", ("GET", "POST")),
    "join-code": Rule("anyone", ("GET", "POST")),
    "join-qr": Rule("anyone"),
    "link-meeting": holder("meeting"),
}
