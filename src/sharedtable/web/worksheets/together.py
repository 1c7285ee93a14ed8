"""The screen on which a group answers together, and the page on which paper sheets are typed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.web.actor import actor
from sharedtable.web.worksheets import shown
from sharedtable.worksheets import answering, queries

FORM = "form"


def group(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the group's screen. POST: keep all of it (without JavaScript)."""
    by, language = actor(request), get_language() or "en"
    name = " ".join((request.POST.get("group") or request.GET.get("group") or "").split())[:80]
    page = queries.group_page(by, number, language, name)
    typed, problem, counter, status = None, "", page.counter, 200
    if request.method == "POST":
        typed, counter = shown.read(page.worksheet, request.POST), shown.whole(request.POST, "counter")
        try:
            if not typed.problems:
                edits = typed.edits(counter, request.POST.get("device") or FORM)
                answering.save_group(by=by, number=number, name=name, edits=edits, base=counter)
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(f"{reverse('round-group', args=[space, number])}?group={name}")
            problem, status = _("Please look at the marked answers again. Nothing was kept yet."), 422
        except answering.Stale as stale:
            problem, counter, status = str(stale), stale.counter, 409
    values = typed.values if typed else page.values
    context = {
        "page": page,
        "worksheet": page.worksheet,
        "parts": shown.parts(page.worksheet, values, page.names, page.evidence, typed.problems if typed else None),
        "counter": counter,
        "problem": problem,
        "group": name,
    }
    return render(request, "worksheets/group.html", context, status=status)


def keep_one(request: HttpRequest, space: str, number: int) -> JsonResponse:
    """POST: keep one answer of a group."""
    by, question, name = actor(request), request.POST.get("question", ""), request.POST.get("group", "")
    try:
        page = queries.group_page(by, number, get_language() or "en", name)
        typed = shown.read(page.worksheet, request.POST, question)
        if typed.problems or not question or not typed.values:
            return JsonResponse({"problem": typed.problems.get(question, _("There is no such question."))}, status=422)
        edits = typed.edits(shown.whole(request.POST, "counter") - 1, request.POST.get("device", ""))
        stands = answering.save_group(by=by, number=number, name=name, edits=edits)
    except Missing as problem:
        return JsonResponse({"problem": str(problem)}, status=404)
    except Refused as problem:
        return JsonResponse({"problem": str(problem)}, status=409)
    return JsonResponse({"saved": question, "counter": stands})


def typed(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: an empty sheet to type a paper one in. POST: keep it, and show the next empty one."""
    by, language = actor(request), get_language() or "en"
    page, left = queries.paper_entry(by, number, language)
    found, problem, asked_id = None, "", shown.whole(request.POST, "asked")
    if request.method == "POST":
        found = shown.read(page.worksheet, request.POST)
        try:
            if found.problems:
                raise Refused(_("Please look at the marked answers again. Nothing was kept yet."))
            answering.type_in(by=by, number=number, asked_id=asked_id, edits=found.edits(0, "paper"))
            messages.success(request, _("The sheet is kept. Here is the next one."))
            return HttpResponseRedirect(reverse("round-typed", args=[space, number]))
        except Refused as refusal:
            problem = str(refusal)
    values = found.values if found else {}
    context = {
        "page": page,
        "worksheet": page.worksheet,
        "left": left,
        "asked_id": asked_id,
        "parts": shown.parts(page.worksheet, values, page.names, page.evidence, found.problems if found else None),
        "problem": problem,
        "trail": [
            (_("Worksheets"), reverse("worksheets", args=[space])),
            (page.worksheet.title, reverse("round", args=[space, number])),
            (_("Type in paper"), None),
        ],
    }
    return render(request, "worksheets/typed.html", context, status=422 if problem else 200)
