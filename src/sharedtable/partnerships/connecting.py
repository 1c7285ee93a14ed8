"""Asking the partners of a partnership, by link, which companies they know, and keeping what they answer (B08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import send_letter
from sharedtable.accounts.links import address_of, make_link
from sharedtable.errors import Refused
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.partnerships import connection_queries, seating
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.actions import telling
from sharedtable.people.actions.mail import LINK_LIFE, agency_of
from sharedtable.people.actions.telling import PURPOSE, Told
from sharedtable.people.models import Person

MOST = 60


def ask_connections(*, by: Actor, partnership: Partnership, people: Iterable[int]) -> int:
    """Send partners with a seat the link on which they say whom they know. Gives how many letters wait.

    Fails with Refused, before any letter is made, when somebody has no mail address or belongs to no organisation.
    """
    by.must("links.make", partnership)
    by.must("partnerships.change", partnership)
    wanted = list(dict.fromkeys(people))[:MOST]
    seats = Seat.objects.filter(seating.live(partnership), person__in=wanted).exclude(table=Seat.Table.INNER)
    chosen = list(Person.objects.filter(space_id=by.space_id, pk__in=seats.values("person_id"), erased_at=None))
    if not chosen:
        raise Refused(_("Choose at least one partner."))
    for person in chosen:
        if not person.email:
            raise Refused(_("There is no mail address of %(name)s. Add one to the record first.") % {"name": person})
        if agency_of(person) is None:
            raise Refused(
                _("%(name)s belongs to no organization now, so there is nobody for whom they could answer.")
                % {"name": person.name}
            )
    with transaction.atomic():
        for person in chosen:
            _send(by, partnership, person)
        record(by=by.ref, verb="connections.ask", kind="partnership", object_id=partnership.pk, space_id=by.space_id,
               details={"people": len(chosen)})  # fmt: skip
    return len(chosen)


def tell(*, by: Actor, told: Sequence[Told]) -> int:
    """Keep what the holder of a link told: of the companies of that partnership's scope, or named by themselves."""
    partnership = connection_queries.held_partnership(by)
    return telling.tell(by=by, told=told, listed=connection_queries.listed(partnership))


def _send(by: Actor, partnership: Partnership, person: Person) -> None:
    link, token = make_link(
        by=by, purpose=PURPOSE, person_id=person.pk, kind="partnership", object_id=partnership.pk, life=LINK_LIFE
    )

    def write() -> Draft:
        lines = [
            _("Hello %(name)s,") % {"name": person.given_name or person.name},
            _(
                "which companies do you know? Before %(partnership)s knocks on a door, we look who has a friend behind "
                "it. Say whom you know, how well, and who may see it:"
            )
            % {"partnership": partnership.name},
            address_of(token),
            _("It takes a few minutes on your phone. You need no account, and you can come back with the same link."),
            by.name,
        ]
        return Draft(
            kind=PURPOSE,
            key=f"{PURPOSE}:{partnership.pk}:{link.pk}",
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=by.space.reply_to if by.space else "",
            subject=_("Which companies do you know?"),
            body="\n\n".join(text for text in lines if text) + "\n",
            person_id=person.pk,
            partnership_id=partnership.pk,
        )

    send_letter(by=by, draft=written(person.language, write))
