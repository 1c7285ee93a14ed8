"""The made-up firms of a practice launch, and the training videos that the sources name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Refused
from sharedtable.method import toml_data

MANNERS = ("quick", "loud", "slow", "quiet")


@dataclass(frozen=True)
class Firm:
    """Somebody who plays along: what they write in each round of a launch, and in which manner."""

    name: str
    company: str
    manner: str = "quiet"
    cards: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Video:
    """A recording to learn from."""

    titles: Mapping[str, str]
    address: str
    minutes: int = 0


@dataclass(frozen=True)
class Play:
    """Everybody who plays along. `peers`: whom the firms would miss at the table."""

    firms: tuple[Firm, ...]
    partners: tuple[Firm, ...]
    peers: tuple[Firm, ...]
    videos: tuple[Video, ...]


@cache
def play() -> Play:
    """The play that is shipped."""
    return load(toml_data.FOLDER / "practice.toml")


def videos(language: str) -> list[tuple[str, str, int]]:
    """Title, address and minutes of each video."""
    return [(one.titles.get(language, one.titles["en"]), one.address, one.minutes) for one in play().videos]


def load(path: Path) -> Play:
    """The play of a file, checked. Fails with Refused on anything missing or not known."""
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"firm", "partner", "peer", "video"})
    return Play(
        tuple(_firm(path.name, one) for one in data["firm"]),
        tuple(_guest(path.name, one) for one in data["partner"]),
        tuple(_guest(path.name, one) for one in data["peer"]),
        tuple(_video(path.name, one) for one in data["video"]),
    )


def _firm(where: str, entry: Mapping[str, Any]) -> Firm:
    where = f"{where}, {entry.get('name', 'a firm without a name')}"
    toml_data.check_keys(where, entry, {"name", "company", "manner", "opportunities"}, {"requirements"})
    if entry["manner"] not in MANNERS:
        raise Refused(f"{where} has the manner “{entry['manner']}”. Choose one of {', '.join(MANNERS)}.")
    rounds = {name: entry.get(name, []) for name in ("opportunities", "requirements")}
    cards = {name: tuple(toml_data.both_languages(where, one) for one in given) for name, given in rounds.items()}
    return Firm(entry["name"], entry["company"], entry["manner"], cards)


def _guest(where: str, entry: Mapping[str, Any]) -> Firm:
    toml_data.check_keys(where, entry, {"name", "company"})
    return Firm(entry["name"], entry["company"])


def _video(where: str, entry: Mapping[str, Any]) -> Video:
    where = f"{where}, {entry.get('en', 'a video without a title')}"
    toml_data.check_keys(where, entry, {"source", "address", *toml_data.LANGUAGES}, {"minutes"})
    toml_data.check_source(where, entry["source"])
    titles = {language: str(entry[language]) for language in toml_data.LANGUAGES}
    return Video(titles, entry["address"], entry.get("minutes", 0))
