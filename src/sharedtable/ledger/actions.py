"""Every write to the ledger: an entry for what happened, a letter for what must be sent."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from sharedtable.ledger.models import INSTALLATION, Chain, Entry, Letter

HOLD = timedelta(minutes=10)  # convention X20: time to think again before a letter leaves
_CODE = re.compile(r"[\w.:@/+-]{0,80}", re.ASCII)


def record(
    *,
    by: str,
    verb: str,
    kind: str,
    object_id: int | None = None,
    space_id: int | None = INSTALLATION,
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Write down that something happened, at the end of the space's chain; inside the transaction that does it.

    `details` may hold codes, numbers, truths and lists of them (names of fields, ids, versions). Anything that looks
    like a text is a ValueError, so that what people wrote cannot reach the ledger.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An entry belongs into the transaction of what it records.")
    said = dict(details or {})
    for name, value in said.items():
        if not _is_code(value):
            raise ValueError(f"The detail {name!r} of {verb!r} is a text; the ledger takes codes and numbers only.")
    space = INSTALLATION if space_id is None else space_id
    end, _made = Chain.objects.select_for_update().get_or_create(space_id=space)
    entry = Entry(
        space_id=space,
        number=end.number + 1,
        at=timezone.now(),
        by=by,
        verb=verb,
        kind=kind,
        object_id=object_id,
        details=said,
        previous=end.hash,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    end.number, end.hash = entry.number, entry.hash
    end.save(update_fields=["number", "hash"])
    return entry


def digest(entry: Entry) -> str:
    """SHA-256 of an entry and of the hash before it, in one canonical form."""
    parts = [
        entry.previous,
        entry.space_id,
        entry.number,
        entry.at.isoformat(),
        entry.by,
        entry.verb,
        entry.kind,
        entry.object_id,
        entry.details,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _is_code(value: Any) -> bool:
    if value is None or isinstance(value, bool | int):
        return True
    if isinstance(value, float):
        return abs(value) < 1e15  # beyond it PostgreSQL gives back another spelling, and the hash would not hold
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return isinstance(value, Sequence) and all(_is_code(one) for one in value)


@dataclass(frozen=True)
class Draft:
    """A letter before it is queued. `key` names it once for all: the same key again queues nothing.

    `verb`: the right under which it is sent, asked for again when it leaves (none: any live role in the space).
    `is_transactional`: it answers something that the person just did, so no limit and no "write me nothing" holds it.
    `is_secret`: its text is forgotten once it left. `stop_address`: where one click ends such letters.
    """

    kind: str
    key: str
    to_address: str
    subject: str
    body: str
    to_name: str = ""
    from_name: str = ""
    reply_to: str = ""
    language: str = "en"
    person_id: int | None = None
    is_transactional: bool = False
    is_secret: bool = False
    verb: str = ""
    partnership_id: int = 0
    stop_address: str = ""


def queue(draft: Draft, *, by: str, space_id: int, batch: str = "", hold: timedelta = HOLD) -> Letter:
    """Put one letter into the outbox, held for ten minutes unless said otherwise; gives the one of that key."""
    now = timezone.now()
    with transaction.atomic():
        letter, is_new = Letter.objects.get_or_create(
            space_id=space_id,
            key=draft.key,
            defaults={
                "kind": draft.kind,
                "batch": batch,
                "to_address": draft.to_address.strip(),
                "to_name": _one_line(draft.to_name, 160),
                "from_name": _one_line(draft.from_name, 160),
                "reply_to": draft.reply_to.strip(),
                "language": draft.language,
                "subject": _one_line(draft.subject, 200),
                "body": draft.body.replace("\0", ""),
                "is_transactional": draft.is_transactional,
                "is_secret": draft.is_secret,
                "verb": draft.verb,
                "partnership_id": draft.partnership_id,
                "stop_address": draft.stop_address,
                "made_at": now,
                "made_by": by,
                "hold_until": now + hold,
                "person_id": draft.person_id,
            },
        )
        if is_new:
            record(by=by, verb="letter.queue", kind="letter", object_id=letter.pk, space_id=space_id)
    return letter


def due(now: datetime | None = None) -> list[int]:
    """The numbers of the letters whose hold is over, oldest first."""
    moment = now or timezone.now()
    found = Letter.objects.filter(state=Letter.State.HELD, hold_until__lte=moment)
    found = found.filter(Q(next_try_at=None) | Q(next_try_at__lte=moment))
    return list(found.order_by("hold_until", "id").values_list("pk", flat=True))


def _one_line(text: str, most: int) -> str:
    """A header must not hold a line break: with one, a name could add headers of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:most]
