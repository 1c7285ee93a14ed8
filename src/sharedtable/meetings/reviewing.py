"""The look back at a launch, asked of the support partners who were there (E23)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.round_actions import NewRound, start_round

TOOL = "review-launch"


def review_of(meeting: Meeting) -> Round | None:
    """The round in which this launch is looked back at, when there is one."""
    rounds = Round.objects.filter(
        space_id=meeting.space_id, partnership_id=meeting.partnership_id, tool_id=TOOL, dropped_at=None
    )
    return rounds.filter(made_at__gte=meeting.made_at).order_by("pk").first()


def start_review(*, by: Actor, meeting: Meeting) -> Round:
    """The draft of the review, for the partners who came; looked over before anything is sent. Twice gives the same."""
    by.must("meetings.run", meeting)
    found = review_of(meeting)
    if found is not None:
        return found
    came = Participant.objects.filter(
        meeting=meeting, table="outer", role="partner", admitted_at__isnull=False, removed_at=None
    )
    people = sorted({number for number in came.values_list("person_id", flat=True) if number})
    if not people:
        raise Refused(_("No support partner of the record was at this meeting. Write down who came, then ask them."))
    return start_round(NewRound(TOOL, "private", meeting.partnership, person_ids=people), by=by)
