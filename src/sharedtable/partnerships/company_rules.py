"""Which companies of the record the definition takes in: rules with reasons, and marks by hand that go before them.

A rule that a company cannot be held against (its size is not known) leaves it open, never out (C26).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.method.presets import preset
from sharedtable.partnerships.models import CompanyMark, Scope
from sharedtable.people.models import Organisation
from sharedtable.studies.questions import Region, Sector

RULES = ("employees", "naics", "county")
NOT_KNOWN = {"employees": Q(employees=None), "naics": Q(naics_code=""), "county": Q(county_code="")}


@dataclass(frozen=True)
class Reach:
    """The codes of a scope: industries as beginnings of NAICS codes, and the counties of its region."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    counties: tuple[str, ...]


def usual_rules() -> list[dict[str, Any]]:
    """The rules that a first version has: in the region, in the industry, and not too small."""
    least = int(preset("company_employees_least").value)
    return [{"rule": "county"}, {"rule": "naics"}, {"rule": "employees", "least": least}]


def rules_from(keys: Iterable[str], least: str) -> list[dict[str, Any]]:
    """The rules that a form asks for. Fails with Refused when the number of employees is no whole number above 0."""
    wanted = [key for key in RULES if key in set(keys)]
    found: list[dict[str, Any]] = [{"rule": key} for key in wanted]
    for rule in found:
        if rule["rule"] == "employees":
            if not least.strip().isdecimal() or len(least) > 40 or not 0 < int(least) < 10_000_000:
                raise Refused(_("The least number of employees is a whole number above zero."))
            rule["least"] = int(least)
    return found


def reach(scope: Scope) -> Reach:
    """What the region and sector of a scope mean in codes."""
    return _reach(scope.region_text, scope.sector_text)


@lru_cache(maxsize=64)
def _reach(region_text: str, sector_text: str) -> Reach:
    sector, region = Sector.parse(sector_text), Region.parse(region_text)
    return Reach(beginnings(sector.include), beginnings(sector.exclude), region.counties)


def beginnings(codes: Sequence[str]) -> tuple[str, ...]:
    """How the codes begin that these stand for: 31-33 is 31, 32 and 33."""
    found: list[str] = []
    for code in codes:
        plain = code.rstrip("*")
        low, _dash, high = plain.partition("-")
        found += [str(number) for number in range(int(low), int(high) + 1)] if high else [plain]
    return tuple(found)


def _meets(rule: dict[str, Any], codes: Reach) -> Q:
    if rule["rule"] == "employees":
        return Q(employees__gte=rule["least"])
    if rule["rule"] == "county":
        return Q(county_code__in=codes.counties)
    taken = Q(pk__in=[])
    for code in codes.include:
        taken |= Q(naics_code__startswith=code)
    for code in codes.exclude:
        taken &= ~Q(naics_code__startswith=code)
    return taken


def companies(scope: Scope) -> QuerySet[Organisation]:
    """The companies of the record, each with `marked_in` and `marked_out`."""
    marks = CompanyMark.objects.filter(partnership_id=scope.partnership_id, organisation_id=OuterRef("pk"))
    return Organisation.objects.filter(
        space_id=scope.space_id,
        kind=Organisation.Kind.BUSINESS,
        archived_at=None,
        erased_at=None,
        merged_into=None,
    ).annotate(marked_in=Exists(marks.filter(is_in=True)), marked_out=Exists(marks.filter(is_in=False)))


def _by_rules(scope: Scope) -> tuple[Q, Q]:
    """Which companies meet every rule, and which fail one that they can be held against."""
    codes = reach(scope)
    meets, fails = Q(), Q(pk__in=[])
    for rule in scope.company_rules:
        here = _meets(rule, codes)
        meets &= here
        fails |= ~here & ~NOT_KNOWN[rule["rule"]]
    return meets, fails


def with_verdict(scope: Scope, verdict: str) -> QuerySet[Organisation]:
    """The companies that are 'in', 'out' or 'open'."""
    meets, fails = _by_rules(scope)
    unmarked = Q(marked_in=False, marked_out=False)
    wanted = {
        "in": Q(marked_in=True) | (unmarked & meets),
        "out": Q(marked_out=True) | (unmarked & fails),
        "open": unmarked & ~meets & ~fails,
    }
    return companies(scope).filter(wanted[verdict])


def counted(scope: Scope) -> dict[str, int]:
    """How many companies are in, out and open: one query each."""
    return {verdict: with_verdict(scope, verdict).count() for verdict in ("in", "out", "open")}


def judged(scope: Scope, company: Organisation, mark: CompanyMark | None) -> tuple[str, list[str]]:
    """The verdict on one company, with its reasons in sentences."""
    if mark is not None:
        said = _("Taken in by hand: %(why)s") if mark.is_in else _("Left out by hand: %(why)s")
        return ("in" if mark.is_in else "out"), [said % {"why": mark.reason}]
    codes, fails, unknown = reach(scope), [], []
    for rule in scope.company_rules:
        fit, reason = _held_against(rule, codes, company)
        if fit is False:
            fails.append(reason)
        elif fit is None:
            unknown.append(reason)
    if fails:
        return "out", fails
    return ("open", unknown) if unknown else ("in", [_("Meets every rule.")])


def _held_against(rule: dict[str, Any], codes: Reach, company: Organisation) -> tuple[bool | None, str]:
    if rule["rule"] == "employees":
        if company.employees is None:
            return None, _("Number of employees not known.")
        said = _("%(count)d employees; the least is %(least)d.")
        return company.employees >= rule["least"], said % {"count": company.employees, "least": rule["least"]}
    if rule["rule"] == "county":
        if not company.county_code:
            return None, _("County not known.")
        return company.county_code in codes.counties, _("In a county outside the region.")
    if not company.naics_code:
        return None, _("Industry not known.")
    is_in = company.naics_code.startswith(codes.include) and not company.naics_code.startswith(codes.exclude or ("-",))
    return is_in, _("In another industry (%(code)s).") % {"code": company.naics_code}
