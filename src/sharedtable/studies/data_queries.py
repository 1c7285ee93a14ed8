"""What the page Data shows: which figures are loaded, from where, how old they are, and what to be careful about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.lmi import naics
from sharedtable.lmi.definitions import Region
from sharedtable.lmi.sources import SOURCES, Source
from sharedtable.lmi.store import Store
from sharedtable.lmi.workforce import projections_template
from sharedtable.studies.models import LocalNote, Study
from sharedtable.studies.questions import Question, open_store
from sharedtable.studies.tenancy import seen_by

FIRST_YEAR = 2014  # the open-data slices reach back no further
SHIPPED = "shipped example"

TITLES = {
    "qcew": gettext_lazy("Jobs, employers and pay by industry, yearly"),
    "qcew_quarterly": gettext_lazy("Jobs, employers and pay by industry, quarterly"),
    "us_base": gettext_lazy("National shares of each industry"),
    "oews": gettext_lazy("Pay by occupation"),
    "oews_staffing": gettext_lazy("Which occupations an industry employs"),
    "occupation_projections": gettext_lazy("Outlook by occupation"),
    "industry_projections": gettext_lazy("Outlook by industry"),
}
KINDS = {
    "qcew_annual": gettext_lazy("QCEW, yearly figures"),
    "qcew_quarterly": gettext_lazy("QCEW, quarterly figures"),
    "oews_database": gettext_lazy("OEWS, pay and staffing by occupation"),
    "oews_parquet": gettext_lazy("OEWS, pay and staffing by occupation"),
    "occupation_projections": gettext_lazy("BLS outlook by occupation"),
    "industry_projections": gettext_lazy("Outlook by industry, in the template"),
}
LAGS = {
    "qcew": gettext_lazy("about half a year after the year ends, and revised a year later"),
    "qcew_quarterly": gettext_lazy("about half a year after the quarter ends"),
    "us_base": gettext_lazy("as the figures that it is worked out from"),
    "oews": gettext_lazy("about a year; it rests on three years of surveys"),
    "oews_staffing": gettext_lazy("about a year; it rests on three years of surveys"),
    "occupation_projections": gettext_lazy("about eight months after the base year ends"),
    "industry_projections": gettext_lazy("as the office that published it says"),
}
FETCHABLE = {
    "qcew-annual-area": gettext_lazy("Yearly figures of these areas"),
    "qcew-quarterly-area": gettext_lazy("Quarterly figures of these areas"),
    "qcew-annual-single": gettext_lazy("Yearly figures of the whole country (about 80 MB a year)"),
}


@dataclass(frozen=True)
class Holding:
    """One table: its years, how many areas in its newest year (None where it has none), where it is from."""

    table: str
    title: str
    years: Sequence[int]
    years_text: str
    areas: int | None
    sources: Sequence[str]
    vintage: str
    lag: str
    loaded_at: datetime | None
    is_derived: bool


@dataclass(frozen=True)
class Held:
    """The store as the page shows it."""

    holdings: Sequence[Holding]
    cautions: Sequence[str]
    is_example: bool
    megabytes: float

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is loaded."""
        return not self.holdings


def held(region: Region | None, today: date | None = None) -> Held:
    """What is loaded, and what to be careful about for a region."""
    try:
        store = open_store()
    except Missing:
        return Held((), (), False, 0.0)
    counted = _counted(store.root, store.revision)
    holdings, is_example = [], False
    for table in sorted(store.tables(), key=lambda name: [*TITLES].index(name) if name in TITLES else len(TITLES)):
        years = store.years(table)
        receipts = [receipt for year in years for receipt in store.provenance(table, year)]
        is_example = is_example or any(SHIPPED in receipt.file_name for receipt in receipts)
        known = {receipt.source_id: SOURCES[receipt.source_id] for receipt in receipts if receipt.source_id in SOURCES}
        newest = store.provenance(table, years[-1])
        holdings.append(
            Holding(
                table=table,
                title=str(TITLES.get(table, table)),
                years=years,
                years_text=_spans(years),
                areas=counted.get((table, years[-1])),
                sources=[f"{one.title}, {one.publisher}" for one in known.values()],
                vintage=newest[0].vintage if newest else "",
                lag=str(LAGS.get(table, "")),
                loaded_at=max((datetime.fromisoformat(receipt.loaded_at) for receipt in receipts), default=None),
                is_derived=not receipts,
            )
        )
    size = sum(path.stat().st_size for path in store.facts.glob("*/*.parquet")) / 1e6
    return Held(holdings, _cautions(store, region, is_example, today or timezone.localdate()), is_example, size)


