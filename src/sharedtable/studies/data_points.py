"""The ten data points of a profile, and its gaps, in words: the same on the screen, on paper and in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sharedtable.exports import Language, format_value
from sharedtable.lmi.profiles import Profile
from sharedtable.lmi.workforce.occupations import OccupationTable
from sharedtable.method.guideposts import Guidepost
from sharedtable.studies.queries import ProfilePage
from sharedtable.studies.readings import Beside

# The method wants a short and a long look; less than this is named as a shorter span.
LONG_SPAN_YEARS = 10


@dataclass(frozen=True)
class DataPoint:
    """One of the ten: what it is, the figure as people read it, what belongs to it, and how to read it.

    `reason`: why the figure is missing or weak (withheld, partly_withheld, not_loaded, not_comparable), else ''.
    `beside`: what rooms made of it in data walks.
    """

    id: str
    title: str
    value: str
    note: str
    reason: str
    guidepost: Guidepost
    beside: Sequence[Beside] = ()


def data_points(page: ProfilePage) -> list[DataPoint]:
    """The ten data points in the order of the method, in the language of the question."""
    with override(page.question.language):
        say = _Say(page)
        points = []
        for point in page.guideposts.points:
            value, note, reason = getattr(say, point.id)()
            points.append(
                DataPoint(point.id, say.title(point), value, note, reason, point, page.beside.get(point.id, ()))
            )
        return points


class _Say:
    """The words of each data point: value, note, reason."""

    def __init__(self, page: ProfilePage):
        self.page, self.row, self.profile = page, page.row, page.profile
        self.language = cast(Language, page.question.language)
        self.status = str(self.row["status"])

    def title(self, point: Guidepost) -> str:
        span = self.row["change_span_years"]
        if point.id == "change_long" and span and span != LONG_SPAN_YEARS:
            return ngettext("Change over %(span)d year", "Change over %(span)d years", span) % {"span": span}
        return point.title

    def show(self, value: float | None, kind: Any) -> str:
        return format_value(value, kind, self.language)

    def unknown(self) -> tuple[str, str, str]:
        return _("withheld"), _("The agency does not publish it, so that no single employer can be seen."), "withheld"

    def employment(self) -> tuple[str, str, str]:
        jobs = self.row["employment_jobs"]
        if jobs is None:
            return self.unknown()
        figure = self.show(jobs, "integer")
        if self.status == "partly_withheld":
            return _("at least %(jobs)s") % {"jobs": figure}, self.missing_part(), self.status
        return figure, _("annual average of %(year)d") % {"year": self.profile.year}, ""

    def missing_part(self) -> str:
        most = self.row["withheld_jobs_max_pct"]
        if most is None:
            return _("Part of it is withheld. How much cannot be known.")
        return _("Part of it is withheld: at most %(pct)s of the jobs.") % {"pct": self.show(most, "pct")}

    def change_short(self) -> tuple[str, str, str]:
        return self.change(self.row["employment_change_2y_pct"], self.row["employment_change_2y_jobs"], 2)

    def change_long(self) -> tuple[str, str, str]:
        if self.row["is_cut"]:
            return _("not comparable"), _("The industry codes changed in between."), "not_comparable"
        span = self.row["change_span_years"]
        value, note, reason = self.change(
            self.row["employment_change_10y_pct"], self.row["employment_change_10y_jobs"], span
        )
        if span and span < LONG_SPAN_YEARS and reason not in ("not_loaded", "withheld"):
            since = _("since %(year)d, the earliest year that can be compared") % {
                "year": self.row["change_since_year"]
            }
            note = f"{note} {since}".strip()
        return value, note, reason

    def change(self, pct: float | None, jobs: int | None, span: int | None) -> tuple[str, str, str]:
        earlier = [year for year in self.page.years if year < self.profile.year]
        if not span or not earlier or (span == 2 and self.profile.year - 2 not in earlier):
            return _("not loaded"), _("Figures of that earlier year have not been added yet."), "not_loaded"
        if pct is None:
            return self.unknown()
        note = _("%(jobs)s jobs") % {"jobs": self.show(jobs, "change")}
        return self.show(pct, "change_pct"), note, "partly_withheld" if self.status == "partly_withheld" else ""

    def location_quotient(self) -> tuple[str, str, str]:
        now, then = self.row["location_quotient_ratio"], self.row["location_quotient_then_ratio"]
        if now is None:
            if self.row["employment_jobs"] is None:
                return self.unknown()
            is_loaded = self.profile.measures.base_method is not None
            return _("not known"), self.page.base_note, "withheld" if is_loaded else "not_loaded"
        base = _("the national share") if self.profile.measures.base == "us" else _("the state's share")
        note = _("times %(base)s of jobs") % {"base": base}
        if then is not None:
            note += "; " + _("%(ratio)s in %(year)d") % {
                "ratio": self.show(then, "ratio"),
                "year": self.row["change_since_year"],
            }
        low, high = self.row["location_quotient_low_ratio"], self.row["location_quotient_high_ratio"]
        if low is not None and high is not None and high - low >= 0.02:
            note += "; " + _("known to lie between %(low)s and %(high)s") % {
                "low": self.show(low, "ratio"),
                "high": self.show(high, "ratio"),
            }
        return self.show(now, "ratio"), note, "partly_withheld" if self.status == "partly_withheld" else ""

    def pay(self) -> tuple[str, str, str]:
        pay, against = self.row["average_annual_pay_usd"], self.row["pay_against_threshold_pct"]
        if pay is None:
            return self.unknown()
        is_part = self.status == "partly_withheld"
        note = _("a year before tax, in the published part") if is_part else _("a year, all jobs, before tax")
        if against is not None:
            note = _("a year: %(pct)s against the family-sustaining %(threshold)s") % {
                "pct": self.show(against, "change_pct"),
                "threshold": self.show(self.profile.pay_threshold_usd, "usd"),
            }
        return self.show(pay, "usd"), note, "partly_withheld" if self.status == "partly_withheld" else ""

    def establishments(self) -> tuple[str, str, str]:
        return self.show(self.row["establishments"], "integer"), _("places of work"), ""

    def size(self) -> tuple[str, str, str]:
        size = self.row["jobs_per_establishment"]
        if size is None:
            return self.unknown()
        return self.show(size, "decimal"), _("jobs at each place of work, on average, of those that are published"), ""

    def projections(self) -> tuple[str, str, str]:
        pct = self.row["projected_change_pct"]
        if pct is None:
            return _("not loaded"), _("Ask the state's labor market office for its projections."), "not_loaded"
        years = {"first": self.row["projected_from_year"], "last": self.row["projected_to_year"]}
        return self.show(pct, "change_pct"), _("from %(first)s to %(last)s") % years, ""

    def occupations(self) -> tuple[str, str, str]:
        table = self.profile.occupations
        if table is None or not table.rows:
            return _("not loaded"), _("The wage statistics of occupations have not been added yet."), "not_loaded"
        first = str(table.rows[0]["occupation_title"])
        count = ngettext("%(count)d occupation", "%(count)d occupations", len(table.rows)) % {"count": len(table.rows)}
        return count, _("Most jobs: %(title)s") % {"title": first}, ""

    def knowledge(self) -> tuple[str, str, str]:
        return _("yours to add"), _("What people here know stands in no table."), ""


def cautions(page: ProfilePage) -> list[str]:
    """The gaps of this profile, each in a sentence; the first says what figures are good for (row C11)."""
    with override(page.question.language):
        return [page.guideposts.conversation, *_gaps(page)]


def _gaps(page: ProfilePage) -> list[str]:
    found, row, language = page.profile, page.row, cast(Language, page.question.language)
    gaps = [
        _(
            "Lag: these are annual averages of %(year)d. The agency brings out a year's figures about five months "
            "after it ends, and corrects them a year later."
        )
        % {"year": found.year}
    ]
    if found.ruled is not None:
        gaps.append(rules_line(page))
    if row["withheld_cells"]:
        text = ngettext(
            "Withheld: %(count)d figure behind these numbers is not published, so that no employer can be seen.",
            "Withheld: %(count)d figures behind these numbers are not published, so that no employer can be seen.",
            row["withheld_cells"],
        ) % {"count": row["withheld_cells"]}
        most = row["withheld_jobs_max_pct"]
        if row["employment_jobs"] is not None and most is not None:
            text += " " + _("The real total is larger: at most %(pct)s of it is missing here.") % {
                "pct": format_value(most, "pct", language)
            }
        gaps.append(text)
    else:
        gaps.append(_("Withheld: nothing of this sector's total is withheld in this region."))
    if row["change_is_complete"] is False:
        gaps.append(_("The long change compares only those counties that publish the figure in both years."))
    if row["is_cut"]:
        gaps.append(_("The industry codes changed, so earlier years cannot be compared with this one."))
    missing = [year for year in range(page.years[0], found.year) if year not in page.years]
    if missing:
        gaps.append(_("Missing: the years %(years)s are not loaded.") % {"years": _spans(missing)})
    if row["projected_change_pct"] is None:
        gaps.append(_("Missing: no projections of this industry are loaded for this region."))
    if found.measures.base_method != "published":
        gaps.append(page.base_note)
    gaps += occupation_notes(found)
    if found.measures.ownership == "private":
        gaps.append(_("Left out: government jobs and people who work for themselves."))
    else:
        gaps.append(_("Left out: people who work for themselves."))
    return gaps


def rules_line(page: ProfilePage) -> str:
    """What the rules of the sector made of its totals, in the language that is active; '' without rules."""
    found = page.profile
    if found.ruled is None:
        return ""
    language = cast(Language, page.question.language)
    verdicts = found.ruled
    every = len(verdicts.taken) + len(verdicts.left) + len(verdicts.open)
    words: dict[str, Any] = {
        "taken": len(verdicts.taken),
        "every": every,
        "year": found.year,
        "jobs": _jobs(found.row, language),
        "whole": _jobs(found.whole.row, language),
    }
    if not verdicts.taken:
        text = (
            _("Rules: no industry meets them all for sure, so the totals count all %(every)d: %(whole)s jobs.") % words
        )
    else:
        text = (
            ngettext(
                "Rules: the totals count the one of %(every)d industries that meets them: %(jobs)s jobs.",
                "Rules: the totals count the %(taken)d of %(every)d industries that meet them: %(jobs)s jobs.",
                len(verdicts.taken),
            )
            % words
        )
        text += " " + _("All of them together: %(whole)s jobs.") % words
        text += " " + _("They were chosen by the figures of %(year)d; earlier years show the same industries.") % words
    if verdicts.open:
        text += (
            " "
            + ngettext(
                "Of %(open)d it cannot be told, because a figure is withheld or not loaded; it is not counted.",
                "Of %(open)d it cannot be told, because a figure is withheld or not loaded; they are not counted.",
                len(verdicts.open),
            )
            % {"open": len(verdicts.open)}
            if verdicts.taken
            else ""
        )
    return text


def _jobs(row: Mapping[str, Any], language: Language) -> str:
    """The jobs of a row in words: a sum with withheld parts is a floor."""
    if row["employment_jobs"] is None:
        return _("an unknown number of")
    figure = format_value(row["employment_jobs"], "integer", language)
    return _("at least %(jobs)s") % {"jobs": figure} if row["status"] == "partly_withheld" else figure


def occupation_notes(found: Profile) -> list[str]:
    """What to know of the occupations table, in the language that is active."""
    table: OccupationTable | None = found.occupations
    if table is None:
        return [_("Missing: no occupations and their wages are loaded.")]
    notes = [
        _(
            "Occupations are an estimate: the nation's mix of jobs in each industry (May %(wage_year)d), applied to "
            "the jobs here (%(year)d). Wages are those of the whole wage area, for all its industries."
        )
        % {"wage_year": table.wage_year, "year": table.year}
    ]
    if table.withheld_industries:
        notes.append(
            _("Not in that estimate, because their jobs are withheld: %(codes)s.")
            % {"codes": ", ".join(table.withheld_industries)}
        )
    return notes


def _spans(years: Sequence[int]) -> str:
    """Years in words: 2017–2019, 2023."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def source_lines(sources: Sequence[Mapping[str, Any]], language: str, *, is_short: bool = False) -> list[str]:
    """One line for each source: publisher, title, years, and (if not short) when it was loaded."""
    grouped: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for source in sources:
        grouped.setdefault((str(source["publisher"]), str(source["series"])), []).append(source)
    lines = []
    with override(language):
        for (publisher, title), entries in grouped.items():
            years = sorted({str(entry["vintage"]) for entry in entries})
            loaded = max(str(entry["loaded_at"]) for entry in entries)[:10]
            line = _("%(publisher)s, %(title)s, annual averages of %(years)s.") % {
                "publisher": publisher,
                "title": title,
                "years": ", ".join(years),
            }
            lines.append(line if is_short else line + " " + _("Loaded on %(loaded)s.") % {"loaded": loaded})
    return lines


def occupation_source_lines(found: Profile, language: str) -> list[str]:
    """The source lines of the occupations table; empty without one."""
    table = found.occupations
    if table is None:
        return []
    with override(language):
        lines = [
            _("U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May %(year)d.")
            % {"year": table.wage_year}
        ]
        if table.projection_years:
            lines.append(
                _("U.S. Bureau of Labor Statistics, Employment Projections, %(first)d to %(last)d, national.")
                % {"first": table.projection_years[0], "last": table.projection_years[1]}
            )
    return lines
