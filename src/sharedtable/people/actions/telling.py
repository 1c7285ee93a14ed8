"""A partner tells by link which companies they know there, whom, how well, and who may see it (B08).

What names somebody of the record becomes a tie; what does not waits as a told tie until a convener says who it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, confirm
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.people import queries
from sharedtable.people.actions.judgements import STRENGTHS
from sharedtable.people.actions.mail import agency_of
from sharedtable.people.actions.own_data import before, keep_before
from sharedtable.people.actions.untelling import take_back
from sharedtable.people.models import LISTED, Membership, Organisation, Person, ShownTo, Tie
from sharedtable.people.search import fold
from sharedtable.people.tie_reach import LEVELS
from sharedtable.people.told_models import ToldTie
from sharedtable.people.values import one_line

PURPOSE = "connections"
MOST_AT_ONCE, MOST_TOLD = 60, 500
BUSINESS = Organisation.Kind.BUSINESS


@dataclass(frozen=True)
class Told:
    """One thing that somebody told: a company (of the record, or as typed), perhaps a person there, how well."""

    strength: int
    shown_to: str
    organisation_id: int = 0
    company: str = ""
    person_id: int = 0
    person: str = ""


def tell(*, by: Actor, told: Sequence[Told], listed: QuerySet[Organisation]) -> int:
    """Keep what the holder of a link told; gives how many things changed. What they told before of the same is ended.

    `listed`: the companies that the link shows, which alone can be chosen. Any other is told by its name: whether the
    record knows it is for conveners to see, never for the holder. Fails with Refused when something does not fit;
    nothing is kept then.
    """
    with transaction.atomic():
        holder = queries.holder(by, PURPOSE)
        agency = agency_of(holder)
        if agency is None:
            raise Refused(_("You belong to no organization here now. Ask the person who sent the link."))
        if len(told) > MOST_AT_ONCE or live_of(by).count() > MOST_TOLD:
            raise Refused(_("That is more than fits at once. Keep the closest ones."))
        changed = _Changes()
        for one in told:
            _keep(by, holder, agency, _placed(by, one, listed), changed)
        if not changed.any:
            return 0
        _confirm(by, holder, changed)
    return changed.count


def change_told(*, by: Actor, shown_to: Mapping[tuple[str, int], str]) -> int:
    """Let others see some of one's ties or not any more; an empty choice ends the tie. Gives how many changed."""
    with transaction.atomic():
        holder = queries.holder(by, PURPOSE)
        changed, now = _Changes(), timezone.now()
        for model, kind, ended, made, copies in (
            (Tie, "tie", changed.ended, changed.made, changed.tie_copies),
            (ToldTie, "told", changed.told_ended, changed.told, changed.told_copies),
        ):
            numbers = [number for of, number in shown_to if of == kind]
            own = model._default_manager.filter(space_id=by.space_id, known_by=holder, ended_at=None, pk__in=numbers)
            for tie in own.select_for_update():
                wanted = shown_to[kind, tie.pk]
                if wanted == tie.shown_to:
                    continue
                if wanted and wanted not in ShownTo.values:
                    raise Refused(_("Choose who may see it."))
                old = tie.pk
                ended.append(old)
                type(tie)._default_manager.filter(pk=tie.pk).update(ended_at=now)
                if wanted:
                    tie.pk, tie.shown_to, tie.level, tie.made_at, tie.made_by = (
                        None,
                        wanted,
                        LEVELS[wanted],
                        now,
                        by.ref,
                    )
                    tie.save(force_insert=True)
                    made.append(tie.pk)
                    copies.append((old, tie.pk))
        if not changed.any:
            return 0
        _confirm(by, holder, changed, is_told=False)
    return len(changed.ended) + len(changed.told_ended)


def undo(object_id: int, by: Actor) -> None:
    """Take back what was told with all that came of it, and bring back what that ended."""
    with transaction.atomic():
        person = queries.holder(by, "undo")
        take_back(by, person, before(by, object_id))


def settle(*, by: Actor, number: int, person_id: int) -> Tie:
    """A convener says which person of the record a told tie means; it becomes a tie, seen by the same people."""
    by.must_everywhere("ties.change")
    with transaction.atomic():
        told = _shown(by, number)
        person = queries.person(by, person_id)
        queries.usable(person)
        now = timezone.now()
        Tie.objects.filter(
            space_id=by.space_id, person=person, agency_id=told.agency_id, known_by_id=told.known_by_id, ended_at=None
        ).update(ended_at=now)
        made = Tie.objects.create(
            space_id=by.space_id, person=person, agency_id=told.agency_id, known_by_id=told.known_by_id,
            strength_rating=told.strength_rating, shown_to=told.shown_to, level=told.level, source=PURPOSE,
            made_by=by.ref, made_at=now,
        )  # fmt: skip
        told.tie, told.ended_at = made, now
        told.save(update_fields=["tie", "ended_at"])
        record(by=by.ref, verb="tie.settle", kind="person", object_id=person.pk, space_id=by.space_id,
               details={"told": told.pk})  # fmt: skip
    return made


def place(*, by: Actor, number: int, organisation_id: int) -> ToldTie:
    """A convener says which company of the record a told tie means."""
    by.must_everywhere("ties.change")
    with transaction.atomic():
        told = _shown(by, number)
        company = queries.organisation(by, organisation_id)
        queries.usable(company)
        told.organisation = company
        told.save(update_fields=["organisation"])
        record(by=by.ref, verb="tie.place", kind="organisation", object_id=company.pk, space_id=by.space_id,
               details={"told": told.pk})  # fmt: skip
    return told


