"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member

SEE, CHANGE = "partnerships.see", "partnerships.change"

RULES: dict[str, Rule] = {
    "partnership-timeline": member(SEE),
    "partnership-turning-add": member(CHANGE, "GET", "POST"),
    "partnership-turning": member(CHANGE, "GET", "POST"),
    "partnership-turning-end": member(CHANGE, "POST"),
    "partnership-meetings": member("meetings.see"),
    "work-sessions": member("meetings.see"),
    "work-session-begin": member("meetings.change", "POST"),
    "work-session": member("meetings.see"),
    "work-session-now": member("meetings.change", "POST"),
    "work-session-write": member(CHANGE, "POST"),
    "work-session-result": member("meetings.see"),
    "digest": member(CHANGE),
    "digest-send": member(CHANGE, "POST"),
}
