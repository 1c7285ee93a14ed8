"""The types of support partners that the method names, by system (row A14): a pick-list, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sharedtable.errors import Refused
from sharedtable.method import toml_data

SYSTEMS = ("workforce", "education", "economic_development", "community", "labor", "elected")


@dataclass(frozen=True)
class PartnerType:
    """One type: its system, the line that names it, and in each language its title and who usually decides there."""

    id: str
    system: str
    source: str
    titles: Mapping[str, str]
    deciders: Mapping[str, str]

    def title(self, language: str) -> str:
        """What it is called (in English for a language that is not here)."""
        return self.titles.get(language, self.titles["en"])

    def decides(self, language: str) -> str:
        """Who there can usually promise time or money."""
        return self.deciders.get(language, self.deciders["en"])


@cache
def partner_types() -> Mapping[str, PartnerType]:
    """The types that are shipped, by their id, in the order of their systems.

    >>> partner_types()["chamber"].title("es")
    'Cámara de comercio'
    """
    return load(toml_data.FOLDER / "partner_types.toml")


def load(path: Path) -> Mapping[str, PartnerType]:
    """The types of a file, checked.

    Fails with Refused on a type without a source, a system that is not known or has no type, a name that stands twice,
    a missing language, and a key that is not known.
    """
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, {"type"})
    found: dict[str, PartnerType] = {}
    for entry in data["type"]:
        where = f"{path.name}, {entry.get('id', 'a type without an id')}"
        toml_data.check_keys(where, entry, {"id", "system", *toml_data.LANGUAGES}, {"source"})
        if entry["system"] not in SYSTEMS:
            raise Refused(f"{where} is in the system “{entry['system']}”. Known are {', '.join(SYSTEMS)}.")
        if entry["id"] in found:
            raise Refused(f"{where} stands twice. Give each type a name of its own.")
        for language in toml_data.LANGUAGES:
            toml_data.check_keys(f"{where}, {language}", entry[language], {"title", "decides"})
        found[entry["id"]] = PartnerType(
            entry["id"],
            entry["system"],
            toml_data.check_source(where, entry.get("source")),
            {language: entry[language]["title"].strip() for language in toml_data.LANGUAGES},
            {language: entry[language]["decides"].strip() for language in toml_data.LANGUAGES},
        )
    if without := [system for system in SYSTEMS if all(one.system != system for one in found.values())]:
        raise Refused(f"{path.name} has no type of the system “{without[0]}”. Add one.")
    return dict(sorted(found.items(), key=lambda pair: SYSTEMS.index(pair[1].system)))
