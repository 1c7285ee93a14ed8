"""The words that the commands share: options, and how they become regions, sectors and weights."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from sharedtable.cli.output import Format
from sharedtable.errors import Refused
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.store import Store

Areas = Annotated[
    str | None,
    typer.Option(help="The region as area codes: counties such as 39041,39045; 39000 a state; C1814 a metro area."),
]
RegionName = Annotated[
    str | None, typer.Option(help="The region by name (county, metro area, state), or the file of a definition.")
]
Industries = Annotated[
    str | None,
    typer.Option(help="The sector: NAICS codes, 333* for all that start so, -3339 to leave out; or a definition file."),
]
Digits = Annotated[int, typer.Option(min=2, max=6, help="The depth of the industries, 2 to 6 digits.")]
Year = Annotated[int | None, typer.Option(help="The year of the figures. Left out: the newest of the whole region.")]
Owner = Annotated[Literal["private", "total"], typer.Option(help="Whose jobs: private, or private and government.")]
BaseName = Annotated[Literal["us", "state"], typer.Option(help="What the location quotient compares with.")]
Threshold = Annotated[
    float | None, typer.Option(min=1, help="A family-sustaining pay in dollars a year, to hold pay against.")
]
FormatName = Annotated[Format, typer.Option("--format", help="How to write the answer.")]
Out = Annotated[Path | None, typer.Option(help="The file to write to. Left out: standard output.")]
StoreFolder = Annotated[
    Path | None, typer.Option(help="The folder of the facts. Left out: what SHAREDTABLE_DATA names.")
]
Criterion = str


def region_of(areas: str | None, name: str | None) -> Region:
    """The region that the options name; Refused when they name none or two."""
    if areas and name:
        raise Refused("Name the region once: with --areas or with --region, not with both.")
    if areas:
        return Region.of(areas)
    if not name:
        raise Refused("Name a region: --areas 39041,39045 or --region “Columbus, OH”.")
    text = _definition(name)
    return Region.parse(text) if text is not None else Region.named(name)


def regions_of(areas: Sequence[str] | None, names: Sequence[str] | None) -> list[Region]:
    """All regions that repeated options name, in order."""
    found = [region_of(one, None) for one in areas or ()] + [region_of(None, one) for one in names or ()]
    if not found:
        raise Refused("Name at least one region: --areas 39041 --areas 39049, or --region NAME.")
    return found


def sector_of(industries: str) -> Sector:
    """The sector that `--industries` names: codes, or the file of a definition."""
    text = _definition(industries)
    return Sector.parse(text) if text is not None else Sector.of(industries)


def weights_of(weights: Sequence[str] | None) -> dict[str, float] | None:
    """`size=2` and so on as numbers; None when nothing was said, and a criterion left out counts nothing."""
    if not weights:
        return None
    found = {}
    for text in weights:
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise Refused(f"“{text}” is no weight. Write a criterion and a number, as size=2.") from None
    return found


def store_to_fill(folder: Path | None) -> Store:
    """The store to load into, made when there is none yet."""
    root = folder or os.environ.get("SHAREDTABLE_DATA")
    if not root:
        raise Refused("No data folder is named. Use --store, or set SHAREDTABLE_DATA to the folder.")
    return Store(root, create=True)


def _definition(name: str) -> str | None:
    """The text of a definition file, when the words name a file and not an area or industry."""
    path = Path(name).expanduser()
    if path.suffix not in (".txt", ".toml") or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(f"The definition {name} cannot be read: it must be a small text file in UTF-8.") from problem
