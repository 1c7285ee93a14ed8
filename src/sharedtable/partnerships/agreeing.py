"""The agreement on roles and responsibilities: made from the seats, confirmed by each organisation by link (B13)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, act_to_undo, confirm, mark_undone
from sharedtable.accounts.letters import send_letter
from sharedtable.accounts.links import address_of, make_link
from sharedtable.errors import Refused
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.partnerships import doors, seating
from sharedtable.partnerships.models import Agreement, Confirmation, Partnership, Seat
from sharedtable.people.models import Membership, Person

SUPPORT_ROLES = ("convener", "backup", "core_partner", "support_team", "facilitator")


def write_agreement(*, by: Actor, partnership: Partnership) -> Agreement:
    """The next version of the agreement, from the seats as they are now. Fails with Refused without any."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        lines = _lines(kept)
        if not lines:
            raise Refused(_("Nobody of the support team has a seat yet. Give seats first; the agreement follows."))
        newest = kept.agreements.first()
        if newest is not None and newest.lines == lines:
            return newest
        made = Agreement.objects.create(
            space_id=by.space_id,
            partnership=kept,
            version=newest.version + 1 if newest else 1,
            lines=lines,
            made_at=timezone.now(),
            made_by=by.ref,
        )
        record(
            by=by.ref,
            verb="agreement.write",
            kind="agreement",
            object_id=made.pk,
            space_id=by.space_id,
            details={"version": made.version, "organisations": len(lines)},
        )
    return made


def _lines(partnership: Partnership) -> list[dict[str, Any]]:
    seats = list(
        Seat.objects.filter(seating.live(partnership), role__in=SUPPORT_ROLES).select_related("person", "organisation")
    )
    people = [seat.person_id for seat in seats if seat.person_id]
    places = Membership.objects.filter(person_id__in=people, ended_on=None).select_related("organisation")
    home: dict[int, Any] = {}
    for place in places.order_by("is_main", "id"):
        home[place.person_id] = place.organisation
    found: dict[int, dict[str, Any]] = {}
    for seat in seats:
        organisation = seat.organisation or home.get(seat.person_id or 0)
        if organisation is None:
            continue
        line = found.setdefault(
            organisation.pk,
            {"organisation": organisation.pk, "name": organisation.name, "people": [], "roles": [], "duties": []},
        )
        if seat.person and seat.person.name not in line["people"]:
            line["people"].append(seat.person.name)
        line["roles"] += [seat.role] if seat.role not in line["roles"] else []
        line["duties"] += [duty for duty in seat.duties if duty not in line["duties"]]
    return sorted(found.values(), key=lambda one: str(one["name"]).casefold())


def ask_to_confirm(*, by: Actor, agreement: Agreement, person: Person) -> None:
    """Send one person of an organisation the link by which it confirms. Fails with Refused without a mail address."""
    by.must("links.make")
    by.must("partnerships.change", agreement.partnership)
    organisation_of(agreement, person)
    if not person.email:
        raise Refused(_("There is no mail address of %(name)s. Add one to the record first.") % {"name": person.name})
    with transaction.atomic():
        link, token = make_link(
            by=by, purpose="agreement", person_id=person.pk, kind="agreement", object_id=agreement.pk
        )

        def write() -> Draft:
            lines = [
                _("Dear %(name)s,") % {"name": person.given_name or person.name},
                _("this is who does what in %(partnership)s. Please read it, and confirm for your organization:")
                % {"partnership": agreement.partnership.name},
                address_of(token),
                by.name,
            ]
            return Draft(
                kind="agreement",
                key=f"agreement:{agreement.pk}:{link.pk}",
                to_address=person.email,
                to_name=person.name,
                from_name=by.name,
                reply_to=by.space.reply_to if by.space else "",
                subject=_("Who does what in %(partnership)s") % {"partnership": agreement.partnership.name},
                body="\n\n".join(text for text in lines if text) + "\n",
                person_id=person.pk,
                partnership_id=agreement.partnership_id,
            )

        send_letter(by=by, draft=written(person.language, write))


def organisation_of(agreement: Agreement, person: Person) -> int:
    """The organisation of the agreement for which this person speaks. Fails with Refused when there is none."""
    here = {line["organisation"] for line in agreement.lines}
    found = Membership.objects.filter(person=person, organisation_id__in=here, ended_on=None).order_by("-is_main", "id")
    membership = found.first()
    if membership is None:
        raise Refused(
            _("%(name)s does not belong to an organization of this agreement. Choose somebody who does.")
            % {"name": person.name}
        )
    return membership.organisation_id


def held_agreement(by: Actor) -> tuple[Agreement, Person, int]:
    """The agreement, the person and the organisation of this personal link. Fails with Missing for any other link."""
    agreement = (
        Agreement.objects.select_related("partnership", "space").filter(space_id=by.space_id, pk=by.object_id).first()
    )
    person = Person.objects.filter(space_id=by.space_id, pk=by.person_id, erased_at=None).first()
    if by.purpose != "agreement" or by.object_kind != "agreement" or agreement is None or person is None:
        raise doors.not_here()
    return agreement, person, organisation_of(agreement, person)


def confirm_agreement(*, by: Actor) -> Confirmation:
    """The holder of the link confirms for their organisation; again is harmless."""
    agreement, person, organisation = held_agreement(by)
    newest = agreement.partnership.agreements.first()
    if newest is not None and newest.pk != agreement.pk:
        raise Refused(_("There is a newer version of this agreement. Ask the convener for the link to it."))
    try:
        with transaction.atomic():
            kept = Confirmation.objects.filter(
                agreement=agreement, organisation_id=organisation, withdrawn_at=None
            ).first()
            if kept is not None:
                return kept
            made = Confirmation.objects.create(
                space_id=by.space_id,
                agreement=agreement,
                organisation_id=organisation,
                person=person,
                at=timezone.now(),
            )
            given = {"partnership": agreement.partnership.name}
            confirm(
                by=by,
                key="agreement.confirm",
                kind="confirmation",
                object_id=made.pk,
                sentence=lambda: _("You confirmed who does what in %(partnership)s.") % given,
                to=Recipient(person.email, person.name, person.language),
            )
    except IntegrityError as error:
        raise Refused(
            _("A colleague confirmed for your organization a moment ago. There is nothing left to do.")
        ) from error
    return made


def undo(object_id: int, by: Actor) -> None:
    """Take a confirmation back, from the mail that confirmed it."""
    with transaction.atomic():
        act = act_to_undo(by)
        if act.object_id != object_id:
            raise doors.not_here()
        Confirmation.objects.filter(space_id=by.space_id, pk=object_id, withdrawn_at=None).update(
            withdrawn_at=timezone.now()
        )
        mark_undone(act, by=by)
