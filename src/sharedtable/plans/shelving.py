"""The shelf between two meetings: an area is let go, put back, or taken up by a business leader. Each on the record."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.partnerships.models import Seat
from sharedtable.plans.correcting import CHANGE, put_name_on, why_of, write_down
from sharedtable.plans.models import Card, Correction, Priority, Shelved

What, End = Correction.What, Shelved.End


def let_go(*, by: Actor, shelved: Shelved, reason: str) -> Shelved:
    """Nobody will carry this area: it is not shown at the next refresh. It can be put back at any time."""
    why = why_of(reason)
    with transaction.atomic():
        kept = _resting(by, shelved)
        _end(kept, End.LET_GO)
        write_down(by, What.LET_GO, why, shelved=kept)
        _record(by, kept, "shelf.let_go")
    return kept


def put_back(*, by: Actor, shelved: Shelved) -> Shelved:
    """Take back that an area was let go: it rests again, and is shown at the next refresh."""
    with transaction.atomic():
        kept = _locked(by, shelved)
        if kept.ended_as != End.LET_GO:
            raise Refused(_("“%(area)s” was not let go. Look at the page again.") % {"area": kept.title})
        kept.ended_at, kept.ended_as = None, ""
        kept.save(update_fields=["ended_at", "ended_as"])
        write_down(by, What.PUT_BACK, "", shelved=kept)
        _record(by, kept, "shelf.put_back")
    return kept


def take_up(*, by: Actor, shelved: Shelved, seat: Seat, reason: str) -> Priority:
    """A business leader puts their name on an area of the shelf: it is a priority, with the cards under it.

    Fails with Refused for somebody of the outer table, and while no card of a business member stands under the area.
    """
    why = why_of(reason)
    with transaction.atomic():
        kept = _resting(by, shelved)
        cards = kept.cards.filter(table=Card.Table.INNER, is_parked=False).count()
        if not cards:
            raise Refused(
                _(
                    "No card of a business member stands under “%(area)s” yet. Put it on the wall of the next meeting: "
                    "a business member says it there in their own words."
                )
                % {"area": kept.title}
            )
        made = _priority(by, kept, cards)
        put_name_on(by, made, seat, why)
        kept.cards.update(priority=made)
        _end(kept, End.TAKEN_UP)
        write_down(by, What.TAKEN_UP, "", shelved=kept, priority=made)  # why, stands beside the name
        _record(by, kept, "shelf.take_up")
    return made


def _priority(by: Actor, shelved: Shelved, cards: int) -> Priority:
    """The priority of an area: the one that it was before its last champion stepped back, or a new one."""
    here = Priority.objects.select_for_update(of=("self",)).filter(closing_id=shelved.closing_id)
    known = here.filter(area_number=shelved.area_number).first()
    if known is not None:
        known.ended_at, known.business_cards_count = None, cards
        return known
    last = Priority.objects.filter(closing_id=shelved.closing_id).aggregate(last=Max("position"))["last"] or 0
    return Priority.objects.create(
        space_id=by.space_id,
        partnership_id=shelved.partnership_id,
        closing_id=shelved.closing_id,
        area_number=shelved.area_number,
        position=last + 1,
        title=shelved.title,
        said=shelved.said,
        champions_count=1,
        business_cards_count=cards,
        made_at=timezone.now(),
        made_by=by.ref,
    )


def _locked(by: Actor, shelved: Shelved) -> Shelved:
    kept = (
        Shelved.objects.select_for_update(of=("self", "closing"))  # the meeting must not be opened again meanwhile
        .select_related("closing")
        .filter(pk=shelved.pk, space_id=by.space_id, closing__withdrawn_at=None)
        .first()
    )
    if kept is None:
        raise Missing(_("That is not here, or not for you."))
    by.must(CHANGE, kept)
    return kept


def _resting(by: Actor, shelved: Shelved) -> Shelved:
    kept = _locked(by, shelved)
    if kept.ended_at is not None:
        raise Refused(_("“%(area)s” is not on the shelf any more. Look at the page again.") % {"area": kept.title})
    return kept


def _end(shelved: Shelved, how: Shelved.End) -> None:
    shelved.ended_at, shelved.ended_as = timezone.now(), how
    shelved.save(update_fields=["ended_at", "ended_as"])


def _record(by: Actor, shelved: Shelved, verb: str) -> None:
    record(by=by.ref, verb=verb, kind="shelved", object_id=shelved.pk, space_id=by.space_id)
