"""Who sits where: seats are given, renewed, handed over and ended; the rules of the two tables hold here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import send_letter
from sharedtable.accounts.links import address_of, make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.ledger.models import Letter
from sharedtable.method import lists
from sharedtable.method.presets import preset
from sharedtable.partnerships import contributing, doors
from sharedtable.partnerships.models import Deadline, Partnership, Seat
from sharedtable.partnerships.typed import line, months_later
from sharedtable.people.models import Membership, Organisation, Person

INNER, OUTER = Seat.Table.INNER, Seat.Table.OUTER


def role_of(key: str) -> lists.Item:
    """A role of the method. Fails with Refused when there is none of that key."""
    try:
        return lists.item("roles", key)
    except Missing as problem:
        raise Refused(_("Choose one of the roles.")) from problem


def usual_end(role: lists.Item, started_on: date) -> date | None:
    """When a term of that role ends, from the method's presets; None without a term."""
    term = role.more.get("term_preset")
    return months_later(started_on, int(preset(term).value)) if term else None


def live(partnership: Partnership, today: date | None = None) -> Q:
    """The seats that are held now."""
    return Q(partnership=partnership, ended_on=None)


def check_table(role: lists.Item, partnership: Partnership, person: Person | None, place: Organisation | None) -> None:
    """The rules of the two tables (A06), wherever a seat comes from.

    A role of the inner table is for people of companies, one of the outer table for support partners; nobody sits at
    both tables of one partnership. Fails with Refused, saying who cannot hold what and what to choose instead.
    """
    name = person.name if person else place.name if place else ""
    title = role.title(get_language() or "en")
    kinds = {place.kind} if place else set()
    if person:
        now = Q(ended_on=None) | Q(ended_on__gte=timezone.localdate())
        kinds |= set(Membership.objects.filter(now, person=person).values_list("organisation__kind", flat=True))
    is_business, is_support = Organisation.Kind.BUSINESS in kinds, bool(kinds - {Organisation.Kind.BUSINESS})
    if role.more.get("is_of") == "business" and is_support:
        raise Refused(
            _(
                "%(name)s belongs to a support partner and sits at the outer table. “%(role)s” is for people from "
                "companies. Choose a role of the outer table."
            )
            % {"name": name, "role": title}
        )
    if role.more.get("is_of") == "support" and is_business:
        raise Refused(
            _(
                "%(name)s belongs to a company and sits at the inner table. “%(role)s” is for support partners. For a "
                "business person who helps the support team choose “%(early)s”."
            )
            % {"name": name, "role": title, "early": lists.item("roles", "early_voice").title(get_language() or "en")}
        )
    table = role.more["table"]
    if person and table in (INNER, OUTER):
        other = OUTER if table == INNER else INNER
        if Seat.objects.filter(live(partnership), person=person, table=other).exists():
            raise Refused(
                _("%(name)s sits at the other table of this partnership already. Nobody sits at both.") % {"name": name}
            )


def _principal(role: lists.Item, partnership: Partnership, number: int | None) -> Seat | None:
    wanted = role.more.get("acts_for")
    if not wanted:
        return None
    found = Seat.objects.filter(live(partnership), pk=number or 0, role__in=wanted).first()
    if found is None:
        raise Refused(_("Say for whom this person acts: choose the seat."))
    return found


def give_seat(
    *,
    by: Actor,
    partnership: Partnership,
    role: str,
    person: Person | None = None,
    organisation: Organisation | None = None,
    acts_for: int | None = None,
    area: str = "",
    standing: str = "",
    contribution: str = "",
    started_on: date | None = None,
    ends_on: date | None = None,
) -> Seat:
    """Give somebody a seat in one role, at the table of that role; a role with a term gets its end.

    Fails with Refused when the rules of the tables forbid it, or when this person holds that seat already.
    """
    by.must("partnerships.change", partnership)
    kind = role_of(role)
    if person is None and organisation is None:
        raise Refused(_("Say who sits there: choose a person, or an organization until there is one."))
    begin = started_on or timezone.localdate()
    end = ends_on or usual_end(kind, begin)
    if end is not None and end < begin:
        raise Refused(_("A term cannot end before it begins. Correct one of the two dates."))
    if standing and standing not in Seat.Standing.values:
        raise Refused(_("A leader is established or emerging. Choose one."))
    with transaction.atomic():
        kept = doors.locked(by, partnership)
        made = _sit(
            by,
            kept,
            kind,
            person,
            organisation,
            acts_for=_principal(kind, kept, acts_for),
            area=line(area, 120, _("Action area")),
            standing=standing,
            contribution=line(contribution, 300, _("What they bring")),
            started_on=begin,
            ends_on=end,
            duties=_own_duties(kept, kind),
        )
        contributing.follow(made, ref=by.ref)
        _record(by, "seat.give", made, role=role)
    return made


