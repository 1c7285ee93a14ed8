"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.accounts.letter_queries import STOP
from sharedtable.ledger.bounces import LONGEST
from sharedtable.web.rule import Rule, holder, member, of_space

RULES: dict[str, Rule] = {
    "letters": member("letters.see"),
    "letters-check": member("letters.see"),
    "letters-review": member("letters.change"),
    "letters-drafts": member("letters.change", "POST"),
    "letters-batch-cancel": member("letters.change", "POST"),
    "letters-bounce": of_space("letters.change", "POST", body_bytes=LONGEST + 10_000),
    "letters-stops": of_space("letters.see"),
    "letters-leave-alone": of_space("letters.change", "POST"),
    "letters-lift": of_space("letters.change", "POST"),
    "letter": member("letters.see"),
    "letter-cancel": member("letters.change", "POST"),
    "letter-again": member("letters.change", "POST"),
    "letter-arrived": member("letters.change", "POST"),
    "mail-folder": Rule("operator"),
    "stop-mail": holder(STOP),
    # One click in a mail program (RFC 8058): the token in the address is the permission.
    "stop-at-once": Rule("anyone", ("GET", "POST")),
}
