"""Where each value came from: written beside every change, and shown beside every value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.people.models import FieldSource, Organisation, Person

# Fields whose origin nobody asks for: notes are the writer's own, the parts of a name follow from the name.
WITHOUT_SOURCE = frozenset({"notes", "given_name", "family_name", "agency_id"})
Thing = Person | Organisation


def changed_fields(thing: Thing, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ from what stands there."""
    return {field: value for field, value in values.items() if getattr(thing, field) != value}


def keep_sources(
    thing: Thing, fields: Iterable[str], *, by: Actor, source: str = "", agency_id: int | None = None
) -> list[FieldSource]:
    """Write down who said the present values of these fields; older sources stay.

    `source`: who said it, in words; without it the name of whoever writes. Values that were emptied have a source too.
    """
    said = source or by.name or _("the person")
    agency = agency_id or by.agency_id or None
    made = [
        FieldSource(
            space_id=thing.space_id,
            person=thing if isinstance(thing, Person) else None,
            organisation=thing if isinstance(thing, Organisation) else None,
            field=field,
            value=_as_text(getattr(thing, field))[:400],
            source=said[:120],
            agency_id=agency,
            at=timezone.now(),
        )
        for field in fields
        if field not in WITHOUT_SOURCE
    ]
    return FieldSource.objects.bulk_create(made)


def check_version(thing: Thing, version: int) -> None:
    """Fails with Refused when somebody else changed the thing since this version was shown."""
    if thing.version != version:
        raise Refused(
            _(
                "Somebody else changed this entry while you had it open. What you typed is still here: compare it with "
                "what stands there now, and save again."
            )
        )


def _as_text(value: Any) -> str:
    return "" if value is None else "yes" if value is True else "no" if value is False else str(value)
