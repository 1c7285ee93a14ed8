"""What the holder of a seat does through a personal link, each confirmed by mail and undone from there (A27, A29).

Accept, decline, name a delegate, step back to being kept informed, leave, come back. Nothing is lost: the seat's
history stays, and whoever left can return by the same link.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, act_to_undo, confirm, mark_undone
from sharedtable.errors import Refused
from sharedtable.partnerships import contributing, doors, seating
from sharedtable.partnerships.models import Seat
from sharedtable.partnerships.typed import line
from sharedtable.people.models import Membership, Person

Notice = Seat.Notice
ACTS = (
    "seat.accept",
    "seat.decline",
    "seat.contribute",
    "seat.delegate",
    "seat.active",
    "seat.informed",
    "seat.left",
)


def held_seat(by: Actor) -> Seat:
    """The seat that this personal link is about. Fails with Missing for any other link."""
    found = (
        Seat.objects.select_related("person", "organisation", "partnership", "space")
        .filter(
            space_id=by.space_id,
            pk=by.object_id,
            person_id=by.person_id,
            partnership__archived_at=None,
        )
        .first()
    )
    if by.purpose != "seat" or by.object_kind != "seat" or found is None or found.person is None:
        raise doors.not_here()
    return found


def _locked(by: Actor) -> Seat:
    seat = held_seat(by)
    kept = Seat.objects.select_for_update(of=("self",)).select_related("person", "partnership").get(pk=seat.pk)
    if kept.ended_on is not None and kept.notice != Notice.LEFT:
        raise Refused(_("This seat has ended. Ask whoever wrote to you for a new one."))
    kept.version += 1
    return kept


def _told(by: Actor, key: str, seat: Seat, sentence: Callable[[], str]) -> None:
    person = seat.person
    to = Recipient(person.email, person.name, person.language) if person else Recipient("")
    confirm(by=by, key=key, kind="seat", object_id=seat.pk, sentence=sentence, to=to)


def _remember(seat: Seat, key: str, **fields: Any) -> None:
    seat.before = {**seat.before, key: fields}


def answer(*, by: Actor, is_yes: bool) -> Seat:
    """Accept or decline the seat; either can be changed later."""
    with transaction.atomic():
        seat = _locked(by)
        if seat.ended_on is not None:
            raise Refused(_("You left this seat. Come back first, then say yes."))
        key = "seat.accept" if is_yes else "seat.decline"
        _remember(seat, key, is_accepted=seat.is_accepted)
        seat.is_accepted, seat.answered_at = is_yes, timezone.now()
        seat.save(update_fields=["is_accepted", "answered_at", "before", "version"])

        def said() -> str:
            sentence = (
                _("You accepted the seat “%(role)s” in %(partnership)s.")
                if is_yes
                else _("You declined the seat “%(role)s” in %(partnership)s.")
            )
            return sentence % _words(seat)

        _told(by, key, seat, said)
    return seat


def contribute(*, by: Actor, words: str) -> Seat:
    """Say what one brings to the support team (A18); it counts as a yes."""
    with transaction.atomic():
        seat = _locked(by)
        if seat.ended_on is not None:
            raise Refused(_("You left this seat. Come back first, then say yes."))
        _remember(seat, "seat.contribute", contribution=seat.contribution, is_accepted=seat.is_accepted)
        seat.contribution = line(words, 300, _("What you bring"), is_needed=True)
        seat.is_accepted, seat.answered_at = True, timezone.now()
        seat.save(update_fields=["contribution", "is_accepted", "answered_at", "before", "version"])
        contributing.follow(seat, ref=by.ref)
        _told(by, "seat.contribute", seat, lambda: _("You said what you bring to %(partnership)s.") % _words(seat))
    return seat


def set_notice(*, by: Actor, notice: str) -> Seat:
    """Take part, be kept informed, or leave; the seat's history stays, and one can come back (A29)."""
    if notice not in Notice.values:
        raise Refused(_("Choose to take part, to be kept informed, or to leave."))
    with transaction.atomic():
        seat = _locked(by)
        key = f"seat.{notice}"
        acting = list(seat.delegates.filter(ended_on=None).values_list("pk", flat=True))
        _remember(seat, key, notice=seat.notice, ended_on=_day(seat), delegates=acting)
        was_away, seat.notice = seat.ended_on is not None, notice
        if notice == Notice.LEFT:
            seating.end(seat)
        else:
            if was_away:
                _check_return(seat)
            seat.ended_on = None
            seat.save(update_fields=["notice", "ended_on", "before", "version"])
            contributing.follow(seat, ref=by.ref)

        def said() -> str:
            sentences = {
                Notice.ACTIVE: _("You take part in %(partnership)s again."),
                Notice.INFORMED: _("You stepped back from %(partnership)s and will be kept informed."),
                Notice.LEFT: _("You left %(partnership)s. What you did there stays on record."),
            }
            return sentences[Notice(notice)] % _words(seat)

        _told(by, key, seat, said)
    return seat


