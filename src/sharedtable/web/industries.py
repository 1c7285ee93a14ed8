"""The ranked industries of a region: one table, one chart, and weights that a group moves together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sharedtable.errors import Missing, Refused
from sharedtable.studies import documents, queries
from sharedtable.web import asked as asking
from sharedtable.web import charts
from sharedtable.web.asked import Asked

# So many rows are shown at first: enough to talk about, few enough for a phone and a slow line.
FIRST_ROWS = 40

COLUMNS = (
    ("rank", gettext_lazy("Rank"), False),
    ("industry", gettext_lazy("Industry"), False),
    ("jobs", gettext_lazy("Jobs"), True),
    ("short", gettext_lazy("Change over 2 years"), True),
    ("long", gettext_lazy("Change since"), True),
    ("quotient", gettext_lazy("Concentration"), True),
    ("pay", gettext_lazy("Average pay"), True),
    ("establishments", gettext_lazy("Establish\u00adments"), True),
    ("size", gettext_lazy("Jobs per establish\u00adment"), True),
    ("projected", gettext_lazy("Projected change"), True),
)
WEIGHTS = (
    ("size", gettext_lazy("Jobs"), gettext_lazy("how many there are")),
    ("wages", gettext_lazy("Pay"), gettext_lazy("how high it is")),
    ("concentration", gettext_lazy("Concentration"), gettext_lazy("how special it is here")),
    ("growth", gettext_lazy("Growth"), gettext_lazy("how much it grew")),
)
DEPTHS = (
    (2, gettext_lazy("Broad sectors (2 digits)")),
    (3, gettext_lazy("Subsectors (3 digits)")),
    (4, gettext_lazy("Industry groups (4 digits)")),
    (5, gettext_lazy("Industries (5 digits)")),
    (6, gettext_lazy("Detailed industries (6 digits)")),
)


@dataclass(frozen=True)
class Column:
    """A header of the table: its key, words, and the address that sorts by it."""

    key: str
    title: str
    is_number: bool
    address: str
    direction: str = ""


def industries(request: HttpRequest) -> HttpResponse:
    """GET: the page. 400 with the form kept when the address cannot be read, 404 when the figures are not there."""
    given = asking.typed(request.GET)
    language = get_language() or "en"
    try:
        asked = asking.read(given, language)
    except Refused as problem:
        return _without_answer(request, given, problem, 400)
    try:
        found = queries.industries(asked.question)
    except Missing as problem:
        return _without_answer(request, given, problem, 404)
    return render(request, "industries/page.html", _form(given) | _answer(asked, found, language))


def download(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: the ranking as a file: xlsx, csv, docx or pdf, in the language of `lang`, else of the page."""
    asked = asking.read(asking.typed(request.GET), get_language() or "en")
    if kind not in documents.KINDS:
        raise Http404
    made = documents.ranking_file(queries.industries(asked.question), kind)
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": made.disposition})


def _without_answer(request: HttpRequest, given: Mapping[str, str], problem: Refused, status: int) -> HttpResponse:
    context = _form(given) | {"problem": str(problem), "is_missing": status == 404}
    return render(request, "industries/page.html", context, status=status)


def _form(given: Mapping[str, str]) -> dict[str, Any]:
    """What the form needs, whether or not its content can be read."""

    def value(key: str) -> str:
        return given.get(key, asking.DEFAULTS.get(key, ""))

    kept = ("areas", "region", "name", "sector", "show", "lang")
    return {
        "trail": [(_("Start"), reverse("home")), (_("Industries"), None)],
        "given": given,
        "kept": [(key, given[key]) for key in kept if key in given],
        "depths": [(str(depth), title, value("digits") == str(depth)) for depth, title in DEPTHS],
        "ownership": value("ownership"),
        "base": value("base"),
        "sort": given.get("sort", "rank"),
        "weights": [
            {"name": f"w_{name}", "title": title, "note": note, "value": value(f"w_{name}")}
            for name, title, note in WEIGHTS
        ],
        "most_weight": asking.MOST_WEIGHT,
        "year_asked": given.get("year", ""),
    }