def _own_duties(partnership: Partnership, role: lists.Item) -> list[str]:
    """The duties of a role; a second convener begins with those that nobody has taken, and then they split."""
    every = [duty.id for duty in lists.items("duties").values() if role.id in duty.more["roles"]]
    if role.id != "convener":
        return every
    taken = {key for seat in Seat.objects.filter(live(partnership), role=role.id) for key in seat.duties}
    return [key for key in every if key not in taken]


def _sit(
    by: Actor,
    partnership: Partnership,
    role: lists.Item,
    person: Person | None,
    place: Organisation | None,
    **more: Any,
) -> Seat:
    check_table(role, partnership, person, place)
    name = person.name if person else place.name if place else ""
    twice = Refused(
        _("%(name)s holds that seat already. Somebody may have been quicker; look at the tables again.")
        % {"name": name}
    )
    same = Seat.objects.filter(live(partnership), role=role.id, person=person, acts_for=more.get("acts_for"))
    same = same.filter(area=more.get("area", "")) if person else same.filter(organisation=place)
    if same.exists():
        raise twice
    if (
        role.id == "executive"
        and not Seat.objects.filter(live(partnership), person=person, role="lead_champion").exists()
    ):
        raise Refused(_("The executive committee is made of lead champions. Make %(name)s one first.") % {"name": name})
    try:
        with transaction.atomic():
            return Seat.objects.create(
                space_id=by.space_id,
                partnership=partnership,
                person=person,
                organisation=place,
                role=role.id,
                table=role.more["table"],
                made_at=timezone.now(),
                made_by=by.ref,
                **more,
            )
    except IntegrityError as error:
        raise twice from error


def _record(by: Actor, verb: str, seat: Seat, **details: Any) -> None:
    record(by=by.ref, verb=verb, kind="seat", object_id=seat.pk, space_id=by.space_id, details=details)


def _held(by: Actor, seat: Seat, version: int | None = None) -> Seat:
    """The seat, locked, still held, and as the person saw it."""
    doors.locked(by, seat.partnership)
    kept = Seat.objects.select_for_update(of=("self",)).filter(pk=seat.pk, space_id=by.space_id).first()
    if kept is None:
        raise doors.not_here()
    if kept.ended_on is not None:
        raise Refused(_("This seat has ended. Give a new one instead."))
    if version is not None and kept.version != version:
        raise Refused(_("Somebody else changed this meanwhile. Look at it again; what you typed is still here."))
    kept.version += 1
    return kept


def change_seat(
    *,
    by: Actor,
    seat: Seat,
    version: int,
    duties: Iterable[str],
    area: str = "",
    standing: str = "",
    contribution: str = "",
    ends_on: date | None = None,
) -> Seat:
    """Change what belongs to a seat: its duties, its area, what its holder brings, when the term ends."""
    by.must("partnerships.change", seat)
    wanted = [duty.id for duty in lists.items("duties").values() if duty.id in set(duties)]
    with transaction.atomic():
        kept = _held(by, seat, version)
        kept.duties = wanted
        kept.area = line(area, 120, _("Action area"))
        kept.contribution = line(contribution, 300, _("What they bring"))
        kept.standing = standing if standing in Seat.Standing.values else ""
        kept.ends_on = ends_on
        kept.save(update_fields=["duties", "area", "contribution", "standing", "ends_on", "version"])
        contributing.follow(kept, ref=by.ref)
        _record(by, "seat.change", kept)
    return kept


def renew(*, by: Actor, seat: Seat) -> Seat:
    """Another term for whoever sits there, from the day on which this one ends."""
    by.must("partnerships.change", seat)
    with transaction.atomic():
        kept = _held(by, seat)
        start = max(kept.ends_on or timezone.localdate(), timezone.localdate())
        end = usual_end(role_of(kept.role), start)
        if end is None:
            raise Refused(_("This role has no term, so there is nothing to renew."))
        kept.ends_on = end
        kept.save(update_fields=["ends_on", "version"])
        _record(by, "seat.renew", kept)
    return kept


def put_on_point(*, by: Actor, seat: Seat) -> Seat:
    """This convener is the one to ask this week; the others are not (A02)."""
    by.must("partnerships.change", seat)
    with transaction.atomic():
        kept = _held(by, seat)
        if kept.role != "convener":
            raise Refused(_("Only a convener can be on point."))
        Seat.objects.filter(live(kept.partnership), is_on_point=True).exclude(pk=kept.pk).update(is_on_point=False)
        kept.is_on_point = True
        kept.save(update_fields=["is_on_point", "version"])
        _record(by, "seat.on_point", kept)
    return kept


