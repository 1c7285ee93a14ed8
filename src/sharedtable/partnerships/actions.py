"""Begin a partnership, say where it stands, and choose what it shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists
from sharedtable.partnerships import doors, scoping
from sharedtable.partnerships.models import Partnership, Step
from sharedtable.partnerships.typed import line, paragraphs


def begin(
    *, by: Actor, name: str, region: str = "", sector: str = "", summary: str = "", meant: Sequence[str] = ()
) -> Partnership:
    """A new partnership, in its first step. Region and sector by name or code; both or neither, they can come later.

    `meant`: industries chosen among those that the words of the sector fit.

    Fails with Refused when the name is empty or taken, or when a region or sector is not known.
    """
    by.must_everywhere("partnerships.make")
    title = line(name, 120, _("Name"), is_needed=True)
    slug = slugify(title)[:60].strip("-")
    if not slug:
        raise Refused(_("Give it a name with letters or digits in it."))
    read = scoping.read(by, region, sector, meant) if region.strip() or sector.strip() else None
    try:
        with transaction.atomic():
            now = timezone.now()
            made = Partnership.objects.create(
                space_id=by.space_id,
                slug=slug,
                name=title,
                summary=paragraphs(summary, 2_000, _("What it is about")),
                made_at=now,
                made_by=by.ref,
            )
            first = next(iter(lists.items("steps").values())).more["number"]
            Step.objects.create(
                space_id=by.space_id, partnership=made, number=first, state=Step.State.UNDER_WAY, at=now, by=by.ref
            )
            if read is not None:
                scoping.first_version(read, made, by)
            record(by=by.ref, verb="partnership.begin", kind="partnership", object_id=made.pk, space_id=by.space_id)
    except IntegrityError as error:
        raise Refused(
            _("There is a partnership called “%(name)s” already. Give this one another name.") % {"name": title}
        ) from error
    return made


def set_step(*, by: Actor, partnership: Partnership, number: int, state: str, note: str = "") -> Step:
    """Say where the partnership stands in one step. Steps overlap and go back; what was said before stays."""
    by.must("partnerships.change", partnership)
    if number not in {item.more["number"] for item in lists.items("steps").values()} or state not in Step.State.values:
        raise Refused(_("Choose one of the six steps, and ahead, under way or done."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        newest = kept.steps.filter(number=number).last()
        said = line(note, 300, _("Note"))
        if newest is not None and newest.state == state and not said:
            return newest
        step = Step.objects.create(
            space_id=by.space_id, partnership=kept, number=number, state=state, note=said, at=timezone.now(), by=by.ref
        )
        record(
            by=by.ref,
            verb="step.set",
            kind="partnership",
            object_id=kept.pk,
            space_id=by.space_id,
            details={"step": number, "state": state},
        )
    return step


def tick(*, by: Actor, partnership: Partnership, keys: Iterable[str]) -> Partnership:
    """Say which points of the steps' checklists are done; each keeps the day on which it was ticked first."""
    by.must("partnerships.change", partnership)
    wanted = set(keys)
    if wanted - lists.items("checks").keys():
        raise Refused(_("Choose from the checklist of the steps."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        today = timezone.localdate().isoformat()
        kept.checks = {key: kept.checks.get(key, today) for key in lists.items("checks") if key in wanted}
        kept.save(update_fields=["checks"])
        record(
            by=by.ref,
            verb="step.tick",
            kind="partnership",
            object_id=kept.pk,
            space_id=by.space_id,
            details={"checks": list(kept.checks)},
        )
    return kept


def describe(*, by: Actor, partnership: Partnership, version: int, name: str, summary: str) -> Partnership:
    """Change the name or the words about a partnership. Fails with Refused when somebody else changed it meanwhile."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        if kept.version != version:
            raise Refused(_("Somebody else changed this meanwhile. Look at it again; what you typed is still here."))
        kept.name = line(name, 120, _("Name"), is_needed=True)
        kept.summary = paragraphs(summary, 2_000, _("What it is about"))
        kept.version += 1
        kept.save(update_fields=["name", "summary", "version"])
        record(by=by.ref, verb="partnership.describe", kind="partnership", object_id=kept.pk, space_id=by.space_id)
    return kept


def share(*, by: Actor, partnership: Partnership, shares: Iterable[str]) -> Partnership:
    """Choose what the state sees of a partnership: exactly these things, and nothing else (M15)."""
    by.must("partnerships.change", partnership)
    wanted = list(shares)
    if set(wanted) - lists.items("shares").keys():
        raise Refused(_("Choose from the list what is shared."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        kept.shares = [key for key in lists.items("shares") if key in wanted]
        kept.save(update_fields=["shares"])
        record(
            by=by.ref,
            verb="partnership.share",
            kind="partnership",
            object_id=kept.pk,
            space_id=by.space_id,
            details={"shares": kept.shares},
        )
    return kept
