"""Answers as they arrive: by personal link, typed in from paper, or together on one screen.

An edit carries the counter of its sheet, which grows with each edit on any device, and the key of its device. The
higher counter counts, whenever it arrives; the same edit twice is one. An edit is told as saved only when it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient, confirm
from sharedtable.accounts.links import hash_of
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.worksheets.models import Answer, Asked, Round, Sheet
from sharedtable.worksheets.values import Value

PURPOSE, KIND = "worksheet", "round"
HAND_IN = "worksheet.hand_in"
KEY = re.compile(r"[\w-]{22,64}", re.ASCII)
DEVICE = re.compile(r"[\w-]{1,40}", re.ASCII)
HIGHEST_COUNTER = 2**53 - 1
MOST_GROUPS = 60
NOT_HERE = "That is not here, or not for you."


class Stale(Refused):
    """The same questions were answered elsewhere since the form was loaded; `counter` is where the sheet stands now."""

    def __init__(self, questions: Sequence[str], counter: int) -> None:
        self.questions, self.counter = tuple(questions), counter
        super().__init__(
            _(
                "Some of these were answered on another phone or computer in the meantime. Nothing was kept yet. Look "
                "at them once more and save again."
            )
        )


@dataclass(frozen=True)
class Edit:
    """One answer as somebody left it, with its place in the order of edits."""

    question: str
    value: Value
    counter: int
    device: str


def round_of(by: Actor, *, lock: bool = False) -> tuple[Round, Asked]:
    """The round that a link is about, and its holder's place in it. Fails with Missing."""
    if by.purpose != PURPOSE or by.object_kind != KIND:
        raise Missing(_(NOT_HERE))
    rounds = Round.objects.select_for_update() if lock else Round.objects.select_related("partnership", "space")
    found = rounds.filter(space_id=by.space_id, pk=by.object_id).first()
    asked = Asked.objects.filter(round_id=by.object_id, space_id=by.space_id, person_id=by.person_id)
    one = asked.select_related("person", "organisation").first()
    if found is None or one is None or found.state == "draft":
        raise Missing(_(NOT_HERE))
    return found, one


def _check_open(found: Round) -> None:
    if found.state == "revealed":
        raise Refused(_("The result is shown already, so answers cannot change any more."))
    if found.state != "open":
        raise Refused(_("This round was called off. Nothing needs to be answered."))


def begin(*, by: Actor, key: str) -> None:
    """Begin an anonymous sheet under a key that only the device knows; the same key again does nothing.

    Who begins is put on the round's list, so that nobody gets two sheets. Neither the sheet nor the record of what
    happened says whose it is.
    """
    if not KEY.fullmatch(key):
        raise Refused(_("That page was out of date. Open the link from your mail once more."))
    with transaction.atomic():
        found, asked = round_of(by, lock=True)
        _check_open(found)
        if not found.is_anonymous or found.sheets.filter(key_hash=hash_of(key)).exists():
            return
        if asked.pk in found.begun_by:
            raise Refused(
                _(
                    "You have begun on another phone or computer, or this one forgot. Go on there: because no name "
                    "stands on the answers, nobody can find yours again."
                )
            )
        found.begun_by = sorted([*found.begun_by, asked.pk])
        found.save(update_fields=["begun_by"])
        Sheet.objects.create(
            space_id=found.space_id,
            round=found,
            key_hash=hash_of(key),
            table=asked.table if "table" in found.splits else "",
            system=asked.system if "system" in found.splits else "",
        )


def _my_sheet(found: Round, asked: Asked, key: str, by: Actor) -> Sheet:
    if found.is_anonymous:
        sheet = found.sheets.filter(key_hash=hash_of(key)).first() if key else None
        if sheet is None:
            raise Missing(_("Press “Begin” first. Then your answers are kept."))
        return sheet
    sheet, is_new = Sheet.objects.get_or_create(
        round=found,
        asked=asked,
        defaults={
            "space_id": found.space_id, "table": asked.table, "system": asked.system, "begun_at": timezone.now()
        },
    )  # fmt: skip
    if is_new:
        record(by=by.ref, verb="worksheet.begin", kind="sheet", object_id=sheet.pk, space_id=found.space_id)
    return sheet


def keep(
    *, by: Actor, edits: Sequence[Edit] | Callable[[Round], Sequence[Edit]], key: str = "", base: int | None = None
) -> int:
    """Keep what the holder of a link typed; gives the highest counter of the sheet.

    `edits` may be a function of the round, so that whoever saves one answer reads the round only once.
    `key`: of an anonymous sheet. `base`: the counter of the sheet when a whole form was loaded; fails with Stale when
    another device has changed one of its answers since.
    """
    with transaction.atomic():
        found, asked = round_of(by, lock=True)
        _check_open(found)
        given = edits(found) if callable(edits) else edits
        return _write(_my_sheet(found, asked, key, by), given, base)


