"""The wages of a region: those of its one wage area as published, or of its several wage areas taken together.

Percentiles of several areas cannot be averaged. Each area's five percentiles are read as points of its wage
distribution, joined by straight lines in the logarithm of pay (the outer tenths continue the line beside them). The
distributions are added, each weighted by the jobs of the occupation in the region's share of that area, and the
percentiles of the sum are read off exactly. One area alone keeps its published numbers to the bit.

Source: BLS, Occupational Employment and Wage Statistics; BLS, QCEW for the region's share of each area.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sharedtable.lmi.workforce.oews_areas import WagePart, wage_areas, weigh
from sharedtable.lmi.workforce.staffing import nearest_year, plain, remember

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

Floats = NDArray[np.float64]
RANKS = (0.10, 0.25, 0.50, 0.75, 0.90)
PERCENTILES = ("annual_p10_usd", "annual_p25_usd", "annual_median_usd", "annual_p75_usd", "annual_p90_usd")
PAY_COLUMNS = (*PERCENTILES, "annual_mean_usd")

# OEWS rounds yearly wages to ten dollars; a mixture is not more exact than what it is made of.
STEP_USD = 10
_TINY = 1e-12


@dataclass(frozen=True)
class AreaWage:
    """What OEWS publishes for one occupation in one area: five yearly percentiles and the mean, US dollars.

    None is not published; `top_coded` names the columns that OEWS only says are above its cap. `weight` is the part of
    the mixture (expected jobs of the occupation in the region's share of the area), None when jobs are not published.
    """

    area_code: str
    percentiles: tuple[int | None, ...]
    mean: int | None
    weight: float | None
    top_coded: frozenset[str] = frozenset()
    is_hourly_only: bool = False


@dataclass(frozen=True)
class MixedWage:
    """Wages of one occupation over the areas used, US dollars a year; None is not known."""

    percentiles: tuple[int | None, ...]
    mean: int | None
    areas: tuple[str, ...]
    top_coded: frozenset[str] = frozenset()
    is_mixed: bool = False
    is_weighted_by_area_size: bool = False
    is_hourly_only: bool = False


def mix_wages(rows: Sequence[AreaWage], area_size: Mapping[str, float]) -> MixedWage:
    """Wages of one occupation in several areas together.

    Takes: one row for each area that lists the occupation; each area's size as a stand-in weight where the occupation's
    jobs are withheld in all of them. Gives: one area → its own numbers to the bit; several → percentiles of the summed
    distributions, rounded to ten dollars, and the weighted mean. A percentile that one of the areas withholds or
    top-codes is None. An area without wages is left out; so is one whose jobs are withheld while another's are known.
    """
    paid = [r for r in rows if r.mean is not None or r.top_coded or any(v is not None for v in r.percentiles)]
    weighted = [r for r in paid if r.weight]
    by_size = not weighted
    chosen = weighted or paid
    if not chosen:
        return MixedWage((None,) * 5, None, (), is_hourly_only=any(r.is_hourly_only for r in rows))
    names = tuple(r.area_code for r in chosen)
    top = frozenset().union(*(r.top_coded for r in chosen))
    if len(chosen) == 1:
        return MixedWage(chosen[0].percentiles, chosen[0].mean, names, top)
    weights = [area_size.get(r.area_code) or 1.0 if by_size else r.weight or 0.0 for r in chosen]
    mixed = mix_percentiles([r.percentiles for r in chosen], weights)
    mean = None
    if all(r.mean is not None for r in chosen):
        mean = _step(sum(w * (r.mean or 0) for w, r in zip(weights, chosen, strict=True)) / sum(weights))
    return MixedWage(tuple(None if v is None else _step(v) for v in mixed), mean, names, top, True, by_size)


def _step(value: float) -> int:
    return int(value / STEP_USD + 0.5) * STEP_USD


def mix_percentiles(areas: Sequence[Sequence[float | None]], weights: Sequence[float]) -> tuple[float | None, ...]:
    """Percentiles (10, 25, 50, 75, 90) of the sum of several wage distributions.

    Takes: the same five percentiles of each area (US dollars, None = not published) and positive weights. Gives: the
    five of the mixture, never decreasing, each between the smallest and the largest of the areas' own; None where any
    area's own is None, and for all when an area has fewer than two points.
    """
    curves = [_curve(points) for points in areas]
    if any(curve is None for curve in curves):
        return (None,) * len(RANKS)
    ready = [(w / sum(weights), *curve) for w, curve in zip(weights, curves, strict=True) if curve]
    marks = np.unique(np.concatenate([xs for _, xs, _ in ready]))
    below, upto = np.zeros(len(marks)), np.zeros(len(marks))
    for weight, xs, ps in ready:
        below += weight * _heights(xs, ps, marks, "left")
        upto += weight * _heights(xs, ps, marks, "right")
    result: list[float | None] = []
    for k, rank in enumerate(RANKS):
        own = [points[k] for points in areas]
        known = [v for v in own if v is not None]
        if len(known) < len(own):
            result.append(None)
            continue
        value = exp(_quantile(marks, below, upto, rank))
        # Floating point may step over the areas' own numbers by a part in 10^15.
        result.append(min(max(value, min(known)), max(known)))
    return tuple(result)


def _curve(points: Sequence[float | None]) -> tuple[Floats, Floats] | None:
    """Log pay and share of workers at or below it, 0 to 1; the outer parts continue the line beside them."""
    known = [(log(v), rank) for v, rank in zip(points, RANKS, strict=True) if v is not None]
    if len(known) < 2:
        return None
    xs, ps = [x for x, _ in known], [p for _, p in known]
    first = xs[0] - (xs[1] - xs[0]) * ps[0] / (ps[1] - ps[0])
    last = xs[-1] + (xs[-1] - xs[-2]) * (1 - ps[-1]) / (ps[-1] - ps[-2])
    return np.array([first, *xs, last]), np.array([0.0, *ps, 1.0])


def _heights(xs: Floats, ps: Floats, marks: Floats, side: Literal["left", "right"]) -> Floats:
    """The curve at the marks: its limits from that side (they differ where two percentiles are equal)."""
    after = np.searchsorted(xs, marks, side)
    i = after.clip(1, len(xs) - 1)
    run = xs[i] - xs[i - 1]
    inside = ps[i - 1] + (ps[i] - ps[i - 1]) * (marks - xs[i - 1]) / np.where(run > 0, run, 1.0)
    return np.where(after == 0, 0.0, np.where(after == len(xs), 1.0, inside))


def _quantile(marks: Floats, below: Floats, upto: Floats, rank: float) -> float:
    i = int(np.argmax(upto >= rank - _TINY))
    if i == 0 or below[i] <= rank + _TINY:
        return float(marks[i])
    rise = below[i] - upto[i - 1]
    return float(marks[i - 1] + (marks[i] - marks[i - 1]) * (rank - upto[i - 1]) / rise)


@dataclass(frozen=True)
class RegionWages:
    """Wages by occupation over a region's wage areas, and sentences about what stands in for what."""

    parts: tuple[WagePart, ...]
    notes: tuple[str, ...]
    _rows: Mapping[str, Sequence[AreaWage]]
    _sizes: Mapping[str, float]
    _mixed: dict[str, MixedWage] = field(default_factory=dict)

    def of(self, occupation: str) -> MixedWage | None:
        """The wages of one occupation ('514072'); None when no wage area lists it. Mixed at the first question."""
        if occupation not in self._mixed and occupation in self._rows:
            self._mixed[occupation] = mix_wages(self._rows[occupation], self._sizes)
        return self._mixed.get(occupation)

    def titles(self, codes: tuple[str, ...]) -> str:
        """The names of the wage areas with these OEWS codes."""
        return " + ".join(part.label for part in self.parts if part.oews_code in codes)


def region_wages(store: Store, area_codes: tuple[str, ...], year: int, wage_year: int) -> RegionWages:
    """The wages of detailed occupations in a region, from the OEWS of `wage_year`.

    Takes: the region's QCEW area codes; the QCEW year whose jobs say how much of each wage area is in the region (the
    nearest loaded one is used). Gives: RegionWages, kept in memory. Fails with Missing when that OEWS is not loaded.
    """
    key = (str(store.root), store.revision, "wages", area_codes, year, wage_year)
    return remember(key, lambda: _read_region(store, area_codes, year, wage_year))


def _read_region(store: Store, area_codes: tuple[str, ...], year: int, wage_year: int) -> RegionWages:
    path = str(store.path("oews", wage_year))
    totals = {
        code: (title, jobs)
        for code, title, jobs in store.cursor()
        .execute(
            "select area_code, area_title, employment_jobs from read_parquet(?) where level_code = 'total'", [path]
        )
        .fetchall()
    }
    parts, notes = wage_areas(area_codes, {code: title for code, (title, _) in totals.items()})
    county_jobs = _total_jobs(store, area_codes, year)
    parts, weight_note = weigh(parts, county_jobs, {code: jobs for code, (_, jobs) in totals.items()})
    if weight_note:
        notes = (*notes, weight_note)
    shares = {part.oews_code: part.area_share_ratio or 0.0 for part in parts}
    sizes = {code: share * (totals[code][1] or 0) for code, share in shares.items()}
    columns = ", ".join(PAY_COLUMNS)
    sql = (
        f"select area_code, occupation_code, employment_jobs, is_top_coded, hourly_median_usd, {columns} "  # noqa: S608
        "from read_parquet($path) where level_code = 'detailed' and area_code in (select unnest($codes)) order by all"
    )
    rows = store.cursor().execute(sql, {"path": path, "codes": list(shares)}).fetchall()
    grouped: dict[str, list[AreaWage]] = {}
    for area, occupation, jobs, top_coded, hourly, *pay in rows:
        capped = frozenset(c for c in PAY_COLUMNS if c in (top_coded or ""))
        wage = AreaWage(
            area_code=area,
            percentiles=tuple(pay[:5]),
            mean=pay[5],
            weight=None if jobs is None else jobs * shares[area],
            top_coded=capped,
            is_hourly_only=hourly is not None and not capped and all(value is None for value in pay),
        )
        grouped.setdefault(plain(occupation), []).append(wage)
    return RegionWages(parts, notes, grouped, sizes)


def _total_jobs(store: Store, area_codes: tuple[str, ...], year: int) -> dict[str, int | None]:
    """Total covered jobs of each area, from the loaded QCEW year nearest to `year`; empty when none is loaded."""
    years = store.years("qcew")
    if not years:
        return {}
    path = str(store.path("qcew", nearest_year(years, year, "QCEW figures")))
    sql = (
        "select area_code, employment_jobs from read_parquet($path) "
        "where own_code = 0 and industry_code = '10' and area_code in (select unnest($codes))"
    )
    return dict(store.cursor().execute(sql, {"path": path, "codes": list(area_codes)}).fetchall())
