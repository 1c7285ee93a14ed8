"""Runs of show: the segments of a meeting, each with its script card, goal line and minutes, as the method has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.method import toml_data
from sharedtable.method.presets import preset

SIGNUPS = ("off", "one", "all")


@dataclass(frozen=True)
class Segment:
    """One part of a meeting. `round`: the cards written in it, if any; `signup`: how names go onto areas in it;
    `shelf`: whether the room looks at what was shelved in the meeting before."""

    id: str
    minutes: int
    source: str
    titles: Mapping[str, str]
    goals: Mapping[str, str]
    scripts: Mapping[str, tuple[str, ...]]
    round: str = ""
    signup: str = "off"
    shelf: bool = False


@dataclass(frozen=True)
class Choice:
    """A thing with an id and a text: a round's question, a prompt, a kind of requirement, a tip, a product.

    Of a round: `least` and `most` cards are asked of each person (0: as many as they like). Of a product: `segment`
    makes it.
    """

    id: str
    texts: Mapping[str, str]
    about: str = ""
    segment: str = ""
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class Length:
    """One length that the method gives for a run: minutes by segment, and where they come from."""

    id: str
    source: str
    titles: Mapping[str, str]
    minutes: Mapping[str, int]


@dataclass(frozen=True)
class Run:
    """A whole run of show. `champions`: the round on whose areas people put their names. `speaks`: the tables whose
    members put cards on the wall; at a launch that is the inner one alone. `admits`: the tables that may be in at all.
    `aim`: the preset that says how many cards to look for before choosing a shortlist. `products`: what the meeting
    must end in, in this order. `lengths`: the minutes to start from; the first one is that of the segments. `clock`:
    its day starts dates of the partnership; a brainstorm, a data walk or a talk among partners starts none."""

    id: str
    titles: Mapping[str, str]
    champions: str
    segments: tuple[Segment, ...]
    rounds: tuple[Choice, ...]
    prompts: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    tips: tuple[Choice, ...]
    speaks: frozenset[str] = frozenset({"inner"})
    admits: frozenset[str] = frozenset({"inner", "outer"})
    aim: str = ""
    products: tuple[Choice, ...] = ()
    lengths: tuple[Length, ...] = ()
    clock: bool = False

    def length(self, name: str) -> Mapping[str, int]:
        """The minutes of one length. Fails with Missing when the run has none of that id."""
        for one in self.lengths:
            if one.id == name:
                return one.minutes
        raise Missing(f"There is no length “{name}” of this run of show.")

    def lacks(self, order: Sequence[str]) -> tuple[Choice, ...]:
        """The products that a meeting with these segments, in this order, would not end in."""
        lost, last = [], -1
        for one in self.products:
            place = order.index(one.segment) if one.segment in order else -1
            if place <= last:
                lost.append(one)
            last = max(last, place)
        return tuple(lost)

    def segment(self, name: str) -> Segment:
        """One segment. Fails with Missing when there is none of that id."""
        for one in self.segments:
            if one.id == name:
                return one
        raise Missing(f"There is no segment “{name}” in this run of show.")

    def round(self, name: str) -> Choice | None:
        """One round, or None."""
        return next((one for one in self.rounds if one.id == name), None)


def said(texts: Mapping[str, Any], language: str) -> Any:
    """The text in that language, in English for one that is not here."""
    return texts.get(language, texts["en"])


@cache
def runs() -> Mapping[str, Run]:
    """The runs that are shipped, by their id: those of each file in `meetings/`."""
    found: dict[str, Run] = {}
    for path in sorted((toml_data.FOLDER / "meetings").glob("*.toml")):
        more = load(path)
        if twice := set(found) & set(more):
            raise Refused(f"{path.name} has a run that stands in another file too: {', '.join(twice)}. Rename one.")
        found |= more
    return found


def run(name: str) -> Run:
    """One run. Fails with Missing when there is none of that id.

    >>> sum(segment.minutes for segment in run("launch").segments)
    120
    """
    try:
        return runs()[name]
    except KeyError:
        raise Missing(f"There is no run of show “{name}”. There are: {', '.join(runs())}.") from None


def load(path: Path) -> Mapping[str, Run]:
    """The runs of a file, checked. Fails with Refused, naming place and cure, on anything missing or not known."""
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"run"})
    found: dict[str, Run] = {}
    for entry in data["run"]:
        where = f"{path.name}, {entry.get('id', 'a run without an id')}"
        optional = {
            "champions", "prompt", "tag", "tip", "round", "speaks", "admits", "aim", "product", "length",
            "clock",
        }  # fmt: skip
        toml_data.check_keys(where, entry, {"id", "title", "segment"}, optional)
        rounds = _choices(where, entry.get("round", []))
        made = Run(
            entry["id"],
            toml_data.both_languages(where, entry["title"]),
            entry.get("champions", ""),
            tuple(_segment(where, one, {r.id for r in rounds}) for one in entry["segment"]),
            rounds,
            _choices(where, entry.get("prompt", [])),
            _choices(where, entry.get("tag", [])),
            _choices(where, entry.get("tip", [])),
            _tables(where, "speaks", entry.get("speaks", ["inner"])),
            _tables(where, "admits", entry.get("admits", ["inner", "outer"])),
            entry.get("aim", ""),
            _choices(where, entry.get("product", [])),
            tuple(_length(where, one, entry["segment"]) for one in entry.get("length", [])),
            entry.get("clock", False) is True,
        )
        if not made.speaks <= made.admits:
            raise Refused(f"{where}: a table speaks that is not let in. Add it to admits.")
        if made.aim:
            preset(made.aim)
        if bad := {one.segment for one in made.products} - {one.id for one in made.segments}:
            raise Refused(f"{where}: a product names the segment “{min(bad)}”, which is not there.")
        if made.champions and made.round(made.champions) is None:
            raise Refused(f"{where}: champions names the round “{made.champions}”, which is not there.")
        if entry["id"] in found:
            raise Refused(f"{where} stands twice. Give each run a name of its own.")
        found[made.id] = made
    return found


def _segment(where: str, entry: Mapping[str, Any], rounds: set[str]) -> Segment:
    where = f"{where}, segment {entry.get('id', 'without an id')}"
    needed = {"id", "minutes", "source", "title", "goal", "script"}
    toml_data.check_keys(where, entry, needed, {"round", "signup", "shelf"})
    if entry.get("round", "") not in {"", *rounds}:
        raise Refused(f"{where} names the round “{entry['round']}”, which is not there.")
    if entry.get("signup", "off") not in SIGNUPS:
        raise Refused(f"{where} has the sign-up “{entry['signup']}”. Choose one of {', '.join(SIGNUPS)}.")
    if not isinstance(entry["minutes"], int) or entry["minutes"] < 1:
        raise Refused(f"{where} has {entry['minutes']!r} minutes. Give a whole number above zero.")
    script = entry["script"]
    toml_data.check_keys(where, script, set(toml_data.LANGUAGES))
    return Segment(
        entry["id"],
        entry["minutes"],
        toml_data.check_source(where, entry["source"]),
        toml_data.both_languages(where, entry["title"]),
        toml_data.both_languages(where, entry["goal"]),
        {language: tuple(script[language]) for language in toml_data.LANGUAGES},
        entry.get("round", ""),
        entry.get("signup", "off"),
        entry.get("shelf", False) is True,
    )


def _length(where: str, entry: Mapping[str, Any], segments: Sequence[Mapping[str, Any]]) -> Length:
    where = f"{where}, length {entry.get('id', 'without an id')}"
    toml_data.check_keys(where, entry, {"id", "source", "title", "minutes"})
    minutes = entry["minutes"]
    if set(minutes) != {one["id"] for one in segments} or not all(type(n) is int and n > 0 for n in minutes.values()):
        raise Refused(f"{where} needs whole minutes above zero for each segment, and for no other.")
    titles = toml_data.both_languages(where, entry["title"])
    return Length(entry["id"], toml_data.check_source(where, entry["source"]), titles, minutes)


def _tables(where: str, key: str, names: list[str]) -> frozenset[str]:
    if not names or not set(names) <= {"inner", "outer"}:
        raise Refused(f"{where}: {key} is {names!r}. Name the tables: inner, outer or both.")
    return frozenset(names)


def _choices(where: str, entries: list[Mapping[str, Any]]) -> tuple[Choice, ...]:
    made = []
    for entry in entries:
        place = f"{where}, {entry.get('id', 'an entry without an id')}"
        toml_data.check_keys(
            place, entry, {"id", "source", *toml_data.LANGUAGES}, {"about", "segment", "least", "most"}
        )
        toml_data.check_source(place, entry["source"])
        texts = {language: str(entry[language]) for language in toml_data.LANGUAGES}
        least, most = entry.get("least", 0), entry.get("most", 0)
        if type(least) is not int or type(most) is not int or not 0 <= least <= most:
            raise Refused(
                f"{place} asks for {least!r} to {most!r} cards. Give two whole numbers, the smaller one first."
            )
        made.append(Choice(entry["id"], texts, entry.get("about", ""), entry.get("segment", ""), least, most))
    return tuple(made)
