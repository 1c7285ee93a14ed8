"""The national shares: BLS's rule for location quotients, and shares that its printed quotients imply."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from sharedtable.lmi import Region, Store, example, load, naics, rank
from sharedtable.lmi.base import HALF_STEP_RATIO, Shares, us_shares
from sharedtable.lmi.measures import location_quotient
from tests.lmi.conftest import OHIO_COUNTIES, OHIO_YEARS

# What a printed quotient says about the nation's share, written as one equation for each end.
BOUNDS = """
max(jobs / all_jobs / (lq + 0.005)) as low, min(case when lq > 0.005 then jobs / all_jobs / (lq - 0.005) end) as high
"""


def ask(sql: str, *parameters: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        return connection.execute(sql, list(parameters)).fetchall()


def file(shared: Path, name: str) -> str:
    return str(shared / "data" / "qcew" / name)


def test_the_quotient_rounds_half_up_and_is_unknown_without_a_base() -> None:
    jobs = np.array([285.0, 5.0, 0.0, np.nan, 5.0])
    base = np.array([1000.0, 1000.0, 1000.0, 1000.0, 0.0])
    found = location_quotient(jobs, np.array(1000.0), base, np.array(1000.0))
    assert found[:3].tolist() == [0.29, 0.01, 0.0]
    assert np.isnan(found[3:]).all()


@pytest.mark.parametrize("year", OHIO_YEARS)
def test_every_printed_quotient_lies_within_the_interval_of_the_implied_share(ohio: Store, year: int) -> None:
    """No two quotients of the Ohio slices contradict each other, and each is reproduced by the share they imply."""
    rows = ask(
        """
        with cells as (select * from read_parquet(?) where origin = 'annual'),
             totals as (select area_code, employment_jobs as all_jobs from cells
                        where own_code = 0 and industry_code = '10')
        select employment_jobs / all_jobs, employment_lq_ratio, share_ratio, low_ratio, high_ratio
        from cells join totals using (area_code) join read_parquet(?) using (own_code, industry_code)
        where employment_jobs is not null and employment_lq_ratio is not null
        """,
        str(ohio.path("qcew", year)),
        str(ohio.path("us_base", year)),
    )
    share, printed, base, low, high = np.array(rows, dtype=float).T
    assert len(printed) == {2020: 6542, 2021: 6598, 2022: 8543}[year]
    assert (low <= base).all()
    assert (base <= high).all()
    # The true quotient lies between share/high and share/low; the printed one is it, rounded.
    assert (share / high <= printed + HALF_STEP_RATIO + 1e-12).all()
    assert (share / low >= printed - HALF_STEP_RATIO - 1e-12).all()
    again = location_quotient(share, np.array(1.0), base, np.array(1.0))
    # The middle of an interval that one large county pins is not the nation's share to the last digit.
    assert (np.abs(again - printed) < 0.0051 + 0.5 * share * (1 / low - 1 / high)).all()
    assert (np.abs(again - printed) < 1e-9).mean() > 0.97


def test_no_quotient_of_the_annual_slices_contradicts_another(ohio: Store) -> None:
    for year in OHIO_YEARS:
        intervals, contradicted = ask(
            f"""
            with cells as (select area_code, own_code, industry_code, employment_jobs as jobs, employment_lq_ratio as lq
                           from read_parquet(?)),
                 totals as (select area_code, jobs as all_jobs from cells where own_code = 0 and industry_code = '10')
            select count(*), count(*) filter (low > high) from (
                select {BOUNDS} from cells join totals using (area_code)
                where jobs is not null and lq is not null group by own_code, industry_code)
            """,
            str(ohio.path("qcew", year)),
        )[0]
        assert intervals > 1_500  # type: ignore[operator]
        assert contradicted == 0


def test_no_quotient_of_the_whole_nation_contradicts_another(shared: Path) -> None:
    """2016 Q4, all areas: each quotient bounds the nation's share of that month, and all bounds have a common point.

    Aggregates of areas (levels 91 to 96: all metropolitan areas together, and so on) are no areas of that kind: for
    their total BLS prints their own share of the nation and not 1.
    """
    found = ask(
        f"""
        with cells as (select area_fips, own_code, industry_code, month3_emplvl as jobs,
                              round(lq_month3_emplvl::double, 2) as lq
                       from read_parquet(?)
                       where disclosure_code = '' and lq_disclosure_code = '' and agglvl_code < 80),
             totals as (select area_fips, jobs as all_jobs from cells
                        where own_code = 0 and industry_code = '10' and jobs > 0)
        select count(*), sum(n), count(*) filter (low > high), median((high - low) / low) from (
            select {BOUNDS}, count(*) as n from cells join totals using (area_fips) group by own_code, industry_code)
        """,
        file(shared, "qcew_2016q4_bls_lq_oty.parquet"),
    )[0]
    industries, quotients, contradicted, width = found
    assert contradicted == 0
    assert (industries, quotients) == (3_486, 1_203_107)
    assert width < 5e-5  # type: ignore[operator]


def test_all_sector_quotients_of_2016_follow_from_the_shares_that_they_imply(shared: Path) -> None:
    """County sectors against the middle of the interval: the rule with ownership 0 below, also for private rows."""
    share, printed, base = np.array(
        ask(
            f"""
            with cells as (select area_fips, own_code, industry_code, agglvl_code, month3_emplvl as jobs,
                                  round(lq_month3_emplvl::double, 2) as lq
                           from read_parquet(?)
                           where disclosure_code = '' and lq_disclosure_code = '' and agglvl_code < 80),
                 totals as (select area_fips, jobs as all_jobs from cells
                            where own_code = 0 and industry_code = '10' and jobs > 0),
                 nation as (select own_code, industry_code, {BOUNDS}
                            from cells join totals using (area_fips) group by all)
            select jobs / all_jobs, lq, (low + high) / 2
            from cells join totals using (area_fips) join nation using (own_code, industry_code)
            where agglvl_code = 74 and high is not null
            """,
            file(shared, "qcew_2016q4_bls_lq_oty.parquet"),
        ),
        dtype=float,
    ).T
    again = location_quotient(share, np.array(1.0), base, np.array(1.0))
    assert len(printed) > 35_000
    assert (np.abs(again - printed) < 1e-9).mean() > 0.9999


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[tuple[int, str], tuple[float, float]]:
    """The nation's shares of 2016 from the reconstructed national file, and how exact each is."""
    rows = ask(
        """
        select own_code, industry_code, us_annual_avg_emplvl / (select us_annual_avg_emplvl from read_parquet($1)
               where own_code = 0 and industry_code = '10'), emp_max_rel_halfwidth from read_parquet($1)
        where us_annual_avg_emplvl > 0
        """,
        file(shared, "qcew_2016_us_reference_reconstructed.parquet"),
    )
    return {(int(own), str(code)): (float(share), float(width or 0)) for own, code, share, width in rows}  # type: ignore


