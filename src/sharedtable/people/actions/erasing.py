"""Erase what is held about a person: every text goes, a row stays as "erased person", so that history adds up.

What stays: the keyed hash that keeps their address from getting mail again, dates, and numbers. Rooms above this one
put their own part into `TOO` when they start (`AppConfig.ready`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import revoke_links
from sharedtable.errors import Refused
from sharedtable.ledger import suppression
from sharedtable.ledger.actions import record
from sharedtable.ledger.models import Letter, Suppression
from sharedtable.people import queries
from sharedtable.people.actions import forgetting
from sharedtable.people.ask_models import Ask, Before
from sharedtable.people.list_models import SegmentEntry
from sharedtable.people.models import Consent, Evidence, FieldSource, Membership, Person, Tie
from sharedtable.people.told_models import ToldTie

# Called with the numbers of the space and the person, inside the transaction, by who keeps texts about people too.
TOO: list[Callable[[int, int], None]] = []
# A file up to this size is written anew after an erasure (about a second); a larger one when the operator does it.
VACUUM_BYTES = 200_000_000
_TEXTS = (
    "given_name", "family_name", "email", "phone", "mobile", "assistant", "notes", "source", "search_text", "facets",
)  # fmt: skip


def erase(*, by: Actor, pk: int) -> Person:
    """Erase a person to a tombstone. Fails with Refused, and says why, while a legal hold lies on them.

    Entries that were joined to this one are erased with it. Mail to their addresses stays stopped in this space.
    """
    with transaction.atomic():
        person = queries.person(by, pk, "people.erase")
        if person.erased_at is not None:
            raise Refused(_("What was held about this person has been erased already."))
        people = [person, *Person.objects.select_for_update().filter(space_id=by.space_id, merged_into=person)]
        for one in people:
            if one.legal_hold:
                raise Refused(
                    _("Nothing was erased: a legal hold lies on this entry. Reason: %(reason)s. End the hold first.")
                    % {"reason": one.legal_hold}
                )
        for one in people:
            _erase(by, one)
        transaction.on_commit(scrub)
    person.refresh_from_db()
    return person


def _erase(by: Actor, person: Person) -> None:
    space, now = by.space_id, timezone.now()
    addresses = _addresses(person)
    for address in addresses:
        suppression.suppress(
            address, level=Suppression.Level.SPACE, by=by.ref, cause=Suppression.Cause.ASKED, space_id=space
        )
    revoke_links(by=by, person_id=person.pk)
    forgetting.forget(person, addresses)
    for model in (FieldSource, Evidence, Ask, Before, SegmentEntry):
        model.objects.filter(space_id=space, person=person).delete()
    # What was told in words about them, whether settled or not, names them too.
    told = ToldTie.objects.filter(space_id=space)
    told.filter(Q(tie__person=person) | Q(person_name__iexact=person.name)).delete()
    told.filter(known_by=person).update(known_by=None, ended_at=now)
    Tie.objects.filter(space_id=space, person=person).delete()
    Tie.objects.filter(space_id=space, known_by=person).update(known_by=None, note="")
    Consent.objects.filter(space_id=space, person=person).update(how="")
    Membership.objects.filter(space_id=space, person=person).update(title="", source="")
    Membership.objects.filter(space_id=space, person=person, ended_on=None).update(ended_on=timezone.localdate(now))
    letters = Letter.objects.filter(space_id=space, person_id=person.pk)
    letters.filter(state=Letter.State.HELD).update(state=Letter.State.CANCELLED)
    letters.update(to_address="", to_name="", subject="", body="", failure="")
    for one in TOO:
        one(space, person.pk)
    blank = dict.fromkeys(_TEXTS, "")
    Person.objects.filter(pk=person.pk).update(
        **blank, name=_("Erased person"), language="en", self_described={}, shows_contact=False, erased_at=now,
        archived_at=now, version=person.version + 1, changed_at=now, agency=None,
    )  # fmt: skip
    record(by=by.ref, verb="person.erase", kind="person", object_id=person.pk, space_id=space)


def _addresses(person: Person) -> set[str]:
    """Every address that the person had here, now or before."""
    old = FieldSource.objects.filter(space_id=person.space_id, person=person, field="email")
    return {address for address in (person.email, *old.values_list("value", flat=True)) if address}


def scrub() -> bool:
    """Take the erased texts out of SQLite's file and log too, where they would stay until overwritten.

    Gives whether the file was written anew; a large one is left for `VACUUM` at a quiet hour. PostgreSQL does this by
    itself (autovacuum).
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    path = Path(str(connection.settings_dict["NAME"]))
    is_small = not path.exists() or path.stat().st_size <= VACUUM_BYTES
    with connection.cursor() as cursor:
        if is_small:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return is_small
