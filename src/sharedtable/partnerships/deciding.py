"""Decisions: written down with options, reasons and dissent; a later one replaces an earlier, none is edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists
from sharedtable.partnerships import doors, seating
from sharedtable.partnerships.models import Decision, Partnership, Seat
from sharedtable.partnerships.typed import line, paragraphs
from sharedtable.privacy import Privacy

RATINGS = range(1, 6)
MOST_OPTIONS = 12


@dataclass(frozen=True)
class Choice:
    """One option: why it may be right; for a convener also the answers, 1 to 5, and the agenda it leaves behind."""

    option: str
    reasons: str = ""
    ratings: Mapping[str, int] | None = None
    leaves_behind: str = ""


@dataclass(frozen=True)
class Wanted:
    """A decision as it was typed. `agreed`: numbers of the seats whose holders agreed (A03)."""

    question: str
    kind: str = Decision.Kind.OTHER
    topic: str = ""
    options: Sequence[Choice] = ()
    chosen: str = ""
    next_choice: str = ""
    reasons: str = ""
    dissent: str = ""
    decided_by: str = ""
    agreed: Iterable[int] = ()
    decided_on: date | None = None
    review_on: date | None = None


def decide(*, by: Actor, partnership: Partnership, wanted: Wanted, replaces: Decision | None = None) -> Decision:
    """Write down a decision. One that replaces another names it; the other stays as it was.

    Fails with Refused when the question or the choice is missing, when the choice is no option, or when somebody else
    replaced the same decision first.
    """
    by.must("partnerships.change", partnership)
    if wanted.kind not in Decision.Kind.values:
        raise Refused(_("Choose what kind of decision this is."))
    if wanted.kind == Decision.Kind.OBSTACLE and wanted.topic not in lists.items("obstacles"):
        raise Refused(_("Choose which obstacle this is about."))
    options = [_option(choice, wanted.kind) for choice in wanted.options if choice.option.strip()]
    names = [option["option"] for option in options]
    if len(options) > MOST_OPTIONS or len(set(names)) != len(names):
        raise Refused(_("Name each option once, and twelve at most."))
    chosen = line(wanted.chosen, 200, _("What was decided"), is_needed=True)
    second = line(wanted.next_choice, 200, _("What comes next"))
    if names and chosen not in names:
        raise Refused(_("“%(chosen)s” is not one of the options. Choose one of them, or add it.") % {"chosen": chosen})
    if wanted.kind == Decision.Kind.OBSTACLE and wanted.review_on is None:
        raise Refused(_("Say when to look at this path again."))
    if wanted.review_on and wanted.decided_on and wanted.review_on <= wanted.decided_on:
        raise Refused(_("The day to look again has to be after the day of the decision."))
    try:
        with transaction.atomic():
            kept = doors.locked(by, partnership)
            if replaces is not None and replaces.partnership_id != kept.pk:
                raise doors.not_here()
            made = Decision.objects.create(
                space_id=by.space_id,
                partnership=kept,
                kind=wanted.kind,
                topic=wanted.topic if wanted.kind == Decision.Kind.OBSTACLE else "",
                question=line(wanted.question, 300, _("Question"), is_needed=True),
                options=options,
                chosen=chosen,
                next_choice=second,
                reasons=paragraphs(wanted.reasons, 4_000, _("Reasons"), is_needed=True),
                dissent=paragraphs(wanted.dissent, 4_000, _("Who saw it differently, and why")),
                decided_by=_names(kept, wanted),
                decided_on=wanted.decided_on or timezone.localdate(),
                review_on=wanted.review_on,
                replaces=replaces,
                level=Privacy.INNER if wanted.kind == Decision.Kind.EXECUTIVE else Privacy.TEAM,
                made_at=timezone.now(),
                made_by=by.ref,
            )
            record(
                by=by.ref,
                verb="decision.make",
                kind="decision",
                object_id=made.pk,
                space_id=by.space_id,
                details={"kind": wanted.kind, "replaces": replaces.pk if replaces else None},
            )
    except IntegrityError as error:
        raise Refused(
            _("Somebody else replaced this decision meanwhile. Look at the newer one; what you typed is still here.")
        ) from error
    return made


def _option(choice: Choice, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "option": line(choice.option, 200, _("Option")),
        "reasons": paragraphs(choice.reasons, 2_000, _("Reasons")),
    }
    if kind == Decision.Kind.CONVENER:
        ratings = {key: value for key, value in (choice.ratings or {}).items() if value in RATINGS}
        found["ratings"] = {key: ratings[key] for key in lists.items("convener_questions") if key in ratings}
        found["leaves_behind"] = line(choice.leaves_behind, 300, _("What it leaves behind"))
        if not found["leaves_behind"]:
            raise Refused(
                _("Say for “%(option)s” which agenda of its own it has to leave behind.") % {"option": found["option"]}
            )
    return found


def _names(partnership: Partnership, wanted: Wanted) -> str:
    """Who decided, one a line: those whose seats were ticked, and whoever was typed."""
    seats = Seat.objects.filter(seating.live(partnership), pk__in=list(wanted.agreed)[:500])
    names = [str(seat.person or seat.organisation) for seat in seats.select_related("person", "organisation")]
    typed = paragraphs(wanted.decided_by, 2_000, _("Who decided")).splitlines()
    return "\n".join(dict.fromkeys(name.strip() for name in [*names, *typed] if name.strip()))
