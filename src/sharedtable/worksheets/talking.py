"""The log of talks: who used which talking points with whom, and what came back (B05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.method import lists
from sharedtable.partnerships.typed import line, paragraphs
from sharedtable.people.filters import mine
from sharedtable.people.models import LISTED, Organisation
from sharedtable.people.search import fold
from sharedtable.worksheets.text_models import Talk
from sharedtable.worksheets.wording import worded

MOST_SHOWN = 100
MOST_POINTS = 40


@dataclass(frozen=True)
class NewTalk:
    """A talk as it was typed. `partner`: the organisation, or the person, in words."""

    audience: str
    partner: str
    way: str
    outcome: str
    on: date
    points: Sequence[str] = ()
    said: str = ""
    used_by: str = ""


def write_down(*, by: Actor, talk: NewTalk) -> Talk:
    """Write down that talking points were used, and what came back. Fails with Refused on what does not fit."""
    by.must_in_space("talks.change")
    if talk.audience not in lists.items("pitch_audiences"):
        raise Refused(_("Choose with what kind of partner it was."))
    if talk.way not in Talk.Way.values or talk.outcome not in Talk.Outcome.values:
        raise Refused(_("Choose how you talked, and what came of it."))
    if not timezone.localdate() - timedelta(days=3_660) <= talk.on <= timezone.localdate() + timedelta(days=1):
        raise Refused(_("The day of the talk lies ahead, or too far back. Correct it."))
    known = {one.id for one in worded(by.space_id, "talking_points", by.language)}
    used = [one for one in talk.points if one in known][:MOST_POINTS]
    with_whom = line(talk.partner, 160, _("With whom"), is_needed=True)
    with transaction.atomic():
        made = Talk(
            space_id=by.space_id, agency_id=by.agency_id or None, organisation=_partner(by, with_whom),
            with_name=with_whom, audience=talk.audience, points=used,
            used_by=line(talk.used_by or by.name, 120, _("Who talked"), is_needed=True), way=talk.way,
            outcome=talk.outcome, said=paragraphs(talk.said, 2_000, _("What they said")), on=talk.on,
            made_at=timezone.now(), made_by=by.ref,
        )  # fmt: skip
        by.must("talks.change", made)
        made.save(force_insert=True)
        record(by=by.ref, verb="talk.write", kind="talk", object_id=made.pk, space_id=by.space_id,
               details={"outcome": talk.outcome})  # fmt: skip
    return made


def _partner(by: Actor, name: str) -> Organisation | None:
    """The organisation of the record by that name, where there is just one."""
    alike = Organisation.objects.filter(LISTED, space_id=by.space_id, search_text__contains=fold(name))[:40]
    same = [one for one in alike if fold(one.name) == fold(name)]
    return same[0] if len(same) == 1 else None


def strike(*, by: Actor, number: int) -> None:
    """Take a talk out of the log; it stays on record."""
    with transaction.atomic():
        found = Talk.objects.select_for_update().filter(space_id=by.space_id, pk=number, ended_at=None).first()
        if found is None:
            raise Missing(_("That is not here, or not for you."))
        by.must("talks.change", found)
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        record(by=by.ref, verb="talk.strike", kind="talk", object_id=number, space_id=by.space_id)


def visible(by: Actor) -> QuerySet[Talk]:
    """The talks that the reader may see, newest first."""
    condition = mine(by, "talks.see") if by.may_in_space("talks.see") else Q(pk__in=())
    return Talk.objects.filter(condition, space_id=by.space_id, ended_at=None)


@dataclass(frozen=True)
class Log:
    """The talks that the reader may see, how they ended, and how often each point was used, with what success."""

    talks: Sequence[Talk]
    outcomes: Sequence[tuple[str, int]]
    points: Mapping[str, tuple[int, int]]


def log(by: Actor, audience: str = "") -> Log:
    """The log, newest first, of one kind of partner or of all: one query."""
    found = visible(by).select_related("organisation", "agency")
    talks = list(found.filter(audience=audience) if audience else found)
    points: dict[str, tuple[int, int]] = {}
    for talk in talks:
        for key in talk.points:
            used, won = points.get(key, (0, 0))
            points[key] = used + 1, won + (talk.outcome == Talk.Outcome.YES)
    outcomes = [(str(label), sum(one.outcome == key for one in talks)) for key, label in Talk.Outcome.choices]
    return Log(talks[:MOST_SHOWN], outcomes, points)
