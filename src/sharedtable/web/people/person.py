"""A person's page, and adding, correcting, putting away, holding and erasing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.partnerships.person_seats import seats_of_person
from sharedtable.people import list_queries, person_queries, queries
from sharedtable.people.actions import entries, erasing
from sharedtable.people.actions.entries import add_person, correct_person
from sharedtable.people.values import number as whole
from sharedtable.web.actor import actor
from sharedtable.web.people import blocks, words
from sharedtable.web.people.editing import corrected, form_page, shown
from sharedtable.web.people.forms import PersonForm, show_refusal
from sharedtable.web.people.frame import frame, history_of, tongue


def address(space: str, number: int) -> str:
    """The address of a person's page."""
    return reverse("person", args=[space, number])


def person(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the page of a person; an entry that was joined to another leads on to it."""
    by = actor(request)
    found = person_queries.story(by, number, tongue())
    if found.person.merged_into_id:
        return HttpResponseRedirect(address(space, found.person.merged_into_id))
    context = frame(
        request, space, story=found, person=found.person, seats=seats_of_person(by, number),
        agencies=list_queries.agencies(by) if found.may_ties else [], words=words,
        history=history_of(by, space, "person", number), blocks=blocks.blocks(blocks.PERSON, by, found.person),
        strengths=[(key, title) for key, title in words.STRENGTHS.items()],
        is_own_agency=not by.may_everywhere("ties.change"),
    )  # fmt: skip
    return render(request, "people/erased.html" if found.person.erased_at else "people/person.html", context)


def add(request: HttpRequest, space: str) -> HttpResponse:
    """GET: an empty form. POST: a new person, perhaps at an organisation."""
    by = actor(request)
    form = PersonForm(request.POST or None, initial={"language": by.space.language if by.space else "en"})
    form.fit(
        list_queries.agencies(by),
        may_private=by.may("people.private"),
        may_everywhere=by.may_everywhere("people.change"),
    )
    text = request.POST.get("place_q", request.GET.get("place_q", ""))
    chosen = request.POST.get("organisation", request.GET.get("organisation", ""))
    if request.method == "POST" and "find" not in request.POST and form.is_valid():
        try:
            made = add_person(
                by=by, values=form.values(), agency_id=form.agency_id() or 0, source=form.cleaned_data["source"],
                organisation_id=whole(chosen), title=request.POST.get("title", ""),
            )  # fmt: skip
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is in the record.") % {"name": made.name})
            return HttpResponseRedirect(address(space, made.pk))
    place = queries.organisation(by, whole(chosen)) if whole(chosen) else None
    return form_page(
        request, space, form, title=_("Add a person"), back=reverse("people", args=[space]), asks_place=True,
        place_q=text, place=place, places=list_queries.offered(by, text), job=request.POST.get("title", ""),
    )  # fmt: skip


def edit(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the form with what stands there. POST: the corrections."""
    by = actor(request)
    found = queries.person(by, number, "people.change")
    form = PersonForm(request.POST or None, initial=shown(found, PersonForm))
    form.fit(
        list_queries.agencies(by),
        may_private=by.may("people.private", found),
        may_everywhere=by.may_everywhere("people.change"),
    )
    back = address(space, number)
    return corrected(request, space, form, number, correct=correct_person, door=queries.person, back=back)


def archive(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: put the person away, or bring them back."""
    by = actor(request)
    found = queries.person(by, number, "people.change")
    if request.POST.get("away") == "1":
        entries.archive(by=by, thing=found)
        messages.success(request, _("%(name)s is put away. Nothing is lost.") % {"name": found.name})
    else:
        entries.bring_back(by=by, thing=found)
        messages.success(request, _("%(name)s is back in the lists.") % {"name": found.name})
    return HttpResponseRedirect(address(space, number))


def hold(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: lay a legal hold with its reason, or end it."""
    found = entries.hold(by=actor(request), pk=number, reason=request.POST.get("reason", ""))
    messages.success(request, _("The hold stands.") if found.legal_hold else _("The hold has ended."))
    return HttpResponseRedirect(address(space, number))


def erase(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: what would go and what stays. POST: erase, when the name was typed."""
    by = actor(request)
    found = queries.person(by, number, "people.erase")
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("typed", "").strip().casefold() != found.name.casefold():
                raise Refused(_("Type the name as it stands above, so that the right person is erased."))
            erasing.erase(by=by, pk=number)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("What was held about this person is erased."))
            return HttpResponseRedirect(address(space, number))
    context = frame(request, space, person=found, problem=problem, seats=seats_of_person(by, number))
    return render(request, "people/erase.html", context, status=422 if problem else 200)
