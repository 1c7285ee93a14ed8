"""The look back after a meeting, put to the support partners who were there (E23)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.partnerships import doors
from sharedtable.worksheets import round_actions
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.shelf import shelf
from sharedtable.worksheets.spread import FEWEST_TO_SPLIT

REVIEWS = {"launch": "review-launch", "support-team": "review-team"}  # which look back belongs to which run of show


def review_of(meeting: Meeting) -> Round | None:
    """The round in which this meeting is looked back at, when there is one."""
    found = Round.objects.filter(
        partnership_id=meeting.partnership_id, tool_id=REVIEWS.get(meeting.run, ""), dropped_at=None,
        made_at__gte=meeting.made_at,
    )  # fmt: skip
    return found.order_by("pk").first()


def start_review(*, by: Actor, meeting: Meeting) -> Round:
    """The draft of the look back, with the support partners who were there; the one that there is, if there is one."""
    by.must("worksheets.run", meeting.partnership)
    tool = REVIEWS.get(meeting.run)
    if tool is None:
        raise Refused(_("The method has no look back for this kind of meeting."))
    with transaction.atomic():
        doors.locked(by, meeting.partnership, "worksheets.run")  # pressed twice, it is started once
        if (known := review_of(meeting)) is not None:
            return known
        people = sorted(set(_partners(meeting)))
        if not people:
            raise Refused(_("No support partner of the record was there. Write down who came, then send it."))
        is_anonymous = shelf(by.space_id).tool(tool).sheet("en").is_anonymous and len(people) >= FEWEST_TO_SPLIT
        wanted = round_actions.NewRound(
            tool, Round.Way.PRIVATE, meeting.partnership, is_anonymous=is_anonymous, person_ids=people
        )
        return round_actions.start_round(wanted, by=by)


def _partners(meeting: Meeting) -> list[int]:
    there = Participant.objects.filter(meeting=meeting, admitted_at__isnull=False, removed_at=None, table="outer")
    return [pk for pk in there.values_list("person_id", flat=True) if pk is not None]
