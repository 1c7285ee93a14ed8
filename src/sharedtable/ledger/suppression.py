"""Who wants no mail: addresses as keyed hashes, so that even an erased person stays left alone.

The key has a file of its own beside the secret key. Without it, nobody can tell from the table which address is meant.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from sharedtable.ledger.actions import record
from sharedtable.ledger.models import INSTALLATION, Suppression

Level, Cause = Suppression.Level, Suppression.Cause


class Addressed(Protocol):
    """A letter, queued or not yet."""

    @property
    def to_address(self) -> str: ...
    @property
    def partnership_id(self) -> int: ...
    @property
    def is_transactional(self) -> bool: ...


def normal(address: str) -> str:
    """One spelling for one mailbox: no blanks, small letters, the domain as DNS knows it."""
    text = unicodedata.normalize("NFKC", address).strip().lower()
    local, _at, domain = text.rpartition("@")
    with contextlib.suppress(UnicodeError):  # no domain that DNS could know is hashed as it stands
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    return f"{local}@{domain}"


def address_hash(address: str) -> str:
    """HMAC-SHA-256 of the normalised address under the installation's suppression key."""
    key = hmac.digest(settings.SUPPRESSION_KEY.encode(), b"addresses that want no mail, 1", "sha256")
    return hmac.new(key, normal(address).encode(), hashlib.sha256).hexdigest()


def live(address: str, *, space_id: int, partnership_id: int = 0) -> QuerySet[Suppression]:
    """What holds mail to this address back, for a letter of that space and partnership."""
    found = Q(level=Level.INSTALLATION) | Q(level=Level.SPACE, space_id=space_id)
    if partnership_id:
        found |= Q(level=Level.PARTNERSHIP, space_id=space_id, scope_id=partnership_id)
    return Suppression.objects.filter(found, address_hash=address_hash(address), lifted_at=None)


def holds_back(address: str, *, space_id: int, partnership_id: int = 0, is_transactional: bool = False) -> bool:
    """Whether a letter may not go there. An answer to what the person just did goes, unless mail there bounces."""
    found = live(address, space_id=space_id, partnership_id=partnership_id)
    return (found.filter(cause=Cause.BOUNCED) if is_transactional else found).exists()


def held_back(letters: Sequence[Addressed], *, space_id: int) -> list[bool]:
    """The same for many letters of one space, in their order, with one query for all of them."""
    hashes = [address_hash(letter.to_address) for letter in letters]
    here = Q(level=Level.INSTALLATION) | Q(space_id=space_id)
    found: dict[str, list[Suppression]] = {}
    for one in Suppression.objects.filter(here, address_hash__in=set(hashes), lifted_at=None):
        found.setdefault(one.address_hash, []).append(one)
    return [
        any(
            (one.level != Level.PARTNERSHIP or one.scope_id == letter.partnership_id)
            and (one.cause == Cause.BOUNCED or not letter.is_transactional)
            for one in found.get(digest, ())
        )
        for letter, digest in zip(letters, hashes, strict=True)
    ]


def suppress(
    address: str,
    *,
    level: Suppression.Level,
    cause: Suppression.Cause,
    by: str,
    space_id: int = INSTALLATION,
    partnership_id: int = 0,
    reason: str = "",
) -> Suppression:
    """Send nothing to this address from now on. Asked twice, it is written down once."""
    space = INSTALLATION if level == Level.INSTALLATION else space_id
    scope = partnership_id if level == Level.PARTNERSHIP else 0
    with transaction.atomic():
        digest = address_hash(address)
        same = Suppression.objects.filter(level=level, space_id=space, scope_id=scope, cause=cause, lifted_at=None)
        known = same.filter(address_hash=digest).first()
        if known is not None:
            return known
        made = Suppression.objects.create(
            level=level, space_id=space, scope_id=scope, address_hash=digest, cause=cause, reason=reason[:300],
            at=timezone.now(), by=by,
        )  # fmt: skip
        record(
            by=by,
            verb="mail.stop",
            kind="suppression",
            object_id=made.pk,
            space_id=space_id,
            details={"level": str(level), "cause": str(cause)},
        )
    return made


def lift(found: Suppression, *, by: str, space_id: int, reason: str = "") -> bool:
    """Let mail go there again; gives whether there was something to lift."""
    with transaction.atomic():
        changed = Suppression.objects.filter(pk=found.pk, lifted_at=None).update(
            lifted_at=timezone.now(), lifted_by=by, lifted_reason=reason[:300]
        )
        if changed:
            record(by=by, verb="mail.allow", kind="suppression", object_id=found.pk, space_id=space_id)
    return bool(changed)
