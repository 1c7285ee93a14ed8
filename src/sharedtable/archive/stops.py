"""Who wants no mail, in a form that another installation can take over.

Addresses to stop are kept as a hash with this installation's own key, which means nothing elsewhere. So the archive
says it by person, and whoever brings it in makes the hash anew. People who were erased have no address left to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from sharedtable.accounts.actors import Actor
from sharedtable.archive.rows import CHUNK, Scope
from sharedtable.ledger.models import Suppression
from sharedtable.ledger.suppressions import hash_of, suppress
from sharedtable.people.models import Person

STOPS = "do_not_contact"
COLUMNS = ("person", "level", "partnership", "cause", "reason", "at")
Level = Suppression.Level


def stops_of(scope: Scope) -> Iterator[dict[str, Any]]:
    """A row for each person of the archive to whose address nothing may be sent."""
    here = Q(space_id=scope.space.pk) | Q(level=Level.INSTALLATION)
    live: dict[str, list[Suppression]] = {}
    for one in Suppression.objects.filter(here, lifted_at=None).order_by("pk"):
        live.setdefault(one.address_hash, []).append(one)
    if not live:
        return
    people = Person.objects.filter(space=scope.space).exclude(email="").order_by("pk")
    if scope.agency_id:
        people = people.filter(agency_id=scope.agency_id)
    for number, email in people.values_list("pk", "email").iterator(CHUNK):
        for one in live.get(hash_of(email), ()):
            yield {
                "person": number,
                "level": Level.PARTNERSHIP if one.level == Level.PARTNERSHIP else Level.SPACE,
                "partnership": one.scope_id or None,
                "cause": one.cause,
                "reason": "" if scope.agency_id else one.reason,
                "at": one.at.isoformat(),
            }


def stop_again(row: Mapping[str, Any], email: str, *, by: Actor, space_id: int, partnership_id: int) -> None:
    """Stop mail to that address in the new space. A partnership that is not there: in all of the space."""
    level = Level.PARTNERSHIP if row["level"] == Level.PARTNERSHIP and partnership_id else Level.SPACE
    cause = row["cause"] if row["cause"] in Suppression.Cause.values else Suppression.Cause.ASKED
    suppress(
        email, level, by=by.ref, cause=str(cause), reason=str(row.get("reason") or ""), space_id=space_id,
        partnership_id=partnership_id if level == Level.PARTNERSHIP else 0,
    )  # fmt: skip
