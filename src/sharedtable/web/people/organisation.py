"""An organisation's page, and adding, correcting and putting away one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.people import list_queries, organisation_queries, queries
from sharedtable.people.actions import entries
from sharedtable.people.actions.entries import add_organisation, correct_organisation
from sharedtable.people.values import number as whole
from sharedtable.web.actor import actor
from sharedtable.web.people import blocks, words
from sharedtable.web.people.editing import corrected, form_page, shown
from sharedtable.web.people.forms import OrganisationForm, show_refusal
from sharedtable.web.people.frame import frame, history_of, tongue


def address(space: str, number: int) -> str:
    """The address of an organisation's page."""
    return reverse("organisation", args=[space, number])


def organisation(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the page of an organisation; an entry that was joined to another leads on to it."""
    by = actor(request)
    found = organisation_queries.story(by, number)
    one = found.organisation
    if one.merged_into_id:
        return HttpResponseRedirect(address(space, one.merged_into_id))
    kind = found.partner_type
    context = frame(
        request, space, story=found, organisation=one, words=words,
        type_title=kind.title(tongue()) if kind else "", decides=kind.decides(tongue()) if kind else "",
        history=history_of(by, space, "organisation", number), blocks=blocks.blocks(blocks.ORGANISATION, by, one),
    )  # fmt: skip
    return render(request, "people/organisation.html", context)


def add(request: HttpRequest, space: str) -> HttpResponse:
    """GET: an empty form. POST: a new organisation; on from there to whoever was being added."""
    by = actor(request)
    form = OrganisationForm(
        request.POST or None, initial={"kind": request.GET.get("kind", "business"), "name": request.GET.get("name", "")}
    )
    form.offer_types(tongue())
    form.fit(
        list_queries.agencies(by),
        may_private=by.may("people.private"),
        may_everywhere=by.may_everywhere("people.change"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = add_organisation(
                by=by, values=form.values(), agency_id=form.agency_id() or 0, source=form.cleaned_data["source"]
            )
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is in the record.") % {"name": made.name})
            return HttpResponseRedirect(_onward(request, space, made.pk))
    title, back = _("Add an organization"), reverse("organisations", args=[space])
    return form_page(request, space, form, title=title, back=back, for_person=request.GET.get("person", ""))


def edit(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the form with what stands there. POST: the corrections."""
    by = actor(request)
    found = queries.organisation(by, number, "people.change")
    form = OrganisationForm(request.POST or None, initial=shown(found, OrganisationForm))
    form.offer_types(tongue())
    form.fit(
        list_queries.agencies(by),
        may_private=by.may("people.private", found),
        may_everywhere=by.may_everywhere("people.change"),
    )
    back = address(space, number)
    return corrected(request, space, form, number, correct=correct_organisation, door=queries.organisation, back=back)


def archive(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: put the organisation away, or bring it back."""
    by = actor(request)
    found = queries.organisation(by, number, "people.change")
    if request.POST.get("away") == "1":
        entries.archive(by=by, thing=found)
        messages.success(request, _("%(name)s is put away. Nothing is lost.") % {"name": found.name})
    else:
        entries.bring_back(by=by, thing=found)
        messages.success(request, _("%(name)s is back in the lists.") % {"name": found.name})
    return HttpResponseRedirect(address(space, number))


def _onward(request: HttpRequest, space: str, made: int) -> str:
    """Back to the change of employer for which the organisation was added, else to its page."""
    person = request.GET.get("person", "")
    if whole(person):
        return f"{reverse('person-move', args=[space, whole(person)])}?organisation={made}"
    if person == "new":
        return f"{reverse('person-add', args=[space])}?organisation={made}"
    return address(space, made)
