"""The life of a round: started as a draft, opened (letters go out), reminded, revealed or called off, done again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.letters import send_letter
from sharedtable.accounts.links import make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.ledger.models import Letter
from sharedtable.method import tools as shipped
from sharedtable.method.questions import WAYS
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.models import Membership, Person
from sharedtable.worksheets.evidence import gather
from sharedtable.worksheets.letters import draft
from sharedtable.worksheets.models import Answer, Asked, Round, Sheet, drawn
from sharedtable.worksheets.readiness import VERDICTS_KEY, verdicts
from sharedtable.worksheets.shelf import shelf
from sharedtable.worksheets.spread import FEWEST_TO_COUNT, FEWEST_TO_SPLIT

MOST_ASKED = 2_000
LINK_AFTER_CLOSING = timedelta(days=30)  # so that people can read the result by the same link
DRAW = random.SystemRandom()


@dataclass(frozen=True)
class NewRound:
    """What somebody wants to ask: which tool, of whom, in which way, until when."""

    tool_id: str
    way: str
    partnership: Partnership | None = None
    is_anonymous: bool = False
    person_ids: Sequence[int] = ()
    closes_on: date | None = None
    note: str = ""
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    follows: Round | None = None


def start_round(wanted: NewRound, *, by: Actor) -> Round:
    """Make the draft of a round: the worksheet frozen, the people listed, nothing sent yet."""
    if wanted.partnership is None:
        by.must_everywhere("worksheets.run")
    else:
        by.must("worksheets.run", wanted.partnership)
    found = shelf(by.space_id)
    tool = found.tool(wanted.tool_id)
    if wanted.way not in WAYS:
        raise Refused(_("Choose how it is answered: each person alone, together, or one for each organization."))
    if wanted.closes_on and wanted.closes_on < timezone.localdate():
        raise Refused(_("The last day to answer lies in the past. Choose a later one."))
    definition = shipped.freeze(tool, found.numbers(tool), wanted.lists)
    asked = _people(wanted, by)
    is_anonymous = wanted.is_anonymous and wanted.way == Round.Way.PRIVATE
    if is_anonymous and len(asked) < FEWEST_TO_SPLIT:
        raise Refused(
            ngettext(
                "Without names, ask %(fewest)d people or more: among so few, anybody could guess who wrote what. "
                "You have chosen %(count)d. Ask more people, or ask with names.",
                "Without names, ask %(fewest)d people or more: among so few, anybody could guess who wrote what. "
                "You have chosen %(count)d. Ask more people, or ask with names.",
                len(asked),
            )
            % {"fewest": FEWEST_TO_SPLIT, "count": len(asked)}
        )
    with transaction.atomic():
        made = Round.objects.create(
            space_id=by.space_id, partnership=wanted.partnership, tool_id=tool.id,
            tool_version=tool.sheet("en").version, method_version=shipped.VERSION, definition=definition,
            way=wanted.way,
            is_anonymous=is_anonymous, note=wanted.note.strip()[:600],
            closes_on=wanted.closes_on, follows=wanted.follows, made_at=timezone.now(), made_by=by.ref,
        )  # fmt: skip
        for one in asked:
            one.round = made
        Asked.objects.bulk_create(asked)
        if wanted.partnership is not None and not wanted.partnership.method_version:
            Partnership.objects.filter(pk=wanted.partnership.pk).update(method_version=shipped.VERSION)
        _record("start", made, by, {"tool": tool.id, "version": made.tool_version, "asked": len(asked)})
    return made


def _people(wanted: NewRound, by: Actor) -> list[Asked]:
    """The people of a draft with the table and the system that they belong to today."""
    if wanted.way == Round.Way.GROUP:
        return []
    people = Person.objects.filter(space_id=by.space_id, pk__in=wanted.person_ids, merged_into=None, erased_at=None)
    if not by.may_everywhere("worksheets.run"):
        # A role in one partnership writes to those who sit there, not to everybody in the record.
        people = people.filter(seats__partnership=wanted.partnership, seats__ended_on=None).distinct()
    found = {person.pk: person for person in people}
    if not found:
        raise Refused(_("Nobody is asked yet. Choose at least one person."))
    if len(found) > MOST_ASKED:
        raise Refused(_("At most %(most)d people fit into one round.") % {"most": MOST_ASKED})
    works = (
        Membership.objects.filter(person__in=found, ended_on=None).select_related("organisation").order_by("is_main")
    )
    places = {one.person_id: one.organisation for one in works}
    seats = Seat.objects.filter(space_id=by.space_id, person__in=found, ended_on=None)
    tables = dict(seats.filter(partnership=wanted.partnership).values_list("person_id", "table"))
    asked = []
    for number, person in sorted(found.items()):
        place = places.get(number)
        system = place.system or ("business" if place.kind == "business" else "") if place else ""
        asked.append(
            Asked(space_id=by.space_id, person=person, organisation=place, table=tables.get(number, ""), system=system)
        )
    if wanted.way == Round.Way.ORGANISATION:
        _check_organisations(asked)
    return asked


def _check_organisations(asked: Sequence[Asked]) -> None:
    for one in asked:
        if one.organisation is None:
            raise Refused(
                _("%(name)s belongs to no organization in the record, so cannot answer for one.")
                % {"name": one.person.name}
            )
    for place, count in Counter(one.organisation for one in asked).items():
        if count > 1:
            raise Refused(_("Two people are chosen for %(name)s. One answers for an organization.") % {"name": place})


def _record(verb: str, about: Round, by: Actor, details: Mapping[str, object] | None = None) -> None:
    record(
        by=by.ref, verb=f"worksheet.{verb}", kind="round", object_id=about.pk, space_id=about.space_id, details=details
    )


def locked(by: Actor, number: int) -> Round:
    """A round, held until the transaction ends. Fails with Missing when it is not here or not the actor's to run."""
    found = Round.objects.select_for_update().filter(space_id=by.space_id, pk=number).first()
    if found is None:
        raise Missing(_("That is not here, or not for you."))
    by.must("worksheets.run", found)
    return found


