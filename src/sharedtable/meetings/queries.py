"""Every read of the pages about meetings."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.meetings.joining import Invited, invited
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method import runs
from sharedtable.partnerships.models import Partnership


@dataclass(frozen=True)
class Part:
    """One segment of a run of show, with the minutes of this meeting."""

    id: str
    title: str
    goal: str
    script: tuple[str, ...]
    minutes: int
    usual: int
    source: str


@dataclass(frozen=True)
class MeetingPage:
    """A meeting with its run of show, who is expected and who came."""

    meeting: Meeting
    parts: list[Part]
    invited: list[Invited]
    came: list[Participant]

    @property
    def minutes(self) -> int:
        """How long all segments take together."""
        return sum(part.minutes for part in self.parts)


def meetings_page(actor: Actor) -> tuple[list[Meeting], list[Partnership]]:
    """The meetings of the space, newest first, with how many came; and the partnerships that may have one."""
    actor.must("meetings.see")
    came = Count(
        "participants",
        filter=Q(participants__admitted_at__isnull=False, participants__role__in=("participant", "partner")),
    )
    # The order is said here: a query that counts does without that of its model.
    found = Meeting.objects.filter(space=actor.space).order_by("-starts_at", "-pk").select_related("partnership")
    found = found.annotate(came=came)
    partnerships = Partnership.objects.filter(space=actor.space, archived_at=None)
    return (
        [one for one in found if actor.may("meetings.see", one)],
        [one for one in partnerships if actor.may("meetings.change", one)],
    )


def partnership(actor: Actor, pk: int) -> Partnership:
    """One partnership that the actor may plan meetings of. Fails with Missing."""
    found = Partnership.objects.filter(space=actor.space, pk=pk, archived_at=None).first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    actor.must("meetings.change", found)
    return found


def meeting(actor: Actor, pk: int) -> Meeting:
    """One meeting of the space that the actor may see. Fails with Missing."""
    found = Meeting.objects.filter(space=actor.space, pk=pk).select_related("partnership", "space", "follows").first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    actor.must("meetings.see", found)
    return found


def meeting_page(actor: Actor, pk: int, language: str) -> MeetingPage:
    """All that the page of a meeting shows."""
    found = meeting(actor, pk)
    came = Participant.objects.filter(meeting=found, admitted_at__isnull=False, role__in=("participant", "partner"))
    return MeetingPage(found, parts(found, language), invited(found), list(came))


def parts(meeting: Meeting, language: str) -> list[Part]:
    """The run of show of a meeting in a language, in the order and with the minutes that the team chose."""
    run = runs.run(meeting.run)
    names = [name for name in meeting.order if name in {one.id for one in run.segments}]
    segments = [run.segment(name) for name in names] if names else run.segments
    return [
        Part(
            one.id,
            runs.said(one.titles, language),
            runs.said(one.goals, language),
            runs.said(one.scripts, language),
            int(meeting.minutes.get(one.id, one.minutes)),
            one.minutes,
            one.source,
        )
        for one in segments
    ]
