"""The rows of the policy table for the pages of a data walk. Its live screens stand at the addresses of `wall`."""

from __future__ import annotations

from sharedtable.web.rule import Rule, member

RULES: dict[str, Rule] = {
    "walk": member("meetings.see"),
    "walk-set-up": member("meetings.change", "POST"),
    "walk-strike": member("meetings.run", "POST"),
    "walk-decide": member("partnerships.change", "POST"),
    "live-mark": Rule("place", ("POST",)),
    "live-walk": Rule("place", ("POST",)),
}
