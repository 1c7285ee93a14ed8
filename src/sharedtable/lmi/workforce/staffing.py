"""Which occupations work in an industry: the national staffing patterns of OEWS, and which pattern fits which industry.

OEWS has its own industry codes. Most are NAICS padded with zeros (`326100`), some are groups of four-digit industries
(`3330A1` is 3331, 3332, 3334 and 3339), and schools and hospitals also come by owner (`622005` is private 622). The
loader has put the NAICS codes and the owner beside them. An industry takes the pattern of the smallest OEWS industry
that holds all of it, so 3271, which OEWS does not show, takes 327.

Source: BLS, Occupational Employment and Wage Statistics, national industry-specific estimates.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from sharedtable.errors import Missing
from sharedtable.lmi import naics

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

T = TypeVar("T")
Ownership = Literal["private", "total"]
Owner = Literal["all", "private", "state", "local", "federal"]

# The NAICS vintage of OEWS releases from May 2022 on.
OEWS_VINTAGE = 2022

# Not surveyed by OEWS: farms, animal production, fishing and hunting, and private households.
NOT_SURVEYED = ("111", "112", "114", "814")
_GOVERNMENT = "999000"
_ALL_PRIVATE = "000001"


@dataclass(frozen=True)
class OewsIndustry:
    """What an OEWS industry code holds: NAICS 2022 prefixes and whose workplaces."""

    code: str
    prefixes: tuple[str, ...]
    owner: Owner

    @property
    def depth(self) -> int:
        return max(len(prefix) for prefix in self.prefixes)


def read_industry(code: str, naics_code: str | None, owner: Owner) -> OewsIndustry | None:
    """What an OEWS industry stands for, from its code and the store's reading of it ('3261', '31-33', '3371,3372').

    Gives None for one that holds no single part of NAICS (government by level, totals with government).
    """
    if code == _ALL_PRIVATE:
        return OewsIndustry(code, ("",), "private")
    if code == _GOVERNMENT:
        return OewsIndustry(code, ("92",), "all")
    if not naics_code or naics_code.startswith("99"):
        return None
    return OewsIndustry(code, tuple(p for part in naics_code.split(",") for p in prefixes(part)), owner)


def prefixes(code: str) -> tuple[str, ...]:
    """The digits with which the parts of a NAICS code begin: '31-33' → 31, 32, 33; '10' → any."""
    if code == naics.TOTAL:
        return ("",)
    low, dash, high = code.partition("-")
    return tuple(str(n) for n in range(int(low), int(high) + 1)) if dash else (code,)


@dataclass(frozen=True)
class Pattern:
    """The staffing of one OEWS industry: shares of its jobs by detailed occupation.

    `occupations` are positions in `Patterns.occupations`; `shares` the parts of the industry's jobs, summing to
    `listed_ratio` (below 1: withheld occupations are missing); `withheld` counts the listed occupations without jobs.
    """

    industry: OewsIndustry
    jobs: int
    occupations: NDArray[np.intp]
    shares: NDArray[np.float64]
    listed_ratio: float
    withheld: int


class Patterns:
    """All staffing patterns of one OEWS year, in memory (about 4 MB)."""

    def __init__(
        self, year: int, patterns: Mapping[str, Pattern], codes: tuple[str, ...], titles: tuple[str, ...]
    ) -> None:
        self.year = year
        self.patterns = patterns
        self.occupations = codes
        self.titles = titles
        self._fits: dict[tuple[str, int, Ownership], tuple[Pattern | None, str | None]] = {}

    def fit(self, industry_code: str, *, vintage: int, ownership: Ownership) -> tuple[Pattern | None, str | None]:
        """The pattern of the smallest OEWS industry that holds all of `industry_code` (of that NAICS vintage).

        For private ownership the private variant of schools and hospitals is preferred. Gives (None, reason) for
        industries that OEWS does not survey. Where a NAICS revision split the industry, the pattern is that of the
        smallest OEWS industry that holds all its parts. Fails with Missing for an unknown industry.
        """
        key = (industry_code, vintage, ownership)
        if key not in self._fits:
            self._fits[key] = self._fit(*key)
        return self._fits[key]

    def _fit(self, industry_code: str, vintage: int, ownership: Ownership) -> tuple[Pattern | None, str | None]:
        if industry_code.startswith("99"):
            return None, "Unclassified establishments have no staffing pattern."
        parts = _in_oews_vintage(industry_code, vintage)
        if all(part.startswith(NOT_SURVEYED) for part in parts):
            return None, "OEWS does not survey farms, fishing or private households."
        if any(part.startswith(NOT_SURVEYED) for part in parts) and industry_code != naics.TOTAL:
            parts = tuple(part for part in parts if not part.startswith(NOT_SURVEYED))
        wanted: tuple[Owner, ...] = ("all", "private") if ownership == "private" else ("all",)
        best: Pattern | None = None
        for pattern in self.patterns.values():
            industry = pattern.industry
            if industry.owner not in wanted or not all(part.startswith(industry.prefixes) for part in parts):
                continue
            if best is None or _rank(industry) > _rank(best.industry):
                best = pattern
        return best, None if best else f"OEWS has no staffing pattern for {industry_code}."


def _rank(industry: OewsIndustry) -> tuple[int, int, int]:
    # Deepest first; then the fewest members; then the owner's own variant.
    return industry.depth, -len(industry.prefixes), int(industry.owner == "private")


@cache
def _in_oews_vintage(code: str, vintage: int) -> tuple[str, ...]:
    """The six-digit codes of the OEWS vintage that hold the industry."""
    leaves = naics.leaves(code, vintage)
    if vintage != OEWS_VINTAGE:
        leaves = naics.translate(leaves, vintage, OEWS_VINTAGE).leaves
    return tuple(sorted(leaves))


_PATTERNS_SQL = """
with detailed as (select occupation_code, any_value(occupation_title) as title from read_parquet($wages)
                  where level_code = 'detailed' group by 1)
