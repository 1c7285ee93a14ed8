"""The template for industry projections, a region's projected change, decline, and the outlook of a sector's jobs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Missing, Refused
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.store import Store
from sharedtable.lmi.workforce import projections
from sharedtable.lmi.workforce.projections import (
    COLUMNS,
    check_rows,
    is_declining,
    occupation_mix_outlook,
    projected_change,
    write_template,
)

Row = dict[str, Any]


def a_region(*areas: str) -> Any:
    return SimpleNamespace(name="the region", areas=tuple(sorted(areas)))


def filled(**changes: Any) -> Row:
    row = {
        "area_code": "39041",
        "area_title": "Delaware County",
        "industry_code": "3261",
        "industry_title": "Plastics",
        "base_year": "2022",
        "projected_year": "2032",
        "jobs_base": "1,200",
        "jobs_projected": "1260",
        "source_name": "Ohio LMI, Industry Projections",
        "source_address": "https://example.gov/projections",
    }
    return row | changes


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., Store]:
    """Loads rows of a filled-in template into a store of their own."""

    def write(*rows: Row) -> Store:
        store = Store(tmp_path / "store", create=True)
        path = tmp_path / "filled.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        load(path, store, isolated=False)
        return store

    return write


# --- the template -----------------------------------------------------------------------------------------------------


def test_the_csv_template_holds_the_header_and_a_row_for_each_area_and_industry(tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    content = write_template(path, "csv", a_region("39041", "39045"), ["3261", "333"])
    assert path.read_bytes() == content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert [(r["area_code"], r["industry_code"]) for r in rows] == [
        (area, code) for area in ("39041", "39045") for code in ("3261", "333")
    ]
    assert rows[0]["area_title"] == "Delaware County, Ohio"
    assert rows[0]["industry_title"].startswith("Plastics")
    assert {r["jobs_base"] for r in rows} == {""}


def test_the_workbook_keeps_codes_as_text_and_explains_each_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template(None, "xlsx", a_region("01001"), ["44-45"])))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert (sheet["A2"].value, sheet["A2"].number_format, sheet["C2"].value) == ("01001", "@", "44-45")
    guide = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert set(guide) == set(COLUMNS)
    assert all(guide.values())


def test_an_empty_template_is_a_header_and_halves_begin_what_is_known() -> None:
    def rows(**known: Any) -> list[list[str]]:
        return list(csv.reader(io.StringIO(write_template(None, "csv", **known).decode("utf-8-sig"))))[1:]

    assert rows() == []
    assert rows(region=a_region("39041"))[0][:3] == ["39041", "Delaware County, Ohio", ""]
    assert rows(industries=["333"])[0][:3] == ["", "", "333"]


def test_a_template_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="csv or xlsx"):
        write_template(None, "pdf")  # type: ignore[arg-type]
    (tmp_path / "taken").mkdir()
    with pytest.raises(Refused, match="cannot be written"):
        write_template(tmp_path / "taken", "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    with pytest.raises(Missing):
        write_template(None, "csv", industries=["9876"])


def test_a_filled_template_comes_back_as_it_was_meant() -> None:
    rows = list(
        csv.DictReader(io.StringIO(write_template(None, "csv", a_region("39041"), ["3261"]).decode("utf-8-sig")))
    )
    rows[0] |= {"base_year": "2022", "projected_year": "2032", "jobs_base": "10", "source_name": "Ohio"}
    (row,) = check_rows(rows)
    assert (row["area_code"], row["industry_code"], row["base_year"]) == ("39041", "3261", 2022)
    assert (row["jobs_base"], row["jobs_projected"]) == (10, None)


def test_a_filled_workbook_can_be_loaded_and_asked(tmp_path: Path) -> None:
    path, store, region = tmp_path / "filled.xlsx", Store(tmp_path / "store", create=True), a_region("01001", "01003")
    write_template(path, "xlsx", region, ["44-45"])
    book = openpyxl.load_workbook(path)
    for number in (2, 3):
        for column, value in zip("EFGHI", (2022, 2032, 1000, 900 + number, "Alabama LMI"), strict=True):
            book.worksheets[0][f"{column}{number}"] = value
    book.save(path)
    load(path, store, isolated=False)
    change = projected_change(store, region, ["44-45"])["44-45"]
    assert (change.jobs_base, change.jobs_projected, change.change_pct, change.source_address) == (
        2000,
        1805,
        -9.8,
        None,
    )


# --- checking ---------------------------------------------------------------------------------------------------------


def test_numbers_from_a_spreadsheet_are_read_as_codes_and_years() -> None:
    (row,) = check_rows([filled(area_code=1001.0, industry_code=3261.0, base_year=2022.0, jobs_base=1200.0)])
    assert (row["area_code"], row["industry_code"], row["base_year"], row["jobs_base"]) == ("01001", "3261", 2022, 1200)


def test_a_blank_is_not_published_and_never_zero() -> None:
    (row,) = check_rows([filled(jobs_base=None, jobs_projected=" ")])
    assert (row["jobs_base"], row["jobs_projected"]) == (None, None)
    (row,) = check_rows([filled(jobs_base="0")])
    assert row["jobs_base"] == 0


def test_rows_that_nobody_filled_in_are_left_out() -> None:
    empty = dict.fromkeys(COLUMNS, "") | {"area_code": "39041", "industry_code": "3261"}
    assert len(check_rows([empty, filled(), dict.fromkeys(COLUMNS)])) == 1
    with pytest.raises(Refused, match="no filled-in row"):
        check_rows([empty])


def test_a_workforce_area_is_its_counties_joined_by_plus_signs() -> None:
    (row,) = check_rows([filled(area_code="39045 + 39041+39045")])
    assert row["area_code"] == "39041+39045"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"area_code": "Ohio"}, "'Ohio' is not an area"),
        ({"area_code": "39998"}, "no area has the code 39998"),
        ({"area_code": ""}, "is not an area"),
        ({"industry_code": "326100"}, "Write 3261"),
        ({"industry_code": ""}, "industry_code is blank"),
        ({"industry_code": "plastics"}, "'plastics' is not a NAICS code"),
        ({"base_year": "22"}, "base_year '22' is not a year"),
        ({"base_year": ""}, "base_year '' is not a year"),
        ({"projected_year": "2022"}, "is not after"),
        ({"jobs_base": "1.2"}, "not thousands"),
        ({"jobs_base": 1.25}, "not thousands"),
        ({"jobs_base": "-5"}, "is not a number of jobs"),
        ({"jobs_projected": "N/A"}, "Leave it blank"),
        ({"jobs_base": "12,00"}, "is not a number of jobs"),
        ({"source_name": " "}, "source_name is blank"),
        ({"source_address": "javascript:alert(1)"}, "must begin with https://"),
    ],
)
def test_a_wrong_row_is_refused_with_its_number_and_the_reason(changes: Row, reason: str) -> None:
    with pytest.raises(Refused) as told:
        check_rows([filled(), filled(industry_code="333") | changes])
    assert str(told.value).startswith("Row 3: ")
    assert reason in str(told.value)


def test_a_row_given_twice_is_refused_and_both_are_named() -> None:
    with pytest.raises(Refused, match=r"^Row 4: .* already in row 2"):
        check_rows([filled(), filled(industry_code="333"), filled(jobs_base="7")])
    assert len(check_rows([filled(), filled(projected_year="2030")])) == 2


def test_a_missing_column_is_named() -> None:
    short = filled()
    del short["jobs_base"]
    with pytest.raises(Refused, match="Row 2: the column jobs_base is not there"):
        check_rows([short])


@given(
    st.dictionaries(st.sampled_from(COLUMNS), st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.none()))
)
def test_whatever_is_written_in_a_cell_is_read_or_refused_in_words(changes: Row) -> None:
    try:
        rows = check_rows([filled() | changes])
    except Refused as told:
        assert len(str(told)) > 20
    else:
        assert rows[0]["projected_year"] > rows[0]["base_year"]
        assert all(rows[0][name] is None or rows[0][name] >= 0 for name in ("jobs_base", "jobs_projected"))


# --- the change -------------------------------------------------------------------------------------------------------


def test_the_counties_of_the_region_are_summed_when_all_are_in_the_file(keep: Callable[..., Store]) -> None:
    store = keep(
        filled(jobs_base="1000", jobs_projected="1100"),
        filled(area_code="39045", jobs_base="500", jobs_projected="340"),
        filled(area_code="39000", jobs_base="90000", jobs_projected="99000"),
    )
    change = projected_change(store, a_region("39041", "39045"), ["3261"])["3261"]
    assert (change.change_pct, change.jobs_base, change.jobs_projected) == (-4.0, 1500, 1440)
    assert (change.base_year, change.projected_year, change.is_exact) == (2022, 2032, True)
    assert change.area_title == "the region"
    assert (change.source, change.source_address) == (
        "Ohio LMI, Industry Projections",
        "https://example.gov/projections",
    )


def test_the_smallest_area_that_holds_the_region_stands_in_and_is_named(keep: Callable[..., Store]) -> None:
    state = filled(area_code="39000", area_title="Ohio", jobs_base="100", jobs_projected="90")
    workforce = filled(area_code="39041+39045+39049", area_title="Central", jobs_base="10", jobs_projected="11")
    store = keep(state, workforce)
    inside = projected_change(store, a_region("39041", "39049"), ["3261"])["3261"]
    assert (inside.change_pct, inside.area_title, inside.is_exact) == (10.0, "Central", False)
    assert "Central, which holds the region" in inside.note
    wider = projected_change(store, a_region("39041", "39047"), ["3261"])["3261"]
    assert (wider.change_pct, wider.area_title) == (-10.0, "Ohio")
    assert projected_change(store, a_region("39041", "39045", "39049"), ["3261"])["3261"].is_exact
    metro = projected_change(store, a_region("C1814"), ["3261"])["3261"]
    assert metro.area_title == "Ohio"


def test_a_metropolitan_area_in_the_file_holds_its_counties(keep: Callable[..., Store]) -> None:
    store = keep(filled(area_code="C1814", area_title="Columbus"), filled(area_code="39000", area_title="Ohio"))
    assert projected_change(store, a_region("39041", "39049"), ["3261"])["3261"].area_title == "Columbus"
    assert projected_change(store, a_region("39041", "39047"), ["3261"])["3261"].area_title == "Ohio"


def test_a_region_across_two_states_gets_none_of_one_state(keep: Callable[..., Store]) -> None:
    change = projected_change(keep(filled(area_code="39000")), a_region("39061", "21117"), ["3261"])["3261"]
    assert change.change_pct is None
    assert "neither this region nor an area that holds all of it" in change.note


def test_what_is_not_published_stays_unknown_with_the_reason(keep: Callable[..., Store]) -> None:
    store = keep(filled(jobs_projected=""), filled(industry_code="332"), filled(industry_code="334", jobs_base="0"))
    told = projected_change(store, a_region("39041"), ["3261", "3321", "334"])
    assert all(change.change_pct is None for change in told.values())
    assert "without published jobs" in told["3261"].note
    assert "do not list industry 3321" in told["3321"].note  # the broader 332 does not stand in
    assert "no jobs in the base year" in told["334"].note


def test_an_industry_is_summed_from_its_parts_only_when_all_are_there(keep: Callable[..., Store]) -> None:
    store = keep(
        filled(industry_code="3261", jobs_base="100", jobs_projected="120"),
        filled(industry_code="3262", jobs_base="100", jobs_projected="110"),
        filled(industry_code="3221"),
    )
    change = projected_change(store, a_region("39041"), ["326", "322"])
    assert change["326"].change_pct == 15.0
    assert "Summed from the industry's parts" in change["326"].note
    assert change["322"].change_pct is None


def test_years_of_different_projections_are_never_added(keep: Callable[..., Store]) -> None:
    store = keep(
        filled(base_year="2020", projected_year="2030", jobs_base="100", jobs_projected="110"),
        filled(base_year="2022", jobs_base="100", jobs_projected="130"),
        filled(area_code="39045", base_year="2020", projected_year="2030", jobs_base="100", jobs_projected="90"),
    )
    assert projected_change(store, a_region("39041"), ["3261"])["3261"].change_pct == 30.0  # the newest
    both = projected_change(store, a_region("39041", "39045"), ["3261"])["3261"]
    assert (both.change_pct, both.base_year) == (0.0, 2020)


def test_a_projection_that_has_ended_is_no_outlook(keep: Callable[..., Store]) -> None:
    store = keep(filled(base_year="2006", projected_year="2016"))
    assert projected_change(store, a_region("39041"), ["3261"], year=2015)["3261"].change_pct == 5.0
    late = projected_change(store, a_region("39041"), ["3261"], year=2016)["3261"]
    assert late.change_pct is None
    assert "end by 2016" in late.note


def test_without_projections_the_note_says_how_to_get_them(tmp_path: Path) -> None:
    change = projected_change(Store(tmp_path, create=True), a_region("39041"), ["3261"])["3261"]
    assert change.change_pct is None
    assert "fill in the template" in change.note


# --- decline ----------------------------------------------------------------------------------------------------------


def test_decline_is_flagged_and_the_teams_reason_stands_beside_it(keep: Callable[..., Store]) -> None:
    store = keep(filled(jobs_base="1000", jobs_projected="968"))
    change = projected_change(store, a_region("39041"), ["3261", "333"])
    flagged = is_declining(change["3261"])
    assert flagged.is_declining is True
    assert flagged.sentence == (
        "Jobs are projected to fall 3.2 % in the region from 2022 to 2032: not a good candidate, unless the team "
        "writes down why it is."
    )
    chosen = is_declining(change["3261"], " Half of its workers retire\n by 2030. ")
    assert chosen.is_declining is True
    assert chosen.sentence.endswith("because: Half of its workers retire by 2030.")
    assert is_declining(change["333"]).is_declining is None
    assert "not known" in is_declining(change["333"]).sentence


def test_growth_and_standing_still_are_no_decline(keep: Callable[..., Store]) -> None:
    store = keep(filled(), filled(industry_code="333", jobs_base="10", jobs_projected="10"))
    change = projected_change(store, a_region("39041"), ["3261", "333"])
    assert is_declining(change["3261"]).sentence == "Jobs are projected to grow 5.0 % in the region from 2022 to 2032."
    assert is_declining(change["333"]).is_declining is False
    assert "hold steady" in is_declining(change["333"]).sentence


# --- the outlook of a sector's occupations ----------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Store:
    """Two industries, two occupations, round numbers."""
    store = Store(tmp_path, create=True)
    store.replace(
        "oews",
        2025,
        """select '0000000' as area_code, 'National' as area_title, code as occupation_code, code as occupation_title,
                  'detailed' as level_code from (values ('11-1111'), ('22-2222'), ('33-3333')) as t(code)""",
    )
    store.replace(
        "oews_staffing",
        2025,
        """select *, 'all' as own, if(occupation_code = '00-0000', 'total', 'detailed') as level_code
           from (values
              ('326100', '3261', '00-0000', 1000), ('326100', '3261', '11-1111', 600),
              ('326100', '3261', '22-2222', 300), ('326100', '3261', '33-3333', null),
              ('326200', '3262', '00-0000', 500), ('326200', '3262', '22-2222', 500))
           as t(industry_code, naics_code, occupation_code, employment_jobs)""",
    )
    store.replace(
        "occupation_projections",
        2024,
        """select *, 2034 as projected_year from (values ('11-1111', 100, 120), ('22-2222', 100, 90))
           as t(occupation_code, jobs_base, jobs_projected)""",
    )
    return store


def sector(*leaves: str) -> Any:
    return SimpleNamespace(name="the sector", leaves=lambda vintage: frozenset(leaves))


RUBBER = ("326211", "326212", "326220", "326291", "326299")


def test_the_outlook_of_a_sectors_jobs_is_weighted_by_its_staffing(small: Store) -> None:
    plastics = occupation_mix_outlook(small, sector("326113"))
    # 600 jobs grow 20 %, 300 shrink 10 %; 100 of 1,000 are withheld.
    assert (plastics.change_pct, plastics.covered_pct) == (10.0, 90.0)
    assert (plastics.base_year, plastics.projected_year) == (2024, 2034)
    both = occupation_mix_outlook(small, sector("326113", *RUBBER))
    # 600 × 20 % − 800 × 10 % over 1,400 jobs
    assert (both.change_pct, both.covered_pct) == (2.9, 93.3)
    assert "not a projection of the sector" in both.label


def test_the_regions_own_jobs_can_be_the_weights(small: Store) -> None:
    mix = occupation_mix_outlook(small, sector(), jobs_by_industry={"3261": 0, "3262": 70, "3271": None})
    assert mix.change_pct == -10.0
    assert "the region's jobs" in mix.note


def test_an_outlook_that_cannot_be_known_is_none_with_the_reason(small: Store, tmp_path: Path) -> None:
    assert occupation_mix_outlook(small, sector("111110")).change_pct is None
    empty = occupation_mix_outlook(Store(tmp_path / "empty", create=True), sector("326113"))
    assert empty.change_pct is None
    assert "must be loaded" in empty.note


def test_the_outlook_of_jobs_never_becomes_a_projected_change(small: Store) -> None:
    change = projected_change(small, a_region("39041"), ["3261"])["3261"]
    assert change.change_pct is None
    assert not hasattr(projections.MixOutlook, "projected_change_pct")
