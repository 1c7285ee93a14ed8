"""What a round says: for each question how the group answers, how far it stands apart, and by which tables and systems.

Works on plain values, knows no database. In an anonymous round it gives nothing that would show a single person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sharedtable.method.questions import Question, Worksheet
from sharedtable.worksheets.spread import (
    FEWEST_TO_COUNT,
    FEWEST_TO_SPLIT,
    apart,
    differ,
    may_split,
    mean,
    median,
    safe_counts,
    share_apart,
)
from sharedtable.worksheets.values import is_shown


@dataclass(frozen=True)
class Filled:
    """One sheet: its answers by question, where it belongs, and whose it is ('' where nobody may know)."""

    values: Mapping[str, Any]
    table: str = ""
    system: str = ""
    who: str = ""


@dataclass(frozen=True)
class Bar:
    """One step of a scale or one option: its words, how many chose it (None: not shown), its share of the widest."""

    key: str
    text: str
    count: int | None
    share_pct: float


@dataclass(frozen=True)
class Group:
    """One part of those who answered: its name in the record, how many, and their average."""

    key: str
    answers: int
    average: float


@dataclass(frozen=True)
class Cell:
    """One option by one criterion: average and how far apart."""

    average: float | None
    apart: float | None
    answers: int


@dataclass(frozen=True)
class Row:
    """One option of a matrix or a ranking: its cells, and its average over them (of a ranking: its average place)."""

    key: str
    text: str
    cells: tuple[Cell, ...]
    average: float | None


@dataclass(frozen=True)
class Words:
    """One written answer, with the name of who gave it where names are shown."""

    text: str
    who: str = ""
    table: str = ""  # of whoever is named


@dataclass(frozen=True)
class Result:
    """What was answered to one question. `difference`: 0 all the same, 1 as far apart as can be; None: not known.

    `is_hidden`: so few answered that the answers would point to people. `earlier`: the average of the round before.
    """

    question: Question
    answers: int
    average: float | None = None
    middle: float | None = None
    apart: float | None = None
    difference: float | None = None
    bars: tuple[Bar, ...] = ()
    rows: tuple[Row, ...] = ()
    words: tuple[Words, ...] = ()
    by_table: tuple[Group, ...] = ()
    by_system: tuple[Group, ...] = ()
    is_hidden: bool = False
    has_hidden_counts: bool = False
    earlier: float | None = None

    @property
    def has_counts(self) -> bool:
        """Whether there is a count to draw; where names are withheld, all of them may be."""
        return any(bar.count for bar in self.bars)

    @property
    def change(self) -> float | None:
        """How the average moved since the round before."""
        if self.average is None or self.earlier is None:
            return None
        return self.average - self.earlier


@dataclass(frozen=True)
class Results:
    """All of a round: results by question, in the order of the worksheet; how many sheets; where the group differs."""

    worksheet: Worksheet
    sheets: int
    results: Mapping[str, Result] = field(repr=False)
    is_anonymous: bool = False

    @property
    def is_too_few(self) -> bool:
        """True when an anonymous round has so few sheets that nothing of it is shown."""
        return self.is_anonymous and self.sheets < FEWEST_TO_COUNT

    @property
    def differing(self) -> list[Result]:
        """The questions on which the group stands furthest apart, that most of all first; at most three."""
        found = [r for r in self.results.values() if r.difference is not None and r.difference >= 0.25]
        return sorted(found, key=lambda r: -(r.difference or 0))[:3]

    @property
    def agreeing(self) -> list[Result]:
        """Where the group stands closest together; at most three, none of those on which it differs."""
        apart = {r.question.id for r in self.differing}
        found = [r for r in self.results.values() if r.difference is not None and r.question.id not in apart]
        return sorted(found, key=lambda r: r.difference or 0)[:3]


def results(
    worksheet: Worksheet, sheets: Sequence[Filled], *, is_anonymous: bool, earlier: Results | None = None
) -> Results:
    """The results of a round from its sheets; `earlier`: those of the round before."""
    found: dict[str, Result] = {}
    for question in worksheet.questions:
        if question.is_answered_by_people:
            given = [
                (sheet, value)
                for sheet in sheets
                if (value := sheet.values.get(question.id)) is not None and is_shown(worksheet, question, sheet.values)
            ]
            found[question.id] = _result(question, given, is_anonymous, _average_of(earlier, question))
    return Results(worksheet, len(sheets), found, is_anonymous)


def _average_of(earlier: Results | None, question: Question) -> float | None:
    """The average of the same question before; None when it is not the same question any more."""
    before = earlier.results.get(question.id) if earlier else None
    if before is None or (before.question.kind, before.question.points) != (question.kind, question.points):
        return None
    return before.average


def _result(
    question: Question, given: Sequence[tuple[Filled, Any]], is_anonymous: bool, earlier: float | None
) -> Result:
    count = len(given)
    # Figures of companies only in groups of five and more (X16).
    fewest = FEWEST_TO_SPLIT if question.kind == "number" else FEWEST_TO_COUNT
    if is_anonymous and 0 < count < fewest:
        return Result(question, 0, is_hidden=True)
    values = [value for _sheet, value in given]
    if question.kind in ("rating", "pairs"):
        counts = {str(step): values.count(step) for step in question.steps}
        titles = {str(step): question.anchor(step) for step in question.steps}
        bars, has_hidden = _bars(counts, titles, is_anonymous)
        return Result(
            question, count, mean(values), median(values), apart(values), share_apart(values, question.points), bars,
            by_table=_groups(given, "table"), by_system=_groups(given, "system"), has_hidden_counts=has_hidden,
            earlier=earlier,
        )  # fmt: skip
    titles = {option.id: option.text for option in question.options}
    if question.kind == "choice":
        bars, has_hidden = _bars({o: values.count(o) for o in titles}, titles, is_anonymous)
        return Result(question, count, difference=differ(values), bars=bars, has_hidden_counts=has_hidden)
    if question.kind == "many":
        bars, has_hidden = _bars({o: sum(o in v for v in values) for o in titles}, titles, is_anonymous)
        split = [found for o in titles if (found := differ([o in v for v in values])) is not None]
        return Result(question, count, difference=mean(split), bars=bars, has_hidden_counts=has_hidden)
    if question.kind == "number":
        return Result(question, count, mean(values), median(values), apart(values), earlier=earlier)
    if question.kind == "ranking":
        return _ranking(question, values)
    if question.kind == "matrix":
        return _matrix(question, values, is_anonymous)
    # In an anonymous round the sheets come in a drawn order, and no name stands beside a text.
    return Result(question, count, words=tuple(Words(v, s.who, s.table if s.who else "") for s, v in given))


def _bars(counts: Mapping[str, int], titles: Mapping[str, str], is_anonymous: bool) -> tuple[tuple[Bar, ...], bool]:
    shown = safe_counts(counts) if is_anonymous else dict(counts)
    widest = max((count for count in shown.values() if count), default=0)
    bars = tuple(
        Bar(key, titles[key], count, 100 * count / widest if count and widest else 0.0) for key, count in shown.items()
    )
    return bars, None in shown.values()


def _groups(given: Iterable[tuple[Filled, float]], by: str) -> tuple[Group, ...]:
    """Averages by table or system, where no group is so small that it would show a person."""
    groups: dict[str, list[float]] = defaultdict(list)
    for sheet, value in given:
        groups[getattr(sheet, by)].append(value)
    if not may_split(groups):
        return ()
    return tuple(Group(key, len(v), sum(v) / len(v)) for key, v in sorted(groups.items()) if key)


def _ranking(question: Question, values: Sequence[list[str]]) -> Result:
    places: dict[str, list[int]] = {option.id: [] for option in question.options}
    for value in values:
        for place, option in enumerate(value, 1):
            places[option].append(place)
    last = len(question.options)
    # What somebody did not rank stands behind what they did.
    full = {o: p + [last] * (len(values) - len(p)) for o, p in places.items()}
    rows = [
        Row(o.id, o.text, (Cell(mean(full[o.id]), apart(full[o.id]), len(places[o.id])),), mean(full[o.id]))
        for o in question.options
    ]
    rows.sort(key=lambda row: row.average if row.average is not None else last + 1)
    shares = [found for o in full.values() if last > 1 and (found := share_apart(o, last)) is not None]
    return Result(question, len(values), difference=mean(shares), rows=tuple(rows))


def _matrix(question: Question, values: Sequence[Mapping[str, Mapping[str, int]]], is_anonymous: bool) -> Result:
    rows, shares = [], []
    for option in question.options:
        cells = []
        for criterion in question.criteria:
            points = [v[option.id][criterion.id] for v in values if criterion.id in v.get(option.id, {})]
            if is_anonymous and len(points) < FEWEST_TO_COUNT:
                points = []  # one or two people's marks would be read off the average
            cells.append(Cell(mean(points), apart(points), len(points)))
            if (share := share_apart(points, question.points)) is not None:
                shares.append(share)
        known = [cell.average for cell in cells if cell.average is not None]
        rows.append(Row(option.id, option.text, tuple(cells), mean(known)))
    rows.sort(key=lambda row: -(row.average or 0))
    return Result(question, len(values), difference=mean(shares), rows=tuple(rows))
