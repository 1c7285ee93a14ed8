"""How many letters one person gets, and one team sends, in a day: presets of the method, counted over 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from sharedtable.ledger.models import Letter
from sharedtable.method.presets import preset

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """Which limit is reached, and until when."""

    code: str
    until: datetime


def reached(letter: Letter) -> Limit | None:
    """The limit that keeps a letter waiting; none for an answer to what the person just did."""
    if letter.is_transactional:
        return None
    now = timezone.now()
    left = Letter.objects.filter(state=Letter.State.SENT, sent_at__gt=now - DAY, is_transactional=False)
    return _limit(
        "person-limit", left.filter(to_address__iexact=letter.to_address), int(preset("mail_person_day").value)
    ) or _limit("space-limit", left.filter(space_id=letter.space_id), int(preset("mail_space_day").value))


def _limit(code: str, left: QuerySet[Letter], most: int) -> Limit | None:
    """Reached when `most` letters left within a day; over once the oldest of the last `most` is a day old."""
    newest = list(left.order_by("-sent_at").values_list("sent_at", flat=True)[:most])
    oldest = newest[-1] if len(newest) == most else None
    return None if oldest is None else Limit(code, oldest + DAY)
