"""The next date that the room chose becomes a planned meeting, so that invitations can go out (E20)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.meetings import actions as meetings
from sharedtable.meetings.models import Meeting
from sharedtable.plans.models import Closing
from sharedtable.wall.dating import moment_of

# What the next meeting follows: after a launch or a refresh champions bring back what they settled, and again after
# that; every other meeting is held anew as it was.
AFTERWARDS = "after-launch"
FOLLOWED = frozenset({"launch", "refresh", AFTERWARDS})


def run_after(run: str) -> str:
    """The run of show that fits the meeting after one of this run."""
    return AFTERWARDS if run in FOLLOWED else run


def next_uid(meeting: Meeting) -> str:
    """What names the meeting after this one in calendars, from the moment at which the room chose its date."""
    return f"next-after-meeting-{meeting.pk}@{urlsplit(settings.SITE_ADDRESS).hostname or 'shared-table'}"


def plan_next(*, by: Actor, closing: Closing) -> Meeting:
    """Plan the meeting for the date that was chosen at the close; once. Its place, run and name can be changed.

    Fails with Refused when no date was chosen. Its own day starts no clock before it is held and closed.
    """
    by.must("meetings.change", closing)
    with transaction.atomic():
        kept = (
            Closing.objects.select_for_update(of=("self",))
            .select_related("meeting", "partnership", "next_meeting")
            .get(pk=closing.pk)
        )
        if kept.withdrawn_at is not None:
            raise Refused(_("This meeting was opened again. Close it first, then plan the next one."))
        if kept.next_meeting is not None:
            return kept.next_meeting
        starts = moment_of(kept.next_local, kept.next_zone)
        if starts is None:
            raise Refused(_("No next date was chosen at this meeting. Plan the next one under Meetings."))
        made = meetings.plan(
            by=by,
            partnership=kept.partnership,
            run=run_after(kept.meeting.run),
            title=_("%(partnership)s: next meeting") % {"partnership": kept.partnership.name},
            place=kept.meeting.place,
            starts_at=starts,
            uid=next_uid(kept.meeting),
        )
        kept.next_meeting = made
        kept.save(update_fields=["next_meeting"])
    return made
