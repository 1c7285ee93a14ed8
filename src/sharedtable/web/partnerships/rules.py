"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, holder, member, of_space

SEE, CHANGE, MAKE = "partnerships.see", "partnerships.change", "partnerships.make"
BOTH, POST = ("GET", "POST"), ("POST",)

RULES: dict[str, Rule] = {
    "space": member("space.see"),
    "partnerships": member(SEE),
    "partnership-begin": of_space(MAKE, *BOTH),
    "partnerships-shared": member("partnerships.shared"),
    "succession": member(SEE),
    "programs": member(SEE),
    "program-add": of_space(CHANGE, *BOTH),
    "program-end": of_space(CHANGE, *POST),
    "company-contacts": of_space("people.see"),
    "company-contact-set": of_space(CHANGE, *BOTH),
    "partnership": member(SEE),
    "partnership-describe": member(CHANGE, *BOTH),
    "partnership-step": member(CHANGE, *POST),
    "partnership-tick": member(CHANGE, *POST),
    "partnership-seats": member(SEE),
    "seat-give": member(CHANGE, *BOTH),
    "partnership-seat": member(SEE),
    "seat-change": member(CHANGE, *BOTH),
    "seat-renew": member(CHANGE, *POST),
    "seat-on-point": member(CHANGE, *POST),
    "seat-end": member(CHANGE, *POST),
    "seat-ask": member("links.make", *BOTH),
    "seat-hand-over": member(CHANGE, *BOTH),
    "convener-hand-over": member(CHANGE, *BOTH),
    "partnership-scope": member(SEE),
    "scope-version": member(CHANGE, *BOTH),
    "scope-good-enough": member(CHANGE, *POST),
    "scope-ready": member(CHANGE, *POST),
    "partnership-companies": member("people.see"),
    "company-mark": member(CHANGE, *POST),
    "companies-download": member("people.export"),
    "partnership-decisions": member(SEE),
    "partnership-decision": member(SEE),
    "decision-make": member(CHANGE, *BOTH),
    "decision-download": member(SEE),
    "partnership-clock": member(SEE, *BOTH),
    "deadline-change": member(CHANGE, *BOTH),
    "partnership-hours": member(SEE, *BOTH),
    "pledge-end": member(CHANGE, *POST),
    "hours-set": member(CHANGE, *POST),
    "partnership-agreement": member(SEE),
    "agreement-write": member(CHANGE, *POST),
    "agreement-ask": member("links.make", *POST),
    "agreement-download": member(SEE),
    "partnership-sharing": member(CHANGE, *BOTH),
    "seat-link": holder("seat", methods=("GET",)),
    "seat-link-act": holder("seat", methods=POST),
    "agreement-link": holder("agreement", methods=BOTH),
}
