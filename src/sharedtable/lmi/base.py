"""What a region is compared with: the share of all jobs that an industry has in the nation or in a state.

The location quotient of BLS divides an area's share by the nation's share, where both shares are taken of *total
covered* employment (ownership 0), also for the rows of one ownership. When the national file of a year is loaded the
shares are read from it. When it is not, they are *implied*: each published location quotient is a number rounded to
two decimals, so with the area's own jobs it bounds the national share from both sides, and many areas together leave
an interval that is usually a few tenths of a percent wide.

Source of the rule: BLS, QCEW location quotient details; checked against all published quotients in the tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sharedtable.lmi import naics

if TYPE_CHECKING:
    from sharedtable.lmi.store import Store

Method = Literal["published", "implied"]
US = "US000"

# Half of the last printed digit of a location quotient.
HALF_STEP_RATIO = 0.005

_PUBLISHED_SQL = """
with us as (select own_code, industry_code, employment_jobs from read_parquet('{path}')
            where area_code = 'US000' and level_code between 10 and 19),
     total as (select employment_jobs as all_jobs from us where own_code = 0 and industry_code = '10')
select own_code, industry_code, employment_jobs / all_jobs as share_ratio,
       employment_jobs / all_jobs as low_ratio, employment_jobs / all_jobs as high_ratio, 'published' as method
from us, total where employment_jobs is not null order by own_code, industry_code
"""

# An area's share over a printed quotient q bounds the national share: q - 0.005 <= true < q + 0.005.
_BOUNDS = """
max(jobs / all_jobs / (lq + {half})) as low_ratio,
min(case when lq > {half} then jobs / all_jobs / (lq - {half}) end) as high_ratio
"""

_ANNUAL_SQL = """
with cells as (select area_code, own_code, industry_code, employment_jobs as jobs, employment_lq_ratio as lq
               from read_parquet('{path}') where origin = 'annual' and level_code < 80),
     totals as (select area_code, jobs as all_jobs from cells where own_code = 0 and industry_code = '10' and jobs > 0)
select own_code, industry_code, {bounds}
from cells join totals using (area_code) where jobs is not null and lq is not null group by all
"""

# Months first (the quotients are monthly), then their mean, each month weighed by the loaded areas' own total jobs for
# want of the nation's. What the two seasons differ by moves a share by less than its interval in 98.9 % of industries.
_QUARTERLY_SQL = """
with wide as (select * from read_parquet('{path}') where level_code < 80),
     cells as (select area_code, own_code, industry_code, (quarter - 1) * 3 + m as month,
                      case m when 1 then month1_jobs when 2 then month2_jobs else month3_jobs end as jobs,
                      case m when 1 then month1_lq_ratio when 2 then month2_lq_ratio else month3_lq_ratio end as lq
               from wide, (values (1), (2), (3)) months(m)),
     totals as (select area_code, month, jobs as all_jobs from cells
                where own_code = 0 and industry_code = '10' and jobs > 0),
     monthly as (select own_code, industry_code, month, {bounds} from cells join totals using (area_code, month)
                 where jobs is not null and lq is not null group by all),
     weights as (select month, sum(all_jobs) as weight from totals group by month)
select own_code, industry_code, sum(low_ratio * weight) / sum(weight) as low_ratio,
       sum(high_ratio * weight) / sum(weight) as high_ratio
from monthly join weights using (month) where high_ratio is not null group by all having count(*) = 12
"""

# Intervals that contradict each other (there are none in the published files) leave a share that is not known.
_IMPLIED_SQL = """
select own_code, industry_code, (low_ratio + high_ratio) / 2 as share_ratio, low_ratio, high_ratio, 'implied' as method
from ({intervals}) where low_ratio <= high_ratio order by own_code, industry_code
"""

# What earlier files showed stays true when others are loaded: the two intervals are intersected, and a share that only
# the earlier ones bound is kept. Where they contradict each other (revised figures), the new one holds.
_WITH_EARLIER_SQL = """
select coalesce(f.own_code, k.own_code) as own_code, coalesce(f.industry_code, k.industry_code) as industry_code,
       case when fits then greatest(f.low_ratio, k.low_ratio) else coalesce(f.low_ratio, k.low_ratio) end as low_ratio,
       case when fits then least(f.high_ratio, k.high_ratio) else coalesce(f.high_ratio, k.high_ratio) end as high_ratio
from (select * from ({intervals}) where low_ratio <= high_ratio) f
full join (select * from read_parquet('{earlier}') where method = 'implied') k
  on f.own_code = k.own_code and f.industry_code = k.industry_code,