def _shown(by: Actor, number: int) -> ToldTie:
    seen = (ShownTo.CONVENERS, ShownTo.TEAM)
    found = ToldTie.objects.select_for_update().filter(space_id=by.space_id, pk=number, ended_at=None)
    told = found.filter(shown_to__in=seen).first()
    if told is None:
        raise Missing(_("That is not here, or not for you."))
    return told


@dataclass
class _Changes:
    """The numbers of ties made and ended, and of told ones; and which of them only took the place of another."""

    made: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    told_ended: list[int] = field(default_factory=list)
    tie_copies: list[tuple[int, int]] = field(default_factory=list)
    told_copies: list[tuple[int, int]] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.made or self.ended or self.told or self.told_ended)

    @property
    def count(self) -> int:
        return len(self.made) + len(self.told)


@dataclass(frozen=True)
class _Placed:
    """What was told, held against the record."""

    told: Told
    organisation: Organisation | None
    company: str
    person: Person | None
    name: str


def live_of(by: Actor) -> QuerySet[ToldTie]:
    """The told ties of the holder that still stand."""
    return ToldTie.objects.filter(space_id=by.space_id, known_by_id=by.person_id, ended_at=None)


def _placed(by: Actor, told: Told, listed: QuerySet[Organisation]) -> _Placed:
    """The company and the person of the record that are meant, where that is plain. Fails with Refused.

    A company that the link does not list is found by its whole name alone, and a person there by nobody but a convener:
    else the page would tell who works where.
    """
    if told.strength not in STRENGTHS:
        raise Refused(_("Choose how well you know each other."))
    if told.shown_to not in ShownTo.values:
        raise Refused(_("Choose who may see it."))
    typed, name = one_line(told.company)[:200], one_line(told.person)[:160]
    if told.organisation_id:
        company = listed.filter(pk=told.organisation_id).first()
        if company is None:
            raise Refused(_("That company is not on the list any more. Search for it again."))
        is_listed = True
    else:
        if not fold(typed):
            raise Refused(_("Write the name of the company."))
        company = _named(Organisation.objects.filter(LISTED, space_id=by.space_id, kind=BUSINESS), typed)
        is_listed = company is not None and listed.filter(pk=company.pk).exists()
    person = _person_at(company, told.person_id, name) if company and is_listed else None
    if told.person_id and person is None:
        raise Refused(_("That person does not work there any more. Write the name instead."))
    return _Placed(told, company, company.name if company and is_listed else typed, person, name)


def _named(companies: QuerySet[Organisation], name: str) -> Organisation | None:
    """The one company of exactly this name; None when there is none, or more than one."""
    found = [one for one in companies.filter(search_text__contains=fold(name))[:40] if fold(one.name) == fold(name)]
    return found[0] if len(found) == 1 else None


def _person_at(company: Organisation, number: int, name: str) -> Person | None:
    """Who is meant of those who work there now; None when that is not plain."""
    if not number and not name:
        return None
    rows = Membership.objects.filter(
        organisation=company, ended_on=None, person__archived_at=None, person__erased_at=None, person__merged_into=None
    ).select_related("person")
    there = {row.person.pk: row.person for row in rows}
    if number:
        return there.get(number)
    same = [one for one in there.values() if fold(one.name) == fold(name)]
    return same[0] if len(same) == 1 else None


def _keep(by: Actor, holder: Person, agency: Organisation, placed: _Placed, changed: _Changes) -> None:
    told, now = placed.told, timezone.now()
    common = {
        "space_id": by.space_id, "agency": agency, "known_by": holder, "strength_rating": told.strength,
        "shown_to": told.shown_to, "level": LEVELS[told.shown_to], "made_by": by.ref, "made_at": now,
    }  # fmt: skip
    if placed.person is not None:
        if placed.person.pk == holder.pk:
            raise Refused(_("That is you. Name somebody else."))
        same = Tie.objects.filter(space_id=by.space_id, known_by=holder, person=placed.person, ended_at=None)
        old = list(same.values_list("pk", "strength_rating", "shown_to"))
        if old and old[0][1:] == (told.strength, told.shown_to):
            return
        same.update(ended_at=now)
        changed.ended += [pk for pk, *_rest in old]
        note = Tie.objects.get(pk=old[0][0]).note if old else ""
        changed.made.append(Tie.objects.create(person=placed.person, source=PURPOSE, note=note, **common).pk)
        return
    mine = ToldTie.objects.filter(space_id=by.space_id, known_by=holder, ended_at=None)
    mine = mine.filter(organisation=placed.organisation) if placed.organisation else mine.filter(organisation=None)
    same_ones = [
        one
        for one in mine
        if fold(one.person_name) == fold(placed.name) and fold(one.company_name) == fold(placed.company)
    ]
    if same_ones and (same_ones[0].strength_rating, same_ones[0].shown_to) == (told.strength, told.shown_to):
        return
    numbers = [one.pk for one in same_ones]
    ToldTie.objects.filter(pk__in=numbers).update(ended_at=now)
    changed.told_ended += numbers
    made = ToldTie.objects.create(
        organisation=placed.organisation, company_name=placed.company, person_name=placed.name, **common
    )
    changed.told.append(made.pk)


def _confirm(by: Actor, holder: Person, changed: _Changes, *, is_told: bool = True) -> None:
    kept = keep_before(holder, asdict(changed))

    def said() -> str:
        if is_told:
            return _("You told us which companies you know. Thank you.")
        return _("You changed who may see whom you know.")

    confirm(
        by=by, key="connections.tell", kind="before", object_id=kept.pk, sentence=said,
        to=Recipient(holder.email, holder.name, holder.language),
    )  # fmt: skip
