"""The profile of one sector: the ten data points with their guideposts, its gaps, and its two pages of paper."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from sharedtable.lmi import Sector, Store, profile, rank
from sharedtable.lmi.profiles import Profile
from sharedtable.lmi.shifts import ShiftShare
from sharedtable.method.guideposts import guideposts
from sharedtable.studies import queries
from sharedtable.studies.questions import default_region
from tests.studies.builders import add_wages, example_folder
from tests.web.conftest import axe_violations, overflow_px
from tests.web.test_industries import words

ADDRESS = "/profile/"
MANUFACTURING = f"{ADDRESS}?industries=31-33"


@pytest.fixture(scope="module")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_folder(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def manufacturing(example_data: Path) -> Profile:
    return profile(Store(example_data), default_region(), Sector.of("31-33"))


@pytest.fixture
def reader(visitor: Client, settings, example_data: Path, db) -> Client:
    settings.DATA = example_data
    return visitor


def code_with(example_data: Path, status: str) -> str:
    """An industry of the example with that status."""
    rows = rank(Store(example_data), default_region()).rows
    return str(next(row["industry_code"] for row in rows if row["status"] == status))


def test_the_ten_data_points_stand_in_order_with_their_guideposts(reader: Client, manufacturing: Profile) -> None:
    html = reader.get(MANUFACTURING).content.decode()
    places = [html.index(f'id="point-{point.id}"') for point in guideposts("en").points]
    assert places == sorted(places)
    assert len(places) == 10
    for point in guideposts("en").points:
        for text in (point.tells, point.tells_not, point.ask):
            assert text.replace("'", "&#x27;") in html


def test_the_figures_are_the_engines(reader: Client, manufacturing: Profile) -> None:
    text = words(reader.get(f"{MANUFACTURING}&threshold=50000").content.decode())
    row = manufacturing.row
    for figure in (
        f"{row['employment_jobs']:,}",
        f"{row['employment_change_2y_pct']:+.1f}%",
        f"{row['employment_change_2y_jobs']:+,} jobs",
        f"{row['employment_change_10y_pct']:+.1f}%",
        f"{row['location_quotient_ratio']:.2f}",
        f"{row['location_quotient_then_ratio']:.2f} in {row['change_since_year']}",
        f"${row['average_annual_pay_usd']:,}",
        f"{100 * row['average_annual_pay_usd'] / 50_000 - 100:+.1f}% against the family-sustaining $50,000",
        f"{row['establishments']:,}",
        f"{row['jobs_per_establishment']:.1f}",
    ):
        assert figure in text


def test_the_long_change_names_the_span_that_it_really_covers(reader: Client, manufacturing: Profile) -> None:
    text = words(reader.get(MANUFACTURING).content.decode())
    assert manufacturing.row["change_span_years"] == 6
    assert "Change over 6 years" in text
    assert "since 2016, the earliest year that can be compared" in text


def test_history_and_parts_show_every_row_of_the_engine(reader: Client, manufacturing: Profile) -> None:
    html = reader.get(MANUFACTURING).content.decode()
    for row in manufacturing.history.rows:
        assert f'<th scope="row">{row["year"]}</th><td class="num">{row["employment_jobs"]:,}</td>' in html
    for row in manufacturing.parts[:12]:
        assert f'href="/profile/?industries={row["industry_code"]}"' in html
    assert "Years not loaded: 2017, 2018, 2019." in html


def test_a_missing_split_of_the_change_says_what_to_load(reader: Client, manufacturing: Profile) -> None:
    assert manufacturing.shift_share.missing
    assert manufacturing.shift_share.missing in reader.get(MANUFACTURING).content.decode()


def split(page: queries.ProfilePage, **parts: float | None) -> queries.ProfilePage:
    """The same page with a split of its change, as a store with the national file gives it."""
    row = dict.fromkeys(("national_growth_jobs", "industry_mix_jobs", "regional_shift_jobs", "employment_change_jobs"))
    page.profile.__dict__["shift_share"] = ShiftShare(2022, 2016, "us", [{**row, **parts}])
    return page


def test_a_split_of_the_change_adds_up_on_the_page(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = queries.profile_page
    parts = {"national_growth_jobs": 4000.4, "industry_mix_jobs": -1000.4, "regional_shift_jobs": -627.0}
    monkeypatch.setattr(queries, "profile_page", lambda q: split(asked(q), **parts, employment_change_jobs=2373))
    text = words(reader.get(MANUFACTURING).content.decode())
    assert "Change in jobs since 2016" in text
    for said in ("grew or shrank +4,000", "everywhere \u22121,000", "than elsewhere \u2212627", "All together +2,373"):
        assert said in text


def test_a_change_with_a_withheld_end_is_not_split(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = queries.profile_page
    monkeypatch.setattr(queries, "profile_page", lambda question: split(asked(question)))
    html = reader.get(MANUFACTURING).content.decode()
    assert "This change cannot be split: in one of its two years a figure is withheld" in html
    assert "All together" not in html


def test_a_withheld_sector_has_no_figure_and_no_zero(reader: Client, example_data: Path) -> None:
    html = reader.get(ADDRESS, {"industries": code_with(example_data, "withheld")}).content.decode()
    first = words(html[html.index('id="point-employment"') : html.index('id="point-change_short"')])
    assert "withheld" in first
    assert not re.search(r"\b0\b", first)
    assert 'id="letter-text"' not in html  # nothing to quote


def test_a_partly_withheld_sector_reads_as_a_lower_bound(reader: Client, example_data: Path) -> None:
    code = code_with(example_data, "partly_withheld")
    row = profile(Store(example_data), default_region(), Sector.of(code)).row
    text = words(reader.get(ADDRESS, {"industries": code}).content.decode())
    assert f"at least {row['employment_jobs']:,}" in text
    assert re.search(r"Withheld: [\d,]+ figures? behind these numbers", text)


def test_a_sector_that_is_mostly_withheld_warns_at_the_top(reader: Client, example_data: Path) -> None:
    rows = rank(Store(example_data), default_region()).rows
    apart = next(row for row in rows if row["rank"] is None and row["status"] == "partly_withheld")
    assert (
        "Much of this sector is withheld"
        in reader.get(ADDRESS, {"industries": apart["industry_code"]}).content.decode()
    )
    assert "Much of this sector is withheld" not in reader.get(MANUFACTURING).content.decode()


def test_a_declining_sector_is_flagged_in_words(reader: Client, example_data: Path) -> None:
    declining = next(r for r in rank(Store(example_data), default_region()).rows if r["is_declining"])
    html = reader.get(ADDRESS, {"industries": declining["industry_code"]}).content.decode()
    assert "A shrinking industry is not a good first choice" in html


def test_the_gaps_are_named_and_the_first_says_what_figures_are_for(reader: Client) -> None:
    html = reader.get(MANUFACTURING).content.decode()
    gaps = words(html[html.index('id="gaps-title"') : html.index('id="knowledge"')])
    assert "starting place for a conversation" in gaps.split("Lag:")[0]
    for said in (
        "annual averages of 2022",
        "2017–2019 are not loaded",
        "no projections",
        "national file is not loaded",
    ):
        assert said in gaps


def test_the_letter_sentences_are_the_engines_with_their_source(reader: Client, manufacturing: Profile) -> None:
    html = reader.get(MANUFACTURING).content.decode()
    letter = words(html[html.index('id="letter-text">') + 17 : html.index("</p>", html.index('id="letter-text">'))])
    assert letter == " ".join(manufacturing.letter_lines)
    assert "Source: U.S. Bureau of Labor Statistics" in letter


def test_occupations_show_wages_and_whether_they_reach_the_threshold(
    visitor: Client, settings, tmp_path: Path, shared: Path, db
) -> None:
    settings.DATA = example_folder(tmp_path)
    add_wages(tmp_path, shared)
    expected = profile(Store(tmp_path), default_region(), Sector.of("31-33"), pay_threshold_usd=50_000).occupations
    assert expected is not None
    html = visitor.get(f"{MANUFACTURING}&threshold=50000").content.decode()
    assert "badge--estimate" in html
    body = html[html.index("Family-sustaining?</th>") :]
    for row in expected.rows[:12]:
        place = body.index(row["occupation_code"])
        text = words(body[place : body.index("</tr>", place)])
        for key in ("pay_p25_usd", "pay_median_usd", "pay_p75_usd"):
            assert f"${row[key]:,}" in text if row[key] else True
        said = "at entry pay" if row["clears_threshold_at_entry"] else "at median pay"
        assert (said in text) == bool(row["clears_threshold_at_median"])


def test_without_a_sector_the_page_offers_the_first_of_the_table(reader: Client, example_data: Path) -> None:
    response = reader.get(ADDRESS)
    assert response.status_code == 200
    html = response.content.decode()
    for row in rank(Store(example_data), default_region()).rows[:12]:
        assert f'href="/profile/?industries={row["industry_code"]}"' in html


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"industries": "9x"}, 400, "9x"),
        ({"industries": "3261", "exclude": "5112"}, 400, "never in it"),
        ({"industries": "3261", "year": "1999"}, 404, "1999 is not loaded"),
        ({"industries": "3261", "threshold": "much"}, 400, "much"),
    ],
)
def test_a_bad_question_is_refused_on_the_page_and_the_form_is_kept(
    reader: Client, asked: dict[str, str], status: int, said: str
) -> None:
    response = reader.get(ADDRESS, {**asked, "name": "Our Corner"})
    html = response.content.decode()
    assert response.status_code == status
    assert said in html
    assert f'value="{asked["industries"]}"' in html
    assert 'value="Our Corner"' in html


def test_no_page_has_inline_styles_or_scripts(reader: Client) -> None:
    for path in (MANUFACTURING, ADDRESS):
        html = reader.get(path).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_page_speaks_spanish(reader: Client) -> None:
    reader.cookies["language"] = "es"
    text = words(reader.get(MANUFACTURING).content.decode())
    for spanish in (
        "Los diez datos",
        "Vacíos y advertencias",
        "empleos privados en",
        "Lo que sabe la gente de aquí",
        "No dice:",
    ):
        assert spanish in text
    for english in ("It tells", "withheld", "Gaps and", "The industries inside", "annual average of"):
        assert english not in text


def test_a_page_asks_the_database_once(reader: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):  # what people know about the sector
        reader.get(MANUFACTURING)


# --- in a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light")])
@pytest.mark.parametrize("path", [MANUFACTURING, ADDRESS])
def test_axe_finds_nothing_and_nobody_scrolls_sideways(visit, path: str, width: int, scheme: str) -> None:
    page: Page = visit(path, width=width, scheme=scheme)
    assert axe_violations(page) == []
    assert overflow_px(page) == 0


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("asked", ["31-33", "3261", "31-33,48-49,-3361"])
def test_the_print_view_fits_two_letter_pages(visit, asked: str, language: str) -> None:
    page: Page = visit(f"{ADDRESS}?industries={asked}&threshold=50000", language=language)
    paper = pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 2
    assert [float(edge) for edge in paper.pages[0].mediabox[2:]] == pytest.approx([612, 792], abs=1)


@pytest.mark.browser
def test_the_sentences_can_be_copied(visit) -> None:
    page: Page = visit(MANUFACTURING)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("button[data-copy]").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Manufacturing has")
    assert "Source:" in copied


@pytest.mark.browser
def test_the_way_from_the_table_to_a_profile_and_back(visit) -> None:
    page: Page = visit("/industries/?w_size=5")
    page.locator(".ranking tbody .name > a").first.click()
    expect(page.locator("h1")).not_to_be_empty()
    assert "w_size=5" in page.url
    page.locator(".breadcrumbs a", has_text="Industries").click()
    page.wait_for_url("**/industries/?w_size=5")
