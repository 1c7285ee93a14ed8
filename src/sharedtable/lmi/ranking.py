"""Rank the industries of a region by criteria that a group can weigh together.

Four criteria, after the method's driver test: size (jobs), wages (average pay), concentration (location quotient) and
growth (change over the long span). Each industry gets, per criterion, the percentage of ranked industries that it is
level with or ahead of; the score is the weighted mean. Percentiles and not raw numbers, so that one giant employer
does not decide everything and a group can say what a score means.

An industry of which too much is withheld is listed apart: its published part would rank it low for a reason that has
nothing to do with the region. So are places of work without an industry code. A declining industry is ranked and
flagged, because a team may know better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sharedtable.errors import Refused
from sharedtable.lmi import naics, rows
from sharedtable.lmi.cube import Array, DepthAxis, Ownership
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.lmi.frames import Base
from sharedtable.lmi.measures import Measures, measure, withheld_share_pct
from sharedtable.lmi.tables import Tabular
from sharedtable.lmi.workforce import projections

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

CRITERIA = ("size", "wages", "concentration", "growth")
EQUAL_WEIGHTS = dict.fromkeys(CRITERIA, 1.0)

# lmi.md's policy for figures with gaps: past a quarter withheld, grey the figure and do not rank it low for it.
WITHHELD_LIMIT_PCT = 25.0


@dataclass(frozen=True)
class Ranking(Tabular):
    """Industries of a region in order; `rows` are plain dictionaries, made when first asked for."""

    store: Store = field(repr=False)
    measures: Measures = field(repr=False)
    order: Array = field(repr=False)  # columns of the axis, best first
    apart: Array = field(repr=False)  # columns with too much withheld or no score, by establishments
    score: Array = field(repr=False)
    standing_pct: Array = field(repr=False)  # (criteria, ranked columns in the axis's order)
    weights: Mapping[str, float]
    pay_threshold_usd: float | None
    withheld_limit_pct: float
    sector: Sector | None = None
    language: str = "en"

    @property
    def region(self) -> Region:
        """The region that was asked about."""
        return self.measures.region

    @property
    def year(self) -> int:
        """The year of the figures."""
        return self.measures.year

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Ranked rows first, then those listed apart (their `rank` is None)."""
        axis = self.measures.axis
        assert isinstance(axis, DepthAxis)  # noqa: S101 - rank() makes no other
        columns = [*self.order.tolist(), *self.apart.tolist()]
        codes = [axis.codes[c] for c in columns]
        outlook = projections.projected_change(self.store, self.region, codes, year=self.year)
        made = rows.make(self.measures, columns, outlook, self.pay_threshold_usd)
        rows.judge(made, self.sector)
        by_column = {column: i for i, column in enumerate(sorted(self.order.tolist()))}
        for place, (column, row) in enumerate(zip(columns, made, strict=True)):
            ranked = place < len(self.order)
            row["rank"] = place + 1 if ranked else None
            row["score"] = round(float(self.score[column]), 1) if ranked else None
            standing = self.standing_pct[:, by_column[column]] if ranked else np.full(len(CRITERIA), np.nan)
            row["criteria_pct"] = {
                name: None if np.isnan(pct) else round(float(pct), 1)
                for name, pct in zip(CRITERIA, standing, strict=True)
            }
            row["explanation"] = rows.explain(row, len(self.order), self.measures, self.language)
        return made

    def to_dict(self) -> dict[str, Any]:
        """The ranking as one object of plain values, ready for JSON."""
        return {
            **rows.heading(self.store, self.measures),
            "digits": getattr(self.measures.axis, "digits", None),
            "weights": dict(self.weights),
            "pay_threshold_usd": self.pay_threshold_usd,
            "withheld_limit_pct": self.withheld_limit_pct,
            "withheld_jobs_pct": withheld_share_pct(self.measures),
            "rows": self.rows,
        }


