"""What whoever closes a meeting has to know: what would be written, whose names do not count, what rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.method.presets import preset
from sharedtable.plans.models import Shelved
from sharedtable.plans.outcome import Outcome, outcome_of
from sharedtable.plans.queries import number_hint
from sharedtable.wall.models import Board


def check(place: Participant) -> dict[str, Any]:
    """What closing now would write down, for the console: the rules are asked here, not in a script."""
    if place.role != Participant.Role.FACILITATOR:
        raise Missing(_("That is not here, or not for you."))
    board = Board.objects.filter(meeting_id=place.meeting_id, kind="main").select_related("meeting").first()
    if board is None:
        raise Missing(_("That is not here, or not for you."))
    found = outcome_of(board)
    return {
        "priorities": [{"n": one.area.number, "title": one.area.title} for one in found.priorities],
        "shelved": [
            {"n": one.area.number, "title": one.area.title, "why": one.why_not, "names": len(one.names)}
            for one in found.shelved
        ],
        "unsaid": [one.area.number for one in found.shelved if one.why_not == Shelved.Reason.NO_WORDS],
        "hidden": found.hidden_count,
        "missing": len(found.peers),
        "left": [{"value": one.value, "says": one.says} for one in _left(found)],
        "hint": number_hint(len(found.priorities)),
        "days": int(preset("second_meeting_days").value),
        "starts": int(place.meeting.starts_at.timestamp() * 1000),
        "rests": [{"title": one.title, "reason": one.get_reason_display()} for one in resting(place.meeting)],
    }


@dataclass(frozen=True)
class Left:
    """A name on an area whose bearer was shown out afterwards. `value`: how a form says that it counts all the same."""

    value: str
    says: str


def _left(found: Outcome) -> list[Left]:
    made = []
    for area, one in found.left:
        who = f"{one.sign.name} ({one.sign.company})" if one.sign.company else one.sign.name
        made.append(
            Left(f"{area.number}:{one.place.pk}", _("%(name)s on “%(area)s”") % {"name": who, "area": area.title})
        )
    return made


def shown_out(actor: Actor, meeting: Meeting) -> list[Left]:
    """The names on areas whose bearers were shown out, for whoever closes the meeting from its page."""
    actor.must("meetings.run", meeting)
    board = Board.objects.filter(meeting=meeting, kind="main").select_related("meeting").first()
    return _left(outcome_of(board)) if board is not None and runs.run(meeting.run).champions else []


def resting(meeting: Meeting) -> list[Shelved]:
    """The areas of earlier meetings that rest: shown at the end of a refresh (E18, H30)."""
    found = Shelved.objects.filter(
        partnership_id=meeting.partnership_id, closing__withdrawn_at=None, ended_at=None
    ).exclude(closing__meeting=meeting)
    return list(found.order_by("made_at", "pk"))


def shelf_of(meeting: Meeting, seen: list[str]) -> list[str]:
    """What a refresh looks at once more: what its wall before left (`seen`) and all that rests, without what was let
    go or is carried by now."""
    if meeting.is_practice:
        return seen
    rests = [one.title for one in resting(meeting)]
    ended = Shelved.objects.filter(
        partnership_id=meeting.partnership_id,
        closing__withdrawn_at=None,
        ended_as__in=(Shelved.End.LET_GO, Shelved.End.TAKEN_UP),
    )
    over = {title.casefold() for title in ended.values_list("title", flat=True)} - {one.casefold() for one in rests}
    listed = {one.casefold() for one in seen}
    return [one for one in seen if one.casefold() not in over] + [one for one in rests if one.casefold() not in listed]
