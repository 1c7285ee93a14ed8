"""What screen and files say alike of a result: its splits, its texts, how far people stand apart, how it moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sharedtable.method.questions import Question
from sharedtable.partnerships.models import Seat
from sharedtable.people.models import Organisation
from sharedtable.worksheets.result_queries import ResultPage
from sharedtable.worksheets.results import Group, Result
from sharedtable.worksheets.values import in_words


def groups(result: Result) -> list[tuple[str, list[tuple[str, Group]]]]:
    """The splits of a question that may be shown: by what, and each group with its name for people."""
    tables, systems = dict(Seat.Table.choices), dict(Organisation.System.choices) | {"business": _("Companies")}
    found = []
    for title, titles, split in (
        (_("By table"), tables, result.by_table),
        (_("By system"), systems, result.by_system),
    ):
        if split:
            found.append((title, [(str(titles.get(group.key, group.key)), group) for group in split]))
    return found


def written(result: Result, page: ResultPage) -> list[tuple[str, str]]:
    """The written answers to a question, with names where they may be shown."""
    names = page.names.of(result.question.kind) if result.question.kind in ("person", "organisation") else None
    return [(in_words(result.question, one.text, names), whose(one.who, one.table)) for one in result.words]


def table_words(table: str) -> str:
    """Where somebody sits, in words beside what they said; nothing where that is not known."""
    said = {
        Seat.Table.INNER: _("inner table"), Seat.Table.OUTER: _("support partner"), Seat.Table.NETWORK: _("network"),
    }  # fmt: skip
    return said.get(Seat.Table(table), "") if table in Seat.Table.values else ""


def whose(who: str, table: str) -> str:
    """A name with the table at which it sits, so that an item of a support partner is marked as one (A30)."""
    return f"{who}, {table_words(table)}" if who and table_words(table) else who


def tables_in_words(tables: Mapping[str, int]) -> str:
    """From which tables answers came: '4 inner table, 3 support partner'; nothing where that is not known."""
    return ", ".join(f"{tables[key]} {table_words(key)}" for key in Seat.Table.values if tables.get(key))


@dataclass(frozen=True)
class OverTime:
    """Averages of the scaled questions in this round and those before it, oldest first."""

    days: list[date]
    rows: list[tuple[Question, list[float | None], float | None]]


def over_time(page: ResultPage) -> OverTime | None:
    """How the averages moved; None when this is the first round. A question that changed starts anew."""
    if not page.before:
        return None
    rounds = [*reversed(page.before), (page.round, page.results)]
    rows = []
    for question in page.worksheet.questions:
        if question.kind in ("rating", "pairs", "number"):
            averages = []
            for _one, results in rounds:
                found = results.results.get(question.id)
                same = found and (found.question.kind, found.question.points) == (question.kind, question.points)
                averages.append(found.average if found and same and not results.is_too_few else None)
            rows.append((question, averages, page.results.results[question.id].change))
    days = [timezone.localtime(one.revealed_at).date() for one, _results in rounds if one.revealed_at]
    return OverTime(days, rows) if rows else None


def spread_words(result: Result) -> str:
    """How far people stand apart, in one sentence; nothing where that is not known."""
    if result.apart is not None and result.question.kind in ("rating", "pairs"):
        steps = number_format(round(result.apart, 1), 1)
        return _("Two of you stand %(steps)s steps apart on average, of %(most)d.") % {
            "steps": steps, "most": result.question.points - 1,
        }  # fmt: skip
    if result.difference is not None and result.question.kind == "choice":
        return _("Two of you choose different answers in %(share)d of 100 cases.") % {
            "share": round(100 * result.difference)
        }
    return ""
