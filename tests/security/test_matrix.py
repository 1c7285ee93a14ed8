"""Every route × visitor × method × kind of thing gives what the policy table says, and shows nobody else's marks."""

from __future__ import annotations

import pytest
from django.db import connection

from sharedtable.accounts.permissions import CAN
from sharedtable.web.links import PAGES, SAYS
from sharedtable.web.policy import ROUTES
from tests.security.cases import IS_FULL, PARTS, matrix_problems, routes, sample, unknown_converters
from tests.security.world import value_of


def test_every_converter_of_every_address_has_a_factory():
    assert unknown_converters() == [], (
        "Give each a factory in tests/security/world.py, FACTORIES: a function from a team of the cast to the value "
        "that stands in the address for a thing of that team."
    )


def test_an_unknown_converter_is_told_with_where_to_add_it():
    with pytest.raises(LookupError, match="tests/security/world.py, FACTORIES"):
        value_of("a-new-page", "a_new_thing", None)  # type: ignore[arg-type]


# Pages with forms for whoever may look; the action behind asks for the verb that changes, but where a reason stands.
LOOKS_AND_TAKES = {
    "partnership-clock": "", "partnership-hours": "", "partnership-map": "",
    "person-evidence": "who reads evidence is who writes it",
    "segment-save": "a list of one's own; for the team the action asks for people.change",
    "segment-drop": "a list of one's own; for the team the action asks for people.change",
    "archive": "the button makes a file and an entry in the history", "archive-own": "the same",
}  # fmt: skip
# Pages of a space, not of one partnership, that show a role in one partnership only what is of it, or what is of all.
KNOWS_LIMITS = {
    "history", "history-csv",
    "space", "partnerships", "partnerships-shared", "succession", "programs", "team", "team-roles", "worksheets",
    "worksheet", "worksheet-paper", "worksheet-start", "method", "method-version", "letters", "letters-check",
    "letters-review", "letters-drafts", "letters-batch-cancel", "letter", "letter-cancel", "letter-again",
    "letter-arrived", "round", "round-open", "round-remind", "round-reveal", "round-off", "round-again", "round-group",
    "library-read", "round-slips", "meetings", "meeting-plan", "meeting", "meeting-change", "meeting-doors",
    "meeting-enter", "meeting-practice", "meeting-wipe", "meeting-result", "meeting-result-file", "walk", "walk-set-up",
    "walk-strike", "walk-decide", "meeting-product", "meeting-product-file", "meeting-freeze", "meeting-reopen",
    "meeting-next",
    "meeting-prepare", "meeting-arrange", "meeting-facilitator", "meeting-materials", "meeting-paper",
    "meeting-calendar", "meeting-links", "meeting-slips", "meeting-attendance", "meeting-check-in",
    "meeting-attendance-file", "meeting-place", "meeting-photo-add", "meeting-photo", "meeting-photo-remove",
    "meeting-review",
    "round-group-save", "round-typed", "round-results", "round-download", "round-decide", "round-pledge",
}  # fmt: skip


def structure_problems() -> list[str]:
    """Addresses whose rule does not fit their form."""
    found = []
    for route in routes():
        rule = ROUTES[route.name]
        names = {name for name, _ in route.converters}
        if route.pattern.startswith("s/<slug:space>/") != (rule.who == "member"):
            found.append(f"{route.name}: pages of a space, and only they, are for members")
        if route.pattern.startswith("me/<int:link>/") != (rule.who == "link"):
            found.append(f"{route.name}: pages of a personal link, and only they, are for its holder")
        if names & {"space", "link"} and rule.is_public:
            found.append(f"{route.name}: nothing of a space may be kept by shared caches")
        if (
            rule.who == "member"
            and (rule.verb not in CAN or rule.methods != ("GET",))
            and not (CAN[rule.verb].is_change or set(rule.methods) <= {"GET"} or route.name in LOOKS_AND_TAKES)
        ):
            found.append(f"{route.name}: a page that takes a form asks for a verb that changes something")
        if rule.who == "member" and not rule.is_of_space and "<slug:partnership>" not in route.pattern:
            found += [] if route.name in KNOWS_LIMITS else [f"{route.name}: is it for a role in one partnership alone?"]
        found += [f"{route.name}: unknown purpose {p}" for p in rule.purposes - PAGES.keys()]
    found += [f"purpose {p}: web/links.py SAYS has no sentence for it" for p in PAGES.keys() - SAYS.keys()]
    found += [f"purpose {p}: its page takes it not" for p, name in PAGES.items() if p not in ROUTES[name].purposes]
    return found


