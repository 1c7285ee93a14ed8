"""Where django-allauth meets this program: its mails go through the outbox, its messages are ours, nobody signs up."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from sharedtable.accounts.models import User
from sharedtable.ledger.actions import Draft, queue, record
from sharedtable.ledger.models import INSTALLATION

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


RECENT_SECONDS = 15 * 60  # after that long, changing how one signs in asks to sign in again


# In our own words, wherever allauth would say something.
SAYINGS = {
    "incorrect_code": gettext_lazy("That code is not right. Look at it once more."),
    "too_many_login_attempts": gettext_lazy("That code is void now: it was typed wrong too often. Ask for a new one."),
    "rate_limited": gettext_lazy("That was too often. Wait a little."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Mails into the outbox, no sign-up, entries in the record."""

    error_messages = {**DefaultAccountAdapter.error_messages, **SAYINGS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only somebody on the team adds somebody."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the code, or the note that something about signing in changed; whatever else is not sent."""
        user = User.objects.filter(email=email, is_active=True).first()
        if user is not None and template_prefix == "account/email/login_code":
            queue_code(user, email, context["code"])
        elif user is not None and template_prefix.startswith("mfa/email/"):
            queue_change(user)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Tell the user that something about signing in changed."""
        self.send_mail(template_prefix, user.email, {})

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say nothing: the pages say it in our own words."""
        if message_template is None and kwargs.get("message"):
            messages.add_message(request, level, kwargs["message"])

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, and write down that it began."""
        super().login(request, user)
        with transaction.atomic():
            record(by=f"user:{user.pk}", verb="user.sign_in", kind="user", object_id=user.pk)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponseRedirect:
        """Somebody who was let go while signing in begins anew, and then gets no code."""
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the sign-in of this session is so long ago that a change of it asks to sign in again."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - one["at"] < RECENT_SECONDS for one in records)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """The one way: sign out and in again."""
        return [{"id": "again", "url": reverse("sign-in-again"), "description": ""}]


def queue_code(user: User | None, email: str, code: str) -> None:
    """Queue the letter with a code. For an unknown address the same work is done and taken back."""
    with transaction.atomic(), override(user.language if user is not None else "en"):
        lines = [
            _("Your code to sign in is:"),
            code,
            _("Type it on the page where you asked for it. It works once, in that browser, for 15 minutes."),
            _("If you did not ask for it, do nothing. Never tell this code to anybody."),
        ]
        draft = Draft(
            kind="sign-in",
            key=f"code:{secrets.token_hex(12)}",
            to_address=email,
            to_name=user.name if user is not None else "",
            subject=_("Your code for the shared table"),
            body="\n\n".join(lines) + "\n",
            language=user.language if user is not None else "en",
            is_transactional=True,
        )
        queue(draft, by="visitor", space_id=INSTALLATION, hold=timedelta(0))
        if user is None:
            transaction.set_rollback(True)


def queue_change(user: User) -> None:
    """Queue a note that the user's second step of signing in changed."""
    with transaction.atomic(), override(user.language):
        lines = [
            _("The second step of signing in to your account was changed just now."),
            _("If that was you, there is nothing to do. If not, sign in, choose \"Sign out everywhere\" on the page "
              "Security, and tell whoever runs this site:"),
            f"{settings.SITE_ADDRESS}{reverse('mfa_index')}",
        ]  # fmt: skip
        draft = Draft(
            kind="security",
            key=f"security:{secrets.token_hex(12)}",
            to_address=user.email,
            to_name=user.name,
            subject=_("Signing in to your account was changed"),
            body="\n\n".join(lines) + "\n",
            language=user.language,
            is_transactional=True,
        )
        queue(draft, by=f"user:{user.pk}", space_id=INSTALLATION, hold=timedelta(0))
        record(by=f"user:{user.pk}", verb="user.factors", kind="user", object_id=user.pk)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Secrets of authenticator apps are kept encrypted; the picture to scan is drawn in our own page."""

    error_messages = {**DefaultMFAAdapter.error_messages, **SAYINGS}

    def encrypt(self, text: str) -> str:
        """The text, readable only with the secret key of this installation."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The path of the QR code in a square of 100 by 100, for the page to draw: data: pictures are forbidden."""
        import qrcode

        code = qrcode.QRCode(border=0)
        code.add_data(url)
        matrix = code.get_matrix()
        side = 100 / len(matrix)
        return "".join(
            f"M{x * side:.2f} {y * side:.2f}h{side:.2f}v{side:.2f}h-{side:.2f}z"
            for y, row in enumerate(matrix)
            for x, is_dark in enumerate(row)
            if is_dark
        )

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """How a passkey is called when its owner gives it no name."""
        return _("Passkey")


def _box() -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor {key}".encode()).digest())) for key in keys]
    )


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Signs in users who are on a team already, by the address that the provider has verified; nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only somebody on the team adds somebody."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take the user of the verified address; without one, go back to the sign-in page and say so."""
        verified = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        if sociallogin.is_existing:
            # The address may have changed hands at the provider; what counts is that it is still this user's.
            if sociallogin.user.is_active and sociallogin.user.email.lower() in verified:
                return
        else:
            user = User.objects.filter(email__in=verified, is_active=True).first()
            if user is not None:
                sociallogin.connect(request, user)
                return
        raise ImmediateHttpResponse(self.refuse(request))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Whatever went wrong between here and the provider: back to the sign-in page, with a sentence."""
        raise ImmediateHttpResponse(self.refuse(request))

    def refuse(self, request: HttpRequest) -> HttpResponseRedirect:
        """The way back to the sign-in page."""
        messages.error(request, _("That account did not open anything here. Sign in with a code by mail instead."))
        return HttpResponseRedirect(reverse("account_login"))
