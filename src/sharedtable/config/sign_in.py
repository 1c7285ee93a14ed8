"""How django-allauth is set: a code by mail and nothing else, a second step for staff, perhaps one OpenID provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sharedtable.errors import Refused

PROVIDER = "organization"  # how the one provider is called in addresses


# Every setting of allauth that differs from its own.
SETTINGS: dict[str, Any] = {
    "ACCOUNT_ADAPTER": "sharedtable.accounts.adapters.AccountAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*"],
    "ACCOUNT_SIGNUP_ENABLED": False,
    "ACCOUNT_EMAIL_VERIFICATION": "none",  # a code that came by mail has shown the address
    "ACCOUNT_PREVENT_ENUMERATION": "strict",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_LOGIN_BY_CODE_TIMEOUT": 15 * 60,
    "ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS": 5,
    "ACCOUNT_LOGIN_BY_CODE_FORMAT": {"length": 8, "numeric": False, "dashed": True},  # 20 letters: 2.6e10 codes
    "ACCOUNT_LOGIN_TIMEOUT": 15 * 60,
    "ACCOUNT_RATE_LIMITS": False,  # ours hold in every process: accounts/limits.py
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_FORMS": {
        "request_login_code": "sharedtable.web.accounts.forms.AskForCode",
        "confirm_login_code": "sharedtable.web.accounts.forms.TypeCode",
    },
    "MFA_ADAPTER": "sharedtable.accounts.adapters.FactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_TOTP_ISSUER": "Shared Table",
    "MFA_TOTP_TOLERANCE": 1,
    "MFA_RECOVERY_CODE_DIGITS": 10,
    "MFA_FORMS": {
        "authenticate": "sharedtable.web.accounts.forms.SecondStep",
    },
    "SOCIALACCOUNT_ADAPTER": "sharedtable.accounts.adapters.ProviderAdapter",
    "SOCIALACCOUNT_STORE_TOKENS": False,
    "SOCIALACCOUNT_LOGIN_ON_GET": False,
}


@dataclass(frozen=True)
class Provider:
    """The organization's own sign-in by OpenID Connect; none without an address."""

    address: str
    client_id: str
    secret: str = field(repr=False)
    name: str

    def apps(self) -> list[dict[str, Any]]:
        """The provider, as allauth wants it. Fails with Refused when it is only half given."""
        if not self.address:
            return []
        if not self.client_id or not self.secret:
            raise Refused("SHAREDTABLE_OIDC is set. Set SHAREDTABLE_OIDC_ID and SHAREDTABLE_OIDC_KEY too.")
        return [
            {
                "provider_id": PROVIDER,
                "name": self.name,
                "client_id": self.client_id,
                "secret": self.secret,
                "settings": {"server_url": self.address, "oauth_pkce_enabled": True},
            }
        ]

    def origins(self) -> list[str]:
        """Scheme, host and port of the provider, for the content policy; nothing without one."""
        parts = urlsplit(self.address)
        return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
