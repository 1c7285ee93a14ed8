"""A person's page: who they are, where they work and worked, where each value came from, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import PersonalLink
from sharedtable.ledger.models import Entry, Letter, Suppression
from sharedtable.method.champions import champions
from sharedtable.people import queries
from sharedtable.people.ask_models import Ask
from sharedtable.people.models import Consent, Evidence, FieldSource, Membership, Person, Tie
from sharedtable.people.stopped import stopped
from sharedtable.people.tie_queries import newest_of
from sharedtable.people.tie_reach import visible
from sharedtable.people.values import phone_shown


@dataclass
class Story:
    """What the page shows; a block that the actor may not see is empty, and its `may_…` says so."""

    person: Person
    current: list[Membership]
    earlier: list[Membership]
    may_contact: bool
    may_private: bool
    may_change: bool
    may_ties: bool
    may_erase: bool
    may_send: bool
    may_history: bool
    contact: list[tuple[str, str, str]] = field(default_factory=list)
    sources: dict[str, FieldSource] = field(default_factory=dict)
    all_sources: list[FieldSource] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    tests: list[dict[str, Any]] = field(default_factory=list)
    traits: list[dict[str, Any]] = field(default_factory=list)
    met: int = 0
    consents: list[Consent] = field(default_factory=list)
    stopped: list[Suppression] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    merged: list[Person] = field(default_factory=list)

    @property
    def main(self) -> Membership | None:
        """Where they mainly work now."""
        return self.current[0] if self.current else None

    @property
    def has_described_self(self) -> bool:
        """Whether they said something about themselves; what it is, nobody but they sees."""
        return bool(self.person.self_described)


def story(actor: Actor, pk: int, language: str = "en") -> Story:
    """Everything that the actor may see of one person. Fails with Missing."""
    person = queries.person(actor, pk)
    memberships = list(person.memberships.select_related("organisation").order_by("-is_main", "-started_on", "-pk"))
    made = Story(
        person,
        [one for one in memberships if one.ended_on is None],
        sorted(
            (one for one in memberships if one.ended_on is not None),
            key=lambda one: (one.ended_on, one.pk),
            reverse=True,
        ),
        actor.may("people.contact", person),
        actor.may("people.private", person),
        actor.may("people.change", person),
        actor.may("ties.see"),
        actor.may("people.erase", person),
        actor.may("links.make", person),
        actor.may("ledger.see"),
    )
    if made.may_contact:
        made.contact = _contact(person)
        made.all_sources = list(person.field_sources.select_related("agency"))
        for one in made.all_sources:
            made.sources.setdefault(one.field, one)
        made.stopped = list(stopped(person.email, actor.space_id))
        made.consents = latest_consents(person)
    if made.may_contact and actor.may("letters.see", person):
        made.letters = list(Letter.objects.filter(space_id=actor.space_id, person_id=pk).defer("body")[:10])
    if made.may_ties:
        made.ties = list(
            Tie.objects.filter(visible(actor), person=person, ended_at=None)
            .select_related("agency", "known_by")
            .defer("note")
        )
    if made.may_private:
        _evidence(made, language)
    if made.may_change:
        made.asks = list(person.asks.filter(state=Ask.State.OPEN))
    made.merged = list(person.merged.all())
    return made


def open_asks(actor: Actor) -> list[Ask]:
    """What people asked about their own data and nobody has answered, oldest first."""
    actor.must_in_space("people.change")
    found = Ask.objects.filter(space_id=actor.space_id, state=Ask.State.OPEN).select_related("person")
    return [one for one in found.order_by("made_at") if actor.may("people.change", one.person)]


def latest_consents(person: Person) -> list[Consent]:
    """The newest word on each thing that somebody was asked to agree to."""
    found: dict[str, Consent] = {}
    for one in person.consents.order_by("at", "pk"):
        found[one.key] = one
    return sorted(found.values(), key=lambda one: one.key)


def entries_about(space_id: int, person_id: int, most: int = 200) -> list[Entry]:
    """What the history says about a person, and what they did by their own links, newest first."""
    links = PersonalLink.objects.filter(space_id=space_id, person_id=person_id).values_list("pk", flat=True)
    own = Q(by__in=[f"link:{pk}" for pk in links])
    found = Entry.objects.filter(own | Q(kind="person", object_id=person_id), space_id=space_id)
    return list(found.order_by("-number")[:most])


def _contact(person: Person) -> list[tuple[str, str, str]]:
    """(field, label, shown) of how to reach somebody."""
    rows = [
        ("email", _("Mail"), person.email),
        ("phone", _("Phone"), phone_shown(person.phone) if person.phone else ""),
        ("mobile", _("Mobile"), phone_shown(person.mobile) if person.mobile else ""),
        ("assistant", _("Assistant"), person.assistant),
    ]
    return [row for row in rows if row[2]]


def _evidence(made: Story, language: str) -> None:
    every = list(Evidence.objects.filter(person=made.person))
    newest = newest_of(every)
    signs = champions(language)
    for target, wanted in ((made.tests, signs.tests), (made.traits, signs.traits)):
        for sign in wanted:
            older = [one for one in every if one.key == sign.id and one is not newest.get(sign.id)]
            target.append({"sign": sign, "evidence": newest.get(sign.id), "older": older})
    made.met = sum(1 for row in made.tests if row["evidence"] is not None and row["evidence"].is_met)


def current_of(person: Person) -> list[Membership]:
    """Where somebody works now, the main place first."""
    now = person.memberships.filter(ended_on=None).select_related("organisation")
    return list(now.order_by("-is_main", "-started_on", "-pk"))
