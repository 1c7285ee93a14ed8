"""Occupations of a sector: patterns, regional pay, and how several wage areas are taken together."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import naics
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store
from sharedtable.lmi.workforce import oews_wages, staffing
from sharedtable.lmi.workforce.occupations import ESTIMATE, OccupationTable, occupations
from sharedtable.lmi.workforce.oews_areas import wage_areas, weigh
from sharedtable.lmi.workforce.oews_wages import RANKS, AreaWage, mix_percentiles, mix_wages

COLUMBUS_METRO = ("39041", "39045", "39049", "39073", "39089", "39097", "39117", "39127", "39129", "39159")
CENTRAL_OHIO = (*COLUMBUS_METRO, "39047", "39083", "39091", "39101", "39141")
PAY = ("pay_p10_usd", "pay_p25_usd", "pay_median_usd", "pay_p75_usd", "pay_p90_usd", "pay_mean_usd")
RAW = ("a_p10", "a_p25", "a_median", "a_p75", "a_p90", "a_mean")


def a_region(*areas: str) -> Any:
    return SimpleNamespace(name="the region", areas=tuple(sorted(areas)))


SECTOR: Any = SimpleNamespace(name="the sector")


# --- real data --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def raw(shared: Path) -> duckdb.DuckDBPyConnection:
    """The release as it was published, under its own names."""
    connection = duckdb.connect()
    for name in ("area", "area_occupation", "industry", "national_industry_occupation", "occupation"):
        path = shared / "data" / "oews" / f"oews_2025_{name}.parquet"
        connection.execute(f"create view {name} as select * from read_parquet('{path}')")
    return connection


@pytest.fixture(scope="module")
def oews(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the real OEWS release, the real projections and central Ohio in 2022, as the loader made it."""
    data = shared / "data"
    store = Store(tmp_path_factory.mktemp("oews"), create=True)
    slices = sorted((data / "qcew" / "area_api_ohio").glob("*-2022-*.csv.gz"))
    load([data / "oews", data / "projections" / "bls_ep_occupation_2024_2034.csv", *slices], store, isolated=False)
    return store


def ask(store: Store, jobs: dict[str, int | None], *areas: str, **more: Any) -> OccupationTable:
    return occupations(store, a_region(*areas), SECTOR, jobs_by_industry=jobs, **{"year": 2022} | more)


def test_every_group_of_industries_holds_what_its_published_title_says(
    oews: Store, raw: duckdb.DuckDBPyConnection
) -> None:
    titles = raw.execute("select industry_code, industry_name from industry where industry_code like '%A%'").fetchall()
    said = {code: tuple(re.findall(r"\b\d{4}\b", title)) for code, title in titles}
    book = staffing.patterns(oews, 2025)
    assert said == {code: book.patterns[code].industry.prefixes for code in said}
    assert len(said) == 14


def test_every_published_industry_is_read_as_one_that_naics_knows(oews: Store, raw: duckdb.DuckDBPyConnection) -> None:
    codes = {row[0] for row in raw.execute("select industry_code from industry").fetchall()}
    book = staffing.patterns(oews, 2025)
    totals_and_levels_of_government = {
        *("000000", "99-100", "999001", "999100", "999101", "999200", "999201", "999300", "999301")
    }
    assert codes - set(book.patterns) == totals_and_levels_of_government
    for pattern in book.patterns.values():
        assert all(naics.leaves_with_prefix(prefix, 2022) for prefix in pattern.industry.prefixes), pattern.industry


def test_the_shares_of_every_industry_add_up_to_nearly_all_of_its_jobs(oews: Store) -> None:
    book = staffing.patterns(oews, 2025)
    ratios = np.array([pattern.listed_ratio for pattern in book.patterns.values()])
    jobs = np.array([pattern.jobs for pattern in book.patterns.values()])
    assert len(book.patterns) == 435
    assert len(book.occupations) == 830
    assert ratios.max() <= 1 + 1e-9
    assert np.median(ratios) > 0.98
    assert (ratios * jobs).sum() / jobs.sum() > 0.98