def rank(
    store: Store,
    region: Region,
    *,
    sector: Sector | None = None,
    digits: int = 4,
    year: int | None = None,
    ownership: Ownership = "private",
    base: Base = "us",
    weights: Mapping[str, float] | None = None,
    pay_threshold_usd: float | None = None,
    withheld_limit_pct: float = WITHHELD_LIMIT_PCT,
    language: str = "en",
) -> Ranking:
    """Rank all industries of `digits` digits (2 to 6), or those of them that lie in `sector`.

    Takes a store with QCEW figures, a region, a year (default: the newest that holds the whole region), `weights` per
    criterion (size, wages, concentration, growth; any non-negative numbers, default equal) and a family-sustaining
    pay threshold in USD a year. Gives a `Ranking`. Refused when a weight is unknown or negative or all are zero;
    Missing when the store lacks the region or the year.

    >>> ranking = rank(example_store, Region.of("39041,39049"), digits=2, year=2022)
    >>> ranking.rows[0]["rank"], ranking.rows[0]["status"]
    (1, 'published')
    """
    chosen = check_weights(weights)
    found = measure(store, region, digits=digits, year=year, ownership=ownership, base=base)
    asked = found.is_present
    if sector is not None:
        inside = _inside(sector, found)
        if not inside.any():
            raise Refused(f"No industry of {digits} digits lies wholly inside {sector.name}. Ask for more digits.")
        asked = asked & inside
    growth = found.long.pct if found.long is not None else np.full(len(asked), np.nan)
    values = np.stack([found.jobs, found.pay_usd, found.lq_ratio, growth])
    axis = found.axis
    assert isinstance(axis, DepthAxis)  # noqa: S101 - measure() made it from `digits`
    kept_apart = is_too_hidden(found, withheld_limit_pct) | _unclassified(axis)
    ranked = np.flatnonzero(asked & ~kept_apart)
    standing = _standing(values.take(ranked, axis=1))
    # Rounded, so that sums of the same numbers in another order are the tie that they are.
    scored = _weighted(standing, chosen).round(9)
    apart = np.flatnonzero(asked & kept_apart)
    unscored = np.isnan(scored)
    if unscored.any():
        # Nothing that the weights ask for is known of it: last would be a place that it did not earn.
        apart = np.sort(np.concatenate([apart, ranked[unscored]]))
        ranked, standing, scored = ranked[~unscored], standing[:, ~unscored], scored[~unscored]
    score = np.full(len(asked), np.nan)
    score[ranked] = scored
    # Jobs, then the order of codes, break ties, so the same input always gives the same order.
    order = ranked[np.lexsort((-found.jobs[ranked], -scored))]
    return Ranking(
        store=store,
        measures=found,
        order=order,
        apart=apart[np.argsort(-found.establishments[apart], kind="stable")],
        score=score,
        standing_pct=standing,
        weights=chosen,
        pay_threshold_usd=pay_threshold_usd,
        withheld_limit_pct=withheld_limit_pct,
        sector=sector,
        language=language,
    )


def check_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weights to use; Refused for an unknown criterion, a negative weight, or nothing but zeros."""
    if weights is None:
        return dict(EQUAL_WEIGHTS)
    for name, weight in weights.items():
        if name not in CRITERIA:
            raise Refused(f"“{name}” is not a criterion. Use {', '.join(CRITERIA)}.")
        if not 0 <= weight < float("inf"):
            raise Refused(f"The weight of {name} is {weight}. Weights are zero or more.")
    if not any(weights.values()):
        raise Refused("All weights are zero, so nothing can be ranked. Give at least one criterion some weight.")
    return {name: float(weights.get(name, 0)) for name in CRITERIA}


def is_too_hidden(measures: Measures, limit_pct: float) -> Array:
    """Which columns are withheld past the limit: nothing published, or more than the limit could be missing.

    "Could be" is judged two ways, and both must be past the limit: by the most jobs that the published parents leave
    room for, and by the share of establishments that stand in withheld cells. The first alone would be too strict,
    because several withheld industries share one room; the second alone too lenient or too strict by plant size.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        by_jobs = 100 * measures.at_most_jobs / (measures.jobs + measures.at_most_jobs)
        by_establishments = 100 * measures.withheld_establishments / measures.establishments
        # Asked the other way round, so that "not known" counts as past the limit.
        past = ~(by_jobs <= limit_pct) & (by_establishments > limit_pct)
    return np.asarray(measures.is_withheld | ((measures.withheld_cells > 0) & past))


def _inside(sector: Sector, measures: Measures) -> Array:
    axis = measures.axis
    assert isinstance(axis, DepthAxis)  # noqa: S101 - rank() makes no other
    wanted = sector.leaves(axis.vintage)
    return np.array([naics.leaves(code, axis.vintage) <= wanted for code in axis.codes])


@lru_cache(maxsize=32)
def _unclassified(axis: DepthAxis) -> Array:
    """Which columns are places of work that have no industry code yet: figures, but no industry to choose."""
    return np.array([code.startswith("99") for code in axis.codes])


def _standing(values: Array) -> Array:
    """Per row of `values` (a criterion) and column the percentage of columns that it is level with or ahead of.

    NaN stays NaN and counts for nobody.
    """
    unknown = np.isnan(values)
    known = values.shape[1] - unknown.sum(axis=1, keepdims=True)
    ordered = np.sort(values, axis=1)  # NaN goes last
    place = np.stack([line.searchsorted(asked, "right") for line, asked in zip(ordered, values, strict=True)])
    return np.asarray(np.where(unknown, np.nan, place) * (100.0 / np.maximum(known, 1)))


def _weighted(standing: Array, weights: Mapping[str, float]) -> Array:
    """The weighted mean over the criteria that are known; NaN where none is."""
    known = ~np.isnan(standing)
    factors = np.array([weights[name] for name in CRITERIA])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(factors @ np.where(known, standing, 0.0) / (factors @ known))
