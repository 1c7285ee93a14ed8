"""Guideposts: beside each of the ten data points, what it tells and what it does not (row C14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sharedtable.errors import Refused
from sharedtable.method import toml_data

# The ten data points in the order of the method (S3:180-195). Every page and file uses these names.
DATA_POINTS = (
    "employment",
    "change_short",
    "change_long",
    "location_quotient",
    "pay",
    "establishments",
    "size",
    "projections",
    "occupations",
    "knowledge",
)
_TEXTS = ("title", "tells", "tells_not", "ask")


@dataclass(frozen=True)
class Sourced:
    """A number that a text names: as written, what it counts, and where it comes from."""

    value: str
    what: str
    source: str


@dataclass(frozen=True)
class Guidepost:
    """One data point in one language: its name, what it tells, what not, what to ask; sources of its numbers."""

    id: str
    title: str
    tells: str
    tells_not: str
    ask: str
    numbers: tuple[Sourced, ...] = ()


@dataclass(frozen=True)
class Guideposts:
    """All guideposts in one language, in order, with the sentence that stands over them and the attribution."""

    points: tuple[Guidepost, ...]
    conversation: str
    attribution: str

    def __getitem__(self, name: str) -> Guidepost:
        return next(point for point in self.points if point.id == name)


@cache
def guideposts(language: str = "en") -> Guideposts:
    """The guideposts in English or Spanish (English for a language that is not here).

    >>> guideposts("en")["pay"].title
    'Average pay'
    """
    found = load(toml_data.FOLDER / "guideposts.toml")
    return found.get(language, found["en"])


def load(path: Path) -> dict[str, Guideposts]:
    """The guideposts of a file in each language, checked.

    Fails with Refused on a key that is not known, a text that lacks a language, a data point that is missing, twice or
    not known, and a number in a text that has no source.
    """
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"attribution", "conversation", "guidepost"})
    attribution = toml_data.both_languages(f"{path.name}, attribution", data["attribution"])
    conversation = toml_data.both_languages(f"{path.name}, conversation", data["conversation"])
    names = [entry.get("id") for entry in data["guidepost"]]
    if sorted(map(str, names)) != sorted(DATA_POINTS):
        raise Refused(f"{path.name} needs one guidepost for each of these: {', '.join(DATA_POINTS)}. It has {names}.")
    points: dict[str, list[Guidepost]] = {language: [] for language in toml_data.LANGUAGES}
    for entry in sorted(data["guidepost"], key=lambda entry: DATA_POINTS.index(entry["id"])):
        where = f"{path.name}, {entry['id']}"
        toml_data.check_keys(where, entry, {"id", *toml_data.LANGUAGES}, {"numbers"})
        numbers = tuple(_sourced(where, number) for number in entry.get("numbers", ()))
        for language in toml_data.LANGUAGES:
            points[language].append(_guidepost(f"{where}, {language}", entry["id"], entry[language], numbers))
    return {
        language: Guideposts(tuple(points[language]), conversation[language], attribution[language])
        for language in toml_data.LANGUAGES
    }


def _sourced(where: str, number: Mapping[str, str]) -> Sourced:
    toml_data.check_keys(where, number, {"value", "what"}, {"source"})
    return Sourced(str(number["value"]), number["what"], toml_data.check_source(where, number.get("source")))


def _guidepost(where: str, name: str, texts: Mapping[str, str], numbers: tuple[Sourced, ...]) -> Guidepost:
    toml_data.check_keys(where, texts, set(_TEXTS))
    known = {number.value for number in numbers}
    for key in _TEXTS:
        if bare := sorted(toml_data.numbers_in(texts[key]) - known):
            raise Refused(f"{where}, “{key}” names the number {bare[0]} without a source. Add it to `numbers`.")
    title, tells, tells_not, ask = (texts[key].strip() for key in _TEXTS)
    return Guidepost(name, title, tells, tells_not, ask, numbers)
