"""Who is behind a session: read afresh for each request, so that somebody who was let go is out at once."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.backends import BaseBackend
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from sharedtable.accounts.models import User


class Backend(BaseBackend):
    """Knows users by their number alone: there are no passwords, and no permissions but `accounts.permissions`."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Nobody is let in by name and password."""
        return

    def get_user(self, user_id: int) -> User | None:
        """The active user with that number, with `has_second_factor`, in one query."""
        factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return User.objects.filter(pk=user_id, is_active=True).annotate(has_second_factor=Exists(factors)).first()
