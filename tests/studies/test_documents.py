"""Files of a profile and of a ranking: they open, hold the page's figures, and name their sources."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest

from sharedtable.exports import read_layout
from sharedtable.lmi import Sector
from sharedtable.studies import documents, queries, sheets
from sharedtable.studies.data_points import cautions, data_points
from sharedtable.studies.questions import Question, Region, default_region

TODAY = date(2026, 11, 22)
METHOD = "Next Gen Sector Partnerships"
BLS = "U.S. Bureau of Labor Statistics, Quarterly Census of Employment and Wages"


pytestmark = pytest.mark.django_db


@pytest.fixture
def made_page(settings, data_with_wages: Path) -> queries.ProfilePage:
    settings.DATA = data_with_wages
    return queries.profile_page(Question(default_region(), Sector.of("31-33"), pay_threshold_usd=50_000))


@pytest.fixture
def spanish(settings, data_with_wages: Path) -> queries.ProfilePage:
    settings.DATA = data_with_wages
    return queries.profile_page(Question(default_region(), Sector.of("31-33"), language="es"))


@pytest.fixture
def ranking(settings, example_data: Path) -> queries.Industries:
    settings.DATA = example_data
    return queries.industries(Question(default_region()))


def pdf_text(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def docx_text(content: bytes) -> str:
    found = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in found.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def test_the_pdf_is_tagged_in_its_language_and_has_two_pages(made_page: queries.ProfilePage) -> None:
    made = documents.profile_file(made_page, "pdf", today=TODAY)
    paper = pdf_text(made.content)
    assert made.name == "manufacturing-central-ohio-2022.pdf"
    assert len(paper.pages) == 2
    assert paper.Root.MarkInfo.Marked
    assert str(paper.Root.Lang).startswith("en")


def test_the_spanish_pdf_says_so_and_has_two_pages_too(spanish: queries.ProfilePage) -> None:
    paper = pdf_text(documents.profile_file(spanish, "pdf", today=TODAY).content)
    assert len(paper.pages) == 2
    assert str(paper.Root.Lang).startswith("es")


def test_the_same_profile_gives_the_same_bytes(made_page: queries.ProfilePage) -> None:
    for kind in ("pdf", "xlsx", "csv"):
        first, second = (documents.profile_file(made_page, kind, today=TODAY).content for _ in range(2))
        assert first == second


def test_the_word_file_holds_the_ten_points_the_gaps_and_the_source(made_page: queries.ProfilePage) -> None:
    text = docx_text(documents.profile_file(made_page, "docx", today=TODAY).content)
    for point in data_points(made_page):
        assert point.title in text
        assert point.value in text
        assert point.guidepost.tells_not in text
    for caution in cautions(made_page):
        assert caution in text
    assert METHOD in text
    assert BLS in text
    assert " ".join(made_page.profile.letter_lines) in text


def test_a_spanish_file_is_spanish_throughout(spanish: queries.ProfilePage) -> None:
    text = docx_text(documents.profile_file(spanish, "docx", today=TODAY).content)
    for said in (
        "Vacíos y advertencias",
        "Pago promedio",
        "Fuentes",
        "22 de noviembre de 2026",
        "promedios anuales de",
    ):
        assert said in text
    for english in ("Gaps and cautions", "What it tells", "withheld", "annual averages"):
        assert english not in text


def test_the_workbook_reads_back_as_the_layout_that_is_promised(made_page: queries.ProfilePage) -> None:
    content = documents.profile_file(made_page, "xlsx", today=TODAY).content
    found = read_layout(content, "sharedtable-profile")
    assert found.layout_version == 1
    assert list(found.sheets) == ["Ten data points", "History", "Parts", "Occupations", "Notes"]
    assert Region.parse(str(found.about["region"])) == made_page.profile.region
    assert Sector.parse(str(found.about["sector"])) == made_page.sector
    assert found.about["year"] == 2022
    assert found.about["pay_threshold_usd"] == 50_000
    figures = {line["measure"]: line["value"] for line in found.sheets["Ten data points"]}
    for measure in ("employment_jobs", "employment_change_2y_pct", "location_quotient_ratio", "establishments"):
        assert figures[measure] == pytest.approx(made_page.row[measure])
    assert {line["data_point"] for line in found.sheets["Ten data points"]} == {
        p.id for p in made_page.guideposts.points
    }
    assert [line["industry_code"] for line in found.sheets["Parts"]] == [
        r["industry_code"] for r in made_page.profile.parts
    ]
    assert made_page.profile.occupations is not None
    assert len(found.sheets["Occupations"]) == len(made_page.profile.occupations.rows)
    assert any(BLS in line for line in found.sources)


def test_the_keys_of_the_workbook_are_the_same_in_both_languages(
    made_page: queries.ProfilePage, spanish: queries.ProfilePage
) -> None:
    books = [
        openpyxl.load_workbook(io.BytesIO(documents.profile_file(made, "xlsx", today=TODAY).content))
        for made in (made_page, spanish)
    ]
    keys = [{sheet.title: [cell.value for cell in sheet[1]] for sheet in book.worksheets[1:-1]} for book in books]
    assert keys[0] == keys[1]
    assert books[0]["Parts"]["B2"].value == "Industry"
    assert books[1]["Parts"]["B2"].value == "Industria"


def test_a_withheld_figure_is_empty_with_its_reason_in_every_file(settings, example_data: Path) -> None:
    settings.DATA = example_data
    hidden = next(r for r in queries.industries(Question(default_region())).apart if r["status"] == "withheld")
    made = queries.profile_page(Question(default_region(), Sector.of(str(hidden["industry_code"]))))
    text = documents.profile_file(made, "csv", today=TODAY).content.decode("utf-8-sig")
    lines = {line["measure"]: line for line in csv.DictReader(io.StringIO(text))}
    assert lines["employment_jobs"]["value"] == ""
    assert "withheld" in lines["employment_jobs"]["status"]
    assert float(lines["establishments"]["value"]) == hidden["establishments"]
    assert documents.profile_file(made, "pdf", today=TODAY).content.startswith(b"%PDF")
    assert "withheld" in docx_text(documents.profile_file(made, "docx", today=TODAY).content)


def test_the_ranking_names_its_weights_its_gaps_and_its_sources(ranking: queries.Industries) -> None:
    text = docx_text(documents.ranking_file(ranking, "docx", today=TODAY).content)
    assert documents.coverage_line(ranking) in text
    assert "Weights in this order: jobs 1, pay 1, concentration 1, growth 1." in text
    assert METHOD in text
    assert BLS in text
    assert str(ranking.ranked[0]["industry_title"]) in text
    assert "not loaded: the file with this number has not been added yet" in text  # projections


def test_the_ranking_is_a_tagged_landscape_pdf(ranking: queries.Industries) -> None:
    paper = pdf_text(documents.ranking_file(ranking, "pdf", today=TODAY).content)
    assert paper.Root.MarkInfo.Marked
    width, height = (float(edge) for edge in paper.pages[0].mediabox[2:])
    assert width > height


def test_coverage_is_the_engines_figure_in_words(ranking: queries.Industries) -> None:
    pct = ranking.ranking.to_dict()["withheld_jobs_pct"]
    assert documents.coverage_line(ranking) == f"{pct}% of private jobs are withheld at this depth."


def test_file_names_hold_nothing_that_a_system_could_trip_over(settings, example_data: Path) -> None:
    settings.DATA = example_data
    region = Region("Río / “Ñandú”; ../X", default_region().areas)
    found = queries.industries(replace(Question(region), digits=2))
    name = documents.ranking_file(found, "csv", today=TODAY).name
    assert name == "industries-rio-nandu-x-2022.csv"


def test_every_column_key_of_a_ranking_is_in_the_engines_rows(ranking: queries.Industries) -> None:
    assert {column.key for column in sheets.ranking_columns(ranking)} <= set(ranking.ranked[0])
