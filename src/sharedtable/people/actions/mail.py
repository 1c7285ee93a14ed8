"""Leave somebody alone, or write to them again; and send them the link to their own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import send_letter
from sharedtable.accounts.links import address_of, make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import suppression
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.ledger.models import Letter, Suppression
from sharedtable.people import queries, stopped
from sharedtable.people.models import Membership, Organisation, Person

LINK_LIFE = timedelta(days=30)


def leave_alone(*, by: Actor, person_id: int, level: str, reason: str, partnership_id: int = 0) -> None:
    """A convener stops all mail to somebody in one partnership or in the team, with a reason."""
    if level not in (Suppression.Level.SPACE, Suppression.Level.PARTNERSHIP):
        raise Missing(_("Only the person, or whoever runs this site, can stop mail from the whole site."))
    if not reason.strip():
        raise Refused(_("Say why, so that whoever comes after you understands."))
    with transaction.atomic():
        person = _with_mail(by, person_id, "people.change")
        suppression.suppress(
            person.email,
            level=Suppression.Level(level),
            by=by.ref,
            cause=Suppression.Cause.CONVENER,
            reason=reason,
            space_id=by.space_id,
            partnership_id=partnership_id,
        )
        record(
            by=by.ref, verb="person.leave_alone", kind="person", object_id=person.pk, space_id=by.space_id,
            details={"level": level},
        )  # fmt: skip


def write_again(*, by: Actor, person_id: int, level: str, reason: str, partnership_id: int = 0) -> None:
    """Mail may be sent again, for a reason that is typed. What holds for the whole site only the person can lift."""
    if level == Suppression.Level.INSTALLATION:
        raise Refused(_("They stopped mail from the whole site. Only they can allow it again, by their own link."))
    if not reason.strip():
        raise Refused(_("Say why mail may be sent again."))
    with transaction.atomic():
        person = _with_mail(by, person_id, "people.private")
        ended = stopped.lift(
            person.email, level, by=by.ref, reason=reason, space_id=by.space_id, partnership_id=partnership_id
        )
        if not ended:
            raise Refused(_("Mail to them was not stopped there."))
        record(
            by=by.ref, verb="person.write_again", kind="person", object_id=person.pk, space_id=by.space_id,
            details={"level": level},
        )  # fmt: skip


def send_held_link(*, by: Actor, person_id: int) -> Letter:
    """Send somebody the link to everything that is held about them. It goes also to who gets no other mail."""
    with transaction.atomic():
        person = _with_mail(by, person_id, "links.make")
        _link, token = make_link(by=by, purpose="held", person_id=person.pk, life=LINK_LIFE)

        def write() -> tuple[str, list[str]]:
            lines = [
                _("Hello %(name)s,") % {"name": person.given_name or person.name},
                _("this is the page with everything that %(team)s keeps about you:") % {"team": _team(by)},
                address_of(token),
                _(
                    "There you can correct it, show or hide how to reach you, stop mail, take a copy, and ask us to "
                    "erase it. No account is needed. The link works for 30 days and is for you alone."
                ),
            ]
            return _("Everything that we keep about you"), lines

        return _queue(by, person, "held", write)


def send_ties_link(*, by: Actor, person_id: int, segment_id: int = 0) -> Letter:
    """Ask a partner by link which of the people on the list they know (D04). `segment_id`: which list (0: all)."""
    with transaction.atomic():
        person = _with_mail(by, person_id, "links.make")
        if agency_of(person) is None:
            raise Refused(
                _("%(name)s belongs to no organization now, so there is nobody for whom they could answer.")
                % {"name": person.name}
            )
        _link, token = make_link(
            by=by, purpose="ties", person_id=person.pk, kind="segment", object_id=segment_id, life=LINK_LIFE
        )

        def write() -> tuple[str, list[str]]:
            lines = [
                _("Hello %(name)s,") % {"name": person.given_name or person.name},
                _("whom do you know? %(team)s looks for business leaders, and you know people that others do not.")
                % {"team": _team(by)},
                address_of(token),
                _("Tick the ones you know, and how well. It takes a few minutes. Nobody else sees your notes."),
            ]
            return _("Whom of these people do you know?"), lines

        return _queue(by, person, "ties", write)


def agency_of(person: Person) -> Organisation | None:
    """The organisation for which somebody answers: where they mainly work now."""
    now = Membership.objects.filter(person=person, ended_on=None).select_related("organisation")
    found = now.order_by("-is_main", "-started_on", "-pk").first()
    return found.organisation if found else None


def _team(by: Actor) -> str:
    return by.space.name if by.space is not None else ""


def _with_mail(by: Actor, person_id: int, verb: str) -> Person:
    person = queries.person(by, person_id, verb)
    queries.usable(person)
    if not person.email:
        raise Refused(_("%(name)s has no mail address here. Add one first.") % {"name": person.name})
    return person


def _queue(by: Actor, person: Person, purpose: str, words: Callable[[], tuple[str, list[str]]]) -> Letter:
    reply_to = by.space.reply_to if by.space is not None else ""
    entry = record(by=by.ref, verb=f"person.send_{purpose}", kind="person", object_id=person.pk, space_id=by.space_id)

    def write() -> Draft:
        subject, lines = words()
        return Draft(
            kind=purpose,
            key=f"{purpose}:{person.pk}:{entry.number}",
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=reply_to,
            subject=subject,
            body="\n\n".join(lines) + "\n",
            person_id=person.pk,
            is_transactional=purpose == "held",
        )

    return send_letter(by=by, draft=written(person.language, write))
