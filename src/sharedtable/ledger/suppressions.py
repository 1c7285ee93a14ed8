"""Addresses to which nothing is sent, at three levels, kept as a keyed hash, so that an erased person is left alone."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.ledger.models import INSTALLATION, Suppression

Level, Cause = Suppression.Level, Suppression.Cause


def hash_of(address: str) -> str:
    """The keyed hash of an address; upper and lower case are the same address."""
    key = hashlib.sha256(b"suppressions:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()


def suppress(
    address: str,
    level: str,
    *,
    by: str,
    cause: str = Cause.ASKED,
    reason: str = "",
    space_id: int = INSTALLATION,
    partnership_id: int = 0,
) -> Suppression:
    """Send nothing to this address any more: in one partnership, in one space, or from this installation."""
    if not address.strip():
        raise Refused(_("There is no mail address, so there is nothing to stop."))
    where = {
        "level": level,
        "space_id": INSTALLATION if level == Level.INSTALLATION else space_id,
        "scope_id": partnership_id if level == Level.PARTNERSHIP else 0,
        "address_hash": hash_of(address),
    }
    with transaction.atomic():
        found = Suppression.objects.filter(lifted_at=None, **where).first()
        if found is None:
            found = Suppression.objects.create(cause=cause, reason=reason[:300], at=timezone.now(), by=by, **where)
            record(
                by=by, verb="suppression.add", kind="suppression", object_id=found.pk, space_id=space_id,
                details={"level": str(level), "cause": str(cause)},
            )  # fmt: skip
    return found


def lift(
    address: str, level: str, *, by: str, reason: str, space_id: int = INSTALLATION, partnership_id: int = 0
) -> int:
    """Send to this address again, with a reason; gives how many entries ended."""
    if not reason.strip():
        raise Refused(_("Say why mail may be sent again."))
    live = Suppression.objects.filter(lifted_at=None, level=level, address_hash=hash_of(address))
    if level != Level.INSTALLATION:
        live = live.filter(space_id=space_id)
    if level == Level.PARTNERSHIP:
        live = live.filter(scope_id=partnership_id)
    with transaction.atomic():
        count = live.update(lifted_at=timezone.now(), lifted_by=by, lifted_reason=reason[:300])
        if count:
            record(
                by=by, verb="suppression.lift", kind="suppression", space_id=space_id,
                details={"level": str(level), "count": count},
            )  # fmt: skip
    return count


def of_address(address: str, space_id: int) -> QuerySet[Suppression]:
    """The live entries about an address that count in this space, its partnerships among them."""
    here = Q(level=Level.INSTALLATION) | Q(space_id=space_id)
    return Suppression.objects.filter(here, lifted_at=None, address_hash=hash_of(address))


def is_suppressed(address: str, space_id: int, partnership_id: int = 0) -> bool:
    """Whether nothing may be sent to this address from this space (and, if given, this partnership)."""
    counts = Q(level__in=(Level.INSTALLATION, Level.SPACE)) | Q(level=Level.PARTNERSHIP, scope_id=partnership_id)
    return of_address(address, space_id).filter(counts).exists()
