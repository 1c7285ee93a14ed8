"""A slow, obvious twin of the measures: plain rows in, plain figures out, exact fractions between, no arrays.

It answers what `rank`, `profile` and `history` answer, written straight from the definitions in `data/README.md` and
the contract, so that a fast answer that differs is a mistake in one of the two. Facts are dictionaries with the columns
of the store's table `qcew` and `year`. Only the NAICS tree and its concordance are shared with the library: they have
tests of their own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sharedtable.lmi import naics

OWNERS = {"private": (5,), "total": (1, 2, 3, 5)}
CRITERIA = ("size", "wages", "concentration", "growth")
NUDGE = Fraction(1, 10**9)
Key = tuple[int, str, int, str]


def half_up(value: Fraction | None, digits: int) -> float | None:
    """To so many decimals, halves upward."""
    if value is None:
        return None
    return math.floor(value * 10**digits + Fraction(1, 2) + NUDGE) / 10**digits


def half_even(value: Fraction | None, digits: int) -> float | None:
    """To so many decimals, halves to the even neighbour, as BLS prints its percent changes."""
    return None if value is None else float(round(value, digits))


@dataclass
class Column:
    """One industry of a depth (`code`) or one sector (`leaves`), in the codes of a NAICS vintage."""

    vintage: int
    code: str | None = None
    leaves: frozenset[str] = frozenset()

    def codes_in(self, year: int) -> tuple[str, ...] | None:
        there = naics.vintage_of_year(year)
        if self.code is not None:
            if there == self.vintage:
                return (self.code,)
            return naics.series_map(naics.digits_of(self.code), self.vintage, there)[self.code]
        carried = naics.translate(self.leaves, self.vintage, there)
        return naics.cover(carried.leaves, there) if carried.is_comparable else None


@dataclass
class Twin:
    """All facts of a store."""

    rows: list[dict[str, Any]]
    by_key: dict[Key, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self.by_key[row["year"], row["area_code"], row["own_code"], row["industry_code"]] = row
        self.loaded = {(row["year"], row["area_code"]) for row in self.rows}
        self.years = sorted({row["year"] for row in self.rows})
        self.printed: dict[tuple[int, int, str], list[dict[str, Any]]] = {}
        for row in self.rows:
            if row["employment_lq_ratio"] is not None and row["employment_jobs"] is not None:
                self.printed.setdefault((row["year"], row["own_code"], row["industry_code"]), []).append(row)

    def years_of(self, areas: Iterable[str]) -> list[int]:
        return [year for year in self.years if all((year, area) in self.loaded for area in areas)]

    # --- cells ---------------------------------------------------------------------------------------------------

    def cells(self, year: int, area: str, ownership: str, codes: Iterable[str]) -> list[dict[str, Any]]:
        found = [self.by_key.get((year, area, own, code)) for own in OWNERS[ownership] for code in codes]
        return [row for row in found if row is not None]

    def covered(self, year: int, areas: Iterable[str]) -> int | None:
        rows = [self.by_key.get((year, area, 0, "10")) for area in areas]
        if any(row is None or row["employment_jobs"] is None for row in rows):
            return None
        return sum(row["employment_jobs"] for row in rows if row)

    def owned(self, year: int, areas: Iterable[str], ownership: str) -> int | None:
        rows = [self.by_key.get((year, area, 5 if ownership == "private" else 0, "10")) for area in areas]
        if any(row is None or row["employment_jobs"] is None for row in rows):
            return None
        return sum(row["employment_jobs"] for row in rows if row)

    def at_most(self, year: int, area: str, own: int, code: str, vintage: int) -> int | None:
        """The most jobs of a withheld cell: its parent's, less published siblings; None when nothing above is known.

        Annual averages are rounded, so each published sibling above zero, and the parent, may be half a job off.
        """
        parent = naics.parent(code, vintage)
        above = self.by_key.get((year, area, own, parent or "10"))
        if above is None:
            room: int | None = None if parent is None else 0
        elif above["is_withheld"]:
            room = None if parent is None else self.at_most(year, area, own, parent, vintage)
        else:
            room = above["employment_jobs"]
        if room is None:
            return None
        siblings = naics.codes(vintage, 2) if parent is None else naics.children(parent, vintage)
        published = [
            row["employment_jobs"]
            for sibling in siblings
            if (row := self.by_key.get((year, area, own, sibling))) is not None and row["employment_jobs"]
        ]
        return max(room - sum(published) + (len(published) + 1) // 2, 0)

    # --- the base ------------------------------------------------------------------------------------------------

    def us_one(self, year: int, own: int, code: str) -> tuple[Fraction, Fraction, Fraction] | None:
        """Share, low and high of one ownership and industry in the nation."""
        if (year, "US000") in self.loaded:
            total = self.by_key[year, "US000", 0, "10"]["employment_jobs"]
            row = self.by_key.get((year, "US000", own, code))
            if row is not None and row["employment_jobs"] is not None:
                return (Fraction(row["employment_jobs"], total),) * 3
        else:
            lows, highs = [], []
            for row in self.printed.get((year, own, code), []):
                total_row = self.by_key.get((year, row["area_code"], 0, "10"))
                if total_row is None or not total_row["employment_jobs"]:
                    continue
                share = Fraction(row["employment_jobs"], total_row["employment_jobs"])
                quotient = Fraction(str(row["employment_lq_ratio"]))
                lows.append(share / (quotient + Fraction(5, 1000)))
                if quotient > Fraction(5, 1000):
                    highs.append(share / (quotient - Fraction(5, 1000)))
            if highs:
                low, high = max(lows), min(highs)
                return (low + high) / 2, low, high
        if naics.digits_of(code) >= 6:
            return None
        vintage = naics.vintage_of_year(year)
        parts = [self.us_one(year, own, child) for child in naics.children(code, vintage)]
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return None
        return _added(known)

    def us(self, year: int, ownership: str, codes: tuple[str, ...]) -> tuple[Fraction, ...] | None:
        total = []
        for code in codes:
            known = [s for own in OWNERS[ownership] if (s := self.us_one(year, own, code)) is not None]
            if not known:
                return None
            total.append(_added(known))
        return _added(total)

    def state(self, year: int, areas: Iterable[str], ownership: str, codes: tuple[str, ...]) -> tuple[Any, ...] | None:
        states = sorted({area[:2] + "000" for area in areas})
        if year not in self.years_of(states):
            return None
        total = self.covered(year, states)
        cells = [row for state in states for row in self.cells(year, state, ownership, codes)]
        jobs = sum(row["employment_jobs"] or 0 for row in cells)
        if any(row["is_withheld"] for row in cells) or not jobs or not total:
            return None
        return (Fraction(jobs, total),) * 3

    def share(self, year: int, areas: tuple[str, ...], ownership: str, base: str, codes: tuple[str, ...]) -> Any:
        """Share, low, high of the base; each None where it is not above zero."""
        found = self.us(year, ownership, codes) if base == "us" else self.state(year, areas, ownership, codes)
        return [None, None, None] if found is None else [part if part > 0 else None for part in found]

    # --- the figures of one column ---------------------------------------------------------------------------------

    def here(self, column: Column, areas: tuple[str, ...], year: int, ownership: str) -> dict[str, Any]:
        codes = column.codes_in(year) or ()
        cells = [row for area in areas for row in self.cells(year, area, ownership, codes)]
        withheld = [row for row in cells if row["is_withheld"]]
        found = {
            "jobs": sum(row["employment_jobs"] or 0 for row in cells),
            "wages": sum(row["wages_usd"] or 0 for row in cells),
            "establishments": sum(row["establishments"] for row in cells),
            "withheld_cells": len(withheld),
            "withheld_establishments": sum(row["establishments"] for row in withheld),
        }
        shown = found["establishments"] - found["withheld_establishments"]
        found["shown_establishments"] = shown
        found["is_hidden"] = bool(withheld) and found["jobs"] == 0
        found["printed_lq"] = found["printed_pay"] = None
        # What BLS printed is of one code: a sector of several has no printed figure, even where only one is present.
        if len(areas) == 1 and ownership == "private" and len(cells) == 1 and len(codes) == 1:
            found["printed_pay"] = cells[0]["annual_pay_usd"] or None
            found["printed_lq"] = cells[0]["employment_lq_ratio"]
        return found

    def quotient(self, column: Column, areas: tuple[str, ...], year: int, ownership: str, base: str) -> list[Any]:
        """The quotient, its low and its high."""
        here, codes, covered = (
            self.here(column, areas, year, ownership),
            column.codes_in(year),
            self.covered(year, areas),
        )
        if base == "us" and here["printed_lq"] is not None:
            return [here["printed_lq"]] * 3
        if here["is_hidden"] or codes is None or not covered:
            return [None] * 3
        share, low, high = self.share(year, areas, ownership, base, codes)
        jobs, most = Fraction(here["jobs"]), self.region_at_most(column, areas, year, ownership)
        return [
            half_up(jobs / covered / share, 2) if share else None,
            half_up(jobs / covered / high, 2) if high else None,
            half_up((jobs + most) / covered / low, 2) if low and most is not None else None,
        ]

    def region_at_most(self, column: Column, areas: tuple[str, ...], year: int, ownership: str) -> int | None:
        total = 0
        for area in areas:
            for row in self.cells(year, area, ownership, column.codes_in(year) or ()):
                if row["is_withheld"]:
                    most = self.at_most(year, area, row["own_code"], row["industry_code"], naics.vintage_of_year(year))
                    if most is None:
                        return None
                    total += most
        return total

    def change(self, column: Column, areas: tuple[str, ...], then: int, now: int, ownership: str) -> dict[str, Any]:
        """Change over the areas that publish the column in both years."""
        start = end = 0
        is_complete = True
        for area in areas:
            cells_then = self.cells(then, area, ownership, column.codes_in(then) or ())
            cells_now = self.cells(now, area, ownership, column.codes_in(now) or ())
            if any(row["is_withheld"] for row in [*cells_then, *cells_now]):
                is_complete = False
                continue
            start += sum(row["employment_jobs"] for row in cells_then)
            end += sum(row["employment_jobs"] for row in cells_now)
        if not is_complete and start == 0 and end == 0:
            return {"jobs": None, "pct": None, "is_complete": False}
        pct = half_even(Fraction(100 * (end - start), start), 1) if start else None
        return {"jobs": end - start, "pct": pct, "is_complete": is_complete}

    def row(
        self, column: Column, areas: tuple[str, ...], year: int, ownership: str, base: str, threshold: float | None
    ) -> dict[str, Any]:
        """Every figure of a row of `rank` or `profile`, without titles, ranks and projections."""
        here = self.here(column, areas, year, ownership)
        most = self.region_at_most(column, areas, year, ownership)
        years = self.years_of(areas)
        span = [y for y in years if year - 10 <= y < year]
        since = next((y for y in span if column.codes_in(y) is not None), None)
        short: dict[str, Any] = {"jobs": None, "pct": None}
        if year - 2 in years and column.codes_in(year - 2) is not None:
            short = self.change(column, areas, year - 2, year, ownership)
        long: dict[str, Any] = {"jobs": None, "pct": None, "is_complete": None}
        if since is not None:
            long = self.change(column, areas, since, year, ownership)
        lq, low, high = self.quotient(column, areas, year, ownership, base)
        pay = here["printed_pay"] or (half_up(Fraction(here["wages"], here["jobs"]), 0) if here["jobs"] else None)
        size = None
        if not here["is_hidden"] and here["shown_establishments"] > 0:
            size = half_up(Fraction(here["jobs"], here["shown_establishments"]), 1)
        cells = here["withheld_cells"]
        most_pct: float | None = 0.0
        if cells and most is None:
            most_pct = None
        elif cells and most:
            most_pct = half_up(Fraction(100 * most, here["jobs"] + most), 1)
        row = {
            "employment_jobs": None if here["is_hidden"] else here["jobs"],
            "employment_change_2y_jobs": short["jobs"],
            "employment_change_2y_pct": short["pct"],
            "employment_change_10y_jobs": long["jobs"],
            "employment_change_10y_pct": long["pct"],
            "change_span_years": year - since if since else None,
            "change_since_year": since,
            "change_is_complete": long["is_complete"],
            "is_cut": bool(span) and since is None,
            "location_quotient_ratio": lq,
            "location_quotient_then_ratio": self.quotient(column, areas, since, ownership, base)[0] if since else None,
            "location_quotient_low_ratio": low,
            "location_quotient_high_ratio": high,
            "average_annual_pay_usd": pay,
            "pay_against_threshold_pct": (
                half_up(100 * Fraction(pay) / Fraction(threshold) - 100, 1) if pay and threshold else None
            ),
            "establishments": here["establishments"],
            "jobs_per_establishment": size,
            "withheld_jobs_pct": 0.0 if cells == 0 or most == 0 else None,
            "withheld_jobs_max_pct": most_pct,
            "withheld_establishments_pct": (
                half_up(Fraction(100 * here["withheld_establishments"], here["establishments"]), 1)
                if here["establishments"]
                else None
            ),
            "withheld_cells": cells,
            "status": "published" if cells == 0 else "withheld" if here["is_hidden"] else "partly_withheld",
        }
        falling = [row["employment_change_2y_pct"], row["employment_change_10y_pct"]]
        row["is_declining"] = all(pct is not None and pct < 0 for pct in falling)
        row["declining_because"] = "history" if row["is_declining"] else None
        return row

    # --- rules ---------------------------------------------------------------------------------------------------

    def taken(
        self,
        rules: Iterable[tuple[str, str, float]],
        leaves: frozenset[str],
        areas: tuple[str, ...],
        year: int,
        ownership: str,
        base: str,
    ) -> dict[str, bool | None]:
        """Which industries of a sector meet the rules: those one step below its broadest code, and what is left."""
        vintage = naics.vintage_of_year(year)
        digits = min(6, 1 + min(naics.digits_of(code) for code in naics.cover(leaves, vintage)))
        pieces = [code for code in naics.codes(vintage, digits) if naics.leaves(code, vintage) <= leaves]
        rest = set(leaves)
        for code in pieces:
            rest -= naics.leaves(code, vintage)
        pieces += naics.cover(frozenset(rest), vintage) if rest else ()
        found: dict[str, bool | None] = {}
        for code in pieces:
            here = self.here(Column(vintage, code), areas, year, ownership)
            if not (here["establishments"] or here["withheld_cells"] or here["jobs"]):
                continue
            row = self.row(Column(vintage, code), areas, year, ownership, base, None)
            values = [(row[measure], side, limit) for measure, side, limit in rules]
            if any(v is not None and (v < limit if side == ">=" else v > limit) for v, side, limit in values):
                found[code] = False
            else:
                found[code] = None if any(v is None for v, _side, _limit in values) else True
        return found

    # --- ranking -------------------------------------------------------------------------------------------------

    def is_too_hidden(self, column: Column, areas: tuple[str, ...], year: int, ownership: str, limit: float) -> bool:
        here = self.here(column, areas, year, ownership)
        if here["is_hidden"]:
            return True
        if not here["withheld_cells"]:
            return False
        most = self.region_at_most(column, areas, year, ownership)
        past = most is None or here["jobs"] + most == 0 or Fraction(100 * most, here["jobs"] + most) > limit
        by_firms = here["establishments"] and Fraction(100 * here["withheld_establishments"], here["establishments"])
        return past and by_firms > limit

    def rank(
        self,
        areas: tuple[str, ...],
        digits: int,
        year: int,
        ownership: str,
        base: str,
        weights: Mapping[str, float],
        threshold: float | None,
        limit: float,
    ) -> list[dict[str, Any]]:
        """Rows as `rank` gives them, each with rank, score (exact) and criteria."""
        vintage = naics.vintage_of_year(year)
        ranked, apart = [], []
        for code in naics.codes(vintage, digits):
            column = Column(vintage, code)
            row = {"industry_code": code, **self.row(column, areas, year, ownership, base, threshold)}
            here = self.here(column, areas, year, ownership)
            if not (here["establishments"] or here["withheld_cells"] or here["jobs"]):
                continue
            row["_jobs"] = here["jobs"]
            too_hidden = self.is_too_hidden(column, areas, year, ownership, limit)
            (apart if too_hidden or row["industry_code"].startswith("99") else ranked).append(row)
        keys = ("_jobs", "average_annual_pay_usd", "location_quotient_ratio", "employment_change_10y_pct")
        for name, key in zip(CRITERIA, keys, strict=True):
            known = [row[key] for row in ranked if row[key] is not None]
            for row in ranked:
                level = sum(other <= row[key] for other in known) if row[key] is not None else None
                row.setdefault("criteria", {})[name] = None if level is None else Fraction(100 * level, len(known))
        for row in ranked:
            known = {name: pct for name, pct in row["criteria"].items() if pct is not None}
            weight = sum(Fraction(weights[name]) for name in known)
            total = sum(Fraction(weights[name]) * pct for name, pct in known.items())
            row["score"] = total / weight if weight else None
        apart = [row for row in [*ranked, *apart] if row not in ranked or row["score"] is None]
        apart.sort(key=lambda row: row["industry_code"])
        ranked = [row for row in ranked if row["score"] is not None]
        # Python's sort keeps the order of codes among equals.
        ranked.sort(key=lambda row: (-row["score"], -row["_jobs"]))
        apart.sort(key=lambda row: -row["establishments"])
        for place, row in enumerate(ranked):
            row["rank"] = place + 1
        for row in apart:
            row["rank"] = row["score"] = None
            row["criteria"] = dict.fromkeys(CRITERIA)
        return [*ranked, *apart]


def _added(parts: list[Any]) -> tuple[Fraction, Fraction, Fraction]:
    return sum(p[0] for p in parts), sum(p[1] for p in parts), sum(p[2] for p in parts)  # type: ignore[return-value]
