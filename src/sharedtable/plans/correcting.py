"""Correcting a priority of the record afterwards: each change keeps what stood there before, and why it was made."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import Seat
from sharedtable.partnerships.typed import months_later
from sharedtable.people.models import Membership
from sharedtable.plans.models import Champion, Correction, Priority, Shelved

CHANGE = "partnerships.change"
What = Correction.What


def correct_words(*, by: Actor, priority: Priority, version: int, title: str, said: str, reason: str) -> Priority:
    """Another name for a priority, or other words about it, from the version that the form showed."""
    name, words = " ".join(title.split())[:80], said.strip()
    why = why_of(reason)
    if not name:
        raise Refused(_("Give the priority a name."))
    with transaction.atomic():
        kept = _locked(by, priority, version)
        for what, before, after in ((What.TITLE, kept.title, name), (What.SAID, kept.said, words)):
            if before != after:
                write_down(by, what, why, before=before, after=after, priority=kept)
        kept.title, kept.said, kept.version = name, words, kept.version + 1
        kept.save(update_fields=["title", "said", "version"])
        _record(by, kept, "priority.correct")
    return kept


def add_champion(*, by: Actor, priority: Priority, version: int, seat: Seat, reason: str) -> Champion:
    """A business leader who said yes afterwards. Only somebody with a seat at the inner table can be one."""
    why = why_of(reason)
    with transaction.atomic():
        kept = _locked(by, priority, version)
        made = put_name_on(by, kept, seat, why)
        _record(by, kept, "priority.champion_on")
    return made


def put_name_on(by: Actor, priority: Priority, seat: Seat, why: str) -> Champion:
    """The name of a business leader on a priority, inside the transaction of an action that has checked the rest."""
    person = seat.person
    if seat.partnership_id != priority.partnership_id or seat.ended_on is not None or person is None:
        raise Missing(_("That is not here, or not for you."))
    if seat.table != Seat.Table.INNER:
        raise Refused(_("Only a business member can be a champion. This person sits at the outer table."))
    if priority.champions.filter(ended_at=None, person=person).exists():
        raise Refused(_("%(name)s is a champion of this priority already.") % {"name": person.name})
    made = Champion.objects.create(
        space_id=by.space_id,
        priority=priority,
        person=person,
        seat=seat,
        name=person.name,
        company=_company(seat),
        signed_at=timezone.now(),
        made_by=by.ref,
    )
    write_down(by, What.CHAMPION_ADDED, why, after=str(made), priority=priority)
    _counted(priority)
    return made


def withdraw_champion(*, by: Actor, champion: Champion, version: int, reason: str) -> Priority:
    """A champion steps back. With the last one the area goes back to the shelf: no champion, no priority."""
    why = why_of(reason)
    with transaction.atomic():
        kept = _locked(by, champion.priority, version)
        gone = kept.champions.select_for_update().filter(pk=champion.pk, ended_at=None).first()
        if gone is None:
            raise Refused(_("That name is not on this priority any more."))
        gone.ended_at = timezone.now()
        gone.save(update_fields=["ended_at"])
        write_down(by, What.CHAMPION_GONE, why, before=str(gone), priority=kept)
        if not kept.champions.filter(ended_at=None).exists():
            _shelve(by, kept)
        _counted(kept)
        _record(by, kept, "priority.champion_off")
    return kept


def _shelve(by: Actor, priority: Priority) -> None:
    now = timezone.now()
    priority.ended_at = now
    rests = Shelved.objects.create(
        space_id=by.space_id,
        partnership_id=priority.partnership_id,
        closing_id=priority.closing_id,
        area_number=priority.area_number,
        title=priority.title,
        said=priority.said,
        reason=Shelved.Reason.STEPPED_BACK,
        rests_until=months_later(timezone.localdate(now, priority.space.zone), int(preset("review_months").value)),
        made_at=now,
        made_by=by.ref,
    )
    priority.cards.update(shelved=rests)


def _counted(priority: Priority) -> None:
    priority.champions_count = priority.champions.filter(ended_at=None).count()
    priority.version += 1
    priority.save(update_fields=["champions_count", "business_cards_count", "version", "ended_at"])


def _locked(by: Actor, priority: Priority, version: int) -> Priority:
    kept = (
        Priority.objects.select_for_update(of=("self",))
        .select_related("closing")
        .filter(pk=priority.pk, space_id=by.space_id)
        .first()
    )
    if kept is None or kept.ended_at is not None or kept.closing.withdrawn_at is not None:
        raise Missing(_("That priority is not here any more."))
    by.must(CHANGE, kept)
    if kept.version != version:
        raise Refused(_("Somebody else changed this priority in the meantime. Look at it and do it again."))
    return kept


def why_of(reason: str) -> str:
    """Why the record is changed, in one line. Fails with Refused without."""
    why = " ".join(reason.split())[:300]
    if not why:
        raise Refused(_("Say why the record is changed. It stays in the history."))
    return why


def _company(seat: Seat) -> str:
    if seat.organisation is not None:
        return seat.organisation.name
    found = Membership.objects.filter(person=seat.person, ended_on=None).select_related("organisation")
    first = found.order_by("-is_main", "-pk").first()
    return first.organisation.name if first else ""


def write_down(
    by: Actor,
    what: Correction.What,
    why: str,
    *,
    before: str = "",
    after: str = "",
    priority: Priority | None = None,
    shelved: Shelved | None = None,
) -> None:
    """Put a change of a priority, or of an area on the shelf, into the history; inside the transaction of an action."""
    Correction.objects.create(
        space_id=by.space_id,
        priority=priority,
        shelved=shelved,
        what=what,
        before=before,
        after=after,
        reason=why,
        made_at=timezone.now(),
        made_by=by.ref,
    )


def _record(by: Actor, priority: Priority, verb: str) -> None:
    record(
        by=by.ref, verb=verb, kind="priority", object_id=priority.pk, space_id=by.space_id,
        details={"version": priority.version},
    )  # fmt: skip
