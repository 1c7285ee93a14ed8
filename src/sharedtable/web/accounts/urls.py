"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.accounts import personal, security, set_up, signing_in, team

urlpatterns: list[URLPattern] = [
    path("sign-in/", signing_in.ask, name="account_login"),
    path("sign-in/code/", signing_in.code, name="account_confirm_login_code"),
    path("sign-in/second/", signing_in.second, name="mfa_authenticate"),
    path("sign-in/link/<slug:one_time>", signing_in.one_time, name="sign-in-link"),
    path("sign-in/again/", signing_in.again, name="sign-in-again"),
    path("sign-in/with/<slug:provider_id>/", signing_in.provider, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", signing_in.provider_back, name="openid_connect_callback"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("security/", security.index, name="mfa_index"),
    path("security/sign-out-everywhere", security.everywhere, name="sign-out-everywhere"),
    path("security/app/", security.app, name="mfa_activate_totp"),
    path("security/app/remove/", security.app_remove, name="mfa_deactivate_totp"),
    path("security/passkey/", security.passkey, name="mfa_add_webauthn"),
    path("security/passkey/<int:passkey>/remove/", security.passkey_remove, name="mfa_remove_webauthn"),
    path("security/codes/", security.codes, name="mfa_view_recovery_codes"),
    path("security/codes/new", security.codes_new, name="recovery-codes-new"),
    path("set-up/", set_up.set_up, name="set-up"),
    path("example/", set_up.choose_example, name="examples"),
    path("example/open", set_up.open_example, name="example-open"),
    path("example/remove", set_up.drop_example, name="example-remove"),
    path("spaces/", team.spaces, name="spaces"),
    path("s/<slug:space>/team/", team.team, name="team"),
    path("s/<slug:space>/team/roles/", team.roles, name="team-roles"),
    path("s/<slug:space>/team/give/", team.give, name="team-give"),
    path("s/<slug:space>/team/<int:grant>/revoke/", team.revoke, name="team-revoke"),
    path("s/<slug:space>/team/settings/", team.settings_page, name="team-settings"),
    path("l/<slug:link_token>", personal.follow, name="link"),
    path("me/<int:link>/undo/", personal.undo, name="undo"),
]
