"""What walls hold about a person that is erased: their name on areas. The log of a board is never changed: the words on
their cards stay in it, under the number of a place that has no name any more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sharedtable.meetings.models import Participant
from sharedtable.wall.models import SignUp


def erase(space: int, person: int) -> None:
    """Take their name off the areas that they signed."""
    places = list(Participant.objects.filter(space_id=space, person_id=person).values_list("pk", flat=True))
    SignUp.objects.filter(space_id=space, participant__in=places).update(name=_("Erased person"), company="")
