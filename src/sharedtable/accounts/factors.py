"""The second step of signing in: which ones a user has, and the codes for when all are lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.accounts.adapters import queue_change
from sharedtable.accounts.models import User
from sharedtable.errors import Refused


@dataclass(frozen=True)
class Factor:
    """One second step of a user."""

    number: int
    kind: str
    name: str
    made_at: datetime
    used_at: datetime | None


def factors(user: User) -> list[Factor]:
    """Authenticator app and passkeys of a user, the oldest first."""
    found = (
        Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("created_at")
    )
    return [
        Factor(
            one.pk,
            one.type,
            one.wrap().name if one.type == Authenticator.Type.WEBAUTHN else _("Authenticator app"),
            one.created_at,
            one.last_used_at,
        )
        for one in found
    ]


def recovery_codes(user: User) -> list[str]:
    """The recovery codes that were not used yet; none when the user has no second step."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(found.wrap().get_unused_codes()) if found is not None else []


def new_recovery_codes(*, user: User) -> list[str]:
    """Ten new recovery codes in place of the old ones, told to the user by mail. Refused without a second step."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if not Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            raise Refused(_("Recovery codes stand in for a second step. Add an authenticator app or a passkey first."))
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(user)
        queue_change(user)
    return list(made.get_unused_codes())
