"""What meetings hold about a person that is erased."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.meetings.models import Participant


def erase(space: int, person: int) -> None:
    """Their places keep the table at which they sat, and lose their name, company, title and way in."""
    places = Participant.objects.filter(space_id=space, person_id=person)
    places.filter(removed_at=None).update(removed_at=timezone.now())
    places.update(name=_("Erased person"), company="", title="", is_listed=False, token_hash=None)