def test_every_surveyed_industry_finds_its_smallest_pattern(oews: Store) -> None:
    book = staffing.patterns(oews, 2025)

    def code(industry: str, vintage: int = 2022, ownership: Any = "private") -> str | None:
        pattern, reason = book.fit(industry, vintage=vintage, ownership=ownership)
        assert (pattern is None) == (reason is not None)
        return pattern.industry.code if pattern else None

    expected = {
        "3261": "326100",
        "326113": "326100",
        "3331": "3330A1",
        "333": "333000",
        "3271": "327000",  # not shown by itself
        "31-33": "31--34",
        "722511": "722511",
        "722513": "722500",
        "238111": "238110",  # QCEW's own half of 238110
        "61": "611005",  # private schools only, not the public ones
        "6111": "611105",
        "622": "622005",
        "55": "551100",
        "10": "000001",
        "11": "11--12",
        "92": "999000",
        "111": None,
        "814110": None,
        "999999": None,
    }
    assert {industry: code(industry) for industry in expected} == expected
    assert code("6111", ownership="total") == "611100"
    assert code("4481", 2017) == "458100"  # clothing stores before they moved in 2022
    surveyed = [c for c in naics.codes(2022, 4) if not c.startswith(("111", "112", "114", "814", "99"))]
    assert all(code(c) for c in surveyed)


def test_central_ohio_machinery_matches_the_long_way_round(oews: Store, raw: duckdb.DuckDBPyConnection) -> None:
    jobs = {"3331": 1800, "3332": 300, "3333": 950, "3334": None, "3335": 1200, "3336": 41, "3339": 2600}
    table = ask(oews, dict(jobs), *COLUMBUS_METRO)
    by_hand: dict[str, float] = {}
    fits = {"3331": "3330A1", "3332": "3330A1", "3333": "333300", "3335": "333500", "3336": "333600", "3339": "3330A1"}
    for industry, pattern in fits.items():
        rows = raw.execute(
            "select occupation_code, employment from national_industry_occupation where industry_code = ?", [pattern]
        ).fetchall()
        total = dict(rows)["000000"]
        detailed = raw.execute("select occupation_code from occupation where display_level = 3").fetchall()
        names = {row[0] for row in detailed}
        for occupation, employment in rows:
            if occupation in names and employment is not None:
                by_hand[occupation] = by_hand.get(occupation, 0) + jobs[industry] * employment / total
    shown = {row["occupation_code"].replace("-", ""): row for row in table.rows}
    assert set(shown) == {code for code, value in by_hand.items() if value >= 0.5}
    for code, row in shown.items():
        assert row["estimated_jobs"] == math.floor(by_hand[code] + 0.5)
        assert row["share_pct"] == pytest.approx(100 * by_hand[code] / 6891, abs=0.006)
    assert table.sector_jobs == table.covered_jobs == 6891
    assert table.listed_jobs == round(sum(by_hand.values()))
    assert table.withheld_industries == ("3334",)
    assert any("3334" in note for note in table.notes)
    assert table.label == ESTIMATE


@pytest.mark.parametrize(
    ("area", "county"), [("0018140", "39049"), ("0010420", "39153"), ("0035620", "36061"), ("0011540", "55087")]
)
def test_one_wage_area_keeps_its_published_wages_to_the_bit(
    oews: Store, raw: duckdb.DuckDBPyConnection, area: str, county: str
) -> None:
    published = raw.execute(
        f"select occupation_code, {', '.join(RAW)} from area_occupation join occupation using (occupation_code) "
        "where area_code = ? and display_level = 3",
        [area],
    ).fetchall()
    wages = {code: values for code, *values in published}
    table = ask(oews, {"10": 5_000_000}, county)
    assert len(table.rows) > 700
    for row in table.rows:
        code = row["occupation_code"].replace("-", "")
        assert [row[key] for key in PAY] == wages.get(code, [None] * 6), code
    assert len(table.wage_areas) == 1


def test_withheld_wages_are_null_and_capped_ones_are_marked(oews: Store) -> None:
    table = ask(oews, {"622": 2_000_000}, "26081")  # Kent County, in the Grand Rapids metropolitan area
    rows = {row["occupation_code"]: row for row in table.rows}
    capped = rows["29-1211"]
    assert capped["pay_p90_usd"] is None
    assert capped["top_coded_columns"] == "pay_p90_usd"
    assert capped["pay_p75_usd"] == 384800
    absent = [row for row in table.rows if row["pay_median_usd"] is None and not row["top_coded_columns"]]
    assert absent
    assert all(row["pay_note"] for row in absent)


