"""What a team settles before a meeting: the order of its parts, who facilitates it, what lies ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.models import Meeting
from sharedtable.method import lists, runs
from sharedtable.people.models import Person

MOST_MINUTES = 240


def arrange(*, by: Actor, meeting: Meeting, version: int, order: Sequence[str], minutes: Mapping[str, int]) -> Meeting:
    """Set which parts a meeting has, in which order, and how long each takes; from the version that the form showed."""
    by.must("meetings.change", meeting)
    usual = {segment.id: segment.minutes for segment in runs.run(meeting.run).segments}
    if not order:
        raise Refused(_("A meeting needs at least one part. Keep one and save again."))
    if not set(order) | set(minutes) <= set(usual) or len(set(order)) != len(order):
        raise Refused(_("That part is not in this run of show. Load the page again."))
    if not all(1 <= value <= MOST_MINUTES for value in minutes.values()):
        raise Refused(_("Minutes go from 1 to %(most)d. Correct them and save again.") % {"most": MOST_MINUTES})
    with transaction.atomic():
        fresh = _locked(meeting)
        if fresh.version != version:
            raise Refused(_("Somebody else changed this meeting in the meantime. Look at it and save again."))
        fresh.order = [] if list(order) == list(usual) else list(order)
        fresh.minutes = {name: value for name, value in minutes.items() if value != usual[name]}
        fresh.version = version + 1
        fresh.save(update_fields=["order", "minutes", "version"])
        _record(by, "meeting.arrange", fresh, parts=len(order), version=fresh.version)
    return fresh


def choose_facilitator(*, by: Actor, meeting: Meeting, person: Person | None, name: str = "") -> Meeting:
    """Say who facilitates: somebody of the record, or only a name; neither takes the choice back.

    At the console nobody writes a card of their own; see `wall.rules.read_speaker`.
    """
    by.must("meetings.change", meeting)
    typed = "" if person is not None else " ".join(name.split())[:80]
    with transaction.atomic():
        fresh = _locked(meeting)
        fresh.facilitator, fresh.facilitator_name = person, typed
        fresh.save(update_fields=["facilitator", "facilitator_name"])
        _record(by, "meeting.facilitator", fresh, is_named=bool(person or typed))
    return fresh


def tick(*, by: Actor, meeting: Meeting, ready: Sequence[str]) -> Meeting:
    """Say what of the materials list is there. Two people may tick at once: the last list that was sent holds."""
    by.must("meetings.change", meeting)
    known = [name for name in lists.items("materials") if name in set(ready)]
    with transaction.atomic():
        fresh = _locked(meeting)
        fresh.ready = known
        fresh.save(update_fields=["ready"])
        _record(by, "meeting.ready", fresh, ready=len(known))
    return fresh


def _locked(meeting: Meeting) -> Meeting:
    fresh = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if fresh.frozen_at:
        raise Refused(_("This meeting is closed, and its record stays as it is."))
    return fresh


def _record(by: Actor, verb: str, meeting: Meeting, **details: int | bool) -> None:
    record(by=by.ref, verb=verb, kind="meeting", object_id=meeting.pk, space_id=meeting.space_id, details=details)


def facilitator_of(meeting: Meeting) -> str:
    """The name of who facilitates, '' when nobody is chosen."""
    return meeting.facilitator.name if meeting.facilitator else meeting.facilitator_name
