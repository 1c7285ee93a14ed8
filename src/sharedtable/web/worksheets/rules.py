"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member, of_space
from sharedtable.worksheets.answering import PURPOSE

WHOLE_SHEET = 500_000  # every question of a long worksheet, written full
TOOL_FILES = 200_000

HOLDER = frozenset({PURPOSE})
RULES: dict[str, Rule] = {
    "worksheets": member("worksheets.see"),
    "worksheet": member("worksheets.see"),
    "worksheet-paper": member("worksheets.see"),
    "worksheet-start": member("worksheets.run", "GET", "POST"),
    "method": member("worksheets.see"),
    "method-tool": of_space("method.change", "POST", body_bytes=TOOL_FILES),
    "method-retire": of_space("method.change", "POST"),
    "method-number": of_space("method.change", "POST"),
    "method-version": member("worksheets.run", "POST"),
    "round": member("worksheets.see"),
    "round-open": member("worksheets.run", "POST"),
    "round-slips": member("worksheets.run", "POST"),
    "round-remind": member("worksheets.run", "POST"),
    "round-reveal": member("worksheets.run", "POST"),
    "round-off": member("worksheets.run", "POST"),
    "round-again": member("worksheets.run", "POST"),
    "round-group": member("worksheets.type", "GET", "POST", body_bytes=WHOLE_SHEET),
    "round-group-save": member("worksheets.type", "POST"),
    "round-typed": member("worksheets.type", "GET", "POST", body_bytes=WHOLE_SHEET),
    "round-results": member("worksheets.see"),
    "round-download": member("worksheets.see"),
    "round-decide": member("worksheets.run", "POST"),
    "round-pledge": member("worksheets.run", "POST"),
    "my-worksheet": Rule("link", ("GET", "POST"), body_bytes=WHOLE_SHEET, purposes=HOLDER),
    "my-worksheet-begin": Rule("link", ("POST",), purposes=HOLDER),
    "my-worksheet-save": Rule("link", ("POST",), purposes=HOLDER),
    "my-worksheet-done": Rule("link", ("POST",), body_bytes=WHOLE_SHEET, purposes=HOLDER),
}
