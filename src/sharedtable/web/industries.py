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
from sharedtable.method.guideposts import guideposts
from sharedtable.studies import documents, queries
from sharedtable.web import asked as asking
from sharedtable.web import charts
from sharedtable.web.actor import actor
from sharedtable.web.asked import Asked
from sharedtable.web.cells import Writer
from sharedtable.web.templatetags.figures import direction

# So many rows are shown at first: enough to talk about, few enough for a phone and a slow line.
FIRST_ROWS = 40
FIRST_APART = 60
MOST_GROWTH_PCT = 100.0  # the long change at which its small bar is full
SHOWN_SPAN_RATIO = 0.02  # a quotient that is known less exactly than this says so
HIGH_RATIO = 1.2  # from here on a concentration is set in bold

Row = Mapping[str, Any]

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
    given = {key: value for key, value in asking.typed(request.GET).items() if key != "lang"}
    language = get_language() or "en"
    try:
        asked = asking.read(given, language, actor(request))
    except Refused as problem:
        return _without_answer(request, given, problem, 400)
    try:
        found = queries.industries(asked.question)
    except Missing as problem:
        return _without_answer(request, given, problem, 404)
    except Refused as problem:
        return _without_answer(request, given, problem, 400)
    return render(request, "industries/page.html", _form(given) | _answer(asked, found, language))


