"""What a partner does by a personal link: say which companies they know, whom there, how well, and who sees it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import connecting, connection_queries
from sharedtable.people.actions import telling
from sharedtable.people.actions.telling import Told
from sharedtable.people.models import ShownTo
from sharedtable.people.values import number
from sharedtable.web.actor import actor
from sharedtable.web.people import words

TYPED_ROWS = range(1, 4)


def tell(request: HttpRequest, link: int) -> HttpResponse:
    """GET: companies to choose from, and what was told. POST: keep what was chosen or typed on this page."""
    by = actor(request)
    problem = ""
    if request.method == "POST":
        try:
            count = connecting.tell(by=by, told=_read(request))
        except Missing:
            raise
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Kept. Thank you.") if count else _("Nothing had changed."))
            return HttpResponseRedirect(f"{request.get_full_path()}#told")
    text = request.GET.get("q", "")[:120]
    context = {
        "link": link,
        "tell": connection_queries.tell_page(by, text, request.GET.get("page", "1")),
        "q": text,
        "team": by.space,
        "problem": problem,
        "strengths": [(key, title) for key, title in words.OWN_STRENGTHS.items() if key != "0"],
        "shown": ShownTo.choices,
        "typed_rows": [(row, *(request.POST.get(f"{name}-{row}", "") for name in ("company", "who", "well")))
                       for row in TYPED_ROWS],
        "chosen": request.POST.get("shown_to", ShownTo.CONVENERS),
    }  # fmt: skip
    return render(request, "connections/tell.html", context, status=422 if problem else 200)


def shown(request: HttpRequest, link: int) -> HttpResponse:
    """POST: who may see the ties that were told; an empty choice takes one away."""
    given: dict[tuple[str, int], str] = {}
    for key, value in request.POST.items():
        kind, _dash, pk = key.partition("-")
        if kind in ("tie", "told") and number(pk):
            given[kind, number(pk)] = str(value)
    count = telling.change_told(by=actor(request), shown_to=given)
    messages.success(request, _("Kept. Thank you.") if count else _("Nothing had changed."))
    return HttpResponseRedirect(f"{reverse('my-connections', args=[link])}#told")


def _read(request: HttpRequest) -> list[Told]:
    """What stands on the form: rows of the list where a strength was chosen, and typed rows with a company."""
    form, shown_to = request.POST, request.POST.get("shown_to", "")
    found = []
    for key, value in form.items():
        kind, _dash, pk = key.partition("-")
        if kind == "know" and value and number(pk):
            found.append(
                Told(
                    _strength(str(value)), shown_to, organisation_id=number(pk),
                    person_id=number(form.get(f"person-{pk}", "")), person=str(form.get(f"other-{pk}", "")),
                )
            )  # fmt: skip
    for row in TYPED_ROWS:
        company = str(form.get(f"company-{row}", ""))
        if company.strip():
            well = _strength(str(form.get(f"well-{row}", "")))
            found.append(Told(well, shown_to, company=company, person=str(form.get(f"who-{row}", ""))))
    return found


def _strength(text: str) -> int:
    return int(text) if text in words.OWN_STRENGTHS else 0
