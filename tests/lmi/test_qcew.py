"""What the readers make of the real QCEW files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store


@pytest.fixture(scope="module")
def ohio(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The 45 annual slices of central Ohio, loaded."""
    store = Store(tmp_path_factory.mktemp("ohio"), create=True)
    load(shared / "data/qcew/area_api_ohio", store, isolated=False)
    return store


@pytest.fixture(scope="module")
def quarters(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The 23 quarterly by-area files of 2016, loaded."""
    store = Store(tmp_path_factory.mktemp("quarters"), create=True)
    load(shared / "data/qcew/bls_by_area_2016_csv", store, isolated=False)
    return store


def raw(shared: Path, folder: str) -> duckdb.DuckDBPyConnection:
    """The source files as text, for comparison."""
    connection = duckdb.connect()
    files = str(shared / f"data/qcew/{folder}/*.csv.gz").replace("'", "''")
    connection.execute(f"CREATE TABLE raw AS SELECT * FROM read_csv('{files}', all_varchar = true)")
    return connection


def one(store: Store, sql: str, *tables: tuple[str, int]) -> list[tuple[object, ...]]:
    paths = {f"t{i}": str(store.path(*table)) for i, table in enumerate(tables)}
    for name, path in paths.items():
        sql = sql.replace(name, f"read_parquet('{path}')")
    return store.cursor().execute(sql).fetchall()


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_every_row_of_the_ohio_slices_is_there_with_its_figures(shared: Path, ohio: Store, year: int) -> None:
    connection = raw(shared, "area_api_ohio")
    connection.execute(
        f"""CREATE TABLE kept AS SELECT area_fips AS area_code, own_code::TINYINT AS own_code, industry_code,
                agglvl_code::TINYINT AS level_code, disclosure_code IS NOT NULL AS is_withheld,
                annual_avg_estabs::INTEGER AS establishments,
                CASE WHEN disclosure_code IS NULL THEN annual_avg_emplvl::INTEGER END AS employment_jobs,
                CASE WHEN disclosure_code IS NULL THEN total_annual_wages::BIGINT END AS wages_usd,
                CASE WHEN disclosure_code IS NULL THEN avg_annual_pay::INTEGER END AS annual_pay_usd,
                CASE WHEN lq_disclosure_code IS NULL THEN lq_annual_avg_emplvl::DOUBLE END AS employment_lq_ratio,
                'annual' AS origin FROM raw WHERE year = '{year}'"""
    )
    mine = f"read_parquet('{ohio.path('qcew', year)}')"
    assert connection.execute("SELECT count(*) FROM kept").fetchall()[0][0] > 17_000
    for left, right in (("kept", mine), (mine, "kept")):
        sql = f"SELECT * FROM (SELECT * FROM {left} EXCEPT ALL SELECT * FROM {right}) LIMIT 3"
        assert connection.execute(sql).fetchall() == []


def test_a_withheld_cell_is_null_and_its_establishments_are_not(ohio: Store) -> None:
    sql = """SELECT count(*), count(employment_jobs), count(wages_usd), count(annual_pay_usd),
                    count(employment_lq_ratio), count(establishments) FROM t0 WHERE is_withheld"""
    counted = 0
    for year in (2020, 2021, 2022):
        cells, *figures, establishments = one(ohio, sql, ("qcew", year))[0]
        counted += cells
        assert figures == [0, 0, 0, 0]
        assert establishments == cells
    assert counted == 30_753  # all rows of the source with disclosure code N


def test_a_real_zero_stays_zero(ohio: Store) -> None:
    zeros = sum(
        one(ohio, "SELECT count(*) FROM t0 WHERE employment_jobs = 0 AND NOT is_withheld", ("qcew", year))[0][0]
        for year in (2020, 2021, 2022)
    )
    assert zeros == 129  # counted in the source: 83 rows of nothing and 46 with wages but under half a job


def test_a_quotient_can_be_withheld_where_the_jobs_are_not(ohio: Store) -> None:
    counts = [
        one(
            ohio,
            "SELECT count(*) FROM t0 WHERE employment_lq_ratio IS NULL AND NOT is_withheld",
            ("qcew", year),
        )[0][0]
        for year in (2020, 2021, 2022)
    ]
    assert sum(counts) == 107


def test_codes_stay_text_and_ownerships_stay_apart(ohio: Store) -> None:
    sectors = one(ohio, "SELECT DISTINCT industry_code FROM t0 WHERE level_code = 74 ORDER BY 1", ("qcew", 2021))
    assert ("31-33",) in sectors
    assert ("44-45",) in sectors
    totals = one(
        ohio,
        """SELECT count(*) FROM (SELECT area_code, sum(employment_jobs) FILTER (own_code = 0) AS alone,
                                        sum(employment_jobs) FILTER (own_code > 0) AS parts
                                 FROM t0 WHERE level_code IN (70, 71) GROUP BY 1) WHERE abs(alone - parts) > 2""",
        ("qcew", 2021),
    )
    assert totals == [(0,)]  # the four ownerships add up to the total, so none is counted twice


def test_bls_own_construction_codes_are_there(ohio: Store) -> None:
    codes = {row[0] for row in one(ohio, "SELECT DISTINCT industry_code FROM t0", ("qcew", 2022))}
    assert {"238111", "238112", "238221"} <= codes


def test_the_average_pay_is_the_published_one(ohio: Store) -> None:
    sql = "SELECT employment_jobs, wages_usd, annual_pay_usd FROM t0 WHERE area_code = '39041' AND own_code = 0"
    assert one(ohio, sql, ("qcew", 2020)) == [(84743, 5279365599, 62299)]
    # BLS divides before it rounds the jobs, so for small cells its pay is not what wages over printed jobs give.
    other = "SELECT count(*) FROM t0 WHERE employment_jobs > 0 AND annual_pay_usd <> round(wages_usd / employment_jobs)"
    assert one(ohio, other, ("qcew", 2020))[0][0] > 1_000


def test_four_quarters_give_the_annual_figures_of_the_oracle(shared: Path, quarters: Store) -> None:
    """Every common row: same cell withheld, same establishments, jobs and wages; half up, absent quarters are zero."""
    connection = duckdb.connect()
    connection.execute(
        f"""CREATE TABLE mine AS SELECT area_code, own_code, industry_code, level_code, is_withheld, establishments,
                                        employment_jobs, wages_usd FROM read_parquet('{quarters.path("qcew", 2016)}');
            CREATE TABLE oracle AS
            SELECT area_fips AS area_code, own_code, industry_code, agglvl_code AS level_code,
                   disclosure_code = 'N' AS is_withheld, annual_avg_estabs AS establishments,
                   annual_avg_emplvl AS employment_jobs, total_annual_wages AS wages_usd
            FROM read_parquet('{shared}/data/qcew/qcew_2016_annual_derived.parquet')"""
    )
    common = connection.execute(
        "SELECT count(*) FROM mine JOIN oracle USING (area_code, own_code, industry_code, level_code)"
    ).fetchall()[0][0]
    mine = connection.execute("SELECT count(*) FROM mine").fetchall()[0][0]
    assert common == mine == 27_633
    assert connection.execute("SELECT * FROM mine EXCEPT SELECT * FROM oracle LIMIT 3").fetchall() == []


def test_a_dash_in_a_quarter_means_nothing_was_there_not_withheld(shared: Path, quarters: Store) -> None:
    connection = raw(shared, "bls_by_area_2016_csv")
    dashes = connection.execute("SELECT count(*) FROM raw WHERE disclosure_code = '-'").fetchall()[0][0]
    assert dashes == 1207
    zeros = one(
        quarters,
        """SELECT count(*), bool_or(is_withheld), max(month1_jobs), count(month1_lq_ratio)
           FROM t0 WHERE establishments = 0""",
        ("qcew_quarterly", 2016),
    )
    assert zeros == [(dashes, False, 0, 0)]


def test_every_quarterly_row_is_there(shared: Path, quarters: Store) -> None:
    count = raw(shared, "bls_by_area_2016_csv").execute("SELECT count(*) FROM raw").fetchall()
    assert one(quarters, "SELECT count(*) FROM t0", ("qcew_quarterly", 2016)) == count


def test_the_nation_of_2016_adds_up_to_its_published_jobs_and_pay(quarters: Store) -> None:
    """Metropolitan and other counties are the nation; each is rounded on its own, so one job may be missing."""
    sql = """SELECT sum(employment_jobs), sum(wages_usd) FROM t0
             WHERE area_code IN ('USMSA', 'USNMS') AND own_code = 0 AND industry_code = '10'"""
    jobs, wages = one(quarters, sql, ("qcew", 2016))[0]
    assert abs(jobs - 141_870_066) <= 1
    assert round(wages / jobs) == 53_621
