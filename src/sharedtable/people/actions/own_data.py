"""What people do about their own data by their link (purpose "held"); each act is confirmed and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, confirm
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import suppression
from sharedtable.ledger.models import Suppression
from sharedtable.people import queries, stopped
from sharedtable.people.actions.judgements import keep_consent
from sharedtable.people.actions.untelling import take_back
from sharedtable.people.ask_models import Ask, Before
from sharedtable.people.models import Person
from sharedtable.people.search import refresh_people
from sharedtable.people.sources import changed_fields, keep_sources
from sharedtable.people.values import clean_person, many_lines, one_line

OWN_CONTACT = ("email", "phone", "mobile", "assistant", "language")
SELF_DESCRIBED = ("pronouns", "gender", "race_ethnicity", "other")
ASKABLE = ("name", "title", "organisation", "other")
KEEP_BEFORE = timedelta(days=10)


def correct_own_contact(*, by: Actor, values: Mapping[str, Any]) -> Person:
    """Other contact data of the holder. The confirmation goes to the address that stood there before."""
    with transaction.atomic():
        person = _holder(by)
        made = {field: value for field, value in clean_person(values).items() if field in OWN_CONTACT}
        changed = changed_fields(person, made)
        if not changed:
            return person
        to = _recipient(person)
        before = keep_before(person, {field: getattr(person, field) for field in changed})
        _put(person, changed)
        keep_sources(person, changed, by=by, source=_("the person"))
        refresh_people([person.pk])
        confirm(
            by=by, key="person.own_contact", kind="before", object_id=before.pk,
            sentence=lambda: _("You changed how to reach you."),
            to=replace(to, language=person.language) if to.address else _recipient(person),
        )  # fmt: skip
    return person


def show_own_contact(*, by: Actor, is_shown: bool) -> Person:
    """The holder lets the members of their partnership see how to reach them, or not any more."""
    with transaction.atomic():
        person = _holder(by)
        if person.shows_contact == is_shown:
            return person
        before = keep_before(person, {"shows_contact": person.shows_contact})
        keep_consent(person, key="contact_shown", is_given=is_shown, how=_("by personal link"), ref=by.ref)

        def sentence() -> str:
            return (
                _("From now on the other members can see how to reach you.")
                if is_shown
                else _("From now on only the conveners can see how to reach you.")
            )

        _confirm(by, person, "person.own_shown", before.pk, sentence)
    return person


def describe_self(*, by: Actor, values: Mapping[str, Any]) -> Person:
    """What the holder says about themselves, or nothing. Nobody else ever fills this in."""
    with transaction.atomic():
        person = _holder(by)
        said = {key: one_line(values.get(key, ""))[:120] for key in SELF_DESCRIBED}
        said = {key: value for key, value in said.items() if value}
        if said == person.self_described:
            return person
        before = keep_before(person, {"self_described": person.self_described})
        _put(person, {"self_described": said})
        _confirm(by, person, "person.own_words", before.pk, lambda: _("You changed what you say about yourself."))
    return person


def stop_own_mail(*, by: Actor, level: str, partnership_id: int = 0) -> None:
    """No more mail to the holder: from one partnership, from this team, or from the whole site."""
    if level not in Suppression.Level.values:
        raise Missing(_("There is no such choice."))
    with transaction.atomic():
        person = _holder(by)
        if not person.email:
            raise Refused(_("There is no mail address, so there is nothing to stop."))
        suppression.suppress(
            person.email,
            level=Suppression.Level(level),
            by=by.ref,
            cause=Suppression.Cause.ASKED,
            space_id=by.space_id,
            partnership_id=partnership_id,
        )
        before = keep_before(person, {"stopped": level, "partnership": partnership_id, "email": person.email})

        def sentence() -> str:
            return _("We stopped mail to you. This is the last one, apart from answers to what you ask for.")

        _confirm(by, person, "person.own_mail_stop", before.pk, sentence)


def allow_own_mail(*, by: Actor, level: str, partnership_id: int = 0) -> None:
    """The holder allows mail again that they had stopped."""
    with transaction.atomic():
        person = _holder(by)
        _lift(by, person.email, level, partnership_id)
        before = keep_before(person, {"allowed": level, "partnership": partnership_id, "email": person.email})
        _confirm(by, person, "person.own_mail_allow", before.pk, lambda: _("You allowed mail to you again."))


def ask(*, by: Actor, kind: str, field: str = "", value: str = "") -> Ask:
    """The holder asks a convener to correct something, or to erase everything."""
    if kind not in Ask.Kind.values or (kind == Ask.Kind.CORRECT and field not in ASKABLE):
        raise Missing(_("There is no such choice."))
    said = many_lines(value)[:400]
    if kind == Ask.Kind.CORRECT and not said:
        raise Refused(_("Write what it should say."))
    with transaction.atomic():
        person = _holder(by)
        if kind == Ask.Kind.ERASE and Ask.objects.filter(person=person, kind=kind, state=Ask.State.OPEN).exists():
            raise Refused(_("You have asked for that already. A convener will answer you."))
        made = Ask.objects.create(
            space_id=by.space_id, person=person, kind=kind, field=field, value=said, made_at=timezone.now()
        )

        def sentence() -> str:
            return (
                _("You asked us to erase everything that we hold about you.")
                if kind == Ask.Kind.ERASE
                else _("You asked us to correct what we hold about you.")
            )

        _confirm(by, person, "person.own_ask", made.pk, sentence)
    return made


# --- undone from the confirmation, called with what `confirm` was given ----------------------------------------------


def undo_ask(object_id: int, by: Actor) -> None:
    """Take an ask back, unless a convener has answered it."""
    with transaction.atomic():
        found = Ask.objects.filter(space_id=by.space_id, person_id=by.person_id, pk=object_id, state=Ask.State.OPEN)
        if not found.update(state=Ask.State.WITHDRAWN, answered_at=timezone.now(), answered_by=by.ref):
            raise Refused(_("A convener has answered that already. Write to them."))


def undo_values(object_id: int, by: Actor) -> None:
    """Put back what stood there before a change of own data."""
    with transaction.atomic():
        person = queries.holder(by, "undo")
        values = before(by, object_id)
        if "shows_contact" in values:
            keep_consent(
                person, key="contact_shown", is_given=values["shows_contact"], how=_("undone by mail"), ref=by.ref
            )
            return
        _put(person, values)
        if "self_described" not in values:
            keep_sources(person, values, by=by, source=_("the person"))
            refresh_people([person.pk])


def undo_mail(object_id: int, by: Actor) -> None:
    """Allow what was stopped, or stop what was allowed."""
    with transaction.atomic():
        queries.holder(by, "undo")
        values = before(by, object_id)
        level, partnership = values.get("stopped") or values["allowed"], int(values.get("partnership", 0))
        if "stopped" in values:
            _lift(by, values["email"], level, partnership)
        else:
            suppression.suppress(
                values["email"],
                level=Suppression.Level(level),
                by=by.ref,
                cause=Suppression.Cause.ASKED,
                space_id=by.space_id,
                partnership_id=partnership,
            )


def undo_ticks(object_id: int, by: Actor) -> None:
    """Take back the ties that were ticked with all that came of them, and bring back those that this ended."""
    with transaction.atomic():
        person = queries.holder(by, "undo")
        take_back(by, person, before(by, object_id))


def keep_before(person: Person, values: dict[str, Any]) -> Before:
    """Write down what stood there before an act; what is too old to be undone goes."""
    now = timezone.now()
    Before.objects.filter(space_id=person.space_id, at__lt=now - KEEP_BEFORE).delete()
    return Before.objects.create(space_id=person.space_id, person=person, values=values, at=now)


def before(by: Actor, pk: int) -> dict[str, Any]:
    """What stood there before an act of the holder. Fails with Missing when it is too long ago."""
    found = Before.objects.filter(space_id=by.space_id, person_id=by.person_id, pk=pk).first()
    if found is None:
        raise Missing(_("That is too long ago to be undone."))
    return dict(found.values)


def _holder(by: Actor) -> Person:
    person = queries.holder(by, "held")
    return Person.objects.select_for_update().get(pk=person.pk)


def _put(person: Person, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(person, field, value)
    person.version += 1
    person.changed_at = timezone.now()
    person.save(update_fields=[*values, "version", "changed_at"])


def _lift(by: Actor, address: str, level: str, partnership_id: int) -> None:
    stopped.lift(
        address, level, by=by.ref, reason=_("the person asked for it"), space_id=by.space_id,
        partnership_id=partnership_id,
    )  # fmt: skip


def _recipient(person: Person) -> Recipient:
    return Recipient(person.email, person.name, person.language)


def _confirm(by: Actor, person: Person, key: str, object_id: int, sentence: Callable[[], str]) -> None:
    kind = "ask" if key == "person.own_ask" else "before"
    confirm(by=by, key=key, kind=kind, object_id=object_id, sentence=sentence, to=_recipient(person))