def test_the_implied_shares_of_2016_hold_the_true_ones(
    ohio: Store, reference: dict[tuple[int, str], tuple[float, float]]
) -> None:
    """From twelve months of quotients of Ohio and Vermont areas. Where the interval misses, it misses by a hair."""
    rows = ask("select * from read_parquet(?)", str(ohio.path("us_base", 2016)))
    assert len(rows) == 2_489
    inside = near = 0
    for own, code, share, low, high, method in rows:
        true, width = reference[int(own), str(code)]  # type: ignore[call-overload]
        assert method == "implied"
        assert low <= share <= high  # type: ignore[operator]
        inside += low <= true * (1 + width) and true * (1 - width) <= high  # type: ignore[operator]
        near += abs(share / true - 1) <= 0.01  # type: ignore[operator]
        miss = max(low / (true * (1 + width)) - 1, 1 - high / (true * (1 - width)))  # type: ignore[operator]
        if true * 141_870_066 > 1_000:
            assert miss < 0.001, (own, code)
    assert inside >= 2_461
    assert near >= 2_440


def test_a_published_base_gives_the_quotients_of_the_implied_base(
    ohio: Store, reference: dict[tuple[int, str], tuple[float, float]]
) -> None:
    implied = us_shares(ohio, 2016)
    assert implied.method == "implied"
    published = Shares([(own, code, s, s, s, "published") for (own, code), (s, _) in reference.items()])
    region = Region.of(OHIO_COUNTIES)
    same = within = seen = 0
    for digits in (2, 3, 4, 5, 6):
        found = rank(ohio, region, digits=digits, year=2016)
        for row in found.rows:
            one = published.one((5,), row["industry_code"], naics.vintage_of_year(2016))
            if row["employment_jobs"] is None or row["location_quotient_ratio"] is None:
                continue
            assert one is not None
            jobs, covered = np.array(row["employment_jobs"]), np.array(found.measures.covered_jobs)
            true = float(location_quotient(jobs, covered, np.array(one.ratio), np.array(1.0)))
            seen += 1
            same += true == row["location_quotient_ratio"]
            within += abs(true - row["location_quotient_ratio"]) < 0.0101
    assert seen > 1_200
    assert within == seen
    assert same / seen > 0.98


