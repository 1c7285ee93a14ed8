"""Inviting who was named as missing (E17): find or add them in the record, then draft the letters."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import Review, review, send_letter
from sharedtable.errors import Missing, Refused
from sharedtable.exports.document import ATTRIBUTION
from sharedtable.ledger.actions import Draft, record
from sharedtable.ledger.bilingual import written
from sharedtable.people import queries as people
from sharedtable.people.actions.entries import add_organisation, add_person
from sharedtable.people.models import Organisation, Person
from sharedtable.people.search import matching, words
from sharedtable.plans.models import Champion, Task
from sharedtable.wall.dating import moment_of

CHANGE = "partnerships.change"
LIVE = Q(archived_at=None, erased_at=None, merged_into=None)


def link(*, by: Actor, task: Task, person_id: int) -> Task:
    """This is who was meant: somebody who stands in the record already."""
    with transaction.atomic():
        kept = open_task(by, task)
        person = people.person(by, person_id)
        people.usable(person)
        main = person.memberships.filter(ended_on=None).order_by("-is_main", "-pk").first()
        kept.person, kept.organisation = person, main.organisation if main else None
        save_task(by, kept, "task.link", "person", "organisation")
    return kept


def add(*, by: Actor, task: Task, name: str, company: str, email: str) -> Task:
    """Bring them into the record, with their company, and link the task to them."""
    with transaction.atomic():
        kept = open_task(by, task)
        place = _place(by, " ".join(company.split()))
        source = _("named at a meeting")
        person = add_person(
            by=by,
            values={"name": name, "email": email},
            organisation_id=place.pk if place else 0,
            source=source,
        )
        kept.person, kept.organisation = person, place
        save_task(by, kept, "task.add", "person", "organisation")
    return kept


def _place(by: Actor, company: str) -> Organisation | None:
    if not company:
        return None
    known = Organisation.objects.filter(LIVE, space_id=by.space_id, name__iexact=company).order_by("pk").first()
    return known or add_organisation(by=by, values={"name": company}, source=_("named at a meeting"))


def drafts(by: Actor, tasks: Sequence[Task], *, names_peer: bool = False) -> Review:
    """The letters that these tasks would send, sorted: what goes, and what cannot. Changes nothing."""
    ready = [one for one in tasks if one.person is not None and not one.has_letter]
    return review([draft_of(by, one, names_peer=names_peer) for one in ready], by=by)


def invite(*, by: Actor, tasks: Sequence[Task], names_peer: bool = False) -> int:
    """Put the invitations into the outbox, held for ten minutes; gives how many. Each task sends one letter, ever.

    `names_peer`: those who suggested them agreed that the letter says so.
    """
    if not tasks:
        raise Refused(_("Tick at least one person to invite."))
    with transaction.atomic():
        count = 0
        batch = f"missing:{tasks[0].pk}:{int(timezone.now().timestamp())}"
        for task in tasks:
            kept = open_task(by, task)
            by.must("links.make", kept)
            if kept.has_letter:
                continue
            draft = draft_of(by, kept, names_peer=names_peer)
            if not review([draft], by=by).count:
                continue
            send_letter(by=by, draft=draft, batch=batch)
            kept.has_letter, kept.state, kept.ended_at = True, Task.State.DONE, timezone.now()
            save_task(by, kept, "task.invite", "has_letter", "state", "ended_at")
            count += 1
    return count


def draft_of(by: Actor, task: Task, *, names_peer: bool = False) -> Draft:
    """The letter to one person: who thought of them, what the companies chose to do, and when they meet again."""
    person = task.person
    if person is None:
        raise Refused(_("Find or add %(name)s in the record first.") % {"name": task.name})

    def write() -> Draft:
        given = {
            "name": person.given_name or person.name,
            "by": _peer(task) if names_peer else "",
            "partnership": task.partnership.name,
            "areas": "\n".join(f"– {one}" for one in _areas(task)),
            "day": _next(task),
            "area": task.area,
        }
        lines = [_("Dear %(name)s,") % given]
        lines.append(
            _("%(by)s said that you are missing at our table, and asked us to invite you.") % given
            if given["by"]
            else _("Companies of our industry said that you are missing at our table, and asked us to invite you.")
        )
        lines.append(
            _("In %(partnership)s, companies of one industry decide together what helps them here. They lead.") % given
        )
        if given["areas"]:
            lines.append(_("At the last meeting, they put their names on this:") + "\n" + str(given["areas"]))
        if given["area"]:
            lines.append(_("You came up when they talked about “%(area)s”.") % given)
        if given["day"]:
            lines.append(_("They meet again on %(day)s. We hope that you can come.") % given)
        lines.append(_("Just answer this mail. If you like, we tell you more in a short call."))
        lines.append(by.name or task.partnership.name)
        lines.append(f"--\n{ATTRIBUTION['es' if (get_language() or 'en').startswith('es') else 'en']}")
        return Draft(
            kind="invitation",
            key=f"missing-peer:{task.pk}",
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=by.space.reply_to if by.space else "",
            subject=_("You are missing at our table: %(partnership)s") % given,
            body="\n\n".join(str(line) for line in lines) + "\n",
            person_id=person.pk,
            verb="links.make",
            partnership_id=task.partnership_id,
        )

    return written(person.language, write)


def _peer(task: Task) -> str:
    by = task.suggested_by
    if by is None:
        return ""
    return f"{by.name} ({by.company})" if by.company else by.name


def _areas(task: Task) -> list[str]:
    found = Champion.objects.filter(priority__closing=task.closing, priority__ended_at=None, ended_at=None)
    return list(dict.fromkeys(found.order_by("priority__position").values_list("priority__title", flat=True)))


def _next(task: Task) -> str:
    closing = task.closing
    starts = moment_of(closing.next_local, closing.next_zone) if closing else None
    if closing is None or starts is None:
        return ""
    if (planned := closing.planned) is not None:  # perhaps moved since
        starts = planned.starts_at.astimezone(starts.tzinfo)
    return _("%(day)s at %(time)s") % {
        "day": date_format(starts.date(), "DATE_FORMAT"),
        "time": date_format(starts, "TIME_FORMAT"),
    }


def candidates(by: Actor, task: Task, typed: str = "") -> list[Person]:
    """Who of the record could be meant: people whose name, or whose company, has these words."""
    by.must_in_space("people.see")
    looked = typed or task.name
    if not words(looked):
        return []
    people_here = Person.objects.filter(LIVE, space_id=by.space_id).prefetch_related("memberships__organisation")
    found = list(people_here.filter(matching(looked)).order_by("family_name", "given_name", "pk")[:8])
    if not typed and not found and words(task.name):
        found = list(people_here.filter(matching(words(task.name)[-1])).order_by("family_name", "given_name", "pk")[:8])
    return found


def open_task(by: Actor, task: Task) -> Task:
    """A task that is still to do, held for this transaction."""
    kept = (
        Task.objects.select_for_update(of=("self",))
        .select_related("partnership", "person", "suggested_by", "closing")
        .filter(pk=task.pk, space_id=by.space_id)
        .first()
    )
    if kept is None or (kept.closing and kept.closing.withdrawn_at):
        raise Missing(_("That is not here, or not for you."))
    by.must(CHANGE, kept)
    if kept.state != Task.State.OPEN:
        raise Refused(_("That task is not open any more. Look at the page again."))
    return kept


def save_task(by: Actor, task: Task, verb: str, *fields: str) -> None:
    """Keep these fields of a task, with its entry in the history."""
    task.version += 1
    task.save(update_fields=[*fields, "version"])
    record(by=by.ref, verb=verb, kind="task", object_id=task.pk, space_id=by.space_id)
