"""The rows of the policy table for the pages about what came out of meetings."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member

SEE, CHANGE = "partnerships.see", "partnerships.change"
POST = "POST"

RULES: dict[str, Rule] = {
    "live-check": Rule("place"),
    "live-close": Rule("place", (POST,)),
    "live-thanks": Rule("place"),
    "live-next": Rule("place"),
    "live-product": Rule("place"),
    "meeting-product": member("meetings.see"),
    "meeting-product-file": member("meetings.see"),
    "meeting-freeze": member("meetings.run", POST),
    "meeting-next": member("meetings.change", POST),
    "meeting-reopen": member("meetings.reopen", POST),
    "partnership-priorities": member(SEE),
    "priority": member(SEE),
    "priority-correct": member(CHANGE, POST),
    "priority-champion": member(CHANGE, POST),
    "champion-withdraw": member(CHANGE, POST),
    **dict.fromkeys(("shelf-take-up", "shelf-let-go", "shelf-put-back"), member(CHANGE, POST)),
    "partnership-missing": member(CHANGE),
    "missing-task": member(CHANGE, "GET", POST),
    "missing-invite": member(CHANGE, "GET", POST),
    "task-add": member(CHANGE, POST),
    "task-end": member(CHANGE, POST),
}
