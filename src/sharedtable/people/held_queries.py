"""Everything that is held about a person, for the person: on their page and as a copy that programs read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.exports import Column, rows_to_csv
from sharedtable.ledger.models import Entry, Letter, Suppression
from sharedtable.people import queries
from sharedtable.people.ask_models import Ask
from sharedtable.people.models import Consent, FieldSource, Membership, Person, Tie
from sharedtable.people.person_queries import entries_about, latest_consents
from sharedtable.people.stopped import stopped

# The fields of a person in the order of the page; texts of conveners are said to exist, and are not shown here.
FIELDS = ("name", "email", "phone", "mobile", "assistant", "language")


@dataclass(frozen=True)
class Held:
    """What the page shows to whom it is about."""

    person: Person
    fields: list[tuple[str, str]]
    memberships: list[Membership]
    sources: list[FieldSource]
    consents: list[Consent]
    stopped: list[Suppression]
    letters: list[Letter]
    ties: int
    evidence: int
    has_notes: bool
    asks: list[Ask]
    entries: list[Entry]
    is_on_hold: bool

    @property
    def stopped_levels(self) -> set[str]:
        """At which levels mail is stopped."""
        return {one.level for one in self.stopped}


def held(by: Actor) -> Held:
    """Everything that is held about the holder of a link. Fails with Missing for a link of another purpose."""
    person = queries.holder(by, "held")
    return Held(
        person,
        [(name, getattr(person, name)) for name in FIELDS],
        list(person.memberships.select_related("organisation").order_by("-is_main", "-started_on", "-pk")),
        list(person.field_sources.select_related("agency")),
        latest_consents(person),
        list(stopped(person.email, by.space_id)),
        list(Letter.objects.filter(space_id=by.space_id, person_id=person.pk).defer("body")[:200]),
        Tie.objects.filter(person=person, ended_at=None).count(),
        person.evidence.count(),
        bool(person.notes),
        list(person.asks.all()[:50]),
        entries_about(by.space_id, person.pk),
        bool(person.legal_hold),
    )


def as_rows(found: Held, seats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything as rows of what, name, value, source and day: the copy as a table."""
    person = found.person
    rows: list[dict[str, Any]] = [_row("field", name, value) for name, value in found.fields if value]
    rows += [_row("self_described", key, value) for key, value in sorted(person.self_described.items())]
    rows += [
        _row("membership", one.organisation.name, one.title, one.source, _span(one.started_on, one.ended_on))
        for one in found.memberships
    ]
    rows += [_row("seat", one["partnership"], one["role"], "", one["span"]) for one in seats]
    rows += [
        _row("source", one.field, one.value, f"{one.source} {one.agency or ''}".strip(), day(one.at))
        for one in found.sources
    ]
    rows += [
        _row("consent", one.key, "given" if one.is_given else "withdrawn", one.how, day(one.at))
        for one in found.consents
    ]
    rows += [_row("mail_stopped", one.level, one.cause, "", day(one.at)) for one in found.stopped]
    rows += [_row("letter", one.subject, one.state, one.kind, day(one.made_at)) for one in found.letters]
    rows += [_row("asked", one.field or one.kind, one.value, one.state, day(one.made_at)) for one in found.asks]
    rows += [_row("count", "ties", str(found.ties)), _row("count", "evidence", str(found.evidence))]
    rows += [
        _row("history", one.verb, ", ".join(one.details.get("fields", ())), "", one.at.isoformat())
        for one in found.entries
    ]
    return rows


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """The copy as CSV."""
    keys = ("what", "name", "value", "source", "on")
    return rows_to_csv([Column(key, key, "text") for key in keys], rows)


def as_json(rows: list[dict[str, Any]], person: Person) -> bytes:
    """The copy as JSON."""
    made = {"person": person.pk, "held": rows}
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def day(at: datetime) -> str:
    """The day of an instant in a copy, as the team reads the calendar."""
    return timezone.localdate(at).isoformat()


def _row(what: str, name: str, value: str, source: str = "", on: str = "") -> dict[str, Any]:
    return {"what": what, "name": name, "value": value, "source": source, "on": on}


def _span(start: Any, end: Any) -> str:
    return "/".join(day.isoformat() if day else ".." for day in (start, end))
