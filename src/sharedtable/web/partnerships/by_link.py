"""What somebody sees and does by a personal link: their seat, or the agreement of their organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.partnerships import agreeing, seat_acts, seat_queries, seating, team_queries
from sharedtable.web.actor import actor
from sharedtable.web.partnerships.forms import number
from sharedtable.web.partnerships.frame import done


def seat(request: HttpRequest, link: int) -> HttpResponse:
    """GET: the seat of the holder, and what they can do with it."""
    by = actor(request)
    found = seat_acts.held_seat(by)
    role = seating.role_of(found.role)
    language = translation.get_language() or "en"
    acts_for = seating.role_of("delegate").more["acts_for"]
    context = {
        "link": link,
        "seat": found,
        "chair": seat_queries.chair_of(found),
        "role_text": role.text(language),
        "acting": seat_queries.acting_for(found),
        "colleagues": seat_acts.colleagues(by) if found.role in acts_for and not found.ended_on else [],
        "asks_contribution": role.more["table"] != "inner",
        "has_ended": found.ended_on is not None and found.notice != "left",
    }
    return render(request, "partnerships/link_seat.html", context)


def seat_act(request: HttpRequest, link: int) -> HttpResponse:
    """POST: accept, decline, say what one brings, name a delegate, step back, leave, come back."""
    by, act = actor(request), request.POST.get("act", "")
    if act in ("yes", "no"):
        seat_acts.answer(by=by, is_yes=act == "yes")
    elif act == "contribute":
        seat_acts.contribute(by=by, words=request.POST.get("words", ""))
    elif act == "delegate":
        seat_acts.name_delegate(by=by, person_id=number(request.POST.get("person", "")) or 0)
    elif act in ("active", "informed", "left"):
        seat_acts.set_notice(by=by, notice=act)
    else:
        raise Refused(_("Choose one of the buttons on the page."))
    return done(request, _("Done. We wrote to you, with a way to undo it."), "seat-link", link)


def agreement(request: HttpRequest, link: int) -> HttpResponse:
    """GET: who does what. POST: confirm it for one's organisation."""
    by = actor(request)
    if request.method == "POST":
        agreeing.confirm_agreement(by=by)
        return done(request, _("Done. We wrote to you, with a way to undo it."), "agreement-link", link)
    found, person, organisation = agreeing.held_agreement(by)
    agreed = team_queries.agreed(found)
    mine = next((line for line in agreed.lines if line["organisation"] == organisation), None)
    context = {"link": link, "agreement": found, "found": agreed, "mine": mine, "person": person}
    return render(request, "partnerships/link_agreement.html", context)