def open_round(number: int, *, by: Actor) -> int:
    """Open a draft: each person gets a letter with a link of their own. Gives how many letters wait to leave.

    Pressing twice sends once. People without an address are left for paper; see `queries.round_page`.
    """
    with transaction.atomic():
        found = locked(by, number)
        if found.state != "draft":
            return 0
        found.opened_at = timezone.now()
        found.splits = _splits(found)
        _keep_evidence(found)
        found.save(update_fields=["opened_at", "splits", "evidence"])
        count = _send(found, by, "ask")
        _record("open", found, by, {"letters": count})
    return count


def _keep_evidence(found: Round) -> None:
    found.evidence = {
        language: gather(found.worksheet(language), found.space, found.partnership) for language in ("en", "es")
    } | {VERDICTS_KEY: verdicts(found.worksheet("en"), found.space, found.partnership)}


def _splits(found: Round) -> list[str]:
    """By what anonymous sheets may carry a mark: only what no group smaller than five could be known by."""
    if not found.is_anonymous:
        return ["table", "system"]
    rows = list(found.asked.values_list("table", "system"))
    allowed: list[str] = []
    for place, name in enumerate(("table", "system")):
        marks = [[row[n] for n in range(2) if n == place or (n == 0 and "table" in allowed)] for row in rows]
        if min(Counter(map(tuple, marks)).values(), default=0) >= FEWEST_TO_SPLIT:
            allowed.append(name)
    return allowed


def _send(found: Round, by: Actor, kind: str) -> int:
    count = 0
    life = _life(found)
    turn = timezone.localdate().isoformat() if kind == "remind" else "0"
    asked = found.asked.select_related("person").exclude(person__email="")
    if kind == "remind" and not found.is_anonymous:
        # In an anonymous round everybody is reminded: a letter to the rest would tell who they are.
        asked = asked.exclude(sheets__is_handed_in=True)
    for one in asked:
        key = f"round:{found.pk}:{kind}:{turn}:{one.pk}"
        link, token = make_link(
            by=by, purpose="worksheet", person_id=one.person_id, kind="round", object_id=found.pk, life=life
        )
        send_letter(by=by, draft=draft(found, one, token, kind, key, by), batch=f"round-{found.pk}-{kind}-{turn}")
        count += 1
    return count


@dataclass(frozen=True)
class Slip:
    """A printed link for somebody without a mail address."""

    asked: Asked
    token: str


def make_slips(number: int, *, by: Actor) -> tuple[Round, list[Slip]]:
    """Links on paper for the people of an open round who have no mail address and have not handed in.

    A link is shown once, here: only its hash is kept. Printing again makes new ones; the old ones stay good.
    """
    with transaction.atomic():
        found = locked(by, number)
        if found.state != "open":
            raise Refused(_("Send the letters first. Then the links for paper can be printed."))
        asked = found.asked.select_related("person").filter(person__email="")
        if not found.is_anonymous:
            asked = asked.exclude(sheets__is_handed_in=True)
        made = [
            Slip(one, make_link(by=by, purpose="worksheet", person_id=one.person_id, kind="round",
                                object_id=found.pk, life=_life(found))[1])
            for one in asked.order_by("person__name")
        ]  # fmt: skip
        if not made:
            raise Refused(_("Everybody who is still asked has a mail address. Nothing to print."))
        _record("slips", found, by, {"links": len(made)})
    return found, made


