"""A sector with rules: which of its industries are in, so that its totals count those alone.

The rules are held against the industries of one depth, by the figures of the asked year. Only what is in for sure
counts: an industry of which a deciding figure is withheld stays open, and is neither in the total nor said to be out.
Earlier years follow the same industries back; so a rule on growth makes the past look better than it was, and whoever
shows the history says that the industries were chosen by this year's figures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sharedtable.lmi import naics, rows
from sharedtable.lmi.cube import Ownership, SectorAxis, cube_of
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.frames import Base
from sharedtable.lmi.measures import axis_of, choose_year, measure
from sharedtable.lmi.workforce import projections

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store


@dataclass(frozen=True)
class Ruled:
    """What the rules made of a sector. `counted`: the sector, without rules, whose figures the totals are: what is in,
    or all of it when nothing is in for sure. `taken`, `left`, `open`: the codes that are in, out, undecided."""

    counted: Sector
    digits: int
    taken: tuple[str, ...]
    left: tuple[str, ...]
    open: tuple[str, ...]


def judged(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    digits: int | None = None,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
) -> list[dict[str, Any]]:
    """A row for each industry of the sector, with `is_in_sector` and `rule_reasons`.

    Industries have `digits` digits, or one more than the broadest code; what the sector holds only in part at that
    depth stands as the codes that it is made of.
    """
    now = choose_year(cube_of(store), region, year)
    vintage = naics.vintage_of_year(now)
    leaves = sector.leaves(vintage)
    codes = [
        code for code in axis_of(depth(leaves, vintage, digits), now).codes if naics.leaves(code, vintage) <= leaves
    ]
    rest = leaves - frozenset().union(*(naics.leaves(code, vintage) for code in codes))
    codes += naics.cover(rest, vintage) if rest else ()
    axis = SectorAxis(tuple(naics.leaves(code, vintage) for code in codes), vintage)
    found = measure(store, region, axis, year=now, ownership=ownership, base=base)
    outlook = projections.projected_change(store, region, codes, year=now)
    labels = [(code, naics.title(code, vintage)) for code in codes]
    made = rows.make(found, np.flatnonzero(found.is_present).tolist(), outlook, None, labels=labels)
    rows.judge(made, sector)
    return made


def depth(leaves: frozenset[str], vintage: int, digits: int | None) -> int:
    """How many digits the parts of a sector have: those asked for, but at least one more than its broadest code."""
    broadest = min(naics.digits_of(code) for code in naics.cover(leaves, vintage))
    return min(6, max(digits or 0, broadest + 1))


def ruled(
    store: Store,
    region: Region,
    sector: Sector,
    *,
    digits: int | None = None,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
) -> Ruled | None:
    """Which industries count; None for a sector without rules."""
    if not sector.rules:
        return None
    made = judged(store, region, sector, digits=digits, year=year, ownership=ownership, base=base)
    by_verdict = {
        verdict: tuple(sorted(row["industry_code"] for row in made if row["is_in_sector"] is verdict))
        for verdict in (True, False, None)
    }
    vintage = naics.vintage_of_year(choose_year(cube_of(store), region, year))
    counted = replace(sector, rules=())
    if by_verdict[True]:
        counted = replace(counted, include=by_verdict[True], exclude=())
    return Ruled(
        counted,
        depth(sector.leaves(vintage), vintage, digits),
        by_verdict[True],
        by_verdict[False],
        by_verdict[None],
    )
