"""What a page asks the facts: which region, which sector, which year, weighed how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db.models import Q

from sharedtable.accounts.actors import VISITOR, Actor
from sharedtable.lmi import example
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.ranking import CRITERIA, EQUAL_WEIGHTS
from sharedtable.lmi.store import Store
from sharedtable.studies.models import Definition
from sharedtable.studies.tenancy import OWN_FIRST, seen_by

__all__ = ["CRITERIA", "EQUAL_WEIGHTS", "Question", "Region", "Sector", "default_region", "region_of", "sector_of"]

Ownership = Literal["private", "total"]
Base = Literal["us", "state"]


@dataclass(frozen=True)
class Question:
    """One question, checked. `year` None: the newest; `sector` None: every industry; pay in USD a year.

    `by`: who asks; it decides which notes stand beside the answer.
    """

    region: Region
    sector: Sector | None = None
    digits: int = 4
    year: int | None = None
    ownership: Ownership = "private"
    base: Base = "us"
    weights: Mapping[str, float] | None = None
    pay_threshold_usd: float | None = None
    language: str = "en"
    by: Actor = VISITOR


def open_store() -> Store:
    """The store of this installation. Fails with Missing when there is none yet.

    One store object serves the whole process: its database connection takes longer to open than a page to answer.
    It sees every change, because it looks at the files on each question.
    """
    return _store(str(settings.DATA))


@cache
def _store(root: str) -> Store:
    return Store.open(root)


@cache
def default_region() -> Region:
    """The region that a first visitor sees: that of the shipped example."""
    described = example.about()
    return Region(described["region"], tuple(described["areas"]))


def store_folder() -> Path:
    """The folder of the facts of this installation, whether or not there are any."""
    return Path(settings.DATA)


def definitions_dir() -> Path | None:
    """The folder in which an installation keeps definitions of regions as text files; None when it has none."""
    folder = Path(settings.DATA) / "definitions"
    return folder if folder.is_dir() else None


def _newest(kind: str, name: str, by: Actor) -> Definition | None:
    kept = Definition.objects.filter(seen_by(by), kind=kind)
    return kept.filter(Q(slug=name) | Q(name__iexact=name)).order_by(OWN_FIRST, "-version").first()


def _region_named(name: str, by: Actor) -> Region:
    """The region that the team kept under that name, else the area or the definition file of that name."""
    newest = _newest(Definition.Kind.REGION, name, by)
    return Region.parse(newest.text) if newest else Region.named(name, definitions_dir())


def region_of(areas: str = "", named: str = "", name: str = "", *, by: Actor = VISITOR) -> Region:
    """The region that an address asks for: its area codes, or its name; the example's when it asks for none.

    Takes codes with commas or spaces, the name of an area or of a kept definition that `by` sees, and what to call the
    region. Fails with Refused or Missing when a code or a name is not known.
    """
    if areas.strip():
        found = Region.of(areas, name or None)
    elif named.strip():
        found = _region_named(named.strip(), by)
        found = Region(name, found.areas) if name else found
    else:
        found = default_region()
    return found


def sector_of(industries: str = "", exclude: str = "", name: str = "", *, by: Actor = VISITOR) -> Sector | None:
    """The sector that an address asks for, None when it asks for none. Fails with Refused when a code is not known.

    A name that the team of `by` kept brings its definition along: all of it when no codes are asked for, and its rules
    when the codes are the same.
    """
    kept = _sector_kept(name, by) if name.strip() else None
    if not industries.strip():
        return kept
    left_out = " ".join("-" + code.lstrip("-") for code in exclude.replace(",", " ").replace(";", " ").split())
    asked = Sector.of(f"{industries} {left_out}".strip(), name or None)
    if kept is not None and (set(kept.include), set(kept.exclude)) == (set(asked.include), set(asked.exclude)):
        return kept
    return asked


def _sector_kept(name: str, by: Actor) -> Sector | None:
    newest = _newest(Definition.Kind.SECTOR, name.strip(), by)
    return Sector.parse(newest.text) if newest else None