def _write(sheet: Sheet, edits: Sequence[Edit], base: int | None = None) -> int:
    """Put edits on a sheet, each only when it is newer than what is there."""
    there = {answer.question: answer for answer in Answer.objects.filter(sheet=sheet)}
    if base is not None:
        kept = {edit.question: there[edit.question] for edit in edits if edit.question in there}
        stale = [e.question for e in edits if (a := kept.get(e.question)) and a.counter > base and a.value != e.value]
        if stale:
            raise Stale(stale, max(answer.counter for answer in there.values()))
    for edit in edits:
        if not 0 < edit.counter <= HIGHEST_COUNTER or not DEVICE.fullmatch(edit.device):
            raise Refused(_("That page was out of date. Load it once more; what is typed there stays."))
        answer = there.get(edit.question)
        if answer is None:
            if edit.value is None:
                continue
            there[edit.question] = Answer.objects.create(
                space_id=sheet.space_id, sheet=sheet, question=edit.question, value=edit.value, counter=edit.counter,
                device=edit.device,
            )  # fmt: skip
        elif (edit.counter, edit.device) > (answer.counter, answer.device):
            answer.value, answer.counter, answer.device = edit.value, edit.counter, edit.device
            answer.save(update_fields=["value", "counter", "device"])
    return max((answer.counter for answer in there.values()), default=0)


def hand_in(*, by: Actor, key: str = "") -> None:
    """Say that a sheet is done. It may still change until the result is shown. Confirmed by mail, unless anonymous."""
    with transaction.atomic():
        found, asked = round_of(by, lock=True)
        _check_open(found)
        sheet = _my_sheet(found, asked, key, by)
        if sheet.is_handed_in:
            return
        Sheet.objects.filter(pk=sheet.pk).update(is_handed_in=True)
        if found.is_anonymous:
            return
        person = asked.person
        confirm(
            by=by,
            key=HAND_IN,
            kind="sheet",
            object_id=sheet.pk,
            sentence=lambda: (
                _("You handed in your answers to “%(title)s”.")
                % {"title": found.worksheet((get_language() or "en")[:2]).title}
            ),
            to=Recipient(person.email, person.name, person.language),
        )


def withdraw(object_id: int, by: Actor) -> None:
    """Take back a sheet that was handed in through a link: its answers go. Only while the round is open."""
    with transaction.atomic():
        sheet = Sheet.objects.filter(pk=object_id, space_id=by.space_id, asked__person_id=by.person_id).first()
        if sheet is None or not by.person_id:
            raise Missing(_(NOT_HERE))
        _check_open(Round.objects.select_for_update().get(pk=sheet.round_id))
        Answer.objects.filter(sheet=sheet).delete()
        Sheet.objects.filter(pk=sheet.pk).update(is_handed_in=False)
        record(by=by.ref, verb="worksheet.withdraw", kind="sheet", object_id=sheet.pk, space_id=by.space_id)


# --- by people with an account ---------------------------------------------------------------------------------------


def _open_for(by: Actor, number: int) -> Round:
    found = Round.objects.select_for_update().filter(space_id=by.space_id, pk=number).first()
    if found is None:
        raise Missing(_(NOT_HERE))
    by.must("worksheets.type", found)
    _check_open(found)
    return found


def save_group(*, by: Actor, number: int, name: str, edits: Sequence[Edit], base: int | None = None) -> int:
    """Keep what a group agreed on at one screen. `name`: of the group, such as 'Table 2'."""
    called = " ".join(name.split())[:80]
    if not called:
        raise Refused(_("Give the group a name, such as “Table 1”."))
    with transaction.atomic():
        found = _open_for(by, number)
        if found.way != Round.Way.GROUP:
            raise Refused(_("In this round each person answers alone."))
        sheet = found.sheets.filter(name=called).first()
        if sheet is None:
            if found.sheets.count() >= MOST_GROUPS:
                raise Refused(_("There are %(most)d groups already.") % {"most": MOST_GROUPS})
            sheet = Sheet.objects.create(
                space_id=found.space_id, round=found, name=called, is_handed_in=True, begun_at=timezone.now()
            )
            record(by=by.ref, verb="worksheet.group", kind="sheet", object_id=sheet.pk, space_id=found.space_id)
        return _write(sheet, edits, base)


def type_in(*, by: Actor, number: int, asked_id: int, edits: Sequence[Edit]) -> Sheet:
    """Keep a sheet that came back on paper: of somebody who was asked, or, in an anonymous round, of nobody known."""
    given = [edit for edit in edits if edit.value is not None]
    if not given:
        raise Refused(_("This sheet is empty. Type at least one answer."))
    with transaction.atomic():
        found = _open_for(by, number)
        if found.way == Round.Way.GROUP:
            raise Refused(_("This round is answered together. Use the group's screen."))
        if found.is_anonymous:
            sheet = Sheet.objects.create(space_id=found.space_id, round=found, is_handed_in=True, is_from_paper=True)
        else:
            asked = found.asked.filter(pk=asked_id).first()
            if asked is None:
                raise Missing(_("Choose whose sheet this is."))
            if found.sheets.filter(asked=asked, answers__value__isnull=False).exists():
                raise Refused(_("%(name)s has answered already.") % {"name": asked.person.name})
            sheet, _new = Sheet.objects.update_or_create(
                round=found, asked=asked,
                defaults={
                    "space_id": found.space_id, "table": asked.table, "system": asked.system, "is_handed_in": True,
                    "is_from_paper": True,
                },
            )  # fmt: skip
            record(by=by.ref, verb="worksheet.paper", kind="sheet", object_id=sheet.pk, space_id=found.space_id)
        _write(sheet, given)
    return sheet
