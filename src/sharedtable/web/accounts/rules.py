"""The rows of the policy table for these pages."""

from __future__ import annotations

from sharedtable.web.rule import Rule, holder, member, of_space

GET_POST = ("GET", "POST")
# The names with an underscore are those that django-allauth looks for.
RULES: dict[str, Rule] = {
    # --- signing in
    "account_login": Rule("anyone", GET_POST),
    "account_confirm_login_code": Rule("anyone", GET_POST),
    "mfa_authenticate": Rule("anyone", GET_POST),
    "sign-in-link": Rule("anyone", GET_POST),
    "openid_connect_login": Rule("anyone", ("POST",)),
    "openid_connect_callback": Rule("anyone"),
    "sign-in-again": Rule("user", is_security=True),
    "sign-out": Rule("user", ("POST",), is_security=True),
    # --- how one signs in
    "mfa_index": Rule("user", is_security=True),
    "sign-out-everywhere": Rule("user", ("POST",), is_security=True),
    "mfa_activate_totp": Rule("user", GET_POST, is_security=True),
    "mfa_deactivate_totp": Rule("user", GET_POST, is_security=True),
    "mfa_add_webauthn": Rule("user", GET_POST, is_security=True),
    "mfa_remove_webauthn": Rule("user", GET_POST, is_security=True),
    "mfa_view_recovery_codes": Rule("user", GET_POST, is_security=True),
    "recovery-codes-new": Rule("user", ("POST",), is_security=True),
    # --- the team
    "set-up": Rule("anyone", GET_POST),
    "examples": Rule("operator"),
    "example-open": Rule("operator", ("POST",)),
    "example-remove": Rule("operator", ("POST",)),
    "spaces": Rule("user", GET_POST),
    "team": member("space.see"),
    "team-roles": member("space.see"),
    "team-give": of_space("space.manage", "GET", "POST"),
    "team-revoke": of_space("space.manage", "GET", "POST"),
    "team-settings": of_space("space.manage", "GET", "POST"),
    # --- personal links
    "link": Rule("anyone"),
    "undo": holder("undo"),
}