def test_an_occupation_paid_by_the_hour_only_says_so(oews: Store, raw: duckdb.DuckDBPyConnection) -> None:
    assert raw.execute(
        "select a_median, h_median is not null from area_occupation "
        "where area_code = '0035620' and occupation_code = '272042'"
    ).fetchall() == [(None, True)]
    rows = {row["occupation_code"]: row for row in ask(oews, {"7111": 100_000}, "36061").rows}
    assert rows["27-2042"]["pay_median_usd"] is None
    assert rows["27-2042"]["pay_note"] == "Published by the hour only."


def test_a_county_outside_the_metropolitan_areas_takes_its_state_and_says_so(
    oews: Store, raw: duckdb.DuckDBPyConnection
) -> None:
    table = ask(oews, {"3261": 1000}, "39047")
    assert table.wage_areas == ("Ohio (whole state)",)
    assert any("Fayette County" in note and "Ohio as a whole state" in note for note in table.notes)
    row = next(row for row in table.rows if row["occupation_code"] == "51-4072")
    assert row["pay_area_title"] == "Ohio (whole state)"
    sql = "select a_median from area_occupation where area_code = '3900000' and occupation_code = '514072'"
    assert row["pay_median_usd"] == raw.execute(sql).fetchall()[0][0]


def test_wage_areas_are_found_for_counties_states_metros_and_former_counties(raw: duckdb.DuckDBPyConnection) -> None:
    known = dict(raw.execute("select area_code, area_name from area").fetchall())

    def found(*areas: str) -> list[tuple[str, str]]:
        return [(part.oews_code, part.basis) for part in wage_areas(areas, known)[0]]

    assert found("39049", "39041", "39061") == [("0017140", "metro"), ("0018140", "metro")]
    assert found("C1814") == [("0018140", "metro")]
    assert found("39000") == [("3900000", "state")]
    assert found("US000") == [("0000000", "nation")]
    assert found("09110") == [("0025540", "metro")]
    # Hartford County is no more, so its metropolitan area is not certain.
    assert found("09003") == [("0900000", "state")]
    assert found("09160") == [("0900001", "nonmetro")]  # the state's only nonmetropolitan area
    assert found("39999") == [("3900000", "state")]
    parts, notes = wage_areas(("39001", "39005", "39021", "39027", "39033", "39037"), known)
    assert notes[0].startswith("Adams County, Ohio, ")
    assert "and 2 more areas: in no metropolitan wage area" in notes[0]
    parts, notes = wage_areas(("US000",), {})
    assert parts == ()
    assert "United States" in notes[0]


def test_every_county_of_today_finds_a_wage_area(raw: duckdb.DuckDBPyConnection) -> None:
    from sharedtable.lmi.places import areas

    known = dict(raw.execute("select area_code, area_name from area").fetchall())
    lost = [c.code for c in areas.counties() if c.is_current and not wage_areas((c.code,), known)[0]]
    assert lost == []


def test_fifteen_counties_weigh_the_metro_and_the_state_by_the_jobs_that_are_there(oews: Store) -> None:
    both = ask(oews, {"333": 9000}, *CENTRAL_OHIO)
    metro = {row["occupation_code"]: row for row in ask(oews, {"333": 9000}, *COLUMBUS_METRO).rows}
    state = {row["occupation_code"]: row for row in ask(oews, {"333": 9000}, "39000").rows}
    assert both.wage_areas == ("Columbus, OH", "Ohio (whole state)")
    assert not any("number of counties" in note for note in both.notes)
    nearer_metro = compared = 0
    for row in both.rows:
        one, two = metro[row["occupation_code"]], state[row["occupation_code"]]
        for key in PAY:
            if row["pay_area_title"] != "Columbus, OH + Ohio (whole state)" or row[key] is None:
                continue
            low, high = sorted((one[key], two[key]))
            assert low <= row[key] <= high
            if one[key] != two[key]:
                compared += 1
                nearer_metro += abs(row[key] - one[key]) < abs(row[key] - two[key])
    assert compared > 300
    assert nearer_metro / compared > 0.9  # nine in ten of the region's jobs are in the metropolitan area


