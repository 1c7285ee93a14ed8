"""The profile of one sector in one region: the ten data points, each with how to read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.studies import documents, queries, sheets
from sharedtable.studies.data_points import (
    cautions,
    data_points,
    occupation_source_lines,
    rules_line,
    source_lines,
)
from sharedtable.studies.figures import history_picture
from sharedtable.studies.knowledge import knowledge
from sharedtable.web import asked as asking
from sharedtable.web import charts
from sharedtable.web.actor import actor
from sharedtable.web.asked import Asked

KEY_FIGURES = ("employment", "change_long", "location_quotient", "pay")
FIRST_PARTS, FIRST_OCCUPATIONS = 12, 12


def profile(request: HttpRequest) -> HttpResponse:
    """GET: the profile, or a choice of industries when none is asked for. 400 and 404 keep the form."""
    given = {key: value for key, value in asking.typed(request.GET).items() if key != "lang"}
    language = get_language() or "en"
    try:
        asked = asking.read(given, language, actor(request))
    except Refused as problem:
        return _without_answer(request, given, problem, 400)
    try:
        if asked.question.sector is None:
            return _choice(request, asked)
        page = queries.profile_page(asked.question)
        return render(request, "profile/page.html", _form(given) | _answer(asked, page, language))
    except Missing as problem:
        return _without_answer(request, given, problem, 404)
    except Refused as problem:
        return _without_answer(request, given, problem, 400)


def download(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: the profile as a file: xlsx, docx, pptx, pdf or csv, in the language of `lang`, else of the page."""
    asked = asking.read(asking.typed(request.GET), get_language() or "en", actor(request))
    if kind not in documents.KINDS:
        raise Http404
    if asked.question.sector is None:
        raise Refused(_("Say which industry the profile is of: add its code to the address, such as industries=3261."))
    made = documents.profile_file(queries.profile_page(asked.question), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def _without_answer(request: HttpRequest, given: Mapping[str, str], problem: Refused, status: int) -> HttpResponse:
    context = _form(given) | {"problem": str(problem), "is_missing": status == 404}
    return render(request, "profile/choose.html", context, status=status)


def _choice(request: HttpRequest, asked: Asked) -> HttpResponse:
    found = queries.suggestions(asked.question)
    address = reverse("profile")
    rows = [
        {"row": row, "address": f"{address}?{asked.to_query(industries=row['industry_code'], digits=None)}"}
        for row in found.ranked
    ]
    return render(request, "profile/choose.html", _form(asked.given) | {"found": found, "rows": rows})


def _form(given: Mapping[str, str]) -> dict[str, Any]:
    industries = reverse("industries")
    rest = {key: value for key, value in given.items() if key not in ("industries", "exclude", "sector")}
    return {
        "trail": [
            (_("Start"), reverse("home")),
            (_("Industries"), f"{industries}?{asking.to_query(rest)}"),
            (_("Profile"), None),
        ],
        "given": given,
        "kept": [(key, given[key]) for key in asking.KEYS if key in given and key not in ("industries", "threshold")],
    }


def _answer(asked: Asked, page: queries.ProfilePage, language: str) -> dict[str, Any]:
    found, address = page.profile, reverse("profile")
    points = data_points(page)
    by_id = {point.id: point for point in points}
    shift = found.shift_share
    occupations = found.occupations
    wider = page.parent[0] if page.parent else None
    around = {"sort": None, "exclude": None, "sector": None, "show": None}
    return {
        "asked": asked,
        "page": page,
        "found": found,
        "region": found.region,
        "row": page.row,
        "points": points,
        "is_mostly_hidden": page.is_mostly_hidden,
        "key_figures": [by_id[name] for name in KEY_FIGURES],
        "history": history_picture(found.history.rows, language),
        "history_rows": found.history.rows,
        "shift": shift,
        "shift_bars": list(zip(sheets.shift_titles(), charts.shift_bars(page.shift_row), strict=True))
        if page.shift_row
        else [],
        "parts": [
            {
                "row": row,
                "bar": charts.bar_pct(row["employment_jobs"], found.parts[0]["employment_jobs"] or 0),
                "address": f"{address}?{asked.to_query(**around, industries=row['industry_code'], digits=None)}",
            }
            for row in found.parts[:FIRST_PARTS]
        ],
        "more_parts": max(0, len(found.parts) - FIRST_PARTS),
        "occupations": [
            {"row": row, "threshold": sheets.threshold_words(row), "capped": row["top_coded_columns"] or ""}
            for row in (occupations.rows[:FIRST_OCCUPATIONS] if occupations else ())
        ],
        "more_occupations": max(0, len(occupations.rows) - FIRST_OCCUPATIONS) if occupations else 0,
        "occupation_table": occupations,
        "threshold": found.pay_threshold_usd,
        "cautions": cautions(page),
        "rules_line": rules_line(page),
        "letter": found.letter_lines,
        "owners": documents.owners(page.question),
        "knowledge": knowledge(asked.question),
        "compare": _compare_address(asked, page, wider),
        "wider_address": f"{address}?{asked.to_query(**around, industries=wider, digits=None)}" if wider else "",
        "sources": [*source_lines(found.sources, language), *occupation_source_lines(found, language)],
        "downloads": [
            (kind, title, f"{reverse('profile-download', args=[kind])}?{asked.to_query(lang=language)}")
            for kind, title in (
                ("pdf", "PDF"),
                ("docx", "Word"),
                ("pptx", "PowerPoint"),
                ("xlsx", "Excel"),
                ("csv", "CSV"),
            )
        ],
    }


def _compare_address(asked: Asked, page: queries.ProfilePage, wider: str | None) -> str:
    """The ranked table of this industry and its neighbours: those of the same depth in the same wider industry."""
    digits = str(min(6, max(2, len(page.codes[0].split("-")[0]))))
    changes: dict[str, Any] = {"industries": wider, "exclude": None, "sector": None, "sort": None, "digits": digits}
    return f"{reverse('industries')}?{asked.to_query(**changes)}"
