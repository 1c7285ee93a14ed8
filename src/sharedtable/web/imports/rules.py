"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, of_space

UPLOAD = 10_500_000  # the largest list and its form

RULES: dict[str, Rule] = {
    "imports": of_space("people.import", "GET", "POST", body_bytes=UPLOAD),
    "import": of_space("people.import"),
    "import-columns": of_space("people.import", "POST"),
    "import-decide": of_space("people.import", "POST"),
    "import-write": of_space("people.import", "POST"),
    "import-undo": of_space("people.import", "GET", "POST"),
    "import-discard": of_space("people.import", "POST"),
    "import-template": Rule("anyone", is_public=True),
    "import-schema": Rule("anyone", is_public=True),
    "twins": of_space("people.merge", "GET", "POST"),
    "twin": of_space("people.merge", "GET", "POST"),
    "twin-part": of_space("people.merge", "POST"),
}
