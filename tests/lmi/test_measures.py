"""The fast measures against their slow twin, figure by figure, on random stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sharedtable.errors import Missing
from sharedtable.lmi import Region, Sector, Store, history, naics, profile, rank
from sharedtable.lmi.definitions import Rule
from tests.lmi import worlds
from tests.lmi.twin import Column, Twin
from tests.lmi.worlds import World

# A world comes from a seed, so a failing one cannot be made smaller step by step.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SECTORS = (
    Sector.of("335139", name="Lighting"),  # merged on the way to 2022
    Sector.of("335", name="Electrical"),
    Sector.of("238", name="Trades"),
    Sector.of("3118, 326", name="Food and plastics"),
    Sector.of("31-33, -3118", name="Manufacturing without bakeries"),
    Sector.of("31-33, 52, -335139", name="Making and lending"),
    Sector.of("315*", name="Clothes"),
    Sector.of("4551, 3118", name="Department stores and bakeries"),  # a split keeps it from having an earlier figure
)


def assert_same(found: Mapping[str, Any], wanted: Mapping[str, Any], where: str) -> None:
    """Every figure of the twin's row is in the other row, equal or both unknown."""
    for key, value in wanted.items():
        other = found[key]
        same = other == value or (
            isinstance(value, float) and isinstance(other, (int, float)) and abs(other - value) < 1e-9
        )
        assert same, f"{where}: {key} is {other!r}, the twin says {value!r}"
        assert not (isinstance(other, float) and np.isnan(other)), f"{where}: {key} is not a number"


def a_region(draw: st.DataObject, twin: Twin) -> tuple[Region, int]:
    """Some counties of a year of the store, and that year."""
    year = draw.draw(st.sampled_from(twin.years), label="year")
    counties = sorted(area for y, area in twin.loaded if y == year and area in worlds.COUNTIES)
    chosen = draw.draw(st.lists(st.sampled_from(counties), min_size=1, unique=True), label="areas")
    return Region.of(sorted(chosen)), year


@settings(max_examples=12, phases=PHASES)
@given(world=worlds.worlds(), draw=st.data())
def test_every_figure_of_a_ranking_equals_the_twin(world: World, draw: st.DataObject) -> None:
    twin = Twin(world.rows)
    region, year = a_region(draw, twin)
    ownership = draw.draw(st.sampled_from(["private", "total"]), label="ownership")
    base = draw.draw(st.sampled_from(["us", "state"]), label="base")
    weights = draw.draw(
        st.sampled_from([None, {"size": 2, "growth": 1}, {"wages": 1}, {"growth": 1}, {"concentration": 3, "size": 1}])
    )
    limit = draw.draw(st.sampled_from([0, 10, 25, 60]), label="limit")
    with worlds.stored(world) as store:
        for digits in (2, 3, 4, 5, 6):
            found = rank(
                store,
                region,
                digits=digits,
                year=year,
                ownership=ownership,
                base=base,
                weights=weights,
                pay_threshold_usd=41_000,
                withheld_limit_pct=limit,
            )
            weighed = {name: (weights or {}).get(name, 0 if weights else 1) for name in found.weights}
            wanted = twin.rank(region.areas, digits, year, ownership, base, weighed, 41_000, limit)
            assert [row["industry_code"] for row in found.rows] == [row["industry_code"] for row in wanted]
            for row, right in zip(found.rows, wanted, strict=True):
                score, criteria = right.pop("score"), right.pop("criteria")
                right.pop("_jobs")
                assert_same(row, right, f"{digits} digits, {row['industry_code']}")
                if score is None:
                    assert row["score"] is None
                else:
                    assert abs(row["score"] - score) <= 0.05 + 1e-9
                for name, pct in criteria.items():
                    mine = row["criteria_pct"][name]
                    assert (mine is None) == (pct is None)
                    assert pct is None or abs(mine - pct) <= 0.05 + 1e-9


@settings(max_examples=12, phases=PHASES)
@given(world=worlds.worlds(), draw=st.data())
def test_every_figure_of_a_profile_and_its_history_equals_the_twin(world: World, draw: st.DataObject) -> None:
    twin = Twin(world.rows)
    region, year = a_region(draw, twin)
    ownership = draw.draw(st.sampled_from(["private", "total"]), label="ownership")
    base = draw.draw(st.sampled_from(["us", "state"]), label="base")
    vintage = naics.vintage_of_year(year)
    with worlds.stored(world) as store:
        for sector in draw.draw(
            st.lists(st.sampled_from(SECTORS), min_size=3, max_size=3, unique=True), label="sectors"
        ):
            try:
                leaves = sector.leaves(vintage)
            except Missing:  # this vintage has no such industry
                continue
            column = Column(vintage, leaves=leaves)
            found = profile(store, region, sector, year=year, ownership=ownership, base=base, pay_threshold_usd=41_000)
            assert_same(found.row, twin.row(column, region.areas, year, ownership, base, 41_000), sector.name)
            assert found.row["industry_code"] == ", ".join(naics.cover(leaves, vintage))
            assert_history(store, twin, region, sector, column, year, ownership, base)


