"""Closing a meeting: one transaction writes everything that came out of it into the record. And opening it again."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor, actor_of_user
from sharedtable.accounts.models import User
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.actions import day_of
from sharedtable.meetings.attendance import attendance
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.method.presets import preset
from sharedtable.partnerships.typed import months_later
from sharedtable.plans.models import Card, Champion, Closing, Priority, Shelved, Task
from sharedtable.plans.outcome import Outcome, outcome_of
from sharedtable.plans.timing import start_clock, take_back
from sharedtable.wall.actions import PROGRAM, board_of
from sharedtable.wall.dating import moment_of
from sharedtable.wall.models import Board
from sharedtable.wall.writer import Not, Submission, write

RUN, REOPEN = "meetings.run", "meetings.reopen"
REOPEN_FOR = timedelta(hours=24)
TRIES = 3  # two who write to one meeting may stop each other; the database then lets one of them begin anew


def actor_of_place(place: Participant) -> Actor:
    """Whoever runs a meeting from a place in it. Fails with Missing for a place that does not run it.

    A place that came from an account acts with the rights of that account now. One that did not was given by whoever
    may run the meeting, and may do no more than that.
    """
    if place.role != Participant.Role.FACILITATOR or place.removed_at or place.admitted_at is None:
        raise Missing(_("That is not here, or not for you."))
    if place.user_id:
        user = User.objects.filter(pk=place.user_id).first()
        if user is None:
            raise Missing(_("That is not here, or not for you."))
        return actor_of_user(user, place.space.slug)
    return Actor(
        f"participant:{place.pk}",
        place.name,
        place.space,
        limited={place.meeting.partnership_id: frozenset({"convener"})},
    )


def freeze(*, by: Actor, meeting: Meeting, keep: Collection[tuple[int, int]] = ()) -> Closing | None:
    """Close a meeting for good: nobody writes any more, and what came out of it is in the record.

    `keep`: the area and the place of each name that counts although its bearer was shown out of the meeting.
    Closing it once more changes nothing and gives what the first one wrote. A practice meeting leaves no record: None.
    """
    by.must(RUN, meeting)
    for _try in range(TRIES - 1):
        try:
            with transaction.atomic():
                return _freeze(by, meeting, keep)
        except OperationalError:
            if connection.in_atomic_block:
                raise
    with transaction.atomic():
        return _freeze(by, meeting, keep)


def _freeze(by: Actor, meeting: Meeting, keep: Collection[tuple[int, int]]) -> Closing | None:
    board_of(meeting)
    # The board first, as all who write to it do: no card slips in between reading the wall and closing it.
    board = Board.objects.select_for_update(of=("self",)).select_related("meeting").get(meeting=meeting, kind="main")
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    known = Closing.objects.filter(meeting=kept, withdrawn_at=None).first()
    if kept.frozen_at is not None or known is not None:
        return known
    now = timezone.now()
    found = outcome_of(board, keep)
    stage = _tell(board, "meeting.freeze", keep=[one.area.number for one in found.areas if one.names])
    closing = None if kept.is_practice else _write_down(by, kept, stage, found)
    kept.frozen_at, kept.code, kept.closes_at = now, "", now
    kept.save(update_fields=["frozen_at", "code", "closes_at"])
    record(by=by.ref, verb="meeting.freeze", kind="meeting", object_id=kept.pk, space_id=kept.space_id)
    return closing


def _tell(board: Board, do: str, **more: list[int]) -> dict[str, object]:
    """Put it into the log of the wall, so that every screen hears of it; gives the stage after it."""
    answer = write(board.pk, [Submission(board.pk, PROGRAM, [{"key": uuid.uuid4().hex, "do": do, **more}])])[0][0]
    if isinstance(answer, Not):
        raise Refused(str(answer.turned.sentence))
    return dict(Board.objects.values_list("stage", flat=True).get(pk=board.pk))


def _write_down(by: Actor, meeting: Meeting, stage: dict[str, object], found: Outcome) -> Closing:
    local, zone = str(stage.get("date") or ""), str(stage.get("zone") or "")
    before = _before(meeting)
    came, counts = attendance(meeting)  # each person once, without whoever was taken out
    closing = Closing.objects.create(
        space_id=meeting.space_id,
        partnership_id=meeting.partnership_id,
        meeting=meeting,
        next_local=local if moment_of(local, zone) else "",
        next_zone=zone if moment_of(local, zone) else "",
        sequence=Closing.objects.filter(meeting=meeting).count(),
        companies=sorted(
            {one.place.company for one in came if one.place.table == "inner" and one.place.company}, key=str.casefold
        ),
        inner_count=counts.business_people,
        outer_count=counts.partner_people,
        next_meeting_id=before.next_meeting_id if before else None,
        made_at=timezone.now(),
        made_by=by.ref,
    )
    details = {"inner": closing.inner_count, "outer": closing.outer_count, "companies": len(closing.companies)}
    _record(by, closing, "closing.attendance", details)
    homes = {**_write_priorities(by, closing, found), **_write_shelf(by, closing, meeting, found)}
    _write_cards(by, closing, found, homes)
    _write_tasks(by, closing, found)
    if runs.run(meeting.run).clock:
        start_clock(by, closing, meeting)  # a debrief or a brainstorm is no launch of anything
    return closing


def _before(meeting: Meeting) -> Closing | None:
    """The closing of this meeting that was taken back last."""
    taken_back = Closing.objects.filter(meeting=meeting, withdrawn_at__isnull=False)
    return taken_back.order_by("-withdrawn_at", "-pk").first()


Homes = dict[int, Priority | Shelved]


def _write_priorities(by: Actor, closing: Closing, found: Outcome) -> Homes:
    homes: Homes = {}
    champions = 0
    for position, one in enumerate(found.priorities, 1):
        made = Priority.objects.create(
            space_id=closing.space_id,
            partnership_id=closing.partnership_id,
            closing=closing,
            area_number=one.area.number,
            position=position,
            title=one.area.title,
            said=one.area.notes,
            champions_count=len(one.names),
            business_cards_count=one.business_words,
            made_at=closing.made_at,
            made_by=by.ref,
        )
        homes[one.area.number] = made
        Champion.objects.bulk_create(
            Champion(
                space_id=closing.space_id,
                priority=made,
                participant=name.place,
                person_id=name.place.person_id,
                seat_id=name.place.seat_id,
                name=name.sign.name,
                company=name.sign.company,
                signed_at=name.signed_at,
                made_by=by.ref,
            )
            for name in one.names
        )
        champions += len(one.names)
        _end_resting(closing, one.area.title, Shelved.End.TAKEN_UP)
        # A priority of an earlier meeting that was agreed on anew goes on as the new one.
        _earlier_priorities(closing).filter(ended_at=None, title__iexact=one.area.title).update(
            ended_at=closing.made_at
        )
    _record(by, closing, "priorities.write", {"priorities": len(homes)})
    _record(by, closing, "champions.write", {"champions": champions})
    return homes


def _earlier_priorities(closing: Closing) -> QuerySet[Priority]:
    earlier = Priority.objects.filter(partnership_id=closing.partnership_id, closing__withdrawn_at=None)
    return earlier.exclude(closing=closing)


def _write_shelf(by: Actor, closing: Closing, meeting: Meeting, found: Outcome) -> Homes:
    homes: Homes = {}
    until = months_later(day_of(meeting), int(preset("review_months").value))
    for one in found.shelved:
        _end_resting(closing, one.area.title, Shelved.End.AGAIN)
        homes[one.area.number] = Shelved.objects.create(
            space_id=closing.space_id,
            partnership_id=closing.partnership_id,
            closing=closing,
            area_number=one.area.number,
            title=one.area.title,
            said=one.area.notes,
            reason=one.why_not,
            rests_until=until,
            made_at=closing.made_at,
            made_by=by.ref,
        )
    _record(by, closing, "shelf.write", {"shelved": len(homes)})
    return homes


def _end_resting(closing: Closing, title: str, how: Shelved.End) -> None:
    """An area of an earlier meeting that was put on this wall again rests no longer."""
    Shelved.objects.filter(
        partnership_id=closing.partnership_id, closing__withdrawn_at=None, ended_at=None, title__iexact=title
    ).exclude(closing=closing).update(ended_at=closing.made_at, ended_as=how)


def _write_cards(by: Actor, closing: Closing, found: Outcome, homes: Homes) -> None:
    made = []
    for one in found.words:
        home = None if one.is_parked else homes.get(one.note.cluster)
        made.append(
            Card(
                space_id=closing.space_id,
                closing=closing,
                priority=home if isinstance(home, Priority) else None,
                shelved=home if isinstance(home, Shelved) else None,
                number=one.note.number,
                round=one.note.round,
                text=one.note.text,
                area=one.area,
                answers=one.answers,
                is_parked=one.is_parked,
                participant=one.author,
                table=one.table,
                said_by=one.said_by[:160],
            )
        )
    Card.objects.bulk_create(made, batch_size=500)
    _record(by, closing, "cards.write", {"cards": len(made)})


def _write_tasks(by: Actor, closing: Closing, found: Outcome) -> None:
    """Each peer who was named as missing becomes an invitation to make, once for each name and company."""
    places = {one.pk: one for one in found.places}
    made: dict[tuple[str, str], Task] = {}
    for peer, area in found.peers:
        made.setdefault(
            (peer.name.casefold(), peer.company.casefold()),
            Task(
                space_id=closing.space_id,
                partnership_id=closing.partnership_id,
                closing=closing,
                kind=Task.Kind.INVITATION,
                due_on=due_of(closing),
                name=peer.name,
                company=peer.company,
                area=area,
                suggested_by=places.get(peer.suggested_by),
                made_at=closing.made_at,
                made_by=by.ref,
            ),
        )
    before = _before(closing.meeting)
    for old in before.tasks.filter(kind=Task.Kind.INVITATION) if before else ():
        if again := made.get((old.name.casefold(), old.company.casefold())):  # nobody is looked for twice
            again.person_id, again.organisation_id = old.person_id, old.organisation_id
            again.state, again.ended_at, again.version = old.state, old.ended_at, old.version
    Task.objects.bulk_create(made.values())
    _record(by, closing, "tasks.write", {"tasks": len(made)})


def due_of(closing: Closing) -> date:
    """By when those who are missing should be asked: in time for the next meeting, else with the summary."""
    today = closing.made_at.astimezone(closing.space.zone).date()
    soon = today + timedelta(days=int(preset("summary_days").value))
    starts = moment_of(closing.next_local, closing.next_zone)
    if starts is None:
        return soon
    return max(soon, starts.date() - timedelta(weeks=int(preset("notice_weeks").value)))


def reopen(*, by: Actor, meeting: Meeting, reason: str) -> Meeting:
    """Take a closing back within a day: the meeting goes on, and what was written down is put out of sight.

    The dates that it put on the clock go too, where nobody has worked on them. Who was found for an invitation, and a
    next meeting that was planned, are kept for the closing that comes after.

    Fails with Refused without a reason, after a day, and once something was built on it.
    """
    by.must(REOPEN, meeting)
    why = " ".join(reason.split())[:300]
    if not why:
        raise Refused(_("Say why the meeting is opened again. It stays in the history."))
    with transaction.atomic():
        board_of(meeting)
        board = Board.objects.select_for_update(of=("self",)).get(meeting=meeting, kind="main")
        kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if kept.frozen_at is None:
            raise Refused(_("This meeting is not closed. There is nothing to open again."))
        if timezone.now() - kept.frozen_at > REOPEN_FOR:
            raise Refused(
                _("A meeting can be opened again for a day. Correct the priorities in the record instead; it is kept.")
            )
        closing = Closing.objects.select_for_update(of=("self",)).filter(meeting=kept, withdrawn_at=None).first()
        if closing is not None:
            _withdraw(by, closing, why)
        _tell(board, "meeting.reopen")
        kept.frozen_at = None
        kept.save(update_fields=["frozen_at"])
        record(by=by.ref, verb="meeting.reopen", kind="meeting", object_id=kept.pk, space_id=kept.space_id)
    return kept


def _withdraw(by: Actor, closing: Closing, why: str) -> None:
    if closing.tasks.filter(has_letter=True).exists():
        raise Refused(
            _("An invitation has been drafted from this meeting already. Correct the priorities in the record instead.")
        )
    if any(one.corrections.exists() for one in closing.priorities.all()):
        raise Refused(_("A priority of this meeting was corrected already. Go on in the record instead."))
    if any(one.ended_as in (Shelved.End.LET_GO, Shelved.End.TAKEN_UP) for one in closing.shelved.all()):
        raise Refused(
            _("An area that this meeting put on the shelf was taken up or let go already. Go on in the record instead.")
        )
    take_back(by, closing)
    Shelved.objects.filter(partnership_id=closing.partnership_id, ended_at=closing.made_at).exclude(
        closing=closing
    ).update(ended_at=None, ended_as="")
    _earlier_priorities(closing).filter(ended_at=closing.made_at).update(ended_at=None)
    closing.withdrawn_at, closing.withdrawn_by, closing.reason = timezone.now(), by.ref, why
    closing.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])


def _record(by: Actor, closing: Closing, verb: str, details: dict[str, int]) -> None:
    record(
        by=by.ref, verb=verb, kind="closing", object_id=closing.pk, space_id=closing.space_id, details=details
    )  # fmt: skip