lateral (select greatest(f.low_ratio, k.low_ratio) <= least(f.high_ratio, k.high_ratio)
                and f.low_ratio is not null and k.low_ratio is not null as fits)
"""


def rebuild(store: Store, years: Iterable[int]) -> None:
    """Write the table `us_base` anew for each of `years` that has QCEW rows.

    One row per ownership and industry: `share_ratio` (national jobs of the industry and ownership over national total
    covered jobs), the interval `low_ratio` to `high_ratio` that it lies in, and `method`. An industry for which no
    loaded area publishes a usable quotient has no row: its share is not known.
    """
    for year in sorted(set(years) & set(store.years("qcew"))):
        path = store.path("qcew", year)
        cursor = store.cursor()
        has_us = cursor.execute(
            f"select count(*) from read_parquet('{_quoted(path)}') where area_code = '{US}' and own_code = 0"  # noqa: S608
        ).fetchall()[0][0]
        if has_us:
            store.replace("us_base", year, _PUBLISHED_SQL.format(path=_quoted(path)))
            continue
        bounds = _BOUNDS.format(half=HALF_STEP_RATIO)
        intervals = _ANNUAL_SQL.format(path=_quoted(path), bounds=bounds)
        if year in store.years("qcew_quarterly"):
            quarterly = _QUARTERLY_SQL.format(path=_quoted(store.path("qcew_quarterly", year)), bounds=bounds)
            # Where both kinds of file bound a share, the annual file's interval is the one that its users check.
            intervals = f"select * from ({intervals}) union all select * from ({quarterly}) q where (own_code, industry_code) not in (select (own_code, industry_code) from ({intervals}) where high_ratio is not null)"  # noqa: E501, S608
        if year in store.years("us_base"):
            intervals = _WITH_EARLIER_SQL.format(intervals=intervals, earlier=_quoted(store.path("us_base", year)))
        store.replace("us_base", year, _IMPLIED_SQL.format(intervals=intervals))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@dataclass(frozen=True)
class Share:
    """A base's share of jobs in an industry, with the interval that it is known to lie in."""

    ratio: float
    low_ratio: float
    high_ratio: float
    method: Method


class Shares:
    """The national shares of one year; asks its questions of plain dictionaries, so it is cheap to keep."""

    def __init__(self, rows: Iterable[tuple[int, str, float, float, float, Method]]):
        self._by_key = {(own, code): Share(s, low, high, method) for own, code, s, low, high, method in rows}

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def method(self) -> Method | None:
        """How these shares were found; None when there are none."""
        return next((s.method for s in self._by_key.values()), None)

    def one(self, own_codes: tuple[int, ...], code: str, vintage: int) -> Share | None:
        """The share of one industry over the given ownerships; None when it is not known.

        An industry without a share of its own takes the sum of its parts, when all parts are known.
        With several ownerships, one that no loaded area has in this industry counts as none.
        """
        found = [share for own in own_codes if (share := self._own(own, code, vintage)) is not None]
        return _sum(found) if found else None

    def of(self, own_codes: tuple[int, ...], codes: Iterable[str], vintage: int) -> Share | None:
        """The share of several industries together; None when one of them is not known."""
        parts = [self.one(own_codes, code, vintage) for code in codes]
        known = [part for part in parts if part is not None]
        return _sum(known) if known and len(known) == len(parts) else None

    def _own(self, own: int, code: str, vintage: int) -> Share | None:
        share = self._by_key.get((own, code))
        if share is not None or naics.digits_of(code) >= 6:
            return share
        parts = [self._own(own, child, vintage) for child in naics.children(code, vintage)]
        known = [part for part in parts if part is not None]
        return _sum(known) if known and len(known) == len(parts) else None


def _sum(shares: list[Share]) -> Share:
    method: Method = "implied" if any(s.method == "implied" for s in shares) else "published"
    low, high = sum(s.low_ratio for s in shares), sum(s.high_ratio for s in shares)
    return Share(sum(s.ratio for s in shares), low, high, method)


def us_shares(store: Store, year: int) -> Shares:
    """The national shares of a year, empty when neither the national file nor any quotient is loaded."""
    return _us_shares(str(store.root), store.revision, year, store)


@lru_cache(maxsize=64)
def _us_shares(_root: str, _revision: str, year: int, store: Store) -> Shares:
    if year not in store.years("us_base"):
        return Shares([])
    rows = (
        store.cursor()
        .execute(
            f"select own_code, industry_code, share_ratio, low_ratio, high_ratio, method from read_parquet('{_quoted(store.path('us_base', year))}')"  # noqa: E501, S608
        )
        .fetchall()
    )
    return Shares(rows)
