"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member, of_space

RULES: dict[str, Rule] = {
    "library": Rule("anyone"),
    "library-help": Rule("anyone"),
    "library-paper": Rule("anyone"),
    "library-poster": Rule("anyone"),
    "library-shelf": Rule("anyone"),
    "library-entry": Rule("anyone"),
    "library-entry-paper": Rule("anyone"),
    "library-answer-new": of_space("library.change", "GET", "POST"),
    "library-answer": of_space("library.change", "GET", "POST"),
    "library-answer-away": of_space("library.change", "POST"),
    "library-read": member("library.read", "POST"),
    "story": member("partnerships.see"),
    "story-paper": member("partnerships.see"),
}
