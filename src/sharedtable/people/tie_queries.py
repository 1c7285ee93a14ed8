"""Who knows whom (D04): the list that a partner ticks, and the convener's look at strengths, never at notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from sharedtable.accounts.actors import Actor
from sharedtable.method.champions import champions
from sharedtable.people import filters, queries
from sharedtable.people.list_models import Segment
from sharedtable.people.models import LISTED, Evidence, Membership, Organisation, Person, Tie
from sharedtable.people.search import facet, matching
from sharedtable.people.tie_reach import visible

PER_PAGE = 40


def prospects(by: Actor) -> QuerySet[Person]:
    """The people on the list of a link of the purpose "ties": a segment, or everybody in a company; never oneself."""
    found = Person.objects.filter(LISTED, space_id=by.space_id, facets__contains=facet("kind", "business"))
    if by.object_kind == "segment" and by.object_id:
        segment = Segment.objects.filter(space_id=by.space_id, pk=by.object_id, thing=Segment.Thing.PEOPLE).first()
        return _of_segment(by, segment).exclude(pk=by.person_id) if segment else found.none()
    return found.exclude(pk=by.person_id).order_by("family_name", "given_name", "id")


def _of_segment(by: Actor, segment: Segment) -> QuerySet[Person]:
    # A convener's filter may look at what a partner must not learn: who has mail, whose address begins like this.
    kept = {key: value for key, value in segment.query.items() if key != "mail" and "@" not in str(value)}
    wanted = Q(pk__in=segment.entries.values("person_id"))
    if kept:
        wanted |= filters.people_condition(by, kept)
    found = Person.objects.filter(LISTED, wanted, space_id=by.space_id)
    return found.order_by("family_name", "given_name", "id")


@dataclass(frozen=True)
class TickPage:
    """What a partner sees: names and companies, and their own ticks and notes alone."""

    holder: Person
    page: Page[Any]
    rows: list[dict[str, Any]]
    known: int


def tick_page(by: Actor, text: str, number: str) -> TickPage:
    """One page of the list that the holder of a link ticks."""
    holder = queries.holder(by, "ties")
    found = prospects(by)
    if text.strip():
        found = found.filter(matching(text))
    page = Paginator(found.values_list("pk", flat=True), PER_PAGE).get_page(number)
    now = Membership.objects.filter(ended_on=None).select_related("organisation").order_by("-is_main", "-pk")
    own = Tie.objects.filter(known_by=holder, ended_at=None)
    people = Person.objects.filter(pk__in=list(page.object_list)).prefetch_related(
        Prefetch("memberships", now, to_attr="current"), Prefetch("known_by", own, to_attr="own_ties")
    )
    rows = [
        {
            "pk": one.pk,
            "name": one.name,
            "organisation": one.current[0].organisation.name if one.current else "",
            "strength": one.own_ties[0].strength_rating if one.own_ties else 0,
            "note": one.own_ties[0].note if one.own_ties else "",
        }
        for one in people.order_by("family_name", "given_name", "id")
    ]
    return TickPage(holder, page, rows, own.filter(space_id=by.space_id).count())


@dataclass(frozen=True)
class TieGrid:
    """Prospects down, agencies across, strengths in the cells; never a note."""

    agencies: list[Organisation]
    rows: list[dict[str, Any]]
    page: Page[Any]
    total: int


def tie_grid(actor: Actor, number: str = "1") -> TieGrid:
    """Who is known by whom, best known first. Agency staff see the ties of their own agency alone, and what was told
    to the whole team."""
    actor.must_in_space("ties.see")
    live = Tie.objects.filter(visible(actor), space_id=actor.space_id, ended_at=None)
    known = live.values("person").annotate(best=Max("strength_rating"), count=Count("pk"))
    page = Paginator(known.order_by("-best", "-count", "person"), PER_PAGE).get_page(number)
    numbers = [row["person"] for row in page.object_list]
    now = Membership.objects.filter(ended_on=None).select_related("organisation").order_by("-is_main", "-pk")
    people = Person.objects.filter(pk__in=numbers).prefetch_related(Prefetch("memberships", now, to_attr="current"))
    by_pk = {one.pk: one for one in people}
    ties = live.filter(person__in=numbers).select_related("agency").order_by("strength_rating").defer("note")
    strengths: dict[int, dict[int, int]] = {}
    agencies: dict[int, Organisation] = {}
    for tie in ties:
        strengths.setdefault(tie.person_id, {})[tie.agency_id] = tie.strength_rating
        agencies[tie.agency_id] = tie.agency
    across = sorted(agencies.values(), key=lambda one: one.name)
    rows = [
        {
            "person": by_pk[pk],
            "organisation": by_pk[pk].current[0].organisation.name if by_pk[pk].current else "",
            "cells": [(one.name, strengths[pk].get(one.pk, 0)) for one in across],
        }
        for pk in numbers
        if pk in by_pk
    ]
    return TieGrid(across, rows, page, page.paginator.count)


@dataclass(frozen=True)
class Candidate:
    """Somebody in the guided choice of champions (D10): which tests are met by what evidence, traits seen, ties."""

    person: Person
    title: str
    organisation: str
    tests: list[dict[str, Any]]
    met: int
    traits: list[str]
    best_tie: int


def candidates(
    actor: Actor, given: Mapping[str, str], language: str, number: str = "1"
) -> tuple[Page[Any], list[Candidate]]:
    """People of companies about whom there is evidence, most tests met first, then the best known."""
    actor.must_in_space("people.private")
    signs = champions(language)
    newest = Evidence.objects.filter(person=OuterRef("pk")).order_by("-made_at", "-pk")
    met = Count("evidence__key", distinct=True)
    found = filters.people(actor, filters.asked({**given, "kind": "business"}, filters.PEOPLE_KEYS))
    about = Evidence.objects.filter(space_id=actor.space_id).values("person")
    found = found.filter(filters.mine(actor, "people.private"), pk__in=about).annotate(seen=met)
    best = Tie.objects.filter(visible(actor), person=OuterRef("pk"), ended_at=None).order_by("-strength_rating")
    found = found.annotate(best=Subquery(best.values("strength_rating")[:1]))
    for test in signs.tests:
        state = newest.filter(key=test.id).values("is_met")[:1]
        found = found.annotate(**{test.id: Subquery(state)})
    everybody = sorted(
        found.values("pk", "best", "family_name", *(test.id for test in signs.tests)),
        key=lambda row: (
            -sum(row[test.id] is True for test in signs.tests), -(row["best"] or 0), row["family_name"], row["pk"],
        ),
    )  # fmt: skip
    page = Paginator(everybody, PER_PAGE).get_page(number)
    numbers = [row["pk"] for row in page.object_list]
    now = Membership.objects.filter(ended_on=None).select_related("organisation").order_by("-is_main", "-pk")
    people = Person.objects.filter(pk__in=numbers).prefetch_related(
        Prefetch("memberships", now, to_attr="current"), Prefetch("evidence", to_attr="seen_of")
    )
    by_pk = {one.pk: one for one in people}
    best_of = {row["pk"]: row["best"] or 0 for row in page.object_list}
    return page, [_candidate(by_pk[pk], signs, best_of[pk]) for pk in numbers]


def _candidate(person: Any, signs: Any, best: int) -> Candidate:
    current = person.current
    seen = newest_of(person.seen_of)
    tests = [{"sign": test, "evidence": seen.get(test.id)} for test in signs.tests]
    return Candidate(
        person,
        current[0].title if current else "",
        current[0].organisation.name if current else "",
        tests,
        sum(1 for test in tests if test["evidence"] is not None and test["evidence"].is_met),
        [trait.title for trait in signs.traits if trait.id in seen and seen[trait.id].is_met],
        best,
    )


def newest_of(evidence: list[Evidence]) -> dict[str, Evidence]:
    """The newest entry of each test and trait."""
    found: dict[str, Evidence] = {}
    for one in sorted(evidence, key=lambda one: (one.made_at, one.pk)):
        found[one.key] = one
    return found