select s.industry_code, s.naics_code, s.own, s.occupation_code, d.title, s.employment_jobs
from read_parquet($staffing) s left join detailed d using (occupation_code)
where d.title is not null or s.level_code = 'total'
order by s.industry_code, s.occupation_code
"""


def patterns(store: Store, year: int) -> Patterns:
    """The staffing patterns of an OEWS year. Fails with Missing when that year is not loaded."""
    return remember((str(store.root), store.revision, "patterns", year), lambda: _load(store, year))


def _load(store: Store, year: int) -> Patterns:
    paths = {"wages": str(store.path("oews", year)), "staffing": str(store.path("oews_staffing", year))}
    rows = store.cursor().execute(_PATTERNS_SQL, paths).fetchall()
    titles = {plain(code): title for _, _, _, code, title, _ in rows if title is not None}
    codes = tuple(sorted(titles))
    place = {code: i for i, code in enumerate(codes)}
    totals: dict[str, int] = {}
    meanings: dict[str, OewsIndustry | None] = {}
    listed: dict[str, list[tuple[int, int | None]]] = {}
    for industry, naics_code, owner, occupation, _, jobs in rows:
        if industry not in meanings:
            meanings[industry] = read_industry(industry, naics_code, owner)
        code = plain(occupation)
        if code == "000000":
            totals[industry] = jobs
        elif code in place:
            listed.setdefault(industry, []).append((place[code], jobs))
    found: dict[str, Pattern] = {}
    for industry, own in listed.items():
        meaning = meanings[industry]
        total = totals.get(industry)
        if meaning is None or not total:
            continue
        known = [(i, jobs) for i, jobs in own if jobs is not None]
        # Rounded cells may add up to a little more than the rounded total; shares must not.
        base = max(total, sum(jobs for _, jobs in known))
        shares = np.array([jobs for _, jobs in known], dtype=np.float64) / base
        index = np.array([i for i, _ in known], dtype=np.intp)
        found[industry] = Pattern(meaning, total, index, shares, float(shares.sum()), len(own) - len(known))
    if not found:
        raise Missing(f"The staffing patterns of {year} are empty. Load the OEWS release of that year again.")
    return Patterns(year, found, codes, tuple(titles[code] for code in codes))


def plain(occupation_code: str) -> str:
    """'51-4072' → '514072'."""
    return occupation_code.replace("-", "")


def dashed(occupation_code: str) -> str:
    """'514072' → '51-4072', the way occupations are written."""
    code = plain(occupation_code)
    return f"{code[:2]}-{code[2:]}"


def nearest_year(years: Collection[int], year: int, what: str) -> int:
    """The loaded year that is nearest to `year` (the later of two). Fails with Missing when none is loaded."""
    if not years:
        raise Missing(f"No {what} are loaded. Fetch or load them first (`sharedtable facts fetch`).")
    return min(years, key=lambda y: (abs(y - year), -y))


_LIMIT = 48
_held: OrderedDict[Hashable, Any] = OrderedDict()
_guard = threading.Lock()


def remember(key: Hashable, make: Callable[[], T]) -> T:
    """Keeps the last few results in memory. Keys hold the store's revision, so a changed store is read again."""
    with _guard:
        if key in _held:
            _held.move_to_end(key)
            kept: T = _held[key]
            return kept
    made = make()
    with _guard:
        _held[key] = made
        while len(_held) > _LIMIT:
            _held.popitem(last=False)
    return made
