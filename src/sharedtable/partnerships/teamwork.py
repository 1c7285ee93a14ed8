"""What the team keeps beside the seats: hours, programs, points of contact, the map, the agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists
from sharedtable.partnerships import doors
from sharedtable.partnerships.models import MapEntry, Partnership, Pledge, PointOfContact, Program, StepHours
from sharedtable.partnerships.typed import line, paragraphs
from sharedtable.people.models import Organisation, Person

WEEK_HOURS = 168


def pledge(
    *,
    by: Actor,
    partnership: Partnership,
    organisation: Organisation,
    hours_a_week: Decimal,
    started_on: date,
    ends_on: date | None,
) -> Pledge:
    """An organisation promises working hours for convening, from a day to a day; a newer promise ends the older."""
    by.must("partnerships.change", partnership)
    if not 0 < hours_a_week <= WEEK_HOURS:
        raise Refused(_("Hours a week are a number above zero, and a week has 168."))
    if ends_on is not None and ends_on <= started_on:
        raise Refused(_("The promise has to end after it begins. Correct one of the two dates."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        today = timezone.localdate()
        live = Pledge.objects.filter(partnership=kept, organisation=organisation, ended_on=None)
        live.filter(hours_a_week__isnull=False).update(ended_on=today)
        made = Pledge.objects.create(
            space_id=by.space_id,
            partnership=kept,
            organisation=organisation,
            hours_a_week=hours_a_week,
            started_on=started_on,
            ends_on=ends_on,
            made_at=timezone.now(),
            made_by=by.ref,
        )
        record(by=by.ref, verb="pledge.make", kind="pledge", object_id=made.pk, space_id=by.space_id)
    return made


def end_pledge(*, by: Actor, partnership: Partnership, pk: int) -> None:
    """The promise holds no longer; it stays on record."""
    with transaction.atomic():
        found = doors.one_of(by, Pledge.objects.filter(partnership=partnership, ended_on=None), pk, doors.CHANGE)
        found.ended_on = timezone.localdate()
        found.save(update_fields=["ended_on"])
        record(by=by.ref, verb="pledge.end", kind="pledge", object_id=pk, space_id=by.space_id)


def set_hours(
    *, by: Actor, partnership: Partnership, hours: Mapping[int, tuple[int | None, int | None]]
) -> list[StepHours]:
    """Planned and actual staff hours of each step (B02)."""
    by.must("partnerships.change", partnership)
    numbers = {item.more["number"] for item in lists.items("steps").values()}
    if set(hours) - numbers or any(
        value is not None and not 0 <= value < 1_000_000 for pair in hours.values() for value in pair
    ):
        raise Refused(_("Hours are whole numbers, for one of the six steps."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        for number, (planned, actual) in hours.items():
            StepHours.objects.update_or_create(
                partnership=kept,
                number=number,
                defaults={
                    "space_id": by.space_id,
                    "planned_hours": planned,
                    "actual_hours": actual,
                    "changed_at": timezone.now(),
                    "changed_by": by.ref,
                },
            )
        record(by=by.ref, verb="hours.set", kind="partnership", object_id=kept.pk, space_id=by.space_id)
    return list(kept.step_hours.all())


def place_on_map(
    *,
    by: Actor,
    partnership: Partnership,
    place: str,
    name: str,
    organisation: Organisation | None = None,
    note: str = "",
) -> MapEntry:
    """Put a name, or an organisation of the record, at one of the seven places of the map (C31)."""
    by.must("partnerships.change", partnership)
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        made = _placed(by, kept, place, name, organisation, note)
        record(
            by=by.ref, verb="map.place", kind="map", object_id=made.pk, space_id=by.space_id, details={"place": place}
        )
    return made


def change_on_map(
    *,
    by: Actor,
    partnership: Partnership,
    pk: int,
    place: str,
    name: str,
    organisation: Organisation | None = None,
    note: str = "",
) -> MapEntry:
    """Move or rename what stands on the map. What stood there before stays as history.

    Fails with Refused when somebody else changed it or took it off meanwhile.
    """
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        before = doors.map_entry(by, kept, pk)
        if before.ended_at is not None:
            raise Refused(
                _("Somebody else changed “%(name)s” or took it off the map meanwhile. Look at the map first.")
                % {"name": before.name}
            )
        before.ended_at = timezone.now()
        before.save(update_fields=["ended_at"])
        made = _placed(by, kept, place, name, organisation, note)
        record(
            by=by.ref, verb="map.change", kind="map", object_id=made.pk, space_id=by.space_id, details={"place": place}
        )
    return made


def _placed(
    by: Actor, partnership: Partnership, place: str, name: str, organisation: Organisation | None, note: str
) -> MapEntry:
    if place not in lists.items("map_places"):
        raise Refused(_("Choose one of the seven places of the map."))
    said = line(name or (organisation.name if organisation else ""), 160, _("Name"), is_needed=True)
    if partnership.map_entries.filter(place=place, name__iexact=said, ended_at=None).exists():
        raise Refused(_("“%(name)s” stands at that place already.") % {"name": said})
    return MapEntry.objects.create(
        space_id=by.space_id,
        partnership=partnership,
        place=place,
        name=said,
        organisation=organisation,
        note=line(note, 300, _("Note")),
        made_at=timezone.now(),
        made_by=by.ref,
    )


def take_off_map(*, by: Actor, partnership: Partnership, pk: int) -> None:
    """Take a name off the map."""
    with transaction.atomic():
        found = doors.one_of(by, MapEntry.objects.filter(partnership=partnership, ended_at=None), pk, doors.CHANGE)
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        record(by=by.ref, verb="map.take_off", kind="map", object_id=pk, space_id=by.space_id)


def register_program(
    *,
    by: Actor,
    organisation: Organisation,
    group: str,
    name: str,
    owner: Person | None,
    offers: str = "",
    courts_sector: str = "",
) -> Program:
    """Register a program that calls on companies, with whoever answers for its outreach (A15)."""
    by.must_everywhere("partnerships.change")
    if group not in Program.Group.values:
        raise Refused(_("Choose one of the three groups."))
    said = line(name, 200, _("Name of the program"), is_needed=True)
    with transaction.atomic():
        if Program.objects.filter(
            space_id=by.space_id, organisation=organisation, name__iexact=said, ended_on=None
        ).exists():
            raise Refused(_("“%(name)s” is registered already.") % {"name": said})
        made = Program.objects.create(
            space_id=by.space_id,
            organisation=organisation,
            group=group,
            name=said,
            offers=paragraphs(offers, 2_000, _("What it offers")),
            outreach_owner=owner,
            courts_sector=line(courts_sector, 200, _("Which companies it calls on")),
            made_at=timezone.now(),
            made_by=by.ref,
        )
        by.must("partnerships.change", made)
        record(by=by.ref, verb="program.register", kind="program", object_id=made.pk, space_id=by.space_id)
    return made


def end_program(*, by: Actor, pk: int) -> None:
    """The program does not call on companies any more; it stays on record."""
    with transaction.atomic():
        found = doors.one_of(by, Program.objects.filter(ended_on=None), pk, doors.CHANGE)
        found.ended_on = timezone.localdate()
        found.save(update_fields=["ended_on"])
        record(by=by.ref, verb="program.end", kind="program", object_id=pk, space_id=by.space_id)


def set_contact(
    *, by: Actor, organisation: Organisation, lead: Person, cover: Person | None = None, topic: str = ""
) -> PointOfContact:
    """Whom to ask about a company, for a topic or for everything, and who covers; the one before ends (I05)."""
    by.must_everywhere("partnerships.change")
    if organisation.kind != Organisation.Kind.BUSINESS:
        raise Refused(_("Points of contact are for companies."))
    if cover is not None and cover.pk == lead.pk:
        raise Refused(_("Somebody cannot cover for themselves. Choose another person, or nobody."))
    said, today = line(topic, 80, _("Topic")), timezone.localdate()
    try:
        with transaction.atomic():
            PointOfContact.objects.filter(
                space_id=by.space_id, organisation=organisation, topic__iexact=said, ended_on=None
            ).update(ended_on=today)
            made = PointOfContact.objects.create(
                space_id=by.space_id,
                organisation=organisation,
                topic=said,
                lead=lead,
                cover=cover,
                started_on=today,
                made_by=by.ref,
            )
            by.must("partnerships.change", made)
            record(by=by.ref, verb="contact.set", kind="organisation", object_id=organisation.pk, space_id=by.space_id)
    except IntegrityError as error:
        raise Refused(_("Somebody else set this at the same moment. Look at it, then try again.")) from error
    return made