def test_an_industry_without_a_share_of_its_own_takes_the_sum_of_its_parts() -> None:
    parts = naics.children("3118", 2022)
    shares = Shares([(5, code, 0.1, 0.05, 0.15, "implied") for code in parts])
    found = shares.one((5,), "3118", 2022)
    assert found is not None
    assert found.ratio == pytest.approx(0.1 * len(parts))
    assert found.low_ratio == pytest.approx(0.05 * len(parts))
    assert found.method == "implied"
    assert shares.one((5,), "311", 2022) is None  # the other parts of 311 are not known
    together = shares.of((5,), ("3118", parts[0]), 2022)
    assert together is not None
    assert together.ratio == pytest.approx(0.1 * (len(parts) + 1))
    assert shares.of((5,), ("3118", "3119"), 2022) is None


def test_a_store_without_any_quotient_has_no_base(tmp_path: Path) -> None:
    store = Store(tmp_path, create=True)
    assert len(us_shares(store, 2022)) == 0
    assert us_shares(store, 2022).method is None


def test_figures_of_another_place_take_no_share_away(shared: Path, tmp_path: Path) -> None:
    """The shipped shares rest on files that the example does not hold; loading others must only add to them."""
    store = Store(tmp_path, create=True)
    example.install(store)

    def shares(year: int) -> dict[tuple[int, str], tuple[float, float]]:
        sql = "select own_code, industry_code, low_ratio, high_ratio from read_parquet($1)"
        rows = store.cursor().execute(sql, [str(store.path("us_base", year))]).fetchall()
        return {(own, code): (low, high) for own, code, low, high in rows}

    before = {year: shares(year) for year in (2016, 2022)}
    region = Region(example.about()["region"], tuple(example.about()["areas"]))
    then = {r["industry_code"]: r["location_quotient_then_ratio"] for r in rank(store, region).rows}
    vermont = next((shared / "data/qcew/bls_by_area_2016_csv").glob("*50007*"))
    morrow = shared / "data/qcew/area_api_ohio/morpc-qcew-2022-a-39117.csv.gz"
    load([vermont, morrow], store, isolated=False)
    for year, earlier in before.items():
        now = shares(year)
        assert earlier.keys() <= now.keys()
        # Intervals only shrink, or are replaced where another month's weights contradict them by a hair.
        wider = [key for key, (low, high) in earlier.items() if now[key][1] - now[key][0] > (high - low) * 1.01 + 1e-9]
        assert len(wider) <= len(earlier) // 100, wider[:5]
    again = {r["industry_code"]: r["location_quotient_then_ratio"] for r in rank(store, region).rows}
    assert not [code for code, value in then.items() if value is not None and again[code] is None]
    settled = {year: shares(year) for year in before}
    load([vermont, morrow], store, isolated=False)
    assert {year: shares(year) for year in before} == settled