def end_seat(*, by: Actor, seat: Seat, note: str = "") -> Seat:
    """End a seat; its history stays. Whoever acted for it ends with it."""
    by.must("partnerships.change", seat)
    with transaction.atomic():
        kept = _held(by, seat)
        kept.note = line(note, 300, _("Note")) or kept.note
        end(kept)
        _record(by, "seat.end", kept)
    return kept


def end(seat: Seat) -> None:
    """End a seat and those that act for it, inside a transaction that records it."""
    today = timezone.localdate()
    seat.ended_on, seat.is_on_point = today, False
    seat.save(update_fields=["ended_on", "is_on_point", "note", "notice", "before", "version"])
    Seat.objects.filter(acts_for=seat, ended_on=None).update(ended_on=today)
    contributing.follow(seat, ref="")


def hand_over(*, by: Actor, seat: Seat, to: Person, note: str = "") -> Seat:
    """Somebody else takes the seat: same role, area and duties, a fresh term; open deadlines go along (A11)."""
    by.must("partnerships.change", seat)
    with transaction.atomic():
        kept = _held(by, seat)
        role, today = role_of(kept.role), timezone.localdate()
        if kept.person_id == to.pk:
            raise Refused(_("%(name)s holds this seat already.") % {"name": to.name})
        kept.note = line(note, 300, _("Note")) or kept.note
        end(kept)
        made = _sit(
            by,
            kept.partnership,
            role,
            to,
            None,
            area=kept.area,
            duties=kept.duties,
            acts_for=kept.acts_for,
            started_on=today,
            ends_on=usual_end(role, today),
        )
        Deadline.objects.filter(seat=kept, done_on=None).update(seat=made)
        _record(by, "seat.hand_over", made, former=kept.pk)
    return made


def ask(*, by: Actor, seat: Seat, words: str = "") -> Letter:
    """Write to whoever sits there with a personal link to accept, decline, name a delegate or step back.

    The letter is held ten minutes, so that it can still be cancelled. Fails with Refused without a mail address.
    """
    by.must("links.make")
    by.must("partnerships.change", seat)
    person = seat.person
    if person is None or seat.ended_on is not None:
        raise Refused(_("Nobody sits there yet. Choose a person first."))
    if not person.email:
        raise Refused(_("There is no mail address of %(name)s. Add one to the record first.") % {"name": person.name})
    said = words.strip()[:2_000]
    with transaction.atomic():
        link, token = make_link(by=by, purpose="seat", person_id=person.pk, kind="seat", object_id=seat.pk)

        def write() -> Draft:
            role = role_of(seat.role).title((get_language() or "en")[:2])
            lines = [
                _("Dear %(name)s,") % {"name": person.given_name or person.name},
                said or _asking(seat, role),
                _asks_contribution(seat),
                _("You need no account. Say yes or no, name somebody to act for you, or step back, here:"),
                address_of(token),
                _("You can use this link again at any time to change your mind."),
                by.name,
            ]
            return Draft(
                kind="seat",
                key=f"seat:{seat.pk}:{link.pk}",
                to_address=person.email,
                to_name=person.name,
                from_name=by.name,
                reply_to=by.space.reply_to if by.space else "",
                subject=_("A seat for you: %(role)s, %(partnership)s")
                % {"role": role, "partnership": seat.partnership.name},
                body="\n\n".join(text for text in lines if text) + "\n",
                person_id=person.pk,
                partnership_id=seat.partnership_id,
            )

        return send_letter(by=by, draft=written(person.language, write))


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _asks_contribution(seat: Seat) -> str:
    """What each invitation to a partner asks (B10); nothing for the inner table."""
    if seat.table == Seat.Table.INNER:
        return ""
    return _(
        "What will you bring to this work: hours, contacts, a room, a course? Say it in a sentence on the page below. "
        "We keep it as your organization's pledge. We look for people who do things, not for names on a list."
    )


def _asking(seat: Seat, role: str) -> str:
    values = {"role": role, "partnership": seat.partnership.name, "area": seat.area, "end": _day(seat.ends_on)}
    if seat.area and seat.ends_on:
        return (
            _(
                "we would like you to lead “%(area)s” in %(partnership)s until %(end)s. It is for a limited time, so "
                "that the team gets a plan and first results."
            )
            % values
        )
    if seat.ends_on:
        return _("we would like you to take the seat “%(role)s” in %(partnership)s until %(end)s.") % values
    return _("there is a seat for you in %(partnership)s: %(role)s.") % values
