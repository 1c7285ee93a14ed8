"""Personal links: made, opened, revoked. The token is 128 bits and more; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import PersonalLink
from sharedtable.errors import Missing
from sharedtable.ledger.actions import record

LIFE = timedelta(days=60)


def make_link(
    *,
    by: Actor,
    purpose: str,
    person_id: int,
    kind: str = "",
    object_id: int = 0,
    life: timedelta = LIFE,
) -> tuple[PersonalLink, str]:
    """A new link for one person and one purpose; gives the row and the token, which is told once and never again.

    The caller has checked that the actor may send this person such a link.
    """
    token = secrets.token_urlsafe(24)
    now = timezone.now()
    with transaction.atomic():
        link = PersonalLink.objects.create(
            space_id=by.space_id,
            token_hash=hash_of(token),
            purpose=purpose,
            person_id=person_id,
            kind=kind,
            object_id=object_id,
            made_by=by.ref,
            made_at=now,
            expires_at=now + life,
        )
        record(
            by=by.ref,
            verb="link.make",
            kind="link",
            object_id=link.pk,
            space_id=by.space_id,
            details={"purpose": purpose},
        )
    return link, token


def open_link(token: str) -> PersonalLink:
    """The live link of a token. Reads only. Fails with Missing for an unknown, expired or revoked one, all alike."""
    link = PersonalLink.objects.select_related("space").filter(token_hash=hash_of(token)).first()
    if link is None or link.revoked_at or link.expires_at <= timezone.now() or link.space.closed_at:
        raise Missing(_("This link does not work any more. Ask the person who sent it for a new one."))
    return link


def revoke_links(*, by: Actor, person_id: int, purpose: str = "") -> int:
    """End the live links of a person (of one purpose, or all); gives how many."""
    with transaction.atomic():
        live = PersonalLink.objects.filter(space_id=by.space_id, person_id=person_id, revoked_at=None)
        if purpose:
            live = live.filter(purpose=purpose)
        count = live.update(revoked_at=timezone.now())
        if count:
            record(
                by=by.ref,
                verb="link.revoke",
                kind="person",
                object_id=person_id,
                space_id=by.space_id,
                details={"links": count},
            )
    return count


def address_of(token: str) -> str:
    """The address of a personal link, as it stands in a mail."""
    return f"{settings.SITE_ADDRESS}/l/{token}"


def hash_of(token: str) -> str:
    """SHA-256 of a token: it is random and long, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
