"""Personal links for a meeting: one letter to each expected person with an address, a printed slip for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import Review, review, send_letter
from sharedtable.accounts.links import address_of, make_link
from sharedtable.accounts.models import PersonalLink
from sharedtable.errors import Refused
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.ledger.models import Letter
from sharedtable.meetings.joining import Invited, invited
from sharedtable.meetings.models import Meeting
from sharedtable.meetings.queries import parts
from sharedtable.people.models import Person

SAMPLE = "–"  # stands for the token where a letter is only looked at
AFTER = timedelta(days=2)  # a link works until the meeting is over, and a little longer
PURPOSE = "meeting"


@dataclass(frozen=True)
class Slip:
    """A printed slip for one person: their link, to scan or to type."""

    name: str
    company: str
    address: str


@dataclass(frozen=True)
class ToSend:
    """What the page of links shows: who gets a letter, who has one already, who gets paper."""

    review: Review
    have_one: list[str]
    on_paper: list[Invited]


def to_send(*, by: Actor, meeting: Meeting) -> ToSend:
    """Look over what would be sent. Changes nothing."""
    _must(by, meeting)
    people, drafts, have_one, on_paper = _people(meeting), [], [], []
    sent = _sent(meeting)
    for one in _once(invited(meeting)):
        person = people[one.person_id]
        if _key(meeting, person.pk) in sent:
            have_one.append(one.name)
        elif person.email:
            drafts.append(_draft(by, meeting, person, SAMPLE))
        else:
            on_paper.append(one)
    return ToSend(review(drafts, by=by), have_one, on_paper)


def send_links(*, by: Actor, meeting: Meeting) -> int:
    """Send each expected person who has none yet their link; held for ten minutes. Gives how many letters wait now.

    Pressing twice sends once: a letter is known by the meeting and the person.
    """
    _must(by, meeting)
    _must_come(meeting)
    with transaction.atomic():
        Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        people, sent = _people(meeting), _sent(meeting)
        waiting = [
            people[one.person_id]
            for one in _once(invited(meeting))
            if people[one.person_id].email and _key(meeting, one.person_id) not in sent
        ]
        going = {one.person_id for one in review([_draft(by, meeting, p, SAMPLE) for p in waiting], by=by).letters}
        chosen = [person for person in waiting if person.pk in going]
        for person in chosen:
            token = _link(by, meeting, person.pk)
            send_letter(by=by, draft=_draft(by, meeting, person, token), batch=f"meeting-{meeting.pk}-links")
        if chosen:
            _record(by, "meeting.links", meeting, letters=len(chosen))
    return len(chosen)


def slips(*, by: Actor, meeting: Meeting, only_without_address: bool = True) -> list[Slip]:
    """New links for people who get them on paper: those without a mail address, or everybody.

    A slip that was printed before ends, so that a lost one opens nothing.
    """
    _must(by, meeting)
    _must_come(meeting)
    with transaction.atomic():
        people = _people(meeting)
        wanted = [one for one in _once(invited(meeting)) if not (only_without_address and people[one.person_id].email)]
        if not wanted:
            raise Refused(_("Everybody who is expected has a mail address. Send the links by mail."))
        ids = [one.person_id for one in wanted if not people[one.person_id].email]
        PersonalLink.objects.filter(
            space_id=by.space_id, purpose=PURPOSE, object_id=meeting.pk, person_id__in=ids, revoked_at=None
        ).update(revoked_at=timezone.now())
        made = [Slip(one.name, one.company, address_of(_link(by, meeting, one.person_id))) for one in wanted]
        _record(by, "meeting.slips", meeting, slips=len(made))
    return made


def _must(by: Actor, meeting: Meeting) -> None:
    by.must("meetings.run", meeting)
    by.must("links.make", meeting)


def _must_come(meeting: Meeting) -> None:
    if meeting.frozen_at or meeting.starts_at + AFTER < timezone.now():
        raise Refused(_("This meeting is over. A link to it would open nothing."))


def _once(found: Sequence[Invited]) -> list[Invited]:
    """Each person once, also with two seats; the seat at the inner table counts."""
    kept: dict[int, Invited] = {}
    for one in found:
        if one.person_id not in kept or one.table == "inner":
            kept[one.person_id] = one
    return list(kept.values())


def _people(meeting: Meeting) -> dict[int, Person]:
    return Person.objects.in_bulk({one.person_id for one in invited(meeting)})


def _key(meeting: Meeting, person: int) -> str:
    return f"meeting:{meeting.pk}:link:{person}"


def _sent(meeting: Meeting) -> set[str]:
    """The keys of the letters that wait or left; one that was called back may be sent again under its own name."""
    found = Letter.objects.filter(space_id=meeting.space_id, key__startswith=f"meeting:{meeting.pk}:link:")
    return set(found.values_list("key", flat=True))


def _link(by: Actor, meeting: Meeting, person: int) -> str:
    life = max(meeting.starts_at + AFTER - timezone.now(), timedelta(days=1))
    _row, token = make_link(by=by, purpose=PURPOSE, person_id=person, kind="meeting", object_id=meeting.pk, life=life)
    return token


def _draft(by: Actor, meeting: Meeting, person: Person, token: str) -> Draft:

    def write() -> Draft:
        when = meeting.starts_at.astimezone(meeting.space.zone)
        day = f"{date_format(when, 'l')}, {date_format(when, 'DATE_FORMAT')}"
        values = {
            "name": person.given_name or person.name,
            "title": meeting.title,
            "partnership": meeting.partnership.name,
            "day": day,
            "time": f"{date_format(when, 'TIME_FORMAT')} ({when.tzname()})",
            "place": meeting.place,
            "minutes": sum(part.minutes for part in parts(meeting, (get_language() or "en")[:2])),
        }
        link = address_of(token) if token != SAMPLE else _("[their own link]")
        lines = [
            _("Dear %(name)s,") % values,
            _("this is your own link for “%(title)s” of %(partnership)s.") % values,
            _("%(day)s, %(time)s, %(minutes)d minutes") % values + (f"\n{meeting.place}" if meeting.place else ""),
            _("Open it on your phone when the meeting begins. You need no account, and nothing has to be installed:")
            + f"\n{link}",
            _("There you can also put the meeting into your calendar. The link is yours alone."),
            by.name,
        ]
        return Draft(
            kind="meeting",
            key=_key(meeting, person.pk),
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=meeting.space.reply_to,
            subject=_("Your link for %(title)s") % values,
            body="\n\n".join(line for line in lines if line) + "\n",
            person_id=person.pk,
            verb="links.make",
            partnership_id=meeting.partnership_id,
        )

    return written(person.language, write)


def _record(by: Actor, verb: str, meeting: Meeting, **details: int) -> None:
    record(by=by.ref, verb=verb, kind="meeting", object_id=meeting.pk, space_id=meeting.space_id, details=details)
