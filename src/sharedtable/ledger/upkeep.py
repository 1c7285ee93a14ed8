"""What the worker does once a day: keeps the heads of the record, forgets the text of old letters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from sharedtable.ledger import heads, queries
from sharedtable.ledger.models import Lease, Letter
from sharedtable.method.presets import preset


def daily(lease: str) -> bool:
    """Do it if it was not done today, whoever did it; gives whether it was."""
    today = timezone.now().date()
    rows = Lease.objects.filter(name=lease).filter(Q(day=None) | Q(day__lt=today))
    if not rows.exists() or not rows.update(day=today):
        return False
    heads.keep(Path(settings.BACKUPS), today, queries.ends())
    forget_old_texts()
    return True


def forget_old_texts() -> int:
    """Empty the text of letters that are done with and old; that they left, when and to whom, stays."""
    before = timezone.now() - timedelta(days=int(preset("mail_text_days").value))
    done = Letter.objects.exclude(state__in=(Letter.State.HELD, Letter.State.SENDING)).exclude(body="")
    return done.filter(made_at__lt=before).update(body="", stop_address="")
