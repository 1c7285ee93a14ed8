"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member, of_space

RULES: dict[str, Rule] = {
    "history": member("ledger.see"),
    "history-csv": member("ledger.see"),
    "archive": of_space("space.export", "GET", "POST"),
    "archive-own": of_space("people.export", "GET", "POST"),
}
