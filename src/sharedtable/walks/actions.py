"""Every write of a data walk: setting it up, showing and revealing a figure, what is said after it, the decision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method.guideposts import DATA_POINTS
from sharedtable.partnerships import deciding
from sharedtable.partnerships.models import Decision
from sharedtable.studies import readings
from sharedtable.studies.models import Reading, Voice
from sharedtable.studies.questions import Region, Sector
from sharedtable.walks import figures
from sharedtable.walks.models import Walk
from sharedtable.wall.actions import PROGRAM, board_of
from sharedtable.wall.models import Event
from sharedtable.wall.writer import Not, Submission, write

RUN = "data-walk"
MOST_INDUSTRIES = 6  # more than a room can look at in one meeting


def set_up(
    *, by: Actor, meeting: Meeting, version: int, region: Region, sectors: Sequence[Sector], measures: Sequence[str]
) -> Walk:
    """Choose the industries and the figures of a walk, and freeze them. `version`: the one that the form showed, 0 for
    none. Fails with Refused once the walk has begun, and with Missing where there are no figures."""
    by.must("meetings.change", meeting)
    chosen = [name for name in DATA_POINTS if name in set(measures)]
    if meeting.run != RUN:
        raise Refused(_("This meeting follows another run of show. Plan a data walk for this."))
    if not sectors or not chosen:
        raise Refused(_("Choose at least one industry and one figure."))
    if len(sectors) > MOST_INDUSTRIES or len({one.name for one in sectors}) != len(sectors):
        raise Refused(_("Choose each industry once, and %(most)d at most.") % {"most": MOST_INDUSTRIES})
    industries, stops = figures.frozen(region, sectors, chosen)
    with transaction.atomic():
        if Meeting.objects.select_for_update().get(pk=meeting.pk).frozen_at:
            raise Refused(_("This meeting is closed, and its record stays as it is."))
        walk = Walk.objects.filter(meeting=meeting).first()
        if (walk.version if walk else 0) != version:
            raise Refused(_("Somebody else set up this walk in the meantime. Look at it and choose again."))
        if walk is not None and board_of(meeting).stage.get("stops"):
            raise Refused(_("This walk has begun. Its figures stay as they are; plan another walk for other ones."))
        walk = walk or Walk(space_id=by.space_id, meeting=meeting, version=0)
        walk.region_text, walk.industries, walk.stops = region.to_text(), industries, stops
        walk.version, walk.made_at, walk.made_by = version + 1, timezone.now(), by.ref
        walk.save()
        _record(by.ref, "walk.set_up", meeting, industries=len(industries), stops=len(stops))
    return walk


def show(*, by: Participant, stop: str) -> None:
    """Put a figure on the screen of the room and on every phone."""
    _must_run(by)
    with transaction.atomic():
        walk, one = _stop(by.meeting, stop)
        _tell(by.meeting, "stop.open", stop=stop, options=len(walk.industries) if one.is_choice else 0)
        _record(_ref(by), "walk.show", by.meeting, stop=one.number)


def reveal(*, by: Participant, stop: str) -> Reading:
    """Open the marks of a figure, and put them into the record: from now on they stay beside the figure for good."""
    _must_run(by)
    meeting = by.meeting
    with transaction.atomic():
        walk, one = _stop(meeting, stop)
        number = _tell(meeting, "stop.reveal", stop=stop)
        events = Event.objects.filter(board=board_of(meeting))
        spread = events.get(number=number).payload["spread"]
        reading = readings.keep(
            by=_ref(by),
            space_id=meeting.space_id,
            meeting=(meeting.pk, meeting.title),
            stop=stop,
            region=Region.parse(walk.region_text),
            sector=figures.sector_of(walk, one),
            measure=one.measure,
            year=one.year,
            shown=figures.shown(walk, one),
            counts={"all": spread["all"], "tables": spread["tables"]},
            voices=_voices(meeting, stop),
        )
        _record(_ref(by), "walk.reveal", meeting, stop=one.number, marks=sum(spread["all"].values()))
    return reading


def hear(*, by: Participant, stop: str, text: str, participant: int = 0) -> Voice:
    """Write down what somebody says in the talk after the reveal; it stays beside the figure too."""
    _must_run(by, Participant.Role.SCRIBE)
    meeting = by.meeting
    with transaction.atomic():
        _walk, one = _stop(meeting, stop)
        reading = Reading.objects.filter(space_id=by.space_id, meeting_id=meeting.pk, stop=stop).first()
        if reading is None:
            raise Refused(_("Reveal this figure first. What is said goes beside it then."))
        number = _tell(meeting, "stop.hear", stop=stop, text=text)
        clean = Event.objects.get(board=board_of(meeting), number=number).payload["text"]
        who = Participant.objects.filter(meeting=meeting, pk=participant).first() if participant else None
        name, table = (str(who), who.table) if who else ("", "")
        voice = readings.add(reading, readings.Said(who.pk if who else 0, name, table, "", clean))
        _record(_ref(by), "walk.hear", meeting, stop=one.number)
    return voice


def strike(*, by: Actor, meeting: Meeting, number: int) -> None:
    """Take words off every page that should not stand there. The mark still counts."""
    by.must("meetings.run", meeting)
    with transaction.atomic():
        voice = readings.strike(by.space_id, meeting.pk, number)
        _record(by.ref, "walk.strike", meeting, voice=voice.pk)


def decide(*, by: Actor, meeting: Meeting, wanted: deciding.Wanted) -> Decision:
    """Write down which industry comes first, and which next, as a decision of the partnership. A second one replaces
    the first. Fails with Refused without a day on which to look at it again."""
    by.must("partnerships.change", meeting.partnership)
    if wanted.review_on is None:
        raise Refused(_("Say when you look at this choice again."))
    with transaction.atomic():
        walk = Walk.objects.select_for_update(of=("self",)).filter(space_id=by.space_id, meeting=meeting).first()
        if walk is None:
            raise Missing(_("That is not here, or not for you."))
        made = deciding.decide(by=by, partnership=meeting.partnership, wanted=wanted, replaces=walk.decision)
        walk.decision = made
        walk.save(update_fields=["decision"])
    return made


def _must_run(by: Participant, *also: str) -> None:
    if by.role not in (Participant.Role.FACILITATOR, *also) or by.removed_at or by.admitted_at is None:
        raise Missing(_("That is not here, or not for you."))
    if by.meeting.frozen_at:
        raise Refused(_("This meeting is closed."))


def _stop(meeting: Meeting, stop: str) -> tuple[Walk, figures.Stop]:
    walk = Walk.objects.filter(meeting=meeting).first()
    found = next((one for one in figures.stops(walk, "en") if one.id == stop), None) if walk else None
    if walk is None or found is None:
        raise Missing(_("That figure is not in this walk. Load the page again."))
    return walk, found


def _tell(meeting: Meeting, do: str, **given: Any) -> int:
    """Put it into the log of the board, inside the transaction around it; gives the number of the event."""
    board = board_of(meeting)
    command: Mapping[str, Any] = {"key": uuid.uuid4().hex, "do": do, **given}
    answer = write(board.pk, [Submission(board.pk, PROGRAM, [command])])[0][0]
    if isinstance(answer, Not):
        raise Refused(str(answer.turned.sentence))
    return answer.number


def _voices(meeting: Meeting, stop: str) -> list[readings.Said]:
    """Who marked it how: the last mark of each, as the log has it."""
    rows = Event.objects.filter(board=board_of(meeting), kind="mark.set", payload__stop=stop).order_by("number")
    last = {said["participant"]: said for said in rows.values_list("payload", flat=True)}
    people = Participant.objects.filter(meeting=meeting).in_bulk(list(last))
    return [
        readings.Said(number, str(people.get(number, "")), said["table"], said["mark"], said["text"])
        for number, said in sorted(last.items())
        if said["mark"]
    ]


def _ref(by: Participant) -> str:
    return f"user:{by.user_id}" if by.user_id else f"participant:{by.pk}"


def _record(by: str, verb: str, meeting: Meeting, **details: int) -> None:
    record(by=by, verb=verb, kind="meeting", object_id=meeting.pk, space_id=meeting.space_id, details=details)
