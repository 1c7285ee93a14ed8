"""What is read of the record itself."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from sharedtable.ledger import heads
from sharedtable.ledger.models import Chain
from sharedtable.ledger.verify import Verdict, of_this_database, verify


def ends() -> list[tuple[int, int, str]]:
    """The end of each chain: space, number, hash."""
    return list(Chain.objects.order_by("space_id").values_list("space_id", "number", "hash"))


def verdict() -> Verdict:
    """Whether the record of this database holds, also against the heads that were kept beside the backups."""
    return verify(of_this_database(), heads.read(Path(settings.BACKUPS)))
