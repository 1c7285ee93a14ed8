"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member, of_space

BOTH, POST = ("GET", "POST"), ("POST",)

RULES: dict[str, Rule] = {
    "talking-points": of_space("worksheets.see"),
    "talk-add": of_space("talks.change", *BOTH),
    "talk-strike": of_space("talks.change", *POST),
    "own-words": of_space("method.change", *BOTH),
    "own-words-add": of_space("method.change", *BOTH),
    "roles-matrix": of_space("worksheets.see"),
    "roles-matrix-download": of_space("worksheets.see"),
    "pathway-definitions": of_space("worksheets.see"),
    "program-rings": of_space("partnerships.see"),
    "outreach-fit": member("partnerships.see"),
    "outreach-fit-decide": member("partnerships.change", *POST),
}
