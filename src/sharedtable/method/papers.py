"""Papers of the library that are data: a summary of a meeting, a quick plan, a memo. Read, checked, frozen.

A paper is one file in `library/papers/`; what it holds hangs on its `kind`. Each text stands in both languages; numbers
of the method are named by their preset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.method import toml_data
from sharedtable.method.presets import preset, presets

FOLDER = toml_data.FOLDER / "library" / "papers"
Words = Mapping[str, str]
_HEAD = {"kind", "source", "title", "lead", "note"}
_PARTS = {"summary": {"met_on", "opportunity", "area", "next"}, "plan": {"aim"}, "memo": {"section"}}


@dataclass(frozen=True)
class Area:
    """An area for action of a summary: its title, what it is about, and who put their name to it."""

    title: Words
    text: Words
    champions: tuple[str, ...]


@dataclass(frozen=True)
class Next:
    """What comes next: what, on which day, and the preset that says within how many days it should be."""

    what: Words
    on: date | None = None
    preset: str = ""

    def days(self, met_on: date) -> int | None:
        """How many days after the meeting it is."""
        return (self.on - met_on).days if self.on else None

    def late_days(self, met_on: date) -> int:
        """How many days later than the method wants it."""
        days = self.days(met_on)
        return max(0, days - int(preset(self.preset).value)) if days is not None and self.preset else 0


@dataclass(frozen=True)
class Line:
    """A line of a plan: what, who sees to it if somebody does, within how many months."""

    what: Words
    who: str = ""
    months: int = 0


@dataclass(frozen=True)
class Aim:
    """An aim of a plan: what it is about, its team, its lines."""

    title: Words
    text: Words
    team: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """A part of a memo: paragraphs, and perhaps measures, each with what is counted."""

    title: Words
    text: Words
    measures: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True)
class Paper:
    """One paper. Only the parts of its kind hold anything."""

    id: str
    kind: str
    source: str
    title: Words
    lead: Words
    note: Words
    met_on: date | None = None
    opportunities: tuple[Words, ...] = ()
    areas: tuple[Area, ...] = ()
    next: tuple[Next, ...] = ()
    aims: tuple[Aim, ...] = ()
    sections: tuple[Section, ...] = ()


@cache
def papers() -> Mapping[str, Paper]:
    """Every paper by its id.

    >>> [len(area.champions) for area in papers()["region-x"].areas]
    [6, 4, 2]
    """
    return {path.stem: load(path) for path in sorted(FOLDER.glob("*.toml"))}


def paper(name: str) -> Paper:
    """One paper. Fails with Missing when there is none of that id."""
    try:
        return papers()[name]
    except KeyError:
        raise Missing(f"There is no paper “{name}”. There are: {', '.join(papers())}.") from None


def load(path: Path) -> Paper:
    """A paper from its file. Fails with Refused, naming place and cure."""
    data, where = toml_data.read(path), path.name
    kind = data.get("kind")
    if kind not in _PARTS:
        raise Refused(f"{where} has the kind “{kind}”. There are: {', '.join(_PARTS)}.")
    toml_data.check_keys(where, data, _HEAD | _PARTS[kind])
    title, lead, note = (toml_data.both_languages(f"{where}, {key}", data[key]) for key in ("title", "lead", "note"))
    head = Paper(path.stem, kind, toml_data.check_source(where, data["source"]), title, lead, note)
    return {"summary": _summary, "plan": _plan, "memo": _memo}[kind](where, head, data)


def _summary(where: str, head: Paper, data: Mapping[str, Any]) -> Paper:
    met_on = data["met_on"]
    if type(met_on) is not date:
        raise Refused(f"{where} has the day “{met_on}”. Write it as 2012-12-18.")
    areas = tuple(
        Area(*_words(f"{where}, area {n}", one, {"champions"}), _names(f"{where}, area {n}", one["champions"]))
        for n, one in enumerate(data["area"], 1)
    )  # fmt: skip
    following = tuple(_next(f"{where}, next {n}", one) for n, one in enumerate(data["next"], 1))
    opportunities = tuple(
        toml_data.both_languages(f"{where}, opportunity {n}", one) for n, one in enumerate(data["opportunity"], 1)
    )
    return Paper(**{**vars(head), "met_on": met_on, "opportunities": opportunities, "areas": areas, "next": following})


def _next(where: str, found: Mapping[str, Any]) -> Next:
    toml_data.check_keys(where, found, {"what"}, {"on", "preset"})
    if (name := found.get("preset", "")) and name not in presets():
        raise Refused(f"{where} names the preset “{name}”, which is not there.")
    return Next(toml_data.both_languages(where, found["what"]), found.get("on"), name)


def _plan(where: str, head: Paper, data: Mapping[str, Any]) -> Paper:
    aims = []
    for n, one in enumerate(data["aim"], 1):
        at = f"{where}, aim {n}"
        title, text = _words(at, one, {"team", "line"})
        lines = tuple(_line(f"{at}, line {m}", line) for m, line in enumerate(one["line"], 1))
        aims.append(Aim(title, text, _names(at, one["team"]), lines))
    return Paper(**{**vars(head), "aims": tuple(aims)})


def _line(where: str, found: Mapping[str, Any]) -> Line:
    toml_data.check_keys(where, found, {"what"}, {"who", "months"})
    return Line(toml_data.both_languages(where, found["what"]), found.get("who", ""), found.get("months", 0))


def _memo(where: str, head: Paper, data: Mapping[str, Any]) -> Paper:
    sections = []
    for n, one in enumerate(data["section"], 1):
        at = f"{where}, section {n}"
        title, text = _words(at, one, set(), {"measure"})
        measures = []
        for m, measure in enumerate(one.get("measure", ()), 1):
            toml_data.check_keys(f"{at}, measure {m}", measure, {"name", "counted"})
            both = [toml_data.both_languages(f"{at}, measure {m}", measure[key]) for key in ("name", "counted")]
            measures.append((both[0], both[1]))
        sections.append(Section(title, text, tuple(measures)))
    return Paper(**{**vars(head), "sections": tuple(sections)})


def _words(
    where: str, found: Mapping[str, Any], more: set[str], optional: set[str] | None = None
) -> tuple[Words, Words]:
    toml_data.check_keys(where, found, {"title", "text", *more}, optional)
    return toml_data.both_languages(where, found["title"]), toml_data.both_languages(where, found["text"])


def _names(where: str, found: Sequence[str]) -> tuple[str, ...]:
    if len(set(found)) != len(found):
        raise Refused(f"{where} names somebody twice. Name each person once.")
    return tuple(found)
