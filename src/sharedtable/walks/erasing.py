"""What data walks hold about a person that is erased."""

from __future__ import annotations

from sharedtable.meetings.models import Participant
from sharedtable.studies.models import Voice


def erase(space: int, person: int) -> None:
    """Their words stay beside the figure, as those of nobody."""
    places = Participant.objects.filter(space_id=space, person_id=person).values_list("pk", flat=True)
    Voice.objects.filter(space_id=space, participant_id__in=list(places)).update(participant_id=0, said_by="")
