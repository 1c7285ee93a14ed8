"""The rows of the policy table for the pages of a live meeting. Its lines are in `live.LINES`."""

from __future__ import annotations

from sharedtable.web.rule import Rule

RULES: dict[str, Rule] = {
    "live": Rule("place"),
    "live-wall": Rule("place"),
    "live-console": Rule("place"),
    "live-scribe": Rule("place"),
    "live-attendance": Rule("place"),
    "live-help": Rule("place"),
    "live-write": Rule("place", ("POST",)),
    "live-people": Rule("place", ("POST",)),
    "live-debrief": Rule("place", ("POST",)),
    "live-over": Rule("place", ("POST",)),
    "live-carry": Rule("place", ("POST",)),
}