def _answer(asked: Asked, found: queries.Industries, language: str) -> dict[str, Any]:
    address = reverse("industries")
    profile = reverse("profile")
    ordered = found.ordered(asked.sort, is_descending=asked.is_descending)
    shown = ordered if asked.shows_all else ordered[:FIRST_ROWS]
    columns = list(_columns(asked, address))
    to_profile = _profile_links(asked, profile)
    to_parts = _parts_links(asked, address, found.year)
    scales = {
        "jobs": max((row["employment_jobs"] or 0 for row in found.ranked), default=0),
        "growth": 100.0,
    }
    return {
        "asked": asked,
        "found": found,
        "region": found.region,
        "columns": columns,
        "rows": [_view(row, scales, found.since_year, to_profile, to_parts) for row in shown],
        "apart": [_view(row, scales, found.since_year, to_profile, to_parts) for row in found.apart],
        "more": len(ordered) - len(shown),
        "show_all": f"{address}?{asked.to_query(show='all')}#ranking",
        "chart": charts.bubble_chart(shown, to_profile, language),
        "first": [row["industry_title"] for row in found.ranked[:3]],
        "query": asked.to_query(),
        "years": sorted(found.years, reverse=True),
        "sources": documents.source_lines(found.facts["sources"], language),
        "downloads": [
            (kind, title, f"{reverse('industries-download', args=[kind])}?{asked.to_query(lang=language)}")
            for kind, title in (("xlsx", "Excel"), ("csv", "CSV"), ("docx", "Word"), ("pdf", "PDF"))
        ],
        "threshold": asked.question.pay_threshold_usd,
        "has_projections": any(row["projected_change_pct"] is not None for row in found.ranked),
    }


def _columns(asked: Asked, address: str) -> Iterator[Column]:
    for key, title, is_number in COLUMNS:
        is_here = asked.sort == key
        # Numbers are of use from the top; a second click turns the order round.
        first = key if key in ("rank", "industry") else f"-{key}"
        other = key if first.startswith("-") else f"-{key}"
        now = f"-{key}" if asked.is_descending else key
        wanted = (other if now == first else first) if is_here else first
        direction = ("descending" if asked.is_descending else "ascending") if is_here else ""
        yield Column(key, str(title), is_number, f"{address}?{asked.to_query(sort=wanted)}#ranking", direction)


def _profile_links(asked: Asked, address: str) -> Callable[[Mapping[str, Any]], str]:
    """Addresses of profiles. One query is built, and the code put into it, because a table needs hundreds."""
    dropped = {"sort": None, "show": None, "sector": None, "exclude": None, "digits": None}
    before, after = f"{address}?{asked.to_query(**dropped, industries='CODE')}".split("CODE")
    return lambda row: f"{before}{row['industry_code']}{after}"


def _parts_links(asked: Asked, address: str, year: int) -> Callable[[Mapping[str, Any]], str]:
    """Addresses of tables of an industry's parts; empty for one that has none."""
    query = f"{address}?{asked.to_query(sort=None, show=None, sector=None, exclude=None, industries='CODE', digits=7)}"

    def address_of(row: Mapping[str, Any]) -> str:
        deeper = queries.parts_digits(row["industry_code"], year)
        if deeper is None:
            return ""
        return query.replace("CODE", row["industry_code"]).replace("digits=7", f"digits={deeper}")

    return address_of


def _view(
    row: Mapping[str, Any],
    scales: Mapping[str, float],
    since: int | None,
    to_profile: Callable[[Mapping[str, Any]], str],
    to_parts: Callable[[Mapping[str, Any]], str],
) -> dict[str, Any]:
    """A row with what only the page needs: lengths of bars, addresses, and where it differs from the header."""
    start, length = charts.diverging(row["employment_change_10y_pct"], scales["growth"])
    low, high = row["location_quotient_low_ratio"], row["location_quotient_high_ratio"]
    return {
        "row": row,
        "bar": charts.bar_pct(row["employment_jobs"], scales["jobs"]),
        "growth_start": start,
        "growth_length": length,
        "profile": to_profile(row),
        "parts": to_parts(row),
        "is_at_least": row["status"] == "partly_withheld",
        "other_since": row["change_since_year"] if row["change_since_year"] != since else None,
        "has_span": low is not None and high is not None and high - low >= 0.02,
    }
