"""Personal links: following one, and taking back what was done through one. Opening changes nothing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts import acts
from sharedtable.accounts.links import open_link
from sharedtable.accounts.models import PersonalLink
from sharedtable.errors import Missing
from sharedtable.web.actor import actor, link_cookie
from sharedtable.web.errors import dead_link
from sharedtable.web.links import PAGES, UNDO, WORDS


def follow(request: HttpRequest, link_token: str) -> HttpResponse:
    """GET: keep the token in a cookie for that link's pages alone, and go to the address without it."""
    try:
        link = open_link(link_token)
    except Missing:
        return dead_link(request)
    if link.purpose not in PAGES:
        return dead_link(request)
    response = HttpResponseRedirect(reverse(PAGES[link.purpose], kwargs={"link": link.pk}))
    response["Referrer-Policy"] = "no-referrer"
    _keep(response, link, link_token)
    return response


def _keep(response: HttpResponse, link: PersonalLink, token: str) -> None:
    response.set_cookie(
        link_cookie(link.pk),
        token,
        max_age=int((link.expires_at - timezone.now()).total_seconds()),
        path=f"/me/{link.pk}/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def undo(request: HttpRequest, link: int) -> HttpResponse:
    """GET: what was done, and a button. POST: take it back."""
    by = actor(request)
    if request.method == "POST":
        act = acts.undo(by=by, ways=UNDO)
        return render(request, "accounts/undone.html", {"act": act, "words": WORDS.get(act.key)})
    act = acts.act_to_undo(by)
    return render(request, "accounts/undo.html", {"act": act, "words": WORDS.get(act.key), "can_undo": act.key in UNDO})
