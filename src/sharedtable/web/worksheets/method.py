"""Where a team's method differs from the shipped one: its own tools, its own numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.library import queries as library_queries
from sharedtable.method.presets import presets
from sharedtable.web.actor import actor
from sharedtable.web.worksheets.forms import NumberForm, ToolForm
from sharedtable.worksheets import method_actions, queries


def method(request: HttpRequest, space: str) -> HttpResponse:
    """GET: what differs, and, for those who may, forms to change it."""
    return render(request, "worksheets/method.html", _context(request, space, ToolForm()))


def _context(request: HttpRequest, space: str, form: ToolForm, problem: str = "") -> dict[str, Any]:
    by, language = actor(request), get_language() or "en"
    page = queries.method_page(by)
    return {
        "page": page,
        "own": [
            (tool, page.shelf.tools[name].sheet(language), name in page.shelf.replaced)
            for name, tool in page.shelf.own.items()
        ],
        "differences": [(one, one.preset.title(language)) for one in page.differences],
        "numbers": [(preset, preset.title(language), page.shelf.number(key)) for key, preset in presets().items()],
        "answers": library_queries.own_entries(by, language),
        "form": form,
        "problem": problem,
        "may_change": by.may_everywhere("method.change"),
        "may_run": by.may("worksheets.run"),
        "trail": [(_("Worksheets"), reverse("worksheets", args=[space])), (_("Our method"), None)],
    }


def _go(space: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("method", args=[space]))


def bring(request: HttpRequest, space: str) -> HttpResponse:
    """POST: add a worksheet of the team's own."""
    form = ToolForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            made = method_actions.bring_tool(by=actor(request), **form.cleaned_data)
            messages.success(request, _("“%(tool)s” is on the shelf.") % {"tool": made.tool_id})
            return HttpResponseRedirect(reverse("worksheet", args=[space, made.tool_id]))
        except Missing:
            raise
        except Refused as refusal:
            problem = str(refusal)
    return render(request, "worksheets/method.html", _context(request, space, form, problem), status=422)


def retire(request: HttpRequest, space: str, tool: str) -> HttpResponse:
    """POST: take a tool of the team's own off the shelf."""
    method_actions.retire_tool(by=actor(request), tool_id=tool)
    messages.success(request, _("The tool is off the shelf. Rounds that used it stay."))
    return _go(space)


def number(request: HttpRequest, space: str) -> HttpResponse:
    """POST: change a number for this team, or take the shipped one again."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        raise Refused(_("That is not a number. Nothing was changed."))
    method_actions.change_preset(by=actor(request), **form.cleaned_data)
    messages.success(request, _("The number is changed. Rounds that run keep the one they began with."))
    return _go(space)


def version(request: HttpRequest, space: str) -> HttpResponse:
    """POST: let a partnership work with the present version of the method."""
    by = actor(request)
    method_actions.take_version(by=by, partnership=queries.partnership(by, request.POST.get("partnership", "")))
    messages.success(request, _("This partnership works with the present version now."))
    return _go(space)
