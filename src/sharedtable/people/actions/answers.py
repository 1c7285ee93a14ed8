"""What conveners answer to what people ask about their own data; and whom partners know, ticked by their own link."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, confirm
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import Draft, queue, record
from sharedtable.ledger.bilingual import written
from sharedtable.people import queries
from sharedtable.people.actions.entries import correct_person
from sharedtable.people.actions.erasing import erase
from sharedtable.people.actions.judgements import STRENGTHS
from sharedtable.people.actions.mail import agency_of
from sharedtable.people.actions.own_data import keep_before
from sharedtable.people.ask_models import Ask
from sharedtable.people.models import Tie
from sharedtable.people.tie_queries import prospects
from sharedtable.people.values import many_lines


def answer(*, by: Actor, pk: int, accepts: bool, words: str = "") -> Ask | None:
    """Accept or refuse what a person asked. A name is put in at once; erasing leaves nothing, so it gives None then.

    The person gets the answer by mail. What else was asked (a title, a company) the convener changes on the page first.
    """
    with transaction.atomic():
        found = Ask.objects.select_related("person").filter(space_id=by.space_id, pk=pk, state=Ask.State.OPEN).first()
        if found is None:
            raise Missing(_("That has been answered already, or taken back."))
        person = queries.person(by, found.person_id, "people.change")
        if not accepts and not words.strip():
            raise Refused(_("Say why not. The person reads it."))
        if found.kind == Ask.Kind.ERASE:
            by.must("people.erase", person)
        _tell(by, found, accepts, words.strip())
        if accepts and found.kind == Ask.Kind.ERASE:
            erase(by=by, pk=person.pk)
            return None
        if accepts and found.field == "name":
            correct_person(
                by=by, pk=person.pk, version=person.version, values={"name": found.value}, source=_("the person")
            )
        found.state = Ask.State.ACCEPTED if accepts else Ask.State.REFUSED
        found.answer, found.answered_at, found.answered_by = words.strip()[:300], timezone.now(), by.ref
        found.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        record(
            by=by.ref, verb="person.answer", kind="person", object_id=person.pk, space_id=by.space_id,
            details={"ask": found.pk, "accepts": accepts},
        )  # fmt: skip
    return found


def _tell(by: Actor, asked: Ask, accepts: bool, words: str) -> None:
    person = asked.person
    if not person.email:
        return

    def write() -> Draft:
        if asked.kind == Ask.Kind.ERASE:
            said = _("we erase what we hold about you.") if accepts else _("we cannot erase what we hold about you.")
        else:
            said = _("we made the correction that you asked for.") if accepts else _("we did not make that correction.")
        lines = [_("Hello %(name)s,") % {"name": person.given_name or person.name}, said, *([words] if words else [])]
        return Draft(
            kind="answer",
            key=f"answer:{asked.pk}",
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=by.space.reply_to if by.space else "",
            subject=_("What you asked about your data"),
            body="\n\n".join(lines) + "\n",
            # An erasure blanks the letters of a person; this one must still reach them, so it names nobody.
            person_id=None if asked.kind == Ask.Kind.ERASE and accepts else person.pk,
            is_transactional=True,
        )

    queue(written(person.language, write), by=by.ref, space_id=by.space_id)


def tick_ties(*, by: Actor, seen: Mapping[int, int], notes: Mapping[int, str]) -> int:
    """A partner says by link whom they know and how well (0: not). Gives how many answers changed.

    `seen`: person → strength, for those who stood on the page; nobody else can be ticked.
    """
    with transaction.atomic():
        holder = queries.holder(by, "ties")
        agency = agency_of(holder)
        if agency is None:
            raise Refused(_("You belong to no organization here now. Ask the person who sent the link."))
        wanted = {pk: seen[pk] for pk in prospects(by).filter(pk__in=list(seen)).values_list("pk", flat=True)}
        own = Tie.objects.select_for_update().filter(space_id=by.space_id, known_by=holder, ended_at=None)
        live = {tie.person_id: tie for tie in own.filter(person__in=list(wanted))}
        now, ended, made = timezone.now(), [], []
        for pk, strength in wanted.items():
            if strength not in (0, *STRENGTHS):
                raise Refused(_("Choose how well you know each other."))
            old, note = live.get(pk), many_lines(notes.get(pk, ""))[:2_000]
            if (old.strength_rating if old else 0) == strength and (old is None or old.note == note):
                continue
            if old is not None:
                ended.append(old.pk)
            if strength:
                made.append(
                    Tie(
                        space_id=by.space_id,
                        person_id=pk,
                        agency=agency,
                        known_by=holder,
                        note=note,
                        strength_rating=strength,
                        made_by=by.ref,
                        made_at=now,
                    )  # fmt: skip
                )
        if not ended and not made:
            return 0
        Tie.objects.filter(pk__in=ended).update(ended_at=now)
        numbers = [tie.pk for tie in Tie.objects.bulk_create(made)]
        before = keep_before(holder, {"made": numbers, "ended": ended})
        confirm(
            by=by, key="ties.tick", kind="before", object_id=before.pk,
            sentence=lambda: _("You told us whom you know. Thank you."),
            to=Recipient(holder.email, holder.name, holder.language),
        )  # fmt: skip
    return len({*wanted} & ({tie.person_id for tie in made} | {one for one, tie in live.items() if tie.pk in ended}))
