"""What a group takes from a result: a decision of the partnership, or pledges of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.method.questions import DECIDES
from sharedtable.partnerships.models import Decision
from sharedtable.worksheets.models import Promise, Round, RoundDecision
from sharedtable.worksheets.round_actions import locked


@dataclass(frozen=True)
class Decided:
    """A decision as a group says it: from which options, which one, why, who saw it otherwise, when to look again."""

    question: str
    chosen: str
    reasons: str = ""
    dissent: str = ""
    decided_by: str = ""
    next_choice: str = ""
    kind: str = ""  # empty: the one that the worksheet is about
    review_on: date | None = None
    options: Sequence[str] = field(default_factory=tuple)


def decide(number: int, decided: Decided, *, by: Actor) -> Decision:
    """Write down what was decided from a result; it joins the decisions of the partnership."""
    question, chosen = " ".join(decided.question.split())[:300], " ".join(decided.chosen.split())[:200]
    if not question or not chosen:
        raise Refused(_("Say what was asked and what was decided. Nothing was kept."))
    with transaction.atomic():
        found = _revealed(number, by)
        made = Decision.objects.create(
            space_id=found.space_id, partnership=found.partnership,
            kind=_kind(decided.kind or found.worksheet("en").decides),
            question=question, options=[{"option": one[:200], "reasons": ""} for one in decided.options if one],
            chosen=chosen, next_choice=decided.next_choice[:200], reasons=decided.reasons[:4000],
            dissent=decided.dissent[:4000], decided_by=decided.decided_by[:1000], decided_on=timezone.localdate(),
            review_on=decided.review_on, made_at=timezone.now(), made_by=by.ref,
        )  # fmt: skip
        RoundDecision.objects.create(space_id=found.space_id, round=found, decision=made)
        record(by=by.ref, verb="worksheet.decide", kind="decision", object_id=made.pk, space_id=found.space_id,
               details={"round": found.pk})  # fmt: skip
    return made


def _kind(wanted: str) -> str:
    """The kind of a decision; never one of the executive committee, which is for the inner table alone."""
    return wanted if wanted in DECIDES else Decision.Kind.OTHER


def pledge(number: int, *, by: Actor, who: str, what: str, due_on: date | None = None) -> Promise:
    """Write down what somebody said they would do."""
    name, thing = " ".join(who.split())[:160], " ".join(what.split())[:400]
    if not name or not thing:
        raise Refused(_("A pledge needs a name and a thing to do. Nothing was kept."))
    with transaction.atomic():
        found = _revealed(number, by)
        made = Promise.objects.create(
            space_id=found.space_id, round=found, who=name, what=thing, due_on=due_on, made_at=timezone.now(),
            made_by=by.ref,
        )  # fmt: skip
        record(by=by.ref, verb="worksheet.pledge", kind="pledge", object_id=made.pk, space_id=found.space_id,
               details={"round": found.pk})  # fmt: skip
    return made


def _revealed(number: int, by: Actor) -> Round:
    found = locked(by, number)
    if found.state != "revealed":
        raise Refused(_("Show the result first. Then write down what the group takes from it."))
    return found
