"""Looking through the whole record for entries that may be the same."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.ledger.actions import record as write_entry
from sharedtable.people.import_models import Twin
from sharedtable.people.importing import record
from sharedtable.people.matching.linking import link_within
from sharedtable.people.matching.records import Answer

MOST = 2_000  # pairs of one kind that a page offers; the clearest first


def look(*, by: Actor) -> int:
    """Compare all organisations and all people of the space with one another; gives how many pairs are open.

    What a person decided earlier stays decided.
    """
    by.must_everywhere("people.merge")
    now = timezone.now()
    found = {
        "organisation": link_within(record.live_organisations(by.space_id)),
        "person": link_within(record.live_people(by.space_id)),
    }
    with transaction.atomic():
        Twin.objects.filter(space=by.space, state=Twin.State.OPEN).delete()
        decided = set(Twin.objects.filter(space=by.space).values_list("kind", "first_id", "second_id"))
        fresh: list[Twin] = []
        for kind, matches in found.items():
            best = sorted(matches, key=lambda one: (one.answer is not Answer.SAME, -one.bits))[:MOST]
            for one in best:
                first, second = sorted((one.left, one.right))
                if (kind, first, second) not in decided:
                    fresh.append(
                        Twin(
                            space_id=by.space_id, kind=kind, first_id=first, second_id=second, bits=round(one.bits, 1),
                            is_sure=one.answer is Answer.SAME, reasons=[asdict(reason) for reason in one.reasons],
                            found_at=now,
                        )
                    )  # fmt: skip
        Twin.objects.bulk_create(fresh, batch_size=200)
        write_entry(by=by.ref, verb="twins.look", kind="twins", space_id=by.space_id, details={"pairs": len(fresh)})
    return len(fresh)
