"""How people get into a meeting: by its code, by their own link, or written down by whoever runs it; no account.

Which table somebody sits at follows from the record. What a walk-in says about themselves counts only until the record
says otherwise, and whoever runs the meeting sees it before they let them in.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts import limits
from sharedtable.accounts.actors import Actor
from sharedtable.accounts.limits import Limit
from sharedtable.accounts.links import hash_of
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.codes import read_code
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method.runs import run
from sharedtable.partnerships.models import Seat
from sharedtable.people.models import Membership, Organisation

WRONG_OF_ADDRESS = Limit("wrong join code, address", 60, 15 * 60)  # a room full of typing thumbs shares one address
WRONG_OF_ALL = Limit("wrong join code, everywhere", 60, 60)


@dataclass(frozen=True)
class Invited:
    """Somebody on the invitation list, as the page to join shows them."""

    seat_id: int
    name: str
    company: str
    table: str
    title: str = ""
    person_id: int = 0


class TooMany(Missing):
    """Too many wrong codes; it reads like any other wrong code."""


def meeting_of_code(typed: str, *, address: str) -> Meeting:
    """The meeting whose doors this code opens now. A right code is never slowed down.

    Fails with Missing, in the same words whether the code is wrong, too early, too late, or the room is full.
    """
    code, now = read_code(typed), timezone.now()
    meeting = (
        Meeting.objects.select_related("space", "partnership")
        .filter(code=code, opens_at__lte=now, closes_at__gt=now, frozen_at=None, space__closed_at=None)
        .first()
        if code
        else None
    )
    if meeting is not None and not _is_full(meeting):
        return meeting
    in_limits = limits.take(WRONG_OF_ADDRESS, address)
    in_limits = limits.take(WRONG_OF_ALL, "") and in_limits
    sentence = _(
        "That code opens no meeting now. Look at the screen in the room and type it again, or ask at the front."
    )
    raise (Missing if in_limits else TooMany)(sentence)


def _is_full(meeting: Meeting) -> bool:
    return Participant.objects.filter(meeting=meeting, removed_at=None).count() >= meeting.seats


def invited(meeting: Meeting) -> list[Invited]:
    """Who is expected: everybody with a seat that has not ended, of the tables that are let in; to practice, nobody."""
    if meeting.is_practice:
        return []
    seats = (
        Seat.objects.filter(
            partnership_id=meeting.partnership_id, person__isnull=False, table__in=run(meeting.run).admits
        )
        .filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))
        .exclude(notice=Seat.Notice.LEFT)
        .select_related("person", "organisation")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    rows = list(seats)
    works = _works([seat.person_id for seat in rows if seat.person_id])
    return [
        Invited(
            seat.pk,
            seat.person.name if seat.person else "",
            _company(seat, works.get(seat.person_id or 0)),
            seat.table,
            _title(works.get(seat.person_id or 0)),
            seat.person_id or 0,
        )
        for seat in rows
    ]


def _works(people: list[int]) -> dict[int, Membership]:
    """Where each person works now: the main place, else the newest."""
    found = Membership.objects.filter(person_id__in=people, ended_on=None).select_related("organisation")
    return {one.person_id: one for one in reversed(list(found.order_by("-is_main", "-pk")))}


def _company(seat: Seat, work: Membership | None) -> str:
    return seat.organisation.name if seat.organisation else work.organisation.name if work else ""


def _title(work: Membership | None) -> str:
    return work.title if work else ""


def ask(
    *,
    meeting: Meeting,
    seat_id: int = 0,
    name: str = "",
    company: str = "",
    title: str = "",
    is_business: bool = True,
    is_listed: bool = False,
) -> tuple[Participant, str]:
    """Come to the door: from the invitation list, or with a typed name. Gives the place and its token.

    With the lobby off the person is in at once, unless somebody is guessing codes at this moment.
    """
    is_in = not (meeting.has_lobby or limits.is_empty(WRONG_OF_ALL, ""))
    known = next((one for one in invited(meeting) if one.seat_id == seat_id), None) if seat_id else None
    if seat_id and known is None:
        raise Refused(_("That name is not on the list any more. Type your name instead."))
    if known is None:
        name, company = _clean(name, 80), _clean(company, 120)
        if not name:
            raise Refused(_("Type your name, so that people know who speaks."))
        known = _match(meeting, name)
    if known is not None:
        return _make(meeting, _said(known, company, title), is_in=is_in, is_listed=is_listed)
    return _make(meeting, walk_in(meeting, name, company, title, is_business), is_in=is_in, is_listed=is_listed)


def _said(known: Invited, company: str, title: str) -> Invited:
    """Somebody on the list; what the record does not know is as they say it."""
    return replace(known, company=known.company or company, title=known.title or _clean(title, 120))


def walk_in(meeting: Meeting, name: str, company: str, title: str, is_business: bool) -> Invited:
    """Somebody who is not on the list: at which table they sit is as they say, unless the record knows better."""
    table = "inner" if is_business and not _is_support(meeting, company) else "outer"
    return Invited(0, name, company, table, _clean(title, 120))


def meeting_of_link(by: Actor) -> Meeting:
    """The meeting that a personal link is for. Fails with Missing when it is over."""
    if by.purpose != "meeting" or by.object_kind != "meeting":
        raise Missing(_("This link does not work any more. Ask the person who sent it for a new one."))
    meeting = Meeting.objects.filter(space_id=by.space_id, pk=by.object_id, frozen_at=None).first()
    if meeting is None:
        raise Missing(_("This meeting is over, or not here any more."))
    return meeting


def are_open(meeting: Meeting) -> bool:
    """Whether the doors of a meeting are open now."""
    now = timezone.now()
    return bool(meeting.code and meeting.opens_at and meeting.closes_at and meeting.opens_at <= now < meeting.closes_at)


def enter_by_link(*, by: Actor, is_listed: bool = False) -> tuple[Participant, str]:
    """Come in by a personal link for this meeting: the record knows who it is, so nobody has to let them in.

    Only while the doors are open: whoever tries the link a week before, or a mail scanner, has not been there.
    """
    meeting = meeting_of_link(by)
    if not are_open(meeting):
        raise Refused(_("The doors open shortly before the meeting begins. Use this link again then."))
    seat = (
        Seat.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()),
            partnership_id=meeting.partnership_id,
            person_id=by.person_id,
        )
        .exclude(notice=Seat.Notice.LEFT)
        .order_by("table")
        .first()
    )
    if seat is None or seat.person is None:
        raise Missing(_("You have no seat in this partnership any more. Ask the person who sent the link."))
    work = _works([by.person_id]).get(by.person_id)
    table = "inner" if seat.table == "inner" else "outer"
    who = Invited(seat.pk, seat.person.name, _company(seat, work), table, _title(work), by.person_id)
    return _make(meeting, who, is_in=True, is_listed=is_listed, ref=by.ref)


def _make(
    meeting: Meeting, who: Invited, *, is_in: bool, is_listed: bool = False, ref: str = "visitor"
) -> tuple[Participant, str]:
    must_admit(meeting, who.table)
    now, token = timezone.now(), secrets.token_urlsafe(24)
    with transaction.atomic():
        seat = Seat.objects.filter(pk=who.seat_id).first() if who.seat_id else None
        place = Participant.objects.create(
            space_id=meeting.space_id,
            meeting=meeting,
            seat=seat,
            person_id=seat.person_id if seat else None,
            role="participant" if who.table == "inner" else "partner",
            table=who.table,
            name=who.name[:80],
            company=who.company[:120],
            title=who.title[:120],
            is_listed=is_listed,
            token_hash=hash_of(token),
            is_walk_in=seat is None,
            asked_at=now,
            admitted_at=now if is_in else None,
        )
        record(by=ref, verb="meeting.ask", kind="participant", object_id=place.pk, space_id=meeting.space_id)
    return place, token


def must_admit(meeting: Meeting, table: str) -> None:
    """Fails with Refused when this meeting is not for that table, such as the partners' debrief for a business."""
    if table not in run(meeting.run).admits:
        raise Refused(_("This meeting is for the other table. Ask the person who runs it."))


