"""The page of ranked industries: its figures are the engine's, its gaps are in words, and its address is its state."""

from __future__ import annotations

import csv
import io
import re
from html import escape, unescape
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from sharedtable.lmi import Store, rank
from sharedtable.lmi.ranking import Ranking
from sharedtable.studies.questions import default_region
from sharedtable.web.cells import Writer
from sharedtable.web.industries import COLUMNS, FIRST_APART, FIRST_ROWS
from sharedtable.web.templatetags import figures
from tests.studies.builders import example_folder
from tests.web.conftest import axe_violations, overflow_px

ADDRESS = "/industries/"
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_folder(tmp_path_factory.mktemp("industries"))


@pytest.fixture(scope="module")
def ranking(example_data: Path) -> Ranking:
    return rank(Store(example_data), default_region())


@pytest.fixture
def reader(visitor: Client, settings, example_data: Path) -> Client:
    settings.DATA = example_data
    return visitor


def words(html: str) -> str:
    """The text of a page, without its tags, with single spaces."""
    return unescape(" ".join(TAG.sub(" ", html).split()))


def table(html: str) -> list[str]:
    """The rows of the ranked table, as text."""
    body = html[html.index('<table class="table ranking"') :]
    body = body[body.index("<tbody") : body.index("</tbody>")]
    return [words(row) for row in body.split("</tr>")[:-1]]


def test_the_table_shows_the_engines_rows_in_its_order(reader: Client, ranking: Ranking) -> None:
    found = table(reader.get(ADDRESS).content.decode())
    assert len(found) == FIRST_ROWS
    for text, row in zip(found, ranking.rows, strict=False):
        assert text.startswith(f"{row['rank']} {row['industry_title']} {row['industry_code']}")
        assert f"{row['employment_jobs']:,}" in text
        assert f"${row['average_annual_pay_usd']:,}" in text
        assert f"{row['location_quotient_ratio']:.2f}" in text
        assert f"{row['establishments']:,}" in text


def test_the_table_has_the_ten_columns(reader: Client) -> None:
    html = reader.get(ADDRESS).content.decode()
    assert len(re.findall(r'role="columnheader"', html)) == len(COLUMNS) == 10
    assert "Change since 2016" in html


def test_a_partly_withheld_figure_says_at_least_and_never_stands_bare(reader: Client, ranking: Ranking) -> None:
    found = table(reader.get(ADDRESS, {"show": "all"}).content.decode())
    partly = [row for row in ranking.rows if row["rank"] and row["status"] == "partly_withheld"]
    assert partly
    for row in partly:
        text = found[row["rank"] - 1]
        assert "partly withheld" in text
        assert f"at least {row['employment_jobs']:,}" in text


def test_a_withheld_industry_stands_apart_with_its_reason_and_without_a_zero(reader: Client, ranking: Ranking) -> None:
    html = reader.get(ADDRESS, {"show": "all"}).content.decode()
    apart = html[html.index('id="apart-title"') :]
    hidden = [row for row in ranking.rows if row["status"] == "withheld"]
    assert hidden
    for row in hidden:
        place = apart.index(f">{escape(row['industry_title'])}<")
        text = words(apart[place - 40 : apart.index("</tr>", place)])
        assert re.search(r"withheld withheld", text)
        assert not re.search(r"\b0 ", text)
    assert not {row["industry_code"] for row in hidden} & set(
        re.findall(r'class="code">(\d+)<', html[: html.index(apart)])
    )


def test_a_long_list_of_those_apart_leads_to_the_rest(reader: Client, ranking: Ranking) -> None:
    apart = sum(row["rank"] is None for row in ranking.rows)
    html = reader.get(ADDRESS).content.decode()
    assert f"{apart} industries with too much withheld" in html
    assert f"Show {apart - FIRST_APART} more" in html
    assert len(reader.get(ADDRESS, {"show": "all"}).context["apart"]) == apart


def test_a_cut_series_and_a_declining_industry_are_marked_in_words(reader: Client, ranking: Ranking) -> None:
    found = table(reader.get(ADDRESS, {"show": "all"}).content.decode())
    for row in ranking.rows:
        if row["rank"]:
            assert ("series cut" in found[row["rank"] - 1]) == row["is_cut"]
            assert ("declining" in found[row["rank"] - 1].split("Why here")[0]) == row["is_declining"]


def test_the_page_says_how_much_is_withheld_at_this_depth(reader: Client, ranking: Ranking) -> None:
    pct = ranking.to_dict()["withheld_jobs_pct"]
    assert f"{pct}% of private jobs are withheld at this depth." in reader.get(ADDRESS).content.decode()


def test_each_row_explains_its_place_in_one_sentence(reader: Client, ranking: Ranking) -> None:
    html = reader.get(ADDRESS).content.decode()
    for row in ranking.rows[:FIRST_ROWS]:
        assert row["explanation"] in html