def download(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: the ranking as a file: xlsx, csv, docx, pptx or pdf, in the language of `lang`, else of the page."""
    asked = asking.read(asking.typed(request.GET), get_language() or "en", actor(request))
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
    most_jobs = max((row["employment_jobs"] or 0 for row in found.ranked), default=0)
    views = _Views(Writer(), most_jobs, found.since_year, to_profile, _parts_links(asked, address, found.year))
    return {
        "asked": asked,
        "found": found,
        "region": found.region,
        "columns": columns,
        "rows": [views.ranked(row) for row in shown],
        "apart": [views.apart(row) for row in (found.apart if asked.shows_all else found.apart[:FIRST_APART])],
        "more_apart": 0 if asked.shows_all else max(0, len(found.apart) - FIRST_APART),
        "more": len(ordered) - len(shown),
        "show_all": f"{address}?{asked.to_query(show='all')}#ranking",
        "chart": charts.bubble_chart(shown, to_profile, language),
        "first": [row["industry_title"] for row in found.ranked[:3]],
        "query": asked.to_query(),
        "years": sorted(found.years, reverse=True),
        "sources": documents.source_lines(found.facts["sources"], language),
        "downloads": [
            (kind, title, f"{reverse('industries-download', args=[kind])}?{asked.to_query(lang=language)}")
            for kind, title in (
                ("xlsx", "Excel"),
                ("csv", "CSV"),
                ("docx", "Word"),
                ("pptx", "PowerPoint"),
                ("pdf", "PDF"),
            )
        ],
        "coverage": documents.coverage_line(found),
        "conversation": guideposts(language).conversation,
        "words": _words(found.since_year),
    }


def _words(since: int | None) -> dict[str, str]:
    """Words that stand in every row, translated once: a table has hundreds of rows."""
    return {
        "partly": _("partly withheld"),
        "withheld": _("withheld"),
        "cut": _("series cut"),
        "declining": _("declining"),
        "outside": _("outside by the rules"),
        "unclassified": _("no industry code yet"),
        "why": _("Why here"),
        "withheld_most": _("Withheld jobs, at most:"),
        "between": _("Concentration known to lie between:"),
        "parts": _("Its parts"),
        "profile": _("Its profile"),
        "at_least": _("at least"),
        "not_comparable": _("not comparable"),
        "not_loaded": _("not loaded"),
        "of_establishments": _("of its establishments"),
        "since": _("since"),
        "was": _("was"),
        "jobs": _("Jobs"),
        "short": _("Change over 2 years"),
        "long": _("Change since %(year)d") % {"year": since} if since else _("Long change"),
        "quotient": _("Concentration"),
        "pay": _("Average pay"),
        "establishments": _("Establishments"),
        "size": _("Jobs per establishment"),
        "projected": _("Projected change"),
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


def _profile_links(asked: Asked, address: str) -> Callable[[Row], str]:
    """Addresses of profiles. One query is built, and the code put into it, because a table needs hundreds."""
    dropped = {"sort": None, "show": None, "sector": None, "exclude": None, "digits": None}
    before, after = f"{address}?{asked.to_query(**dropped, industries='CODE')}".split("CODE")
    return lambda row: f"{before}{row['industry_code']}{after}"


def _parts_links(asked: Asked, address: str, year: int) -> Callable[[Row], str]:
    """Addresses of tables of an industry's parts; empty for one that has none."""
    query = f"{address}?{asked.to_query(sort=None, show=None, sector=None, exclude=None, industries='CODE', digits=7)}"

    def address_of(row: Row) -> str:
        deeper = queries.parts_digits(row["industry_code"], year)
        if deeper is None:
            return ""
        return query.replace("CODE", row["industry_code"]).replace("digits=7", f"digits={deeper}")

    return address_of


@dataclass(frozen=True)
class _Views:
    """Makes rows for the page: figures in words, lengths of bars, addresses, where a row differs from the header."""

    writer: Writer
    most_jobs: int
    since: int | None
    to_profile: Callable[[Row], str]
    to_parts: Callable[[Row], str]

    def ranked(self, row: Row) -> dict[str, Any]:
        """A row of the ranked table."""
        write, status = self.writer, row["status"]
        long, quotient = row["employment_change_10y_pct"], row["location_quotient_ratio"]
        start, length = charts.diverging(long, MOST_GROWTH_PCT)
        low, high = row["location_quotient_low_ratio"], row["location_quotient_high_ratio"]
        then, against = row["location_quotient_then_ratio"], row["pay_against_threshold_pct"]
        has_span = low is not None and high is not None and high - low >= SHOWN_SPAN_RATIO
        is_partly = status == "partly_withheld"
        most = row["withheld_jobs_max_pct"]
        return {
            "rank": row["rank"],
            "title": row["industry_title"],
            "code": row["industry_code"],
            "profile": self.to_profile(row),
            "parts": self.to_parts(row),
            "explanation": row["explanation"],
            "is_partly": is_partly,
            "is_withheld": status == "withheld",
            "is_cut": row["is_cut"],
            "is_declining": row["is_declining"],
            "outside": row.get("rule_reasons") if row.get("is_in_sector") is False else None,
            "most_withheld": write.pct(most) if is_partly and most is not None else "",
            "span": f"{write.ratio(low)} – {write.ratio(high)}" if has_span else "",
            "jobs": write.count(row["employment_jobs"]),
            "bar": charts.bar_pct(row["employment_jobs"], self.most_jobs),
            "short": write.change_pct(row["employment_change_2y_pct"]),
            "short_way": direction(row["employment_change_2y_pct"]),
            "short_jobs": "" if row["employment_change_2y_jobs"] is None
            else write.change(row["employment_change_2y_jobs"]),
            "long": write.change_pct(long),
            "long_way": direction(long),
            "growth_start": start,
            "growth_length": length,
            "other_since": row["change_since_year"] if row["change_since_year"] != self.since else None,
            "quotient": write.ratio(quotient),
            "is_high": quotient is not None and quotient >= HIGH_RATIO,
            "then": "" if then is None else write.ratio(then),
            "pay": write.usd(row["average_annual_pay_usd"]),
            "against": "" if against is None else write.change_pct(against),
            "against_way": direction(against),
            "establishments": write.count(row["establishments"]),
            "size": write.decimal(row["jobs_per_establishment"]),
            "projected": "" if row["projected_change_pct"] is None else write.change_pct(row["projected_change_pct"]),
        }  # fmt: skip

    def apart(self, row: Row) -> dict[str, Any]:
        """A row of those listed apart."""
        share = row["withheld_establishments_pct"]
        return {
            "title": row["industry_title"],
            "code": row["industry_code"],
            "profile": self.to_profile(row),
            "establishments": self.writer.count(row["establishments"]),
            "jobs": "" if row["employment_jobs"] is None else self.writer.count(row["employment_jobs"]),
            "is_partly": row["status"] == "partly_withheld",
            "is_withheld": row["status"] == "withheld",
            "is_unclassified": row["industry_code"].startswith("99"),
            "share": "" if share is None else self.writer.pct(share),
        }
