"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member

UPLOAD = 10_500_000  # the largest list and its form

RULES: dict[str, Rule] = {
    "imports": member("people.import", "GET", "POST", body_bytes=UPLOAD),
    "import": member("people.import"),
    "import-columns": member("people.import", "POST"),
    "import-decide": member("people.import", "POST"),
    "import-write": member("people.import", "POST"),
    "import-undo": member("people.import", "GET", "POST"),
    "import-discard": member("people.import", "POST"),
    "import-template": Rule("anyone", is_public=True),
    "import-schema": Rule("anyone", is_public=True),
    "twins": member("people.merge", "GET", "POST"),
    "twin": member("people.merge", "GET", "POST"),
    "twin-part": member("people.merge", "POST"),
}