def test_pay_is_held_against_the_threshold_that_the_team_set(oews: Store) -> None:
    for row in ask(oews, {"3261": 5000}, "39049", pay_threshold_usd=48_000).rows:
        for flag, key in (("entry", "pay_p25_usd"), ("median", "pay_median_usd")):
            expected = None if row[key] is None else row[key] >= 48_000
            assert row[f"clears_threshold_at_{flag}"] is expected
    assert all(row["clears_threshold_at_entry"] is None for row in ask(oews, {"3261": 5000}, "39049").rows)


def test_the_national_outlook_stands_beside_each_occupation(oews: Store) -> None:
    table = ask(oews, {"541": 50_000}, "39049")
    row = next(row for row in table.rows if row["occupation_code"] == "13-2011")
    assert row["national_change_pct"] == 4.6
    assert row["national_openings_year_jobs"] == 124_200
    assert row["entry_education_title"] == "Bachelor's degree"
    assert table.projection_years == (2024, 2034)


def test_national_industries_give_back_the_national_occupations(oews: Store, raw: duckdb.DuckDBPyConnection) -> None:
    """All industries of the nation at four digits, taken apart and put together again."""
    book = staffing.patterns(oews, 2025)
    smallest = {code: book.fit(code, vintage=2022, ownership="total")[0] for code in naics.codes(2022, 4)}
    jobs: dict[str, int | None] = {}
    for code, pattern in smallest.items():
        used = {p.industry.code for c, p in smallest.items() if c in jobs and p is not None}
        if pattern is not None and pattern.industry.code not in used:
            jobs[code] = pattern.jobs
    table = ask(oews, jobs, "US000", ownership="total")
    published = dict(
        raw.execute("select occupation_code, employment from area_occupation where area_code = '0000000'").fetchall()
    )
    pairs = [(r["estimated_jobs"], published[r["occupation_code"].replace("-", "")]) for r in table.rows]
    assert len(pairs) == 829
    # What is missing is what OEWS withholds in single industries.
    assert sum(abs(a - b) for a, b in pairs) / sum(b for _, b in pairs) < 0.012
    assert table.listed_jobs_pct is not None and table.listed_jobs_pct > 99


def test_an_answer_names_its_sources_and_can_be_written_as_json(oews: Store) -> None:
    table = ask(oews, {"3261": 5000}, "39049")
    assert [(s["id"], s["vintage"]) for s in table.sources] == [
        ("qcew-annual-area", "2022"),
        ("oews", "May 2025"),
        ("occupation-projections", "2024 to 2034"),
    ]
    assert table.sources[0]["files"] == 1  # the county's own, not the other fourteen
    assert all(s["publisher"] and s["licence"] for s in table.sources)
    again = json.loads(json.dumps(table.to_dict()))
    assert again["rows"][0]["occupation_code"] == table.rows[0]["occupation_code"]
    assert (again["covered_jobs_pct"], again["label"]) == (100.0, ESTIMATE)


def test_rows_fall_by_jobs_and_the_limit_keeps_the_first(oews: Store) -> None:
    full, short = ask(oews, {"3261": 5000}, "39049"), ask(oews, {"3261": 5000}, "39049", limit=7)
    jobs = [row["estimated_jobs"] for row in full.rows]
    assert jobs == sorted(jobs, reverse=True)
    assert short.rows == full.rows[:7]
    assert short.listed_jobs == full.listed_jobs
    assert short.shown_jobs < full.shown_jobs <= full.listed_jobs
    assert list(full.to_pandas()["occupation_code"]) == [row["occupation_code"] for row in full.rows]
    assert full.to_dict()["rows"][0]["occupation_title"] in full._repr_html_()


def test_farms_are_left_out_with_the_reason(oews: Store) -> None:
    table = ask(oews, {"111": 400, "3261": 600}, "39049")
    assert table.sector_jobs == 1000
    assert table.covered_jobs == 600
    assert table.covered_jobs_pct == 60.0
    assert any("111 is not in the estimate" in note and "farms" in note for note in table.notes)