def test_weights_change_the_order_as_the_engine_does(reader: Client, example_data: Path) -> None:
    weights = {"size": 0, "wages": 5, "concentration": 0, "growth": 1}
    expected = rank(Store(example_data), default_region(), weights=weights).rows[0]
    html = reader.get(ADDRESS, {f"w_{name}": step for name, step in weights.items()}).content.decode()
    assert expected["industry_title"] in table(html)[0]
    assert '<output for="w_wages">5</output>' in html


def test_the_table_sorts_by_a_column_both_ways_with_unknown_last(reader: Client) -> None:
    rows = {
        sort: reader.get(ADDRESS, {"sort": sort, "show": "all"}).context["rows"] for sort in ("-long", "long", "-jobs")
    }
    for sort, found in rows.items():
        texts = [row["long" if "long" in sort else "jobs"] for row in found]
        known = [text for text in texts if "not known" not in text]
        assert texts[: len(known)] == known
        values = [float(re.sub(r"[^\d.\-]", "", text.replace("\u2212", "-"))) for text in known]
        assert values == sorted(values, reverse=sort.startswith("-"))
    html = reader.get(ADDRESS, {"sort": "-jobs"}).content.decode()
    assert re.search(r'aria-sort="descending"><a href="/industries/\?sort=jobs#ranking">Jobs', html)


def test_the_threshold_shows_how_far_pay_is_from_it(reader: Client, ranking: Ranking) -> None:
    first = ranking.rows[0]
    pct = round(100 * first["average_annual_pay_usd"] / 60_000 - 100, 1)
    assert f"{pct:+.1f}%" in table(reader.get(ADDRESS, {"threshold": "60,000"}).content.decode())[0]


def test_an_industry_leads_to_its_profile_and_to_its_parts(reader: Client, ranking: Ranking) -> None:
    code = ranking.rows[1]["industry_code"]
    html = reader.get(ADDRESS, {"year": 2022, "w_size": 5}).content.decode()
    assert f'href="/profile/?industries={code}&amp;year=2022&amp;w_size=5"' in html
    assert f'href="/industries/?industries={code}&amp;digits=5&amp;year=2022&amp;w_size=5"' in html
    parts = table(reader.get(ADDRESS, {"industries": code, "digits": 5}).content.decode())
    assert parts
    assert all(re.search(rf" {code}\d ", text) for text in parts)


def test_the_chart_has_a_link_for_each_bubble_and_the_same_figures_as_a_list(reader: Client) -> None:
    response = reader.get(ADDRESS)
    html = response.content.decode()
    chart = response.context["chart"]
    assert len(chart.bubbles) + len(chart.left_out) == FIRST_ROWS
    assert html.count('<a class="bubble"') == len(chart.bubbles)
    listed = html[html.index('id="chart-list"') :]
    for bubble in chart.bubbles:
        assert escape(bubble.row["industry_title"]) in listed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"digits": "9"}, 400, "whole number from 2 to 6"),
        ({"areas": "99999"}, 400, "99999"),
        ({"industries": "3261", "digits": "2"}, 400, "Ask for more digits"),
        ({"year": "1999"}, 404, "1999 is not loaded"),
        ({"areas": "06037"}, 404, "06037"),
    ],
)
def test_a_bad_question_is_refused_on_the_page_and_the_form_is_kept(
    reader: Client, asked: dict[str, str], status: int, said: str
) -> None:
    response = reader.get(ADDRESS, {**asked, "threshold": "61000"})
    html = response.content.decode()
    assert response.status_code == status
    assert said in html
    assert 'value="61000"' in html
    assert '<table class="table ranking"' not in html
    assert "Traceback" not in html


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}?show=all&threshold=60000", "/industries/?digits=2"])
def test_no_page_has_inline_styles_or_scripts(reader: Client, path: str) -> None:
    html = reader.get(path).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_page_speaks_spanish_and_keeps_official_titles_marked_as_english(reader: Client) -> None:
    reader.cookies["language"] = "es"
    html = reader.get(ADDRESS).content.decode()
    assert "Industrias de Central Ohio" in html
    assert "¿Qué cuenta más aquí?" in html
    assert "Lugar 1 de " in html
    assert re.search(r'<a href="[^"]+" lang="en">Offices of Physicians</a>', html)
    for english in ("Average pay", "withheld", "Why here", "What counts", "at least"):
        assert english not in words(html)


