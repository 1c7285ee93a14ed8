"""The page Security: one's second step of signing in, recovery codes, signing out everywhere."""

from __future__ import annotations

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from sharedtable.accounts.actions import sign_out_everywhere
from sharedtable.accounts.factors import factors, new_recovery_codes, recovery_codes
from sharedtable.accounts.models import User
from sharedtable.web.actor import needs_second_step
from sharedtable.web.local import host_name

app = ActivateTOTPView.as_view()
app_remove = DeactivateTOTPView.as_view()


def passkey(request: HttpRequest) -> HttpResponse:
    """GET: a form that asks the device for a passkey. POST: keep it."""
    from allauth.mfa.webauthn.views import AddWebAuthnView  # on first use: the libraries of passkeys take 8 MB

    response: HttpResponse = AddWebAuthnView.as_view()(request)
    return response


def passkey_remove(request: HttpRequest, passkey: int) -> HttpResponse:
    """GET: whether to remove this passkey. POST: remove it."""
    from allauth.mfa.webauthn.views import RemoveWebAuthnView

    view = RemoveWebAuthnView.as_view(pk_url_kwarg="passkey", success_url=reverse_lazy("mfa_index"))
    response: HttpResponse = view(request, passkey=passkey)
    return response


def index(request: HttpRequest) -> HttpResponse:
    """GET: how one signs in, and what is still missing."""
    user = cast(User, request.user)
    found = factors(user)
    context = {
        "factors": found,
        "has_app": any(one.kind == "totp" for one in found),
        "codes_left": len(recovery_codes(user)),
        "must_add": needs_second_step(request),
        # A passkey belongs to a name; an address made of numbers has none.
        "takes_passkeys": request.is_secure() or host_name(request) == "localhost",
    }
    return render(request, "mfa/index.html", context)


def everywhere(request: HttpRequest) -> HttpResponse:
    """POST: end every session of mine, this one too."""
    sign_out_everywhere(user=cast(User, request.user))
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return HttpResponseRedirect(reverse("account_login"))


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth ships no types
def codes(request: HttpRequest) -> HttpResponse:
    """GET: how many recovery codes are left, and a button. POST: the codes."""
    found = recovery_codes(cast(User, request.user))
    shown = found if request.method == "POST" else []
    return render(request, "mfa/codes.html", {"codes": shown, "left": len(found)})


@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth ships no types
def codes_new(request: HttpRequest) -> HttpResponse:
    """POST: ten new recovery codes; the old ones stop working."""
    made = new_recovery_codes(user=cast(User, request.user))
    return render(request, "mfa/codes.html", {"codes": made, "left": len(made), "are_new": True})
