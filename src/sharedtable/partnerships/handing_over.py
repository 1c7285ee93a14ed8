"""A convener hands over: the seat with its duties, the data, the letters, and the contacts that agreed (H35)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.ledger.models import Letter
from sharedtable.partnerships import doors, seating
from sharedtable.partnerships.models import Seat
from sharedtable.people.models import Consent, Membership, Organisation, Person


@dataclass(frozen=True)
class Plan:
    """What a hand-over takes along. `contacts`: people on the old organisation's list; `agreed`: those of them who
    agreed to be handed over; `letters_held`: letters of this convener's team that still wait."""

    old_place: Organisation | None
    contacts: int
    agreed: int
    letters_held: int
    deadlines: int


def _place_of(person_id: int | None) -> Organisation | None:
    if person_id is None:
        return None
    found = Membership.objects.filter(person_id=person_id, ended_on=None).select_related("organisation").first()
    return found.organisation if found else None


def _agreed(actor: Actor, place: Organisation) -> list[int]:
    newest = Consent.objects.filter(person_id=OuterRef("pk"), key="hand_over").order_by("-at", "-id")
    people = Person.objects.filter(space_id=actor.space_id, agency=place, erased_at=None)
    return list(
        people.annotate(is_agreed=Subquery(newest.values("is_given")[:1]))
        .filter(is_agreed=True)
        .values_list("pk", flat=True)
    )


def plan(actor: Actor, seat: Seat) -> Plan:
    """What would go along, before anything is done."""
    actor.must("partnerships.change", seat)
    if seat.role != "convener" or seat.ended_on is not None:
        raise doors.not_here()
    place = seat.organisation or _place_of(seat.person_id)
    listed = Person.objects.filter(space_id=actor.space_id, agency=place, erased_at=None).count() if place else 0
    return Plan(
        place,
        listed,
        len(_agreed(actor, place)) if place else 0,
        Letter.objects.filter(space_id=actor.space_id, state=Letter.State.HELD).count(),
        seat.deadlines.filter(done_on=None).count(),
    )


def hand_over_convening(
    *, by: Actor, seat: Seat, to: Person, takes_contacts: bool, letters_are_seen: bool, note: str = ""
) -> Seat:
    """Give convening to somebody else. The seat and its open deadlines go along; contacts only where they agreed.

    Fails with Refused while letters wait that nobody has looked at, or when the new convener breaks a rule.
    """
    by.must("partnerships.change", seat)
    if seat.role != "convener":
        raise doors.not_here()
    with transaction.atomic():
        found = plan(by, seat)
        if found.letters_held and not letters_are_seen:
            raise Refused(
                _("%(count)d letters still wait. Look at them, send or cancel them, and say so here.")
                % {"count": found.letters_held}
            )
        new_place, moved = _place_of(to.pk), 0
        if takes_contacts and found.old_place and new_place and new_place.pk != found.old_place.pk:
            by.must_everywhere("people.change")
            agreed = _agreed(by, found.old_place)
            moved = Person.objects.filter(pk__in=agreed, space_id=by.space_id).update(agency=new_place)
        made = seating.hand_over(by=by, seat=seat, to=to, note=note)
        record(
            by=by.ref,
            verb="convener.hand_over",
            kind="seat",
            object_id=made.pk,
            space_id=by.space_id,
            details={"former": seat.pk, "contacts": moved, "stay": found.contacts - moved},
        )
    return made