def test_what_cannot_be_right_is_refused_in_words(oews: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="3261 is part of industry 326"):
        ask(oews, {"326": 10, "3261": 5}, "39049")
    with pytest.raises(Refused, match="3261 is part of industry 31-33"):
        ask(oews, {"31-33": 10, "3261": 5}, "39049")
    with pytest.raises(Refused, match="cannot be negative"):
        ask(oews, {"326": -1}, "39049")
    with pytest.raises(Refused, match="at least 1"):
        ask(oews, {"326": 1}, "39049", limit=0)
    with pytest.raises(Missing, match="9876"):
        ask(oews, {"9876": 1}, "39049")
    with pytest.raises(Missing, match="No OEWS"):
        ask(Store(tmp_path, create=True), {"326": 1}, "39049")


def test_a_sector_without_known_jobs_gives_no_rows_and_no_shares(oews: Store) -> None:
    table = ask(oews, {"3261": None}, "39049")
    assert table.rows == ()
    assert table.covered_jobs_pct is None


# --- weights and mixtures ---------------------------------------------------------------------------------------------


def test_without_total_jobs_the_areas_are_weighted_by_counties_and_it_is_said() -> None:
    known = {"0018140": "Columbus, OH", "3900000": "Ohio"}
    parts, _ = wage_areas(("39049", "39041", "39047"), known)
    weighed, note = weigh(parts, {}, {"0018140": 1_100_000, "3900000": 5_500_000})
    shares = {part.oews_code: part.area_share_ratio for part in weighed}
    assert shares == {"0018140": 2 / 10, "3900000": 1 / 88}
    assert note and "number of counties" in note
    jobs = {"39049": 700_000, "39041": 100_000, "39047": 11_000}
    weighed, note = weigh(parts, jobs, {"0018140": 1_000_000, "3900000": 5_500_000})
    assert {part.oews_code: part.area_share_ratio for part in weighed} == {"0018140": 0.8, "3900000": 0.002}
    assert note is None


percentiles = st.lists(st.integers(1500, 40_000).map(lambda v: v * 10), min_size=5, max_size=5).map(sorted).map(tuple)
several = st.lists(st.tuples(percentiles, st.floats(0.5, 5000)), min_size=1, max_size=5)


@given(several)
def test_mixed_percentiles_never_fall_and_stay_between_those_of_the_areas(areas: list[Any]) -> None:
    values = [a for a, _ in areas]
    mixed = mix_percentiles(values, [w for _, w in areas])
    assert all(value is not None for value in mixed)
    assert all(a <= b * (1 + 1e-12) for a, b in zip(mixed, mixed[1:], strict=False))
    for k, value in enumerate(mixed):
        assert min(v[k] for v in values) <= value <= max(v[k] for v in values)


@given(percentiles, st.floats(0.5, 5000), st.integers(1, 4))
def test_an_area_mixed_with_itself_is_unchanged(own: Any, weight: float, times: int) -> None:
    assert mix_percentiles([own] * times, [weight] * times) == pytest.approx(own, rel=1e-9)


@given(percentiles, percentiles, st.floats(0.5, 5000))
def test_the_order_of_the_areas_and_the_scale_of_the_weights_do_not_matter(one: Any, two: Any, weight: float) -> None:
    mixed = mix_percentiles([one, two], [weight, 3.0])
    assert mix_percentiles([two, one], [30.0, 10 * weight]) == pytest.approx(mixed, rel=1e-9)


