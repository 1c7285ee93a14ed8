"""What people do through a personal link: written down, confirmed by mail, and undone if it was a mistake (X2).

Some mail scanners press buttons. So each act through a link is told to the person at once, with the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import address_of, make_link
from sharedtable.accounts.models import LinkAct
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import Draft, queue, record
from sharedtable.ledger.bilingual import written

UNDO_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Recipient:
    """To whom the confirmation goes; without an address none is sent."""

    address: str
    name: str = ""
    language: str = "en"


def confirm(*, by: Actor, key: str, kind: str, object_id: int, sentence: Callable[[], str], to: Recipient) -> LinkAct:
    """Write down an act of a link's holder and mail them the sentence with a link that undoes it.

    Call it inside the transaction of the act. `sentence` says what was done, in the language that is active: it is
    asked once for each language of the person, and must change nothing.
    """
    act = LinkAct.objects.create(
        space_id=by.space_id,
        link_id=int(by.ref.removeprefix("link:")),
        key=key,
        object_id=object_id,
        at=timezone.now(),
    )
    record(by=by.ref, verb=key, kind=kind, object_id=object_id, space_id=by.space_id, details={"act": act.pk})
    if to.address:
        _link, token = make_link(
            by=by, purpose="undo", person_id=by.person_id, kind="act", object_id=act.pk, life=UNDO_FOR
        )

        def write() -> Draft:
            lines = [
                sentence(),
                _("If that was not you, or a mistake, undo it here within seven days:"),
                address_of(token),
            ]
            return Draft(
                kind="confirmation",
                key=f"act:{act.pk}",
                to_address=to.address,
                to_name=to.name,
                subject=_("You did something on the shared table"),
                body="\n\n".join(lines) + "\n",
                person_id=by.person_id,
                is_transactional=True,
            )

        queue(written(to.language, write), by=by.ref, space_id=by.space_id, hold=timedelta(0))
    return act


def act_to_undo(by: Actor) -> LinkAct:
    """The act that an undo link is about. Fails with Missing when it was undone already."""
    act = LinkAct.objects.filter(space_id=by.space_id, pk=by.object_id, undone_at=None).first()
    if act is None or by.purpose != "undo":
        raise Missing(_("That was undone already. There is nothing left to do."))
    return act


def mark_undone(act: LinkAct, *, by: Actor) -> None:
    """Write down that an act was undone, inside the transaction that does it."""
    with transaction.atomic():
        changed = LinkAct.objects.filter(pk=act.pk, undone_at=None).update(undone_at=timezone.now())
        if not changed:
            raise Missing(_("That was undone already. There is nothing left to do."))
        record(by=by.ref, verb=f"{act.key}.undo", kind="act", object_id=act.pk, space_id=by.space_id)


def undo(*, by: Actor, ways: Mapping[str, Callable[[int, Actor], None]]) -> LinkAct:
    """Take back the act that an undo link is about, with the way that its key names, in one transaction."""
    with transaction.atomic():
        act = act_to_undo(by)
        way = ways.get(act.key)
        if way is None:
            raise Refused(_("This cannot be undone here. Write to the person who sent you the link."))
        way(act.object_id, by)
        act.refresh_from_db(fields=["undone_at"])
        if act.undone_at is None:  # some ways mark it themselves
            mark_undone(act, by=by)
    return act
