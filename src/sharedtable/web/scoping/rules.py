"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member

SEE, CHANGE = "partnerships.see", "partnerships.change"
WHOLE_STATE = 200_000  # a form that carries every county of a large region

RULES: dict[str, Rule] = {
    "scoping": member(SEE),
    "scoping-region": member(SEE),
    "scoping-sector": member(SEE),
    "scoping-launch": member(SEE),
    "scoping-firms": member(SEE),
    "scoping-begin": member(CHANGE, "POST"),
    "scoping-end": member(CHANGE, "POST"),
    "scoping-settle": member(CHANGE, "POST", body_bytes=WHOLE_STATE),
    "partnership-map": member(SEE, "GET", "POST"),
    "map-change": member(CHANGE, "GET", "POST"),
    "map-take-off": member(CHANGE, "POST"),
    "map-download": member(SEE),
}