@given(several)
def test_mixed_percentiles_are_those_of_everybody_lined_up(areas: list[Any]) -> None:
    """The slow, obvious twin: give each worker a wage, line all workers up, count."""
    crowd: list[np.ndarray[Any, Any]] = []
    for values, weight in areas:
        logs = np.log(np.array(values, dtype=float))
        steps = [*np.linspace(0, 0.1, 200), *np.linspace(0.1, 0.9, 3000), *np.linspace(0.9, 1, 200)]
        ranks = (np.array(steps[1:]) + np.array(steps[:-1])) / 2
        low = logs[0] + (logs[1] - logs[0]) / 0.15 * (ranks - 0.10)
        high = logs[4] + (logs[4] - logs[3]) / 0.15 * (ranks - 0.90)
        inside = np.interp(ranks, RANKS, logs)
        wage = np.exp(np.where(ranks < 0.10, low, np.where(ranks > 0.90, high, inside)))
        crowd.append(np.column_stack([wage, np.diff(steps) * weight]))
    people = np.concatenate(crowd)
    everybody = people[:, 1].sum()
    for rank, value in zip(RANKS, mix_percentiles([a for a, _ in areas], [w for _, w in areas]), strict=True):
        assert value is not None
        poorer = people[people[:, 0] < value * (1 - 1e-9), 1].sum() / everybody
        not_richer = people[people[:, 0] <= value * (1 + 1e-9), 1].sum() / everybody
        assert poorer - 0.002 <= rank <= not_richer + 0.002


def test_two_towns_of_equal_size_give_the_percentiles_worked_out_by_hand() -> None:
    # Pay doubles over each step; the towns do not overlap, so half of all workers earn less than every worker of B.
    a, b = (10_000, 20_000, 40_000, 80_000, 100_000), (300_000, 400_000, 500_000, 600_000, 700_000)
    mixed = mix_percentiles([a, b], [1.0, 1.0])
    assert mixed[0] == pytest.approx(10_000 * 2 ** (0.10 / 0.15))  # rank 0.20 of A: two thirds from p10 to p25
    assert mixed[1] == pytest.approx(40_000)  # rank 0.50 of A
    assert mixed[3] == pytest.approx(500_000)  # rank 0.50 of B


def row(area: str, pay: Any, weight: float | None, **more: Any) -> AreaWage:
    return AreaWage(area, pay, None if pay[2] is None else pay[2], weight, **more)


ONE, TWO, NONE = (30_000, 35_000, 41_110, 52_000, 60_010), (40_000, 45_000, 50_000, 60_000, 70_000), (None,) * 5


def test_an_area_without_wages_or_with_withheld_jobs_is_left_out_when_another_has_them() -> None:
    alone = mix_wages([row("x", ONE, 50), row("y", NONE, 90)], {})
    assert (alone.percentiles, alone.areas, alone.is_mixed) == (ONE, ("x",), False)
    assert mix_wages([row("x", ONE, None), row("y", TWO, 90)], {}).areas == ("y",)
    assert mix_wages([row("x", NONE, 4)], {}).areas == ()


def test_when_no_area_publishes_the_jobs_their_size_is_the_weight() -> None:
    mixed = mix_wages([row("x", ONE, None), row("y", TWO, None)], {"x": 300.0, "y": 100.0})
    assert mixed.is_weighted_by_area_size
    assert mixed.mean == 43_330  # (3 × 41,110 + 50,000) ÷ 4, to ten dollars
    assert mixed.percentiles == tuple(
        None if v is None else round(v, -1) for v in mix_percentiles([ONE, TWO], [3.0, 1.0])
    )


def test_a_capped_percentile_of_one_area_leaves_the_mixture_without_it() -> None:
    capped = row("x", (*ONE[:4], None), 10, top_coded=frozenset({"annual_p90_usd"}))
    mixed = mix_wages([capped, row("y", TWO, 10)], {})
    assert mixed.percentiles[4] is None
    assert mixed.top_coded == {"annual_p90_usd"}
    assert all(value is not None for value in mixed.percentiles[:4])
    # Only one known point says nothing about a distribution.
    lone = row("x", (30_000, None, None, None, None), 10)
    assert mix_wages([lone, row("y", TWO, 10)], {}).percentiles == (None,) * 5


def test_a_changed_store_is_read_again(tmp_path: Path) -> None:
    made: list[int] = []
    for revision in ("a", "a", "b"):
        staffing.remember(("test", str(tmp_path), revision), lambda: made.append(1))
    assert len(made) == 2


def test_the_percentile_columns_are_the_ones_that_the_store_holds() -> None:
    assert len(oews_wages.PERCENTILES) == len(RANKS)
    assert oews_wages.PAY_COLUMNS[-1] == "annual_mean_usd"
