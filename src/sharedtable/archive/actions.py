"""Everything out, one agency's list out, and an archive in: each once checked, once written down."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Space
from sharedtable.archive.bringing import Bringing
from sharedtable.archive.checking import Opened
from sharedtable.archive.packing import write_archive
from sharedtable.archive.rows import Scope
from sharedtable.errors import Missing, Refused, is_full
from sharedtable.ledger.actions import record
from sharedtable.people.models import Organisation
from sharedtable.privacy import Privacy


@dataclass(frozen=True)
class Taken:
    """A finished archive: the open file at its beginning, its size, its name, and what its manifest says."""

    file: IO[bytes]
    size: int
    name: str
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class Brought:
    """What came in: the new space, and rows by table."""

    space: Space
    rows: Mapping[str, int]


def take_space(*, by: Actor, space: Space) -> Taken:
    """Everything that this space keeps, as its administrator may see it, in one ZIP. Fails with Missing for others."""
    by.must_everywhere("space.export")
    if by.space_id != space.pk:
        raise Missing(_("That is not here, or not for you."))
    # Who administers a team need not be who may read what its conveners noted about people.
    scope = Scope(space, by.ref, has_private=by.may_everywhere("people.private"))
    return _taken(scope, space.slug, by)


def take_own(*, by: Actor) -> Taken:
    """What the actor's own agency keeps: its list leaves with it, at any time (X17). Fails with Missing for others."""
    by.must_in_space("people.export")
    agency = Organisation.objects.filter(space_id=by.space_id, pk=by.agency_id).first()
    if by.space is None or agency is None:
        raise Missing(_("You do not belong to an agency here, so there is no list of your own to take along."))
    scope = Scope(by.space, by.ref, agency_id=agency.pk, has_private=by.may_everywhere("people.private"))
    return _taken(scope, f"{by.space.slug}-{agency.pk}", by)


def take_for_operator(*, by: Actor, slug: str, with_confidences: bool = False) -> Taken:
    """As `take_space`, for the person at the machine; perhaps with what was said in confidence, to move house."""
    if not by.is_operator:
        raise Missing(_("That is not here, or not for you."))
    space = Space.objects.filter(slug=slug).first()
    if space is None:
        known = ", ".join(Space.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Missing(
            _("There is no team “%(slug)s” here. There are: %(known)s.") % {"slug": slug, "known": known or "–"}
        )
    most = Privacy.NAMED if with_confidences else Privacy.CONVENERS
    return _taken(Scope(space, by.ref, most), slug, by)


def _taken(scope: Scope, name: str, by: Actor) -> Taken:
    now = timezone.now()
    folder = Path(settings.DATA)
    out = tempfile.TemporaryFile(dir=folder if folder.is_dir() else None)  # noqa: SIM115 - it lives on in the answer
    try:
        with transaction.atomic():
            _see_one_moment()
            manifest = write_archive(scope, out, now)
        with transaction.atomic():
            record(
                by=by.ref, verb="archive.out", kind="organisation" if scope.agency_id else "space",
                object_id=scope.agency_id or scope.space.pk, space_id=scope.space.pk,
                details={"level": str(scope.most), "rows": sum(one["rows"] for one in manifest["tables"].values())},
            )  # fmt: skip
    except BaseException as problem:
        with contextlib.suppress(OSError):  # a full disk does not take what is still to be written
            out.close()
        if is_full(problem):
            raise _no_room() from problem
        raise
    size = out.tell()
    out.seek(0)
    return Taken(out, size, f"sharedtable-{name}-{now:%Y-%m-%d}.zip", manifest)


def _no_room() -> Refused:
    return Refused(_("The disk of this machine is full. Nothing was kept. Make room, then try again."))


def _see_one_moment() -> None:
    """All tables as they were at one moment, whatever is written meanwhile. SQLite does so by itself."""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0 and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def bring_in(path: Path, *, by: Actor, slug: str = "", name: str = "") -> Brought:
    """Make a new space of an archive: whole or not at all.

    Only for the person at the machine. Fails with Refused when the file is broken, foreign, changed or newer, or when
    there is a space of that address already.
    """
    if not by.is_operator:
        raise Missing(_("That is not here, or not for you."))
    with Opened(path) as archive:
        about = archive.manifest["space"]
        wanted = slug or str(about.get("slug") or "")
        try:
            validate_slug(wanted)
        except ValidationError:
            raise Refused(_("Give the new team an address of small letters, digits and hyphens.")) from None
        if len(wanted) > 40 or Space.objects.filter(slug=wanted).exists():
            raise Refused(
                _("There is a team with the address “%(slug)s” here already. Choose another address for this one.")
                % {"slug": wanted}
            )
        try:
            with transaction.atomic():
                return _bring(archive, wanted, name, about, by)
        except DatabaseError as problem:
            if is_full(problem):
                raise _no_room() from problem
            raise Refused(
                _("The rows of this archive do not fit together, so nothing was brought in. Take another copy of it.")
            ) from problem


def _bring(archive: Opened, slug: str, name: str, about: Mapping[str, Any], by: Actor) -> Brought:
    space = Space.objects.create(
        slug=slug,
        name=(name or str(about.get("name") or slug))[:120],
        state_code=str(about.get("state_code") or "")[:2],
        language="es" if about.get("language") == "es" else "en",
        reply_to=str(about.get("reply_to") or "")[:254],
        records_notice=str(about.get("records_notice") or ""),
        is_example=bool(about.get("is_example")),
        made_at=timezone.now(),
    )
    work = Bringing(archive, space, by)
    work.all()
    record(
        by=by.ref, verb="archive.in", kind="space", object_id=space.pk, space_id=space.pk,
        details={"rows": sum(work.counts.values()), "tables": len(work.counts)},
    )  # fmt: skip
    return Brought(space, work.counts)