def _day(seat: Seat) -> str | None:
    return seat.ended_on.isoformat() if seat.ended_on else None


def _check_return(seat: Seat) -> None:
    seating.check_table(seating.role_of(seat.role), seat.partnership, seat.person, seat.organisation)
    twin = Seat.objects.filter(
        seating.live(seat.partnership), person=seat.person, role=seat.role, area=seat.area
    ).exclude(pk=seat.pk)
    if twin.exists():
        raise Refused(_("You hold a newer seat of the same kind already."))


def colleagues(by: Actor) -> list[Person]:
    """The people of the holder's own organisation, from whom a delegate can be chosen: names only."""
    seat = held_seat(by)
    places = Membership.objects.filter(person=seat.person, ended_on=None).values("organisation_id")
    live = Q(archived_at=None, erased_at=None, merged_into=None)
    found = Person.objects.filter(
        live, space_id=by.space_id, memberships__organisation__in=places, memberships__ended_on=None
    )
    return list(found.exclude(pk=by.person_id).distinct()[:200])


def name_delegate(*, by: Actor, person_id: int) -> Seat:
    """Somebody of the same organisation acts for the holder: takes on the tasks, not the vote (A27)."""
    with transaction.atomic():
        seat = _locked(by)
        chosen = next((one for one in colleagues(by) if one.pk == person_id), None)
        if chosen is None:
            raise Refused(_("Choose somebody of your own organization."))
        role = seating.role_of("delegate")
        if seat.role not in role.more["acts_for"] or seat.ended_on is not None:
            raise Refused(_("A delegate can only act for a seat at the inner table."))
        seating.check_table(role, seat.partnership, chosen, None)
        if Seat.objects.filter(acts_for=seat, person=chosen, ended_on=None).exists():
            raise Refused(_("%(name)s acts for you already.") % {"name": chosen.name})
        made = Seat.objects.create(
            space_id=by.space_id,
            partnership=seat.partnership,
            person=chosen,
            table=role.more["table"],
            role=role.id,
            area=seat.area,
            duties=seat.duties,
            acts_for=seat,
            started_on=timezone.localdate(),
            ends_on=seat.ends_on,
            made_at=timezone.now(),
            made_by=by.ref,
        )

        def said() -> str:
            sentence = _("%(name)s acts for you in %(partnership)s: takes on your tasks, not your vote.")
            return sentence % {"name": chosen.name, **_words(seat)}

        _told(by, "seat.delegate", made, said)
    return made


def _words(seat: Seat) -> dict[str, str]:
    """For a sentence, in the language that is active."""
    language = (get_language() or "en")[:2]
    return {"role": seating.role_of(seat.role).title(language), "partnership": seat.partnership.name}


def undo(object_id: int, by: Actor) -> None:
    """Take back what was done to a seat through a link, from the mail that confirmed it."""
    with transaction.atomic():
        act = act_to_undo(by)
        seat = Seat.objects.select_for_update(of=("self",)).filter(space_id=by.space_id, pk=object_id).first()
        if seat is None or act.object_id != object_id:
            raise doors.not_here()
        if act.key == "seat.delegate":
            seat.ended_on = seat.ended_on or timezone.localdate()
            seat.save(update_fields=["ended_on"])
        else:
            _restore(seat, dict(seat.before.get(act.key, {})))
            contributing.follow(seat, ref=by.ref)
        mark_undone(act, by=by)


def _restore(seat: Seat, before: dict[str, Any]) -> None:
    acting = before.pop("delegates", [])
    if before.get("ended_on"):
        before["ended_on"] = date.fromisoformat(before["ended_on"])
    elif "ended_on" in before and seat.ended_on is not None:
        _check_return(seat)
        Seat.objects.filter(pk__in=acting, acts_for=seat, ended_on=seat.ended_on).update(ended_on=None)
    for field, value in before.items():
        setattr(seat, field, value)
    seat.version += 1
    seat.save(update_fields=[*before, "version"])
