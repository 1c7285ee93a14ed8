"""The four parts of the workshop, each on a page of its own: region, industry, champions and members, firms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.partnerships import workshop_queries
from sharedtable.partnerships.scope_tests import EXTENTS
from sharedtable.studies import map_view, region_queries, scope_facts, sector_queries
from sharedtable.studies.questions import Region, default_region
from sharedtable.studies.scope_facts import Shed
from sharedtable.web.map import state_map
from sharedtable.web.partnerships.frame import opened, page
from sharedtable.web.scoping import draft
from sharedtable.web.scoping.draft import Draft
from sharedtable.web.scoping.overview import context_of

HERE, REGION, SECTOR = "partnership-scope", "scoping-region", "scoping-sector"


def region(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: counties on the map and in a list, and the tests on them."""
    by, one = opened(request, partnership)
    trying = draft.read(one, request.GET)
    context = context_of(by, one, trying, REGION)
    chosen = trying.trial.region
    sheds = scope_facts.sheds(chosen) if chosen else []
    more = {
        **_map(trying, chosen, _state(trying, chosen, by)),
        "draft_others_said": trying.others("said"),
        "draft_others_areas": trying.others("areas", "name"),
        "words": trying.given.get("q", ""),
        "places": _search(trying, chosen, by),
        "scale": [(key, title, key == context["found"].extent) for key, title in _scale()],
        "sheds": [(shed, *_ways(trying, chosen, shed)) for shed in sheds if shed.missing and chosen],
        "tests": [*context["found"].region, *context["found"].partners],
    }
    return page(request, "region", one, HERE, {**context, **more}, 422 if trying.problem else 200, area="scoping")


def _scale() -> list[tuple[str, str]]:
    titles = (
        _("A few streets"), _("One town"), _("One county"), _("Some counties"), _("Half a state"), _("A whole state"),
        _("More than a state"),
    )  # fmt: skip
    return list(zip(EXTENTS, titles, strict=True))


def _state(trying: Draft, chosen: Region | None, by: Actor) -> str:
    """Which state to draw: the one asked for, else where most of the region lies, else the team's own."""
    try:
        asked = region_queries.state_code(trying.given.get("state", ""))
    except Missing:
        asked = None
    own, example = by.space.state_code if by.space else "", default_region().areas[0][:2]
    return asked or (region_queries.home_state(chosen) if chosen else None) or region_queries.state_code(own) or example


def _map(trying: Draft, chosen: Region | None, state: str) -> dict[str, Any]:
    totals = region_queries.totals()
    counties = chosen.counties if chosen else ()

    def to(areas: str) -> str:
        return trying.address(REGION, areas=areas)

    draws = map_view.has_map(state)
    return {
        "map": state_map(state, totals.year or region_queries.NO_YEAR, counties, totals.jobs, {}, to)
        if draws
        else None,
        "counties": region_queries.groups(state, chosen),
        "states": region_queries.states(),
        "state": next((row for row in region_queries.states() if region_queries.state_code(row[0]) == state), None),
        "year": totals.year,
        "licence": region_queries.MAP_LICENCE,
    }


def _search(trying: Draft, chosen: Region | None, by: Actor) -> dict[str, Any] | None:
    """Places by name, each to take instead or to add."""
    words = trying.given.get("q", "")
    if not words:
        return None
    try:
        found = region_queries.search(words, by)
    except (Missing, Refused) as problem:
        return {"problem": str(problem), "rows": []}
    own = chosen.counties if chosen else ()
    rows = []
    for one in found:
        inside = region_queries.without_overlap(one.areas)
        added = ",".join(sorted({*own, *inside}))
        rows.append(
            (one, trying.address(REGION, areas=",".join(one.areas)), trying.address(REGION, areas=added) if own else "")
        )
    return {"problem": "", "rows": rows}


def _ways(trying: Draft, chosen: Region | None, shed: Shed) -> tuple[str, str]:
    """Where taking in the rest of a commuting zone leads, and leaving it out: '' when nothing would stay."""
    own = set(chosen.counties if chosen else ())
    missing = {code for code, _title in shed.missing}
    rest = own - set(region_queries.without_overlap([shed.code]))
    return (
        trying.address(REGION, areas=",".join(sorted(own | missing))),
        trying.address(REGION, areas=",".join(sorted(rest))) if rest else "",
    )


