"""The result of a round: agreement and spread, by table and system, over time; and what the group takes from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.method.tools import attribution
from sharedtable.web.actor import actor
from sharedtable.web.outreach_tools.drawn import pictures
from sharedtable.web.worksheets.forms import DecideForm, PledgeForm
from sharedtable.worksheets import documents, outcome_actions, result_queries, said
from sharedtable.worksheets.results import Bar, Result

CHART_WIDTH, CHART_HEIGHT, FLOOR = 240, 72, 52


@dataclass(frozen=True)
class Column:
    """One column of a chart: where it stands, how high, and what it says."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    bar: Bar


def columns(bars: Sequence[Bar]) -> list[Column]:
    """The columns of a small chart, from 1 to the highest point of a scale."""
    step = CHART_WIDTH / max(1, len(bars))
    made = []
    for number, bar in enumerate(bars):
        height = round((FLOOR - 16) * bar.share_pct / 100, 1)
        x = round(number * step + step * 0.15, 1)
        made.append(
            Column(x, round(FLOOR - height, 1), round(step * 0.7, 1), height, round((number + 0.5) * step, 1), bar)
        )
    return made


def view_of(page: result_queries.ResultPage, language: str) -> dict[str, Any]:
    """What the template of a result needs."""
    found = page.results
    return {
        "page": page,
        "round": page.round,
        "worksheet": page.worksheet,
        "results": found,
        "sections": [
            (
                section,
                [
                    _entry(found.results[q.id], page) if q.id in found.results else (q, page.evidence.get(q.id, []))
                    for q in section.questions
                ],
            )
            for section in page.worksheet.sections
        ],
        "differing": found.differing,
        "agreeing": found.agreeing,
        "over_time": said.over_time(page),
        "pledges": [(one, said.table_words(page.sits_at.get(one.who.casefold(), ""))) for one in page.promises],
        "tables": said.tables_in_words(page.tables),
        "attribution": attribution(language),
        "pictures": pictures(page),
    }


def _entry(result: Result, page: result_queries.ResultPage) -> tuple[Any, ...]:
    is_scale = result.question.kind in ("rating", "pairs")
    return (
        result.question,
        result,
        columns(result.bars) if is_scale else [],
        said.groups(result),
        said.written(result, page),
    )


def results(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """GET: the result of a round."""
    language = get_language() or "en"
    page = result_queries.result_page(actor(request), number, language)
    form = DecideForm(initial={"kind": page.worksheet.decides})
    return render(request, "worksheets/results.html", _context(page, language, space, form, PledgeForm()))


def _context(
    page: result_queries.ResultPage, language: str, space: str, decide_form: DecideForm, pledge_form: PledgeForm
) -> dict[str, Any]:
    return {
        **view_of(page, language),
        "decide_form": decide_form,
        "kinds": (("xlsx", "Excel"), ("docx", "Word"), ("pdf", "PDF")),
        "pledge_form": pledge_form,
        "trail": [
            (_("Worksheets"), reverse("worksheets", args=[space])),
            (page.worksheet.title, reverse("worksheet", args=[space, page.round.tool_id])),
            (_("Result"), None),
        ],
    }


def download(request: HttpRequest, space: str, number: int, kind: str) -> HttpResponse:
    """GET: the result as a file: xlsx, docx or pdf."""
    if kind not in documents.KINDS:
        raise Http404
    language = get_language() or "en"
    made = documents.result_file(result_queries.result_page(actor(request), number, language), kind, language)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def decide(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: write down a decision."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _again(request, space, number, form, PledgeForm())
    outcome_actions.decide(number, outcome_actions.Decided(**form.cleaned_data), by=actor(request))
    messages.success(request, _("The decision is written down. It stands with the decisions of the partnership."))
    return _back(space, number)


def pledge(request: HttpRequest, space: str, number: int) -> HttpResponse:
    """POST: write down what somebody said they would do."""
    form = PledgeForm(request.POST)
    if not form.is_valid():
        return _again(request, space, number, DecideForm(), form)
    outcome_actions.pledge(number, by=actor(request), **form.cleaned_data)
    messages.success(request, _("The pledge is written down."))
    return _back(space, number)


def _again(
    request: HttpRequest, space: str, number: int, decide_form: DecideForm, pledge_form: PledgeForm
) -> HttpResponse:
    language = get_language() or "en"
    page = result_queries.result_page(actor(request), number, language)
    if not page.may_run:
        raise Refused(_("Only those who run this round can write down what came of it."))
    context = _context(page, language, space, decide_form, pledge_form)
    return render(request, "worksheets/results.html", context, status=422)


def _back(space: str, number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('round-results', args=[space, number])}#outcome")
