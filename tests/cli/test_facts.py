"""The commands of `sharedtable facts`, run as a user runs them."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sharedtable.lmi import Region, Store, rank

ROW_FIELDS = {
    "industry_code",
    "industry_title",
    "employment_jobs",
    "employment_change_2y_jobs",
    "employment_change_2y_pct",
    "employment_change_10y_jobs",
    "employment_change_10y_pct",
    "change_span_years",
    "location_quotient_ratio",
    "location_quotient_then_ratio",
    "average_annual_pay_usd",
    "establishments",
    "jobs_per_establishment",
    "projected_change_pct",
    "withheld_jobs_pct",
    "withheld_cells",
    "status",
}

Run = Callable[..., Any]


def test_rank_gives_one_json_object_with_every_promised_field(run: Run, store: Path) -> None:
    done = run("facts", "rank", "--areas", "39041,39049", "--digits", "4", "--format", "json", "--store", store)
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert {"region", "year", "ownership", "base", "sources", "rows"} <= set(answer)
    assert answer["region"]["areas"] == ["39041", "39049"]
    assert answer["year"] == 2022
    assert answer["ownership"] == "private"
    for row in answer["rows"]:
        assert set(row) >= ROW_FIELDS
        assert row["status"] in ("published", "partly_withheld", "withheld")
        assert (row["employment_jobs"] is None) == (row["status"] == "withheld")
    assert any(row["status"] == "withheld" for row in answer["rows"])


@pytest.mark.parametrize("digits", [2, 3, 4, 5, 6])
def test_rank_of_one_county_shows_the_figures_that_bls_publishes(
    run: Run, shared: Path, tmp_path: Path, digits: int
) -> None:
    files = sorted((shared / "data/qcew/area_api_ohio").glob("*39041.csv.gz"))
    loaded = run("facts", "load", *files, "--store", tmp_path)
    assert loaded.code == 0, loaded.err
    words = ("--areas", "39041", "--digits", digits, "--year", 2022, "--format", "json", "--store", tmp_path)
    rows = {row["industry_code"]: row for row in json.loads(run("facts", "rank", *words).out)["rows"]}
    with gzip.open(files[-1], "rt") as text:
        raw = [r for r in csv.DictReader(text) if r["own_code"] == "5" and int(r["agglvl_code"]) == 72 + digits]
    assert len(raw) > 10
    checked = 0
    for published in raw:
        row = rows[published["industry_code"]]
        assert row["establishments"] == int(published["annual_avg_estabs"])
        if published["disclosure_code"] == "N":
            assert row["status"] == "withheld"
            assert row["employment_jobs"] is None
            assert row["average_annual_pay_usd"] is None
            assert row["location_quotient_ratio"] is None
            continue
        checked += 1
        assert row["status"] == "published"
        assert row["employment_jobs"] == int(published["annual_avg_emplvl"])
        assert row["average_annual_pay_usd"] == (int(published["avg_annual_pay"]) or None)
        if published["lq_disclosure_code"] != "N":
            assert row["location_quotient_ratio"] == float(published["lq_annual_avg_emplvl"])
    assert checked > 5
    # An industry that opened or closed during the year can average no establishment and still have jobs.
    has_something = [
        r for r in raw if int(r["annual_avg_estabs"]) or int(r["annual_avg_emplvl"]) or r["disclosure_code"] == "N"
    ]
    assert rows.keys() == {r["industry_code"] for r in has_something}


def test_every_format_holds_the_same_rows(run: Run, store: Path, tmp_path: Path) -> None:
    words = ("facts", "rank", "--areas", "39041,39049", "--digits", "3", "--store", store)
    rows = json.loads(run(*words, "--format", "json").out)["rows"]
    text = run(*words, "--format", "csv").out.decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(text)))
    assert [r["industry_code"] for r in read] == [r["industry_code"] for r in rows]
    assert [r["employment_jobs"] for r in read] == [
        "" if r["employment_jobs"] is None else str(r["employment_jobs"]) for r in rows
    ]
    book = tmp_path / "ranking.xlsx"
    assert run(*words, "--format", "xlsx", "--out", book).code == 0
    sheet = openpyxl.load_workbook(book)["Rows"]
    values = list(sheet.iter_rows(values_only=True))
    assert [v for v in values[0] if v][:2] == [k for k in read[0] if k][:2]
    assert {r["industry_code"] for r in rows} <= {cell for line in values for cell in line}
    table = run(*words, "--format", "table").out.decode()
    assert rows[0]["industry_title"][:20] in table
    assert "not zero" in table


def test_industries_narrow_the_ranking(run: Run, store: Path) -> None:
    words = ("facts", "rank", "--areas", "39049", "--industries", "333*,3261", "--format", "json", "--store", store)
    codes = [row["industry_code"] for row in json.loads(run(*words).out)["rows"]]
    assert "3261" in codes
    assert codes
    assert all(code == "3261" or code.startswith("333") for code in codes)


def test_weights_from_the_command_line_are_those_of_the_library(run: Run, store: Path) -> None:
    words = ("facts", "rank", "--areas", "39041,39049", "--weight", "wages=3", "--weight", "size=1", "--store", store)
    told = [row["industry_code"] for row in json.loads(run(*words, "--format", "json").out)["rows"]]
    asked = rank(Store(store), Region.of("39041,39049"), weights={"wages": 3, "size": 1})
    assert told == [row["industry_code"] for row in asked.rows]


def test_a_profile_carries_history_parts_and_letter_lines(run: Run, store: Path) -> None:
    words = ("facts", "profile", "--areas", "39041,39049", "--industries", "31-33", "--format", "json")
    answer = json.loads(run(*words, "--store", store, "--threshold", "60000").out)
    assert [h["year"] for h in answer["history"]] == [2016, 2020, 2021, 2022]
    assert answer["rows"][0]["employment_jobs"] == answer["history"][-1]["employment_jobs"]
    assert all(len(part["industry_code"]) == 3 for part in answer["parts"])
    assert f"{answer['rows'][0]['employment_jobs']:,}" in answer["letter_lines"][0]
    assert answer["rows"][0]["pay_against_threshold_pct"] is not None


def test_compare_sets_regions_and_sectors_side_by_side(run: Run, store: Path) -> None:
    words = ("facts", "compare", "--areas", "39041", "--areas", "39049", "--industries", "23", "--industries", "62")
    answer = json.loads(run(*words, "--format", "json", "--store", store).out)
    assert len(answer["rows"]) == 4
    assert len(answer["region"]) == 2
    assert {row["industry_code"] for row in answer["rows"]} == {"23", "62"}


def test_loading_twice_changes_nothing(run: Run, shared: Path, tmp_path: Path) -> None:
    file = shared / "data/qcew/area_api_ohio/morpc-qcew-2022-a-39041.csv.gz"
    run("facts", "load", file, "--store", tmp_path)
    before = {p: p.read_bytes() for p in (tmp_path / "facts").rglob("*.parquet")}
    again = run("facts", "load", file, "--store", tmp_path)
    assert again.code == 0
    assert b"unchanged" in again.out
    assert before == {p: p.read_bytes() for p in (tmp_path / "facts").rglob("*.parquet")}
    status = json.loads(run("facts", "status", "--format", "json", "--store", tmp_path).out)
    assert [(r["table_name"], r["year"], r["areas"]) for r in status["rows"]][0] == ("qcew", 2022, 1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rank", "--areas", "39041", "--year", "1999"), "1999"),
        (("rank", "--areas", "01001"), "01001"),
        (("rank", "--areas", "99999"), "99999"),
        (("rank",), "--areas"),
        (("rank", "--areas", "39041", "--region", "Ohio"), "not with both"),
        (("rank", "--areas", "39041", "--weight", "luck=1"), "luck"),
        (("rank", "--areas", "39041", "--industries", "3261", "--digits", "2"), "more digits"),
        (("profile", "--areas", "39041"), "--industries"),
        (("fetch", "nothing", "--years", "2022"), "nothing"),
        (("load", "no-such-file.csv"), "no-such-file.csv"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_1(
    run: Run, store: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = run("facts", *words, "--store", store)
    assert done.code == 1, done
    assert sentence in done.err.replace("\n", " ")
    assert "Traceback" not in done.err
    assert done.out == b""


def test_a_word_that_is_not_understood_is_exit_code_2(run: Run, store: Path) -> None:
    done = run("facts", "rank", "--areas", "39041", "--digits", "7", "--store", store)
    assert done.code == 2
    assert "--digits" in done.err


def test_help_shows_an_example_for_each_command(run: Run) -> None:
    for name in ("fetch", "load", "status", "rank", "profile", "occupations", "compare"):
        shown = run("facts", name, "--help").out.decode()
        assert "Example" in shown, name


def test_a_files_name_says_which_form_to_write(run: Run, store: Path, tmp_path: Path) -> None:
    words = ("facts", "rank", "--areas", "39041", "--digits", "2", "--store", store)
    for ending in ("xlsx", "csv", "json"):
        file = tmp_path / f"ranking.{ending}"
        assert run(*words, "--out", file).code == 0
        assert file.stat().st_size > 500
    refused = run(*words, "--out", tmp_path / "ranking.pdf")
    assert refused.code == 1
    assert "ranking.pdf" in refused.err
    assert not (tmp_path / "ranking.pdf").exists()


def test_a_sector_answers_under_the_codes_that_were_asked_for(run: Run, store: Path) -> None:
    words = ("facts", "profile", "--areas", "39049", "--industries", "4931", "--format", "json", "--store", store)
    assert json.loads(run(*words).out)["rows"][0]["industry_code"] == "4931"
