"""Entries that may be one: the list of pairs, two side by side, joined or kept apart, and a join taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.errors import Missing, Refused
from sharedtable.people import looking, merging
from sharedtable.people.importing import queries
from sharedtable.web.actor import actor
from sharedtable.web.imports.lists import _number as whole


def twins(request: HttpRequest, space: str) -> HttpResponse:
    """GET: the pairs. POST: look through the whole record again."""
    by = actor(request)
    if request.method == "POST":
        count = looking.look(by=by)
        said = ngettext("%(count)s pair may be one.", "%(count)s pairs may be one.", count) % {"count": count}
        messages.info(request, said)
        return HttpResponseRedirect(reverse("twins", args=[space]))
    return render(
        request, "imports/twins.html", {"space": space, **queries.twins(by, whole(request.GET.get("page", "")) or 1)}
    )


def twin(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: two entries side by side. POST: `do` join (`keep` first or second, `take-<field>`) or apart."""
    by = actor(request)
    if request.method != "POST":
        return render(request, "imports/twin.html", {"space": space, **queries.twin(by, number)})
    pair, first, second = merging.twin(by, number)
    try:
        if request.POST.get("do") == "apart":
            merging.keep_apart(by=by, kind=pair.kind, first_id=pair.first_id, second_id=pair.second_id)
            messages.success(request, _("Remembered: these are two. They are not suggested again."))
        else:
            _join(request, first, second)
            messages.success(request, _("Joined. You can take it back below."))
    except Missing:
        raise
    except Refused as problem:
        context = {"space": space, "problem": str(problem), **queries.twin(by, number)}
        return render(request, "imports/twin.html", context, status=422)
    return HttpResponseRedirect(reverse("twins", args=[space]))


def _join(request: HttpRequest, first: merging.Thing, second: merging.Thing) -> None:
    """The form says values by side (first, second, both); the join by role."""
    keeps_second = request.POST.get("keep") == "second"
    winner, loser = (second, first) if keeps_second else (first, second)
    role = {
        "first": "loser" if keeps_second else "winner",
        "second": "winner" if keeps_second else "loser",
        "both": "both",
    }
    take = {
        name.removeprefix("take-"): role.get(str(value), "")
        for name, value in request.POST.items()
        if name.startswith("take-")
    }
    versions = {
        "first": whole(request.POST.get("first_version", "")),
        "second": whole(request.POST.get("second_version", "")),
    }
    mine, theirs = ("second", "first") if keeps_second else ("first", "second")
    merging.join(by=actor(request), winner=winner, loser=loser, take=take, versions=(versions[mine], versions[theirs]))


def part(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: take a join back."""
    by = actor(request)
    try:
        kept = merging.part(by=by, merge=merging.joined(by, number))
        said = _("The join was taken back.")
        if kept:
            said += " " + _("These values were changed since and stay: %(fields)s.") % {"fields": ", ".join(kept)}
        messages.success(request, said)
    except Missing:
        raise
    except Refused as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(reverse("twins", args=[space]))
