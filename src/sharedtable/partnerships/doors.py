"""The doors through which pages and actions get at one thing: in this space, and allowed, or not here.

Each gives the thing or fails with Missing, alike for what does not exist and for what is somebody else's.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.partnerships.models import Deadline, Decision, MapEntry, Partnership, Seat, TurningPoint
from sharedtable.people.models import Organisation, Person
from sharedtable.privacy import Privacy

SEE, CHANGE = "partnerships.see", "partnerships.change"
Row = TypeVar("Row", bound=models.Model)


def not_here() -> Missing:
    """The one answer for what is not there and for what is not for this person."""
    return Missing(_("That is not here, or not for you."))


def partnership(actor: Actor, slug: str, verb: str = SEE) -> Partnership:
    """The partnership of an address."""
    found = Partnership.objects.filter(space_id=actor.space_id, slug=slug, archived_at=None).first()
    if found is None:
        raise not_here()
    actor.must(verb, found)
    return found


def locked(actor: Actor, partnership: Partnership, verb: str = CHANGE) -> Partnership:
    """The partnership, held for this transaction: two who change its seats or scope go one after the other."""
    found = Partnership.objects.select_for_update().filter(pk=partnership.pk, space_id=actor.space_id).first()
    if found is None:
        raise not_here()
    actor.must(verb, found)
    return found


def one_of(actor: Actor, found: models.QuerySet[Row], pk: int, verb: str = SEE) -> Row:
    """One row of a partnership's own lists."""
    row = found.filter(space_id=actor.space_id, pk=pk).first()
    if row is None:
        raise not_here()
    actor.must(verb, row)
    return row


def seat(actor: Actor, partnership: Partnership, pk: int, verb: str = SEE) -> Seat:
    """A seat of this partnership, held or ended."""
    seats = Seat.objects.filter(partnership=partnership).select_related("person", "organisation", "acts_for__person")
    return one_of(actor, seats, pk, verb)


def decision(actor: Actor, partnership: Partnership, pk: int) -> Decision:
    """A decision that this actor may read: those of the executive committee are the inner table's and conveners'."""
    found = one_of(actor, Decision.objects.filter(partnership=partnership), pk)
    if found.level == Privacy.INNER:
        actor.must("partnerships.inner", found)
    return found


def deadline(actor: Actor, partnership: Partnership, pk: int, verb: str = CHANGE) -> Deadline:
    """A deadline of this partnership."""
    return one_of(actor, Deadline.objects.filter(partnership=partnership), pk, verb)


def map_entry(actor: Actor, partnership: Partnership, pk: int, verb: str = CHANGE) -> MapEntry:
    """What stands, or stood, on the map of this partnership."""
    return one_of(actor, MapEntry.objects.filter(partnership=partnership), pk, verb)


def turning_point(actor: Actor, partnership: Partnership, pk: int, verb: str = CHANGE) -> TurningPoint:
    """A turning point that the team marked, and did not take back."""
    return one_of(actor, TurningPoint.objects.filter(partnership=partnership, ended_at=None), pk, verb)


def person(actor: Actor, pk: int) -> Person:
    """Somebody in the record who can be given a seat or a task."""
    actor.must("people.see")
    found = Person.objects.filter(_live(), space_id=actor.space_id, pk=pk).first()
    if found is None:
        raise not_here()
    return found


def organisation(actor: Actor, pk: int) -> Organisation:
    """An organisation in the record."""
    actor.must("people.see")
    found = Organisation.objects.filter(_live(), space_id=actor.space_id, pk=pk).first()
    if found is None:
        raise not_here()
    return found


def _live() -> Q:
    return Q(archived_at=None, erased_at=None, merged_into=None)
