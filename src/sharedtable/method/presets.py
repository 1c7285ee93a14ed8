"""The numbers of the method, each with its source: defaults that a team may change, never constants in the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sharedtable.errors import Missing, Refused
from sharedtable.method import toml_data


@dataclass(frozen=True)
class Preset:
    """One number: what it counts in both languages, its value and unit, and the lines that it rests on."""

    id: str
    value: int | float
    unit: str
    source: str
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        """What the number counts (in English for a language that is not here)."""
        return self.titles.get(language, self.titles["en"])


@cache
def presets() -> Mapping[str, Preset]:
    """The presets that are shipped, by their id."""
    return load(toml_data.FOLDER / "presets.toml")


def preset(name: str) -> Preset:
    """One preset. Fails with Missing when there is none of that id.

    >>> preset("summary_days").value
    7
    """
    try:
        return presets()[name]
    except KeyError:
        raise Missing(f"There is no preset “{name}”. There are: {', '.join(presets())}.") from None


def load(path: Path) -> Mapping[str, Preset]:
    """The presets of a file, checked.

    Fails with Refused on a number without a source, a missing language, a name that stands twice, a value that is no
    positive number, and a key that is not known.
    """
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"preset"})
    found: dict[str, Preset] = {}
    for entry in data["preset"]:
        where = f"{path.name}, {entry.get('id', 'a preset without an id')}"
        toml_data.check_keys(where, entry, {"id", "value", "unit", *toml_data.LANGUAGES}, {"source"})
        source = toml_data.check_source(where, entry.get("source"))
        if entry["id"] in found:
            raise Refused(f"{where} stands twice. Give each preset a name of its own.")
        titles = {language: str(entry[language]).strip() for language in toml_data.LANGUAGES}
        found[entry["id"]] = Preset(entry["id"], _number(where, entry["value"]), entry["unit"], source, titles)
    return found


def _number(where: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Refused(f"{where} has the value {value!r}. A preset is a number above zero.")
    return value
