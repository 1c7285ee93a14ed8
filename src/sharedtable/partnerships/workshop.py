"""What is done in a scope workshop: begin the hour, end it, and call a version good enough with what was tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.partnerships import doors, scoping
from sharedtable.partnerships.models import Deadline, Partnership, Scope, ScopeWorkshop
from sharedtable.partnerships.scope_tests import Checked, Numbers, shipped
from sharedtable.partnerships.typed import paragraphs
from sharedtable.studies.questions import Region, Sector

MOST_PLANNED = 100_000


@dataclass(frozen=True)
class Tried:
    """What a team tried and settles on. `rules`: which companies count. `who`: names of those who tested."""

    region: Region
    sector: Sector
    rules: Sequence[dict[str, Any]]
    tests: Sequence[Checked] = ()
    who: str = ""
    note: str = ""
    review_on: date | None = None
    launch_planned: int | None = None
    members_planned: int | None = None
    numbers: Numbers = field(default=shipped)


def begin_session(*, by: Actor, partnership: Partnership, numbers: Numbers = shipped) -> ScopeWorkshop:
    """Start the hour. Fails with Refused when one is under way."""
    by.must("partnerships.change", partnership)
    try:
        with transaction.atomic():
            kept = doors.locked(by, partnership)
            made = _begun(by, kept, numbers)
            record(by=by.ref, verb="workshop.begin", kind="workshop", object_id=made.pk, space_id=by.space_id)
    except IntegrityError as error:
        raise Refused(_("A session on the scope is under way already. Go on with it, or end it first.")) from error
    return made


def _begun(by: Actor, partnership: Partnership, numbers: Numbers) -> ScopeWorkshop:
    return ScopeWorkshop.objects.create(
        space_id=by.space_id,
        partnership=partnership,
        minutes=int(numbers("scope_session_minutes")),
        began_at=timezone.now(),
        began_by=by.ref,
    )


def end_session(*, by: Actor, partnership: Partnership) -> ScopeWorkshop:
    """End the session without a version. Fails with Refused when none is under way."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        found = kept.scope_workshops.filter(ended_at=None).first()
        if found is None:
            raise Refused(_("No session on the scope is under way."))
        found.ended_at, found.ended_by = timezone.now(), by.ref
        found.save(update_fields=["ended_at", "ended_by"])
        record(by=by.ref, verb="workshop.end", kind="workshop", object_id=found.pk, space_id=by.space_id)
    return found


def settle(*, by: Actor, partnership: Partnership, based_on: int, tried: Tried) -> Scope:
    """Good enough: keep what was tried as a dated version, with what was tested, by whom, and when to look again.

    A scope that did not change stays the same version. The date goes on the clock; that of an earlier workshop is
    done with. Fails with Refused when there is a newer version than the one that the team looked at.
    """
    by.must("partnerships.change", partnership)
    who = paragraphs(tried.who, 2_000, _("Who tested it"), is_needed=True)
    note = paragraphs(tried.note, 2_000, _("What changed, and why"))
    review_on = _checked_day(tried.review_on)
    for value in (tried.launch_planned, tried.members_planned):
        if value is not None and not 0 <= value < MOST_PLANNED:
            raise Refused(_("Numbers of companies are whole numbers, zero or more."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        if (found := scoping.current(kept)) != based_on:
            raise scoping.newer(found)
        newest = kept.scopes.first()
        is_new = newest is None or not _is_same(newest, tried)
        if is_new and newest is not None and not note:
            raise Refused(_("The scope changed. Say in a sentence what changed, and why."))
        scope = _next(tried, kept, by, note) if is_new or newest is None else newest
        scope.is_good_enough = True
        scope.save(update_fields=["is_good_enough"])
        session = kept.scope_workshops.filter(ended_at=None).first() or _begun(by, kept, tried.numbers)
        _close(session, by, scope, tried, who, note)
        session.review = _look_again(by, kept, review_on)
        session.save()
        record(
            by=by.ref,
            verb="scope.settle",
            kind="scope",
            object_id=scope.pk,
            space_id=by.space_id,
            details={"version": scope.version, "new": is_new, "review": review_on.isoformat()},
        )
    return scope


def _checked_day(day: date | None) -> date:
    if day is None or day <= timezone.localdate():
        raise Refused(_("Say on which day to look again. It has to be after today."))
    return day


def _next(tried: Tried, partnership: Partnership, by: Actor, note: str) -> Scope:
    return scoping.next_version(scoping.Read(tried.region, tried.sector), partnership, by, note, tried.rules)


def _is_same(newest: Scope, tried: Tried) -> bool:
    region, sector = Region.parse(newest.region_text), Sector.parse(newest.sector_text)
    return (
        region.areas == tried.region.areas
        and (set(sector.include), set(sector.exclude)) == (set(tried.sector.include), set(tried.sector.exclude))
        and (newest.region_name, newest.sector_name) == (tried.region.name, tried.sector.name)
        and newest.company_rules == list(tried.rules)
    )


def _close(session: ScopeWorkshop, by: Actor, scope: Scope, tried: Tried, who: str, note: str) -> None:
    session.ended_at, session.ended_by, session.scope = timezone.now(), by.ref, scope
    session.tests = [
        {"key": one.key, "question": one.question, "verdict": one.verdict, "says": one.says, "why": list(one.why)}
        for one in tried.tests
    ]
    session.launch_planned, session.members_planned = tried.launch_planned, tried.members_planned
    session.who, session.note = who, note


def _look_again(by: Actor, partnership: Partnership, day: date) -> Deadline:
    """The date on the clock. What an earlier workshop set is done: the team just looked again."""
    earlier = partnership.scope_workshops.exclude(review=None).values("review")
    partnership.deadlines.filter(pk__in=earlier, done_on=None).update(done_on=timezone.localdate())
    return Deadline.objects.create(
        space_id=by.space_id,
        partnership=partnership,
        title=_("Look at the scope again"),
        due_on=day,
        made_at=timezone.now(),
        made_by=by.ref,
    )