def assert_history(
    store: Store, twin: Twin, region: Region, sector: Sector, column: Column, year: int, ownership: Any, base: Any
) -> None:
    rows = history(store, region, sector, year=year, ownership=ownership, base=base).rows
    assert [row["year"] for row in rows] == twin.years_of(region.areas)
    for row in rows:
        where = f"{sector.name} in {row['year']}"
        if column.codes_in(row["year"]) is None:
            assert row["is_cut"]
            assert row["cut_reason"]
            assert all(row[key] is None for key in ("employment_jobs", "location_quotient_ratio", "status"))
            continue
        wanted = twin.row(column, region.areas, row["year"], ownership, base, None)
        keys = set(row) & set(wanted) - {"is_cut"}
        assert len(keys) == 6
        assert row["is_cut"] is False
        assert_same(row, {key: wanted[key] for key in keys}, where)


RULES = st.tuples(
    st.sampled_from(["employment_jobs", "average_annual_pay_usd", "location_quotient_ratio", "jobs_per_establishment"]),
    st.sampled_from([">=", "<="]),
    st.sampled_from([0.5, 1.0, 20.0, 500.0, 30_000.0, 45_000.0]),
)


@settings(max_examples=12, phases=PHASES)
@given(world=worlds.worlds(), draw=st.data())
def test_a_sector_with_rules_counts_what_the_twin_lets_in(world: World, draw: st.DataObject) -> None:
    twin = Twin(world.rows)
    region, year = a_region(draw, twin)
    ownership = draw.draw(st.sampled_from(["private", "total"]), label="ownership")
    rules = draw.draw(st.lists(RULES, min_size=1, max_size=2, unique_by=lambda rule: rule[0]), label="rules")
    plain = draw.draw(st.sampled_from(SECTORS), label="sector")
    sector = replace(plain, rules=tuple(Rule(*rule) for rule in rules))
    vintage = naics.vintage_of_year(year)
    try:
        leaves = sector.leaves(vintage)
    except Missing:
        return
    with worlds.stored(world) as store:
        asked = {"year": year, "ownership": ownership, "pay_threshold_usd": 41_000}
        found = profile(store, region, sector, **asked)
        verdicts = twin.taken(rules, leaves, region.areas, year, ownership, "us")
        assert {row["industry_code"]: row["is_in_sector"] for row in found.parts} == verdicts
        inside = [naics.leaves(code, vintage) for code, verdict in verdicts.items() if verdict]
        counted = frozenset().union(*inside) if inside else leaves
        wanted = twin.row(Column(vintage, leaves=counted), region.areas, year, ownership, "us", 41_000)
        assert_same(found.row, wanted, f"{sector.name} by {rules}")
        assert found.whole.row == profile(store, region, plain, **asked).row
        assert (len(found.ruled.taken), len(found.ruled.left), len(found.ruled.open)) == tuple(
            list(verdicts.values()).count(verdict) for verdict in (True, False, None)
        )
        history_rows = found.history.rows
        assert history_rows == history(store, region, found.counted, year=year, ownership=ownership).rows


@settings(max_examples=12, phases=PHASES)
@given(world=worlds.worlds(), draw=st.data())
def test_the_truth_of_a_withheld_cell_is_never_above_its_bound(world: World, draw: st.DataObject) -> None:
    twin = Twin(world.rows)
    region, year = a_region(draw, twin)
    vintage = naics.vintage_of_year(year)
    with worlds.stored(world) as store:
        for digits in (2, 3, 4, 5, 6):
            for row in rank(store, region, digits=digits, year=year).rows:
                most = twin.region_at_most(Column(vintage, row["industry_code"]), region.areas, year, "private")
                true = sum(world.truth.get((year, area, 5, row["industry_code"]), 0) for area in region.areas)
                published = row["employment_jobs"] or 0
                assert published <= true
                if most is not None:
                    assert true <= published + most
                if row["withheld_jobs_pct"] is not None:
                    assert row["withheld_jobs_pct"] == 0
                    assert true == published
                if row["withheld_jobs_max_pct"] is not None and true:
                    assert 100 * (true - published) / true <= row["withheld_jobs_max_pct"] + 0.05 + 1e-9