def test_names_from_an_address_are_only_text(reader: Client) -> None:
    html = reader.get(ADDRESS, {"name": "<script>alert(1)</script>", "areas": "39041"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("value", [None, 0, 5, 1234, 98765, 12.3, 4.25, 1234567.9])
def test_fast_figures_read_as_the_filters_write_them(value: float | None) -> None:
    write = Writer()
    whole = None if value is None else int(value)
    assert write.count(whole) == figures.count(whole)
    assert write.usd(whole) == figures.usd(whole)
    assert write.ratio(value) == figures.ratio(value)
    one = None if value is None else round(value, 1)
    assert write.decimal(one) == figures.decimal(one)
    assert write.pct(one) == figures.pct(one)
    for sign in (1, -1):  # only a change can be below zero
        assert write.change(whole and sign * whole) == figures.change(whole and sign * whole)
        assert write.change_pct(one and sign * one) == figures.change_pct(one and sign * one)


def test_the_workbook_holds_every_row_and_codes_as_text(reader: Client, ranking: Ranking) -> None:
    response = reader.get("/industries/ranking.xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="industries-central-ohio-2022.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(response.content), read_only=True)
    rows = list(book["Ranked"].iter_rows(values_only=True))
    assert len(rows) - 2 == sum(row["rank"] is not None for row in ranking.rows)
    first = dict(zip(rows[0], rows[2], strict=True))
    assert first["industry_code"] == ranking.rows[0]["industry_code"]
    assert first["employment_jobs"] == ranking.rows[0]["employment_jobs"]
    assert {"About", "Ranked", "Listed apart"} <= set(book.sheetnames)


def test_the_csv_holds_every_row_and_no_zero_for_what_is_withheld(reader: Client, ranking: Ranking) -> None:
    text = reader.get("/industries/ranking.csv").content.decode("utf-8-sig")
    rows = {row["industry_code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == len(ranking.rows)
    for row in ranking.rows:
        found = rows[row["industry_code"]]
        assert found["employment_jobs"] == ("" if row["employment_jobs"] is None else str(row["employment_jobs"]))
        assert found["status"].startswith(row["status"])


def test_an_unknown_kind_of_file_is_not_here(reader: Client) -> None:
    assert reader.get("/industries/ranking.exe").status_code == 404
    assert reader.get("/industries/ranking.csv", {"digits": "9"}).status_code == 422


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nobody_scrolls_sideways(visit, width: int, scheme: str) -> None:
    page: Page = visit(ADDRESS, width=width, scheme=scheme)
    page.locator("details.ask__more").evaluate("part => part.open = true")
    page.locator("details.why").first.evaluate("part => part.open = true")
    assert axe_violations(page) == []
    assert overflow_px(page) == 0


@pytest.mark.browser
def test_moving_a_weight_by_key_ranks_again_without_losing_the_place(visit) -> None:
    page: Page = visit(ADDRESS)
    before = page.locator(".ranking tbody .name").first.inner_text()
    page.evaluate("window.isSamePage = true")
    for name in ("w_concentration", "w_growth", "w_size"):
        page.locator(f"#{name}").focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(
        re.compile(r"w_size=0&w_concentration=0&w_growth=0|w_size=0.*w_concentration=0.*w_growth=0")
    )
    expect(page.locator(".ranking tbody .name").first).not_to_have_text(before)
    assert page.evaluate("window.isSamePage")
    assert page.evaluate("document.activeElement.id") == "w_size"
    assert page.locator("output[for=w_size]").inner_text() == "0"
    assert page.locator("#announcement").inner_text().startswith("Ranked again. First now:")
    page.reload()
    assert page.locator("#w_size").input_value() == "0"


@pytest.mark.browser
def test_a_row_opens_and_a_header_sorts_by_keyboard(visit) -> None:
    page: Page = visit(ADDRESS)
    page.locator("details.why summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.why .why__text").first).to_be_visible()
    page.locator(".ranking thead a", has_text="Average pay").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=-pay#ranking")
    assert page.locator('.ranking th[aria-sort="descending"]').inner_text().strip() == "Average pay"


@pytest.mark.browser
def test_without_scripts_the_button_ranks(visit, live, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live.address}{ADDRESS}")
    page.locator(".ask__more summary").click()
    page.locator("#digits").select_option("2")
    page.locator(".ask button[type=submit]").click()
    assert "digits=2" in page.url
    assert page.locator(".ranking tbody tr").count() < 25
    context.close()


@pytest.mark.browser
def test_bubbles_can_be_reached_and_opened_by_keyboard(visit) -> None:
    page: Page = visit(f"{ADDRESS}?digits=2")
    page.locator("a.bubble").first.focus()
    assert page.evaluate("document.activeElement.querySelector('title').textContent").count(",") >= 3
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile/?**")


@pytest.mark.django_db
def test_the_menu_takes_the_region_along(reader: Client) -> None:
    html = unescape(reader.get(ADDRESS, {"areas": "39041,39049", "name": "My Two", "year": "2021"}).content.decode())
    for path in ("/profile/", "/sectors/", "/regions/"):
        assert f'href="{path}?areas=39041,39049&name=My+Two&year=2021"' in html
    assert "My Two" in words(reader.get("/profile/", {"areas": "39041,39049", "name": "My Two"}).content.decode())
