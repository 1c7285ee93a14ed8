"""What is written down about people in confidence, their mail, their personal links, and what they ask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.people import person_queries
from sharedtable.people.actions import answers, judgements
from sharedtable.people.actions import mail as mail_actions
from sharedtable.people.values import number as whole
from sharedtable.people.values import truth
from sharedtable.web.actor import actor
from sharedtable.web.people import words
from sharedtable.web.people.frame import frame
from sharedtable.web.people.person import address


def evidence(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: what was seen of one test or trait."""
    judgements.add_evidence(
        by=actor(request), person_id=number, key=request.POST.get("key", ""),
        is_met=truth(request.POST.get("is_met", "")), text=request.POST.get("text", ""),
    )  # fmt: skip
    messages.success(request, _("Your note is kept."))
    return HttpResponseRedirect(f"{address(space, number)}#evidence")


def tie(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: an agency knows this person, so well."""
    by = actor(request)
    judgements.set_tie(
        by=by, person_id=number, agency_id=_number(request, "agency") or by.agency_id,
        strength=_number(request, "strength"), note=request.POST.get("note", ""),
    )  # fmt: skip
    messages.success(request, _("The tie is kept."))
    return HttpResponseRedirect(f"{address(space, number)}#ties")


def consent(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: what the person agreed to or took back, and how."""
    judgements.set_consent(
        by=actor(request), person_id=number, key=request.POST.get("key", ""),
        is_given=request.POST.get("is_given") == "yes", how=request.POST.get("how", ""),
    )  # fmt: skip
    messages.success(request, _("It is written down."))
    return HttpResponseRedirect(f"{address(space, number)}#consents")


def mail(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: stop mail to the person, or allow it again, with a reason."""
    by, level, reason = actor(request), request.POST.get("level", ""), request.POST.get("reason", "")
    partnership = _number(request, "partnership")
    if request.POST.get("allow") == "1":
        mail_actions.write_again(by=by, person_id=number, level=level, reason=reason, partnership_id=partnership)
        messages.success(request, _("Mail may be sent again."))
    else:
        mail_actions.leave_alone(by=by, person_id=number, level=level, reason=reason, partnership_id=partnership)
        messages.success(request, _("Nothing is sent to them any more."))
    return HttpResponseRedirect(f"{address(space, number)}#mail")


def send(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: send the person a link to their own page, or to the list of whom they know."""
    by, purpose = actor(request), request.POST.get("purpose", "")
    if purpose == "held":
        mail_actions.send_held_link(by=by, person_id=number)
    elif purpose == "ties":
        mail_actions.send_ties_link(by=by, person_id=number, segment_id=_number(request, "segment"))
    else:
        raise Missing(_("There is no such link."))
    messages.success(request, _("The letter waits ten minutes, then it leaves. Until then you can stop it."))
    return HttpResponseRedirect(f"{address(space, number)}#mail")


def asks(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what people asked about their own data."""
    context = frame(request, space, asks=person_queries.open_asks(actor(request)), words=words)
    return render(request, "people/asks.html", context)


def answer(request: HttpRequest, space: str, ask: int) -> HttpResponse:
    """POST: accept or refuse what somebody asked."""
    try:
        done = answers.answer(
            by=actor(request), pk=ask, accepts=request.POST.get("accepts") == "1", words=request.POST.get("words", "")
        )
    except Missing:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        erased = _("What was held is erased, and the person has been told.")
        messages.success(request, erased if done is None else _("The person has been told."))
    return HttpResponseRedirect(reverse("asks", args=[space]))


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.POST.get(name))
