"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member

RULES: dict[str, Rule] = {
    "history": member("ledger.see"),
    "history-csv": member("ledger.see"),
    "archive": member("space.export", "GET", "POST"),
    "archive-own": member("people.export", "GET", "POST"),
}
