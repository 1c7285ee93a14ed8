"""A worksheet ready for a template: each question with its fields, what was answered, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from sharedtable.errors import Refused
from sharedtable.method.questions import Question, Worksheet
from sharedtable.worksheets.answering import Edit
from sharedtable.worksheets.queries import Names
from sharedtable.worksheets.values import Value, from_form
from sharedtable.worksheets.values import field as name_of


@dataclass(frozen=True)
class Point:
    """One step of a scale or one answer to choose."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """One row of a matrix or a ranking: its fields."""

    name: str
    text: str
    points: tuple[Point, ...] = ()
    value: str = ""
    cells: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Shown:
    """One question: its field, choices or lines, text, and a sentence when what was typed does not fit."""

    question: Question
    name: str
    value: str = ""
    written: str = ""
    points: tuple[Point, ...] = ()
    lines: tuple[Line, ...] = ()
    evidence: tuple[Sequence[str], ...] = ()
    problem: str = ""
    depends_on: str = ""
    depends_values: str = ""
    depends_words: str = ""

    @property
    def has_words_for_each(self) -> bool:
        """Whether each point of the scale has words of its own, and so a line of its own."""
        return len(self.question.anchors) == self.question.points


@dataclass(frozen=True)
class Part:
    """A section with its questions."""

    title: str
    intro: str
    questions: tuple[Shown, ...] = field(default_factory=tuple)


def parts(
    worksheet: Worksheet,
    values: Mapping[str, Value],
    names: Names,
    evidence: Mapping[str, Sequence[Sequence[str]]],
    problems: Mapping[str, str] | None = None,
) -> list[Part]:
    """Every section of a worksheet with its answers."""
    wrong = problems or {}
    return [
        Part(
            section.title,
            section.intro,
            tuple(
                _shown(worksheet, q, values.get(q.id), names, evidence.get(q.id, ()), wrong.get(q.id, ""))
                for q in section.questions
            ),
        )
        for section in worksheet.sections
    ]


def _shown(worksheet: Worksheet, question: Question, value: Value, names: Names, evidence: Any, problem: str) -> Shown:
    given: dict[str, Any] = {"question": question, "name": name_of(question), "problem": problem}
    kind = question.kind
    if question.shown_if is not None and (other := worksheet.question(question.shown_if.question)):
        titles = {option.id: option.text for option in other.options}
        words = [titles.get(str(v)) or other.anchor(int(v)) or str(v) for v in question.shown_if.values]
        given |= {
            "depends_on": name_of(other),
            "depends_values": " ".join(map(str, question.shown_if.values)),
            "depends_words": " / ".join(words),
        }
    if kind in ("rating", "pairs"):
        given["points"] = _scale(question, value)
    elif kind in ("choice", "many"):
        chosen = value if isinstance(value, list) else [value]
        given["points"] = tuple(Point(o.id, o.text, o.id in chosen) for o in question.options)
    elif kind in ("person", "organisation"):
        entry = value if isinstance(value, dict) else {}
        given["points"] = tuple(Point(str(n), text, n == entry.get("id")) for n, text in names.of(kind).items())
        given["written"] = entry.get("name", "")
    elif kind == "ranking":
        given["lines"] = tuple(_place(question, o.id, o.text, value or []) for o in question.options)
    elif kind == "matrix":
        given["lines"] = tuple(_row(question, o.id, o.text, value or {}) for o in question.options)
    elif kind == "evidence":
        given["evidence"] = tuple(evidence)
    elif value is not None:
        given["value"] = str(value)
    return Shown(**given)


def _scale(question: Question, value: Value) -> tuple[Point, ...]:
    return tuple(Point(str(step), question.anchor(step), step == value) for step in question.steps)


def _place(question: Question, option: str, text: str, ranked: Sequence[str]) -> Line:
    place = str(ranked.index(option) + 1) if option in ranked else ""
    points = tuple(Point(str(n), str(n), str(n) == place) for n in range(1, len(question.options) + 1))
    return Line(name_of(question, option), text, points, place)


def _row(question: Question, option: str, text: str, value: Mapping[str, Mapping[str, int]]) -> Line:
    cells = tuple(
        Line(name_of(question, option, c.id), c.text, _scale(question, value.get(option, {}).get(c.id)))
        for c in question.criteria
    )
    return Line(name_of(question, option), text, cells=cells)


@dataclass(frozen=True)
class Typed:
    """A form as it was typed: its answers, and what was wrong with which question."""

    values: dict[str, Value]
    problems: dict[str, str]

    def edits(self, counter: int, device: str) -> list[Edit]:
        """The answers as edits that stand one step after `counter`."""
        return [Edit(question, value, counter + 1, device) for question, value in self.values.items()]


def read(worksheet: Worksheet, form: QueryDict, only: str = "") -> Typed:
    """What a form says to every question that people answer, or to one."""
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for question in worksheet.questions:
        if question.is_answered_by_people and only in ("", question.id):
            try:
                values[question.id] = from_form(question, form)
            except Refused as problem:
                problems[question.id] = str(problem)
                values[question.id] = form.get(name_of(question), "") or None
    return Typed(values, problems)


def whole(form: QueryDict, name: str) -> int:
    """A count in a hidden field; 0 when it is none."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