def _life(found: Round) -> timedelta:
    """How long the links of a round work: past its last day, so that people can read the result."""
    life = timedelta(days=60)
    if found.closes_on:
        end = timezone.make_aware(datetime.combine(found.closes_on, time.max)) + LINK_AFTER_CLOSING
        life = max(life, end - timezone.now())
    return life


def remind(number: int, *, by: Actor) -> int:
    """Write once more to those who have not handed in; at most once a day. In an anonymous round to everybody."""
    with transaction.atomic():
        found = locked(by, number)
        if found.state != "open":
            raise Refused(_("Only a round that is open can be reminded of."))
        batch = f"round-{found.pk}-remind-{timezone.localdate().isoformat()}"
        if Letter.objects.filter(space_id=found.space_id, batch=batch).exists():
            raise Refused(_("A reminder went out today already. Wait until tomorrow."))
        count = _send(found, by, "remind")
        _record("remind", found, by, {"letters": count})
    return count


def reveal(number: int, *, by: Actor) -> Round:
    """Show the result, for good: answers are closed, evidence is read once more, anonymous sheets lose their order."""
    with transaction.atomic():
        found = locked(by, number)
        if found.state == "revealed":
            return found
        if found.state != "open":
            raise Refused(_("This round is not open, so there is no result to show."))
        count = found.sheets.filter(answers__value__isnull=False).distinct().count()
        if found.is_anonymous and count < FEWEST_TO_COUNT:
            raise Refused(
                ngettext(
                    "Only %(count)d person has answered. A result without names needs %(fewest)d answers.",
                    "Only %(count)d people have answered. A result without names needs %(fewest)d answers.",
                    count,
                )
                % {"count": count, "fewest": FEWEST_TO_COUNT}
            )
        if found.is_anonymous:
            _shuffle(found)
        found.revealed_at = timezone.now()
        _keep_evidence(found)
        found.save(update_fields=["revealed_at", "evidence"])
        _record("reveal", found, by, {"sheets": count})
    return found


def _shuffle(found: Round) -> None:
    """Write the sheets of an anonymous round anew in a drawn order, without the keys of the devices."""
    sheets = list(found.sheets.all())
    answers = list(Answer.objects.filter(sheet__in=sheets))
    found.sheets.all().delete()
    new = {sheet.pk: drawn() for sheet in sheets}
    DRAW.shuffle(sheets)
    DRAW.shuffle(answers)
    for answer in answers:
        answer.sheet_id, answer.pk, answer.device = new[answer.sheet_id], drawn(), ""
    for sheet in sheets:
        sheet.pk, sheet.key_hash = new[sheet.pk], ""
    Sheet.objects.bulk_create(sheets)
    Answer.objects.bulk_create(answers)


def call_off(number: int, *, by: Actor) -> None:
    """End a round without a result. What was answered stays hidden for good; anonymous answers are deleted."""
    with transaction.atomic():
        found = locked(by, number)
        if found.state in ("revealed", "dropped"):
            raise Refused(_("This round has ended already."))
        if found.is_anonymous:
            found.sheets.all().delete()
        found.dropped_at = timezone.now()
        found.save(update_fields=["dropped_at"])
        _record("call_off", found, by)


def again(number: int, *, by: Actor, closes_on: date | None = None) -> Round:
    """The draft of the next round: the same tool, way and people, to be laid beside this one."""
    with transaction.atomic():
        before = locked(by, number)
        if before.state != "revealed":
            raise Refused(_("Show the result of this round first. Then ask again."))
        data = shipped.thaw(before.definition)
        given = {q.options_from: [o.text for o in q.options] for q in data.sheet("en").questions if q.options_from}
        lists = {asked.id: given.get(asked.id, []) for asked in data.sheet("en").lists}
        wanted = NewRound(
            before.tool_id, before.way, before.partnership, before.is_anonymous,
            list(before.asked.values_list("person_id", flat=True)), closes_on, before.note, lists, before,
        )  # fmt: skip
        return start_round(wanted, by=by)
