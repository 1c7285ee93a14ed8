"""Correcting an entry: what a person's and an organisation's form have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.people.values import phone_shown
from sharedtable.web.actor import actor
from sharedtable.web.people.forms import EntryForm, initial_of, show_refusal
from sharedtable.web.people.frame import frame

PHONES = ("phone", "mobile")


def shown(thing: Any, form: type[EntryForm]) -> dict[str, Any]:
    """What stands in the record, as people write it."""
    phones = {name: phone_shown(getattr(thing, name)) for name in PHONES if getattr(thing, name, "")}
    return initial_of(thing, form, phones)


def corrected(
    request: HttpRequest, space: str, form: EntryForm, number: int, *,
    correct: Callable[..., Any], door: Callable[..., Any], back: str,
) -> HttpResponse:  # fmt: skip
    """The form, or the way back when its corrections were kept. Who was too slow sees what stands there now."""
    by = actor(request)
    if request.method == "POST" and form.is_valid():
        try:
            correct(
                by=by, pk=number, version=form.cleaned_data["version"] or 0, values=form.values(),
                agency_id=form.agency_id(), source=form.cleaned_data["source"],
            )  # fmt: skip
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Your corrections are kept."))
            return HttpResponseRedirect(back)
    now = door(by, number, "people.change")
    differs = _differences(form, now) if form.errors else []
    if form.errors:
        form.data = {**request.POST.dict(), "version": str(now.version)}
    return form_page(request, space, form, title=_("Correct %(name)s") % {"name": now.name}, back=back, differs=differs)


def form_page(request: HttpRequest, space: str, form: EntryForm, **context: Any) -> HttpResponse:
    """A page with the form of an entry."""
    status = 422 if form.errors else 200
    return render(request, "people/form.html", frame(request, space, form=form, **context), status=status)


def _differences(form: EntryForm, now: Any) -> list[tuple[Any, str]]:
    """Where what was typed differs from what stands there now."""
    stands = shown(now, type(form))
    skipped = ("version", "source", "agency")
    return [
        (form.fields[name].label, str(stands[name] or "–"))
        for name in form.fields
        if name not in skipped and str(form.data.get(name, "") or "") != str(stands.get(name) or "")
    ]