def place_of(token: str, meeting_id: int) -> Participant | None:
    """The place that a token holds in this meeting; None for any other token. Reads only."""
    if not token:
        return None
    found = (
        Participant.objects.select_related("meeting", "space")
        .filter(token_hash=hash_of(token), removed_at=None)
        .first()
    )
    if found is None or found.meeting_id != meeting_id or found.space.closed_at:
        return None
    return found if found.is_admitted else None


def _match(meeting: Meeting, name: str) -> Invited | None:
    """The one on the list with that very name; two of them are nobody."""
    wanted = plain(name)
    found = [one for one in invited(meeting) if plain(one.name) == wanted]
    return found[0] if len(found) == 1 else None


def _is_support(meeting: Meeting, company: str) -> bool:
    """Whether the record knows this organisation as a support partner: then nobody sits with the businesses for it."""
    if not company:
        return False
    kinds = {
        one.kind
        for one in Organisation.objects.filter(space_id=meeting.space_id, name__iexact=company, merged_into=None)
    }
    return bool(kinds) and Organisation.Kind.BUSINESS not in kinds


def plain(text: str) -> str:
    """A text without case, accents and signs, to compare names by."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(sign if sign.isalnum() else " " for sign in folded if not unicodedata.combining(sign)).split()
    )


def _clean(text: str, longest: int) -> str:
    return " ".join("".join(sign for sign in text if sign.isprintable()).split())[:longest]
