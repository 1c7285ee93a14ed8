"""Signing in: a code by mail, then a second step for who has one. The steps are django-allauth's, the pages ours."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import RequestLoginCodeView, confirm_login_code
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sharedtable.accounts import limits
from sharedtable.accounts.actions import use_sign_in_token
from sharedtable.accounts.models import ConsoleToken, User
from sharedtable.accounts.queries import live_token
from sharedtable.errors import Missing
from sharedtable.web.local import client_address

# Known and unknown addresses do the same work; what is left of a difference drowns in this.
FLOOR_SECONDS = 0.35


def ask(request: HttpRequest) -> HttpResponse:
    """GET: where to type one's address. POST: a code goes there, if somebody on a team has it."""
    began = time.monotonic()
    providers = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    page = RequestLoginCodeView.as_view(extra_context={"provider": providers[0] if providers else None})
    response: HttpResponse = page(request)
    if request.method == "POST":
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - began)))
    return response


def code(request: HttpRequest) -> HttpResponse:
    """GET: where to type the code. POST: sign in with it."""
    response: HttpResponse = confirm_login_code(request)
    return response


def second(request: HttpRequest) -> HttpResponse:
    """GET: where to type the code of the app, or to use a passkey. POST: sign in with it."""
    from allauth.mfa.base.views import authenticate  # on first use: it brings the libraries of passkeys along

    response: HttpResponse = authenticate(request)
    return response


def provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """POST: on to the organization's own sign-in page."""
    if not settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        raise Http404
    from allauth.socialaccount.providers.openid_connect import views as openid

    response: HttpResponse = openid.login(request, provider_id)
    return response


def provider_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """GET: back from there."""
    if not settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        raise Http404
    from allauth.socialaccount.providers.openid_connect import views as openid

    response: HttpResponse = openid.callback(request, provider_id)
    return response


def one_time(request: HttpRequest, one_time: str) -> HttpResponse:
    """GET: a button. POST: sign in with a link that was made on the server's console."""
    try:
        if request.method == "POST":
            return let_in(request, use_sign_in_token(token=one_time), "console")
        live_token(one_time, ConsoleToken.Purpose.SIGN_IN)
    except Missing:
        limits.take(limits.WRONG_LINK, client_address(request))
        raise
    response = render(request, "account/one_time.html")
    response["Referrer-Policy"] = "strict-origin"  # the address holds the token
    return response


def let_in(request: HttpRequest, user: User, way: str) -> HttpResponse:
    """Sign a user in who has shown in another way who they are; their second step is still asked for."""
    record_authentication(request, user, way)
    response: HttpResponse = perform_login(request, Login(user=user))
    return response


def again(request: HttpRequest) -> HttpResponse:
    """GET: changing how one signs in takes a fresh sign-in; a button leads there."""
    return render(request, "account/again.html", {"next": _own_page(request, request.GET.get("next", ""))})


def sign_out(request: HttpRequest) -> HttpResponse:
    """POST: end this session."""
    way_on = reverse("home")
    if after := _own_page(request, request.POST.get("next", "")):
        way_on = f"{reverse('account_login')}?next={after}"
    logout(request)
    return HttpResponseRedirect(way_on)


def _own_page(request: HttpRequest, address: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours and address.startswith("/") else ""
