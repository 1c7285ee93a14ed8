"""Pages of personal links: everything that is held about somebody, and whom a partner knows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.partnerships.person_seats import seats_of_person
from sharedtable.people import held_queries, tie_queries
from sharedtable.people.actions import answers, own_data
from sharedtable.people.values import number as whole
from sharedtable.people.values import phone_shown
from sharedtable.plans import held as plans
from sharedtable.web.actor import actor
from sharedtable.web.people import words
from sharedtable.web.people.forms import DescribeForm, OwnContactForm, show_refusal


def held(request: HttpRequest, link: int) -> HttpResponse:
    """GET: everything that is held about the holder."""
    return _page(request, link)


def contact(request: HttpRequest, link: int) -> HttpResponse:
    """POST: other contact data, at once."""
    form = OwnContactForm(request.POST)
    if not form.is_valid():
        return _page(request, link, form)
    try:
        own_data.correct_own_contact(by=actor(request), values=form.cleaned_data)
    except Missing:
        raise
    except Refused as refusal:
        show_refusal(form, refusal)
        return _page(request, link, form)
    return _thanks(request, link, _("Your contact data is changed."))


def shown(request: HttpRequest, link: int) -> HttpResponse:
    """POST: show contact data to the other members, or hide it."""
    own_data.show_own_contact(by=actor(request), is_shown=request.POST.get("shown") == "1")
    return _thanks(request, link, _("Your choice is kept."))


def describe(request: HttpRequest, link: int) -> HttpResponse:
    """POST: what the holder says about themselves."""
    own_data.describe_self(by=actor(request), values=request.POST.dict())
    return _thanks(request, link, _("Your words are kept. Only you see them."))


def mail(request: HttpRequest, link: int) -> HttpResponse:
    """POST: stop mail, or allow it again."""
    by, level, partnership = actor(request), request.POST.get("level", ""), request.POST.get("partnership", "")
    number = whole(partnership)
    if request.POST.get("allow") == "1":
        own_data.allow_own_mail(by=by, level=level, partnership_id=number)
        return _thanks(request, link, _("You get mail again."))
    own_data.stop_own_mail(by=by, level=level, partnership_id=number)
    return _thanks(request, link, _("You get no more mail from there."))


def ask(request: HttpRequest, link: int) -> HttpResponse:
    """POST: ask for a correction, or to be erased."""
    try:
        own_data.ask(
            by=actor(request), kind=request.POST.get("kind", ""), field=request.POST.get("field", ""),
            value=request.POST.get("value", ""),
        )  # fmt: skip
    except Missing:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{reverse('held', args=[link])}#asks")
    return _thanks(request, link, _("A convener has your request and will answer you."))


def copy(request: HttpRequest, link: int, kind: str) -> HttpResponse:
    """GET: everything as JSON or CSV."""
    by = actor(request)
    found = held_queries.held(by)
    rows = [*held_queries.as_rows(found, _seats(by)), *plans.as_rows(plans.held_here(by))]
    if kind == "json":
        response = HttpResponse(held_queries.as_json(rows, found.person), content_type="application/json")
    elif kind == "csv":
        response = HttpResponse(held_queries.as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        raise Missing(_("There is no such file. Take json or csv."))
    response["Content-Disposition"] = f'attachment; filename="held-about-me.{kind}"'
    return response


def my_ties(request: HttpRequest, link: int) -> HttpResponse:
    """GET: the list to tick. POST: the ticks of one page of it."""
    by = actor(request)
    text, number = request.GET.get("q", "")[:120], request.GET.get("page", "1")
    if request.method == "POST":
        seen = {whole(key[5:]): value for key, value in request.POST.items() if key.startswith("know-")}
        strengths = {pk: int(value) if value in words.OWN_STRENGTHS else 0 for pk, value in seen.items()}
        notes = {pk: str(request.POST.get(f"note-{pk}", "")) for pk in seen}
        count = answers.tick_ties(by=by, seen=strengths, notes=notes)
        messages.success(request, _("Kept. Thank you.") if count else _("Nothing had changed."))
        return HttpResponseRedirect(request.get_full_path())
    page = tie_queries.tick_page(by, text, number)
    strengths_offered = list(words.OWN_STRENGTHS.items())
    context = {"link": link, "tick": page, "q": text, "strengths": strengths_offered, "team": by.space}
    return render(request, "people/my_ties.html", context)


def _seats(by: Actor) -> list[dict[str, Any]]:
    return [
        {
            "partnership": one.partnership.name, "role": one.role, "partnership_id": one.partnership_id,
            "span": f"{one.started_on}/{one.ended_on or '..'}", "is_live": one.ended_on is None,
            "table": one.get_table_display(), "started_on": one.started_on, "ended_on": one.ended_on,
        }
        for one in seats_of_person(by, by.person_id)
    ]  # fmt: skip


def _page(request: HttpRequest, link: int, form: OwnContactForm | None = None) -> HttpResponse:
    by = actor(request)
    found = held_queries.held(by)
    person = found.person
    initial = {
        "email": person.email, "phone": phone_shown(person.phone), "mobile": phone_shown(person.mobile),
        "assistant": person.assistant, "language": person.language,
    }  # fmt: skip
    seats = _seats(by)
    partnerships = {one["partnership_id"]: one["partnership"] for one in seats if one["is_live"]}
    context = {
        "link": link, "held": found, "person": person, "team": by.space, "words": words, "seats": seats,
        "plans": plans.held_here(by),
        "partnerships": partnerships, "contact_form": form or OwnContactForm(initial=initial),
        "describe_form": DescribeForm(initial=person.self_described), "askable": own_data.ASKABLE,
    }  # fmt: skip
    return render(request, "people/held.html", context, status=422 if form is not None else 200)


def _thanks(request: HttpRequest, link: int, sentence: str) -> HttpResponse:
    messages.success(request, f"{sentence} {_('We confirm it by mail, with a way to undo it.')}")
    return HttpResponseRedirect(reverse("held", args=[link]))
