"""What conveners write down about people in confidence: evidence (A07, A08), ties (D04), what somebody agreed to."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method.champions import champions
from sharedtable.people import queries
from sharedtable.people.models import Consent, Evidence, Person, Tie
from sharedtable.people.values import many_lines

STRENGTHS = (1, 2, 3)
# What people are asked to agree to; who writes a consent down names one of these.
CONSENTS = ("contact_shown", "listed_as_member", "news", "photo", "hand_over")


def add_evidence(*, by: Actor, person_id: int, key: str, is_met: bool | None, text: str) -> Evidence:
    """What was seen of one test or trait. The newest entry of a key counts; older ones stay to be read."""
    if key not in champions().signs:
        raise Missing(_("There is no such test or trait."))
    with transaction.atomic():
        person = _usable(by, person_id, "people.private")
        made = Evidence.objects.create(
            space_id=by.space_id,
            person=person,
            key=key,
            is_met=is_met,
            text=many_lines(text)[:4_000],
            made_by=by.ref,
            made_at=timezone.now(),
        )
        _record(by, person, "evidence.add", {"key": key, "is_met": is_met})
    return made


def set_tie(
    *, by: Actor, person_id: int, agency_id: int, strength: int, note: str = "", known_by_id: int = 0
) -> Tie | None:
    """An agency, or one person in it, knows somebody this well (1 to 3); 0 ends the tie. Older ones stay as history."""
    if strength not in (0, *STRENGTHS):
        raise Refused(_("Choose how well they know each other."))
    with transaction.atomic():
        person = _usable(by, person_id, "people.see")
        agency = queries.organisation(by, agency_id)
        knower = queries.person(by, known_by_id) if known_by_id else None
        made = Tie(
            space_id=by.space_id,
            person=person,
            agency=agency,
            known_by=knower,
            strength_rating=strength or 1,
            note=many_lines(note)[:2_000],
            made_by=by.ref,
            made_at=timezone.now(),
        )
        by.must("ties.change", made)
        end_ties(by.space_id, person.pk, agency.pk, knower.pk if knower else None)
        if strength:
            made.save(force_insert=True)
        _record(by, person, "tie.set", {"agency": agency.pk, "strength": strength})
    return made if strength else None


def end_ties(space_id: int, person_id: int, agency_id: int, known_by_id: int | None) -> list[int]:
    """End the live ties between these; gives their numbers."""
    live = Tie.objects.filter(
        space_id=space_id, person_id=person_id, agency_id=agency_id, known_by_id=known_by_id, ended_at=None
    )
    ended = list(live.values_list("pk", flat=True))
    live.update(ended_at=timezone.now())
    return ended


def set_consent(*, by: Actor, person_id: int, key: str, is_given: bool, how: str) -> Consent:
    """A convener writes down what somebody agreed to or took back, and how they said so."""
    if key not in CONSENTS:
        raise Missing(_("Nobody is asked to agree to that."))
    if not how.strip():
        raise Refused(_("Say how they told you: on the phone, by mail, on a form."))
    with transaction.atomic():
        person = _usable(by, person_id, "people.change")
        made = keep_consent(person, key=key, is_given=is_given, how=how, ref=by.ref)
        _record(by, person, "consent.set", {"key": key, "is_given": is_given})
    return made


def keep_consent(person: Person, *, key: str, is_given: bool, how: str, ref: str) -> Consent:
    """One row of consent, and what follows from it. Inside the transaction of an action that has checked."""
    if key == "contact_shown" and person.shows_contact != is_given:
        Person.objects.filter(pk=person.pk).update(shows_contact=is_given)
    return Consent.objects.create(
        space_id=person.space_id, person=person, key=key, is_given=is_given, how=how.strip()[:200], at=timezone.now(),
        by=ref,
    )  # fmt: skip


def _usable(by: Actor, person_id: int, verb: str) -> Person:
    person = queries.person(by, person_id, verb)
    queries.usable(person)
    return person


def _record(by: Actor, person: Person, verb: str, details: Mapping[str, object]) -> None:
    record(by=by.ref, verb=verb, kind="person", object_id=person.pk, space_id=by.space_id, details=details)