def sector(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: industries by words, by codes, or step by step, and the tests on what is chosen."""
    by, one = opened(request, partnership)
    trying = draft.read(one, request.GET)
    context = context_of(by, one, trying, SECTOR)
    chosen, words, at = trying.trial.sector, trying.given.get("q", ""), trying.given.get("open", "")
    try:
        way, parts = sector_queries.parts(at, chosen)
    except Missing:
        way, parts = sector_queries.parts("", chosen)
    include, exclude = (chosen.include, chosen.exclude) if chosen else ((), ())
    more = {
        "words": words,
        "draft_others_sector": trying.others("include", "exclude", "sector"),
        "include_codes": ", ".join(include),
        "exclude_codes": ", ".join(exclude),
        "chosen": [_dropped(trying, code, title, include, exclude) for code, title in sector_queries.titled(include)],
        "left_out": [_dropped(trying, code, title, include, exclude) for code, title in sector_queries.titled(exclude)],
        "way": [(code, title, trying.address(SECTOR, open=code)) for code, title in way],
        "top": trying.address(SECTOR),
        "parts_inside": [_offer(trying, row, include, exclude) for row in parts],
        "hits": [_offer(trying, row, include, exclude) for row in sector_queries.search(words, chosen)],
        "tests": next(group.tests for group in context["found"].groups if group.key == "sector"),
    }
    return page(request, "sector", one, HERE, {**context, **more}, 422 if trying.problem else 200, area="scoping")


def _dropped(
    trying: Draft, code: str, title: str, include: Sequence[str], exclude: Sequence[str]
) -> tuple[str, str, str]:
    """A chosen or left-out industry, with where taking it off the list leads."""
    return code, title, _to(trying, [one for one in include if one != code], [one for one in exclude if one != code])


def _to(trying: Draft, include: Sequence[str], exclude: Sequence[str]) -> str:
    kept = list(exclude) if include else []
    return trying.address(SECTOR, include=",".join(include), exclude=",".join(kept))


def _offer(
    trying: Draft, one: sector_queries.Industry, include: Sequence[str], exclude: Sequence[str]
) -> dict[str, Any]:
    """An industry with what can be done: take it in, leave it out, look inside."""
    without = [code for code in exclude if code != one.code]
    add = _to(trying, list(dict.fromkeys([*include, one.code])), without)
    if one.code in include:
        leave = _to(trying, [code for code in include if code != one.code], exclude)
    else:
        leave = _to(trying, include, [*without, one.code])
    return {"one": one, "add": add, "leave": leave, "inside": trying.address(SECTOR, open=one.code)}


def launch(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: the launch that is planned, and the members hoped for."""
    by, one = opened(request, partnership)
    trying = draft.read(one, request.GET)
    context = context_of(by, one, trying, "scoping-launch")
    trial = trying.trial
    more = {
        "tests": context["found"].launch,
        "draft_others_launch": trying.others("launch", "members"),
        "launch_typed": request.GET.get("launch", "" if trial.launch is None else trial.launch),
        "members_typed": request.GET.get("members", "" if trial.members is None else trial.members),
    }
    return page(request, "launch", one, HERE, {**context, **more}, 422 if trying.problem else 200, area="scoping")


def firms(request: HttpRequest, space: str, partnership: str) -> HttpResponse:
    """GET: employers by industry beside the companies of the record, and the rules by which one counts."""
    by, one = opened(request, partnership)
    trying = draft.read(one, request.GET)
    context = context_of(by, one, trying, "scoping-firms")
    rules = {rule["rule"]: rule for rule in trying.trial.rules}
    more = {
        "firms": workshop_queries.firms(by, one, trying.trial, context["numbers"]),
        "tests": context["found"].sector[3:],
        "rules": rules,
        "draft_others_rules": trying.others("rules", "least"),
        "least": rules.get("employees", {}).get("least", ""),
        "may_import": by.may("people.import"),
        "may_export": by.may("people.export"),
    }
    return page(request, "firms", one, HERE, {**context, **more}, 422 if trying.problem else 200, area="scoping")
