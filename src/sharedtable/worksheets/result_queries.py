"""What the pages of a result read: the sheets of a round and of those before it, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing
from sharedtable.method.questions import Worksheet
from sharedtable.partnerships.models import Decision, Seat
from sharedtable.worksheets.answering import round_of
from sharedtable.worksheets.merged import Merged, merged
from sharedtable.worksheets.models import Answer, Promise, Round, Sheet
from sharedtable.worksheets.queries import Names, names_to_choose, the_round
from sharedtable.worksheets.readiness import Readiness, readiness
from sharedtable.worksheets.results import Filled, Results, results

MOST_BEFORE = 8  # rounds that a result looks back on


@dataclass(frozen=True)
class ResultPage:
    """The result of a round, what came out of it, and the rounds before it, newest first."""

    round: Round
    worksheet: Worksheet
    results: Results
    before: list[tuple[Round, Results]]
    evidence: Mapping[str, list[list[str]]]
    names: Names
    decisions: list[Decision]
    promises: list[Promise]
    merged: list[Merged]
    asked: int
    may_run: bool
    shows_names: bool
    readiness: Readiness | None = None
    tables: Mapping[str, int] = field(default_factory=dict)
    sits_at: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_of_partners_alone(self) -> bool:
        """Only support partners answered: what comes of it is theirs, and no priority of business by itself (A30)."""
        return bool(self.tables) and not self.tables.get(Seat.Table.INNER)


def result_page(by: Actor, number: int, language: str) -> ResultPage:
    """The result for somebody with an account: names stand beside answers for conveners, never in anonymous rounds."""
    found = the_round(by, number)
    return _results(
        found, language, shows_names=by.may("worksheets.run", found), may_run=by.may("worksheets.run", found)
    )


def result_by_link(by: Actor, language: str) -> ResultPage:
    """The result for somebody who was asked: sums and texts, no names beside them."""
    found, _asked = round_of(by)
    return _results(found, language, shows_names=False, may_run=False)


def _results(found: Round, language: str, *, shows_names: bool, may_run: bool) -> ResultPage:
    if found.state != "revealed":
        raise Missing(_("The result is not shown yet."))
    # What an organisation answers stands for all of it, and a group has only the name that it gave itself.
    has_names = shows_names or found.way != Round.Way.PRIVATE
    before = _before(found)
    every = _filled([found, *before], has_names)
    worksheet = found.worksheet(language)
    older = [(one, results(one.worksheet(language), every[one.pk], is_anonymous=one.is_anonymous)) for one in before]
    latest = older[0][1] if older and not older[0][1].is_too_few else None
    mine = results(worksheet, every[found.pk], is_anonymous=found.is_anonymous, earlier=latest)
    return ResultPage(
        found,
        worksheet,
        mine,
        older,
        found.evidence.get(worksheet.language, {}),
        names_to_choose(found, worksheet),
        [one.decision for one in found.decisions.select_related("decision")],
        list(found.promises.all()),
        # Who wrote what would stand in it; a round without names has none.
        [] if found.is_anonymous else merged(worksheet, every[found.pk]),
        found.asked.count(),
        may_run,
        has_names and not found.is_anonymous,
        readiness(found, worksheet, mine),
        _tables(found, every[found.pk]),
        sits_at(found.partnership_id),
    )


def _tables(found: Round, filled: list[Filled]) -> dict[str, int]:
    """How many sheets came from which table; without names only where no table is so small that it points to people."""
    if found.is_anonymous and "table" not in found.splits:
        return {}
    return dict(Counter(sheet.table for sheet in filled if sheet.table))


def sits_at(partnership_id: int | None) -> dict[str, str]:
    """At which table somebody sits, by name: where a name was typed, this tells whose words they are (A30)."""
    if partnership_id is None:
        return {}
    seats = Seat.objects.filter(partnership_id=partnership_id, person__isnull=False)
    rows = seats.order_by("ended_on").values_list("person__name", "table")
    return {name.casefold(): table for name, table in rows}


@dataclass(frozen=True)
class Origin:
    """The round that a decision came out of, and from which tables its answers came."""

    round: Round
    title: str
    tables: Mapping[str, int]

    @property
    def is_of_partners_alone(self) -> bool:
        """Only support partners answered."""
        return bool(self.tables) and not self.tables.get(Seat.Table.INNER)


def origin(by: Actor, decision: Decision, language: str) -> Origin | None:
    """Where a decision came from, if it came out of the result of a round."""
    link = decision.rounds.select_related("round").first()
    if link is None or not by.may("worksheets.see", link.round):
        return None
    found = link.round
    sheets = found.sheets.filter(answers__value__isnull=False).distinct()
    filled = [Filled({}, table, "", "") for table in sheets.values_list("table", flat=True)]
    return Origin(found, found.worksheet(language).title, _tables(found, filled))


def _before(found: Round) -> list[Round]:
    """The rounds that came before in the same row, newest first; one query for all of the tool's rounds."""
    if found.follows_id is None:
        return []
    known = {one.pk: one for one in Round.objects.filter(space_id=found.space_id, tool_id=found.tool_id)}
    chain: list[Round] = []
    at = known.get(found.follows_id)
    while at is not None and len(chain) < MOST_BEFORE:
        if at.revealed_at is not None:
            chain.append(at)
        at = known.get(at.follows_id or 0)
    return chain


def _filled(rounds: list[Round], has_names: bool) -> dict[int, list[Filled]]:
    """The sheets of rounds with their answers, in two queries; those of anonymous rounds in a drawn order."""
    sheets = (
        Sheet.objects.filter(round__in=rounds).select_related("asked__person", "asked__organisation").order_by("pk")
    )
    values: dict[int, dict[str, Any]] = {}
    rows = Answer.objects.filter(sheet__round__in=rounds, value__isnull=False)
    for sheet_id, question, value in rows.values_list("sheet_id", "question", "value"):
        values.setdefault(sheet_id, {})[question] = value
    anonymous = {one.pk for one in rounds if one.is_anonymous}
    ways = {one.pk: one.way for one in rounds}
    found: dict[int, list[Filled]] = {one.pk: [] for one in rounds}
    for sheet in sheets:
        if sheet.pk not in values:
            continue  # begun and left empty
        who = ""
        if has_names and sheet.round_id not in anonymous:
            who = sheet.name
            if sheet.asked is not None:
                of = ways[sheet.round_id] == Round.Way.ORGANISATION and sheet.asked.organisation
                who = str(of) if of else sheet.asked.person.name
        found[sheet.round_id].append(Filled(values[sheet.pk], sheet.table, sheet.system, who))
    return found
