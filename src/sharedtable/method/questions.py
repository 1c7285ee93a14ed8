"""What a worksheet is made of: questions of a few kinds, in sections. Frozen data, read by `tools`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sharedtable.method.pictures import Picture

# Kinds of questions, and the keys that each takes beside those that all take: (needed, may be there).
KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "rating": (frozenset({"text", "anchors"}), frozenset({"points"})),
    "pairs": (frozenset({"left", "right"}), frozenset({"text", "points"})),
    "choice": (frozenset({"text"}), frozenset({"options", "options_from"})),
    "many": (frozenset({"text"}), frozenset({"options", "options_from", "most"})),
    "short": (frozenset({"text"}), frozenset()),
    "long": (frozenset({"text"}), frozenset()),
    "number": (frozenset({"text", "unit"}), frozenset({"least", "most"})),
    "date": (frozenset({"text"}), frozenset()),
    "person": (frozenset({"text"}), frozenset()),
    "organisation": (frozenset({"text"}), frozenset()),
    "ranking": (frozenset({"text"}), frozenset({"options", "options_from"})),
    "matrix": (frozenset({"text", "criteria", "anchors"}), frozenset({"options", "options_from", "points"})),
    "evidence": (frozenset({"text", "evidence"}), frozenset()),
}
SCALED = frozenset({"rating", "pairs", "matrix"})
WITH_OPTIONS = frozenset({"choice", "many", "ranking", "matrix"})
WRITTEN = frozenset({"short", "long"})
POINTS = 5  # steps of a scale when a file does not say

# Whom a worksheet is made for, and how it is answered.
AUDIENCES = ("support_team", "conveners", "champions", "members", "everyone")
WAYS = ("private", "group", "organisation")
OUTCOMES = ("none", "decision", "pledges")
DECIDES = ("other", "sector", "convener", "obstacle", "outreach")  # which kind of decision a group takes from it
READY = ("", "most_yes")  # when a readiness assessment says ready


@dataclass(frozen=True)
class Option:
    """One answer to choose, or one criterion of a matrix."""

    id: str
    text: str


@dataclass(frozen=True)
class Condition:
    """A question shows only when another one was answered with one of these."""

    question: str
    values: tuple[str | int, ...]


@dataclass(frozen=True)
class AskedList:
    """Something that whoever starts a round lists first, such as the industries to compare."""

    id: str
    text: str
    least: int
    most: int


@dataclass(frozen=True)
class Question:
    """One question in one language.

    `anchors` name the ends of a scale, or each of its `points`. `options` are the answers to choose; of a matrix the
    rows, with `criteria` as columns. `options_from` names the list that is given at the start of a round. `evidence` is
    the key of a query that answers in place of a person.
    """

    id: str
    kind: str
    text: str
    help: str = ""
    discuss: str = ""
    left: str = ""
    right: str = ""
    unit: str = ""
    points: int = POINTS
    anchors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    criteria: tuple[Option, ...] = ()
    options_from: str = ""
    evidence: str = ""
    least: float | None = None
    most: float | None = None
    shown_if: Condition | None = None

    @property
    def steps(self) -> range:
        """The points of the scale."""
        return range(1, self.points + 1)

    @property
    def is_answered_by_people(self) -> bool:
        """False for evidence, which the system fills in."""
        return self.kind != "evidence"

    @property
    def title(self) -> str:
        """The question in one line; of a pair both poles."""
        return self.text or f"{self.left} – {self.right}"

    def anchor(self, point: int) -> str:
        """The words of one point of the scale; nothing where only the ends have words."""
        if len(self.anchors) == self.points:
            return self.anchors[point - 1]
        ends = (self.left, self.right) if self.kind == "pairs" else self.anchors
        return ends[0] if point == 1 else ends[-1] if point == self.points else ""


@dataclass(frozen=True)
class Section:
    """Questions that belong together."""

    id: str
    title: str
    intro: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Worksheet:
    """A question list in one language, whole.

    `rows`: the rows of the method that it serves; `source`: the lines it was written from; `way`: how it is answered
    unless the starter says otherwise; `outcome`: what a group takes from it; `decides`: of which kind
    a decision out of it is; `ready_when`: how its answers say that a partnership is ready, if they do.
    """

    id: str
    language: str
    version: int
    step: int
    rows: tuple[str, ...]
    source: str
    way: str
    is_anonymous: bool
    minutes: int
    audience: tuple[str, ...]
    outcome: str
    title: str
    summary: str
    intro: str
    discuss: tuple[str, ...]
    lists: tuple[AskedList, ...]
    sections: tuple[Section, ...]
    _by_id: Mapping[str, Question] = field(default_factory=dict, compare=False, repr=False)
    pictures: tuple[Picture, ...] = ()
    decides: str = "other"
    ready_when: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, name: str) -> Question | None:
        """One question, None when there is none of that id."""
        return self._by_id.get(name)
