"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.people.actions.telling import PURPOSE
from sharedtable.web.rule import Rule, holder, member, of_space

RULES: dict[str, Rule] = {
    "partnership-connections": member("people.see"),
    "connections-ask": member("links.make", "POST"),
    "connections-download": member("people.see"),
    "told-ties": of_space("people.merge", "GET", "POST"),
    "my-connections": holder(PURPOSE),
    "my-connections-shown": holder(PURPOSE, methods=("POST",)),
}