@lru_cache(maxsize=4)
def _counted(root: Path, revision: str) -> dict[tuple[str, int], int]:
    """Areas in the newest year of each table that has areas."""
    store, found = Store(root), {}
    for table in ("qcew", "qcew_quarterly", "oews", "industry_projections"):
        years = store.years(table)
        if years:
            sql = "SELECT count(DISTINCT area_code) FROM read_parquet(?)"
            found[table, years[-1]] = int(
                store.cursor().execute(sql, [str(store.path(table, years[-1]))]).fetchall()[0][0]
            )
    return found


def _spans(years: Sequence[int]) -> str:
    """2016, 2020–2022."""
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)


def _cautions(store: Store, region: Region | None, is_example: bool, today: date) -> list[str]:
    found = []
    years = store.years("qcew")
    if is_example:
        found.append(
            _("The shipped example holds one region and a few years. Fetch the newest figures of yours below.")
        )
    if years and years[-1] < newest_year(today):
        found.append(
            _("The newest yearly figures here are of %(year)d. Those of %(newest)d should be published by now.")
            % {"year": years[-1], "newest": newest_year(today)}
        )
    if years and (missing := [y for y in range(years[0], years[-1]) if y not in years]):
        found.append(
            ngettext(
                "One year in between is not loaded (%(years)s); changes say which years they compare.",
                "%(n)d years in between are not loaded (%(years)s); changes say which years they compare.",
                len(missing),
            )
            % {"n": len(missing), "years": _spans(missing)}
        )
    if region is not None and years:
        lacking = [code for code in region.areas if code not in store.areas(years[-1])]
        if lacking:
            found.append(
                ngettext(
                    "%(n)d area of %(region)s has no figures of %(year)d.",
                    "%(n)d areas of %(region)s have no figures of %(year)d.",
                    len(lacking),
                )
                % {"n": len(lacking), "region": region.name, "year": years[-1]}
            )
    if not store.years("oews"):
        found.append(_("Pay by occupation is not loaded, so profiles have no table of occupations."))
    if not store.years("industry_projections"):
        found.append(_("No outlook by industry is loaded. State offices publish it: fill it into the template below."))
    return found


def newest_year(today: date) -> int:
    """The newest year whose yearly figures should be out: they come in June of the next year."""
    return today.year - (1 if today.month >= 6 else 2)


def fetchable() -> list[tuple[str, str, Source]]:
    """The sources that can be fetched: id, title, source."""
    return [(key, str(title), SOURCES[key]) for key, title in FETCHABLE.items()]


def template(kind: str, region: Region | None) -> bytes:
    """The empty template of industry projections, with a line for each sector of each area. Fails with Refused."""
    if kind not in ("csv", "xlsx"):
        raise Missing(_("The template is there as csv and as xlsx."))
    industries = ("10", *naics.codes(naics.VINTAGES[-1], 2))
    form: Literal["csv", "xlsx"] = "csv" if kind == "csv" else "xlsx"
    return projections_template.write_template(None, form, region, industries if region else None)


def studies(by: Actor) -> list[Study]:
    """The frozen studies that the actor sees, newest first."""
    return list(Study.objects.filter(seen_by(by))[:200])


def study(by: Actor, number: int) -> Study:
    """One frozen study. Fails with Missing when it is not there, or not for the actor."""
    found = Study.objects.filter(seen_by(by), pk=number).first()
    if found is None:
        raise Missing(_("That study is not here."))
    return found


def notes_of(by: Actor, study: Study) -> list[LocalNote]:
    """The notes that came with a study, as far as the actor sees them."""
    return list(study.notes.filter(seen_by(by), withdrawn_at=None))


def notes_about(question: Question) -> list[LocalNote]:
    """What people wrote about the same industries in this region or in one that shares areas with it, newest first.

    Only what the one who asks may see: the installation's notes and those of their own team.
    """
    from sharedtable.studies.actions import sector_key

    if question.sector is None:
        return []
    inside = set(question.region.counties) | set(question.region.areas)
    found = LocalNote.objects.filter(seen_by(question.by), sector=sector_key(question.sector), withdrawn_at=None)
    return [note for note in found if inside & set(note.areas.split(","))]
