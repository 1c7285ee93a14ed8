"""The versions of a scope, what changed between them in words, and the companies that it takes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.method.presets import preset
from sharedtable.partnerships import company_rules, scoping
from sharedtable.partnerships.models import CompanyMark, Partnership, Scope
from sharedtable.people.models import Organisation
from sharedtable.studies.models import Definition, Study
from sharedtable.studies.questions import Region, Sector
from sharedtable.studies.region_queries import changes
from sharedtable.studies.sector_queries import rule_words, titled

ON_A_PAGE = 50
MOST_OUT = 20_000


@dataclass(frozen=True)
class Version:
    """One version with what it means and what changed against the one before."""

    scope: Scope
    region: Region
    sector: Sector
    takes_in: Sequence[tuple[str, str]]
    leaves_out: Sequence[tuple[str, str]]
    facts_rules: Sequence[str]
    rules: Sequence[str]
    differences: Sequence[str]
    study: Study | None


@dataclass(frozen=True)
class ScopePage:
    """The page of a scope. `counts`: companies in, out and open; None without a version."""

    versions: Sequence[Version]
    counts: Mapping[str, int] | None
    least: int
    regions: Sequence[Definition]
    sectors: Sequence[Definition]
    studies: Sequence[Study]

    @property
    def newest(self) -> Version | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None

    @property
    def has_enough(self) -> bool:
        """Whether enough companies meet the definition."""
        return self.counts is not None and self.counts["in"] >= self.least


def scope_page(actor: Actor, partnership: Partnership) -> ScopePage:
    """Everything on the page of the scope."""
    actor.must("partnerships.see", partnership)
    scopes = list(partnership.scopes.all())
    available = list(Study.objects.filter(Q(space=None) | Q(space_id=actor.space_id)).order_by("-created_at")[:50])
    wanted = {scope.study_id for scope in scopes} - {study.pk for study in available}
    older = list(Study.objects.filter(Q(space=None) | Q(space_id=actor.space_id), pk__in=wanted))
    studies = {study.pk: study for study in [*available, *older]}
    regions = [Region.parse(scope.region_text) for scope in scopes]
    sectors = [Sector.parse(scope.sector_text) for scope in scopes]
    moved = changes(regions) if regions else []
    versions = []
    for number, scope in enumerate(scopes):
        region, sector = regions[number], sectors[number]
        is_first = number == len(scopes) - 1
        differences = [] if is_first else _differences(scope, scopes[number + 1], sector, sectors[number + 1])
        came, went = moved[number]
        differences = [
            *([_("Counties added: %(names)s.") % {"names": ", ".join(came)}] if came else []),
            *([_("Counties left out: %(names)s.") % {"names": ", ".join(went)}] if went else []),
            *differences,
        ]
        if not is_first and not differences:
            differences = [_("The same region, industries and rules.")]
        versions.append(
            Version(
                scope,
                region,
                sector,
                titled(sector.include),
                titled(sector.exclude),
                rule_words(sector.rules),
                rules_in_words(scope.company_rules),
                differences,
                studies.get(scope.study_id),
            )
        )
    return ScopePage(
        versions,
        company_rules.counted(scopes[0]) if scopes else None,
        int(preset("companies_in_definition").value),
        scoping.kept_definitions(actor, Definition.Kind.REGION),
        scoping.kept_definitions(actor, Definition.Kind.SECTOR),
        available,
    )


def _differences(newer: Scope, older: Scope, now: Sector, before: Sector) -> list[str]:
    """What changed in industries, names and company rules, in sentences."""
    said = []
    pairs = (
        (set(now.include) - set(before.include), _("Industries added: %(names)s.")),
        (set(before.include) - set(now.include), _("Industries no longer named: %(names)s.")),
        (set(now.exclude) - set(before.exclude), _("Industries newly left out: %(names)s.")),
        (set(before.exclude) - set(now.exclude), _("Industries no longer left out: %(names)s.")),
    )
    for codes, sentence in pairs:
        if codes:
            names = "; ".join(f"{title} ({code})" for code, title in titled(tuple(sorted(codes))))
            said.append(sentence % {"names": names})
    if (
        newer.region_name != older.region_name
        and Region.parse(newer.region_text).areas == Region.parse(older.region_text).areas
    ):
        said.append(_("The region is now called “%(name)s”.") % {"name": newer.region_name})
    if newer.sector_name != older.sector_name and not said:
        said.append(_("The industry is now called “%(name)s”.") % {"name": newer.sector_name})
    if newer.company_rules != older.company_rules:
        said.append(_("Companies now: %(rules)s.") % {"rules": "; ".join(rules_in_words(newer.company_rules))})
    return said


def rules_in_words(rules: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rules on companies as people read them."""
    words = {"county": _("in a county of the region"), "naics": _("in one of the industries")}
    said = [
        _("at least %(least)d employees") % {"least": rule["least"]}
        if rule["rule"] == "employees"
        else words[rule["rule"]]
        for rule in rules
    ]
    return said or [_("every company of the record")]


@dataclass(frozen=True)
class Company:
    """A company held against the definition: in, out or open, and why."""

    organisation: Organisation
    verdict: str
    reasons: Sequence[str]
    is_marked: bool


@dataclass(frozen=True)
class Companies:
    """The list of companies of one verdict."""

    scope: Scope | None
    verdict: str
    counts: Mapping[str, int]
    rows: Sequence[Company]
    page: Page[Organisation] | None
    least: int


def companies(actor: Actor, partnership: Partnership, verdict: str, page: str = "1") -> Companies:
    """The companies that are in, out or open, fifty on a page, each with its reasons."""
    actor.must("partnerships.see", partnership)
    actor.must("people.see", partnership)
    least = int(preset("companies_in_definition").value)
    scope = partnership.scopes.first()
    if scope is None:
        return Companies(None, verdict, {"in": 0, "out": 0, "open": 0}, (), None, least)
    here = Paginator(company_rules.with_verdict(scope, verdict).order_by("name", "id"), ON_A_PAGE).get_page(page)
    return Companies(
        scope, verdict, company_rules.counted(scope), _judged(actor, scope, list(here.object_list)), here, least
    )


def _judged(actor: Actor, scope: Scope, found: Sequence[Organisation]) -> list[Company]:
    marks = CompanyMark.objects.filter(partnership_id=scope.partnership_id, organisation__in=[one.pk for one in found])
    by_company = {mark.organisation_id: mark for mark in marks}
    may_read = actor.may("partnerships.change", partnership_of(scope))
    made = []
    for one in found:
        mark = by_company.get(one.pk)
        verdict, reasons = company_rules.judged(scope, one, mark)
        if mark is not None and not may_read:
            reasons = [_("By hand.")]
        made.append(Company(one, verdict, reasons, mark is not None))
    return made


def partnership_of(scope: Scope) -> Partnership:
    """The partnership of a scope, for a question about rights."""
    return scope.partnership


def all_companies(actor: Actor, partnership: Partnership) -> list[Company]:
    """Every company that is in, for a file: at most 20,000."""
    actor.must("partnerships.see", partnership)
    actor.must("people.export")
    scope = partnership.scopes.first()
    if scope is None:
        return []
    found = company_rules.with_verdict(scope, "in").select_related("agency").order_by("name", "id")
    if not actor.may("people.export", partnership):
        found = found.filter(agency_id=actor.agency_id or 0)  # agency staff take their own list along, no other
    return _judged(actor, scope, list(found[:MOST_OUT]))
