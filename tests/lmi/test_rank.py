"""Ranking: order, weights, industries listed apart, sentences and refusals, on the real Ohio figures."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sharedtable.errors import Missing, Refused
from sharedtable.lmi import Region, Sector, Store, rank
from sharedtable.lmi.definitions import Rule
from sharedtable.lmi.ranking import CRITERIA
from sharedtable.lmi.rows import _declining
from tests.lmi import worlds
from tests.lmi.conftest import OHIO_COUNTIES

REGION = Region.of(OHIO_COUNTIES, name="Central Ohio")
ISSUE_FIELDS = (
    "industry_code industry_title employment_jobs employment_change_2y_jobs employment_change_2y_pct "
    "employment_change_10y_jobs employment_change_10y_pct change_span_years location_quotient_ratio "
    "location_quotient_then_ratio average_annual_pay_usd establishments jobs_per_establishment projected_change_pct "
    "withheld_jobs_pct withheld_cells status"
)


def codes(store: Store, **asked: Any) -> list[str]:
    return [row["industry_code"] for row in rank(store, REGION, **asked).rows]


def test_a_row_has_every_field_that_the_command_promises(ohio: Store) -> None:
    found = rank(ohio, REGION, digits=4).to_dict()
    assert {"region", "year", "ownership", "base", "sources", "rows"} <= set(found)
    for row in found["rows"]:
        assert set(ISSUE_FIELDS.split()) <= set(row)
        assert row["status"] in ("published", "partly_withheld", "withheld")
    json.dumps(found, allow_nan=False)


def test_the_same_question_gives_the_same_order(ohio: Store) -> None:
    again = Store(ohio.root)
    for digits in (2, 4, 6):
        assert codes(ohio, digits=digits) == codes(again, digits=digits)
    shuffled = Region(REGION.name, tuple(reversed(OHIO_COUNTIES)))
    assert rank(ohio, shuffled, digits=4).rows == rank(ohio, REGION, digits=4).rows


def test_equal_weights_are_the_default(ohio: Store) -> None:
    equal = rank(ohio, REGION, weights=dict.fromkeys(CRITERIA, 2.5)).rows
    assert equal == rank(ohio, REGION, weights=None).rows


@pytest.mark.parametrize(
    ("criterion", "column"),
    [
        ("size", "employment_jobs"),
        ("wages", "average_annual_pay_usd"),
        ("concentration", "location_quotient_ratio"),
        ("growth", "employment_change_10y_pct"),
    ],
)
def test_one_weight_alone_orders_by_its_own_figure(ohio: Store, criterion: str, column: str) -> None:
    rows = [row for row in rank(ohio, REGION, weights={criterion: 1}).rows if row["rank"]]
    values = [row[column] for row in rows]
    assert len(values) > 100
    assert None not in values
    assert values == sorted(values, reverse=True)


def test_moving_a_weight_moves_the_order_toward_its_figure(ohio: Store) -> None:
    def place(weights: dict[str, float] | None, code: str) -> int:
        return next(r["rank"] for r in rank(ohio, REGION, weights=weights).rows if r["industry_code"] == code)

    # Restaurants: the most jobs, low pay.
    assert place({"size": 4, "wages": 1}, "7225") < place(None, "7225") < place({"size": 1, "wages": 4}, "7225")


def test_too_much_withheld_puts_an_industry_apart_and_never_below_others(ohio: Store) -> None:
    for limit in (0, 25, 60):
        rows = rank(ohio, REGION, digits=6, withheld_limit_pct=limit).rows
        ranked = [row for row in rows if row["rank"] is not None]
        apart = [row for row in rows if row["rank"] is None]
        assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
        assert rows == ranked + apart
        assert apart
        for row in apart:
            assert row["score"] is None
            assert row["withheld_cells"] > 0 or row["industry_code"].startswith("99")
            assert row["explanation"].startswith("Listed apart")
        assert not any(row["status"] == "withheld" for row in ranked)
        # A ranked industry is judged among the ranked only: the percentages reach 100 and 1 ÷ number.
        for name in CRITERIA:
            assert max(row["criteria_pct"][name] or 0 for row in ranked) == 100.0
        if limit == 0:
            assert all(row["withheld_establishments_pct"] == 0 or row["withheld_jobs_pct"] == 0 for row in ranked)
        assert not any(row["industry_code"].startswith("99") for row in ranked)
    strict = rank(ohio, REGION, digits=6, withheld_limit_pct=10).order
    loose = rank(ohio, REGION, digits=6, withheld_limit_pct=60).order
    assert set(strict.tolist()) < set(loose.tolist())


def test_an_industry_of_which_nothing_that_ranks_it_is_known_is_apart_too(ohio: Store) -> None:
    """Retail was recoded in 2022: general merchandise stores have no earlier figure."""
    rows = {row["industry_code"]: row for row in rank(ohio, REGION, year=2022, weights={"growth": 1}).rows}
    assert rows["4551"]["is_cut"]
    assert rows["4551"]["rank"] is None
    assert rows["4551"]["score"] is None
    assert "not known" in rows["4551"]["explanation"] or rows["4551"]["withheld_cells"] > 0
    assert rank(ohio, REGION, year=2022).rows != []
    json.dumps(rank(ohio, REGION, year=2016, weights={"growth": 1}).to_dict(), allow_nan=False)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_explanation_names_the_figures_of_its_row(ohio: Store, language: str) -> None:
    found = rank(ohio, REGION, digits=4, language=language)
    for row in found.rows:
        text = row["explanation"]
        numbers = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
        if row["rank"] is not None:
            assert numbers[:2] == [str(row["rank"]), str(len(found.order))]
        if row["employment_jobs"] is not None:
            assert f"{row['employment_jobs']:,}" in numbers
        if row["average_annual_pay_usd"] is not None:
            assert f"${row['average_annual_pay_usd']:,}" in text
        if row["location_quotient_ratio"] is not None:
            assert f"{row['location_quotient_ratio']:.2f}" in numbers
        if row["employment_change_10y_pct"] is not None:
            assert f"{row['employment_change_10y_pct']:+.1f}%" in text
            assert str(row["change_since_year"]) in numbers
        assert text.endswith(".")
        assert "None" not in text
        assert "nan" not in re.findall(r"\w+", text)
    starts = {"en": ("Number", "Listed apart"), "es": ("Lugar", "Aparte")}[language]
    assert all(row["explanation"].startswith(starts) for row in found.rows)


def test_decline_is_flagged_by_both_spans_or_by_a_projection() -> None:
    def flag(projected: float | None, two: float | None, ten: float | None) -> tuple[bool, str | None]:
        return _declining(
            {
                "projected_change_pct": projected,
                "employment_change_2y_pct": two,
                "employment_change_10y_pct": ten,
            }
        )

    assert flag(None, -0.1, -3.0) == (True, "history")
    assert flag(None, -0.1, 3.0) == (False, None)
    assert flag(None, 0.0, -3.0) == (False, None)
    assert flag(None, None, -3.0) == (False, None)
    assert flag(-0.1, 5.0, 5.0) == (True, "projection")
    assert flag(0.0, -5.0, -5.0) == (False, None)


def test_a_declining_industry_is_ranked_and_says_so(ohio: Store) -> None:
    rows = rank(ohio, REGION, digits=4).rows
    falling = [row for row in rows if row["is_declining"]]
    assert falling
    assert any(row["rank"] is not None for row in falling)
    assert all("declining" in row["explanation"] for row in falling)
    assert not any("declining" in row["explanation"] for row in rows if not row["is_declining"])


def test_a_sector_narrows_the_ranking_to_what_lies_inside_it(ohio: Store) -> None:
    sector = Sector.of("31-33, -3118", name="Making without bakeries")
    inside = codes(ohio, sector=sector)
    assert inside
    assert all(code[:2] in ("31", "32", "33") and code != "3118" for code in inside)
    assert set(inside) < set(codes(ohio))
    with pytest.raises(Refused, match="No industry of 2 digits lies wholly inside"):
        rank(ohio, REGION, sector=sector, digits=2)


def test_rules_of_a_sector_mark_each_row_in_or_out_with_the_reason(ohio: Store) -> None:
    sector = Sector("Well paid making", ("31-33",), rules=(Rule.minimum("average_annual_pay_usd", 60_000),))
    for row in rank(ohio, REGION, sector=sector).rows:
        pay = row["average_annual_pay_usd"]
        assert row["is_in_sector"] is (None if pay is None else pay >= 60_000)
        assert row["rule_reasons"]


def test_the_sources_name_every_year_that_a_figure_stands_on(ohio: Store) -> None:
    found = rank(ohio, REGION, year=2022).to_dict()["sources"]
    assert {int(source["vintage"]) for source in found} == {2016, 2020, 2022}
    for source in found:
        assert source["files"] == 15
        assert source["publisher"]
        assert source["lag"]
        assert "{" not in (source["address"] or "")


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        ({"year": 2019}, Missing, "The year 2019 is not loaded. This store holds 2016, 2020, 2021, 2022."),
        ({"digits": 7}, Refused, "2 to 6 digits, not 7"),
        ({"digits": 1}, Refused, "2 to 6 digits, not 1"),
        ({"weights": {"sise": 1}}, Refused, "“sise” is not a criterion. Use size, wages, concentration, growth."),
        ({"weights": {"size": 0, "growth": 0}}, Refused, "All weights are zero"),
        ({"weights": {"size": -1}}, Refused, "Weights are zero or more"),
        ({"weights": {"size": float("nan")}}, Refused, "Weights are zero or more"),
        ({"ownership": "public"}, Refused, "Use private or total"),
        ({"base": "county"}, Refused, "Use us or state"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(ohio: Store, asked: Any, kind: type, words: str) -> None:
    with pytest.raises(kind) as refusal:
        rank(ohio, REGION, **asked)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_areas_that_are_not_loaded_are_named(ohio: Store) -> None:
    with pytest.raises(Missing) as refusal:
        rank(ohio, Region.of("39041,39035,18097"), year=2022)
    text = str(refusal.value)
    assert "39035 (Cuyahoga County, Ohio)" in text
    assert "18097 (Marion County, Indiana)" in text
    assert "39041" not in text
    with pytest.raises(Missing, match="50007"):
        rank(ohio, Region.of("50007"), year=2022)
    assert rank(ohio, Region.of("50007")).year == 2016  # the newest year that holds it


def test_an_empty_store_says_how_to_fill_it(tmp_path: Any) -> None:
    with pytest.raises(Missing, match="There are no QCEW figures"):
        rank(Store(tmp_path, create=True), REGION)


def test_equal_scores_fall_back_on_jobs_and_then_on_codes() -> None:
    world = worlds.make({2022: ["39041", "39045"]}, 0.0, 3)
    with worlds.stored(world) as store:
        rows = rank(store, Region.of("39041,39045"), digits=6, weights={"growth": 1, "size": 1}).rows
        ranked = [row for row in rows if row["rank"]]
        assert ranked == sorted(ranked, key=lambda row: (-row["score"], -row["employment_jobs"], row["industry_code"]))


def test_a_ranking_becomes_a_data_frame_and_a_notebook_table(ohio: Store) -> None:
    found = rank(ohio, REGION, digits=3)
    assert len(found.to_pandas()) == len(found.to_polars()) == len(found.rows)
    assert "<th>industry_code</th>" in found._repr_html_()
