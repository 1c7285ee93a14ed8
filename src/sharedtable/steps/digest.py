"""The digest for supporters: one letter from decisions, dates and asks, to everybody with a seat in the network (B18).

Everybody gets it once, in their own language; who wants no mail gets none; it waits ten minutes (X20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import Review, review, send_letter
from sharedtable.errors import Refused
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.ledger.models import Letter
from sharedtable.meetings.models import Meeting
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.method.tools import attribution
from sharedtable.partnerships import clock_queries, doors
from sharedtable.partnerships.models import Deadline, Decision, Partnership, Seat
from sharedtable.people.models import Person
from sharedtable.privacy import Privacy
from sharedtable.steps.facts import DIGEST

MOST_ASKS, MOST_WORDS = 8, 1_200
AHEAD = timedelta(days=120)
SEND = "partnerships.change"


@dataclass(frozen=True)
class Chosen:
    """What goes into a digest: numbers of decisions, meetings and dates, asks one a line, and words of one's own."""

    decisions: Sequence[int]
    meetings: Sequence[int]
    dates: Sequence[int]
    asks: Sequence[str] = ()
    words: str = ""


@dataclass(frozen=True)
class DigestPage:
    """What could go into a digest, what is chosen, and the letters that would leave."""

    since: date
    last: date | None
    decisions: Sequence[Decision]
    meetings: Sequence[Meeting]
    dates: Sequence[clock_queries.Due]
    chosen: Chosen
    review: Review
    without_address: Sequence[Person]
    is_empty: bool


def page(by: Actor, partnership: Partnership, chosen: Chosen | None = None) -> DigestPage:
    """The digest as it stands: everything since the last one, unless something is chosen."""
    by.must(SEND, partnership)
    last = _letters(partnership).order_by("-made_at").values_list("made_at", flat=True).first()
    last_on = timezone.localdate(last) if last else None
    weeks = preset("updates_weeks").value
    since = last_on or timezone.localdate() - timedelta(days=int(7 * weeks))
    decisions = list(_decisions(partnership).filter(decided_on__gte=since))
    meetings = list(_meetings(partnership))
    dates = [clock_queries.due(one, timezone.localdate()) for one in _dates(partnership)]
    taken = chosen or Chosen(
        [one.pk for one in decisions], [one.pk for one in meetings], [due.deadline.pk for due in dates]
    )
    people = _people(partnership)
    drafts = _drafts(by, partnership, people, taken, "0")
    return DigestPage(
        since,
        last_on,
        decisions,
        meetings,
        dates,
        taken,
        review(drafts, by=by),
        [person for person in people if not person.email],
        _is_empty(taken),
    )


