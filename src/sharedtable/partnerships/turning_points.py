"""Turning points that a team marks itself on the timeline, where the record does not show them (B03)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists
from sharedtable.partnerships import doors
from sharedtable.partnerships.models import Partnership, TurningPoint
from sharedtable.partnerships.typed import line, paragraphs

LONGEST_WHY = 1_000


def mark(*, by: Actor, partnership: Partnership, key: str, title: str, happened_on: date, why: str) -> TurningPoint:
    """Mark a turning point: one of the method (`key`), or one of the team's own with its title."""
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        said = _said(key, title, happened_on, why)
        _must_be_free(kept, key)
        made = TurningPoint.objects.create(
            space_id=by.space_id, partnership=kept, made_at=timezone.now(), made_by=by.ref, **said
        )
        _record(by, "turning_point.mark", made)
    return made


def change(
    *, by: Actor, partnership: Partnership, pk: int, version: int, key: str, title: str, happened_on: date, why: str
) -> TurningPoint:
    """Say it otherwise, from the version that the form showed. Fails with Refused on a stale one, with nothing lost."""
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        found = doors.turning_point(by, kept, pk)
        if found.version != version:
            raise Refused(_("Somebody else changed this turning point in the meantime. Look at it and save again."))
        said = _said(key, title, happened_on, why)
        if key != found.key:
            _must_be_free(kept, key)
        for field, value in said.items():
            setattr(found, field, value)
        found.version += 1
        found.save(update_fields=[*said, "version"])
        _record(by, "turning_point.change", found)
    return found


def take_back(*, by: Actor, partnership: Partnership, pk: int) -> None:
    """It was none after all. What was marked stays in the history."""
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        found = doors.turning_point(by, kept, pk)
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        _record(by, "turning_point.take_back", found)


def _said(key: str, title: str, happened_on: date, why: str) -> dict[str, str | date]:
    if key and key not in lists.items("turning_points"):
        raise Missing(_("There is no such choice."))
    if happened_on > timezone.localdate():
        raise Refused(_("That day is still to come. Mark it when it has happened."))
    return {
        "key": key,
        "title": "" if key else line(title, 120, _("What changed"), is_needed=True),
        "happened_on": happened_on,
        "why": paragraphs(why, LONGEST_WHY, _("Why it was one"), is_needed=True),
    }


def _must_be_free(partnership: Partnership, key: str) -> None:
    if key and TurningPoint.objects.filter(partnership=partnership, key=key, ended_at=None).exists():
        raise Refused(_("Your team has marked that turning point already. Change what stands there."))


def _record(by: Actor, verb: str, made: TurningPoint) -> None:
    record(by=by.ref, verb=verb, kind="turning_point", object_id=made.pk, space_id=by.space_id,
           details={"version": made.version})  # fmt: skip