def test_the_form_of_an_address_and_its_rule_fit():
    assert structure_problems() == []


# The law of ../shared/security.md, E3, written down a second time: widening a row shows here.
LAW = {
    "space.see": "admin convener agency economist adviser state",
    "space.manage": "admin",
    "space.export": "admin",
    "ledger.see": "admin convener",
    "letters.see": "admin convener",
    "letters.change": "admin convener",
    "people.see": "admin convener agency",
    "people.contact": "admin convener (agency)",
    "people.private": "convener",
    "people.change": "convener (agency)",
    "people.import": "convener (agency)",
    "people.merge": "convener",
    "people.export": "convener (agency)",
    "people.erase": "admin convener",
    "ties.see": "convener (agency)",
    "ties.change": "convener (agency)",
    "links.make": "convener",
    "partnerships.see": "admin convener agency economist adviser",
    "partnerships.shared": "admin convener agency economist adviser state",
    "partnerships.inner": "convener",
    "partnerships.make": "admin convener",
    "partnerships.change": "convener",
    "worksheets.see": "admin convener agency economist adviser",
    "worksheets.run": "convener",
    "worksheets.type": "convener agency",
    "method.change": "admin convener",
    "library.see": "admin convener agency economist adviser state",
    "library.read": "admin convener agency economist adviser state",
    "library.change": "admin convener state",
    "talks.see": "convener (agency)",
    "talks.change": "convener (agency)",
    "meetings.see": "admin convener agency",
    "meetings.change": "convener",
    "meetings.run": "convener",
    "meetings.reopen": "admin convener",
    "facts.see": "admin convener agency economist adviser",
    "facts.define": "admin convener economist",
    "facts.note": "admin convener agency economist",
}


def law_problems() -> list[str]:
    """Verbs whose roles are not those of the law; a new verb is written down too."""
    found = []
    for verb, permit in CAN.items():
        written = sorted(permit.roles) + [f"({role})" for role in sorted(permit.own)]
        if verb in LAW and sorted(LAW[verb].split()) != sorted(written):
            found.append(f"{verb}: {' '.join(written)}, the law says {LAW[verb]}")
        if verb not in LAW:
            found.append(f"{verb}: is new; judge it against the law, and write it down in LAW")
    return found + [f"{verb}: is gone" for verb in LAW.keys() - CAN.keys()]


def test_the_table_of_verbs_is_the_law():
    assert law_problems() == []


def test_the_matrix(every_case, world, settings, tell):
    chosen = sample(every_case)
    if connection.vendor == "postgresql" and not IS_FULL:
        chosen = chosen[::3]  # who may do what does not rest on the database; all of the sample runs on SQLite
    problems = []
    for is_local in (False, True):
        settings.LOCAL = is_local
        here = [case for case in chosen if case.visitor.is_operator is is_local]
        problems += matrix_problems(world, here)
    tell("matrix: cases", len(every_case))
    tell("matrix: asked", len(chosen))
    tell("matrix: routes", len(routes()))
    tell("matrix: wrong", len(problems))
    assert problems == [], "\n".join(problems[:60])
    assert len(chosen) > (20 if connection.vendor == "sqlite" else 6) * len(routes()) / PARTS