def send(*, by: Actor, partnership: Partnership, chosen: Chosen, is_sure: bool = False) -> int:
    """Queue the digest, one letter for each supporter who takes mail. Gives how many wait to leave.

    Pressing twice sends once: a second digest on one day is refused, unless the first one was called back.
    """
    by.must(SEND, partnership)
    if _is_empty(chosen):
        raise Refused(_("This digest is empty. Choose a decision or a date, or write an ask."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        today = timezone.localdate()
        if any(timezone.localdate(made) == today for made in _letters(kept).values_list("made_at", flat=True)):
            raise Refused(_("A digest was written today already. Call it back in the outbox first, or wait."))
        turn = str(Letter.objects.filter(space_id=by.space_id, kind=DIGEST, partnership_id=kept.pk).count() + 1)
        looked_at = review(_drafts(by, kept, _people(kept), chosen, turn), by=by)
        if not looked_at.letters:
            raise Refused(_("Nobody in the network of supporters takes mail. Give supporters their seats first."))
        if looked_at.must_confirm_twice and not is_sure:
            raise Refused(_("These are many letters. Go back, tick the box below them, and press the button again."))
        for one in looked_at.letters:
            if isinstance(one, Draft):
                send_letter(by=by, draft=one, batch=f"digest-{kept.pk}-{turn}")
        details = {"letters": looked_at.count, "left_out": len(looked_at.left_out)}
        record(by=by.ref, verb="digest.send", kind="partnership", object_id=kept.pk, space_id=by.space_id,
               details=details)  # fmt: skip
    return looked_at.count


def _letters(partnership: Partnership) -> QuerySet[Letter]:
    found = Letter.objects.filter(space_id=partnership.space_id, kind=DIGEST, partnership_id=partnership.pk)
    return found.exclude(state=Letter.State.CANCELLED)


def _decisions(partnership: Partnership) -> QuerySet[Decision]:
    """Decisions that stand and that are not for the inner table alone: supporters sit outside of it."""
    return partnership.decisions.exclude(level=Privacy.INNER).filter(replaced_by=None).exclude(decided_on=None)


def _meetings(partnership: Partnership) -> QuerySet[Meeting]:
    now = timezone.now()
    found = Meeting.objects.filter(partnership=partnership, is_practice=False, starts_at__gte=now)
    return found.filter(starts_at__lte=now + AHEAD).order_by("starts_at")


def _dates(partnership: Partnership) -> QuerySet[Deadline]:
    today = timezone.localdate()
    inside = [key for key, item in lists.items("clock").items() if item.more.get("kind") == "admin"]  # the team's own
    found = partnership.deadlines.filter(done_on=None, due_on__gte=today, due_on__lte=today + AHEAD)
    found = found.exclude(key="").exclude(key__in=inside)
    return found.order_by("due_on", "id")


def _people(partnership: Partnership) -> list[Person]:
    """Who sits in the network, each person and each address once."""
    seats = Seat.objects.filter(
        partnership=partnership, table=Seat.Table.NETWORK, ended_on=None, person__erased_at=None
    )
    seats = seats.exclude(notice=Seat.Notice.LEFT).exclude(person=None).select_related("person")
    people, addresses = [], set[str]()
    for person in dict.fromkeys(seat.person for seat in seats.order_by("person__name", "id")):
        address = (person.email or "").strip().lower() if person else ""
        if person is None or (address and address in addresses):
            continue
        addresses.add(address)
        people.append(person)
    return people


def _is_empty(chosen: Chosen) -> bool:
    return not (chosen.decisions or chosen.meetings or chosen.dates or any(ask.strip() for ask in chosen.asks))


@dataclass(frozen=True)
class _Content:
    """What is chosen, read once for all letters."""

    decisions: Sequence[Decision]
    meetings: Sequence[Meeting]
    dates: Sequence[Deadline]
    asks: Sequence[str]
    words: str


def _content(partnership: Partnership, chosen: Chosen) -> _Content:
    return _Content(
        list(_decisions(partnership).filter(pk__in=chosen.decisions)),
        list(_meetings(partnership).filter(pk__in=chosen.meetings)),
        list(_dates(partnership).filter(pk__in=chosen.dates)),
        [" ".join(ask.split())[:300] for ask in chosen.asks if ask.strip()][:MOST_ASKS],
        chosen.words.strip()[:MOST_WORDS],
    )


def _drafts(by: Actor, partnership: Partnership, people: Sequence[Person], chosen: Chosen, turn: str) -> list[Draft]:
    content = _content(partnership, chosen)
    return [_draft(by, partnership, person, content, turn) for person in people if person.email]


def _draft(by: Actor, partnership: Partnership, person: Person, content: _Content, turn: str) -> Draft:
    space = partnership.space

    def write() -> Draft:
        return Draft(
            kind=DIGEST,
            key=f"digest:{partnership.pk}:{turn}:{person.pk}",
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=space.reply_to,
            subject=_("News from %(name)s") % {"name": partnership.name},
            body=_body(by, partnership, person, content),
            person_id=person.pk,
            partnership_id=partnership.pk,
            verb=SEND,
        )

    with timezone.override(space.zone):
        return written(person.language, write)


def _body(by: Actor, partnership: Partnership, person: Person, content: _Content) -> str:
    parts = [_("Dear %(name)s,") % {"name": person.name}]
    parts.append(content.words or _("Here is what moved in %(name)s.") % {"name": partnership.name})
    if lines := [f"- {one.question}\n  {one.chosen}" for one in content.decisions]:
        parts.append(_("What was decided") + "\n" + "\n".join(lines))
    days = [
        f"- {date_format(timezone.localtime(one.starts_at), 'DATETIME_FORMAT')}: {one.title}"
        + (f", {one.place}" if one.place else "")
        for one in content.meetings
    ]
    for row in content.dates:
        title = clock_queries.due(row, timezone.localdate()).title
        days.append(f"- {date_format(row.due_on, 'DATE_FORMAT')}: {title}")
    if days:
        parts.append(_("Dates") + "\n" + "\n".join(days))
    if content.asks:
        parts.append(_("What you can do") + "\n" + "\n".join(f"- {one}" for one in content.asks))
    parts.append(_("Thank you,") + f"\n{by.name or partnership.name}")
    parts.append(f"--\n{attribution((get_language() or 'en')[:2])}")
    return "\n\n".join(parts) + "\n"
