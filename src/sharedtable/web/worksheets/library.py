"""The shelf of tools: by step, with a search; one tool; its paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sharedtable.method.tools import attribution
from sharedtable.web.actor import actor
from sharedtable.web.outreach_tools.blocks import BESIDE
from sharedtable.web.worksheets import shown
from sharedtable.worksheets import documents, queries

STEPS = (
    (1, gettext_lazy("Build the team and make the case")),
    (2, gettext_lazy("Look at data and choose the industry")),
    (3, gettext_lazy("Prepare to launch")),
    (4, gettext_lazy("Launch")),
    (5, gettext_lazy("From talk to action")),
    (6, gettext_lazy("Sustain and evolve")),
)
AUDIENCES = {
    "support_team": gettext_lazy("support team"),
    "conveners": gettext_lazy("conveners"),
    "champions": gettext_lazy("champions"),
    "members": gettext_lazy("members"),
    "everyone": gettext_lazy("everyone"),
}


def library(request: HttpRequest, space: str) -> HttpResponse:
    """GET: every tool by step, those that fit a search, and the rounds that are under way."""
    by, language = actor(request), get_language() or "en"
    search, step = request.GET.get("q", "")[:80], request.GET.get("step", "")
    wanted = int(step) if step in {str(number) for number, _title in STEPS} else 0
    page = queries.library(by, language, search, wanted)
    context = {
        "page": page,
        "steps": [(number, title, page.steps[number]) for number, title in STEPS if number in page.steps],
        "all_steps": STEPS,
        "step": wanted,
        "search": search,
        "rounds": [(one, one.worksheet(language)) for one in page.running],
        "latest": [(one, one.worksheet(language)) for one in page.latest],
        "may_run": by.may("worksheets.run"),
        "trail": [(by.space.name if by.space else "", reverse("space", args=[space])), (_("Worksheets"), None)],
    }
    return render(request, "worksheets/library.html", context)


def tool(request: HttpRequest, space: str, tool: str) -> HttpResponse:
    """GET: one tool: what it is for, its questions, the rounds in which it was used."""
    by, language = actor(request), get_language() or "en"
    page = queries.tool_page(by, tool, language)
    context = {
        "page": page,
        "worksheet": page.worksheet,
        "step_title": dict(STEPS)[page.worksheet.step],
        "audience": [AUDIENCES[key] for key in page.worksheet.audience],
        "parts": shown.parts(page.worksheet, {}, queries.Names(), {}),
        "attribution": attribution(language),
        "may_run": by.may("worksheets.run"),
        "beside": BESIDE.get(tool, "") if by.may_in_space("worksheets.see") else "",
        "trail": [(_("Worksheets"), reverse("worksheets", args=[space])), (page.worksheet.title, None)],
    }
    return render(request, "worksheets/tool.html", context)


def paper(request: HttpRequest, space: str, tool: str, kind: str) -> HttpResponse:
    """GET: the empty worksheet to print: pdf or docx."""
    if kind not in documents.PAPER:
        raise Http404
    page = queries.tool_page(actor(request), tool, get_language() or "en")
    made = documents.paper_file(page.worksheet, kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})
